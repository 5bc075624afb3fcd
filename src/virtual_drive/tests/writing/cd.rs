//! This module knows what other programs send to write a CD, and how the answers are read.

use super::*;

pub const CD_R: &str = "medium = \"cd-r\"\nstate = \"blank\"";
pub const CD_RW: &str = "medium = \"cd-rw\"";

/// Page 05h, bytes 2 to 4.
pub const TRACK: [u8; 3] = [0x41, 0x04, 0x08];
pub const TRACK_AND_MORE: [u8; 3] = [0x41, 0xC4, 0x08];
pub const SESSION: [u8; 3] = [0x42, 0x00, 0x00];
pub const SESSION_AND_MORE: [u8; 3] = [0x42, 0xC0, 0x00];
pub const PACKETS: [u8; 3] = [0x40, 0xE5, 0x08];
pub const TEST: u8 = 0x10;

/// One data track of 733 sectors, as programs send it.
pub const CUE_SHEET: [u8; 32] = [
    0x41, 0, 0, 0x14, 0, 0, 0, 0, // lead-in
    0x41, 1, 0, 0x10, 0, 0, 0, 0, // pre-gap
    0x41, 1, 1, 0x10, 0, 0, 2, 0, // track
    0x41, 0xAA, 1, 0x14, 0, 0, 11, 58, // lead-out
];

impl Bench {
    /// MODE SELECT of page 05h, with these bytes 2 to 4, and packets of 32 sectors.
    pub fn write_as(&mut self, bytes: [u8; 3]) -> String {
        let [how, track, block] = bytes;
        let mut list = vec![0; 8];
        list.extend([0x05, 0x32, how, track, block, 0, 0, 0, 0, 0, 0, 0, 0, 32, 0, 150]);
        list.resize(60, 0);
        self.out(&[0x55, 0x10, 0, 0, 0, 0, 0, 0, 60, 0], &list)
    }

    pub fn cue_sheet(&mut self, sheet: &[u8]) -> String {
        let length = u8::try_from(sheet.len()).unwrap();
        self.out(&[0x5D, 0, 0, 0, 0, 0, 0, 0, length, 0], sheet)
    }

    /// The pre-gap of a session at once, which is zeros.
    pub fn write_gap(&mut self, start: i32, count: u8) -> String {
        let [s0, s1, s2, s3] = start.to_be_bytes();
        self.out(&[0x2A, 0, s0, s1, s2, s3, 0, 0, count, 0], &vec![0; usize::from(count) * SECTOR_BYTES])
    }

    /// The session of [`CUE_SHEET`], in the pieces that programs send.
    pub fn write_session(&mut self) {
        for (start, count) in [(-150, 31), (-119, 31), (-88, 31), (-57, 31), (-26, 26)] {
            assert_eq!(self.write_gap(start, count), "", "{start}");
        }
        for start in (0..713).step_by(31) {
            assert_eq!(self.write(start, 31), "", "{start}");
        }
        assert_eq!(self.write(713, 20), "");
    }

    pub fn blank(&mut self, kind: u8, start: u32) -> String {
        let [s0, s1, s2, s3] = start.to_be_bytes();
        let said = self.out(&[0xA1, 0x10 | kind, s0, s1, s2, s3, 0, 0, 0, 0, 0, 0], &[]);
        if said.is_empty() {
            self.was_busy_with("02h/04h/07h");
        }
        said
    }
}

#[test]
fn page_05h_steers_only_to_what_a_cd_can_do() {
    let mut bench = bench(CD_R);
    for (what, bytes, said) in [
        ("a track at once", TRACK, ""),
        ("a session at once", SESSION, ""),
        ("packets of one size", PACKETS, ""),
        ("packets as they come", [0x40, 0xC5, 0x08], "05h/26h/00h"),
        ("mode 2 form 1", [0x41, 0xC4, 0x0A], ""),
        ("raw audio", [0x41, 0x00, 0x00], "05h/26h/00h"),
        ("raw, packed", [0x42, 0x04, 0x02], "05h/26h/00h"),
        ("raw with sub-channels", [0x43, 0x04, 0x03], "05h/26h/00h"),
        ("layers", [0x44, 0x04, 0x08], "05h/26h/00h"),
    ] {
        assert_eq!(bench.write_as(bytes), said, "{what}");
    }
    assert_eq!(bench.hex(&[0x5A, 8, 5, 0, 0, 0, 0, 0, 14, 0])[16..], *"053241C40A00", "the last that was taken");
}
