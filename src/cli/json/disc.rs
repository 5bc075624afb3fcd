//! This module knows the `disc` and `volume` lines.

use serde::Serialize;

use super::drive::DriveState;

#[derive(Debug, Serialize)]
#[serde(tag = "event", rename = "disc")]
pub struct DiscLine {
    pub medium: String,
    /// MMC's number, as in `0x0010`.
    pub profile: String,
    pub state: Option<DriveState>,
    /// The size that is believed; `claims` has everybody's.
    pub sectors: Option<u32>,
    /// Why that size is believed.
    pub size_reason: Option<String>,
    pub layers: Option<u8>,
    pub layer_break: Option<u32>,
    pub book_type: Option<String>,
    pub sessions: u16,
    pub tracks: Vec<TrackShape>,
    pub claims: Vec<ClaimShape>,
    /// What can still be written, on a disc that is blank or was left open.
    pub free_sectors: Option<u32>,
    /// What mkisofs wants for another session.
    pub next_session: Option<NextSessionShape>,
    pub media_id: Option<String>,
    pub protection: Option<&'static str>,
}

/// `last` and `next` of `mkisofs -C LAST,NEXT`.
#[derive(Debug, Serialize)]
pub struct NextSessionShape {
    pub last: u32,
    pub next: u32,
}

#[derive(Debug, Serialize)]
pub struct TrackShape {
    pub number: u16,
    pub session: u16,
    pub start: u32,
    pub sectors: u32,
    pub mode: String,
}

#[derive(Debug, Serialize)]
pub struct ClaimShape {
    pub source: &'static str,
    pub sectors: u32,
}

#[derive(Debug, Serialize)]
#[serde(tag = "event", rename = "volume")]
pub struct VolumeLine {
    pub kind: String,
    pub label: Option<String>,
    pub sectors: Option<u32>,
    /// All names that are no directories; `None` where they were not counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files: Option<u64>,
    /// Without the root.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub directories: Option<u64>,
}

/// What an image or the content of a disc is, besides its volumes.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename = "image")]
pub struct ImageLine {
    pub bytes: u64,
    pub sessions: Vec<SessionShape>,
    /// The one that the rest is of.
    pub session: Option<u32>,
    pub claims: Vec<LengthShape>,
    pub boot: Vec<BootShape>,
    pub partition_tables: Vec<String>,
    pub partitions: Vec<PartitionShape>,
}

/// A partition of one of the tables.
#[derive(Debug, Serialize)]
pub struct PartitionShape {
    pub table: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub byte: u64,
    pub bytes: u64,
}

#[derive(Debug, Serialize)]
pub struct SessionShape {
    pub number: u32,
    pub start: u32,
}

/// One voice on how long it should be.
#[derive(Debug, Serialize)]
pub struct LengthShape {
    pub source: String,
    pub bytes: u64,
}

#[derive(Debug, Serialize)]
pub struct BootShape {
    pub platform: String,
    pub bootable: bool,
    pub emulation: &'static str,
    pub lba: u64,
    pub bytes: u64,
}
