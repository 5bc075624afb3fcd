//! This module knows READ CAPACITY: what the drive claims to be the end of the disc.

use super::{Answer, Command};
use crate::bytes::{Composer, Cursor, Truncated};
use crate::scsi::Cdb;
use crate::sector::{Lba, SectorCount};

/// READ CAPACITY (25h), MMC-5 6.19.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadCapacity;

impl Command for ReadCapacity {
    const OPCODE: u8 = 0x25;

    fn cdb(&self) -> Cdb {
        Cdb::new([Self::OPCODE, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    }

    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        matches!(cdb.as_bytes(), [Self::OPCODE, _, _, _, _, _, _, _, _, _]).then_some(Self)
    }
}

/// The answer to READ CAPACITY, 8 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capacity {
    /// The last sector that can be addressed, not the number of sectors.
    pub last: Lba,
    /// Bytes; 2048 on every disc this program reads, whatever old drives say.
    pub block_length: u32,
}

impl Capacity {
    /// `None` where the last sector is the last address there is, which no disc has.
    pub fn sectors(&self) -> Option<SectorCount> {
        self.last.0.checked_add(1).map(SectorCount)
    }
}

impl Answer for Capacity {
    fn parse(bytes: &[u8]) -> Result<Self, Truncated> {
        let mut b = Cursor::new(bytes, "READ CAPACITY");
        Ok(Self { last: Lba(b.be_u32()?), block_length: b.be_u32()? })
    }

    fn emit(&self) -> Vec<u8> {
        let mut out = Composer::new();
        out.be_u32(self.last.0).be_u32(self.block_length);
        out.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::super::both_ways::{answer_survives, command_survives};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_full_single_layer_dvd_ends_at_2298495() {
        let golden = [0x00, 0x23, 0x12, 0x7F, 0x00, 0x00, 0x08, 0x00];
        let capacity = Capacity { last: Lba(2_298_495), block_length: 2048 };
        assert_eq!(Capacity::parse(&golden), Ok(capacity));
        assert_eq!(capacity.sectors(), Some(SectorCount(2_298_496)));
        assert_eq!(capacity.emit(), golden);
    }

    #[test]
    fn nonsense_is_no_size() {
        assert_eq!(Capacity { last: Lba(u32::MAX), block_length: 0 }.sectors(), None);
        assert!(Capacity::parse(&[0; 7]).is_err());
    }

    #[test]
    fn it_survives_the_wire() {
        assert_eq!(ReadCapacity.cdb().as_bytes(), [0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        command_survives(Just(ReadCapacity));
        answer_survives(
            any::<(u32, u32)>().prop_map(|(last, block_length)| Capacity { last: Lba(last), block_length }),
        );
    }
}
