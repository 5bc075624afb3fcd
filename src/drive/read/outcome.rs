//! This module knows how sectors can be asked for, and how that can end.

use std::time::Duration;

use super::super::{Condition, DriveError, Protection};
use crate::scsi::Sense;
use crate::sector::Lba;

/// How to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReadHow {
    pub cache: Cache,
    /// In place of the drive's own patience. When it passes, the drive is reset, and the sector counts as unreadable.
    pub timeout: Option<Duration>,
}

/// Whether data may come from the drive's memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cache {
    #[default]
    Allowed,
    /// From the disc, for second looks: drives repeat from memory what they read wrongly before.
    Bypassed,
}

/// How good data came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadQuality {
    Clean,
    /// The drive had to try hard, and says that the data is right.
    Recovered,
}

/// Why no data came. Nothing in the buffer means anything then.
#[derive(Debug, thiserror::Error)]
pub enum ReadFailure {
    /// Something in the range is unreadable. `at` is what the drive names, inside the range: a hint.
    #[error("{}", Condition::of(.sense))]
    Unreadable { at: Option<Lba>, sense: Sense },
    /// The drive was reset after this time; it is ready again.
    #[error("the drive did not answer within {} s", .after.as_secs())]
    TimedOut { after: Duration },
    #[error("the address lies beyond the end of the disc")]
    Beyond,
    /// Audio, or sectors that hold no 2048 bytes of data.
    #[error("the sector is not of a kind that an image can hold")]
    WrongKind,
    #[error("nothing was ever written there")]
    Blank,
    #[error("the disc is copy-protected ({0})")]
    Protected(Protection),
    /// [`crate::drive::Drive::max_read`] shrank: ask again, with less.
    #[error("that is more than the drive can be asked for at once")]
    TooLarge,
    /// No other sector can be read either.
    #[error(transparent)]
    Stopped(#[from] DriveError),
}

impl ReadFailure {
    /// What the drive's refusal means, where it was one.
    pub fn condition(&self) -> Option<Condition> {
        match self {
            Self::Unreadable { sense, .. } => Some(Condition::of(sense)),
            Self::TimedOut { .. }
            | Self::Beyond
            | Self::WrongKind
            | Self::Blank
            | Self::Protected(_)
            | Self::TooLarge
            | Self::Stopped(_) => None,
        }
    }
}
