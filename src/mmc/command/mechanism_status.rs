//! This module knows MECHANISM STATUS: changer, slots, and whether the door is open.

use super::{Answer, Command, length::as_u16};
use crate::bytes::{Composer, Cursor, Truncated, bit, bits};
use crate::scsi::Cdb;

/// MECHANISM STATUS (BDh), MMC-5 6.11. The kernel lets only administrators send it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MechanismStatus {
    /// Bytes; 8 is all but the slots.
    pub allocation: u16,
}

impl Command for MechanismStatus {
    const OPCODE: u8 = 0xBD;

    fn cdb(&self) -> Cdb {
        let [a0, a1] = self.allocation.to_be_bytes();
        Cdb::new([Self::OPCODE, 0, 0, 0, 0, 0, 0, 0, a0, a1, 0, 0])
    }

    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        let &[Self::OPCODE, _, _, _, _, _, _, _, a0, a1, _, _] = cdb.as_bytes() else { return None };
        Some(Self { allocation: u16::from_be_bytes([a0, a1]) })
    }
}

/// The answer to MECHANISM STATUS, MMC-5 6.11. Some drives answer zeros whatever they do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mechanics {
    pub fault: bool,
    /// 0 to 3: ready, loading, unloading, initialising.
    pub changer_state: u8,
    /// 0 to 31.
    pub slot: u8,
    /// 0 to 7: 0 idle, 1 playing, 2 scanning, 7 none of these.
    pub mechanism_state: u8,
    pub door_open: bool,
    /// Where the head is, 24 bits.
    pub lba: u32,
    /// 0 to 63.
    pub slots: u8,
    /// Four bytes a slot.
    pub slot_table: Vec<u8>,
}

impl Answer for Mechanics {
    fn parse(bytes: &[u8]) -> Result<Self, Truncated> {
        let mut b = Cursor::new(bytes, "MECHANISM STATUS");
        let [changer, mechanism] = b.array()?;
        let lba = b.be_u24().unwrap_or(0);
        let slots = b.u8().unwrap_or(0);
        let told = usize::from(b.be_u16().unwrap_or(0));
        Ok(Self {
            fault: bit(changer, 7),
            changer_state: bits(changer, 6, 5),
            slot: bits(changer, 4, 0),
            mechanism_state: bits(mechanism, 7, 5),
            door_open: bit(mechanism, 4),
            lba,
            slots: bits(slots, 5, 0),
            slot_table: b.take(told.min(b.rest().len()))?.to_vec(),
        })
    }

    fn emit(&self) -> Vec<u8> {
        let mut out = Composer::new();
        out.u8(u8::from(self.fault) << 7 | bits(self.changer_state, 1, 0) << 5 | bits(self.slot, 4, 0));
        out.u8(bits(self.mechanism_state, 2, 0) << 5 | u8::from(self.door_open) << 4);
        out.be_u24(self.lba).u8(bits(self.slots, 5, 0)).be_u16(as_u16(self.slot_table.len())).bytes(&self.slot_table);
        out.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::super::both_ways::{answer_survives, command_survives};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_open_door_is_one_bit() {
        let golden = [0x00, 0xF0, 0x01, 0x02, 0x03, 0x01, 0, 0];
        let mechanics = Mechanics::parse(&golden).unwrap();
        assert_eq!((mechanics.door_open, mechanics.mechanism_state, mechanics.fault), (true, 7, false));
        assert_eq!((mechanics.lba, mechanics.slots), (0x01_0203, 1));
        assert_eq!(mechanics.emit(), golden);
        assert!(Mechanics::parse(&golden[..2]).unwrap().door_open);
        assert!(Mechanics::parse(&golden[..1]).is_err());
    }

    #[test]
    fn it_survives_the_wire() {
        assert_eq!(MechanismStatus { allocation: 8 }.cdb().as_bytes(), [0xBD, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0]);
        command_survives(any::<u16>().prop_map(|allocation| MechanismStatus { allocation }));
        let numbers = (0..4_u8, 0..32_u8, 0..8_u8, 0..0x0100_0000_u32, 0..64_u8);
        let table = proptest::collection::vec(any::<u8>(), 0..40);
        answer_survives((any::<[bool; 2]>(), numbers, table).prop_map(|(flags, numbers, slot_table)| Mechanics {
            fault: flags[0],
            changer_state: numbers.0,
            slot: numbers.1,
            mechanism_state: numbers.2,
            door_open: flags[1],
            lba: numbers.3,
            slots: numbers.4,
            slot_table,
        }));
    }
}
