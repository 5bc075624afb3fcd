//! This module knows the `attachment` line.

use std::path::Path;

use serde::Serialize;

use crate::attachment::{Listed, Liveness, Record};

/// A drive in software that is one of the kernel's.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename = "attachment")]
pub struct AttachmentLine {
    number: u32,
    device: Option<String>,
    sg: Option<String>,
    disc: String,
    pid: u32,
    state: &'static str,
    log: Option<String>,
}

impl AttachmentLine {
    pub fn served(record: &Record) -> Self {
        Self::new(record, Liveness::Served)
    }

    fn new(record: &Record, liveness: Liveness) -> Self {
        let text = |path: &Path| path.display().to_string();
        Self {
            number: record.number,
            device: record.device.as_deref().map(text),
            sg: record.sg.as_deref().map(text),
            disc: record.disc.clone(),
            pid: record.pid,
            state: match liveness {
                Liveness::Served => "served",
                Liveness::Dead => "dead",
            },
            log: record.log.as_deref().map(text),
        }
    }
}

impl From<&Listed> for AttachmentLine {
    fn from(listed: &Listed) -> Self {
        Self::new(&listed.record, listed.liveness)
    }
}
