//! This module knows BLANK: a rewritable disc, or a part of it, becomes as if never written.

use super::Command;
use crate::bytes::{bit, bits};
use crate::scsi::Cdb;

/// BLANK (A1h), MMC-5 6.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blank {
    pub immediate: bool,
    pub what: BlankingType,
    /// An address or a track number, where a part is meant.
    pub start: u32,
}

/// How much is blanked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlankingType {
    Disc,
    /// What tells of the contents: PMA, TOC and pre-gap.
    Minimal,
    Track,
    UnreserveTrack,
    TrackTail,
    UncloseLastSession,
    EraseLastSession,
    Reserved,
}

impl BlankingType {
    const ALL: [BlankingType; 8] = [
        BlankingType::Disc,
        BlankingType::Minimal,
        BlankingType::Track,
        BlankingType::UnreserveTrack,
        BlankingType::TrackTail,
        BlankingType::UncloseLastSession,
        BlankingType::EraseLastSession,
        BlankingType::Reserved,
    ];

    fn from_number(number: u8) -> Self {
        Self::ALL.get(usize::from(bits(number, 2, 0))).copied().unwrap_or(BlankingType::Reserved)
    }
}

impl Command for Blank {
    const OPCODE: u8 = 0xA1;

    fn cdb(&self) -> Cdb {
        let [s0, s1, s2, s3] = self.start.to_be_bytes();
        let how = u8::from(self.immediate) << 4 | self.what as u8;
        Cdb::new([Self::OPCODE, how, s0, s1, s2, s3, 0, 0, 0, 0, 0, 0])
    }

    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        let &[Self::OPCODE, how, s0, s1, s2, s3, _, _, _, _, _, _] = cdb.as_bytes() else { return None };
        Some(Self {
            immediate: bit(how, 4),
            what: BlankingType::from_number(how),
            start: u32::from_be_bytes([s0, s1, s2, s3]),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::both_ways::command_survives;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_minimal_blank_at_once() {
        let blank = Blank { immediate: true, what: BlankingType::Minimal, start: 0 };
        assert_eq!(blank.cdb().as_bytes(), [0xA1, 0x11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn it_survives_the_wire() {
        command_survives((any::<bool>(), 0..8_u8, any::<u32>()).prop_map(|(immediate, what, start)| Blank {
            immediate,
            what: BlankingType::from_number(what),
            start,
        }));
    }
}
