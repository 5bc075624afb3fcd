//! This module knows how a disc is kept in the drive while it is read.

use super::exchange::{QUESTION, Reply};
use super::{Drive, DriveError};
use crate::mmc::command::{Command, PreventAllow};

/// What became of the wish to keep the tray closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    Locked,
    /// This user may not; whoever presses the button opens the tray.
    NotAllowed,
    NotSupported,
}

/// Whether the tray has been locked from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    No,
    Locked,
}

impl Drive {
    /// Keeps the tray closed until [`Drive::unlock`], or until this goes out of scope.
    ///
    /// # Errors
    /// Where the drive does not answer; that it does not lock is no error.
    pub fn lock(&mut self) -> Result<Lock, DriveError> {
        match self.prevent(true) {
            Ok(Reply::Good { .. } | Reply::Remarked { .. }) => {
                self.held = Held::Locked;
                Ok(Lock::Locked)
            }
            Ok(Reply::Refused(_) | Reply::Busy | Reply::Reserved) => Ok(Lock::NotSupported),
            Err(DriveError::NotPermitted { .. }) => Ok(Lock::NotAllowed),
            Err(error) => Err(error),
        }
    }

    /// Undoes [`Drive::lock`]. A drive that is gone needs no unlocking, so this does not fail.
    pub fn unlock(&mut self) {
        if self.held == Held::Locked {
            self.held = Held::No;
            let _ = self.prevent(false);
        }
    }

    /// Locks again what a reset has unlocked.
    pub(super) fn lock_again(&mut self) -> Result<(), DriveError> {
        match self.held {
            Held::No => Ok(()),
            Held::Locked => self.prevent(true).map(drop),
        }
    }

    pub(super) fn prevent(&mut self, prevent: bool) -> Result<Reply, DriveError> {
        let cdb = PreventAllow { prevent, persistent: false }.cdb();
        self.exchange_within(&cdb, &mut [], QUESTION, super::exchange::BUSY_AT_MOST)
    }
}

impl Drop for Drive {
    fn drop(&mut self) {
        self.unlock();
    }
}
