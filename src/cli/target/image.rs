//! This module knows how an image is opened, and what is beside it.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::run::Session;
use crate::event::About;
use crate::image::{Beside, Disk, ImageSource, LARGEST_MAP, MissingNote, Storage};

/// An image, and its map where there is one.
pub struct OpenedImage {
    pub path: PathBuf,
    pub source: ImageSource,
}

impl OpenedImage {
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let source = ImageSource::open(path).map_err(|error| {
            let exit = match error.kind() {
                ErrorKind::NotFound | ErrorKind::PermissionDenied => Exit::Unavailable,
                _ => Exit::Failed,
            };
            Failure::new(exit, format!("cannot open {}: {error}", path.display()))
        })?;
        Ok(Self { path: path.to_owned(), source })
    }

    /// The map at `path`, or the one beside the image where there is one.
    pub fn map(&self, path: Option<&Path>, session: &Session) -> Result<Option<(PathBuf, MissingNote)>, Failure> {
        let Some(path) = path else {
            let beside = Beside::of(&Disk, &self.path);
            beside.notices().for_each(|text| session.notice(About::Map, &text));
            return Ok(beside.note);
        };
        let bytes = Disk.read_file(path, LARGEST_MAP).map_err(|error| {
            let exit = match error.kind() {
                ErrorKind::NotFound | ErrorKind::PermissionDenied => Exit::Unavailable,
                _ => Exit::Failed,
            };
            Failure::new(exit, format!("cannot read {}: {error}", path.display()))
        })?;
        match MissingNote::parse(&bytes) {
            Ok(note) => Ok(Some((path.to_owned(), note))),
            Err(error) => Err(Failure::new(Exit::Usage, format!("{}: {error}", path.display()))
                .hint("a map is a text file as GNU ddrescue writes them, or a plain list of sectors")),
        }
    }
}

pub(super) fn not_a_drive(path: &Path) -> Failure {
    Failure::new(Exit::Unavailable, format!("{} is an image, and no drive", path.display()))
        .hint(format!("virtual:{} is a drive in software with that image as its disc", path.display()))
}

pub(super) fn no_stream() -> Failure {
    Failure::new(Exit::Usage, "standard input is no drive, and sectors are read in no fixed order")
        .hint("save it to a file first")
}
