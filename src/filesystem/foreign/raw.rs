//! This module knows sectors of a CD as they are recorded, with more than 2048 bytes of user data in each.

use std::fmt;

use crate::filesystem::probe::{Probe, has};

const SYNC: &[u8; 12] = b"\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0";
const PLAIN: u64 = 2352;
/// With subchannels.
const LONG: u64 = 2448;
/// Without sync and header.
const SHORT: u64 = 2336;
/// The sector of the primary descriptor of ISO 9660.
const DESCRIPTOR: u64 = 16;

/// Sectors of so many bytes, of a track of that kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RawSectors {
    pub bytes: u64,
    pub track: RawTrack,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RawTrack {
    Mode1,
    Mode2,
    Unknown,
}

impl RawSectors {
    /// As the end of a sentence.
    pub(super) fn advice(self) -> &'static str {
        match (self.track, self.bytes) {
            (RawTrack::Mode1, _) => ", of which an .iso has bytes 16 to 2063 of each sector",
            (RawTrack::Mode2, SHORT) => ", of which an .iso has bytes 8 to 2055 of each sector",
            (RawTrack::Mode2, _) => ", of which an .iso has bytes 24 to 2071 of each sector",
            (RawTrack::Unknown, _) => "",
        }
    }
}

impl fmt::Display for RawSectors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "with {} bytes a sector", self.bytes)?;
        match self.track {
            RawTrack::Mode1 => f.write_str(" of a mode 1 track"),
            RawTrack::Mode2 => f.write_str(" of a mode 2 track"),
            RawTrack::Unknown => Ok(()),
        }
    }
}

pub(super) fn of(probe: &mut Probe<'_>) -> Option<RawSectors> {
    by_sync(probe).or_else(|| by_descriptor(probe))
}

fn by_sync(probe: &mut Probe<'_>) -> Option<RawSectors> {
    let header: [u8; 16] = probe.bytes(0)?;
    if !has(&header, 0, SYNC) {
        return None;
    }
    let goes_on = |probe: &mut Probe<'_>, at| probe.bytes::<12>(at).is_some_and(|found| found == *SYNC);
    let bytes = if !goes_on(probe, PLAIN) && goes_on(probe, LONG) { LONG } else { PLAIN };
    let track = match header {
        [.., 1] => RawTrack::Mode1,
        [.., 2] => RawTrack::Mode2,
        _ => RawTrack::Unknown,
    };
    Some(RawSectors { bytes, track })
}

/// Where the first sectors are lost, or have no sync.
fn by_descriptor(probe: &mut Probe<'_>) -> Option<RawSectors> {
    const FORMS: [(u64, u64, RawTrack); 5] = [
        (PLAIN, 16, RawTrack::Mode1),
        (PLAIN, 24, RawTrack::Mode2),
        (LONG, 16, RawTrack::Mode1),
        (LONG, 24, RawTrack::Mode2),
        (SHORT, 8, RawTrack::Mode2),
    ];
    let is_there = |(bytes, offset, _): &(u64, u64, RawTrack)| {
        probe.bytes::<6>(DESCRIPTOR * bytes + offset).is_some_and(|found| found == *b"\x01CD001")
    };
    let found = FORMS.into_iter().find(is_there);
    found.map(|(bytes, _, track)| RawSectors { bytes, track })
}
