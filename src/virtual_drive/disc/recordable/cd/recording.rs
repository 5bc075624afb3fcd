//! This module knows how a CD is recorded track by track: at once, or in packets of one size.

use super::{CdRecord, CdSession, CdTrack, RUN_OUT, SHORTEST_TRACK, data_end};
use crate::sector::{Lba, SectorCount, SectorRange};
use crate::virtual_drive::disc::TrackMode;
use crate::virtual_drive::disc::recordable::WriteRefused;
use crate::virtual_drive::disc::recordable::sequential::Padding;

/// How a track is written that has no cue sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrackMethod {
    pub mode: TrackMode,
    /// Sectors of a packet; `None` for a track at once, which ends where the host synchronises.
    pub packet: Option<u32>,
}

impl CdRecord {
    /// Notes that `range` is recorded.
    ///
    /// # Errors
    /// Where it cannot be, and nothing is noted.
    pub fn write(&mut self, range: SectorRange, method: TrackMethod, lead_out: u32) -> Result<(), WriteRefused> {
        let start = range.start().0;
        if self.finalized {
            return Err(WriteRefused::Complete);
        }
        if self.open_session().is_some_and(|session| session.lead_out.is_some()) {
            return Err(WriteRefused::WrongMode);
        }
        match (self.open_track(), self.invisible(lead_out)) {
            (Some(track), _) if track.recorded_end() != start => return Err(WriteRefused::NotNextWritable),
            (Some(track), _) if (track.mode, track.packet) != (method.mode, method.packet) => {
                return Err(WriteRefused::WrongMode);
            }
            (Some(_), _) => {}
            (None, Some(next)) if next.start == start => {}
            (None, _) => return Err(WriteRefused::NotNextWritable),
        }
        if range.end().0 > data_end(lead_out) {
            return Err(WriteRefused::BeyondEnd);
        }
        if self.open_session().is_none() {
            self.sessions.push(CdSession::default());
        }
        let new = self.open_track().is_none();
        if let Some(session) = self.sessions.last_mut() {
            let TrackMethod { mode, packet } = method;
            if new {
                session.tracks.push(CdTrack::new(start, mode, packet));
            }
            if let Some(track) = session.tracks.last_mut() {
                track.recorded = track.recorded.saturating_add(range.count().0);
                track.damaged = false;
            }
        }
        Ok(())
    }

    /// What is in the buffer goes to the disc. A track that is written at once ends here; a packet is filled.
    pub fn synchronize(&mut self, lead_out: u32) -> Padding {
        match self.growing_track() {
            Some(track) if track.packet.is_none() => closed(track, lead_out),
            Some(track) => packet_filled(track, lead_out),
            None => Padding::new(),
        }
    }

    /// Closes a track by its number, or the one that is open where that is `None`.
    ///
    /// # Errors
    /// Where there is no such track, or nothing in it.
    pub fn close_track(&mut self, number: Option<u16>, lead_out: u32) -> Result<Padding, WriteRefused> {
        let open = self.tracks().find(|(_, _, track)| !track.closed).map(|(number, _, _)| number);
        let wanted = number.or(open).ok_or(WriteRefused::EmptyTrack)?;
        let listed = self.tracks().find(|(listed, _, _)| *listed == wanted).map(|(_, _, track)| track.closed);
        match listed {
            Some(true) => Ok(Padding::new()),
            Some(false) => {
                let track = self.growing_track().ok_or(WriteRefused::WrongMode)?;
                Ok(closed(track, lead_out))
            }
            None if self.invisible(lead_out).is_some_and(|track| track.number == wanted) => {
                Err(WriteRefused::EmptyTrack)
            }
            None => Err(WriteRefused::NoSuchTrack),
        }
    }

    /// Writes lead-in and lead-out around the session that is open. Where none is, nothing happens.
    ///
    /// # Errors
    /// Where it was to be written at once, and is not complete.
    pub fn close_session(&mut self, finally: bool, lead_out: u32) -> Result<Padding, WriteRefused> {
        if self.open_session().is_some_and(|session| session.lead_out.is_some()) {
            return Err(WriteRefused::IncompleteTrack);
        }
        let padding = self.growing_track().map_or_else(Padding::new, |track| closed(track, lead_out));
        if let Some(session) = self.sessions.last_mut().filter(|session| !session.closed) {
            session.closed = true;
            self.finalized = finally;
        }
        Ok(padding)
    }

    /// The power is gone, and the last sectors that were sent to an open track never came to the disc.
    pub fn forget_last(&mut self, sectors: SectorCount) {
        let Some(session) = self.sessions.last_mut().filter(|session| !session.closed) else { return };
        if let Some(track) = session.tracks.last_mut().filter(|track| !track.closed) {
            track.recorded = track.recorded.saturating_sub(sectors.0);
            track.damaged = true;
        }
        session.tracks.retain(|track| track.closed || track.recorded > 0);
        self.sessions.retain(|session| !session.tracks.is_empty());
    }

    /// The open track, where it has no cue sheet.
    fn growing_track(&mut self) -> Option<&mut CdTrack> {
        let session = self.sessions.last_mut().filter(|session| !session.closed && session.lead_out.is_none())?;
        session.tracks.last_mut().filter(|track| !track.closed)
    }
}

/// The track ends here, with run-out where it was written at once; one that is too short is filled with zeros.
fn closed(track: &mut CdTrack, lead_out: u32) -> Padding {
    let padding =
        if track.packet.is_some() { packet_filled(track, lead_out) } else { fill(track, SHORTEST_TRACK, lead_out) };
    (track.closed, track.damaged) = (true, false);
    track.run_out = if track.packet.is_some() { 0 } else { RUN_OUT };
    padding
}

fn packet_filled(track: &mut CdTrack, lead_out: u32) -> Padding {
    let whole = track.packet.and_then(|packet| track.recorded.checked_next_multiple_of(packet));
    fill(track, whole.unwrap_or(track.recorded), lead_out)
}

fn fill(track: &mut CdTrack, sectors: u32, lead_out: u32) -> Padding {
    let from = track.recorded_end();
    let room = data_end(lead_out).saturating_sub(track.start);
    track.recorded = track.recorded.max(sectors.min(room));
    let range = SectorRange::new(Lba(from), Lba(track.recorded_end()));
    (!range.is_empty()).then_some(range).into_iter().collect()
}
