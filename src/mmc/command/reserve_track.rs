//! This module knows RESERVE TRACK: room for a track whose size is known beforehand.

use super::Command;
use crate::bytes::bit;
use crate::scsi::Cdb;
use crate::sector::{Lba, SectorCount};

/// RESERVE TRACK (53h), MMC-5 6.31.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReserveTrack {
    /// So many sectors, from where writing would go on.
    Size(SectorCount),
    /// The last reserved track is split here.
    SplitAt(Lba),
}

impl Command for ReserveTrack {
    const OPCODE: u8 = 0x53;

    fn cdb(&self) -> Cdb {
        let (arsv, number) = match self {
            ReserveTrack::Size(sectors) => (0, sectors.0),
            ReserveTrack::SplitAt(lba) => (1, lba.0),
        };
        let [n0, n1, n2, n3] = number.to_be_bytes();
        Cdb::new([Self::OPCODE, arsv << 1, 0, 0, 0, n0, n1, n2, n3, 0])
    }

    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        let &[Self::OPCODE, flags, _, _, _, n0, n1, n2, n3, _] = cdb.as_bytes() else { return None };
        let number = u32::from_be_bytes([n0, n1, n2, n3]);
        Some(if bit(flags, 1) { ReserveTrack::SplitAt(Lba(number)) } else { ReserveTrack::Size(SectorCount(number)) })
    }
}

#[cfg(test)]
mod tests {
    use super::super::both_ways::command_survives;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_size_stands_in_bytes_5_to_8() {
        let reserve = ReserveTrack::Size(SectorCount(733));
        assert_eq!(reserve.cdb().as_bytes(), [0x53, 0, 0, 0, 0, 0, 0, 0x02, 0xDD, 0]);
    }

    #[test]
    fn it_survives_the_wire() {
        command_survives(any::<(bool, u32)>().prop_map(|(split, number)| {
            if split { ReserveTrack::SplitAt(Lba(number)) } else { ReserveTrack::Size(SectorCount(number)) }
        }));
    }
}
