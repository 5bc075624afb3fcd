//! This module knows the `result` line, which always comes last.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::cli::exit::Exit;
use crate::cli::failure::Report;

/// How it ended; fields that a command has nothing to say to are left out.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename = "result")]
pub struct ResultLine {
    pub status: &'static str,
    pub exit: u8,
    pub message: String,
    #[serde(flatten)]
    pub facts: Facts,
}

/// What a command found out or made.
#[derive(Debug, Default, Serialize)]
pub struct Facts {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sectors: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bad_sectors: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing_bytes: Option<u64>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub digests: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matched: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sums: Option<Vec<SumShape>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub findings: Option<FindingCounts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drive_busy: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drive_seconds: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_id: Option<String>,
    #[serde(flatten)]
    pub extracted: Option<ExtractFacts>,
    #[serde(flatten)]
    pub burnt: Option<BurnFacts>,
}

/// How a disc was written.
#[derive(Debug, Default, Serialize)]
pub struct BurnFacts {
    /// Whether every byte was read back and is the image's; `null` where it was not read back.
    pub verified: Option<bool>,
    /// Where the image begins on the disc.
    pub lba: u32,
    /// Sectors that were written, padding and all.
    pub written: u32,
    /// Zeros behind the image.
    pub padding_bytes: Option<u64>,
    /// While sectors were written.
    pub bytes_per_second: Option<f64>,
    /// How empty the drive's buffer was seen, 0 to 1.
    pub buffer_least: Option<f64>,
    /// Seconds in which the source had nothing.
    pub starved_seconds: f64,
    pub differing_sectors: Option<u32>,
    /// What was left behind where it did not end well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remains: Option<&'static str>,
}

/// A sum that an image carries within itself.
#[derive(Debug, Serialize)]
pub struct SumShape {
    pub kind: String,
    pub lba: u32,
    pub sectors: u32,
    pub state: String,
}

/// What became of files.
#[derive(Debug, Default, Clone, Copy, Serialize)]
pub struct ExtractFacts {
    pub files: u64,
    pub directories: u64,
    pub symlinks: u64,
    pub damaged: u64,
    pub kept: u64,
    pub left_out: u64,
    pub renamed: u64,
    pub failed: u64,
}

#[derive(Debug, Default, Clone, Copy, Serialize)]
pub struct FindingCounts {
    pub error: u64,
    pub warning: u64,
    pub info: u64,
}

impl ResultLine {
    pub fn new(exit: Exit, message: impl Into<String>, facts: Facts) -> Self {
        Self { status: exit.status(), exit: exit.number(), message: message.into(), facts }
    }
}

/// What became of one of several sources.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename = "source")]
pub struct SourceLine<'a> {
    source: &'a str,
    status: &'static str,
    message: &'a str,
    #[serde(flatten)]
    facts: &'a Facts,
}

impl<'a> SourceLine<'a> {
    pub fn new(source: &'a str, report: &'a Report) -> Self {
        Self { source, status: report.exit.status(), message: &report.message, facts: &report.facts }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_has_a_result_too() {
        let line = ResultLine::new(Exit::Unavailable, "no disc", Facts::default());
        assert_eq!(
            serde_json::to_string(&line).unwrap(),
            r#"{"event":"result","status":"failed","exit":3,"message":"no disc"}"#
        );
    }
}
