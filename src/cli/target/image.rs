//! This module knows how an image is opened, and what is beside it.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::image::{Disk, ImageSource, LARGEST_MAP, MissingNote, Storage, naming};

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
    pub fn map(&self, path: Option<&Path>) -> Result<Option<(PathBuf, MissingNote)>, Failure> {
        let found = match path {
            Some(path) => Some(path.to_owned()),
            None => naming::maps_of(&self.path).into_iter().find(|map| map.is_file()),
        };
        let Some(path) = found else { return Ok(None) };
        let bytes = Disk.read_file(&path, LARGEST_MAP).map_err(|error| {
            let exit = match error.kind() {
                ErrorKind::NotFound | ErrorKind::PermissionDenied => Exit::Unavailable,
                _ => Exit::Failed,
            };
            Failure::new(exit, format!("cannot read {}: {error}", path.display()))
        })?;
        match MissingNote::parse(&bytes) {
            Ok(note) => Ok(Some((path, note))),
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
