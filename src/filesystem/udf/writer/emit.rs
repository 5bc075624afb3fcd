//! This module knows how UDF's descriptors are put together, field by field.

use crate::bytes::Composer;
use crate::filesystem::udf::tag;

/// 2024-02-29 12:34:56.78 UTC: ECMA-167, 1/7.3.
pub const TIME: [u8; 12] = [0x00, 0x10, 0xE8, 0x07, 2, 29, 12, 34, 56, 78, 0, 0];

/// A descriptor with its tag: `body` is what follows it.
pub fn tagged(identifier: u16, version: u16, location: u32, body: &[u8]) -> Vec<u8> {
    let mut out = Composer::new();
    out.le_u16(identifier).le_u16(version).u8(0).u8(0).le_u16(1);
    out.le_u16(0).le_u16(u16::try_from(body.len()).unwrap()).le_u32(location).bytes(body);
    let mut bytes = out.finish();
    seal(&mut bytes, 0);
    bytes
}

/// Makes CRC and checksum of the descriptor at `at` right again, after bytes of it were changed.
pub fn seal(bytes: &mut [u8], at: usize) {
    let length = usize::from(u16::from_le_bytes([bytes[at + 10], bytes[at + 11]]));
    let crc = tag::crc(&bytes[at + 16..at + 16 + length]);
    bytes[at + 8..at + 10].copy_from_slice(&crc.to_le_bytes());
    bytes[at + 4] = 0;
    bytes[at + 4] = bytes[at..at + 16].iter().fold(0, |sum: u8, &byte| sum.wrapping_add(byte));
}

/// ECMA-167, 1/7.4.
pub fn regid(identifier: &[u8], suffix: &[u8]) -> Vec<u8> {
    let mut out = Composer::new();
    out.u8(0).bytes(identifier).pad_to(24).bytes(suffix).pad_to(32);
    out.finish()
}

pub fn domain(revision: u16) -> Vec<u8> {
    regid(b"*OSTA UDF Compliant", &revision.to_le_bytes())
}

/// As partition maps and tables name themselves.
pub fn udf_regid(identifier: &[u8], revision: u16) -> Vec<u8> {
    regid(identifier, &revision.to_le_bytes())
}

pub fn charspec() -> Vec<u8> {
    let mut out = Composer::new();
    out.u8(0).bytes(b"OSTA Compressed Unicode").pad_to(64);
    out.finish()
}

/// UDF 2.1.1.
pub fn cs0(text: &str) -> Vec<u8> {
    if text.is_empty() {
        return Vec::new();
    }
    let units: Vec<u16> = text.encode_utf16().collect();
    match units.iter().map(|&unit| u8::try_from(unit)).collect::<Result<Vec<u8>, _>>() {
        Ok(bytes) => [&[8], bytes.as_slice()].concat(),
        Err(_) => [vec![16], units.iter().flat_map(|unit| unit.to_be_bytes()).collect()].concat(),
    }
}

/// UDF 2.1.3.
pub fn dstring(text: &str, size: usize) -> Vec<u8> {
    let text = cs0(text);
    let mut out = Composer::new();
    out.bytes(&text).pad_to(size - 1).u8(u8::try_from(text.len()).unwrap());
    out.finish()
}

/// ECMA-167, 3/7.1; `length` in bytes.
pub fn extent(length: usize, location: u32) -> Vec<u8> {
    let mut out = Composer::new();
    out.le_u32(u32::try_from(length).unwrap()).le_u32(location);
    out.finish()
}

/// ECMA-167, 4/14.14.1; the type of an extent stands in the upper two bits of its length.
pub fn short_ad(length: u32, kind: u32, block: u32) -> Vec<u8> {
    let mut out = Composer::new();
    out.le_u32(length | kind << 30).le_u32(block);
    out.finish()
}

/// ECMA-167, 4/14.14.2, with UDF's unique id.
pub fn long_ad(length: u32, kind: u32, at: (u16, u32), unique: u32) -> Vec<u8> {
    let mut out = Composer::new();
    out.le_u32(length | kind << 30).le_u32(at.1).le_u16(at.0).le_u16(0).le_u32(unique);
    out.finish()
}

/// ECMA-167, 4/14.14.3.
pub fn ext_ad(length: u32, kind: u32, at: (u16, u32)) -> Vec<u8> {
    let mut out = Composer::new();
    out.le_u32(length | kind << 30).le_u32(length).le_u32(length).le_u32(at.1).le_u16(at.0).le_u16(0);
    out.finish()
}

/// ECMA-167, 4/14.6.
pub struct IcbTag {
    pub strategy: u16,
    pub file_type: u8,
    pub parent: (u16, u32),
    pub flags: u16,
}

impl IcbTag {
    pub fn emit(&self) -> Vec<u8> {
        let is_chained = self.strategy == 4096;
        let mut out = Composer::new();
        out.le_u32(0).le_u16(self.strategy).le_u16(u16::from(is_chained)).le_u16(if is_chained { 2 } else { 1 }).u8(0);
        out.u8(self.file_type).le_u32(self.parent.1).le_u16(self.parent.0).le_u16(self.flags);
        out.finish()
    }
}

/// ECMA-167, 4/14.9 and 4/14.17: file entry and extended file entry.
pub struct FileEntry<'a> {
    pub icb: IcbTag,
    pub is_extended: bool,
    pub permissions: u32,
    pub links: u16,
    pub size: u64,
    /// Recorded blocks.
    pub blocks: u64,
    pub unique: u64,
    /// Of an extended one: where its streams are.
    pub streams: Option<Vec<u8>>,
    /// Header and attributes.
    pub attributes: &'a [u8],
    /// Allocation descriptors, or what is in their place.
    pub allocation: &'a [u8],
}

impl FileEntry<'_> {
    pub fn emit(&self, version: u16, location: u32) -> Vec<u8> {
        let mut out = Composer::new();
        out.bytes(&self.icb.emit()).le_u32(1000).le_u32(100).le_u32(self.permissions).le_u16(self.links);
        out.u8(0).u8(0).le_u32(0).le_u64(self.size);
        if self.is_extended {
            out.le_u64(self.size);
        }
        out.le_u64(self.blocks).bytes(&TIME).bytes(&TIME);
        if self.is_extended {
            out.bytes(&TIME);
        }
        out.bytes(&TIME).le_u32(1);
        if self.is_extended {
            out.le_u32(0);
        }
        out.zeros(16);
        if self.is_extended {
            out.bytes(&self.streams.clone().unwrap_or_else(|| vec![0; 16]));
        }
        out.bytes(&regid(b"*discwright test", &[])).le_u64(self.unique);
        out.le_u32(u32::try_from(self.attributes.len()).unwrap());
        out.le_u32(u32::try_from(self.allocation.len()).unwrap());
        out.bytes(self.attributes).bytes(self.allocation);
        tagged(if self.is_extended { 266 } else { 261 }, version, location, &out.finish())
    }
}

/// ECMA-167, 4/14.4. `icb` is a long_ad.
pub fn file_identifier(version: u16, location: u32, flags: u8, name: &[u8], icb: &[u8]) -> Vec<u8> {
    let mut out = Composer::new();
    out.le_u16(1).u8(flags).u8(u8::try_from(name.len()).unwrap()).bytes(icb).le_u16(0).bytes(name);
    out.pad_to((16 + out.len()).next_multiple_of(4) - 16);
    tagged(257, version, location, &out.finish())
}
