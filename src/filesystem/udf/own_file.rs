//! This module knows the files in which a UDF volume keeps itself, and that no path leads to: the virtual allocation
//! table, the metadata file, its mirror and its bitmap.

use super::allocation::{self, Trouble};
use super::icb::FileEntry;
use super::space::{Piece, Run, Space};
use super::tag::{TagError, Tagged};
use super::volume::BlockAddress;
use crate::bytes::Truncated;
use crate::filesystem::extent::ExtentKind;
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
    #[error("a list of its extents is lost")]
    LostList,
    #[error("its lists of extents are too many")]
    TooLong,
    #[error("its extents are of a form that no such file has")]
    Form,
}

impl OwnFileError {
    /// What keeps a file from being used at all.
    fn of(trouble: Trouble) -> Option<Self> {
        match trouble {
            Trouble::LostList => Some(Self::LostList),
            Trouble::TooMany => Some(Self::TooLong),
            Trouble::Form(_) => Some(Self::Form),
            Trouble::Outside { .. } | Trouble::Ragged { .. } | Trouble::InlineLength { .. } => None,
        }
    }
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

impl OwnFile {
    /// The file whose entry stands at `icb`.
    pub fn read(scan: &mut Scan<'_>, space: &Space, icb: BlockAddress) -> Result<Self, OwnFileError> {
        let at = space.locate(icb.reference, icb.block).ok_or(OwnFileError::Outside)?;
        let block = scan.reader.bytes(at, space.block_bytes as usize)?;
        let tagged = Tagged::parse(&block, icb.block)?;
        let entry = FileEntry::parse(&tagged)?.ok_or(OwnFileError::NotAnEntry(tagged.tag.identifier))?;
        let most = scan.limits.chain.into();
        let allocated = allocation::read(scan, space, &entry, at, icb, None, most);
        if let Some(error) = allocated.troubles.iter().find_map(|trouble| OwnFileError::of(*trouble)) {
            return Err(error);
        }
        let outside = allocated.troubles.iter().filter_map(|trouble| match *trouble {
            Trouble::Outside { at, inside, .. } => Some(space.beyond(at.reference, at.block, inside)),
            Trouble::Ragged { .. }
            | Trouble::LostList
            | Trouble::TooMany
            | Trouble::Form(_)
            | Trouble::InlineLength { .. } => None,
        });
        let outside: Vec<u64> = outside.collect();
        let mut content = Vec::new();
        let mut offset = 0_u64;
        for extent in &allocated.extents {
            // What lies outside is missing, and found missing where it is needed.
            if extent.kind == ExtentKind::Recorded && !outside.contains(&extent.start) {
                content.push((offset, Piece { start: extent.start, length: extent.length }));
            }
            offset = offset.saturating_add(extent.length);
        }
        Ok(Self { at, file_type: entry.file_type, size: entry.information_length, content })
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
