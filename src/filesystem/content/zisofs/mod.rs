//! This module knows how to unpack a file that is compressed block by block: zisofs, versions 1 and 2.
//!
//! A header, a table of pointers, one more than there are blocks, and the blocks, each a zlib stream of its own. Where
//! two pointers are the same, the block between them is all zeros.

mod header;
mod table;

use flate2::{Decompress, FlushDecompress, Status};

use crate::filesystem::tree::Zisofs;
pub use header::HeaderFault;
use table::Table;

/// Unpacks one file, block by block in any order. `read` in its methods fills a buffer with what is stored from a byte
/// of the file on.
pub struct Unpacker {
    zisofs: Zisofs,
    /// Of the file once unpacked, in bytes.
    size: u64,
    table: Table,
    inflater: Decompress,
    packed: Vec<u8>,
}

/// Why something could not be unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnpackError<E> {
    /// What is stored could not be read.
    #[error("what is stored cannot be read")]
    Stored(E),
    #[error("{0}")]
    Packed(Fault),
}

/// What is wrong with what is stored. `Display` is a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("{0}")]
    Header(HeaderFault),
    #[error("a compressed file has a table of {blocks} blocks, which does not fit into its {stored} bytes")]
    Table { blocks: u64, stored: u64 },
    /// Pointers that go back, into the table, or beyond the end.
    #[error("block {block} of a compressed file is to be at bytes {start} to {end} of {stored}")]
    Pointers { block: u64, start: u64, end: u64, stored: u64 },
    /// The zlib stream is broken, by its own sum, or has another length than that of a block.
    #[error("block {block} of a compressed file cannot be unpacked")]
    Data { block: u64 },
}

impl Unpacker {
    /// Of a file that has `size` bytes once unpacked. Reads nothing yet.
    pub fn new(zisofs: Zisofs, size: u64) -> Self {
        Self { zisofs, size, table: Table::new(&zisofs, size), inflater: Decompress::new(true), packed: Vec::new() }
    }

    /// In bytes, but for the last block, which may be shorter.
    pub fn block_bytes(&self) -> u64 {
        block_bytes(&self.zisofs)
    }

    pub fn blocks(&self) -> u64 {
        self.table.blocks
    }

    /// Whether the file itself says what its directory record said. Its blocks may be sound where it does not.
    pub fn check_header<E>(
        &self,
        read: &mut impl FnMut(u64, &mut [u8]) -> Result<(), E>,
    ) -> Result<(), UnpackError<E>> {
        let mut bytes = [0; header::BYTES];
        let used = bytes.get_mut(..header::length(self.zisofs.version)).unwrap_or_default();
        read(0, used).map_err(UnpackError::Stored)?;
        header::check(used, &self.zisofs, self.size).map_err(|fault| UnpackError::Packed(Fault::Header(fault)))
    }

    /// Looks at all pointers; the content is not read.
    pub fn check_table<E>(
        &mut self,
        read: &mut impl FnMut(u64, &mut [u8]) -> Result<(), E>,
    ) -> Result<(), UnpackError<E>> {
        for number in 0..self.blocks() {
            self.table.place(number, read)?;
        }
        Ok(())
    }

    /// Puts the content of block `number`, counted from 0, in the place of what is in `out`.
    /// After an error `out` holds what could be unpacked of it.
    pub fn block<E>(
        &mut self,
        number: u64,
        out: &mut Vec<u8>,
        read: &mut impl FnMut(u64, &mut [u8]) -> Result<(), E>,
    ) -> Result<(), UnpackError<E>> {
        out.clear();
        let start = number.saturating_mul(self.block_bytes());
        let length = self.size.saturating_sub(start).min(self.block_bytes());
        let length = usize::try_from(length).unwrap_or(0);
        let place = self.table.place(number, read)?;
        if place.is_empty() {
            out.resize(length, 0);
            return Ok(());
        }
        let packed = usize::try_from(place.end.saturating_sub(place.start)).unwrap_or(0);
        self.packed.resize(packed, 0);
        read(place.start, &mut self.packed).map_err(UnpackError::Stored)?;
        self.inflater.reset(true);
        // A stream ends behind its last byte, and one that goes on is seen to.
        out.reserve(length.saturating_add(1));
        let fault = UnpackError::Packed(Fault::Data { block: number });
        let status = self.inflater.decompress_vec(&self.packed, out, FlushDecompress::Finish);
        out.truncate(length);
        let is_whole = out.len() == length && self.inflater.total_out() == length as u64;
        match status {
            Ok(Status::StreamEnd) if is_whole => Ok(()),
            Ok(Status::StreamEnd | Status::Ok | Status::BufError) | Err(_) => Err(fault),
        }
    }
}

fn block_bytes(zisofs: &Zisofs) -> u64 {
    1_u64.checked_shl(zisofs.block_log2.into()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
