//! This module knows what takes a drive long, and what it says until that is done.

use std::time::Duration;

use super::disc::{DiscKind, Family};
use super::state::Happened;
use crate::scsi::{Sense, SenseKey};

/// What the drive does with a disc.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    Synchronize,
    CloseTrack,
    CloseSession,
    Finalize,
    Format,
    Blank,
    Calibrate,
    ReserveTrack,
    /// Nothing that anybody asked for.
    Stall(Sense),
}

impl Task {
    /// What a drive usually takes.
    pub fn usual_time(self, kind: DiscKind) -> Duration {
        let seconds = match (self, kind.family()) {
            (Task::Synchronize, _) => 1,
            (Task::CloseTrack, Family::Cd) => 2,
            (Task::CloseTrack, Family::Dvd) => 4,
            (Task::CloseTrack, Family::Bd) => 5,
            (Task::CloseSession, Family::Cd) => 20,
            (Task::CloseSession, Family::Dvd) => 8,
            (Task::CloseSession, Family::Bd) => 10,
            (Task::Finalize, Family::Cd | Family::Dvd) => 20,
            (Task::Finalize, Family::Bd) => 25,
            (Task::Format, Family::Cd | Family::Dvd) => 30,
            (Task::Format, Family::Bd) => 40,
            // Of what tells of the contents.
            (Task::Blank, _) => 45,
            (Task::Calibrate, _) => 5,
            (Task::ReserveTrack, _) => 3,
            (Task::Stall(_), _) => 0,
        };
        Duration::from_secs(seconds)
    }

    /// What a host is told of the disc when it is done.
    fn happened(self) -> Option<Happened> {
        match self {
            Task::CloseSession | Task::Finalize | Task::Format | Task::Blank => Some(Happened::NewDisc),
            Task::Synchronize | Task::CloseTrack | Task::Calibrate | Task::ReserveTrack | Task::Stall(_) => None,
        }
    }

    fn sense(self) -> Sense {
        match self {
            Task::Format => Sense::new(SenseKey::NotReady, 0x04, 0x04),
            Task::Stall(sense) => sense,
            Task::Synchronize
            | Task::CloseTrack
            | Task::CloseSession
            | Task::Finalize
            | Task::Blank
            | Task::Calibrate
            | Task::ReserveTrack => Sense::new(SenseKey::NotReady, 0x04, 0x07),
        }
    }
}

/// A task that goes on although its command has its status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Work {
    pub task: Task,
    started: Duration,
    until: Duration,
    /// Somebody has seen it. What takes no time is seen once, too.
    told: bool,
}

impl Work {
    pub fn new(task: Task, now: Duration, time: Duration) -> Self {
        Self { task, started: now, until: now.saturating_add(time), told: false }
    }

    /// Nothing is done for so long.
    pub fn stall(now: Duration, time: Duration, sense: Sense) -> Self {
        Self { told: true, ..Self::new(Task::Stall(sense), now, time) }
    }

    /// When it is done.
    pub fn until(&self) -> Duration {
        self.until
    }

    /// What a host is told of it; `None` once it is done.
    pub fn tell(&mut self, now: Duration) -> Option<Sense> {
        if self.told && now >= self.until {
            return None;
        }
        self.told = true;
        if let Task::Stall(sense) = self.task {
            return Some(sense);
        }
        let passed = now.saturating_sub(self.started).as_secs_f64();
        let share = passed / self.until.saturating_sub(self.started).as_secs_f64().max(f64::MIN_POSITIVE);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
        let progress = (share * 65536.0).clamp(0.0, 65535.0) as u16;
        Some(self.task.sense().with_progress(progress))
    }

    pub fn happened(&self) -> Option<Happened> {
        self.task.happened()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_told_with_its_progress_until_it_is_done() {
        let mut work = Work::new(Task::Format, Duration::from_secs(10), Duration::from_secs(30));
        let sense = work.tell(Duration::from_secs(25)).unwrap();
        assert_eq!((sense.to_string().as_str(), sense.progress()), ("02h/04h/04h", Some(0.5)));
        assert!(work.tell(Duration::from_secs(39)).is_some());
        assert_eq!(work.tell(Duration::from_secs(40)), None);
    }

    #[test]
    fn what_takes_no_time_is_seen_once() {
        let mut work = Work::new(Task::Synchronize, Duration::ZERO, Duration::ZERO);
        assert_eq!(work.tell(Duration::ZERO).unwrap().to_string(), "02h/04h/07h");
        assert_eq!(work.tell(Duration::ZERO), None);
    }
}
