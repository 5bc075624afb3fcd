//! This module knows where the blocks of a compressed file are stored.

use std::ops::Range;

use super::{Fault, UnpackError, block_bytes};
use crate::filesystem::tree::Zisofs;

/// Pointers that are read at a time.
const WINDOW: u64 = 512;

/// The table, of which a part is kept: a large file has millions of pointers.
pub(super) struct Table {
    start: u64,
    /// Of a pointer: 4 or 8.
    width: u64,
    pub blocks: u64,
    /// Of what is stored, in bytes.
    stored: u64,
    /// What zlib may make of a block at the worst; more is no block, but an attempt to fill the memory.
    most: u64,
    first: u64,
    window: Vec<u64>,
}

impl Table {
    pub fn new(zisofs: &Zisofs, size: u64) -> Self {
        let block = block_bytes(zisofs);
        Self {
            start: zisofs.header.into(),
            width: if zisofs.version == 1 { 4 } else { 8 },
            blocks: size.div_ceil(block),
            stored: zisofs.stored,
            most: block.saturating_add(block / 8).saturating_add(64),
            first: 0,
            window: Vec::new(),
        }
    }

    /// Where block `number` is stored; an empty range stands for zeros.
    pub fn place<E>(
        &mut self,
        number: u64,
        read: &mut impl FnMut(u64, &mut [u8]) -> Result<(), E>,
    ) -> Result<Range<u64>, UnpackError<E>> {
        let table_end = self.end();
        if table_end > self.stored {
            return Err(UnpackError::Packed(Fault::Table { blocks: self.blocks, stored: self.stored }));
        }
        let (start, end) = (self.pointer(number, read)?, self.pointer(number.saturating_add(1), read)?);
        let is_sound = start >= table_end && start <= end && end <= self.stored && end - start <= self.most;
        if !is_sound {
            let stored = self.stored;
            return Err(UnpackError::Packed(Fault::Pointers { block: number, start, end, stored }));
        }
        Ok(start..end)
    }

    /// The first byte behind it.
    fn end(&self) -> u64 {
        self.start.saturating_add(self.blocks.saturating_add(1).saturating_mul(self.width))
    }

    fn pointer<E>(
        &mut self,
        number: u64,
        read: &mut impl FnMut(u64, &mut [u8]) -> Result<(), E>,
    ) -> Result<u64, UnpackError<E>> {
        if let Some(pointer) = self.kept(number) {
            return Ok(pointer);
        }
        let count = self.blocks.saturating_add(1).saturating_sub(number).min(WINDOW);
        let mut bytes = vec![0; usize::try_from(count * self.width).unwrap_or(0)];
        self.window.clear();
        let at = self.start.saturating_add(number.saturating_mul(self.width));
        read(at, &mut bytes).map_err(UnpackError::Stored)?;
        self.first = number;
        self.window = if self.width == 4 {
            bytes.as_chunks::<4>().0.iter().map(|&pointer| u32::from_le_bytes(pointer).into()).collect()
        } else {
            bytes.as_chunks::<8>().0.iter().map(|&pointer| u64::from_le_bytes(pointer)).collect()
        };
        // Beyond the table there is nothing, which no block can be.
        Ok(self.kept(number).unwrap_or(0))
    }

    fn kept(&self, number: u64) -> Option<u64> {
        let index = usize::try_from(number.checked_sub(self.first)?).ok()?;
        self.window.get(index).copied()
    }
}
