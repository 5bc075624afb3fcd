//! This module knows READ: user data, 2048 bytes a sector.

use super::Command;
use crate::bytes::bit;
use crate::scsi::Cdb;
use crate::sector::{Lba, SectorCount};

/// READ (10) (28h), MMC-5 6.15. No sectors is no transfer, and good status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Read10 {
    pub start: Lba,
    /// Sectors.
    pub count: u16,
    /// Disable page out: need not stay in the cache.
    pub dpo: bool,
    /// Force unit access: from the medium, not from the cache. Some drives refuse it.
    pub fua: bool,
}

/// READ (12) (A8h), MMC-5 6.16.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Read12 {
    pub start: Lba,
    pub count: SectorCount,
    /// Disable page out: need not stay in the cache.
    pub dpo: bool,
    /// Force unit access: from the medium, not from the cache. Some drives refuse it.
    pub fua: bool,
    /// Time before correctness: wrong data may come with good status.
    pub streaming: bool,
}

impl Command for Read10 {
    const OPCODE: u8 = 0x28;

    fn cdb(&self) -> Cdb {
        let [s0, s1, s2, s3] = self.start.0.to_be_bytes();
        let [c0, c1] = self.count.to_be_bytes();
        let flags = u8::from(self.dpo) << 4 | u8::from(self.fua) << 3;
        Cdb::new([Self::OPCODE, flags, s0, s1, s2, s3, 0, c0, c1, 0])
    }

    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        let &[Self::OPCODE, flags, s0, s1, s2, s3, _, c0, c1, _] = cdb.as_bytes() else { return None };
        Some(Self {
            start: Lba(u32::from_be_bytes([s0, s1, s2, s3])),
            count: u16::from_be_bytes([c0, c1]),
            dpo: bit(flags, 4),
            fua: bit(flags, 3),
        })
    }
}

impl Command for Read12 {
    const OPCODE: u8 = 0xA8;

    fn cdb(&self) -> Cdb {
        let [s0, s1, s2, s3] = self.start.0.to_be_bytes();
        let [c0, c1, c2, c3] = self.count.0.to_be_bytes();
        let streaming = u8::from(self.streaming) << 7;
        let flags = u8::from(self.dpo) << 4 | u8::from(self.fua) << 3;
        Cdb::new([Self::OPCODE, flags, s0, s1, s2, s3, c0, c1, c2, c3, streaming, 0])
    }

    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        let &[Self::OPCODE, flags, s0, s1, s2, s3, c0, c1, c2, c3, streaming, _] = cdb.as_bytes() else {
            return None;
        };
        Some(Self {
            start: Lba(u32::from_be_bytes([s0, s1, s2, s3])),
            count: SectorCount(u32::from_be_bytes([c0, c1, c2, c3])),
            dpo: bit(flags, 4),
            fua: bit(flags, 3),
            streaming: bit(streaming, 7),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::both_ways::command_survives;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sixteen_sectors_from_the_volume_descriptor_on() {
        let read = Read10 { start: Lba(16), count: 32, dpo: false, fua: true };
        assert_eq!(read.cdb().as_bytes(), [0x28, 0x08, 0, 0, 0, 16, 0, 0, 32, 0]);
        let golden = Cdb::new([0xA8, 0x10, 0x03, 0xB9, 0xAD, 0xFF, 0, 1, 0, 0, 0x80, 0]);
        let (start, count) = (Lba(62_500_351), SectorCount(65_536));
        assert_eq!(Read12::from_cdb(&golden), Some(Read12 { start, count, dpo: true, fua: false, streaming: true }));
    }

    #[test]
    fn both_survive_the_wire() {
        command_survives(any::<(u32, u16, bool, bool)>().prop_map(|(start, count, dpo, fua)| Read10 {
            start: Lba(start),
            count,
            dpo,
            fua,
        }));
        command_survives(any::<(u32, u32, bool, bool, bool)>().prop_map(|(start, count, dpo, fua, streaming)| {
            Read12 { start: Lba(start), count: SectorCount(count), dpo, fua, streaming }
        }));
    }
}
