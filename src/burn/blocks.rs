//! This module knows the sums of an image's blocks, so that a difference is found where it is, and not only that there is
//! one: 64 KiB each, four bytes a block.

use std::convert::Infallible;

use crate::pipeline::{Consumer, Piece};
use crate::sector::SECTOR_BYTES;

/// Bytes of a block.
pub(super) const BLOCK_BYTES: usize = 32 * SECTOR_BYTES;

/// The CRC-32 of each block of what passes; the last one may be short.
#[derive(Debug, Default)]
pub(super) struct BlockSums {
    sums: Vec<u32>,
    current: crc32fast::Hasher,
    filled: usize,
}

impl BlockSums {
    /// Of the block of that number, from 0.
    pub(super) fn of(&self, block: usize) -> Option<u32> {
        self.sums.get(block).copied()
    }

    fn update(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let room = BLOCK_BYTES.saturating_sub(self.filled).min(bytes.len());
            let (now, later) = bytes.split_at(room);
            self.current.update(now);
            self.filled = self.filled.saturating_add(room);
            if self.filled == BLOCK_BYTES {
                self.end_block();
            }
            bytes = later;
        }
    }

    fn end_block(&mut self) {
        self.sums.push(std::mem::take(&mut self.current).finalize());
        self.filled = 0;
    }
}

impl Consumer<Infallible> for BlockSums {
    fn take(&mut self, piece: &Piece) -> Result<(), Infallible> {
        match piece {
            Piece::Data(block) => self.update(block.bytes()),
            // A source has no gaps.
            Piece::Gap(_) => {}
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), Infallible> {
        if self.filled > 0 {
            self.end_block();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_the_same_however_the_bytes_come() {
        let bytes: Vec<u8> = (0..BLOCK_BYTES * 2 + 100).map(|n| u8::try_from(n % 251).unwrap()).collect();
        let sums = |piece: usize| {
            let mut sums = BlockSums::default();
            bytes.chunks(piece).for_each(|bytes| sums.update(bytes));
            sums.finish().unwrap();
            sums.sums
        };
        let whole = sums(bytes.len());
        assert_eq!(whole.len(), 3);
        assert_eq!(whole[2], crc32fast::hash(&bytes[BLOCK_BYTES * 2..]));
        assert_eq!(sums(7000), whole);
    }
}
