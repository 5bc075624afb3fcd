//! This module knows the `finding` and `damage` lines.

use serde::Serialize;

use crate::event::Grade;

#[derive(Debug, Serialize)]
#[serde(tag = "event", rename = "finding")]
pub struct FindingLine<'a> {
    pub rule: &'a str,
    pub severity: Grade,
    pub origin: &'a str,
    pub lba: Option<u32>,
    pub byte: Option<u64>,
    pub path: Option<&'a str>,
    pub text: &'a str,
}

/// Sectors that are missing. Whose they are is not known before their filesystem is read.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename = "damage")]
pub struct DamageLine {
    pub path: Option<String>,
    pub owner: Option<&'static str>,
    pub lba: u32,
    pub sectors: u32,
    pub file_offset: Option<u64>,
    pub bytes: u64,
}
