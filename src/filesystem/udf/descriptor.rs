//! This module knows the UDF volume descriptors: ECMA-167, 3/10, and the dstrings in them, UDF 2.1.1.

use crate::bytes::{Cursor, Truncated};
use crate::filesystem::volume::trimmed;

use super::tag::Tagged;

/// Where something stands; both in the volume space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Extent {
    /// In bytes.
    pub length: u32,
    /// In logical blocks.
    pub location: u32,
}

impl Extent {
    fn parse(b: &mut Cursor<'_>) -> Result<Self, Truncated> {
        Ok(Self { length: b.le_u32()?, location: b.le_u32()? })
    }
}

/// One descriptor of a volume descriptor sequence, as far as a first look needs it.
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
    /// 3/10.5; in blocks.
    Partition {
        sequence: u32,
        number: u16,
        start: u32,
        length: u32,
    },
    /// 3/10.6
    Logical {
        sequence: u32,
        volume: LogicalVolume,
    },
    /// 3/10.9
    Terminating,
    Other,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogicalVolume {
    pub label: Option<String>,
    pub block_bytes: u32,
    /// As UDF writes it, 0x0250 being 2.50; `None` where the domain is not OSTA's.
    pub revision: Option<u16>,
    /// Of write-once discs: a partition that reaches as far as the medium, of which only a part is recorded.
    pub has_virtual_partition: bool,
}

/// The standard allows more; readers give up earlier.
const MOST_MAPS: u32 = 16;

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
            5 => {
                let sequence = b.le_u32()?;
                b.skip(2)?;
                let number = b.le_u16()?;
                b.skip(188 - 24)?;
                Self::Partition { sequence, number, start: b.le_u32()?, length: b.le_u32()? }
            }
            6 => Self::Logical { sequence: b.le_u32()?, volume: LogicalVolume::parse(&mut b)? },
            8 => Self::Terminating,
            _ => Self::Other,
        })
    }
}

impl LogicalVolume {
    /// From byte 20 of the descriptor on.
    fn parse(b: &mut Cursor<'_>) -> Result<Self, Truncated> {
        b.skip(64)?;
        let label = dstring(b.take(128)?);
        let block_bytes = b.le_u32()?;
        let mut domain = b.sub(32)?;
        domain.skip(1)?;
        let is_osta = domain.take(23)?.starts_with(b"*OSTA UDF Compliant");
        let revision = domain.le_u16()?;
        b.skip(16)?;
        let (maps_bytes, maps) = (b.le_u32()?, b.le_u32()?);
        b.skip(440 - 272)?;
        let mut table = b.sub(usize::try_from(maps_bytes).unwrap_or(usize::MAX).min(b.rest().len()))?;
        let mut has_virtual_partition = false;
        for _ in 0..maps.min(MOST_MAPS) {
            let (Ok(_kind), Ok(length)) = (table.u8(), table.u8()) else { break };
            let Ok(map) = table.take(usize::from(length).saturating_sub(2)) else { break };
            // A flag byte and two reserved ones stand before the identifier.
            has_virtual_partition |= map.get(3..).is_some_and(|id| id.starts_with(b"*UDF Virtual Partition"));
        }
        Ok(Self { label, block_bytes, revision: is_osta.then_some(revision), has_virtual_partition })
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
    fn characters_are_kept_in_one_byte_or_in_two() {
        assert_eq!(dstring(b"\x08Caf\xE9\0\0\0\x05").as_deref(), Some("Café"));
        assert_eq!(dstring(b"\x10\x26\x05\0 \0\x05").as_deref(), Some("★"));
        assert_eq!(dstring(b"\x08AB\xFF").as_deref(), Some("AB"));
        for nothing in [&b""[..], b"\0", b"\x08\x01", b"\x07A\x02", b"\x08  \x03"] {
            assert_eq!(dstring(nothing), None);
        }
    }
}
