//! This module knows formats 2 and 3: the Q sub-channel of the lead-in, sessions and all.

use super::{
    Answer,
    length::{after_u16_length, u16_counted},
};
use crate::bytes::{Composer, Cursor, Truncated, bits};
use crate::mmc::Msf;

/// The answer in formats 2 (full TOC) and 3 (PMA), MMC-5 6.26.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FullToc {
    pub first_session: u8,
    pub last_session: u8,
    pub entries: Vec<FullTocEntry>,
}

/// An entry of the lead-in. Times are binary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FullTocEntry {
    pub session: u8,
    /// 0 to 15.
    pub adr: u8,
    /// 0 to 15, as in [`super::TocEntry`].
    pub control: u8,
    pub tno: u8,
    /// 01h to 63h a track; see the constants for others.
    pub point: u8,
    pub msf: Msf,
    pub zero: u8,
    /// The start of a track or lead-out; with other points not a time.
    pub pmsf: Msf,
}

impl FullTocEntry {
    /// `pmsf.minute` is the first track, `pmsf.second` the disc type: 00h CD-ROM, 10h CD-i, 20h XA.
    pub const FIRST_TRACK: u8 = 0xA0;
    /// `pmsf.minute` is the last track.
    pub const LAST_TRACK: u8 = 0xA1;
    /// `pmsf` is the start of the lead-out.
    pub const LEAD_OUT: u8 = 0xA2;
    /// `msf` is where the next session may begin.
    pub const NEXT_SESSION: u8 = 0xB0;

    pub fn is_track(&self) -> bool {
        self.adr == 1 && (1..=99).contains(&self.point)
    }

    fn parse(b: &mut Cursor<'_>) -> Result<Self, Truncated> {
        let [session, kind, tno, point, m, s, f, zero, pm, ps, pf] = b.array()?;
        let (msf, pmsf) = (Msf::new(m, s, f), Msf::new(pm, ps, pf));
        Ok(Self { session, adr: bits(kind, 7, 4), control: bits(kind, 3, 0), tno, point, msf, zero, pmsf })
    }
}

impl Answer for FullToc {
    fn parse(bytes: &[u8]) -> Result<Self, Truncated> {
        let mut b = u16_counted(bytes, "READ TOC, full")?;
        let (first_session, last_session) = (b.u8()?, b.u8()?);
        let mut entries = Vec::new();
        while let Ok(entry) = FullTocEntry::parse(&mut b) {
            entries.push(entry);
        }
        Ok(Self { first_session, last_session, entries })
    }

    fn emit(&self) -> Vec<u8> {
        let mut out = Composer::new();
        out.u8(self.first_session).u8(self.last_session);
        for entry in &self.entries {
            let kind = bits(entry.adr, 3, 0) << 4 | bits(entry.control, 3, 0);
            out.u8(entry.session).u8(kind).u8(entry.tno).u8(entry.point).bytes(&entry.msf.bytes());
            out.u8(entry.zero).bytes(&entry.pmsf.bytes());
        }
        after_u16_length(&out.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::both_ways::answer_survives;
    use super::*;
    use crate::sector::Lba;
    use proptest::prelude::*;

    #[test]
    fn a_session_lists_its_tracks_and_its_lead_out() {
        let golden = [
            0, 46, 1, 1, // head
            1, 0x14, 0, 0xA0, 0, 0, 0, 0, 1, 0x20, 0, // first track 1, XA
            1, 0x14, 0, 0xA1, 0, 0, 0, 0, 1, 0, 0, // last track 1
            1, 0x14, 0, 0xA2, 0, 0, 0, 0, 66, 42, 0, // lead-out
            1, 0x14, 0, 1, 0, 0, 0, 0, 0, 2, 0, // track 1
        ];
        let toc = FullToc::parse(&golden).unwrap();
        assert_eq!(toc.entries.len(), 4);
        assert_eq!(toc.entries[0].pmsf.second, 0x20);
        assert_eq!(toc.entries[2].pmsf.lba(), Some(Lba(300_000)));
        let tracks: Vec<_> = toc.entries.iter().filter(|entry| entry.is_track()).collect();
        assert_eq!((tracks.len(), tracks[0].pmsf.lba()), (1, Some(Lba(0))));
        assert_eq!(toc.emit(), golden);
    }

    #[test]
    fn it_survives_the_wire() {
        let entry = any::<[u8; 11]>().prop_map(|bytes| FullTocEntry::parse(&mut Cursor::new(&bytes, "test")).unwrap());
        let entries = proptest::collection::vec(entry, 0..100);
        answer_survives(
            (any::<u8>(), any::<u8>(), entries).prop_map(|(first_session, last_session, entries)| FullToc {
                first_session,
                last_session,
                entries,
            }),
        );
    }
}
