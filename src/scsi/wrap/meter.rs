//! This module knows how much of its time a drive had a command to work on.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::clock::Clock;
use crate::scsi::{Cdb, Completion, Data, Transport, TransportError};

/// Measures how long commands take, and changes nothing.
pub struct Meter<T> {
    inner: T,
    clock: Arc<dyn Clock>,
    hand: Arc<Hand>,
}

impl<T: Transport> Meter<T> {
    /// The meter, and what others read it by while a command runs.
    pub fn new(inner: T, clock: Arc<dyn Clock>) -> (Self, MeterReading) {
        let hand = Arc::new(Hand::default());
        let reading = MeterReading { clock: Arc::clone(&clock), hand: Arc::clone(&hand) };
        (Self { inner, clock, hand }, reading)
    }
}

impl<T: Transport> Transport for Meter<T> {
    fn execute(&mut self, cdb: &Cdb, data: Data<'_>, timeout: Duration) -> Result<Completion, TransportError> {
        self.hand.start(nanos(self.clock.now()));
        let outcome = self.inner.execute(cdb, data, timeout);
        self.hand.stop(nanos(self.clock.now()));
        outcome
    }

    fn max_transfer(&self) -> usize {
        self.inner.max_transfer()
    }

    fn shortest_timeout(&self) -> Duration {
        self.inner.shortest_timeout()
    }
}

/// What a [`Meter`] shows; clones see the same, from any thread, and none of them ever waits.
#[derive(Clone)]
pub struct MeterReading {
    clock: Arc<dyn Clock>,
    hand: Arc<Hand>,
}

impl MeterReading {
    /// The time that the drive had a command, including the one under way.
    pub fn busy(&self) -> Duration {
        let work = self.hand.work.load(Ordering::Acquire);
        match work & RUNNING {
            0 => Duration::from_nanos(work >> 1),
            _ => Duration::from_nanos(nanos(self.clock.now()).wrapping_sub(work >> 1) & LARGEST),
        }
    }

    /// Commands begun so far.
    pub fn commands(&self) -> u64 {
        self.hand.commands.load(Ordering::Acquire)
    }

    /// How long the command under way has been running; `None` while there is none.
    pub fn under_way_for(&self) -> Option<Duration> {
        let since = self.hand.since.load(Ordering::Acquire).checked_sub(1)?;
        Some(Duration::from_nanos(nanos(self.clock.now()).saturating_sub(since)))
    }
}

/// Nanoseconds that fit into a word beside one flag: 292 years.
const LARGEST: u64 = u64::MAX >> 1;
const RUNNING: u64 = 1;

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(LARGEST).min(LARGEST)
}

#[derive(Default)]
struct Hand {
    /// One word, so that no reader sees half a change. Flag clear: the nanoseconds of work so far. Flag set: the moment
    /// at which the drive would have begun, had it worked without a pause (modulo 2^63).
    work: AtomicU64,
    /// When the command under way began, plus one; 0 while there is none.
    since: AtomicU64,
    commands: AtomicU64,
}

impl Hand {
    fn start(&self, now: u64) {
        let worked = self.work.load(Ordering::Relaxed) >> 1;
        self.since.store(now.saturating_add(1), Ordering::Release);
        self.work.store(now.wrapping_sub(worked) << 1 | RUNNING, Ordering::Release);
        self.commands.fetch_add(1, Ordering::Release);
    }

    fn stop(&self, now: u64) {
        let begun = self.work.load(Ordering::Relaxed) >> 1;
        self.work.store(now.wrapping_sub(begun) << 1, Ordering::Release);
        self.since.store(0, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SimulatedClock;

    /// Takes a second a command, and looks at the meter in the middle of it.
    struct Slow {
        clock: SimulatedClock,
        look: Box<dyn FnMut() + Send>,
    }

    impl Transport for Slow {
        fn execute(&mut self, _: &Cdb, _: Data<'_>, _: Duration) -> Result<Completion, TransportError> {
            self.clock.sleep(Duration::from_millis(600));
            (self.look)();
            self.clock.sleep(Duration::from_millis(400));
            Err(TransportError::Gone)
        }

        fn max_transfer(&self) -> usize {
            65536
        }
    }

    #[test]
    fn the_command_under_way_counts_and_pauses_do_not() {
        let clock = SimulatedClock::new();
        let (seen, sight) = std::sync::mpsc::channel();
        let slot: Arc<std::sync::Mutex<Option<MeterReading>>> = Arc::default();
        let look = {
            let slot = Arc::clone(&slot);
            move || {
                let reading = slot.lock().unwrap().clone().unwrap();
                seen.send((reading.busy(), reading.commands(), reading.under_way_for())).unwrap();
            }
        };
        let slow = Slow { clock: clock.clone(), look: Box::new(look) };
        let (mut meter, reading) = Meter::new(slow, Arc::new(clock.clone()));
        *slot.lock().unwrap() = Some(reading.clone());

        clock.sleep(Duration::from_secs(5));
        for _ in 0..2 {
            assert_eq!(reading.under_way_for(), None);
            assert!(meter.execute(&Cdb::new([0; 6]), Data::None, Duration::ZERO).is_err());
            clock.sleep(Duration::from_secs(10));
        }
        let ms = Duration::from_millis;
        assert_eq!(sight.try_iter().collect::<Vec<_>>(), [(ms(600), 1, Some(ms(600))), (ms(1600), 2, Some(ms(600)))]);
        assert_eq!((reading.busy(), reading.commands()), (ms(2000), 2));
    }
}
