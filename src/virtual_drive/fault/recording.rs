//! This module knows what meets a laser on its way over sectors that it records, and what has been of that so far.

use super::{Incident, When};
use crate::scsi::Sense;
use crate::sector::{Lba, SectorCount, SectorRange};

/// What is wrong with the recording of sectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteTrouble {
    /// They take no data, `attempts` times or always.
    Unwritable { sense: Sense, attempts: Option<u32>, report: Report },
    /// Other bytes are recorded than were sent, and the drive does not notice.
    Miswritten,
}

/// When a drive says that a sector took no data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Report {
    /// In the command that sent it.
    AtOnce,
    /// In the next one, as a deferred error.
    Later,
}

/// What a sector that is to be recorded meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Met {
    Incident(Incident),
    Unwritable { sense: Sense, report: Report },
    Miswritten,
}

/// What can go wrong in recording, with what has been of it so far.
#[derive(Debug, Default)]
pub struct RecordingFaults {
    places: Vec<(SectorRange, WriteTrouble)>,
    calibration: Option<Calibration>,
    truncated: Option<SectorCount>,
    blind: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Calibration {
    sense: Sense,
    /// `None`: always.
    left: Option<u32>,
}

impl RecordingFaults {
    pub(super) fn add_places(&mut self, ranges: Vec<SectorRange>, trouble: WriteTrouble) {
        self.places.extend(ranges.into_iter().map(|range| (range, trouble)));
    }

    pub(super) fn calibration_fails(&mut self, sense: Sense, attempts: Option<u32>) {
        self.calibration = Some(Calibration { sense, left: attempts });
    }

    pub(super) fn truncates(&mut self, sectors: SectorCount) {
        self.truncated = Some(sectors);
    }

    pub(super) fn records_nothing(&mut self) {
        self.blind = true;
    }

    /// Nothing is recorded, whatever is written.
    pub fn is_blind(&self) -> bool {
        self.blind
    }

    /// Whether recording `range` is like any other.
    pub(super) fn is_clean(&self, range: SectorRange) -> bool {
        self.places.iter().all(|(place, _)| place.intersection(range).is_none())
    }

    /// What a sector meets that is recorded now; attempts are counted.
    pub(super) fn meets(&mut self, lba: Lba) -> Option<Met> {
        let mut here = self.places.iter_mut().filter(|(place, _)| place.contains(lba));
        here.find_map(|(_, trouble)| match trouble {
            WriteTrouble::Miswritten => Some(Met::Miswritten),
            WriteTrouble::Unwritable { attempts: Some(0), .. } => None,
            WriteTrouble::Unwritable { sense, attempts, report } => {
                *attempts = attempts.map(|left| left.saturating_sub(1));
                Some(Met::Unwritable { sense: *sense, report: *report })
            }
        })
    }

    /// The laser's power is looked for; what the drive says where it is not found as it should be.
    pub fn calibrate(&mut self) -> Option<Sense> {
        let calibration = self.calibration.as_mut().filter(|calibration| calibration.left != Some(0))?;
        calibration.left = calibration.left.map(|left| left.saturating_sub(1));
        Some(calibration.sense)
    }

    /// So many of the sectors recorded last are lost; once.
    pub fn take_truncation(&mut self) -> Option<SectorCount> {
        self.truncated.take()
    }
}

/// Takes what happens to the drive when its head comes to `lba`.
pub(super) fn take_incident(pending: &mut Vec<(When, Incident)>, lba: Lba) -> Option<Incident> {
    let index = pending.iter().position(|(when, _)| *when == When::Sector(lba))?;
    Some(pending.remove(index).1)
}
