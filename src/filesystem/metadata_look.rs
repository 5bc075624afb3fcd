//! This module knows by a sector's first bytes whether it is likely to be more than a file's content.

use super::probe::has;
use crate::bytes::Cursor;
use crate::sector::SECTOR_BYTES;

/// UDF may have blocks of 512 bytes.
const SMALLEST_BLOCK: usize = 512;

/// Whether a parser may want to read this sector. Content may look so by accident, and the middle of a long table need not
/// look like anything.
pub fn looks_like_metadata(sector: &[u8; SECTOR_BYTES]) -> bool {
    is_volume_descriptor(sector)
        || begins_with_record(sector)
        || begins_with_system_use(sector)
        || has(sector, 0, b"libisofs_")
        || sector.chunks(SMALLEST_BLOCK).any(begins_with_tag)
}

/// ECMA-119 8.1, ECMA-167 2/9.1, and High Sierra's.
fn is_volume_descriptor(sector: &[u8]) -> bool {
    let ids: [&[u8]; 5] = [b"CD001", b"BEA01", b"NSR0", b"TEA01", b"BOOT2"];
    ids.iter().any(|id| has(sector, 1, id)) || has(sector, 9, b"CDROM")
}

/// ECMA-119 9.1: a directory record has its numbers in both byte orders.
fn begins_with_record(sector: &[u8]) -> bool {
    let parsed = || {
        let mut b = Cursor::new(sector, "directory record");
        let (length, _) = (b.u8().ok()?, b.u8().ok()?);
        let (extent, extent_again) = (b.le_u32().ok()?, b.be_u32().ok()?);
        let (size, size_again) = (b.le_u32().ok()?, b.be_u32().ok()?);
        Some(
            length >= 34
                && extent == extent_again
                && size == size_again
                && (extent, size) != (0, 0)
                && extent != u32::MAX,
        )
    };
    parsed() == Some(true)
}

/// IEEE P1281 4: a continuation area begins with an entry.
fn begins_with_system_use(sector: &[u8]) -> bool {
    const SIGNATURES: [&[u8]; 10] = [b"PX", b"NM", b"SL", b"CE", b"ER", b"TF", b"RR", b"AL", b"ZF", b"CL"];
    SIGNATURES.iter().any(|signature| has(sector, 0, signature)) && has(sector, 3, &[1])
}

/// ECMA-167 3/7.2: a tag's fifth byte sums up the other fifteen.
fn begins_with_tag(block: &[u8]) -> bool {
    let parsed = || {
        let mut b = Cursor::new(block, "tag");
        let tag = b.take(16).ok()?;
        let mut b = Cursor::new(tag, "tag");
        let (id, version, sum, reserved) = (b.le_u16().ok()?, b.le_u16().ok()?, b.u8().ok()?, b.u8().ok()?);
        let total = tag.iter().fold(0_u8, |total, byte| total.wrapping_add(*byte));
        let is_known = matches!(id, 0..=9 | 256..=266) && matches!(version, 2 | 3) && reserved == 0;
        Some(is_known && total.wrapping_sub(sum) == sum)
    };
    parsed() == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sector(bytes: &[u8], at: usize) -> [u8; SECTOR_BYTES] {
        let mut sector = [0; SECTOR_BYTES];
        sector[at..at + bytes.len()].copy_from_slice(bytes);
        sector
    }

    #[test]
    fn descriptors_directories_and_tags_are_known() {
        assert!(looks_like_metadata(&sector(b"\x01CD001\x01", 0)));
        assert!(looks_like_metadata(&sector(b"\x22\0\x17\0\0\0\0\0\0\x17\0\x08\0\0\0\0\x08\0", 0)));
        assert!(looks_like_metadata(&sector(b"NM\x0A\x01\0name", 0)));
        // A terminating descriptor: 8 and version 2 sum up to 10.
        assert!(looks_like_metadata(&sector(b"\x08\0\x02\0\x0A\0", 512)));
    }

    #[test]
    fn content_is_not() {
        for content in [b"".as_slice(), b"\xFF\xD8\xFF\xE0\0\x10JFIF", b"\x7FELF\x02\x01\x01", b"NM: some text"] {
            assert!(!looks_like_metadata(&sector(content, 0)), "{content:?}");
        }
        assert!(!looks_like_metadata(&[0xFF; SECTOR_BYTES]));
    }
}
