//! This module knows where on a disc nothing is recorded: between its tracks.

use super::size::{RUN_OUT, Trial};
use super::{Drive, DriveError, Medium, MediumFamily, Track};
use crate::sector::{Lba, SectorCount, SectorRange};

impl Medium {
    /// The tracks of the first `sectors`, in order; `None` where there is no telling of each session where its tracks begin and end.
    fn tracks_apart(&self, sectors: SectorCount) -> Option<Vec<Track>> {
        let mut tracks: Vec<Track> = self.tracks.iter().filter(|track| track.start.0 < sectors.0).copied().collect();
        tracks.sort_by_key(|track| track.start);
        let mut sessions: Vec<u16> = tracks.iter().map(|track| track.session).collect();
        sessions.dedup();
        let is_apart = |pair: &[Track]| match pair {
            [before, after] => !before.sectors.is_zero() && before.end() <= after.start,
            _ => true,
        };
        (sessions.len() == usize::from(self.sessions) && tracks.windows(2).all(is_apart)).then_some(tracks)
    }
}

impl Drive {
    /// What lies between the tracks of a disc of so many sectors, in order: lead-outs, lead-ins, pregaps, border zones, none of
    /// which belongs to anybody. `None` where the drive does not tell. Reads the last sectors of the tracks of a CD: two sectors of
    /// run-out may be counted among them.
    ///
    /// # Errors
    /// Where the drive cannot go on.
    pub fn unrecorded(
        &mut self,
        medium: &Medium,
        sectors: SectorCount,
    ) -> Result<Option<Vec<SectorRange>>, DriveError> {
        let Some(tracks) = medium.tracks_apart(sectors) else { return Ok(None) };
        let mut between = Vec::new();
        for (before, after) in tracks.iter().zip(tracks.iter().skip(1)) {
            let mut from = before.end();
            if from >= after.start {
                continue;
            }
            if medium.family() == MediumFamily::Cd && self.ends_in_run_out(before)? {
                from = Lba(from.0.saturating_sub(RUN_OUT));
            }
            between.push(SectorRange::new(from, after.start));
        }
        Ok(Some(between))
    }

    fn ends_in_run_out(&mut self, track: &Track) -> Result<bool, DriveError> {
        let Some(first) = track.end().0.checked_sub(RUN_OUT).filter(|&first| first > track.start.0) else {
            return Ok(false);
        };
        let mut trials = [Trial::Bad; 3];
        for (trial, at) in trials.iter_mut().zip(first.saturating_sub(1)..) {
            *trial = self.try_sector(Lba(at))?;
        }
        Ok(trials == [Trial::Good, Trial::Bad, Trial::Bad])
    }
}
