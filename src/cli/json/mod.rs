//! This module knows the shape of every line that `--json` writes; `docs/json.md` tells them to people.

mod attachment;
mod disc;
mod drive;
mod plan;
mod progress;
mod result;
mod verdict;

use serde::Serialize;

use crate::event::About;

pub use attachment::AttachmentLine;
pub use disc::{
    BootShape, ClaimShape, DiscLine, ImageLine, LengthShape, NextSessionShape, PartitionShape, SessionShape,
    TrackShape, VolumeLine,
};
pub use drive::{DriveLine, DriveState};
pub use plan::PlanLine;
pub use progress::ProgressLine;
pub use result::{BurnFacts, ExtractFacts, Facts, FindingCounts, ResultLine, SourceLine, SumShape};
pub use verdict::{DamageLine, FindingLine, LengthLine, MissingShape, TailShape};

/// The first line: what was asked for.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename = "start")]
pub struct Start<'a> {
    pub command: &'a str,
    pub version: &'a str,
    pub source: Option<&'a str>,
}

/// What a person is told on the way.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename = "notice")]
pub struct Notice<'a> {
    about: About,
    text: &'a str,
}

impl<'a> Notice<'a> {
    pub fn new(about: About, text: &'a str) -> Self {
        Self { about, text }
    }
}

/// `value` with no more digits than anyone measures.
pub fn rounded(value: f64, digits: i32) -> f64 {
    let scale = 10_f64.powi(digits);
    (value * scale).round() / scale
}
