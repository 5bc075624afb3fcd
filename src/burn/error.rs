//! This module knows why a burn did not come to its end.

use super::source::SourceError;
use super::{Refusal, Report};
use crate::drive::{DriveError, RecordError};
use crate::reading::TripError;
use crate::sector::{Lba, SectorCount};
use crate::verify::{FilePassError, JudgeError};

/// Why.
#[derive(Debug, thiserror::Error)]
pub enum BurnError {
    #[error(transparent)]
    Drive(#[from] DriveError),
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Whoever was asked said no. Nothing was touched.
    #[error("nothing was written")]
    Declined,
    /// Between the plan and its beginning.
    #[error("the disc was taken out or changed meanwhile: nothing was done")]
    DiscChanged,
    #[error("the drive failed while {doing}: {source}")]
    Step { doing: &'static str, source: RecordError },
    #[error("writing failed at sector {at}: {source}")]
    Write { at: Lba, source: RecordError },
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error("the disc is full after {room} sectors, and the image goes on")]
    Full { room: SectorCount },
    #[error("interrupted")]
    Interrupted,
    #[error("the disc was left in the middle of being written, and what is on it is not the beginning of this image")]
    OtherImage,
    /// What has to be compared with the image before going on.
    #[error("what is on the disc from an earlier burn cannot be read")]
    CannotCompare,
    /// All was accepted, and nothing is there.
    #[error("the drive took every sector, and says that the disc is still blank")]
    StillBlank,
    #[error("not one sector of what was written reads")]
    NothingReads,
    /// Of a disc that was to grow.
    #[error("the image is behind what was on the disc, and the descriptors that show it are not what was written")]
    NotShown,
    #[error("what was written could not be read back")]
    ReadBack(#[source] TripError),
    #[error("what was written could not be read back: {0}")]
    NotReadable(#[source] DriveError),
    #[error(transparent)]
    Judge(#[from] FilePassError),
}

impl BurnError {
    /// Somebody wanted to stop while the drive was at work by itself, and it goes on.
    pub(super) fn has_let_the_drive_go_on(&self) -> bool {
        matches!(self, BurnError::Step { source: RecordError::Drive(DriveError::Stopped), .. })
    }
}

/// A burn that did not come to its end, and what is known all the same.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub struct BurnFailure {
    #[source]
    pub error: BurnError,
    /// From when there was a plan.
    pub report: Option<Box<Report>>,
}

impl<E: Into<BurnError>> From<E> for BurnFailure {
    fn from(error: E) -> Self {
        Self { error: error.into(), report: None }
    }
}

impl From<JudgeError> for BurnError {
    fn from(error: JudgeError) -> Self {
        match error {
            JudgeError::File(error) => error.into(),
            JudgeError::Trip(error) => BurnError::ReadBack(error),
        }
    }
}
