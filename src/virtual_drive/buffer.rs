//! This module knows the buffer between host and laser: it fills with every WRITE, and drains at the speed of writing.

use std::time::Duration;

/// What waits to be recorded, in bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct WriteBuffer {
    level: f64,
    noted: Duration,
}

impl WriteBuffer {
    /// Bytes that wait at `now`, where so many are recorded in a second; an infinite rate leaves none.
    pub fn level(&self, now: Duration, rate: f64) -> u32 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float saturates")]
        let whole = self.waiting(now, rate).ceil() as u32;
        whole
    }

    fn waiting(&self, now: Duration, rate: f64) -> f64 {
        let recorded = now.saturating_sub(self.noted).as_secs_f64() * rate;
        if rate.is_infinite() { 0.0 } else { (self.level - recorded).max(0.0) }
    }

    /// `bytes` more; when there is room for all of them, in a buffer of `capacity` bytes.
    pub fn add(&mut self, bytes: usize, capacity: u32, now: Duration, rate: f64) -> Duration {
        #[expect(clippy::cast_precision_loss, reason = "no transfer has 2^52 bytes")]
        let wanted = self.waiting(now, rate) + bytes as f64;
        self.noted = now;
        self.level = if rate.is_infinite() { 0.0 } else { wanted };
        now.saturating_add(seconds(self.level - f64::from(capacity), rate))
    }

    /// Since when nothing has been waiting; `None` where something is.
    pub fn empty_since(&self, now: Duration, rate: f64) -> Option<Duration> {
        let emptied = self.noted.saturating_add(seconds(self.level, rate));
        (emptied <= now).then_some(emptied)
    }

    /// When nothing waits any more.
    pub fn drained(&self, now: Duration, rate: f64) -> Duration {
        now.saturating_add(seconds(self.waiting(now, rate), rate))
    }
}

fn seconds(bytes: f64, rate: f64) -> Duration {
    Duration::try_from_secs_f64((bytes / rate).max(0.0)).unwrap_or(Duration::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_fills_drains_and_lets_nobody_in_while_it_is_full() {
        let (mut buffer, second) = (WriteBuffer::default(), Duration::from_secs(1));
        assert_eq!(buffer.add(600, 1000, Duration::ZERO, 100.0), Duration::ZERO);
        assert_eq!(buffer.level(second, 100.0), 500);
        assert_eq!(buffer.add(700, 1000, second, 100.0), second * 3);
        assert_eq!(buffer.drained(second * 3, 100.0), second * 13);
        assert_eq!(buffer.level(second * 60, 100.0), 0);
        assert_eq!(
            (buffer.empty_since(second * 12, 100.0), buffer.empty_since(second * 60, 100.0)),
            (None, Some(second * 13))
        );
    }

    #[test]
    fn without_a_limit_nothing_waits() {
        let mut buffer = WriteBuffer::default();
        assert_eq!(buffer.add(1 << 30, 10, Duration::ZERO, f64::INFINITY), Duration::ZERO);
        assert_eq!(buffer.level(Duration::ZERO, f64::INFINITY), 0);
        assert_eq!(buffer.drained(Duration::ZERO, f64::INFINITY), Duration::ZERO);
    }
}
