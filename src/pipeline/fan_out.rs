//! This module knows how one producer feeds many consumers, each on a thread of its own.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crossbeam_channel::{Sender, bounded};

use super::Buffer;
use super::ring::{Closed, Piece, Ring, RingShape};
use crate::clock::Clock;
use crate::linux::thread::work_in_the_background;
use crate::sector::{Lba, SectorRange};

/// Takes the pieces of a disc, in order.
pub trait Consumer<E>: Send {
    /// # Errors
    /// Ends the whole pipeline: the producer finds it closed.
    fn take(&mut self, piece: &Piece) -> Result<(), E>;

    /// Called once after the last piece, on the same thread.
    ///
    /// # Errors
    /// As of the whole pipeline.
    fn finish(&mut self) -> Result<(), E> {
        Ok(())
    }
}

/// The producer's view of the pipeline.
pub struct Feed<'a> {
    ring: Ring,
    consumers: Vec<Sender<Piece>>,
    failed: &'a AtomicBool,
    clock: &'a dyn Clock,
}

impl Feed<'_> {
    /// An empty buffer; waits where the consumers have them all.
    ///
    /// # Errors
    /// Where a consumer has stopped.
    pub fn buffer(&mut self) -> Result<Buffer, Closed> {
        let buffer = self.ring.take(self.clock)?;
        if self.failed.load(Ordering::Relaxed) { Err(Closed) } else { Ok(buffer) }
    }

    /// Sends the first `length` bytes of `buffer`, which begin at the sector `start`, to every consumer.
    ///
    /// # Errors
    /// Where a consumer has stopped.
    pub fn send(&mut self, start: Lba, buffer: Buffer, length: usize) -> Result<(), Closed> {
        let piece = self.ring.fill(start, buffer, length);
        self.hand_on(piece)
    }

    /// Tells every consumer of sectors that have no data.
    ///
    /// # Errors
    /// Where a consumer has stopped.
    pub fn gap(&mut self, range: SectorRange) -> Result<(), Closed> {
        self.hand_on(Piece::Gap(range))
    }

    /// A buffer that turned out not to be needed.
    pub fn give_back(&mut self, buffer: Buffer) {
        self.ring.give_back(buffer);
    }

    /// How long the producer has waited for buffers, in all.
    pub fn stalled(&self) -> Duration {
        self.ring.stalled()
    }

    /// The share of the buffers that are full or in work, 0 to 1.
    pub fn fill_level(&self) -> f32 {
        self.ring.fill_level()
    }

    fn hand_on(&self, piece: Piece) -> Result<(), Closed> {
        if self.failed.load(Ordering::Relaxed) {
            return Err(Closed);
        }
        let Some((last, others)) = self.consumers.split_last() else { return Ok(()) };
        for consumer in others {
            consumer.send(piece.clone()).map_err(|_| Closed)?;
        }
        last.send(piece).map_err(|_| Closed)
    }
}

/// Runs `produce` on this thread and each consumer on its own, until the producer returns and the consumers have
/// taken all it sent. The first consumer's error is the pipeline's; the consumers are the caller's again afterwards.
pub fn fan_out<R, E: Send>(
    shape: RingShape,
    clock: &dyn Clock,
    consumers: Vec<&mut dyn Consumer<E>>,
    produce: impl FnOnce(&mut Feed<'_>) -> R,
) -> (R, Result<(), E>) {
    fan_out_with(shape, clock, consumers, None, &AtomicBool::new(false), produce)
}

/// The same with one more who is sent every piece, on a channel of its own; `failed` ends it all.
pub(super) fn fan_out_with<R, E: Send>(
    shape: RingShape,
    clock: &dyn Clock,
    consumers: Vec<&mut dyn Consumer<E>>,
    one_more: Option<Sender<Piece>>,
    failed: &AtomicBool,
    produce: impl FnOnce(&mut Feed<'_>) -> R,
) -> (R, Result<(), E>) {
    thread::scope(|scope| {
        let mut senders = Vec::new();
        let mut threads = Vec::new();
        for consumer in consumers {
            let (sender, pieces) = bounded::<Piece>(shape.buffers);
            senders.push(sender);
            threads.push(scope.spawn(move || {
                work_in_the_background();
                let taken = pieces.iter().try_for_each(|piece| consumer.take(&piece)).and_then(|()| consumer.finish());
                if taken.is_err() {
                    failed.store(true, Ordering::Relaxed);
                    // A channel keeps what nobody takes, and the producer may be waiting for just those buffers.
                    pieces.iter().for_each(drop);
                }
                taken
            }));
        }
        senders.extend(one_more);
        let mut feed = Feed { ring: Ring::new(shape), consumers: senders, failed, clock };
        let produced = produce(&mut feed);
        drop(feed);
        let mut outcome = Ok(());
        for thread in threads {
            let ended = match thread.join() {
                Ok(ended) => ended,
                Err(panic) => std::panic::resume_unwind(panic),
            };
            outcome = outcome.and(ended);
        }
        (produced, outcome)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SimulatedClock;
    use crate::sector::SectorCount;
    use std::collections::HashSet;

    const SHAPE: RingShape = RingShape { buffers: 3, sectors: SectorCount(2) };

    #[derive(Default)]
    struct Collector {
        bytes: Vec<u8>,
        gaps: Vec<SectorRange>,
        addresses: HashSet<usize>,
        fails_at: Option<usize>,
        finished: bool,
    }

    impl Consumer<&'static str> for Collector {
        fn take(&mut self, piece: &Piece) -> Result<(), &'static str> {
            match piece {
                Piece::Data(block) => {
                    self.addresses.insert(block.bytes().as_ptr() as usize);
                    self.bytes.extend_from_slice(block.bytes());
                }
                Piece::Gap(range) => self.gaps.push(*range),
            }
            if self.fails_at.is_some_and(|at| self.bytes.len() >= at) { Err("full") } else { Ok(()) }
        }

        fn finish(&mut self) -> Result<(), &'static str> {
            self.finished = true;
            Ok(())
        }
    }

    fn send_numbers(feed: &mut Feed<'_>, count: u8) -> Result<(), Closed> {
        for n in 0..count {
            let mut buffer = feed.buffer()?;
            buffer.fill(n);
            feed.send(Lba(u32::from(n) * 2), buffer, 4096)?;
        }
        Ok(())
    }

    #[test]
    fn every_consumer_sees_everything_in_order() {
        let mut all: Vec<Collector> = (0..4).map(|_| Collector::default()).collect();
        let consumers = all.iter_mut().map(|c| c as &mut dyn Consumer<_>).collect();
        let gap = SectorRange::new(Lba(200), Lba(203));
        let (produced, outcome) = fan_out(SHAPE, &SimulatedClock::new(), consumers, |feed| {
            send_numbers(feed, 100)?;
            feed.gap(gap)
        });
        assert_eq!((produced, outcome), (Ok(()), Ok(())));
        let expected: Vec<u8> = (0..100).flat_map(|n| [n; 4096]).collect();
        for collector in all {
            assert_eq!(collector.bytes, expected);
            assert_eq!(collector.gaps, [gap]);
            assert!(collector.finished);
            assert!(collector.addresses.len() <= SHAPE.buffers, "buffers are reused");
        }
    }

    #[test]
    fn a_failing_consumer_stops_the_producer() {
        let mut good = Collector::default();
        let mut bad = Collector { fails_at: Some(10_000), ..Collector::default() };
        let (produced, outcome) =
            fan_out(SHAPE, &SimulatedClock::new(), vec![&mut good, &mut bad], |feed| send_numbers(feed, 255));
        assert_eq!(produced, Err(Closed));
        assert_eq!(outcome, Err("full"));
        assert!(!bad.finished);
    }

    #[test]
    fn a_producer_that_ends_early_leaves_nobody_waiting() {
        let mut collector = Collector::default();
        let (produced, outcome) = fan_out(SHAPE, &SimulatedClock::new(), vec![&mut collector], |feed| {
            let spare = feed.buffer();
            if let Ok(buffer) = spare {
                feed.give_back(buffer);
            }
            "stopped"
        });
        assert_eq!((produced, outcome), ("stopped", Ok(())));
        assert!(collector.finished);
    }
}
