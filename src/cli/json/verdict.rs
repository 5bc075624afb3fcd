//! This module knows the `finding` and `damage` lines.

use serde::Serialize;

#[derive(Debug, Serialize)]
#[serde(tag = "event", rename = "finding")]
pub struct FindingLine<'a> {
    pub rule: &'static str,
    pub severity: String,
    pub origin: String,
    pub lba: Option<u64>,
    pub byte: Option<u64>,
    pub path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path_raw: Option<String>,
    pub text: &'a str,
    /// Others of the same kind, which have no line.
    #[serde(skip_serializing_if = "is_none")]
    pub more: u64,
}

/// A stretch that is missing, and whose it is.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename = "damage")]
pub struct DamageLine {
    pub path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path_raw: Option<String>,
    /// `None` where the filesystem was not read.
    pub owner: Option<&'static str>,
    /// Which tree has that path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tree: Option<&'static str>,
    /// `None` where nothing says where it would be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lba: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sectors: Option<u32>,
    pub file_offset: Option<u64>,
    pub bytes: u64,
    /// Whether both count in what is stored of a compressed file.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub compressed: bool,
    /// Other files that have the same bytes, and no line.
    #[serde(skip_serializing_if = "is_none")]
    pub more_names: u64,
}

/// How long an image is, against all that is said of it.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename = "length")]
pub struct LengthLine {
    pub state: String,
    pub bytes: u64,
    /// The end of the last file or structure, and of what is claimed most.
    pub needed: u64,
    pub declared: u64,
    pub missing_bytes: u64,
    /// Of those, the ones up to the end of the last file or structure.
    pub needed_missing_bytes: u64,
    pub claims: Vec<MissingShape>,
    pub tail: Vec<TailShape>,
    pub looked_at: u64,
}

/// One voice on how long it should be.
#[derive(Debug, Serialize)]
pub struct MissingShape {
    pub source: String,
    pub bytes: u64,
    pub missing_bytes: u64,
}

/// A stretch behind the end of the filesystem.
#[derive(Debug, Serialize)]
pub struct TailShape {
    pub kind: String,
    pub lba: u64,
    pub byte: u64,
    pub bytes: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it so")]
fn is_none(count: &u64) -> bool {
    *count == 0
}
