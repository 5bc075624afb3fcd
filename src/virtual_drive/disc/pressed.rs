//! This module knows discs that nothing changes any more: pressed ones, and recordable ones written elsewhere.

use super::content::Content;
use super::{
    Disc, DiscKind, DiscState, Family, Layers, Layout, Made, Protection, SectorKind, Stretch, Track, TrackMode,
    TrackPath,
};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SectorRange, SourceError};

/// Lead-out of the first session, lead-in and pause of the second, in sectors.
const FIRST_SESSION_GAP: SectorCount = SectorCount(11_400);
/// The same between later sessions.
const LATER_SESSION_GAP: SectorCount = SectorCount(6_900);

/// What follows the last sector of data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tail {
    /// The lead-out.
    LeadOut,
    /// Two run-out sectors, which count as the disc's: a CD written track at once.
    RunOut,
    /// Nothing: the session was never closed.
    Open,
}

/// Whether a track begins a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Session {
    Same,
    New,
}

/// A track to be: where it lies follows from those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrackPlan {
    pub mode: TrackMode,
    pub sectors: SectorCount,
    pub session: Session,
}

/// Why no such disc can exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WrongDisc {
    #[error("{sectors} sectors do not fit on a {}, which holds {} at most", kind.name(), kind.largest())]
    TooLarge { kind: DiscKind, sectors: u64 },
    #[error("a disc needs between 1 and 99 tracks of at least one sector")]
    Tracks,
    #[error("a {} has no second layer", kind.name())]
    OneLayerOnly { kind: DiscKind },
    #[error("the second layer would begin at sector {break_at}, but the disc has {sectors}")]
    Break { break_at: Lba, sectors: SectorCount },
    #[error("a {} has one track of data", kind.name())]
    NoTracks { kind: DiscKind },
    #[error("a {} cannot end that way", kind.name())]
    Tail { kind: DiscKind },
    #[error("a {} comes blank, and is written here", kind.name())]
    Rewritable { kind: DiscKind },
}

/// A disc with its content.
pub struct Pressed {
    kind: DiscKind,
    layout: Layout,
    layers: Layers,
    protection: Protection,
    /// In order and without gaps, from sector 0 to the end.
    runs: Vec<(SectorRange, SectorKind)>,
    content: Content,
}

impl Pressed {
    /// A disc with one track of data: all of `content`.
    ///
    /// # Errors
    /// Where a disc of this kind cannot hold it.
    pub fn new(kind: DiscKind, mode: TrackMode, content: Content, tail: Tail) -> Result<Self, WrongDisc> {
        let whole = TrackPlan { mode, sectors: content.sector_count(), session: Session::Same };
        Self::with_tracks(kind, &[whole], content, tail)
    }

    /// A disc with these tracks; where `content` has no sector, the disc has zeros.
    ///
    /// # Errors
    /// Where there can be no such disc.
    pub fn with_tracks(kind: DiscKind, plan: &[TrackPlan], content: Content, tail: Tail) -> Result<Self, WrongDisc> {
        if kind.made() == Made::Rewritable {
            return Err(WrongDisc::Rewritable { kind });
        }
        let fits = match tail {
            Tail::LeadOut => true,
            Tail::RunOut => kind == DiscKind::CdR,
            Tail::Open => kind.made() == Made::Recordable && kind.family() != Family::Cd,
        };
        if !fits {
            return Err(WrongDisc::Tail { kind });
        }
        let alone = matches!(plan, [TrackPlan { mode: TrackMode::Mode1, .. }]);
        if kind.family() != Family::Cd && !alone {
            return Err(WrongDisc::NoTracks { kind });
        }
        let tracks = placed(kind, plan)?;
        let mut runs = Vec::new();
        let mut at = Lba(0);
        for track in &tracks {
            fill_up(&mut runs, at, track.start, SectorKind::RunOut);
            let kind = match track.mode {
                TrackMode::Audio => SectorKind::Audio,
                TrackMode::Mode1 => SectorKind::Mode1,
                TrackMode::Mode2Form1 => SectorKind::Mode2Form1,
            };
            fill_up(&mut runs, track.start, track.range().end(), kind);
            at = track.range().end();
        }
        let end = if tail == Tail::RunOut { at.saturating_add(SectorCount(2)) } else { at };
        fill_up(&mut runs, at, end, SectorKind::RunOut);
        if end.0 > kind.largest().0 {
            return Err(WrongDisc::TooLarge { kind, sectors: u64::from(end.0) });
        }
        let state = if tail == Tail::Open { DiscState::Open } else { DiscState::Complete };
        let layout = Layout { state, tracks, end };
        Ok(Self { kind, layout, layers: Layers::One, protection: Protection::None, runs, content })
    }

    /// The same disc with a second layer from `break_at` on.
    ///
    /// # Errors
    /// Where such a disc has one layer only, or `break_at` does not lie inside.
    pub fn with_second_layer(self, break_at: Lba, path: TrackPath) -> Result<Self, WrongDisc> {
        let kind = self.kind;
        match kind {
            DiscKind::DvdRom
            | DiscKind::DvdRDl
            | DiscKind::DvdPlusRDl
            | DiscKind::BdRom
            | DiscKind::BdR
            | DiscKind::BdRe => {}
            DiscKind::CdRom
            | DiscKind::CdR
            | DiscKind::CdRw
            | DiscKind::DvdR
            | DiscKind::DvdRw
            | DiscKind::DvdRam
            | DiscKind::DvdPlusR
            | DiscKind::DvdPlusRw => {
                return Err(WrongDisc::OneLayerOnly { kind });
            }
        }
        if break_at.0 == 0 || break_at >= self.layout.end {
            return Err(WrongDisc::Break { break_at, sectors: SectorCount(self.layout.end.0) });
        }
        Ok(Self { layers: Layers::Two { break_at, path }, ..self })
    }

    /// The same disc, protected; `scrambled` sectors cannot be read without authentication.
    pub fn with_protection(mut self, protection: Protection, scrambled: &[SectorRange]) -> Self {
        let mut runs = Vec::new();
        for (run, kind) in std::mem::take(&mut self.runs) {
            let mut inside: Vec<SectorRange> = scrambled.iter().filter_map(|range| range.intersection(run)).collect();
            inside.sort_by_key(|range| range.start());
            let mut at = run.start();
            for range in inside {
                fill_up(&mut runs, at, range.start(), kind);
                fill_up(&mut runs, at.max(range.start()), range.end(), SectorKind::Scrambled);
                at = at.max(range.end());
            }
            fill_up(&mut runs, at, run.end(), kind);
        }
        Self { protection, runs, ..self }
    }
}

fn fill_up(runs: &mut Vec<(SectorRange, SectorKind)>, start: Lba, end: Lba, kind: SectorKind) {
    let range = SectorRange::new(start, end);
    if !range.is_empty() {
        runs.push((range, kind));
    }
}

/// Gives each track its number, session and start.
fn placed(kind: DiscKind, plan: &[TrackPlan]) -> Result<Vec<Track>, WrongDisc> {
    if plan.is_empty() || plan.len() > 99 || plan.iter().any(|track| track.sectors.is_zero()) {
        return Err(WrongDisc::Tracks);
    }
    let mut tracks = Vec::new();
    let (mut at, mut session) = (Lba(0), 1_u8);
    for (number, track) in (1_u8..).zip(plan) {
        if track.session == Session::New && number > 1 {
            let gap = if session == 1 { FIRST_SESSION_GAP } else { LATER_SESSION_GAP };
            at = at.saturating_add(gap);
            session = session.saturating_add(1);
        }
        let wide = u64::from(at.0).saturating_add(u64::from(track.sectors.0));
        if wide > u64::from(kind.largest().0) {
            return Err(WrongDisc::TooLarge { kind, sectors: wide });
        }
        tracks.push(Track { number, session, start: at, sectors: track.sectors, mode: track.mode });
        at = at.saturating_add(track.sectors);
    }
    Ok(tracks)
}

impl Disc for Pressed {
    fn kind(&self) -> DiscKind {
        self.kind
    }

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn layers(&self) -> Layers {
        self.layers
    }

    fn protection(&self) -> Protection {
        self.protection
    }

    fn stretch(&self, at: Lba) -> Option<Stretch> {
        let behind = self.runs.partition_point(|(run, _)| run.end() <= at);
        self.runs.get(behind).map(|(run, kind)| Stretch { kind: *kind, end: run.end() })
    }

    fn read(&mut self, start: Lba, buffer: &mut [u8]) -> Result<(), SourceError> {
        let content_end = SectorRange::first(self.content.sector_count()).end();
        let (there, missing) = match usize::try_from(content_end.byte_offset().saturating_sub(start.byte_offset())) {
            Ok(bytes) if bytes < buffer.len() => buffer.split_at_mut_checked(bytes).unwrap_or_default(),
            _ => (buffer, [].as_mut_slice()),
        };
        missing.fill(0);
        debug_assert_eq!(there.len() % SECTOR_BYTES, 0, "drives read whole sectors");
        if there.is_empty() { Ok(()) } else { self.content.read_sectors(start, there) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::virtual_drive::disc::content::Synthetic;

    fn content(sectors: u32) -> Content {
        Box::new(Synthetic::new(SectorCount(sectors), 1))
    }

    #[test]
    fn a_cd_written_track_at_once_has_two_sectors_more() {
        let disc = Pressed::new(DiscKind::CdR, TrackMode::Mode1, content(1000), Tail::RunOut).unwrap();
        assert_eq!(disc.layout().end, Lba(1002));
        assert_eq!(disc.layout().tracks[0].sectors, SectorCount(1000));
        assert_eq!(disc.stretch(Lba(999)), Some(Stretch { kind: SectorKind::Mode1, end: Lba(1000) }));
        assert_eq!(disc.stretch(Lba(1000)), Some(Stretch { kind: SectorKind::RunOut, end: Lba(1002) }));
        assert_eq!(disc.stretch(Lba(1002)), None);
        assert!(Pressed::new(DiscKind::CdRom, TrackMode::Mode1, content(9), Tail::RunOut).is_err());
    }

    #[test]
    fn a_second_session_begins_11400_sectors_behind_the_first() {
        let track = |session| TrackPlan { mode: TrackMode::Mode1, sectors: SectorCount(100), session };
        let plan = [track(Session::Same), track(Session::New), track(Session::New)];
        let disc = Pressed::with_tracks(DiscKind::CdRom, &plan, content(100), Tail::LeadOut).unwrap();
        let starts: Vec<u32> = disc.layout().tracks.iter().map(|track| track.start.0).collect();
        assert_eq!(starts, [0, 11_500, 18_500]);
        assert_eq!(disc.layout().sessions(), 3);
        assert_eq!(disc.layout().lead_out(1), Lba(100));
        assert_eq!(disc.layout().lead_out(3), Lba(18_600));
    }

    #[test]
    fn scrambled_sectors_cut_the_others_apart() {
        let disc = Pressed::new(DiscKind::DvdRom, TrackMode::Mode1, content(100), Tail::LeadOut).unwrap();
        let ranges = ["30..40", "10..20", "15..25"].map(|range| range.parse().unwrap());
        let disc = disc.with_protection(Protection::Css, &ranges);
        let mut seen = Vec::new();
        let mut at = Lba(0);
        while let Some(stretch) = disc.stretch(at) {
            if !matches!(seen.last(), Some((kind, _)) if *kind == stretch.kind) {
                seen.push((stretch.kind, at.0));
            }
            at = stretch.end;
        }
        let expected = [
            (SectorKind::Mode1, 0),
            (SectorKind::Scrambled, 10),
            (SectorKind::Mode1, 25),
            (SectorKind::Scrambled, 30),
            (SectorKind::Mode1, 40),
        ];
        assert_eq!(seen, expected);
    }

    #[test]
    fn impossible_discs_are_refused() {
        assert!(Pressed::new(DiscKind::CdRom, TrackMode::Mode1, content(449_851), Tail::LeadOut).is_err());
        assert!(Pressed::new(DiscKind::DvdRom, TrackMode::Audio, content(1), Tail::LeadOut).is_err());
        assert!(Pressed::new(DiscKind::CdRom, TrackMode::Mode1, content(0), Tail::LeadOut).is_err());
        let cd = Pressed::new(DiscKind::CdRom, TrackMode::Mode1, content(9), Tail::LeadOut).unwrap();
        assert!(cd.with_second_layer(Lba(4), TrackPath::Opposite).is_err());
        let dvd = Pressed::new(DiscKind::DvdRom, TrackMode::Mode1, content(9), Tail::LeadOut).unwrap();
        assert!(dvd.with_second_layer(Lba(9), TrackPath::Opposite).is_err());
    }

    #[test]
    fn sectors_without_content_are_zeros() {
        let plan = [TrackPlan { mode: TrackMode::Mode1, sectors: SectorCount(4), session: Session::Same }];
        let mut disc = Pressed::with_tracks(DiscKind::CdRom, &plan, content(2), Tail::LeadOut).unwrap();
        let mut buffer = vec![0xEE; 3 * SECTOR_BYTES];
        disc.read(Lba(1), &mut buffer).unwrap();
        assert!(buffer[..SECTOR_BYTES].iter().any(|byte| *byte != 0));
        assert!(buffer[SECTOR_BYTES..].iter().all(|byte| *byte == 0));
        disc.read(Lba(3), &mut buffer[..SECTOR_BYTES]).unwrap();
    }
}
