//! This module knows the header of a compressed file, which says the same as the entry of its directory record.

use crate::bytes::{Cursor, Truncated};
use crate::filesystem::tree::Zisofs;

const MAGIC_1: [u8; 8] = [0x37, 0xE4, 0x53, 0x96, 0xC9, 0xDB, 0xD6, 0x07];
const MAGIC_2: [u8; 8] = [0xEF, 0x22, 0x55, 0xA1, 0xBC, 0x1B, 0x95, 0xA0];
/// zlib, the only one that there is.
const METHOD: u8 = 1;
/// Of the longer one.
pub(super) const BYTES: usize = 24;

/// Where header and record differ. `Display` is a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HeaderFault {
    #[error("a file that is to be compressed does not begin as one of zisofs version {version}")]
    Magic { version: u8 },
    #[error("a compressed file has a header of {found} bytes, and of {expected} by its record")]
    Header { found: u16, expected: u16 },
    #[error("a compressed file has blocks of 2 to the power of {found} bytes, and of {expected} by its record")]
    Block { found: u8, expected: u8 },
    #[error("a compressed file has {found} bytes once unpacked, and {expected} by its record")]
    Size { found: u64, expected: u64 },
    #[error("a compressed file was compressed by method {0}, and only 1 is known")]
    Method(u8),
}

/// In bytes.
pub(super) fn length(version: u8) -> usize {
    if version == 1 { 16 } else { BYTES }
}

pub(super) fn check(bytes: &[u8], zisofs: &Zisofs, size: u64) -> Result<(), HeaderFault> {
    let none = HeaderFault::Magic { version: zisofs.version };
    let header = if zisofs.version == 1 { first(bytes) } else { second(bytes) };
    let Ok((magic, method, found)) = header else { return Err(none) };
    if magic != if zisofs.version == 1 { MAGIC_1 } else { MAGIC_2 } {
        return Err(none);
    }
    if method != METHOD {
        return Err(HeaderFault::Method(method));
    }
    let (header, block_log2, unpacked) = found;
    if header != zisofs.header {
        return Err(HeaderFault::Header { found: header, expected: zisofs.header });
    }
    if block_log2 != zisofs.block_log2 {
        return Err(HeaderFault::Block { found: block_log2, expected: zisofs.block_log2 });
    }
    if unpacked != size {
        return Err(HeaderFault::Size { found: unpacked, expected: size });
    }
    Ok(())
}

/// Bytes of the header, bytes of a block as a power of two, bytes of the file once unpacked.
type Said = (u16, u8, u64);

fn first(bytes: &[u8]) -> Result<([u8; 8], u8, Said), Truncated> {
    let mut b = Cursor::new(bytes, "zisofs header");
    let (magic, size) = (b.array()?, b.le_u32()?);
    Ok((magic, METHOD, (u16::from(b.u8()?) * 4, b.u8()?, size.into())))
}

fn second(bytes: &[u8]) -> Result<([u8; 8], u8, Said), Truncated> {
    let mut b = Cursor::new(bytes, "zisofs header");
    let magic = b.array()?;
    b.skip(1)?;
    let (header, method, block_log2) = (u16::from(b.u8()?) * 4, b.u8()?, b.u8()?);
    Ok((magic, method, (header, block_log2, b.le_u64()?)))
}
