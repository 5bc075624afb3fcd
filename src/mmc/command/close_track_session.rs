//! This module knows CLOSE TRACK SESSION: the ends of tracks, sessions and discs.

use super::Command;
use crate::bytes::{bit, bits};
use crate::scsi::Cdb;

/// CLOSE TRACK SESSION (5Bh), MMC-5 6.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CloseTrackSession {
    pub immediate: bool,
    pub function: CloseFunction,
    /// Which track, where one is to be closed; FFFFh or FFh for the one that is not complete.
    pub track: u16,
}

/// What is to be closed, and how; each is for some media only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CloseFunction {
    /// DVD+RW: formatting in the background stops, and nothing is written for it.
    StopFormat,
    Track,
    /// The session. Write parameters, or the medium, decide whether another may follow. On overwritable media:
    /// formatting stops, and what other drives need is written.
    Session,
    /// DVD-RW and DVD+RW: for good.
    Finalize,
    /// DVD+R DL: the session, as far as it came.
    SessionOfDualLayer,
    /// DVD+R: the disc, with the smallest radius that readers take.
    FinalizeMinimal,
    /// DVD+R: the disc, up to its edge; BD-R: the disc.
    FinalizeDisc,
    Reserved,
}

impl CloseFunction {
    pub const ALL: [CloseFunction; 8] = [
        CloseFunction::StopFormat,
        CloseFunction::Track,
        CloseFunction::Session,
        CloseFunction::Finalize,
        CloseFunction::SessionOfDualLayer,
        CloseFunction::FinalizeMinimal,
        CloseFunction::FinalizeDisc,
        CloseFunction::Reserved,
    ];

    fn from_number(number: u8) -> Self {
        Self::ALL.get(usize::from(bits(number, 2, 0))).copied().unwrap_or(CloseFunction::Reserved)
    }
}

impl Command for CloseTrackSession {
    const OPCODE: u8 = 0x5B;

    fn cdb(&self) -> Cdb {
        let [t0, t1] = self.track.to_be_bytes();
        Cdb::new([Self::OPCODE, u8::from(self.immediate), self.function as u8, 0, t0, t1, 0, 0, 0, 0])
    }

    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        let &[Self::OPCODE, flags, function, _, t0, t1, _, _, _, _] = cdb.as_bytes() else { return None };
        Some(Self {
            immediate: bit(flags, 0),
            function: CloseFunction::from_number(function),
            track: u16::from_be_bytes([t0, t1]),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::both_ways::command_survives;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_track_is_closed_by_its_number() {
        let close = CloseTrackSession { immediate: true, function: CloseFunction::Track, track: 2 };
        assert_eq!(close.cdb().as_bytes(), [0x5B, 1, 1, 0, 0, 2, 0, 0, 0, 0]);
        let disc = Cdb::new([0x5B, 1, 6, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(CloseTrackSession::from_cdb(&disc).unwrap().function, CloseFunction::FinalizeDisc);
    }

    #[test]
    fn it_survives_the_wire() {
        command_survives((any::<bool>(), 0..8_u8, any::<u16>()).prop_map(|(immediate, function, track)| {
            CloseTrackSession { immediate, function: CloseFunction::from_number(function), track }
        }));
    }
}
