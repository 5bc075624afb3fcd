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

/// The time of the machine, made to pass so many times as fast.
#[derive(Debug, Clone, Copy)]
pub struct FastClock {
    real: RealClock,
    factor: f64,
}

impl FastClock {
    /// `None` where the factor is none that time can pass by.
    pub fn new(factor: f64) -> Option<Self> {
        (factor.is_finite() && factor > 0.0).then(|| Self { real: RealClock::new(), factor })
    }
}

impl Clock for FastClock {
    fn now(&self) -> Duration {
        scaled(self.real.now(), self.factor)
    }

    fn sleep(&self, duration: Duration) {
        self.real.sleep(scaled(duration, self.factor.recip()));
    }

    fn date(&self) -> SystemTime {
        self.real.date()
    }
}

/// As much as there can be, where it would be more.
fn scaled(duration: Duration, factor: f64) -> Duration {
    Duration::try_from_secs_f64(duration.as_secs_f64() * factor).unwrap_or(Duration::MAX)
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

    #[test]
    fn a_fast_clock_lets_an_hour_pass_in_a_moment() {
        let clock = FastClock::new(3_600_000.0).unwrap();
        let before = clock.now();
        clock.sleep(Duration::from_secs(3600));
        assert!(clock.now() >= before + Duration::from_secs(3600));
        assert_eq!(scaled(Duration::MAX, 2.0), Duration::MAX);
        for factor in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(FastClock::new(factor).is_none(), "{factor}");
        }
    }
}
