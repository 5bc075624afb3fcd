//! This module knows how a disc is kept in the drive while it is read.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::exchange::{BUSY_AT_MOST, QUESTION, Reply};
use super::{Drive, DriveError};
use crate::mmc::command::{Command, PreventAllow};

/// How long a busy drive is asked to unlock by somebody who wants to end.
const WHEN_STOPPING: Duration = Duration::from_secs(1);

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
            // Also for who wants to stop, but then not for as long.
            let stop = std::mem::take(&mut self.stop);
            let patience = if stop.load(Ordering::Relaxed) { WHEN_STOPPING } else { BUSY_AT_MOST };
            let cdb = PreventAllow { prevent: false, persistent: false }.cdb();
            let _ = self.exchange_within(&cdb, &mut [], QUESTION, patience);
            self.stop = stop;
        }
    }

    /// Runs `work` as if nobody wanted to stop: for what stopping itself needs.
    pub fn unheeded<R>(&mut self, work: impl FnOnce(&mut Self) -> R) -> R {
        let stop = std::mem::take(&mut self.stop);
        let result = work(self);
        self.stop = stop;
        result
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
        self.exchange_within(&cdb, &mut [], QUESTION, BUSY_AT_MOST)
    }
}

impl Drop for Drive {
    fn drop(&mut self) {
        self.unlock();
    }
}

#[cfg(test)]
mod tests {
    use super::super::script::{Outcome, Stage, fault};
    use super::*;
    use crate::scsi::{HostFault, Status};
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    #[test]
    fn who_wants_to_stop_leaves_no_tray_locked() {
        let mut stage = Stage::strict(vec![
            ("1e 00 00 00 01", Outcome::Good),
            ("1e 00 00 00 00", Outcome::Status(Status::Busy)),
            ("1e 00 00 00 00", fault(HostFault::Passing)),
            ("1e 00 00 00 00", Outcome::Good),
        ]);
        let stop = Arc::new(AtomicBool::new(false));
        stage.drive.heed(Arc::clone(&stop));
        stage.drive.lock().unwrap();
        stop.store(true, Ordering::Relaxed);
        stage.drive.unlock();
        stage.assert_done();
    }
}
