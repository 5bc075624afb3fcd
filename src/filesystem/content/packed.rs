//! This module knows how a compressed file is read piece by piece, as any other.

use super::zisofs::{UnpackError, Unpacker};
use super::{LEAST_BUFFER, Lost, Part, Sectors, Stored};
use crate::filesystem::tree::Zisofs;
use crate::sector::SourceError;

/// 1 MiB: the largest that anything writes. A block is unpacked in memory.
const MOST_BLOCK_LOG2: u8 = 20;
/// Bytes that are read at once of what is stored.
const SCRATCH_BYTES: usize = 32 << 10;

/// A compressed file, and the block of it that was unpacked last.
pub(super) struct Packed {
    unpacker: Unpacker,
    /// In bytes, once unpacked.
    size: u64,
    block: Vec<u8>,
    number: Option<u64>,
    scratch: Vec<u8>,
}

/// Why what is stored could not be read.
enum Missing {
    Lost(Lost),
    Failed(SourceError),
}

impl Packed {
    /// `None` where it cannot be unpacked at all: what is stored has no room for the pointers to so many blocks.
    pub(super) fn new(zisofs: Zisofs, size: u64) -> Option<Self> {
        if zisofs.block_log2 > MOST_BLOCK_LOG2 {
            return None;
        }
        let unpacker = Unpacker::new(zisofs, size);
        const LEAST_POINTER_BYTES: u64 = 4;
        let pointers = unpacker.blocks().saturating_mul(LEAST_POINTER_BYTES);
        let scratch = vec![0; SCRATCH_BYTES.max(LEAST_BUFFER)];
        (pointers <= zisofs.stored).then_some(Self { unpacker, size, block: Vec::new(), number: None, scratch })
    }

    pub(super) fn part_at(
        &mut self,
        at: u64,
        stored: &Stored<'_>,
        from: &mut Sectors<'_>,
        buffer: &mut [u8],
    ) -> Result<Part, SourceError> {
        let block_bytes = self.unpacker.block_bytes();
        let (number, offset) = (at / block_bytes, at % block_bytes);
        if self.number != Some(number) {
            self.number = None;
            let scratch = &mut self.scratch;
            let mut read = |at: u64, out: &mut [u8]| fill(stored, at, out, from, scratch);
            let why = match self.unpacker.block(number, &mut self.block, &mut read) {
                Ok(()) => None,
                Err(UnpackError::Packed(_)) => Some(Lost::NotUnpacked),
                Err(UnpackError::Stored(Missing::Lost(why))) => Some(why),
                Err(UnpackError::Stored(Missing::Failed(error))) => return Err(error),
            };
            if let Some(why) = why {
                let length = (block_bytes - offset).min(self.size.saturating_sub(at));
                return Ok(Part::Lost { length, why });
            }
            self.number = Some(number);
        }
        let found = usize::try_from(offset).ok().and_then(|offset| self.block.get(offset..)).unwrap_or_default();
        let count = found.len().min(buffer.len());
        match (buffer.get_mut(..count), found.get(..count)) {
            (Some(room), Some(found)) if count > 0 => room.copy_from_slice(found),
            _ => return Ok(Part::Lost { length: self.size.saturating_sub(at), why: Lost::NotUnpacked }),
        }
        Ok(Part::Bytes(count))
    }
}

/// All of `out`, from byte `at` of what is stored on.
fn fill(
    stored: &Stored<'_>,
    at: u64,
    out: &mut [u8],
    from: &mut Sectors<'_>,
    scratch: &mut [u8],
) -> Result<(), Missing> {
    let (mut at, mut rest) = (at, out);
    while !rest.is_empty() {
        let part = stored.part_at(at, rest.len() as u64, from, scratch).map_err(Missing::Failed)?;
        let count = usize::try_from(part.length()).unwrap_or(usize::MAX).min(rest.len());
        let (room, behind) = rest.split_at_mut(count);
        match part {
            Part::Bytes(_) => room.copy_from_slice(scratch.get(..count).unwrap_or_default()),
            Part::Zeros(_) => room.fill(0),
            Part::Lost { why, .. } => return Err(Missing::Lost(why)),
        }
        at = at.saturating_add(count as u64);
        rest = behind;
    }
    Ok(())
}
