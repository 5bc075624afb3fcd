//! This module knows SEND CUE SHEET: what a session of a CD is going to be, told before it is written at once.

use super::{Answer, Command};
use crate::bytes::{Composer, Cursor, Truncated, bits};
use crate::mmc::Msf;
use crate::scsi::Cdb;

/// SEND CUE SHEET (5Dh), MMC-5 6.34. A [`CueSheet`] goes with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SendCueSheet {
    /// Bytes sent, 24 bits.
    pub length: u32,
}

/// What a session consists of, in the order of the disc: from the lead-in to the lead-out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CueSheet {
    pub entries: Vec<CueEntry>,
}

/// Eight bytes of a cue sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CueEntry {
    /// Something begins here, and goes on up to the next of these.
    Position(CuePosition),
    /// Half of a catalogue number, as it stands.
    Catalogue { control: u8, part: [u8; 7] },
    /// Half of the ISRC of a track, as it stands.
    Isrc { control: u8, track: u8, part: [u8; 6] },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CuePosition {
    /// 0 to 15: bit 2 data, as in the TOC.
    pub control: u8,
    /// 0 to 15: 1 is positions.
    pub adr: u8,
    /// 0 the lead-in, 1 to 99, [`super::LEAD_OUT`].
    pub track: u8,
    /// 0 the pre-gap, 1 the track itself.
    pub index: u8,
    /// What the host sends for each sector, and what the drive makes of it.
    pub form: u8,
    /// Serial copy management; bit 7 says that an audio track is copied.
    pub copy: u8,
    /// Absolute, with sector 0 at 00:02:00.
    pub time: Msf,
}

impl CuePosition {
    /// Mode 1, of which the host sends the 2048 bytes of user data.
    pub const MODE_1: u8 = 0x10;
    /// Mode 1, of which the host sends nothing: lead-in, lead-out, or a pause that the drive makes.
    pub const MODE_1_BY_THE_DRIVE: u8 = 0x14;
}

impl CueSheet {
    /// Bytes of an entry.
    pub const ENTRY: usize = 8;

    /// One track of data of so many sectors, with a pre-gap that the host writes.
    pub fn of_one_track(sectors: u32) -> Option<Self> {
        let (gap, track, lead_in) = (Msf::default(), Msf::new(0, 2, 0), CuePosition::MODE_1_BY_THE_DRIVE);
        let lead_out = Msf::from_lba(crate::sector::Lba(sectors))?;
        let position = |track, index, form, time| {
            CueEntry::Position(CuePosition { control: 4, adr: 1, track, index, form, copy: 0, time })
        };
        Some(Self {
            entries: vec![
                position(0, 0, lead_in, gap),
                position(1, 0, CuePosition::MODE_1, gap),
                position(1, 1, CuePosition::MODE_1, track),
                position(super::LEAD_OUT, 1, lead_in, lead_out),
            ],
        })
    }
}

impl Command for SendCueSheet {
    const OPCODE: u8 = 0x5D;

    fn cdb(&self) -> Cdb {
        let [_, l0, l1, l2] = self.length.to_be_bytes();
        Cdb::new([Self::OPCODE, 0, 0, 0, 0, 0, l0, l1, l2, 0])
    }

    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        let &[Self::OPCODE, _, _, _, _, _, l0, l1, l2, _] = cdb.as_bytes() else { return None };
        Some(Self { length: u32::from_be_bytes([0, l0, l1, l2]) })
    }
}

impl CueEntry {
    fn parse(b: &mut Cursor<'_>) -> Result<Self, Truncated> {
        let [kind, rest @ ..] = b.array::<{ CueSheet::ENTRY }>()?;
        let (control, adr) = (bits(kind, 7, 4), bits(kind, 3, 0));
        let [track, part @ ..] = rest;
        let [index, form, copy, minute, second, frame] = part;
        let time = Msf::new(minute, second, frame);
        Ok(match adr {
            2 => CueEntry::Catalogue { control, part: rest },
            3 => CueEntry::Isrc { control, track, part },
            _ => CueEntry::Position(CuePosition { control, adr, track, index, form, copy, time }),
        })
    }

    fn emit(&self, out: &mut Composer) {
        let kind = |control: u8, adr: u8| bits(control, 3, 0) << 4 | bits(adr, 3, 0);
        match *self {
            CueEntry::Position(CuePosition { control, adr, track, index, form, copy, time }) => {
                out.u8(kind(control, adr)).u8(track).u8(index).u8(form).u8(copy).bytes(&time.bytes())
            }
            CueEntry::Catalogue { control, part } => out.u8(kind(control, 2)).bytes(&part),
            CueEntry::Isrc { control, track, part } => out.u8(kind(control, 3)).u8(track).bytes(&part),
        };
    }
}

impl Answer for CueSheet {
    /// An entry that was cut is an error: half of a layout is none.
    fn parse(bytes: &[u8]) -> Result<Self, Truncated> {
        let mut b = Cursor::new(bytes, "cue sheet");
        let mut entries = Vec::new();
        while !b.is_empty() {
            entries.push(CueEntry::parse(&mut b)?);
        }
        Ok(Self { entries })
    }

    fn emit(&self) -> Vec<u8> {
        let mut out = Composer::new();
        for entry in &self.entries {
            entry.emit(&mut out);
        }
        out.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::super::both_ways::{answer_survives, command_survives};
    use super::*;
    use proptest::prelude::*;

    /// One track of 733 sectors.
    const GOLDEN: [u8; 32] = [
        0x41, 0, 0, 0x14, 0, 0, 0, 0, // lead-in
        0x41, 1, 0, 0x10, 0, 0, 0, 0, // pre-gap
        0x41, 1, 1, 0x10, 0, 0, 2, 0, // track
        0x41, 0xAA, 1, 0x14, 0, 0, 11, 58, // lead-out
    ];

    #[test]
    fn one_track_has_four_entries() {
        let sheet = CueSheet::of_one_track(733).unwrap();
        assert_eq!(sheet.emit(), GOLDEN);
        assert_eq!(CueSheet::parse(&GOLDEN), Ok(sheet));
        assert!(CueSheet::parse(&GOLDEN[..31]).is_err());
        assert_eq!(CueSheet::of_one_track(u32::MAX), None);
        let command = SendCueSheet { length: 32 };
        assert_eq!(command.cdb().as_bytes(), [0x5D, 0, 0, 0, 0, 0, 0, 0, 32, 0]);
    }

    #[test]
    fn catalogue_numbers_and_codes_of_recordings_are_no_positions() {
        let golden = [0x02, b'1', b'2', b'3', b'4', b'5', b'6', b'7', 0x43, 1, b'D', b'E', b'A', b'1', b'2', b'3'];
        let sheet = CueSheet::parse(&golden).unwrap();
        let expected = [
            CueEntry::Catalogue { control: 0, part: *b"1234567" },
            CueEntry::Isrc { control: 4, track: 1, part: *b"DEA123" },
        ];
        assert_eq!(sheet.entries, expected);
        assert_eq!(sheet.emit(), golden);
    }

    #[test]
    fn both_survive_the_wire() {
        command_survives((0..1_u32 << 24).prop_map(|length| SendCueSheet { length }));
        let entry = any::<[u8; 8]>().prop_map(|bytes| CueEntry::parse(&mut Cursor::new(&bytes, "test")).unwrap());
        answer_survives(proptest::collection::vec(entry, 0..100).prop_map(|entries| CueSheet { entries }));
    }
}
