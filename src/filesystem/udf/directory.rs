//! This module knows the names in a directory of UDF: file identifier descriptors, ECMA-167, 4/14.4.

use std::ops::Range;

use super::block::PathOf;
use super::icb::LongAllocation;
use super::tag::{Tag, TagError, Tagged};
use crate::bytes::{Cursor, Truncated, bit};
use crate::filesystem::extent::{Extent, ExtentKind};
use crate::filesystem::reader::ReadError;
use crate::filesystem::scan::Scan;
use crate::sector::SECTOR_BYTES;

pub const FILE_IDENTIFIER: u16 = 257;
/// Without name and implementation use.
const LEAST_BYTES: usize = 38;

/// The fields of a name under those of the standard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileIdentifier<'a> {
    pub tag: Tag,
    pub version: u16,
    pub is_hidden: bool,
    pub is_directory: bool,
    pub is_deleted: bool,
    pub is_parent: bool,
    /// Bits that nobody has a use for.
    pub reserved: u8,
    pub icb: LongAllocation,
    /// As recorded: OSTA's compressed Unicode.
    pub name: &'a [u8],
    /// To the next one, in bytes.
    pub length: usize,
}

impl<'a> FileIdentifier<'a> {
    fn parse(bytes: &'a [u8]) -> Result<Self, Truncated> {
        let mut b = Cursor::new(bytes, "file identifier");
        let tag = Tag::parse(&mut b)?;
        let (version, flags, name_length) = (b.le_u16()?, b.u8()?, b.u8()?);
        let icb = LongAllocation::parse(&mut b)?;
        let use_length = b.le_u16()?;
        b.skip(use_length.into())?;
        let name = b.take(name_length.into())?;
        let length = b.position().next_multiple_of(4);
        Ok(Self {
            tag,
            version,
            is_hidden: bit(flags, 0),
            is_directory: bit(flags, 1),
            is_deleted: bit(flags, 2),
            is_parent: bit(flags, 3),
            reserved: flags & 0xE0,
            icb,
            name,
            length,
        })
    }
}

/// One step through a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step<'a> {
    /// With what is wrong with its tag, if anything that leaves it readable is.
    Name { offset: usize, name: FileIdentifier<'a>, trouble: Option<TagError> },
    /// From there on nothing can be made of so many bytes.
    Garbage { offset: usize, length: usize },
}

/// Goes through the content of a directory.
pub struct Steps<'a> {
    bytes: &'a [u8],
    offset: usize,
    /// Bytes that may be summed up in the search for a name behind garbage: one may seem to begin anywhere.
    search_left: usize,
}

/// Of such bytes, for each byte of the directory.
const SEARCHES: usize = 8;

impl<'a> Steps<'a> {
    pub fn over(bytes: &'a [u8]) -> Self {
        Self { bytes, offset: 0, search_left: bytes.len().saturating_mul(SEARCHES) }
    }

    /// What stands at `offset`, if it is a name. Where it should stand is not asked.
    fn name_at(&self, offset: usize) -> Option<(FileIdentifier<'a>, Option<TagError>)> {
        let rest = self.bytes.get(offset..)?;
        let name = FileIdentifier::parse(rest).ok()?;
        if name.tag.identifier != FILE_IDENTIFIER {
            return None;
        }
        let inside = rest.get(..name.length.min(rest.len()))?;
        match Tagged::parse(inside, name.tag.location) {
            Ok(_) => Some((name, None)),
            // The head of the tag holds, so that the lengths are worth a try.
            Err(error @ (TagError::Crc | TagError::Truncated(_))) => Some((name, Some(error))),
            Err(TagError::Unrecorded | TagError::Checksum | TagError::Location(_)) => None,
        }
    }

    /// Names begin at multiples of four: the next one that is whole, or the end.
    fn search(&mut self, from: usize) -> usize {
        for offset in (from..self.bytes.len()).step_by(4) {
            if let Some((name, trouble)) = self.name_at(offset) {
                if trouble.is_none() {
                    return offset;
                }
                match self.search_left.checked_sub(name.length) {
                    Some(left) => self.search_left = left,
                    None => break,
                }
            }
        }
        self.bytes.len()
    }
}

impl<'a> Iterator for Steps<'a> {
    type Item = Step<'a>;

    fn next(&mut self) -> Option<Step<'a>> {
        let offset = self.offset;
        let left = self.bytes.len().saturating_sub(offset);
        if left < LEAST_BYTES {
            self.offset = self.bytes.len();
            return (left > 0).then_some(Step::Garbage { offset, length: left });
        }
        let Some((name, trouble)) = self.name_at(offset) else {
            self.offset = self.search(offset.saturating_add(4));
            return Some(Step::Garbage { offset, length: self.offset.saturating_sub(offset) });
        };
        let behind = offset.saturating_add(name.length);
        // A length that is not to be believed must not hide names.
        let is_believed = trouble.is_none()
            || behind == self.bytes.len()
            || self.name_at(behind).is_some_and(|(_, error)| error.is_none());
        self.offset = if is_believed { behind } else { self.search(offset.saturating_add(4)) };
        Some(Step::Name { offset, name, trouble })
    }
}

/// The bytes of a directory, as far as they can be had.
#[derive(Debug, Default)]
pub struct Names {
    pub bytes: Vec<u8>,
    /// Bytes from there to there were lost, and are zeros.
    pub lost: Vec<Range<usize>>,
    pub is_cut: bool,
}

impl Names {
    /// What stands in `extents`, as far as limits go. What cannot be read is told as part of `what`.
    pub fn read(scan: &mut Scan<'_>, extents: &[Extent], what: &'static str, path: PathOf<'_>) -> Self {
        let most = usize::try_from(scan.limits.directory_bytes).unwrap_or(usize::MAX);
        let mut names = Self::default();
        for extent in extents {
            let mut at = extent.start;
            let mut is_told = false;
            while at < extent.end() {
                if names.bytes.len() >= most {
                    scan.cut(what, "it claims to be larger than any directory is");
                    names.is_cut = true;
                    return names;
                }
                // Up to the end of a sector, since each is there or is not.
                let to_end = SECTOR_BYTES as u64 - at % SECTOR_BYTES as u64;
                let count = usize::try_from(to_end.min(extent.end() - at)).unwrap_or(SECTOR_BYTES);
                let read = match extent.kind {
                    ExtentKind::Recorded => scan.reader.bytes(at, count),
                    ExtentKind::Unrecorded | ExtentKind::Hole => Ok(vec![0; count]),
                };
                let from = names.bytes.len();
                match read {
                    Ok(part) => names.bytes.extend_from_slice(&part),
                    Err(error) => {
                        if !is_told {
                            scan.unread_of(error, at, what, path);
                            is_told = true;
                        }
                        if matches!(error, ReadError::Over | ReadError::Beyond { .. }) {
                            names.lost.push(from..usize::MAX);
                            return names;
                        }
                        names.bytes.resize(from.saturating_add(count), 0);
                        names.lost.push(from..from.saturating_add(count));
                    }
                }
                at = at.saturating_add(count as u64);
            }
        }
        names
    }

    /// Whether garbage from `offset` on comes of what was lost.
    pub fn is_lost(&self, offset: usize, length: usize) -> bool {
        let end = offset.saturating_add(length);
        self.lost.iter().any(|lost| lost.start <= end && offset < lost.end)
    }
}
