//! This module knows the files in which a UDF volume keeps itself, and that no path leads to: the virtual allocation
//! table, the metadata file, its mirror and its bitmap.

use super::space::{Piece, Run, Space};
use super::tag::{TAG_BYTES, TagError, Tagged};
use super::volume::BlockAddress;
use crate::bytes::{Cursor, Truncated};
use crate::filesystem::reader::ReadError;
use crate::filesystem::scan::Scan;

/// ECMA-167, 4/14.6.6, as UDF 2.3.5.2 fills it in.
pub const TYPE_VAT: u8 = 248;
pub const TYPE_METADATA: u8 = 250;
pub const TYPE_MIRROR: u8 = 251;
pub const TYPE_METADATA_BITMAP: u8 = 252;
/// UDF 1.50 has the table in a file of no type.
pub const TYPE_NONE: u8 = 0;

/// Why a file cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OwnFileError {
    #[error("its block lies outside the partition")]
    Outside,
    #[error("{0}")]
    Unread(#[from] ReadError),
    #[error("{0}")]
    Tag(#[from] TagError),
    #[error("descriptor {0} stands where a file entry should")]
    NotAnEntry(u16),
    #[error("its lists of extents are too many")]
    TooLong,
    #[error("its extents are of a form that no such file has")]
    Form,
}

impl From<Truncated> for OwnFileError {
    fn from(error: Truncated) -> Self {
        Self::Tag(TagError::Truncated(error))
    }
}

/// A file entry, as far as such files need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnFile {
    /// Of its entry, in bytes.
    pub at: u64,
    pub file_type: u8,
    /// In bytes.
    pub size: u64,
    /// Where content lies: from which byte of the file on. Between and behind them nothing is recorded.
    pub content: Vec<(u64, Piece)>,
}

/// The fields of an entry that are needed here.
struct Head {
    file_type: u8,
    flags: u16,
    size: u64,
    /// Where the allocation descriptors begin, in the block.
    allocation: usize,
    allocation_bytes: usize,
}

impl Head {
    /// ECMA-167, 4/14.9 and 4/14.17.
    fn parse(tagged: &Tagged<'_>) -> Result<Self, OwnFileError> {
        let is_extended = match tagged.tag.identifier {
            261 => false,
            266 => true,
            other => return Err(OwnFileError::NotAnEntry(other)),
        };
        let mut b = Cursor::new(tagged.block, "file entry");
        b.skip(TAG_BYTES + 11)?;
        let file_type = b.u8()?;
        b.skip(6)?;
        let flags = b.le_u16()?;
        b.skip(56 - 36)?;
        let size = b.le_u64()?;
        b.skip(if is_extended { 208 - 64 } else { 168 - 64 })?;
        let (attributes, allocation_bytes) = (b.le_u32()?, b.le_u32()?);
        b.skip(usize::try_from(attributes).unwrap_or(usize::MAX))?;
        let allocation_bytes = usize::try_from(allocation_bytes).unwrap_or(usize::MAX).min(b.rest().len());
        Ok(Self { file_type, flags, size, allocation: b.position(), allocation_bytes })
    }
}

/// One allocation descriptor: ECMA-167, 4/14.14.
struct Allocation {
    length: u32,
    kind: u32,
    at: BlockAddress,
}

impl Allocation {
    fn parse(b: &mut Cursor<'_>, form: u16, reference: u16) -> Result<Self, Truncated> {
        let field = b.le_u32()?;
        let (length, kind) = (field & 0x3FFF_FFFF, field >> 30);
        let block = b.le_u32()?;
        let mut at = BlockAddress { block, reference };
        if form == 1 {
            at.reference = b.le_u16()?;
            b.skip(6)?;
        }
        Ok(Self { length, kind, at })
    }
}

impl OwnFile {
    /// The file whose entry stands at `icb`.
    pub fn read(scan: &mut Scan<'_>, space: &Space, icb: BlockAddress) -> Result<Self, OwnFileError> {
        let at = space.locate(icb.reference, icb.block).ok_or(OwnFileError::Outside)?;
        let block = scan.reader.bytes(at, space.block_bytes as usize)?;
        let head = Head::parse(&Tagged::parse(&block, icb.block)?)?;
        let mut file = Self { at, file_type: head.file_type, size: head.size, content: Vec::new() };
        let form = head.flags & 7;
        if form == 3 {
            let length = (head.allocation_bytes as u64).min(head.size);
            file.content.push((0, Piece { start: at.saturating_add(head.allocation as u64), length }));
            return Ok(file);
        }
        if form > 1 {
            return Err(OwnFileError::Form);
        }
        let mut list = block;
        list.truncate(head.allocation.saturating_add(head.allocation_bytes));
        let mut skip = head.allocation;
        let mut offset = 0_u64;
        for _ in 0..scan.limits.chain {
            match file.take(space, &list, skip, form, icb.reference, &mut offset)? {
                None => return Ok(file),
                Some(next) => {
                    list = read_list(scan, space, next)?;
                    skip = LIST_HEAD;
                }
            }
        }
        Err(OwnFileError::TooLong)
    }

    /// The extents of one list; where the next one is.
    fn take(
        &mut self,
        space: &Space,
        list: &[u8],
        skip: usize,
        form: u16,
        reference: u16,
        offset: &mut u64,
    ) -> Result<Option<BlockAddress>, OwnFileError> {
        let mut b = Cursor::new(list, "allocation descriptor");
        b.skip(skip)?;
        while let Ok(extent) = Allocation::parse(&mut b, form, reference) {
            if extent.length == 0 || *offset >= self.size {
                return Ok(None);
            }
            if extent.kind == 3 {
                return Ok(Some(extent.at));
            }
            if extent.kind == 0 {
                let length = u64::from(extent.length).min(self.size - *offset);
                let pieces = match space.pieces(extent.at.reference, extent.at.block, length) {
                    Ok(pieces) => pieces,
                    // What lies outside is missing, and found missing where it is needed.
                    Err(inside) => space.pieces(extent.at.reference, extent.at.block, inside).unwrap_or_default(),
                };
                let mut at = *offset;
                for piece in pieces {
                    self.content.push((at, piece));
                    at = at.saturating_add(piece.length);
                }
            }
            *offset = offset.saturating_add(extent.length.into());
        }
        Ok(None)
    }

    /// Whether all of it is recorded.
    pub fn is_whole(&self) -> bool {
        self.content.iter().map(|(_, piece)| piece.length).sum::<u64>() >= self.size
    }

    /// Its blocks.
    pub fn runs(&self, block_bytes: u32) -> Vec<Run> {
        let block = u64::from(block_bytes);
        let run = |&(offset, piece): &(u64, Piece)| {
            let part = |bytes: u64| u32::try_from(bytes.checked_div(block)?).ok();
            let count = u32::try_from(piece.length.div_ceil(block.max(1))).ok()?;
            Some(Run { first: part(offset)?, start: part(piece.start)?, count })
        };
        self.content.iter().filter_map(run).collect()
    }

    /// Fills `buffer` from byte `from` of the file on; false where not all of that is recorded and can be read.
    pub fn fill(&self, scan: &mut Scan<'_>, from: u64, buffer: &mut [u8]) -> bool {
        let mut from = from;
        let mut rest = buffer;
        while !rest.is_empty() {
            let behind = self.content.partition_point(|(offset, _)| *offset <= from);
            let Some(&(offset, piece)) = behind.checked_sub(1).and_then(|index| self.content.get(index)) else {
                return false;
            };
            let skip = from - offset;
            let Some(left) = piece.length.checked_sub(skip).filter(|&left| left > 0) else { return false };
            let count = usize::try_from(left).unwrap_or(usize::MAX).min(rest.len());
            let (head, tail) = rest.split_at_mut(count);
            if scan.reader.read(piece.start.saturating_add(skip), head).is_err() {
                return false;
            }
            rest = tail;
            from = from.saturating_add(count as u64);
        }
        true
    }
}

/// ECMA-167, 4/14.5: bytes in front of the descriptors of a further list.
const LIST_HEAD: usize = 24;

/// The block of a further list, up to its last descriptor.
fn read_list(scan: &mut Scan<'_>, space: &Space, at: BlockAddress) -> Result<Vec<u8>, OwnFileError> {
    let start = space.locate(at.reference, at.block).ok_or(OwnFileError::Outside)?;
    let mut block = scan.reader.bytes(start, space.block_bytes as usize)?;
    let tagged = Tagged::parse(&block, at.block)?;
    if tagged.tag.identifier != 258 {
        return Err(OwnFileError::NotAnEntry(tagged.tag.identifier));
    }
    let mut b = Cursor::new(tagged.block, "allocation extent");
    b.skip(LIST_HEAD - 4)?;
    let length = usize::try_from(b.le_u32()?).unwrap_or(usize::MAX);
    block.truncate(LIST_HEAD.saturating_add(length));
    Ok(block)
}
