//! This module knows why something was not recorded.

use std::time::Duration;

use super::WriteTrouble;
use crate::drive::DriveError;
use crate::drive::exchange::command_name;
use crate::scsi::{Cdb, Sense, TransportError};

/// Why a verb of recording failed.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    #[error("{command} failed: {}", WriteTrouble::of(.sense))]
    Refused { command: &'static str, sense: Sense },
    /// A write that had its good status failed afterwards, and the drive said so with the next command.
    #[error("an earlier write failed, as the drive told with {command}: {}", WriteTrouble::of(.sense))]
    Deferred { command: &'static str, sense: Sense },
    #[error("the drive is not done with {command} after {} min", after.as_secs() / 60)]
    TooLong { command: &'static str, after: Duration },
    #[error(transparent)]
    Drive(#[from] DriveError),
}

impl RecordError {
    pub(super) fn of_refusal(cdb: &Cdb, sense: Sense) -> Self {
        let command = command_name(cdb.opcode());
        if sense.deferred { Self::Deferred { command, sense } } else { Self::Refused { command, sense } }
    }

    /// No answer came. Nobody knows what the drive did with the command, so it is not sent again.
    pub(super) fn of_link(cdb: &Cdb, error: TransportError) -> Self {
        Self::Drive(match error {
            TransportError::Gone => DriveError::Gone,
            TransportError::NotPermitted { opcode } => {
                DriveError::NotPermitted { command: command_name(cdb.opcode()), opcode }
            }
            error => DriveError::Link(error),
        })
    }

    /// What the drive said, where it said something.
    pub fn sense(&self) -> Option<&Sense> {
        match self {
            Self::Refused { sense, .. } | Self::Deferred { sense, .. } => Some(sense),
            Self::TooLong { .. } | Self::Drive(_) => None,
        }
    }

    pub fn trouble(&self) -> Option<WriteTrouble> {
        self.sense().map(WriteTrouble::of)
    }

    /// Whether the disc can still be asked to close what was written.
    pub fn leaves_the_drive_able(&self) -> bool {
        match self {
            Self::Refused { .. } | Self::Deferred { .. } => {
                !matches!(self.trouble(), Some(WriteTrouble::NotClosed | WriteTrouble::Reset | WriteTrouble::NoDisc))
            }
            Self::Drive(DriveError::Stopped) => true,
            Self::TooLong { .. } | Self::Drive(_) => false,
        }
    }

    /// What a person can do about it, as a sentence.
    pub fn advice(&self) -> Option<&'static str> {
        match self {
            Self::Refused { sense, .. } | Self::Deferred { sense, .. } => WriteTrouble::of(sense).advice(),
            Self::TooLong { .. } => Some("Leave the disc in the drive until its light is off, then look with `info`."),
            Self::Drive(error) => error.advice(),
        }
    }
}
