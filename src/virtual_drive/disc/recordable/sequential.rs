//! This module knows discs on which one sector follows the other: sessions, tracks, and where writing goes on.

mod closing;

use serde::{Deserialize, Serialize};

use super::WriteRefused;
use super::absent::{is_false, is_zero};
use super::cd::CdMethod;
use super::rules::SequentialRules;
use crate::sector::{Lba, SectorCount, SectorRange};
use crate::virtual_drive::disc::Stock;

/// What is recorded on such a disc.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sequential {
    /// Nothing can be added.
    pub finalized: bool,
    /// Blanked so far that only the whole disc can be written, at once: DVD-RW.
    #[serde(default, skip_serializing_if = "is_false")]
    pub at_once_only: bool,
    /// What formatting has made of it: BD-R.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formatted: Option<Formatted>,
    /// Sectors of the first layer, where a host has said how many: DVD+R DL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layer_0: Option<u32>,
    /// Closed ones, and at the end one that is open; an empty one is not listed.
    #[serde(default, rename = "session")]
    pub sessions: Vec<Session>,
}

/// A disc that keeps some of itself to replace what does not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Formatted {
    pub sectors: u32,
    /// What is recorded can be written over.
    pub pseudo_overwrite: bool,
    /// ECC blocks that lie elsewhere now, with what was written over them.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub moved: u32,
}

impl Formatted {
    /// ECC blocks that could still take what is written over others, of a disc with so many sectors.
    pub fn free_blocks(self, sectors: SectorCount, granule: u32) -> u32 {
        let spare = sectors.0.saturating_sub(self.sectors).checked_div(granule).unwrap_or(0);
        spare.saturating_sub(self.moved)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    pub closed: bool,
    #[serde(default, rename = "track")]
    pub tracks: Vec<TrackRecord>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrackRecord {
    pub start: u32,
    /// Sectors from `start` on.
    pub recorded: u32,
    /// How long it was reserved to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reserved: Option<u32>,
    pub closed: bool,
    /// Not in increments.
    #[serde(default, skip_serializing_if = "is_false")]
    pub at_once: bool,
    /// The power went while it was written, and nothing was written to it since.
    #[serde(default, skip_serializing_if = "is_false")]
    pub damaged: bool,
}

/// How a host wants its sectors recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// One piece after the other, as they come.
    Increments,
    /// DVD: the track that was reserved is the disc.
    DiscAtOnce,
    /// CD, which has its own.
    Cd(CdMethod),
}

impl TrackRecord {
    pub(super) fn new(start: u32, method: Method) -> Self {
        let at_once = method == Method::DiscAtOnce;
        Self { start, recorded: 0, reserved: None, closed: false, at_once, damaged: false }
    }

    /// The first sector behind what is recorded.
    pub fn recorded_end(&self) -> u32 {
        self.start.saturating_add(self.recorded)
    }

    /// Whether more of this can be recorded in it.
    fn goes_on_with(&self, method: Method) -> bool {
        match method {
            Method::Increments => !self.at_once,
            Method::DiscAtOnce => self.at_once,
            Method::Cd(_) => false,
        }
    }

    /// The first sector that can belong to another track.
    pub fn end(&self) -> u32 {
        match self.reserved {
            Some(sectors) if !self.closed => self.start.saturating_add(sectors),
            Some(_) | None => self.recorded_end(),
        }
    }
}

/// What can be told of a track; the one that does not exist yet, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrackView {
    pub number: u16,
    pub session: u16,
    pub start: Lba,
    pub recorded: SectorCount,
    /// `None` where nothing can be written.
    pub next_writable: Option<Lba>,
    pub free: SectorCount,
    pub size: SectorCount,
    pub state: TrackState,
    pub at_once: bool,
    pub damaged: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrackState {
    /// It begins with the first sector written to it.
    Invisible,
    /// Its size is settled; so is that of a reserved track to which something was written.
    Reserved,
    Open,
    Closed,
}

/// Sequential recording, with what limits it.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub rules: SequentialRules,
    /// The first sector that can no longer be written.
    pub end: u32,
    /// All that the disc has, to replace others, too.
    pub sectors: u32,
}

impl Limits {
    /// What formatting keeps, and what lies on the second layer beyond the first one's edge, cannot be written.
    pub fn of(record: &Sequential, rules: SequentialRules, stock: &Stock) -> Self {
        let formatted = record.formatted.map_or(u32::MAX, |formatted| formatted.sectors);
        let layers = record.layer_0.map_or(u32::MAX, |sectors| sectors.saturating_mul(2));
        Self { rules, end: stock.sectors.0.min(formatted).min(layers), sectors: stock.sectors.0 }
    }
}

/// What may come behind a session that is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextSession {
    Allowed,
    Never,
}

/// Padding: zeros that the drive records by itself.
pub type Padding = Vec<SectorRange>;

impl Sequential {
    pub fn is_blank(&self) -> bool {
        self.sessions.is_empty() && !self.finalized
    }

    /// It is as it came out of its box.
    pub fn is_untouched(&self) -> bool {
        self.is_blank() && self.formatted.is_none()
    }

    /// What is recorded can be written over: BD-R with pseudo-overwrite.
    pub fn is_pseudo_overwritten(&self) -> bool {
        self.formatted.is_some_and(|formatted| formatted.pseudo_overwrite)
    }

    /// All tracks in order, with their number and session.
    pub fn tracks(&self) -> impl Iterator<Item = (u16, u16, &TrackRecord)> {
        let with_session = (1_u16..).zip(&self.sessions);
        let tracks = with_session.flat_map(|(session, listed)| listed.tracks.iter().map(move |track| (session, track)));
        (1_u16..).zip(tracks).map(|(number, (session, track))| (number, session, track))
    }

    pub fn open_session(&self) -> Option<&Session> {
        self.sessions.last().filter(|session| !session.closed)
    }

    fn last_track(&self) -> Option<&TrackRecord> {
        self.sessions.last()?.tracks.last()
    }

    pub fn closed_sessions(&self) -> u16 {
        u16::try_from(self.sessions.iter().filter(|session| session.closed).count()).unwrap_or(u16::MAX)
    }

    /// The number of the session that is open, or would be opened.
    pub fn current_session(&self) -> u16 {
        self.closed_sessions().saturating_add(u16::from(!self.finalized))
    }

    fn next_number(&self) -> u16 {
        u16::try_from(self.tracks().count()).unwrap_or(u16::MAX).saturating_add(1)
    }

    /// Where the next track would begin.
    fn next_start(&self, limits: Limits) -> u32 {
        let rules = limits.rules;
        let Some(track) = self.last_track() else { return 0 };
        let gap = match (self.open_session(), self.closed_sessions()) {
            (Some(_), _) | (None, 0) => 0,
            (None, 1) => rules.first_gap,
            (None, _) => rules.later_gap,
        };
        let start = track.end().saturating_add(gap);
        start.checked_next_multiple_of(rules.granule).unwrap_or(u32::MAX)
    }

    /// The track that does not exist yet; `None` where another has to be closed first, or there can be none.
    pub fn invisible(&self, limits: Limits) -> Option<TrackView> {
        let (number, session) = (self.next_number(), self.current_session());
        let goes_on = |track: &TrackRecord| !track.closed && (track.reserved.is_none() || track.at_once);
        let unfinished = self.last_track().is_some_and(goes_on);
        if self.finalized || unfinished || number > limits.rules.most_tracks || session > limits.rules.most_sessions {
            return None;
        }
        let start = self.next_start(limits);
        let free = limits.end.saturating_sub(start);
        Some(TrackView {
            number,
            session,
            start: Lba(start),
            recorded: SectorCount(0),
            next_writable: (free > 0).then_some(Lba(start)),
            free: SectorCount(free),
            size: SectorCount(free),
            state: TrackState::Invisible,
            at_once: false,
            damaged: false,
        })
    }

    fn view(&self, number: u16, session: u16, track: &TrackRecord, limits: Limits) -> TrackView {
        let next = track.recorded_end();
        let (state, end) = match (track.closed, track.reserved) {
            (true, _) => (TrackState::Closed, next),
            (false, Some(_)) => (TrackState::Reserved, track.end()),
            (false, None) => (TrackState::Open, limits.end),
        };
        let free = end.saturating_sub(next);
        TrackView {
            number,
            session,
            start: Lba(track.start),
            recorded: SectorCount(track.recorded),
            next_writable: (free > 0).then_some(Lba(next)),
            free: SectorCount(free),
            size: SectorCount(track.recorded.saturating_add(free)),
            state,
            at_once: track.at_once,
            damaged: track.damaged,
        }
    }

    /// Every track that can be asked about, in order; the invisible one is the last.
    pub fn views(&self, limits: Limits) -> Vec<TrackView> {
        let listed = self.tracks().map(|(number, session, track)| self.view(number, session, track, limits));
        listed.chain(self.invisible(limits)).collect()
    }

    /// Whether these sectors may be written; the track that then grows is the `n`th of the open session, or a new one.
    fn place(&self, range: SectorRange, method: Method, limits: Limits) -> Result<usize, WriteRefused> {
        let (start, end) = (range.start(), range.end().0);
        let tracks = self.open_session().map_or([].as_slice(), |session| &session.tracks);
        match method {
            _ if self.finalized => return Err(WriteRefused::Complete),
            Method::Cd(_) => return Err(WriteRefused::WrongKind),
            Method::Increments if self.at_once_only => return Err(WriteRefused::WrongMode),
            Method::DiscAtOnce if !tracks.iter().any(|track| track.at_once) => return Err(WriteRefused::NotPrepared),
            Method::Increments | Method::DiscAtOnce => {}
        }
        let growing = tracks.iter().position(|track| {
            !track.closed && track.recorded_end() == start.0 && (track.reserved.is_none() || track.end() > start.0)
        });
        let (index, track_end) = match growing.and_then(|index| Some((index, tracks.get(index)?))) {
            Some((_, track)) if !track.goes_on_with(method) => return Err(WriteRefused::WrongMode),
            Some((index, track)) => (index, track.reserved.map_or(limits.end, |_| track.end())),
            None => match self.invisible(limits) {
                Some(track) if track.start == start && method != Method::DiscAtOnce => (tracks.len(), limits.end),
                Some(_) | None => return Err(WriteRefused::NotNextWritable),
            },
        };
        match end {
            _ if end > limits.end => Err(WriteRefused::BeyondEnd),
            _ if end > track_end => Err(WriteRefused::BeyondTrack),
            _ => Ok(index),
        }
    }

    /// All of this is recorded, and can be recorded again.
    fn can_be_overwritten(&self, range: SectorRange) -> bool {
        let inside = |track: &TrackRecord| track.start <= range.start().0 && range.end().0 <= track.recorded_end();
        self.is_pseudo_overwritten() && !self.finalized && self.tracks().any(|(_, _, track)| inside(track))
    }

    /// What is written over sectors goes to other ones, each time anew, for nothing can be recorded twice.
    fn move_away(&mut self, range: SectorRange, limits: Limits) -> Result<(), WriteRefused> {
        let granule = limits.rules.granule;
        let block = |lba: u32| lba.checked_div(granule).unwrap_or(lba);
        let last = block(range.end().0.saturating_sub(1));
        let blocks = last.saturating_sub(block(range.start().0)).saturating_add(1);
        let formatted = self.formatted.as_mut().ok_or(WriteRefused::NotNextWritable)?;
        if formatted.free_blocks(SectorCount(limits.sectors), granule) < blocks {
            return Err(WriteRefused::NoSpare);
        }
        formatted.moved = formatted.moved.saturating_add(blocks);
        Ok(())
    }

    /// One ECC block lies elsewhere, since it takes no data where it belongs.
    ///
    /// # Errors
    /// Where none is left for it.
    pub fn replace(&mut self, limits: Limits) -> Result<(), WriteRefused> {
        let formatted = self.formatted.as_mut().ok_or(WriteRefused::NoSpare)?;
        if formatted.free_blocks(SectorCount(limits.sectors), limits.rules.granule) == 0 {
            return Err(WriteRefused::NoSpare);
        }
        formatted.moved = formatted.moved.saturating_add(1);
        Ok(())
    }

    /// Notes that `range` is recorded.
    ///
    /// # Errors
    /// Where it cannot be, and nothing is noted.
    pub fn write(&mut self, range: SectorRange, method: Method, limits: Limits) -> Result<(), WriteRefused> {
        if self.can_be_overwritten(range) {
            return self.move_away(range, limits);
        }
        let index = self.place(range, method, limits)?;
        let grown = |track: &TrackRecord| track.recorded.saturating_add(range.count().0);
        match self.open_tracks().get_mut(index) {
            Some(track) => (track.recorded, track.damaged) = (grown(track), false),
            None => {
                let track = TrackRecord::new(range.start().0, method);
                self.append(TrackRecord { recorded: grown(&track), ..track });
            }
        }
        Ok(())
    }

    fn open_tracks(&mut self) -> &mut [TrackRecord] {
        let open = self.sessions.last_mut().filter(|session| !session.closed);
        open.map_or(&mut [], |session| &mut session.tracks)
    }

    /// The last track of the session that is open, or the first of a new one.
    fn append(&mut self, track: TrackRecord) {
        match self.sessions.last_mut().filter(|session| !session.closed) {
            Some(session) => session.tracks.push(track),
            None => self.sessions.push(Session { closed: false, tracks: vec![track] }),
        }
    }

    /// Room for a track of so many sectors.
    ///
    /// # Errors
    /// Where there is none.
    pub fn reserve(&mut self, sectors: SectorCount, method: Method, limits: Limits) -> Result<(), WriteRefused> {
        match method {
            _ if self.finalized => return Err(WriteRefused::Complete),
            Method::Cd(_) => return Err(WriteRefused::WrongKind),
            Method::Increments if self.at_once_only => return Err(WriteRefused::WrongMode),
            Method::DiscAtOnce if !self.sessions.is_empty() => return Err(WriteRefused::NotPrepared),
            Method::Increments | Method::DiscAtOnce => {}
        }
        let track = self.invisible(limits).ok_or(WriteRefused::IncompleteTrack)?;
        // The last sectors of a disc that is written at once need not fill a granule.
        let granule = if method == Method::DiscAtOnce { 1 } else { limits.rules.granule };
        let reserved = sectors.0.checked_next_multiple_of(granule).ok_or(WriteRefused::BeyondEnd)?;
        if reserved == 0 || sectors > track.free {
            return Err(WriteRefused::BeyondEnd);
        }
        let reserved = Some(reserved.min(track.free.0));
        self.append(TrackRecord { reserved, ..TrackRecord::new(track.start.0, method) });
        Ok(())
    }

    /// The power is gone, and the last sectors of the open track never came to the disc.
    pub fn forget_last(&mut self, sectors: SectorCount, rules: Option<SequentialRules>) {
        let open = self.sessions.last_mut().into_iter().flat_map(|session| &mut session.tracks);
        let Some(track) = open.filter(|track| !track.closed).last() else { return };
        // What cannot be closed as it stands tells so.
        track.damaged = track.recorded > 0 && rules.is_some_and(|rules| !rules.closes_open_tracks);
        if !sectors.is_zero() {
            let kept = track.recorded.saturating_sub(sectors.0);
            let granule = rules.map_or(1, |rules| rules.granule);
            track.recorded = kept.saturating_sub(kept.checked_rem(granule).unwrap_or(0));
        }
    }

    /// The first layer ends here, and the second holds as much.
    ///
    /// # Errors
    /// Where it is too late, or the layer has no such room.
    pub fn break_layers_at(&mut self, layer_0: SectorCount, limits: Limits) -> Result<(), WriteRefused> {
        if self.layer_0.is_some() || !self.is_blank() {
            return Err(WriteRefused::NotPrepared);
        }
        if layer_0.is_zero() || layer_0.0 > limits.end / 2 || !layer_0.0.is_multiple_of(limits.rules.granule) {
            return Err(WriteRefused::NoSuchLayer);
        }
        self.layer_0 = Some(layer_0.0);
        Ok(())
    }

    /// The first sector behind everything that is recorded.
    pub fn recorded_end(&self) -> Lba {
        Lba(self.tracks().map(|(_, _, track)| track.recorded_end()).max().unwrap_or(0))
    }

    /// Whether the numbers are such as recording makes them: nothing overlaps, nothing is out of order.
    pub fn is_sound(&self, limits: Limits) -> bool {
        let formatted = |formatted: Formatted| {
            let spare = limits.sectors.saturating_sub(formatted.sectors) / limits.rules.granule.max(1);
            formatted.sectors > 0 && formatted.sectors <= limits.sectors && formatted.moved <= spare
        };
        let prepared = self.layer_0 != Some(0) && self.formatted.is_none_or(formatted);
        let mut at = 0_u32;
        let ordered = self.tracks().all(|(_, _, track)| {
            let fits = track.start >= at
                && track.recorded_end() <= limits.end
                && track.reserved.is_none_or(|sectors| track.recorded <= sectors);
            let end = u64::from(track.start).saturating_add(track.recorded.max(track.reserved.unwrap_or(0)).into());
            at = track.end();
            fits && end <= u64::from(limits.end).next_multiple_of(u64::from(limits.rules.granule))
        });
        let last = self.sessions.len().saturating_sub(1);
        let shapes = self.sessions.iter().enumerate().all(|(index, session)| {
            let all_closed = session.tracks.iter().all(|track| track.closed);
            !session.tracks.is_empty() && if session.closed { all_closed } else { index == last && !self.finalized }
        });
        let growing = |session: &Session| {
            let unfinished = session.tracks.iter().rposition(|track| !track.closed && track.reserved.is_none());
            unfinished.is_none_or(|index| index.saturating_add(1) == session.tracks.len())
        };
        prepared && ordered && shapes && self.sessions.iter().all(growing)
    }
}
