//! This module knows how a SOURCE or DRIVE word becomes something to work with.

mod choose;
mod drive;
mod image;
mod trace;
mod word;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use choose::{Wanted, state_of};
pub use drive::SoftwareDrive;
pub use image::OpenedImage;
pub use trace::{Existing, Tracing};
pub use word::{NotASource, Word};

use super::explain::source_failure;
use super::failure::Failure;
use super::run::Session;
use crate::clock::Clock;
use crate::drive::Drive;
use crate::event::About;
use crate::linux::{Access, DriveNodes};
use crate::scsi::Transport;

/// A drive that was opened, and what there is to tell of that.
pub struct OpenedDrive {
    pub drive: Drive,
    /// What the user called it, or the node that was chosen.
    pub name: String,
    /// `None` for a drive in software.
    pub nodes: Option<DriveNodes>,
    pub notices: Vec<(About, String)>,
    /// The time of the drive, which everybody who waits for it goes by.
    pub clock: Arc<dyn Clock>,
}

/// What a SOURCE is.
pub enum Source {
    Drive(Box<OpenedDrive>),
    Image(OpenedImage),
}

/// How a drive is to be opened.
#[derive(Debug, Clone, Copy)]
pub struct How<'a> {
    pub access: Access,
    pub wanted: Wanted,
    pub trace: Option<&'a Path>,
}

impl<'a> How<'a> {
    /// For questions.
    pub fn looking(trace: Option<&'a PathBuf>) -> Self {
        Self { access: Access::Look, wanted: Wanted::WithDisc, trace: trace.map(PathBuf::as_path) }
    }

    /// To write to a disc.
    pub fn recording(trace: Option<&'a PathBuf>) -> Self {
        Self { access: Access::Record, ..Self::looking(trace) }
    }

    /// For a whole disc.
    pub fn reading(trace: Option<&'a PathBuf>) -> Self {
        Self { access: Access::Rip, ..Self::looking(trace) }
    }
}

/// Opens the drive that `word` stands for; without a word, the only one there is with a disc in it.
pub fn open_drive(word: Option<&OsStr>, how: How<'_>, session: &Session) -> Result<OpenedDrive, Failure> {
    let Some(word) = word else {
        let path = choose::only_drive(how.wanted, session)?;
        return drive::open(&Word::Device(path.clone()), path.as_os_str(), how, session);
    };
    match Word::of(word).map_err(|e| source_failure(&e))? {
        Word::Image(path) => Err(image::not_a_drive(&path)),
        Word::Stream => Err(image::no_stream()),
        found => drive::open(&found, word, how, session),
    }
}

/// Opens the drive that `word` stands for, keeps a trace of all that is said, and puts `around` around that.
pub fn open_tracing(
    word: &OsStr,
    how: How<'_>,
    tracing: Tracing<'_>,
    around: impl FnOnce(Box<dyn Transport>) -> Box<dyn Transport>,
    session: &Session,
) -> Result<OpenedDrive, Failure> {
    let found = Word::of(word).map_err(|e| source_failure(&e))?;
    drive::open_with(&found, word, how, Some(tracing), around, session)
}

/// Opens what `word` stands for, drive or image; without a word, the only drive with a disc in it.
pub fn open_source(word: Option<&OsStr>, how: How<'_>, session: &Session) -> Result<Source, Failure> {
    if let Some(word) = word
        && let Word::Image(path) = Word::of(word).map_err(|e| source_failure(&e))?
    {
        return OpenedImage::open(&path).map(Source::Image);
    }
    open_drive(word, how, session).map(|drive| Source::Drive(Box::new(drive)))
}
