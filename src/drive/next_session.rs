//! This module knows where something can be added behind what is on a disc.

use std::fmt;

use super::{Medium, Track, TrackMode};
use crate::sector::{Lba, SectorCount};

/// What a program that makes the next session has to know. `Display` is what mkisofs wants with `-C`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NextSession {
    /// Where the last session begins; 0 on discs that have none.
    pub last: Lba,
    pub next: Lba,
}

impl NextSession {
    /// Behind a volume of so many sectors, on a disc that can be written over and has no sessions. Other programs begin
    /// at a multiple of 32 there, too.
    pub fn behind(volume: SectorCount) -> Option<Self> {
        const STEP: u32 = 32;
        let next = volume.0.checked_next_multiple_of(STEP).filter(|next| *next > 0)?;
        Some(Self { last: Lba(0), next: Lba(next) })
    }

    /// Behind the last session that is closed, where the drive says that writing goes on at `next`.
    pub(super) fn after(tracks: &[Track], next: Lba) -> Option<Self> {
        let session = tracks.last()?.session;
        let last = tracks.iter().find(|track| track.session == session && track.mode != TrackMode::Audio)?.start;
        (next > last).then_some(Self { last, next })
    }
}

impl fmt::Display for NextSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", self.last, self.next)
    }
}

impl Medium {
    /// Where something can be added, once it is known that a volume of so many sectors is on the disc.
    pub fn next_behind(&self, volume: Option<SectorCount>) -> Option<NextSession> {
        if !self.is_random_access() {
            return self.next_session;
        }
        NextSession::behind(volume?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn track(session: u16, start: u32, mode: TrackMode) -> Track {
        Track { number: 1, session, start: Lba(start), sectors: SectorCount(300), mode }
    }

    #[test]
    fn the_last_session_begins_with_its_first_track_of_data() {
        let tracks = [
            track(1, 0, TrackMode::Mode1),
            track(2, 11_700, TrackMode::Audio),
            track(2, 12_000, TrackMode::Mode1),
            track(2, 12_300, TrackMode::Mode1),
        ];
        let told = |tracks: &[Track], next| NextSession::after(tracks, Lba(next)).map(|found| found.to_string());
        assert_eq!(told(&tracks, 20_000).unwrap(), "12000,20000");
        assert_eq!(told(&tracks[..1], 11_700).unwrap(), "0,11700");
        assert_eq!(told(&tracks[..1], 0), None, "nothing is there yet");
        assert_eq!(told(&[], 0), None);
    }

    #[test]
    fn where_there_are_no_sessions_the_next_image_begins_at_a_multiple_of_32() {
        let told = |volume| NextSession::behind(SectorCount(volume)).map(|found| found.to_string());
        assert_eq!(told(3600).unwrap(), "0,3616");
        assert_eq!(told(3616).unwrap(), "0,3616");
        assert_eq!((told(0), told(u32::MAX)), (None, None));
    }
}
