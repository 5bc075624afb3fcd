//! This module knows why a rip cannot be, or cannot go on.

use std::io;
use std::path::PathBuf;

use super::image_writer::WriteError;
use super::report::Report;
use crate::drive::DriveError;
use crate::reading::{OutOfRange, PrepareError, TripError};
use crate::sector::SectorCount;
use crate::verify::{AgainstError, FilePassError, JudgeError};

/// Why there is an unfinished rip that is not gone on with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotThisDisc {
    #[error("it is of another disc")]
    OtherDisc,
    #[error("its map is missing")]
    NoMap,
    #[error("its image is missing")]
    NoPart,
    #[error("its map cannot be read: {0}")]
    BadMap(String),
    #[error("the map is of {map} sectors and the disc has {disc}")]
    OtherSize { map: SectorCount, disc: SectorCount },
    #[error("the image is shorter than its map says")]
    ShortPart,
    #[error("another program is writing it")]
    InUse,
}

/// Why a rip did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum RipError {
    #[error(transparent)]
    Prepare(#[from] PrepareError),
    #[error(transparent)]
    Drive(#[from] DriveError),

    #[error("{} exists", path.display())]
    OutputExists { path: PathBuf },
    #[error("{} is an unfinished rip that cannot be gone on with: {why}", part.display())]
    UnfinishedIsOther { part: PathBuf, why: NotThisDisc },
    #[error("there is no unfinished rip at {}", part.display())]
    NothingToResume { part: PathBuf },
    #[error("cannot write in the folder {}", path.display())]
    Folder { path: PathBuf, source: io::Error },
    #[error("{} can hold files of {most} bytes at most, and the image has {needed}", path.display())]
    FileTooLarge { path: PathBuf, needed: u64, most: u64 },
    #[error("{} has {free} bytes free, and {needed} are needed", path.display())]
    NoSpace { path: PathBuf, needed: u64, free: u64 },
    #[error("no free name was found for {}", path.display())]
    NoFreeName { path: PathBuf },

    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    #[error(transparent)]
    Trip(#[from] TripError),
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error(transparent)]
    File(#[from] FilePassError),
    #[error(transparent)]
    Against(#[from] AgainstError),
}

/// A rip that did not come to its end, and what is known all the same.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub struct RipFailure {
    #[source]
    pub error: RipError,
    /// From when there was a disc to speak of.
    pub report: Option<Box<Report>>,
}

impl<E: Into<RipError>> From<E> for RipFailure {
    fn from(error: E) -> Self {
        Self { error: error.into(), report: None }
    }
}

impl From<JudgeError> for RipError {
    fn from(error: JudgeError) -> Self {
        match error {
            JudgeError::File(error) => error.into(),
            JudgeError::Trip(error) => error.into(),
        }
    }
}
