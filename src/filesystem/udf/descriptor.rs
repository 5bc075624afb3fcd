//! This module knows the UDF volume descriptors: ECMA-167, 3/10, and the dstrings in them, UDF 2.1.1.

use crate::bytes::{Cursor, Truncated};
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;
use crate::filesystem::volume::trimmed;

use super::partition_map::PartitionMap;
use super::tag::Tagged;
use super::volume::BlockAddress;

/// Where something stands; both in the volume space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Extent {
    /// In bytes.
    pub length: u32,
    /// In logical blocks.
    pub location: u32,
}

impl Extent {
    pub(super) fn parse(b: &mut Cursor<'_>) -> Result<Self, Truncated> {
        Ok(Self { length: b.le_u32()?, location: b.le_u32()? })
    }
}

/// One descriptor of a volume descriptor sequence, as far as readers need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VolumeDescriptor {
    /// 3/10.1
    Primary {
        sequence: u32,
        label: Option<String>,
    },
    /// 3/10.2
    Anchor {
        main: Extent,
        reserve: Extent,
    },
    /// 3/10.3: the sequence goes on elsewhere.
    Pointer {
        next: Extent,
    },
    /// 3/10.4
    ImplementationUse {
        sequence: u32,
    },
    /// 3/10.5
    Partition {
        sequence: u32,
        partition: PartitionDescriptor,
    },
    /// 3/10.6
    Logical {
        sequence: u32,
        volume: LogicalVolume,
    },
    /// 3/10.8
    UnallocatedSpace {
        sequence: u32,
    },
    /// 3/10.9
    Terminating,
    Other,
}

/// 3/10.5
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartitionDescriptor {
    pub number: u16,
    /// Bit 0: space for files was set aside.
    pub flags: u16,
    /// Such as `+NSR03`.
    pub contents: [u8; 6],
    pub unallocated_table: Extent,
    pub unallocated_bitmap: Extent,
    /// 1 read only, 2 write once, 3 rewritable, 4 overwritable; 0 pseudo-overwritable.
    pub access: u32,
    /// Absolute block.
    pub start: u32,
    /// In blocks.
    pub length: u32,
}

/// 3/10.6
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogicalVolume {
    pub label: Option<String>,
    /// 128 bytes, as recorded.
    pub identifier: Vec<u8>,
    pub has_osta_charset: bool,
    pub block_bytes: u32,
    /// As UDF writes it, 0x0250 being 2.50; `None` where the domain is not OSTA's.
    pub revision: Option<u16>,
    /// Where the file set is, and how many bytes it may have.
    pub file_set: BlockAddress,
    pub file_set_bytes: u32,
    pub integrity: Extent,
    /// As far as they could be read.
    pub maps: Vec<PartitionMap>,
    /// How many it says there are, and how many bytes they have.
    pub map_count: u32,
    pub map_bytes: u32,
}

/// A block has room for no more.
const MOST_MAPS: u32 = 64;

impl VolumeDescriptor {
    pub fn parse(tagged: &Tagged<'_>) -> Result<Self, Truncated> {
        let mut b = Cursor::new(tagged.block, "UDF volume descriptor");
        b.skip(super::tag::TAG_BYTES)?;
        Ok(match tagged.tag.identifier {
            1 => {
                let sequence = b.le_u32()?;
                b.skip(4)?;
                Self::Primary { sequence, label: dstring(b.take(32)?) }
            }
            2 => Self::Anchor { main: Extent::parse(&mut b)?, reserve: Extent::parse(&mut b)? },
            3 => {
                b.skip(4)?;
                Self::Pointer { next: Extent::parse(&mut b)? }
            }
            4 => Self::ImplementationUse { sequence: b.le_u32()? },
            5 => Self::Partition { sequence: b.le_u32()?, partition: PartitionDescriptor::parse(&mut b)? },
            6 => Self::Logical { sequence: b.le_u32()?, volume: LogicalVolume::parse(&mut b)? },
            7 => Self::UnallocatedSpace { sequence: b.le_u32()? },
            8 => Self::Terminating,
            _ => Self::Other,
        })
    }

    /// Where an anchor has the main and the reserve sequence; `None` of any other descriptor.
    pub fn anchor(&self) -> Option<(Extent, Extent)> {
        match *self {
            Self::Anchor { main, reserve } => Some((main, reserve)),
            Self::Primary { .. }
            | Self::Pointer { .. }
            | Self::ImplementationUse { .. }
            | Self::UnallocatedSpace { .. }
            | Self::Partition { .. }
            | Self::Logical { .. }
            | Self::Terminating
            | Self::Other => None,
        }
    }
}

impl PartitionDescriptor {
    /// From byte 20 of the descriptor on.
    fn parse(b: &mut Cursor<'_>) -> Result<Self, Truncated> {
        let (flags, number) = (b.le_u16()?, b.le_u16()?);
        b.skip(1)?;
        let contents = b.array()?;
        b.skip(23 - 6 + 8)?;
        let (unallocated_table, unallocated_bitmap) = (Extent::parse(b)?, Extent::parse(b)?);
        b.skip(184 - 72)?;
        let (access, start, length) = (b.le_u32()?, b.le_u32()?, b.le_u32()?);
        Ok(Self { number, flags, contents, unallocated_table, unallocated_bitmap, access, start, length })
    }

    /// Read only.
    pub fn is_closed(&self) -> bool {
        self.access == 1
    }
}

impl LogicalVolume {
    /// From byte 20 of the descriptor on.
    fn parse(b: &mut Cursor<'_>) -> Result<Self, Truncated> {
        let charset = b.take(64)?;
        let has_osta_charset = charset.starts_with(b"\0OSTA Compressed Unicode");
        let identifier = b.take(128)?.to_vec();
        let block_bytes = b.le_u32()?;
        let mut domain = b.sub(32)?;
        domain.skip(1)?;
        let is_osta = domain.take(23)?.starts_with(b"*OSTA UDF Compliant");
        let revision = domain.le_u16()?;
        let file_set_bytes = b.le_u32()? & EXTENT_LENGTH;
        let file_set = BlockAddress { block: b.le_u32()?, reference: b.le_u16()? };
        b.skip(6)?;
        let (map_bytes, map_count) = (b.le_u32()?, b.le_u32()?);
        b.skip(432 - 272)?;
        let integrity = Extent::parse(b)?;
        let mut table = b.sub(usize::try_from(map_bytes).unwrap_or(usize::MAX).min(b.rest().len()))?;
        let maps = (0..map_count.min(MOST_MAPS)).map_while(|_| PartitionMap::parse(&mut table).ok()).collect();
        Ok(Self {
            label: dstring(&identifier),
            identifier,
            has_osta_charset,
            block_bytes,
            revision: is_osta.then_some(revision),
            file_set,
            file_set_bytes,
            integrity,
            maps,
            map_count,
            map_bytes,
        })
    }

    /// Of write-once discs: a partition that reaches as far as the medium, of which only a part is recorded.
    pub fn has_virtual_partition(&self) -> bool {
        self.maps.iter().any(|map| matches!(map, PartitionMap::Virtual { .. }))
    }
}

/// The upper two bits of an extent's length are its type.
const EXTENT_LENGTH: u32 = 0x3FFF_FFFF;

/// What is wrong with the way in which a dstring is kept; an empty one is sound, and so is one of zeros.
fn dstring_problem(field: &[u8]) -> Option<String> {
    let (&length, text) = field.split_last()?;
    if length == 0 {
        return None;
    }
    let Some(text) = text.get(..usize::from(length)) else {
        return Some(format!("it has {length} bytes, and there is room for {}", text.len()));
    };
    let (&compression, characters) = text.split_first()?;
    match compression {
        8 => None,
        16 if characters.len().is_multiple_of(2) => None,
        16 => Some(format!("{} bytes are no characters of two bytes each", characters.len())),
        other => Some(format!("its characters are kept in form {other}, where there are 8 and 16")),
    }
}

/// U12, of the dstring `field` at byte `at`, by the name of `what`.
pub fn judge_dstring(scan: &mut Scan<'_>, at: u64, field: &[u8], what: &'static str) {
    if let Some(problem) = dstring_problem(field) {
        scan.find(Rule::U12, at, what, || format!("{what} is not well kept: {problem}"));
    }
}

/// UDF 2.1.3: the last byte is the length in use, the first of those tells how the characters are kept.
pub fn dstring(field: &[u8]) -> Option<String> {
    let (&length, text) = field.split_last()?;
    let text = text.get(..usize::from(length)).unwrap_or(text);
    let (&compression, text) = text.split_first()?;
    let decoded = match compression {
        8 | 254 => text.iter().map(|&c| char::from(c)).collect::<String>(),
        16 | 255 => {
            let (units, _) = text.as_chunks::<2>();
            let units = units.iter().map(|&unit| u16::from_be_bytes(unit));
            char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        _ => return None,
    };
    trimmed(&decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dstring_that_is_not_well_kept_is_told() {
        for sound in [&b"\x08AB\0\x03"[..], b"\x10\x26\x05\0\x03", b"\0\0\0\0", b"\x08\0\0\0"] {
            assert_eq!(dstring_problem(sound), None, "{sound:?}");
        }
        for wrong in [&b"\x08AB\x04"[..], b"\x09AB\0\x03", b"\x10\x26\0\0\x02"] {
            assert!(dstring_problem(wrong).is_some(), "{wrong:?}");
        }
    }

    #[test]
    fn characters_are_kept_in_one_byte_or_in_two() {
        assert_eq!(dstring(b"\x08Caf\xE9\0\0\0\x05").as_deref(), Some("Café"));
        assert_eq!(dstring(b"\x10\x26\x05\0 \0\x05").as_deref(), Some("★"));
        assert_eq!(dstring(b"\x08AB\xFF").as_deref(), Some("AB"));
        for nothing in [&b""[..], b"\0", b"\x08\x01", b"\x07A\x02", b"\x08  \x03"] {
            assert_eq!(dstring(nothing), None);
        }
    }
}
