//! This module knows what a drive's time goes into.

use std::time::Duration;

use crate::clock::Clock;
use crate::drive::{Drive, MeterReading};

/// A stretch of time, and how much of it the drive had a command to work on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lap {
    pub elapsed: Duration,
    pub drive_time: Duration,
}

impl Lap {
    /// Both laps together.
    pub fn and(self, other: Lap) -> Self {
        Self {
            elapsed: self.elapsed.saturating_add(other.elapsed),
            drive_time: self.drive_time.saturating_add(other.drive_time),
        }
    }
}

/// What a drive's time went into, from one moment on.
pub struct Stopwatch<'a> {
    clock: &'a dyn Clock,
    meter: MeterReading,
    since: Duration,
    busy: Duration,
}

impl<'a> Stopwatch<'a> {
    pub fn start(clock: &'a dyn Clock, drive: &Drive) -> Self {
        let meter = drive.meter();
        Self { clock, since: clock.now(), busy: meter.busy(), meter }
    }

    /// What has passed since the start.
    pub fn read_off(&self) -> Lap {
        Lap { elapsed: self.elapsed(), drive_time: self.drive_time() }
    }

    pub fn elapsed(&self) -> Duration {
        self.clock.now().saturating_sub(self.since)
    }

    pub fn drive_time(&self) -> Duration {
        self.meter.busy().saturating_sub(self.busy)
    }
}
