//! This module knows SEND OPC INFORMATION: the drive finds out how much power this disc wants.

use super::Command;
use crate::bytes::bit;
use crate::scsi::Cdb;

/// SEND OPC INFORMATION (54h), MMC-5 6.36.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SendOpcInformation {
    /// Calibrate now, instead of taking the values that are sent.
    pub calibrate: bool,
    /// Bytes sent; 0 with `calibrate`.
    pub length: u16,
}

impl Command for SendOpcInformation {
    const OPCODE: u8 = 0x54;

    fn cdb(&self) -> Cdb {
        let [l0, l1] = self.length.to_be_bytes();
        Cdb::new([Self::OPCODE, u8::from(self.calibrate), 0, 0, 0, 0, 0, l0, l1, 0])
    }

    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        let &[Self::OPCODE, flags, _, _, _, _, _, l0, l1, _] = cdb.as_bytes() else { return None };
        Some(Self { calibrate: bit(flags, 0), length: u16::from_be_bytes([l0, l1]) })
    }
}

#[cfg(test)]
mod tests {
    use super::super::both_ways::command_survives;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn it_survives_the_wire() {
        let now = SendOpcInformation { calibrate: true, length: 0 };
        assert_eq!(now.cdb().as_bytes(), [0x54, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
        command_survives(any::<(bool, u16)>().prop_map(|(calibrate, length)| SendOpcInformation { calibrate, length }));
    }
}
