//! This module knows format 0: where each track begins.

use super::{
    Answer,
    length::{after_u16_length, u16_counted},
};
use crate::bytes::{Composer, Cursor, Truncated, bit, bits};
use crate::mmc::Msf;
use crate::sector::Lba;

/// The number that the lead-out has among the tracks.
pub const LEAD_OUT: u8 = 0xAA;

/// The answer in format 0, MMC-5 6.26.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toc {
    pub first_track: u8,
    pub last_track: u8,
    /// By number; the last is the lead-out, unless the answer was cut.
    pub entries: Vec<TocEntry>,
}

/// A track in formats 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TocEntry {
    /// What the Q sub-channel holds, 0 to 15; 1 is positions.
    pub adr: u8,
    /// 0 to 15: bit 2 data, bit 1 copying allowed, bit 0 incremental.
    pub control: u8,
    pub track: u8,
    /// The four bytes as they came: an LBA, or 0 and a time, as was asked for.
    pub address: [u8; 4],
}

impl TocEntry {
    /// The address where LBAs were asked for. Before sector 0 it is a two's complement.
    pub fn lba(&self) -> Lba {
        Lba(u32::from_be_bytes(self.address))
    }

    /// The address where times were asked for.
    pub fn msf(&self) -> Msf {
        let [_, time @ ..] = self.address;
        Msf::from_bytes(time)
    }

    /// Not audio.
    pub fn is_data(&self) -> bool {
        bit(self.control, 2)
    }

    pub fn is_lead_out(&self) -> bool {
        self.track == LEAD_OUT
    }

    pub(super) fn parse(b: &mut Cursor<'_>) -> Result<Self, Truncated> {
        let [_, kind, track, _, address @ ..] = b.array::<8>()?;
        Ok(Self { adr: bits(kind, 7, 4), control: bits(kind, 3, 0), track, address })
    }

    pub(super) fn emit(&self, out: &mut Composer) {
        out.u8(0).u8(bits(self.adr, 3, 0) << 4 | bits(self.control, 3, 0)).u8(self.track).u8(0).bytes(&self.address);
    }
}

impl Toc {
    pub fn lead_out(&self) -> Option<&TocEntry> {
        self.entries.iter().find(|entry| entry.is_lead_out())
    }

    /// All but the lead-out.
    pub fn tracks(&self) -> impl Iterator<Item = &TocEntry> {
        self.entries.iter().filter(|entry| !entry.is_lead_out())
    }
}

impl Answer for Toc {
    fn parse(bytes: &[u8]) -> Result<Self, Truncated> {
        let mut b = u16_counted(bytes, "READ TOC")?;
        let (first_track, last_track) = (b.u8()?, b.u8()?);
        let mut entries = Vec::new();
        while let Ok(entry) = TocEntry::parse(&mut b) {
            entries.push(entry);
        }
        Ok(Self { first_track, last_track, entries })
    }

    fn emit(&self) -> Vec<u8> {
        let mut out = Composer::new();
        out.u8(self.first_track).u8(self.last_track);
        for entry in &self.entries {
            entry.emit(&mut out);
        }
        after_u16_length(&out.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::both_ways::answer_survives;
    use super::*;
    use proptest::prelude::*;

    /// A CD with one data track of 300 000 sectors.
    const GOLDEN: [u8; 20] = [0, 18, 1, 1, 0, 0x14, 1, 0, 0, 0, 0, 0, 0, 0x14, 0xAA, 0, 0x00, 0x04, 0x93, 0xE0];

    #[test]
    fn a_data_cd_has_a_track_and_a_lead_out() {
        let toc = Toc::parse(&GOLDEN).unwrap();
        assert_eq!((toc.first_track, toc.last_track, toc.tracks().count()), (1, 1, 1));
        assert!(toc.tracks().all(TocEntry::is_data));
        assert_eq!(toc.lead_out().map(TocEntry::lba), Some(Lba(300_000)));
        assert_eq!(toc.emit(), GOLDEN);
    }

    #[test]
    fn the_same_in_times() {
        let mut bytes = GOLDEN;
        bytes[16..].copy_from_slice(&[0, 66, 42, 0]);
        let lead_out = *Toc::parse(&bytes).unwrap().lead_out().unwrap();
        assert_eq!(lead_out.msf(), Msf::new(66, 42, 0));
        assert_eq!(lead_out.msf().lba(), Some(Lba(300_000)));
    }

    #[test]
    fn half_a_lead_out_is_none() {
        let toc = Toc::parse(&GOLDEN[..18]).unwrap();
        assert_eq!((toc.tracks().count(), toc.lead_out()), (1, None));
        assert!(Toc::parse(&GOLDEN[..3]).is_err());
    }

    #[test]
    fn it_survives_the_wire() {
        let entry = (0..16_u8, 0..16_u8, any::<u8>(), any::<[u8; 4]>())
            .prop_map(|(adr, control, track, address)| TocEntry { adr, control, track, address });
        let entries = proptest::collection::vec(entry, 0..100);
        answer_survives((any::<u8>(), any::<u8>(), entries).prop_map(|(first_track, last_track, entries)| Toc {
            first_track,
            last_track,
            entries,
        }));
    }
}
