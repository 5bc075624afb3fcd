//! This module knows TEST UNIT READY: whether the drive could read now, told by status and sense alone.

use super::Command;
use crate::scsi::Cdb;

/// TEST UNIT READY (00h), MMC-5 6.42.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TestUnitReady;

impl Command for TestUnitReady {
    const OPCODE: u8 = 0x00;

    fn cdb(&self) -> Cdb {
        Cdb::new([Self::OPCODE, 0, 0, 0, 0, 0])
    }

    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        matches!(cdb.as_bytes(), [Self::OPCODE, _, _, _, _, _]).then_some(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::super::both_ways::command_survives;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn it_is_six_zeros() {
        assert_eq!(TestUnitReady.cdb().as_bytes(), [0; 6]);
    }

    #[test]
    fn it_survives_the_wire() {
        command_survives(Just(TestUnitReady));
    }
}
