//! This module knows what BLANK leaves of a CD-RW.

use super::CdRecord;
use crate::virtual_drive::disc::recordable::WriteRefused;

/// How much of a CD-RW is blanked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CdBlanking {
    /// All of it, or all that tells of it: afterwards nothing can be read either way.
    Disc,
    /// The last track of a session that is open.
    Track(u32),
    /// What was written in packets to such a track, from this sector on.
    TrackTail(u32),
    /// Lead-in and lead-out of the last session, which is open again.
    UncloseLastSession,
    LastSession,
}

impl CdRecord {
    /// # Errors
    /// Where there is no such part.
    pub fn blanked(&mut self, what: CdBlanking) -> Result<(), WriteRefused> {
        let last = self.sessions.last_mut();
        match (what, last) {
            (CdBlanking::Disc, _) => *self = Self::default(),
            (CdBlanking::LastSession, Some(_)) => {
                self.sessions.pop();
                self.finalized = false;
            }
            (CdBlanking::UncloseLastSession, Some(session)) if session.closed => {
                (session.closed, session.lead_out) = (false, None);
                self.finalized = false;
            }
            (CdBlanking::Track(number), Some(session)) if !session.closed && session.lead_out.is_none() => {
                session.tracks.pop();
                if session.tracks.is_empty() {
                    self.sessions.pop();
                }
                // The next number now is that of the track that went.
                let next = u32::try_from(self.tracks().count()).unwrap_or(u32::MAX).saturating_add(1);
                if next != number {
                    return Err(WriteRefused::NoSuchTrack);
                }
            }
            (CdBlanking::TrackTail(from), Some(session)) if !session.closed => {
                let track = session.tracks.last_mut().ok_or(WriteRefused::NoSuchTrack)?;
                let packet = track.packet.ok_or(WriteRefused::WrongMode)?;
                let kept = from.checked_sub(track.start).filter(|kept| *kept < track.recorded && *kept > 0);
                let kept = kept.ok_or(WriteRefused::NoSuchTrack)?;
                if !kept.is_multiple_of(packet) {
                    return Err(WriteRefused::NotAligned);
                }
                (track.recorded, track.closed) = (kept, false);
            }
            (
                CdBlanking::LastSession
                | CdBlanking::UncloseLastSession
                | CdBlanking::Track(_)
                | CdBlanking::TrackTail(_),
                _,
            ) => return Err(WriteRefused::NoSuchTrack),
        }
        Ok(())
    }
}
