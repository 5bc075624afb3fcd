//! This module knows how pieces come to a thread that must not wait: they are produced on another one, and whoever only
//! looks at them looks on threads of their own.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crossbeam_channel::{Receiver, bounded};

use super::fan_out::{Consumer, Feed, fan_out_with};
use super::ring::{Piece, RingShape};
use crate::clock::Clock;
use crate::linux::thread::work_in_the_background;

/// Runs `produce` and each consumer on threads of their own, and `take` on this one, which is given the pieces in order.
/// Where it returns before they end, the producer finds the pipeline closed.
pub fn convey<R: Send, T, E: Send>(
    shape: RingShape,
    clock: &dyn Clock,
    consumers: Vec<&mut dyn Consumer<E>>,
    produce: impl FnOnce(&mut Feed<'_>) -> R + Send,
    take: impl FnOnce(&Receiver<Piece>) -> T,
) -> (R, T, Result<(), E>) {
    let closed = AtomicBool::new(false);
    thread::scope(|scope| {
        let (sender, pieces) = bounded(shape.buffers);
        let closed = &closed;
        let producing = scope.spawn(move || {
            work_in_the_background();
            fan_out_with(shape, clock, consumers, Some(sender), closed, produce)
        });
        let taken = take(&pieces);
        closed.store(true, Ordering::Relaxed);
        // What nobody takes any more keeps the buffers for which the producer waits.
        pieces.iter().for_each(drop);
        match producing.join() {
            Ok((produced, consumed)) => (produced, taken, consumed),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SimulatedClock;
    use crate::pipeline::Closed;
    use crate::sector::{Lba, SectorCount};

    const SHAPE: RingShape = RingShape { buffers: 4, sectors: SectorCount(1) };

    struct Counting(usize);

    impl Consumer<()> for Counting {
        fn take(&mut self, _: &Piece) -> Result<(), ()> {
            self.0 += 1;
            Ok(())
        }
    }

    fn numbers(feed: &mut Feed<'_>, count: u32) -> Result<(), Closed> {
        for n in 0..count {
            let mut buffer = feed.buffer()?;
            buffer.fill(n.to_le_bytes()[0]);
            feed.send(Lba(n), buffer, 2048)?;
        }
        Ok(())
    }

    #[test]
    fn every_piece_comes_in_order_and_is_seen_by_the_others_too() {
        let mut counting = Counting(0);
        let (produced, taken, consumed) = convey(
            SHAPE,
            &SimulatedClock::new(),
            vec![&mut counting],
            |feed| numbers(feed, 100),
            |pieces| {
                pieces
                    .iter()
                    .map(|piece| match piece {
                        Piece::Data(block) => block.bytes()[0],
                        Piece::Gap(_) => panic!("nobody sent a gap"),
                    })
                    .collect::<Vec<_>>()
            },
        );
        assert_eq!((produced, consumed), (Ok(()), Ok(())));
        assert_eq!(taken, (0..100).collect::<Vec<_>>());
        assert_eq!(counting.0, 100);
    }

    #[test]
    fn who_stops_taking_stops_the_producer() {
        let mut counting = Counting(0);
        let (produced, taken, consumed) = convey(
            SHAPE,
            &SimulatedClock::new(),
            vec![&mut counting],
            |feed| numbers(feed, u32::MAX),
            |pieces| pieces.iter().take(3).count(),
        );
        assert_eq!((produced, taken, consumed), (Err(Closed), 3, Ok(())));
    }
}
