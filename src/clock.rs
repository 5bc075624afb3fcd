//! This module knows what time it is, and how to wait: the only `now` and the only `sleep`.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// Time as the program sees it; real, or simulated so that an hour of drive time takes a test a millisecond.
pub trait Clock: Send + Sync {
    /// Time since some fixed moment; never goes back.
    fn now(&self) -> Duration;

    /// Waits.
    fn sleep(&self, duration: Duration);

    /// The date, for people.
    fn date(&self) -> SystemTime;
}

/// The time of the machine.
#[derive(Debug, Clone, Copy)]
pub struct RealClock {
    start: std::time::Instant,
}

impl RealClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that others ask")]
    pub fn new() -> Self {
        Self { start: std::time::Instant::now() }
    }
}

impl Default for RealClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for RealClock {
    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    #[expect(clippy::disallowed_methods, reason = "this is the clock that others ask")]
    fn sleep(&self, duration: Duration) {
        std::thread::sleep(duration);
    }

    #[expect(clippy::disallowed_methods, reason = "this is the clock that others ask")]
    fn date(&self) -> SystemTime {
        SystemTime::now()
    }
}

/// A counter that only sleeping moves; clones share it.
#[derive(Debug, Clone, Default)]
pub struct SimulatedClock {
    elapsed: Arc<Mutex<Duration>>,
}

impl SimulatedClock {
    pub fn new() -> Self {
        Self::default()
    }
}

impl Clock for SimulatedClock {
    fn now(&self) -> Duration {
        *self.elapsed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sleep(&self, duration: Duration) {
        let mut elapsed = self.elapsed.lock().unwrap_or_else(PoisonError::into_inner);
        *elapsed = elapsed.saturating_add(duration);
    }

    /// Counted from the first second of 2000, so that a test says the same every year.
    fn date(&self) -> SystemTime {
        const YEAR_2000: Duration = Duration::from_secs(946_684_800);
        SystemTime::UNIX_EPOCH + YEAR_2000.saturating_add(self.now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_of_simulated_time_takes_no_time() {
        let clock = SimulatedClock::new();
        let twin = clock.clone();
        clock.sleep(Duration::from_secs(3600));
        assert_eq!(twin.now(), Duration::from_secs(3600));
    }
}
