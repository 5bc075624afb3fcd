//! This module knows what there is to say of a burn, well ended or not.

use std::time::Duration;

use super::{Plan, Remains};
use crate::drive::{Identity, Medium};
use crate::filesystem::Damages;
use crate::reading::Lap;
use crate::sector::{SectorCount, SectorRange};
use crate::verify::Digests;

/// What is proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It was not read back.
    NotVerified,
    /// Every byte of the image is on the disc.
    Same,
    /// It is not, or does not read.
    Differs,
    /// The laser was off.
    Simulated,
    /// Nothing was done at all.
    PlanAlone,
}

/// How the writing went.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Pace {
    pub lap: Lap,
    /// How empty the drive's buffer was seen, 0 to 1; `None` where it was not seen, or never with anything in it.
    pub least_fill: Option<f32>,
    /// Time in which the drive could have been given more, and the source had nothing.
    pub starved: Duration,
}

/// What reading back came to. Sectors are counted from the image's beginning.
#[derive(Debug, Default)]
pub struct ReadBack {
    /// They read, and are others.
    pub differing: Vec<SectorRange>,
    pub differing_count: SectorCount,
    /// They do not read.
    pub bad: Vec<SectorRange>,
    pub digests: Digests,
    /// Whose they are; empty where nobody knows.
    pub damage: Damages,
    pub elapsed: Duration,
}

/// An account of a burn.
#[derive(Debug)]
pub struct Report {
    pub drive: Identity,
    /// As it was before.
    pub medium: Medium,
    pub plan: Plan,
    /// With padding.
    pub written: SectorCount,
    /// What the source had.
    pub image_bytes: u64,
    /// Of the image.
    pub digests: Digests,
    pub pace: Pace,
    /// The disc was closed, or left as it was to be left.
    pub finished: bool,
    /// What is on the disc, where it did not end well.
    pub remains: Option<Remains>,
    pub read_back: Option<ReadBack>,
    /// Sectors that the filesystem of a stream should have had, and that did not come.
    pub missing: Option<SectorCount>,
    pub verdict: Verdict,
    pub elapsed: Duration,
}

impl Report {
    pub(super) fn new(drive: Identity, medium: Medium, plan: Plan) -> Self {
        Self {
            drive,
            medium,
            plan,
            written: SectorCount(0),
            image_bytes: 0,
            digests: Digests::default(),
            pace: Pace::default(),
            finished: false,
            remains: None,
            read_back: None,
            missing: None,
            verdict: Verdict::NotVerified,
            elapsed: Duration::ZERO,
        }
    }

    /// Bytes of user data a second, while sectors were written; `None` where none were.
    pub fn bytes_per_second(&self) -> Option<f64> {
        let seconds = self.pace.lap.elapsed.as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "a speed is a rounded number")]
        let bytes = self.written.bytes().saturating_sub(self.plan.resumes.unwrap_or_default().bytes()) as f64;
        (seconds > 0.0 && bytes > 0.0).then(|| bytes / seconds)
    }

    /// The share of its time that the drive had a command to work on, while sectors were written.
    pub fn drive_busy(&self) -> Option<f64> {
        let elapsed = self.pace.lap.elapsed.as_secs_f64();
        (elapsed > 0.0).then(|| (self.pace.lap.drive_time.as_secs_f64() / elapsed).min(1.0))
    }
}
