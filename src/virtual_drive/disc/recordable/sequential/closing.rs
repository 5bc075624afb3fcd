//! This module knows how what was written in sequence comes to its end: what is in the buffer, a track, a session, the disc.

use super::{Limits, NextSession, Padding, Sequential, TrackRecord};
use crate::sector::{Lba, SectorRange};
use crate::virtual_drive::disc::recordable::WriteRefused;

impl Sequential {
    /// What is in the buffer goes to the disc: a granule that is not full is filled with zeros. A disc that is written at
    /// once ends here, where it is full.
    pub fn synchronize(&mut self, limits: Limits) -> Padding {
        let open = self.sessions.last_mut().into_iter().flat_map(|session| &mut session.tracks);
        let unfinished = open.filter(|track| !track.closed && !track.at_once);
        let mut padding: Padding = unfinished.filter_map(|track| padded(track, limits.rules.granule)).collect();
        let full = |track: &TrackRecord| track.at_once && track.reserved == Some(track.recorded);
        if self.open_session().is_some_and(|session| session.tracks.iter().all(full)) {
            padding.extend(self.end_session(limits));
            // Whoever writes a DVD at once has written all of it.
            self.finalized = true;
        }
        padding
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
        let open = self.open_session().map_or([].as_slice(), |session| &session.tracks);
        if let Some(track) = open.iter().find(|track| !track.closed && !limits.rules.closes_open_tracks) {
            let untouched = track.reserved.is_some();
            return Err(if untouched { WriteRefused::EmptyTrack } else { WriteRefused::IncompleteTrack });
        }
        let padding = self.end_session(limits);
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
}

/// Zeros up to the end of the granule, or of the room that was reserved.
fn padded(track: &mut TrackRecord, granule: u32) -> Option<SectorRange> {
    let recorded = track.recorded.checked_next_multiple_of(granule).unwrap_or(track.recorded);
    fill(track, recorded.min(track.reserved.unwrap_or(u32::MAX)))
}

/// The track ends here; what was reserved and not written is filled.
fn closed(track: &mut TrackRecord, limits: Limits) -> Option<SectorRange> {
    let padding = match track.reserved {
        Some(sectors) => fill(track, sectors),
        None => padded(track, limits.rules.granule),
    };
    (track.closed, track.damaged) = (true, false);
    padding
}

fn fill(track: &mut TrackRecord, recorded: u32) -> Option<SectorRange> {
    let from = track.recorded_end();
    track.recorded = track.recorded.max(recorded);
    let range = SectorRange::new(Lba(from), Lba(track.recorded_end()));
    (!range.is_empty()).then_some(range)
}
