//! This module knows the tag in front of every UDF descriptor: ECMA-167, 3/7.2.

use crate::bytes::{Cursor, Truncated};

pub const TAG_BYTES: usize = 16;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag {
    pub identifier: u16,
    pub version: u16,
    pub checksum: u8,
    /// 0 where the standard is kept to.
    pub reserved: u8,
    pub serial: u16,
    pub crc: u16,
    /// Bytes behind the tag that the CRC covers.
    pub crc_length: u16,
    /// The block where the descriptor stands.
    pub location: u32,
}

/// A descriptor whose tag is sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tagged<'a> {
    pub tag: Tag,
    /// The whole block, tag included: the standard counts from there.
    pub block: &'a [u8],
}

/// Why a block is no descriptor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TagError {
    #[error(transparent)]
    Truncated(#[from] Truncated),
    /// Nothing was recorded here.
    #[error("all zero")]
    Unrecorded,
    #[error("the tag's checksum is wrong")]
    Checksum,
    #[error("the CRC is wrong")]
    Crc,
    #[error("the tag says that it stands at block {0}")]
    Location(u32),
}

impl Tag {
    pub fn parse(b: &mut Cursor<'_>) -> Result<Self, Truncated> {
        let (identifier, version, checksum) = (b.le_u16()?, b.le_u16()?, b.u8()?);
        Ok(Self {
            identifier,
            version,
            checksum,
            reserved: b.u8()?,
            serial: b.le_u16()?,
            crc: b.le_u16()?,
            crc_length: b.le_u16()?,
            location: b.le_u32()?,
        })
    }
}

impl<'a> Tagged<'a> {
    /// The descriptor in `block`, which stands at block number `location`.
    pub fn parse(block: &'a [u8], location: u32) -> Result<Self, TagError> {
        let mut b = Cursor::new(block, "descriptor tag");
        let head = b.clone().take(TAG_BYTES)?;
        if head.iter().all(|&byte| byte == 0) {
            return Err(TagError::Unrecorded);
        }
        let tag = Tag::parse(&mut b)?;
        let sum = head.iter().fold(0_u8, |sum, &byte| sum.wrapping_add(byte)).wrapping_sub(tag.checksum);
        if sum != tag.checksum {
            return Err(TagError::Checksum);
        }
        if crc(b.take(tag.crc_length.into())?) != tag.crc {
            return Err(TagError::Crc);
        }
        if tag.location != location {
            return Err(TagError::Location(tag.location));
        }
        Ok(Self { tag, block })
    }
}

/// ECMA-167, 3/7.2.6: x^16 + x^12 + x^5 + 1, from 0, not reflected.
///
/// Each name and each file has one, so that a list of 100,000 files spends a good part of its time here.
pub fn crc(bytes: &[u8]) -> u16 {
    let step = |power: usize, byte: u8| {
        TABLES.get(power).and_then(|table| table.get(usize::from(byte))).copied().unwrap_or_default()
    };
    let (chunks, rest) = bytes.as_chunks::<8>();
    let crc = chunks.iter().fold(0_u16, |crc, &[a, b, c, d, e, f, g, h]| {
        let [high, low] = crc.to_be_bytes();
        let front = step(7, a ^ high) ^ step(6, b ^ low) ^ step(5, c) ^ step(4, d);
        front ^ step(3, e) ^ step(2, f) ^ step(1, g) ^ step(0, h)
    });
    rest.iter().fold(crc, |crc, &byte| {
        let [high, low] = crc.to_be_bytes();
        step(0, high ^ byte) ^ u16::from_be_bytes([low, 0])
    })
}

/// What a byte does to the CRC, by how many more bytes follow it.
static TABLES: [[u16; 256]; 8] = tables();

#[expect(clippy::indexing_slicing, reason = "computed by the compiler, which checks it")]
const fn tables() -> [[u16; 256]; 8] {
    let mut tables = [[0_u16; 256]; 8];
    let mut byte = 0_u16;
    while byte < 256 {
        let mut crc = byte << 8;
        let mut power = 0;
        while power < 8 {
            let mut bit = 0;
            while bit < 8 {
                crc = if crc & 0x8000 == 0 { crc << 1 } else { crc << 1 ^ 0x1021 };
                bit += 1;
            }
            tables[power][byte as usize] = crc;
            power += 1;
        }
        byte += 1;
    }
    tables
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_crc_is_that_of_the_standards_example() {
        assert_eq!(crc(&[0x70, 0x6A, 0x77]), 0x3299);
    }

    proptest! {
        #[test]
        fn the_crc_is_that_of_bits_one_by_one(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let slow = bytes.iter().fold(0, |crc: u16, &byte| {
                (0..8).fold(crc ^ u16::from(byte) << 8, |crc, _| {
                    if crc & 0x8000 == 0 { crc << 1 } else { crc << 1 ^ 0x1021 }
                })
            });
            prop_assert_eq!(crc(&bytes), slow);
        }
    }

    #[test]
    fn a_block_of_zeros_is_no_descriptor() {
        assert_eq!(Tagged::parse(&[0; 512], 0), Err(TagError::Unrecorded));
        assert!(matches!(Tagged::parse(&[1; 10], 0), Err(TagError::Truncated(_))));
    }
}
