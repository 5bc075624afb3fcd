//! This module knows how a record says that its file is compressed: ZF, as zisofs-tools and libisofs write it.

use crate::bytes::{Cursor, Truncated};
use crate::filesystem::tree::Zisofs;

/// What the entry says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compression {
    /// And the bytes of the file once unpacked.
    Zisofs(Zisofs, u64),
    /// By a method of these letters.
    Unknown([u8; 2]),
    /// With blocks of a size that there is not.
    BlockSize(u8),
}

impl Compression {
    /// Bytes of a block, as powers of two, of versions 1 and 2.
    const BLOCKS: [std::ops::RangeInclusive<u8>; 2] = [15..=17, 15..=20];

    pub fn parse(payload: &[u8]) -> Result<Self, Truncated> {
        let mut b = Cursor::new(payload, "ZF");
        let method = b.array()?;
        let (header, block_log2) = (u16::from(b.u8()?) * 4, b.u8()?);
        let [first, second] = Self::BLOCKS;
        let (version, blocks, unpacked) = match &method {
            b"pz" => (1, first, u64::from(b.le_u32()?)),
            b"PZ" => (2, second, b.le_u64()?),
            _ => return Ok(Self::Unknown(method)),
        };
        if !blocks.contains(&block_log2) {
            return Ok(Self::BlockSize(block_log2));
        }
        Ok(Self::Zisofs(Zisofs { version, header, block_log2, stored: 0 }, unpacked))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_versions_say_how_large_the_file_is() {
        let first = Compression::parse(b"pz\x04\x0F\x7E\x68\x04\0\0\x04\x68\x7E").unwrap();
        let zisofs = Zisofs { version: 1, header: 16, block_log2: 15, stored: 0 };
        assert_eq!(first, Compression::Zisofs(zisofs, 288_894));
        let second = Compression::parse(b"PZ\x06\x11\x7E\x68\x04\0\x01\0\0\0").unwrap();
        let zisofs = Zisofs { version: 2, header: 24, block_log2: 17, stored: 0 };
        assert_eq!(second, Compression::Zisofs(zisofs, (1 << 32) + 288_894));
    }

    #[test]
    fn what_cannot_be_unpacked_is_known_as_such() {
        assert_eq!(Compression::parse(b"xz\x04\x0F\0\0\0\0\0\0\0\0"), Ok(Compression::Unknown(*b"xz")));
        assert_eq!(Compression::parse(b"pz\x04\x12\0\0\0\0\0\0\0\0"), Ok(Compression::BlockSize(18)));
        assert!(Compression::parse(b"pz\x04\x0F\0\0\0").is_err());
    }
}
