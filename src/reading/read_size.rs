//! This module knows how large one READ should be: larger as long as larger is measurably faster.

use std::time::Duration;

use crate::sector::SectorCount;

/// 64 KiB: what every bridge and every other system's driver was tested with.
pub const FIRST: SectorCount = SectorCount(32);
/// 1 MiB: beyond it nothing was ever gained, and the ring would hold more memory.
pub const LARGEST: SectorCount = SectorCount(512);
/// What a larger read must gain to be kept.
const WORTH_IT: f64 = 1.03;
/// A size is measured over so much data, once a round.
const MEASURED_SECTORS: u32 = 1024;
/// In each round every size has its turn, since a drive may become faster on the way, and a machine busy.
const ROUNDS: u32 = 3;
/// What a size must reach of the best one's speed to be in the next round.
const PROMISING: f64 = 0.7;

#[derive(Debug, Clone)]
struct Trial {
    size: SectorCount,
    /// Sectors a second, in its best round: whatever disturbs a measurement makes it slower.
    best: f64,
}

/// Finds the size by trying those that are not refused, in turns.
#[derive(Debug, Clone)]
pub struct ReadSize {
    current: SectorCount,
    trials: Vec<Trial>,
    turn: usize,
    round: u32,
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
        let larger = |size: &SectorCount| (*size < limit).then(|| SectorCount(size.0.saturating_mul(2)).min(limit));
        let sizes = std::iter::successors(Some(current), larger);
        let trials = sizes.map(|size| Trial { size, best: 0.0 }).collect();
        let settled = current == limit;
        Self { current, trials, turn: 0, round: 0, settled, sectors: 0, time: Duration::ZERO, warm: false }
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
        if self.sectors < MEASURED_SECTORS {
            return;
        }
        let speed = f64::from(self.sectors) / self.time.as_secs_f64().max(1e-9);
        self.disturbed();
        if !self.warm {
            self.warm = true;
            return;
        }
        if let Some(trial) = self.trials.get_mut(self.turn) {
            trial.best = trial.best.max(speed);
        }
        self.turn = self.turn.saturating_add(1);
        self.take_turn();
    }

    /// An error disturbed the measurement.
    pub fn disturbed(&mut self) {
        self.sectors = 0;
        self.time = Duration::ZERO;
    }

    /// The drive or the link takes no more than `limit`.
    pub fn refused(&mut self, limit: SectorCount) {
        let limit = limit.max(SectorCount(1));
        self.trials.retain(|trial| trial.size <= limit);
        if self.current <= limit {
            return;
        }
        self.disturbed();
        if self.settled || self.trials.is_empty() {
            self.settle(limit);
        } else {
            self.take_turn();
        }
    }

    /// The size whose turn it is; after the last one's, the next round, or the choice.
    fn take_turn(&mut self) {
        if self.turn >= self.trials.len() {
            self.turn = 0;
            self.round = self.round.saturating_add(1);
            let top = self.trials.iter().map(|trial| trial.best).fold(0.0, f64::max);
            self.trials.retain(|trial| trial.best >= top * PROMISING);
            if self.round >= ROUNDS || self.trials.len() == 1 {
                let choice = self.trials.iter().find(|trial| trial.best * WORTH_IT >= top);
                return self.settle(choice.map_or(self.current, |trial| trial.size));
            }
        }
        if let Some(trial) = self.trials.get(self.turn) {
            self.current = trial.size;
        }
    }

    fn settle(&mut self, size: SectorCount) {
        self.current = size;
        self.settled = true;
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

    /// Reads until the size is settled, at `speed` sectors a second for each size, which the n-th READ may have its say in.
    fn settled_at(speed: impl Fn(u32, u32) -> f64) -> SectorCount {
        let mut size = ReadSize::new(SectorCount(4096));
        for n in 0..100_000 {
            if size.is_settled() {
                return size.current();
            }
            let now = size.current();
            size.went_well(now, Duration::from_secs_f64(f64::from(now.0) / speed(now.0, n)));
        }
        panic!("never settled");
    }

    #[test]
    fn the_best_size_may_lie_beyond_one_that_gains_nothing_and_before_one_that_loses() {
        let by_size = |sectors, _| match sectors {
            32 | 64 => 100_000.0,
            256 => 400_000.0,
            128 => 320_000.0,
            _ => 90_000.0,
        };
        assert_eq!(settled_at(by_size), SectorCount(256));
    }

    #[test]
    fn a_machine_that_is_busy_now_and_then_does_not_decide() {
        // Each size is slow for as long as its first turn takes, but for the smallest.
        let busy = |sectors: u32, n: u32| {
            if sectors > 32 && n < 95 { 70_001.0 } else { f64::from(sectors) * 1000.0 + 68_000.0 }
        };
        assert_eq!(settled_at(busy), LARGEST);
    }

    #[test]
    fn a_size_that_is_refused_is_out_and_the_others_stay() {
        let mut size = ReadSize::new(SectorCount(512));
        while size.current() < SectorCount(512) {
            let now = size.current();
            size.went_well(now, Duration::from_micros(1000));
        }
        size.refused(SectorCount(300));
        while !size.is_settled() {
            assert!(size.current() <= SectorCount(300));
            size.went_well(size.current(), Duration::from_micros(1000));
        }
        assert_eq!(size.current(), SectorCount(256));
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
