//! This module knows discs on which one sector follows the other: sessions, tracks, and where writing goes on.

use serde::{Deserialize, Serialize};

use super::WriteRefused;
use super::rules::SequentialRules;
use crate::sector::{Lba, SectorCount, SectorRange};

/// What is recorded on such a disc.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sequential {
    /// Nothing can be added.
    pub finalized: bool,
    /// Closed ones, and at the end one that is open; an empty one is not listed.
    #[serde(default, rename = "session")]
    pub sessions: Vec<Session>,
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
}

impl TrackRecord {
    /// The first sector behind what is recorded.
    pub fn recorded_end(&self) -> u32 {
        self.start.saturating_add(self.recorded)
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
}

/// Padding: zeros that the drive records by itself.
pub type Padding = Vec<SectorRange>;

impl Sequential {
    pub fn is_blank(&self) -> bool {
        self.sessions.is_empty() && !self.finalized
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
        let unfinished = self.last_track().is_some_and(|track| !track.closed && track.reserved.is_none());
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
        }
    }

    /// Every track that can be asked about, in order; the invisible one is the last.
    pub fn views(&self, limits: Limits) -> Vec<TrackView> {
        let listed = self.tracks().map(|(number, session, track)| self.view(number, session, track, limits));
        listed.chain(self.invisible(limits)).collect()
    }

    /// Whether these sectors may be written; the track that then grows is the `n`th of the open session, or a new one.
    fn place(&self, range: SectorRange, limits: Limits) -> Result<usize, WriteRefused> {
        let (start, end) = (range.start(), range.end().0);
        let tracks = self.open_session().map_or([].as_slice(), |session| &session.tracks);
        if self.finalized {
            return Err(WriteRefused::Complete);
        }
        let growing = tracks.iter().position(|track| {
            !track.closed && track.recorded_end() == start.0 && { track.reserved.is_none() || track.end() > start.0 }
        });
        let (index, room_end) = match growing {
            Some(index) => {
                let reserved = tracks.get(index).filter(|track| track.reserved.is_some());
                (index, reserved.map_or(limits.end, TrackRecord::end))
            }
            None => match self.invisible(limits) {
                Some(track) if track.start == start => (tracks.len(), limits.end),
                Some(_) | None => return Err(WriteRefused::NotNextWritable),
            },
        };
        match end {
            _ if end > limits.end => Err(WriteRefused::BeyondEnd),
            _ if end > room_end => Err(WriteRefused::BeyondTrack),
            _ => Ok(index),
        }
    }

    /// Notes that `range` is recorded.
    ///
    /// # Errors
    /// Where it cannot be, and nothing is noted.
    pub fn write(&mut self, range: SectorRange, limits: Limits) -> Result<(), WriteRefused> {
        let index = self.place(range, limits)?;
        let session = self.open_or_new_session();
        if index >= session.tracks.len() {
            session.tracks.push(TrackRecord { start: range.start().0, recorded: 0, reserved: None, closed: false });
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

    /// What is in the buffer goes to the disc: a granule that is not full is filled with zeros.
    pub fn synchronize(&mut self, limits: Limits) -> Padding {
        let mut padding = Vec::new();
        let open = self.sessions.last_mut().into_iter().flat_map(|session| &mut session.tracks);
        for track in open.filter(|track| !track.closed) {
            padding.extend(padded(track, limits.rules.granule));
        }
        padding
    }

    /// Room for a track of so many sectors.
    ///
    /// # Errors
    /// Where there is none.
    pub fn reserve(&mut self, sectors: SectorCount, limits: Limits) -> Result<(), WriteRefused> {
        if self.finalized {
            return Err(WriteRefused::Complete);
        }
        let track = self.invisible(limits).ok_or(WriteRefused::IncompleteTrack)?;
        let granule = limits.rules.granule;
        let reserved = sectors.0.checked_next_multiple_of(granule).ok_or(WriteRefused::BeyondEnd)?;
        if reserved == 0 || sectors > track.free {
            return Err(WriteRefused::BeyondEnd);
        }
        let reserved = reserved.min(track.free.0);
        let record = TrackRecord { start: track.start.0, recorded: 0, reserved: Some(reserved), closed: false };
        self.open_or_new_session().tracks.push(record);
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
        let padding = open.filter(|track| Some(track.start) == start).map(|track| closed(track, limits.rules.granule));
        Ok(padding.flatten().collect())
    }

    /// Closes the session, with all that is open in it. Where nothing is, nothing happens.
    pub fn close_session(&mut self, limits: Limits) -> Padding {
        let Some(session) = self.sessions.last_mut().filter(|session| !session.closed) else { return Vec::new() };
        session.closed = true;
        let granule = limits.rules.granule;
        session.tracks.iter_mut().filter(|track| !track.closed).flat_map(|track| closed(track, granule)).collect()
    }

    /// Closes the session and the disc.
    ///
    /// # Errors
    /// Where there is nothing on it.
    pub fn finalize(&mut self, limits: Limits) -> Result<Padding, WriteRefused> {
        if self.sessions.is_empty() {
            return Err(WriteRefused::EmptyTrack);
        }
        let padding = self.close_session(limits);
        self.finalized = true;
        Ok(padding)
    }

    /// The first sector behind everything that is recorded.
    pub fn recorded_end(&self) -> Lba {
        Lba(self.tracks().map(|(_, _, track)| track.recorded_end()).max().unwrap_or(0))
    }

    /// Whether the numbers are such as recording makes them: nothing overlaps, nothing is out of order.
    pub fn is_sound(&self, limits: Limits) -> bool {
        let mut at = 0_u32;
        let ordered = self.tracks().all(|(_, _, track)| {
            let fits = track.start >= at && track.reserved.is_none_or(|sectors| track.recorded <= sectors);
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
        ordered && shapes && self.sessions.iter().all(growing)
    }
}

/// Zeros up to the end of the granule, or of the room that was reserved.
fn padded(track: &mut TrackRecord, granule: u32) -> Option<SectorRange> {
    let recorded = track.recorded.checked_next_multiple_of(granule).unwrap_or(track.recorded);
    fill(track, recorded.min(track.reserved.unwrap_or(u32::MAX)))
}

/// The track ends here; what was reserved and not written is filled.
fn closed(track: &mut TrackRecord, granule: u32) -> Option<SectorRange> {
    let padding = match track.reserved {
        Some(sectors) => fill(track, sectors),
        None => padded(track, granule),
    };
    track.closed = true;
    padding
}

fn fill(track: &mut TrackRecord, recorded: u32) -> Option<SectorRange> {
    let from = track.recorded_end();
    track.recorded = track.recorded.max(recorded);
    let range = SectorRange::new(Lba(from), Lba(track.recorded_end()));
    (!range.is_empty()).then_some(range)
}
