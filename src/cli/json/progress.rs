//! This module knows the `progress` line.

use serde::Serialize;

use super::rounded;
use crate::event::{Phase, Progress};

#[derive(Debug, Serialize)]
#[serde(tag = "event", rename = "progress")]
pub struct ProgressLine {
    phase: Phase,
    sectors: u32,
    of: u32,
    bytes_per_second: Option<f64>,
    drive_busy: Option<f64>,
    buffer: Option<f64>,
    bad_sectors: u32,
    eta: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    waiting: Option<f64>,
}

impl From<&Progress> for ProgressLine {
    fn from(progress: &Progress) -> Self {
        Self {
            phase: progress.phase,
            sectors: progress.done.0,
            of: progress.of.0,
            bytes_per_second: progress.bytes_per_second.map(|b| rounded(b, 0)),
            drive_busy: progress.drive_busy.map(|b| rounded(b, 4)),
            buffer: progress.buffer.map(|b| rounded(b, 4)),
            bad_sectors: progress.bad_sectors.0,
            eta: progress.eta.map(|e| rounded(e.as_secs_f64(), 1)),
            waiting: progress.waiting.map(|w| rounded(w.as_secs_f64(), 1)),
        }
    }
}
