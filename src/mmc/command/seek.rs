//! This module knows SEEK: the head moves, and nothing is read.

use super::Command;
use crate::scsi::Cdb;
use crate::sector::Lba;

/// SEEK (10) (2Bh), MMC-5 6.32.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seek10 {
    pub to: Lba,
}

impl Command for Seek10 {
    const OPCODE: u8 = 0x2B;

    fn cdb(&self) -> Cdb {
        let [l0, l1, l2, l3] = self.to.0.to_be_bytes();
        Cdb::new([Self::OPCODE, 0, l0, l1, l2, l3, 0, 0, 0, 0])
    }

    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        let &[Self::OPCODE, _, l0, l1, l2, l3, _, _, _, _] = cdb.as_bytes() else { return None };
        Some(Self { to: Lba(u32::from_be_bytes([l0, l1, l2, l3])) })
    }
}

#[cfg(test)]
mod tests {
    use super::super::both_ways::command_survives;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_address_stands_where_a_read_has_it() {
        assert_eq!(Seek10 { to: Lba(0x0102_0304) }.cdb().as_bytes(), [0x2B, 0, 1, 2, 3, 4, 0, 0, 0, 0]);
    }

    #[test]
    fn it_survives_the_wire() {
        command_survives(any::<u32>().prop_map(|to| Seek10 { to: Lba(to) }));
    }
}
