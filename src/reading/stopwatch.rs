//! This module knows what a drive's time goes into.

use std::time::Duration;

use crate::clock::Clock;
use crate::drive::{Drive, MeterReading};

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

    pub fn elapsed(&self) -> Duration {
        self.clock.now().saturating_sub(self.since)
    }

    pub fn drive_time(&self) -> Duration {
        self.meter.busy().saturating_sub(self.busy)
    }
}
