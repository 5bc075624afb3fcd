//! This module knows discs on which one sector follows the other: sessions, tracks, and where writing goes on.

use serde::{Deserialize, Serialize};

use super::WriteRefused;
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
    /// Sectors behind what is recorded that do not read, and count.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub run_out: u32,
    /// Not in increments.
    #[serde(default, skip_serializing_if = "is_false")]
    pub at_once: bool,
    #[serde(default, skip_serializing_if = "SectorMode::is_mode_1")]
    pub mode: SectorMode,
}

/// What stands around the user data of a CD; elsewhere nothing does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SectorMode {
    #[default]
    Mode1,
    Mode2Form1,
}

impl SectorMode {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
    fn is_mode_1(&self) -> bool {
        *self == SectorMode::Mode1
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_false(flag: &bool) -> bool {
    !*flag
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// How a host wants its sectors recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// One piece after the other, as they come.
    Increments,
    /// CD: a track ends where the host synchronises.
    TrackAtOnce(SectorMode),
    /// DVD: the track that was reserved is the disc.
    DiscAtOnce,
}

impl TrackRecord {
    pub(super) fn new(start: u32, method: Method) -> Self {
        let mode = if let Method::TrackAtOnce(mode) = method { mode } else { SectorMode::Mode1 };
        Self {
            start,
            recorded: 0,
            reserved: None,
            closed: false,
            run_out: 0,
            at_once: method == Method::DiscAtOnce,
            mode,
        }
    }

    /// The first sector behind what is recorded.
    pub fn recorded_end(&self) -> u32 {
        self.start.saturating_add(self.recorded)
    }

    /// Whether more of this can be recorded in it.
    fn goes_on_with(&self, method: Method) -> bool {
        match method {
            Method::Increments => !self.at_once,
            Method::TrackAtOnce(mode) => self.mode == mode,
            Method::DiscAtOnce => self.at_once,
        }
    }

    /// The first behind the run-out, too.
    pub fn told_end(&self) -> u32 {
        self.recorded_end().saturating_add(self.run_out)
    }

    /// The first sector that can belong to another track.
    pub fn end(&self) -> u32 {
        match self.reserved {
            Some(sectors) if !self.closed => self.start.saturating_add(sectors),
            Some(_) | None => self.told_end(),
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
    pub mode: SectorMode,
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
            (Some(_), _) | (None, 0) => rules.track_gap,
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
        let free = limits.end.saturating_sub(limits.rules.run_out).saturating_sub(start);
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
            mode: SectorMode::Mode1,
        })
    }

    fn view(&self, number: u16, session: u16, track: &TrackRecord, limits: Limits) -> TrackView {
        let next = track.recorded_end();
        let (state, end) = match (track.closed, track.reserved) {
            (true, _) => (TrackState::Closed, next),
            (false, Some(_)) => (TrackState::Reserved, track.end()),
            (false, None) => (TrackState::Open, limits.end.saturating_sub(limits.rules.run_out)),
        };
        let free = end.saturating_sub(next);
        TrackView {
            number,
            session,
            start: Lba(track.start),
            recorded: SectorCount(track.recorded),
            next_writable: (free > 0).then_some(Lba(next)),
            free: SectorCount(free),
            size: SectorCount(track.recorded.saturating_add(free).saturating_add(track.run_out)),
            state,
            at_once: track.at_once,
            mode: track.mode,
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
            Method::Increments | Method::TrackAtOnce(_) if self.at_once_only => return Err(WriteRefused::WrongMode),
            Method::DiscAtOnce if !tracks.iter().any(|track| track.at_once) => return Err(WriteRefused::NotPrepared),
            Method::Increments | Method::TrackAtOnce(_) | Method::DiscAtOnce => {}
        }
        let room_end = limits.end.saturating_sub(limits.rules.run_out);
        let growing = tracks.iter().position(|track| {
            !track.closed && track.recorded_end() == start.0 && (track.reserved.is_none() || track.end() > start.0)
        });
        let (index, track_end) = match growing.and_then(|index| Some((index, tracks.get(index)?))) {
            Some((_, track)) if !track.goes_on_with(method) => return Err(WriteRefused::WrongMode),
            Some((index, track)) => (index, track.reserved.map_or(room_end, |_| track.end())),
            None => match self.invisible(limits) {
                Some(track) if track.start == start && method != Method::DiscAtOnce => (tracks.len(), room_end),
                Some(_) | None => return Err(WriteRefused::NotNextWritable),
            },
        };
        match end {
            _ if end > room_end => Err(WriteRefused::BeyondEnd),
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

    /// Notes that `range` is recorded.
    ///
    /// # Errors
    /// Where it cannot be, and nothing is noted.
    pub fn write(&mut self, range: SectorRange, method: Method, limits: Limits) -> Result<(), WriteRefused> {
        if self.can_be_overwritten(range) {
            return self.move_away(range, limits);
        }
        let index = self.place(range, method, limits)?;
        let session = self.open_or_new_session();
        if index >= session.tracks.len() {
            session.tracks.push(TrackRecord::new(range.start().0, method));
        }
        if let Some(track) = session.tracks.get_mut(index) {
            track.recorded = track.recorded.saturating_add(range.count().0);
        }
        Ok(())
    }

    fn open_or_new_session(&mut self) -> &mut Session {
        if self.open_session().is_none() {
            self.sessions.push(Session::default());
        }
        // There is one now.
        let last = self.sessions.len().saturating_sub(1);
        self.sessions.get_mut(last).unwrap_or_else(|| unreachable!())
    }

    /// What is in the buffer goes to the disc: a granule that is not full is filled with zeros. A track that is
    /// written at once ends here; a disc that is, where it is full.
    pub fn synchronize(&mut self, limits: Limits) -> Padding {
        let at_once = limits.rules.run_out > 0;
        let mut padding = Vec::new();
        let open = self.sessions.last_mut().into_iter().flat_map(|session| &mut session.tracks);
        for track in open.filter(|track| !track.closed && !track.at_once) {
            if at_once && track.reserved.is_none() {
                padding.extend(closed(track, limits));
            } else {
                padding.extend(padded(track, limits.rules.granule));
            }
        }
        let full = |track: &TrackRecord| track.at_once && track.reserved == Some(track.recorded);
        if self.open_session().is_some_and(|session| session.tracks.iter().all(full)) {
            padding.extend(self.end_session(limits));
            // Whoever writes a DVD at once has written all of it.
            self.finalized = true;
        }
        padding
    }

    /// Room for a track of so many sectors.
    ///
    /// # Errors
    /// Where there is none.
    pub fn reserve(&mut self, sectors: SectorCount, method: Method, limits: Limits) -> Result<(), WriteRefused> {
        match method {
            _ if self.finalized => return Err(WriteRefused::Complete),
            Method::TrackAtOnce(_) => return Err(WriteRefused::WrongKind),
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
        self.open_or_new_session().tracks.push(TrackRecord { reserved, ..TrackRecord::new(track.start.0, method) });
        Ok(())
    }

    /// The last sectors of the open track never came to the disc.
    pub fn forget_last(&mut self, sectors: SectorCount, granule: u32) {
        let open = self.sessions.last_mut().into_iter().flat_map(|session| &mut session.tracks);
        if let Some(track) = open.filter(|track| !track.closed).last()
            && !sectors.is_zero()
        {
            let kept = track.recorded.saturating_sub(sectors.0);
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

    /// Closes a track by its number, or the one that is open where that is `None`.
    ///
    /// # Errors
    /// Where there is no such track, or nothing in it.
    pub fn close_track(&mut self, number: Option<u16>, limits: Limits) -> Result<Padding, WriteRefused> {
        let wanted = |listed: u16, track: &TrackRecord| match number {
            Some(number) => listed == number,
            None => !track.closed && track.reserved.is_none(),
        };
        let known = self.tracks().find(|(listed, _, track)| wanted(*listed, track));
        match known {
            Some((_, _, track)) if track.closed => return Ok(Vec::new()),
            Some(_) => {}
            None if number == self.invisible(limits).map(|track| track.number) => return Err(WriteRefused::EmptyTrack),
            None => return Err(WriteRefused::NoSuchTrack),
        }
        let start = known.map(|(_, _, track)| track.start);
        let open = self.sessions.last_mut().into_iter().flat_map(|session| &mut session.tracks);
        let padding = open.filter(|track| Some(track.start) == start).map(|track| closed(track, limits));
        Ok(padding.flatten().collect())
    }

    /// Closes the session, with what is open in it. Where nothing is, nothing happens.
    ///
    /// # Errors
    /// Where tracks have to be closed before.
    pub fn close_session(&mut self, limits: Limits, next_session: NextSession) -> Result<Padding, WriteRefused> {
        let mut padding = Vec::new();
        if limits.rules.run_out > 0 {
            padding.extend(self.synchronize(limits));
        }
        let open = self.open_session().map_or([].as_slice(), |session| &session.tracks);
        if let Some(track) = open.iter().find(|track| !track.closed && !limits.rules.closes_open_tracks) {
            let untouched = track.reserved.is_some();
            return Err(if untouched { WriteRefused::EmptyTrack } else { WriteRefused::IncompleteTrack });
        }
        padding.extend(self.end_session(limits));
        self.finalized |= next_session == NextSession::Never && !self.sessions.is_empty();
        Ok(padding)
    }

    fn end_session(&mut self, limits: Limits) -> Padding {
        let Some(session) = self.sessions.last_mut().filter(|session| !session.closed) else { return Vec::new() };
        session.closed = true;
        session.tracks.iter_mut().filter(|track| !track.closed).flat_map(|track| closed(track, limits)).collect()
    }

    /// Closes the session and the disc.
    ///
    /// # Errors
    /// Where there is nothing on it, or tracks have to be closed before.
    pub fn finalize(&mut self, limits: Limits) -> Result<Padding, WriteRefused> {
        if self.sessions.is_empty() {
            return Err(WriteRefused::EmptyTrack);
        }
        self.close_session(limits, NextSession::Never)
    }

    /// The first sector behind everything that is recorded.
    pub fn recorded_end(&self) -> Lba {
        Lba(self.tracks().map(|(_, _, track)| track.told_end()).max().unwrap_or(0))
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
                && track.told_end() <= limits.end
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

/// Zeros up to the end of the granule, or of the room that was reserved.
fn padded(track: &mut TrackRecord, granule: u32) -> Option<SectorRange> {
    let recorded = track.recorded.checked_next_multiple_of(granule).unwrap_or(track.recorded);
    fill(track, recorded.min(track.reserved.unwrap_or(u32::MAX)))
}

/// The track ends here; what was reserved and not written is filled, and so is a track that is too short.
fn closed(track: &mut TrackRecord, limits: Limits) -> Option<SectorRange> {
    let rules = limits.rules;
    let room = limits.end.saturating_sub(rules.run_out).saturating_sub(track.start);
    let padding = match track.reserved {
        Some(sectors) => fill(track, sectors),
        None if rules.shortest_track > track.recorded => fill(track, rules.shortest_track.min(room)),
        None => padded(track, rules.granule),
    };
    track.closed = true;
    track.run_out = rules.run_out;
    padding
}

fn fill(track: &mut TrackRecord, recorded: u32) -> Option<SectorRange> {
    let from = track.recorded_end();
    track.recorded = track.recorded.max(recorded);
    let range = SectorRange::new(Lba(from), Lba(track.recorded_end()));
    (!range.is_empty()).then_some(range)
}
