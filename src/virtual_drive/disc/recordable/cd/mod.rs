//! This module knows what is recorded on a CD-R or CD-RW: sessions, tracks, and what lies between them.

mod blanking;
pub mod cue;
mod layout;
mod recording;
mod verbs;

use serde::{Deserialize, Serialize};

pub use blanking::CdBlanking;
pub use layout::{laid_out, stretch};
pub use recording::TrackMethod;
pub use verbs::CdMethod;

use super::absent::{is_false, is_zero};
use super::sequential::TrackState;
use crate::virtual_drive::disc::TrackMode;

/// In front of the first sector of a disc or of a track, in sectors.
pub const PRE_GAP: u32 = 150;
/// What follows the last sector of a track that was written at once: it counts, and does not read.
pub const RUN_OUT: u32 = 2;
/// A lead-out of a minute and a half behind the first session, of half a minute behind the others.
pub const FIRST_LEAD_OUT: u32 = 6750;
pub const LATER_LEAD_OUT: u32 = 2250;
/// A minute.
pub const LEAD_IN: u32 = 4500;
/// Four seconds: no track is shorter.
pub const SHORTEST_TRACK: u32 = 300;
const MOST_TRACKS: u16 = 99;

/// What is recorded on such a disc.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CdRecord {
    /// Nothing can be added.
    pub finalized: bool,
    /// Closed ones, and at the end one that is open; an empty one is not listed.
    #[serde(default, rename = "session")]
    pub sessions: Vec<CdSession>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CdSession {
    pub closed: bool,
    /// Where the lead-out of a session lies that is written at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_out: Option<u32>,
    #[serde(default, rename = "track")]
    pub tracks: Vec<CdTrack>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CdTrack {
    pub start: u32,
    /// Sectors of user data from `start` on.
    pub recorded: u32,
    pub closed: bool,
    pub mode: TrackMode,
    /// Sectors of a packet, where it was written in packets of one size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packet: Option<u32>,
    /// Sectors behind what is recorded that do not read, and count.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub run_out: u32,
    /// The power went while it was written, and nothing was written to it since.
    #[serde(default, skip_serializing_if = "is_false")]
    pub damaged: bool,
}

/// What can be told of a track; the one that does not exist yet, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CdTrackView {
    pub number: u16,
    pub session: u16,
    pub start: u32,
    /// `None` where nothing can be written.
    pub next_writable: Option<u32>,
    pub free: u32,
    /// With the run-out.
    pub size: u32,
    pub mode: TrackMode,
    pub packet: Option<u32>,
    pub state: TrackState,
    pub damaged: bool,
}

impl CdTrack {
    pub fn new(start: u32, mode: TrackMode, packet: Option<u32>) -> Self {
        Self { start, recorded: 0, closed: false, mode, packet, run_out: 0, damaged: false }
    }

    /// The first sector behind what is recorded.
    pub fn recorded_end(&self) -> u32 {
        self.start.saturating_add(self.recorded)
    }

    /// The first behind the run-out, too.
    pub fn end(&self) -> u32 {
        self.recorded_end().saturating_add(self.run_out)
    }
}

/// The first address that user data cannot have: where the last possible lead-out begins, run-out before it.
fn data_end(lead_out: u32) -> u32 {
    lead_out.saturating_sub(RUN_OUT)
}

impl CdRecord {
    pub fn is_blank(&self) -> bool {
        self.sessions.is_empty()
    }

    /// All tracks in order, with their number and session.
    pub fn tracks(&self) -> impl Iterator<Item = (u16, u16, &CdTrack)> {
        let with_session = (1_u16..).zip(&self.sessions);
        let tracks = with_session.flat_map(|(session, listed)| listed.tracks.iter().map(move |track| (session, track)));
        (1_u16..).zip(tracks).map(|(number, (session, track))| (number, session, track))
    }

    pub fn open_session(&self) -> Option<&CdSession> {
        self.sessions.last().filter(|session| !session.closed)
    }

    pub fn closed_sessions(&self) -> u16 {
        u16::try_from(self.sessions.iter().filter(|session| session.closed).count()).unwrap_or(u16::MAX)
    }

    /// The number of the session that is open, or would be opened.
    pub fn current_session(&self) -> u16 {
        self.closed_sessions().saturating_add(u16::from(!self.finalized))
    }

    fn last_track(&self) -> Option<&CdTrack> {
        self.sessions.last()?.tracks.last()
    }

    /// The track that writing goes on in.
    pub fn open_track(&self) -> Option<&CdTrack> {
        self.open_session()?.tracks.last().filter(|track| !track.closed)
    }

    /// The lead-out behind the last session that is closed, and the lead-in of the next.
    fn session_gap(&self) -> u32 {
        if self.closed_sessions() <= 1 { FIRST_LEAD_OUT } else { LATER_LEAD_OUT }.saturating_add(LEAD_IN)
    }

    /// Where the lead-in of the next session would begin; `None` for the first, whose place the groove tells.
    pub fn next_lead_in(&self) -> Option<u32> {
        let closed = self.sessions.iter().rfind(|session| session.closed)?;
        let lead_out = closed.tracks.last()?.end();
        Some(lead_out.saturating_add(self.session_gap()).saturating_sub(LEAD_IN))
    }

    /// Where the next track would begin.
    fn next_start(&self) -> u32 {
        let Some(track) = self.last_track() else { return 0 };
        let gap = if self.open_session().is_some() { 0 } else { self.session_gap() };
        track.end().saturating_add(gap).saturating_add(PRE_GAP)
    }

    /// The track that does not exist yet; `None` where another has to be closed first, or there can be none.
    /// `lead_out` is the last possible one.
    pub fn invisible(&self, lead_out: u32) -> Option<CdTrackView> {
        let number = u16::try_from(self.tracks().count()).unwrap_or(u16::MAX).saturating_add(1);
        let at_once = self.open_session().is_some_and(|session| session.lead_out.is_some());
        if self.finalized || self.open_track().is_some() || at_once || number > MOST_TRACKS {
            return None;
        }
        let start = self.next_start();
        let free = data_end(lead_out).saturating_sub(start);
        Some(CdTrackView {
            number,
            session: self.current_session(),
            start,
            next_writable: (free > 0).then_some(start),
            free,
            size: free,
            mode: TrackMode::Mode1,
            packet: None,
            state: TrackState::Invisible,
            damaged: false,
        })
    }

    /// Every track that can be asked about, in order; the invisible one is the last.
    pub fn views(&self, lead_out: u32) -> Vec<CdTrackView> {
        let at_once = |session: u16| {
            self.sessions.get(usize::from(session).saturating_sub(1)).is_some_and(|listed| listed.lead_out.is_some())
        };
        let view = |(number, session, track): (u16, u16, &CdTrack)| {
            let growing = !track.closed && !at_once(session);
            let next = track.recorded_end();
            let free = if growing { data_end(lead_out).saturating_sub(next) } else { 0 };
            CdTrackView {
                number,
                session,
                start: track.start,
                next_writable: (free > 0).then_some(next),
                free,
                size: track.end().saturating_sub(track.start).saturating_add(free),
                mode: track.mode,
                packet: track.packet,
                state: if track.closed { TrackState::Closed } else { TrackState::Open },
                damaged: track.damaged,
            }
        };
        self.tracks().map(view).chain(self.invisible(lead_out)).collect()
    }

    /// The first sector behind everything that is recorded.
    pub fn recorded_end(&self) -> u32 {
        self.last_track().map_or(0, CdTrack::end)
    }

    /// Whether the numbers are such as recording makes them: nothing overlaps, nothing is out of order.
    pub fn is_sound(&self, lead_out: u32) -> bool {
        let mut at = 0_u32;
        let ordered = self.tracks().all(|(_, _, track)| {
            let whole =
                u64::from(track.start).saturating_add(track.recorded.into()).saturating_add(track.run_out.into());
            let fits = track.start >= at && whole <= lead_out.into();
            at = track.end();
            fits && track.mode != TrackMode::Audio && track.packet != Some(0) && track.run_out <= RUN_OUT
        });
        let last = self.sessions.len().saturating_sub(1);
        let shapes = self.sessions.iter().enumerate().all(|(index, session)| {
            let unfinished = session.tracks.iter().filter(|track| !track.closed).count();
            let settled = if session.closed { unfinished == 0 } else { index == last && !self.finalized };
            let last_is_open = session.tracks.last().is_some_and(|track| !track.closed);
            let only_the_last = unfinished == usize::from(last_is_open) || session.lead_out.is_some();
            !session.tracks.is_empty() && settled && only_the_last
        });
        let number_fits = self.tracks().count() <= usize::from(MOST_TRACKS);
        ordered && shapes && number_fits && (!self.finalized || !self.sessions.is_empty())
    }
}
