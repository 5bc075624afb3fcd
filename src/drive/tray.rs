//! This module knows how discs come in and go out.

use super::exchange::{BUSY_AT_MOST, MOVEMENT, Reply, command_name};
use super::{Condition, Drive, DriveError};
use crate::mmc::command::{Command, StartStopUnit, UnitAction};

/// What the drive knows of its tray without a disc being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MediaStatus {
    pub tray_open: bool,
    pub disc_present: bool,
}

impl Drive {
    /// Opens the tray.
    ///
    /// # Errors
    /// [`DriveError::Locked`] where another program keeps it locked.
    pub fn eject(&mut self) -> Result<(), DriveError> {
        self.unlock();
        match self.move_tray(UnitAction::Eject) {
            Err(DriveError::Refused { sense, .. }) if Condition::of(&sense) == Condition::RemovalPrevented => {
                // A lock of ours from an earlier life, perhaps.
                self.prevent(false)?;
                match self.move_tray(UnitAction::Eject) {
                    Err(DriveError::Refused { sense, .. }) if Condition::of(&sense) == Condition::RemovalPrevented => {
                        Err(DriveError::Locked)
                    }
                    other => other,
                }
            }
            other => other,
        }?;
        self.forget_disc();
        self.loaded_at = None;
        Ok(())
    }

    /// Closes the tray. The drive is not ready yet then: see [`Drive::wait_until_ready`].
    ///
    /// # Errors
    /// [`DriveError::Refused`] where the drive cannot, as slots and laptops' trays.
    pub fn load(&mut self) -> Result<(), DriveError> {
        self.move_tray(UnitAction::Load)?;
        self.forget_disc();
        self.loaded_at = Some(self.clock.now());
        Ok(())
    }

    fn move_tray(&mut self, action: UnitAction) -> Result<(), DriveError> {
        let cdb = StartStopUnit { immediate: false, action }.cdb();
        match self.exchange_within(&cdb, &mut [], MOVEMENT, BUSY_AT_MOST)? {
            Reply::Good { .. } | Reply::Remarked { .. } => Ok(()),
            Reply::Refused(sense) => match Condition::of(&sense) {
                Condition::TrayFailed => Err(DriveError::NeedsHand(sense)),
                // The tray has moved; what is or is not in it is the next question.
                Condition::NoDisc(_) | Condition::TrayOpen | Condition::BecomingReady | Condition::NotReady => Ok(()),
                _ => Err(DriveError::Refused { command: command_name(cdb.opcode()), sense }),
            },
            Reply::Busy => Err(DriveError::NotReadyInTime(super::Awaiting::Idle)),
            Reply::Reserved => Err(DriveError::Reserved),
        }
    }
}

impl Drive {
    /// Nothing is asked yet, so nothing is known.
    pub(super) fn media_status(&mut self) -> Result<Option<MediaStatus>, DriveError> {
        Ok(None)
    }
}
