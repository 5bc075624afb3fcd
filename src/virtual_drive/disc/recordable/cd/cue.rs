//! This module knows a session that is written at once: what its cue sheet promised, and how far it has come.

use super::{CdRecord, CdSession, CdTrack, PRE_GAP, SHORTEST_TRACK};
use crate::mmc::command::{CueEntry, CuePosition, CueSheet, LEAD_OUT};
use crate::sector::{Lba, SectorRange};
use crate::virtual_drive::disc::TrackMode;
use crate::virtual_drive::disc::recordable::WriteRefused;
use crate::virtual_drive::disc::recordable::sequential::Padding;

/// A session in the making. Addresses are signed: the pre-gap of the first track lies before sector 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cue {
    /// In order and without gaps, from the pre-gap to the lead-out.
    parts: Vec<Part>,
    tracks: Vec<u32>,
    /// Where the lead-out begins.
    pub lead_out: u32,
    /// The sector that comes next.
    next: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    start: i64,
    end: i64,
    maker: Maker,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Maker {
    Host,
    /// Zeros, of which the host sends nothing.
    Drive,
}

/// The first sector of a disc that a host can write.
const FIRST: i64 = -(PRE_GAP as i64);

impl Cue {
    /// What this sheet says; `None` where it cannot be recorded, or only with what these discs do not have (audio,
    /// text, several sessions' worth of tracks).
    pub fn read(sheet: &CueSheet) -> Option<Self> {
        let positions: Vec<CuePosition> = sheet
            .entries
            .iter()
            .filter_map(|entry| match entry {
                CueEntry::Position(position) => Some(*position),
                CueEntry::Catalogue { .. } | CueEntry::Isrc { .. } => None,
            })
            .collect();
        let (lead_in, rest) = positions.split_first()?;
        let (lead_out, parts) = rest.split_last()?;
        let sound = |position: &CuePosition| position.adr == 1 && position.control & 0b0100 != 0;
        let bounds = (lead_in.track, lead_in.index, lead_out.track, lead_out.index) == (0, 0, LEAD_OUT, 1);
        let by_the_drive = |position: &CuePosition| position.form == CuePosition::MODE_1_BY_THE_DRIVE;
        let ends = [lead_in, lead_out].into_iter().all(by_the_drive) && lead_in.time.bytes() == [0; 3];
        if !bounds || !ends || !positions.iter().all(sound) || !numbered(parts) {
            return None;
        }
        let cue = Self::laid(parts, lead_out)?;
        cue.long_enough().then_some(cue)
    }

    fn laid(positions: &[CuePosition], lead_out: &CuePosition) -> Option<Self> {
        let at = |position: &CuePosition| i64::from(position.time.signed_lba());
        let ends = positions.iter().skip(1).chain([lead_out]).map(at);
        let part = |(position, end): (&CuePosition, i64)| {
            let maker = match position.form {
                CuePosition::MODE_1 => Maker::Host,
                CuePosition::MODE_1_BY_THE_DRIVE => Maker::Drive,
                _ => return None,
            };
            let start = at(position);
            (start < end).then_some(Part { start, end, maker })
        };
        let parts: Vec<Part> = positions.iter().zip(ends).map(part).collect::<Option<_>>()?;
        let begins = |position: &&CuePosition| position.index == 1;
        let tracks = positions.iter().filter(begins).map(|position| u32::try_from(at(position)).ok());
        let tracks: Vec<u32> = tracks.collect::<Option<_>>()?;
        let starts = parts.first()?.start == FIRST && tracks.first() == Some(&0);
        let lead_out = u32::try_from(at(lead_out)).ok()?;
        let mut cue = Self { parts, tracks, lead_out, next: FIRST };
        cue.skip();
        starts.then_some(cue)
    }

    fn long_enough(&self) -> bool {
        let ends = self.tracks.iter().skip(1).copied().chain([self.lead_out]);
        self.tracks.iter().zip(ends).all(|(start, end)| end.saturating_sub(*start) >= SHORTEST_TRACK)
    }

    /// The sector that must come next.
    pub fn next(&self) -> i64 {
        self.next
    }

    /// Takes sectors, where they are those that follow; what the drive writes behind them by itself.
    ///
    /// # Errors
    /// Where they are others, or more than were promised.
    pub fn take(&mut self, start: i64, count: u32) -> Result<Padding, WriteRefused> {
        if start != self.next {
            return Err(WriteRefused::NotNextWritable);
        }
        let end = start.saturating_add(count.into());
        if end > self.lead_out.into() {
            return Err(WriteRefused::BeyondTrack);
        }
        let made_by_the_drive = |part: &&Part| part.maker == Maker::Drive;
        if self.parts.iter().filter(made_by_the_drive).any(|part| part.start < end && start < part.end) {
            return Err(WriteRefused::NotNextWritable);
        }
        self.next = end;
        Ok(self.skip())
    }

    /// Passes over what the host does not send.
    fn skip(&mut self) -> Padding {
        let mut made = Padding::new();
        for part in self.parts.iter().filter(|part| part.maker == Maker::Drive) {
            if part.start == self.next {
                self.next = part.end;
                let lba = |at: i64| Lba(u32::try_from(at.max(0)).unwrap_or(u32::MAX));
                made.push(SectorRange::new(lba(part.start), lba(part.end)));
            }
        }
        made
    }

    pub fn is_complete(&self) -> bool {
        self.next == i64::from(self.lead_out)
    }

    /// What is on the disc of it.
    pub fn record(&self) -> CdRecord {
        let reached = u32::try_from(self.next.max(0)).unwrap_or(u32::MAX);
        let ends = self.tracks.iter().skip(1).copied().chain([self.lead_out]);
        let begun = self.tracks.iter().zip(ends).filter(|(start, _)| **start < reached);
        let tracks: Vec<CdTrack> = begun
            .map(|(start, end)| CdTrack {
                recorded: end.min(reached).saturating_sub(*start),
                closed: self.is_complete(),
                ..CdTrack::new(*start, TrackMode::Mode1, None)
            })
            .collect();
        let session = CdSession { closed: false, lead_out: Some(self.lead_out), tracks };
        let sessions = if reached == 0 { Vec::new() } else { vec![session] };
        CdRecord { finalized: false, sessions }
    }
}

/// From track 1 on, each with index 1, and without one left out.
fn numbered(positions: &[CuePosition]) -> bool {
    let mut before = (0_u8, 1_u8);
    for position in positions {
        let (track, index) = before;
        let same = position.track == track && Some(position.index) == index.checked_add(1);
        let next = Some(position.track) == track.checked_add(1) && position.index <= 1 && index >= 1;
        if !same && !next || track == 0 && same || position.track > 99 {
            return false;
        }
        before = (position.track, position.index);
    }
    before.0 >= 1 && before.1 >= 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mmc::command::Answer;

    fn read(entries: &[[u8; 8]]) -> Option<Cue> {
        Cue::read(&CueSheet::parse(&entries.concat()).unwrap())
    }

    const LEAD_IN: [u8; 8] = [0x41, 0, 0, 0x14, 0, 0, 0, 0];
    const GAP: [u8; 8] = [0x41, 1, 0, 0x10, 0, 0, 0, 0];
    const TRACK: [u8; 8] = [0x41, 1, 1, 0x10, 0, 0, 2, 0];
    /// Behind 733 sectors.
    const END: [u8; 8] = [0x41, 0xAA, 1, 0x14, 0, 0, 11, 58];

    #[test]
    fn a_session_is_taken_in_order_and_no_sector_more() {
        let mut cue = read(&[LEAD_IN, GAP, TRACK, END]).unwrap();
        assert_eq!((cue.next(), cue.lead_out), (-150, 733));
        assert!(matches!(cue.take(0, 16), Err(WriteRefused::NotNextWritable)));
        assert_eq!(cue.take(-150, 150).unwrap(), []);
        assert!(cue.record().is_blank());
        assert!(matches!(cue.take(0, 734), Err(WriteRefused::BeyondTrack)));
        assert_eq!(cue.take(0, 700).unwrap(), []);
        let record = cue.record();
        assert!(record.is_sound(359_849) && !cue.is_complete());
        assert_eq!(record.tracks().next().map(|(_, _, track)| track.recorded), Some(700));
        assert_eq!(cue.take(700, 33).unwrap(), []);
        assert!(cue.is_complete() && cue.record().tracks().all(|(_, _, track)| track.closed));
    }

    #[test]
    fn what_the_drive_makes_is_not_waited_for() {
        let by_the_drive = |mut entry: [u8; 8]| {
            entry[3] = 0x14;
            entry
        };
        let second = [[0x41, 2, 0, 0x14, 0, 0, 11, 58], [0x41, 2, 1, 0x10, 0, 0, 13, 58]];
        let end = [0x41, 0xAA, 1, 0x14, 0, 0, 23, 58];
        let mut cue = read(&[LEAD_IN, by_the_drive(GAP), TRACK, second[0], second[1], end]).unwrap();
        assert_eq!(cue.next(), 0);
        assert!(matches!(cue.take(0, 734), Err(WriteRefused::NotNextWritable)));
        assert_eq!(cue.take(0, 733).unwrap(), [SectorRange::new(Lba(733), Lba(883))]);
        assert_eq!(cue.next(), 883);
        assert_eq!(cue.take(883, 750).unwrap(), []);
        let tracks: Vec<(u32, u32)> =
            cue.record().tracks().map(|(_, _, track)| (track.start, track.recorded)).collect();
        assert_eq!(tracks, [(0, 883), (883, 750)]);
    }

    #[test]
    fn the_fault_alone_makes_a_sheet_that_is_refused() {
        let good = [LEAD_IN, GAP, TRACK, END];
        assert!(read(&good).is_some());
        for (what, entry, byte, value) in [
            ("audio", 2, 0, 0x01),
            ("another Q sub-channel", 2, 0, 0x44),
            ("the lead-in is not the first", 0, 1, 1),
            ("text in the lead-in", 0, 3, 0x54),
            ("a lead-in that begins late", 0, 7, 1),
            ("no gap", 1, 6, 1),
            ("raw sectors", 2, 3, 0x11),
            ("mode 2", 2, 3, 0x30),
            ("a track that is not the first", 2, 1, 2),
            ("an index left out", 2, 2, 2),
            ("a track before sector 0", 2, 6, 1),
            ("a track behind sector 0", 2, 7, 1),
            ("no lead-out", 3, 1, 2),
            ("a lead-out of index 0", 3, 2, 0),
            ("a lead-out that the host sends", 3, 3, 0x10),
            ("a lead-out before its track", 3, 6, 1),
            ("a track of 283 sectors", 3, 6, 5),
        ] {
            let mut wrong = good;
            wrong[entry][byte] = value;
            assert_eq!(read(&wrong), None, "{what}");
        }
        assert_eq!(read(&[LEAD_IN, END]), None, "no track");
        assert_eq!(read(&[LEAD_IN, GAP, END]), None, "a gap alone");
        assert_eq!(read(&[]), None);
    }
}
