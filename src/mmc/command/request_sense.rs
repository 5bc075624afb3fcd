//! This module knows REQUEST SENSE; the answer is [`crate::scsi::Sense`].

use super::Command;
use crate::scsi::Cdb;

/// REQUEST SENSE (03h), MMC-5 6.30, in fixed format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestSense {
    /// Bytes; 18 brings all of the fixed format.
    pub allocation: u8,
}

impl Command for RequestSense {
    const OPCODE: u8 = 0x03;

    fn cdb(&self) -> Cdb {
        Cdb::new([Self::OPCODE, 0, 0, 0, self.allocation, 0])
    }

    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        let &[Self::OPCODE, _, _, _, allocation, _] = cdb.as_bytes() else { return None };
        Some(Self { allocation })
    }
}

#[cfg(test)]
mod tests {
    use super::super::both_ways::command_survives;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn eighteen_bytes_are_asked_for() {
        assert_eq!(RequestSense { allocation: 18 }.cdb().as_bytes(), [0x03, 0, 0, 0, 0x12, 0]);
    }

    #[test]
    fn it_survives_the_wire() {
        command_survives(any::<u8>().prop_map(|allocation| RequestSense { allocation }));
    }
}
