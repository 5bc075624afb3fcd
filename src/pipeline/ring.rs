//! This module knows the ring: a fixed number of buffers that go out full and come home empty.

use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, TryRecvError, bounded};

use super::Buffer;
use crate::clock::Clock;
use crate::sector::{Lba, SectorCount, SectorRange};

/// How much memory a ring has, and in what pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RingShape {
    pub buffers: usize,
    /// Sectors in each buffer.
    pub sectors: SectorCount,
}

impl RingShape {
    fn buffer_bytes(self) -> usize {
        usize::try_from(self.sectors.bytes()).unwrap_or(usize::MAX)
    }
}

/// A consumer has gone; there is no use in producing more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a consumer has stopped")]
pub struct Closed;

/// A full buffer on its way through the consumers. The last of them to drop it sends the memory home.
#[derive(Debug)]
pub struct Block {
    start: Lba,
    length: usize,
    buffer: Option<Buffer>,
    home: Sender<Buffer>,
}

impl Block {
    /// The sector that the first byte belongs to.
    pub fn start(&self) -> Lba {
        self.start
    }

    /// The data: whole sectors, but for the end of a file that has no whole number of them.
    pub fn bytes(&self) -> &[u8] {
        self.buffer.as_deref().and_then(|b| b.get(..self.length)).unwrap_or_default()
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        if let Some(buffer) = self.buffer.take() {
            // The ring may be gone already; then so is the need for the memory.
            let _ = self.home.try_send(buffer);
        }
    }
}

/// What a consumer is given, in the order of the disc.
#[derive(Debug, Clone)]
pub enum Piece {
    Data(Arc<Block>),
    /// Sectors that could not be read: an image has zeros there.
    Gap(SectorRange),
}

/// The producer's end: empty buffers, and the time that it had to wait for them.
pub(super) struct Ring {
    spare: Receiver<Buffer>,
    home: Sender<Buffer>,
    shape: RingShape,
    stalled: Duration,
}

impl Ring {
    pub(super) fn new(shape: RingShape) -> Self {
        let (home, spare) = bounded(shape.buffers);
        for _ in 0..shape.buffers {
            let _ = home.try_send(Buffer::new(shape.buffer_bytes()));
        }
        Self { spare, home, shape, stalled: Duration::ZERO }
    }

    /// An empty buffer; waits for one where all are under way.
    pub(super) fn take(&mut self, clock: &dyn Clock) -> Result<Buffer, Closed> {
        match self.spare.try_recv() {
            Ok(buffer) => Ok(buffer),
            Err(TryRecvError::Disconnected) => Err(Closed),
            Err(TryRecvError::Empty) => {
                let since = clock.now();
                let buffer = self.spare.recv().map_err(|_| Closed)?;
                self.stalled = self.stalled.saturating_add(clock.now().saturating_sub(since));
                Ok(buffer)
            }
        }
    }

    pub(super) fn fill(&self, start: Lba, buffer: Buffer, length: usize) -> Piece {
        Piece::Data(Arc::new(Block { start, length, buffer: Some(buffer), home: self.home.clone() }))
    }

    pub(super) fn give_back(&self, buffer: Buffer) {
        let _ = self.home.try_send(buffer);
    }

    pub(super) fn stalled(&self) -> Duration {
        self.stalled
    }

    /// The share of the buffers that are under way, 0 to 1.
    pub(super) fn fill_level(&self) -> f32 {
        let buffers = u16::try_from(self.shape.buffers).unwrap_or(u16::MAX).max(1);
        let spare = u16::try_from(self.spare.len()).unwrap_or(u16::MAX);
        1.0 - f32::from(spare) / f32::from(buffers)
    }
}
