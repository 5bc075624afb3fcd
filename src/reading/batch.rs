//! This module knows how several READs share a buffer, so that the consumers are woken once for all of them.
//!
//! A READ is as small as the drive likes it. Each buffer that is sent wakes a thread per digest, and on a machine with few
//! processors those push the reading thread aside while the drive waits for its next command.

use std::time::Duration;

use crate::pipeline::{Buffer, Closed, Feed};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SectorRange};

/// Linux wants the buffer of a large transfer to begin at a page.
const PAGE_BYTES: usize = 4096;
/// A slow drive's sectors do not wait longer for company.
const PATIENCE: Duration = Duration::from_millis(250);

/// Sectors in a row that were read, and room for more behind them.
pub(super) struct Batch {
    start: Lba,
    filled: usize,
    buffer: Buffer,
    since: Duration,
}

impl Batch {
    /// An empty one, for sectors from `start` on.
    pub fn new(start: Lba, buffer: Buffer, now: Duration) -> Self {
        Self { start, filled: 0, buffer, since: now }
    }

    /// Whether `request` may be read behind what is here.
    pub fn takes(&self, request: SectorRange) -> bool {
        let sectors = u32::try_from(self.filled / SECTOR_BYTES).unwrap_or(u32::MAX);
        let goes_on = self.start.saturating_add(SectorCount(sectors)) == request.start();
        goes_on && self.filled.is_multiple_of(PAGE_BYTES) && bytes(request.count()) <= self.left()
    }

    /// Where `request` is to be read to; `None` where it does not fit. What a failed read leaves there is never sent.
    pub fn room(&mut self, request: SectorRange) -> Option<&mut [u8]> {
        let end = self.filled.checked_add(bytes(request.count()))?;
        self.buffer.get_mut(self.filled..end)
    }

    /// `request` was read into its room.
    pub fn was_read(&mut self, request: SectorRange) {
        self.filled = self.filled.saturating_add(bytes(request.count())).min(self.buffer.len());
    }

    /// Whether it is time to send it: the next READ of `size` would not fit, or its sectors have waited long enough.
    pub fn is_due(&self, size: SectorCount, now: Duration) -> bool {
        self.left() < bytes(size) || now.saturating_sub(self.since) >= PATIENCE
    }

    /// Sends what was read.
    pub fn send(self, feed: &mut Feed<'_>) -> Result<(), Closed> {
        if self.filled == 0 {
            feed.give_back(self.buffer);
            return Ok(());
        }
        feed.send(self.start, self.buffer, self.filled)
    }

    fn left(&self) -> usize {
        self.buffer.len().saturating_sub(self.filled)
    }
}

fn bytes(sectors: SectorCount) -> usize {
    usize::try_from(sectors.bytes()).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(start: u32, end: u32) -> SectorRange {
        SectorRange::new(Lba(start), Lba(end))
    }

    #[test]
    fn only_what_goes_on_is_taken() {
        let mut batch = Batch::new(Lba(100), Buffer::new(64 * SECTOR_BYTES), Duration::ZERO);
        assert!(batch.takes(range(100, 132)) && !batch.takes(range(101, 132)));
        assert_eq!(batch.room(range(100, 132)).map(|room| room.len()), Some(32 * SECTOR_BYTES));
        batch.was_read(range(100, 132));
        assert!(batch.takes(range(132, 164)));
        assert!(!batch.takes(range(133, 140)), "a gap");
        assert!(!batch.takes(range(132, 165)), "more than there is room for");
        assert!(batch.room(range(132, 165)).is_none());
    }

    #[test]
    fn a_transfer_begins_at_a_page() {
        let mut batch = Batch::new(Lba(0), Buffer::new(64 * SECTOR_BYTES), Duration::ZERO);
        batch.was_read(range(0, 1));
        assert!(!batch.takes(range(1, 33)));
    }

    #[test]
    fn it_is_due_when_it_is_full_or_old() {
        let mut batch = Batch::new(Lba(0), Buffer::new(64 * SECTOR_BYTES), Duration::from_secs(5));
        batch.was_read(range(0, 32));
        assert!(!batch.is_due(SectorCount(32), Duration::from_secs(5)));
        assert!(batch.is_due(SectorCount(33), Duration::from_secs(5)));
        assert!(batch.is_due(SectorCount(32), Duration::from_millis(5250)));
    }
}
