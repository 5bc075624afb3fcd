//! This module knows who answers in the place of a process that was killed, until its drive is taken away.
//!
//! Without anybody, whoever asks the drive something waits until the kernel gives his command up.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::nobody::Nobody;
use super::register::Register;
use super::service::Service;
use crate::clock::Clock;
use crate::linux::tcmu::{Ring, Target, Uio};

/// What nobody answers any more is answered with an error at once; this is for a kernel that asks nobody.
const TIME_OUT: Duration = Duration::from_secs(30);
/// How soon a watch ends that is to.
const CALM: Duration = Duration::from_millis(200);
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);
/// How long one that is told to end is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// Held for as long as somebody watches: a file that is locked, and whose removal is the sign to end.
#[derive(Debug)]
pub struct Watch {
    number: u32,
    path: PathBuf,
    _lock: File,
}

impl Watch {
    /// Begins to watch over a drive.
    ///
    /// # Errors
    /// Where the register cannot be written to, or somebody watches over it already.
    pub fn begin(register: &Register, number: u32) -> io::Result<Self> {
        let path = path(register, number);
        let lock = OpenOptions::new().create(true).truncate(true).write(true).open(&path)?;
        lock.try_lock()?;
        Ok(Self { number, path, _lock: lock })
    }

    /// The process that served the drive is gone. If it left something, the kernel's commands are answered with an
    /// error until that is taken away.
    pub fn stand_in(self, clock: &dyn Clock) {
        let target = Target::new(self.number);
        let wanted = || self.path.exists() && target.uio().is_some();
        while wanted() {
            let path = target.uio();
            let memory = path.and_then(|path| Uio::open(&path).ok());
            if let Some((bell, ring)) = memory.and_then(|(bell, memory)| Some((bell, Ring::open(memory).ok()?))) {
                let _kernel_gave_up = Service::new(ring, bell, &mut Nobody, TIME_OUT).serve(CALM, &|_| wanted());
            }
            clock.sleep(BETWEEN_LOOKS);
        }
        let _taken_away_already = std::fs::remove_file(&self.path);
    }
}

/// Has whoever watches over a drive end, and waits for that.
pub(super) fn end(register: &Register, number: u32, clock: &dyn Clock) {
    let path = path(register, number);
    let Ok(lock) = File::open(&path) else { return };
    let _taken_away_already = std::fs::remove_file(&path);
    let end = clock.now().saturating_add(PATIENCE);
    while matches!(lock.try_lock_shared(), Err(TryLockError::WouldBlock)) && clock.now() < end {
        clock.sleep(BETWEEN_LOOKS);
    }
}

fn path(register: &Register, number: u32) -> PathBuf {
    let folder: &Path = register.folder();
    folder.join(format!("{number}.watch"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{RealClock, SimulatedClock};

    #[test]
    fn one_watches_and_ends_when_it_is_told_to() {
        let folder = tempfile::tempdir().unwrap();
        let register = Register::in_folder(folder.path());
        let watch = Watch::begin(&register, 3).unwrap();
        assert!(Watch::begin(&register, 3).is_err(), "one is enough");
        std::thread::scope(|scope| {
            // The kernel has nothing of drive 3, so that there is nothing to stand in for.
            scope.spawn(|| watch.stand_in(&RealClock::new()));
            end(&register, 3, &RealClock::new());
        });
        assert!(!folder.path().join("3.watch").exists());
        assert!(Watch::begin(&register, 3).is_ok());
    }

    #[test]
    fn one_that_does_not_end_is_not_waited_for_without_end() {
        let folder = tempfile::tempdir().unwrap();
        let register = Register::in_folder(folder.path());
        let _watch = Watch::begin(&register, 0).unwrap();
        let clock = SimulatedClock::new();
        end(&register, 0, &clock);
        assert!(clock.now() >= PATIENCE);
        end(&register, 1, &clock);
    }
}
