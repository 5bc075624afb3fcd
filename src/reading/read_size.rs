//! This module knows how large one READ should be: larger as long as larger is measurably faster.

use std::time::Duration;

use crate::sector::SectorCount;

/// 64 KiB: what every bridge and every other system's driver was tested with.
pub const FIRST: SectorCount = SectorCount(32);
/// 1 MiB: beyond it nothing was ever gained, and the ring would hold more memory.
pub const LARGEST: SectorCount = SectorCount(512);
/// What a larger read must gain to be kept.
const WORTH_IT: f64 = 1.03;
/// A size is measured over at least so much data and so much time.
const MEASURED_SECTORS: u32 = 2048;
const MEASURED_TIME: Duration = Duration::from_millis(50);

/// Finds the size by trying: each size that is not refused is measured once, and the first that gains nothing ends it.
#[derive(Debug, Clone)]
pub struct ReadSize {
    current: SectorCount,
    limit: SectorCount,
    best: Option<(SectorCount, f64)>,
    settled: bool,
    sectors: u32,
    time: Duration,
    /// The first window has spin-up and the search for the layer in it.
    warm: bool,
}

impl ReadSize {
    /// `limit`: what the kernel and the drive take at most.
    pub fn new(limit: SectorCount) -> Self {
        let limit = limit.min(LARGEST).max(SectorCount(1));
        let current = FIRST.min(limit);
        Self { current, limit, best: None, settled: current == limit, sectors: 0, time: Duration::ZERO, warm: false }
    }

    /// The size to read with now.
    pub fn current(&self) -> SectorCount {
        self.current
    }

    /// Whether measuring has ended.
    pub fn is_settled(&self) -> bool {
        self.settled
    }

    /// A READ of `sectors` went well and took `time`.
    pub fn went_well(&mut self, sectors: SectorCount, time: Duration) {
        if self.settled || sectors != self.current {
            return;
        }
        self.sectors = self.sectors.saturating_add(sectors.0);
        self.time = self.time.saturating_add(time);
        if self.sectors < MEASURED_SECTORS || self.time < MEASURED_TIME {
            return;
        }
        let speed = f64::from(self.sectors) / self.time.as_secs_f64();
        self.forget();
        if !self.warm {
            self.warm = true;
            return;
        }
        match self.best {
            Some((size, best)) if speed < best * WORTH_IT => self.settle(size),
            _ => {
                self.best = Some((self.current, speed));
                let larger = SectorCount(self.current.0.saturating_mul(2)).min(self.limit);
                if larger == self.current { self.settled = true } else { self.current = larger }
            }
        }
    }

    /// An error disturbed the measurement.
    pub fn disturbed(&mut self) {
        self.forget();
    }

    /// The drive or the link takes no more than `limit`.
    pub fn refused(&mut self, limit: SectorCount) {
        self.limit = limit.min(self.limit).max(SectorCount(1));
        if self.current > self.limit {
            self.settle(self.limit);
        }
    }

    fn settle(&mut self, size: SectorCount) {
        self.current = size;
        self.settled = true;
    }

    fn forget(&mut self) {
        self.sectors = 0;
        self.time = Duration::ZERO;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads until the size is settled; a command costs `command` and each sector `sector`, in microseconds.
    fn settled_with(limit: u32, command: u64, sector: u64) -> SectorCount {
        let mut size = ReadSize::new(SectorCount(limit));
        for _ in 0..100_000 {
            if size.is_settled() {
                return size.current();
            }
            let now = size.current();
            size.went_well(now, Duration::from_micros(command + sector * u64::from(now.0)));
        }
        panic!("never settled");
    }

    #[test]
    fn a_drive_that_gains_nothing_stays_at_64_kib() {
        assert_eq!(settled_with(512, 10, 100), FIRST);
    }

    #[test]
    fn costly_commands_make_large_reads() {
        assert_eq!(settled_with(4096, 2000, 5), LARGEST);
    }

    #[test]
    fn the_limit_is_kept() {
        assert_eq!(settled_with(60, 2000, 5), SectorCount(60));
        assert_eq!(settled_with(16, 2000, 5), SectorCount(16));
        assert_eq!(settled_with(0, 2000, 5), SectorCount(1));
    }

    #[test]
    fn a_refusal_makes_it_smaller_for_good() {
        let mut size = ReadSize::new(SectorCount(512));
        size.refused(SectorCount(8));
        assert_eq!(size.current(), SectorCount(8));
        for _ in 0..1000 {
            size.went_well(SectorCount(8), Duration::from_millis(1));
        }
        assert_eq!(size.current(), SectorCount(8));
    }

    #[test]
    fn an_error_is_not_measured() {
        let mut size = ReadSize::new(SectorCount(512));
        for _ in 0..10_000 {
            size.went_well(FIRST, Duration::from_micros(100));
            size.disturbed();
        }
        assert_eq!(size.current(), FIRST);
    }
}
