//! This module knows WRITE: user data, on its way to the disc.

use super::Command;
use crate::bytes::bit;
use crate::scsi::Cdb;
use crate::sector::{Lba, SectorCount};

/// WRITE (10) (2Ah), MMC-5 6.46. On a CD an address above FFFF0000h is one before sector 0, in two's complement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Write10 {
    pub start: Lba,
    /// Blocks, of the size that the write parameters say; 2048 bytes where they say nothing.
    pub count: u16,
    /// Force unit access: on the medium before the status comes.
    pub fua: bool,
}

/// WRITE (12) (AAh), MMC-5 6.47.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Write12 {
    pub start: Lba,
    pub count: SectorCount,
    pub fua: bool,
    /// Time before correctness: the drive does not read back what it wrote.
    pub streaming: bool,
}

/// WRITE AND VERIFY (10) (2Eh), MMC-5 6.48: good status once the data reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WriteAndVerify10 {
    pub start: Lba,
    pub count: u16,
}

impl Command for Write10 {
    const OPCODE: u8 = 0x2A;

    fn cdb(&self) -> Cdb {
        let ([s0, s1, s2, s3], [c0, c1]) = (self.start.0.to_be_bytes(), self.count.to_be_bytes());
        Cdb::new([Self::OPCODE, u8::from(self.fua) << 3, s0, s1, s2, s3, 0, c0, c1, 0])
    }

    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        let &[Self::OPCODE, flags, s0, s1, s2, s3, _, c0, c1, _] = cdb.as_bytes() else { return None };
        let start = Lba(u32::from_be_bytes([s0, s1, s2, s3]));
        Some(Self { start, count: u16::from_be_bytes([c0, c1]), fua: bit(flags, 3) })
    }
}

impl Command for Write12 {
    const OPCODE: u8 = 0xAA;

    fn cdb(&self) -> Cdb {
        let ([s0, s1, s2, s3], [c0, c1, c2, c3]) = (self.start.0.to_be_bytes(), self.count.0.to_be_bytes());
        let (fua, streaming) = (u8::from(self.fua) << 3, u8::from(self.streaming) << 7);
        Cdb::new([Self::OPCODE, fua, s0, s1, s2, s3, c0, c1, c2, c3, streaming, 0])
    }

    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        let &[Self::OPCODE, flags, s0, s1, s2, s3, c0, c1, c2, c3, streaming, _] = cdb.as_bytes() else {
            return None;
        };
        Some(Self {
            start: Lba(u32::from_be_bytes([s0, s1, s2, s3])),
            count: SectorCount(u32::from_be_bytes([c0, c1, c2, c3])),
            fua: bit(flags, 3),
            streaming: bit(streaming, 7),
        })
    }
}

impl Command for WriteAndVerify10 {
    const OPCODE: u8 = 0x2E;

    fn cdb(&self) -> Cdb {
        let ([s0, s1, s2, s3], [c0, c1]) = (self.start.0.to_be_bytes(), self.count.to_be_bytes());
        Cdb::new([Self::OPCODE, 0, s0, s1, s2, s3, 0, c0, c1, 0])
    }

    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        let &[Self::OPCODE, _, s0, s1, s2, s3, _, c0, c1, _] = cdb.as_bytes() else { return None };
        Some(Self { start: Lba(u32::from_be_bytes([s0, s1, s2, s3])), count: u16::from_be_bytes([c0, c1]) })
    }
}

#[cfg(test)]
mod tests {
    use super::super::both_ways::command_survives;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_pre_gap_of_a_cd_lies_before_sector_0() {
        let gap = Cdb::new([0x2A, 0, 0xFF, 0xFF, 0xFF, 0x6A, 0, 0, 31, 0]);
        assert_eq!(Write10::from_cdb(&gap), Some(Write10 { start: Lba(0xFFFF_FF6A), count: 31, fua: false }));
    }

    #[test]
    fn a_cluster_is_streamed() {
        let write = Write12 { start: Lba(64), count: SectorCount(32), fua: false, streaming: true };
        assert_eq!(write.cdb().as_bytes(), [0xAA, 0, 0, 0, 0, 64, 0, 0, 0, 32, 0x80, 0]);
    }

    #[test]
    fn all_three_survive_the_wire() {
        let ten = any::<(u32, u16, bool)>();
        command_survives(ten.prop_map(|(start, count, fua)| Write10 { start: Lba(start), count, fua }));
        let twelve = any::<(u32, u32, bool, bool)>();
        command_survives(twelve.prop_map(|(start, count, fua, streaming)| Write12 {
            start: Lba(start),
            count: SectorCount(count),
            fua,
            streaming,
        }));
        command_survives(any::<(u32, u16)>().prop_map(|(start, count)| WriteAndVerify10 { start: Lba(start), count }));
    }
}
