//! This module knows what a bad cable does: commands that never arrive, answers that get lost, transfers that end early.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Clock;
use crate::scsi::{Cdb, Completion, Data, HostFault, Status, Transport, TransportError};

/// How often, in commands of a thousand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Odds {
    /// The command does not reach the drive; the link says so at once.
    pub refused: u16,
    /// The drive carries it out, but its answer never comes: a timeout, after which the drive has been reset.
    pub lost: u16,
    /// The drive carries it out, but the transfer breaks down.
    pub broken: u16,
    /// All seems well, but only the beginning of the data came.
    pub cut: u16,
}

/// Spoils some commands of another transport; which ones depends on the seed alone.
pub struct BadLink<T> {
    inner: T,
    clock: Arc<dyn Clock>,
    odds: Odds,
    random: u64,
}

/// What a buffer is filled with where nothing came, so that nobody takes luck for data.
const OLD_BYTE: u8 = 0xDB;

impl<T: Transport> BadLink<T> {
    pub fn new(inner: T, clock: Arc<dyn Clock>, odds: Odds, seed: u64) -> Self {
        Self { inner, clock, odds, random: seed }
    }

    /// The next number of a splitmix64 sequence, below `limit`.
    fn below(&mut self, limit: u64) -> u64 {
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = self.random;
        let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)).checked_rem(limit).unwrap_or(0)
    }

    fn happens(&mut self, per_thousand: u16) -> bool {
        self.below(1000) < u64::from(per_thousand)
    }
}

impl<T: Transport> Transport for BadLink<T> {
    fn execute(&mut self, cdb: &Cdb, mut data: Data<'_>, timeout: Duration) -> Result<Completion, TransportError> {
        // All four are drawn each time, so that one kind of fault does not move the others.
        let refused = self.happens(self.odds.refused);
        let lost = self.happens(self.odds.lost);
        let broken = self.happens(self.odds.broken);
        let cut = self.happens(self.odds.cut);
        if refused {
            return Err(TransportError::Host { fault: HostFault::Passing, code: 0x02 });
        }
        let again = match &mut data {
            Data::None => Data::None,
            Data::In(buffer) => Data::In(buffer),
            Data::Out(bytes) => Data::Out(bytes),
        };
        let completion = self.inner.execute(cdb, again, timeout)?;
        if lost || broken {
            spoil(&mut data, 0);
        }
        if lost {
            self.clock.sleep(timeout);
            return Err(TransportError::TimedOut { after: timeout });
        }
        if broken {
            return Err(TransportError::Host { fault: HostFault::Transfer, code: 0x07 });
        }
        if cut && completion.status == Status::Good && completion.transferred > 0 {
            let left = self.below(u64::try_from(completion.transferred).unwrap_or(u64::MAX));
            let transferred = usize::try_from(left).unwrap_or(0);
            spoil(&mut data, transferred);
            return Ok(Completion { transferred, ..completion });
        }
        Ok(completion)
    }

    fn max_transfer(&self) -> usize {
        self.inner.max_transfer()
    }

    fn shortest_timeout(&self) -> Duration {
        self.inner.shortest_timeout()
    }
}

fn spoil(data: &mut Data<'_>, from: usize) {
    if let Data::In(buffer) = data {
        buffer.iter_mut().skip(from).for_each(|byte| *byte = OLD_BYTE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SimulatedClock;

    struct Willing;

    impl Transport for Willing {
        fn execute(&mut self, _: &Cdb, data: Data<'_>, _: Duration) -> Result<Completion, TransportError> {
            let length = data.len();
            if let Data::In(buffer) = data {
                buffer.fill(1);
            }
            Ok(Completion::good(length))
        }

        fn max_transfer(&self) -> usize {
            65536
        }
    }

    fn run(odds: Odds, seed: u64) -> (Vec<String>, Duration) {
        let clock = SimulatedClock::new();
        let mut link = BadLink::new(Willing, Arc::new(clock.clone()), odds, seed);
        let told = (0..1000).map(|_| {
            let mut buffer = [0; 64];
            let result = link.execute(&Cdb::new([0; 6]), Data::In(&mut buffer), Duration::from_secs(7));
            let came = buffer.iter().filter(|&&byte| byte == 1).count();
            match result {
                Ok(completion) => {
                    assert_eq!(came, completion.transferred);
                    completion.transferred.to_string()
                }
                Err(error) => {
                    assert_eq!(came, 0);
                    format!("{error}")
                }
            }
        });
        (told.collect(), clock.now())
    }

    #[test]
    fn a_good_link_changes_nothing() {
        assert!(run(Odds::default(), 1).0.iter().all(|told| told == "64"));
    }

    #[test]
    fn the_same_seed_spoils_the_same_commands() {
        let odds = Odds { refused: 50, lost: 50, broken: 50, cut: 100 };
        assert_eq!(run(odds, 7), run(odds, 7));
        assert_ne!(run(odds, 7), run(odds, 8));
        let (told, took) = run(odds, 7);
        let lost = told.iter().filter(|told| told.contains("no answer within 7 s")).count();
        assert!((20..100).contains(&lost), "{lost}");
        assert_eq!(took, Duration::from_secs(7) * u32::try_from(lost).unwrap());
        let cut = told.iter().filter(|told| told.parse().is_ok_and(|bytes: usize| bytes < 64)).count();
        assert!((50..150).contains(&cut), "{cut}");
    }
}
