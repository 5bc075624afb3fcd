//! This module knows REQUEST SENSE: what the drive would say to a command that needs the disc.

use crate::mmc::command::RequestSense;
use crate::scsi::{Sense, SenseKey};
use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::disc::recordable::overwritable::FormatState;
use crate::virtual_drive::dispatch::{Outcome, Reply, Request};

/// Formatting that goes on while the disc is used is told with its progress, and with no other sense.
fn in_background(drive: &VirtualDrive) -> Sense {
    let disc = drive.state.loaded().and_then(|disc| disc.recordable());
    match disc.and_then(|disc| Some((disc.stock().sectors, disc.overwritable()?.0))) {
        Some((sectors, record)) if record.format == FormatState::Running => {
            let share = u64::from(record.formatted).saturating_mul(65_536).checked_div(sectors.0.into()).unwrap_or(0);
            let progress = u16::try_from(share).unwrap_or(u16::MAX);
            Sense::new(SenseKey::NoSense, 0x04, 0x04).with_progress(progress)
        }
        _ => Sense::new(SenseKey::NoSense, 0, 0),
    }
}

pub fn answer(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let RequestSense { allocation } = request.parsed()?;
    let now = drive.mechanics.now();
    let attention = drive.state.take_attention();
    let not_ready = attention.or(drive.state.readiness().err()).or_else(|| drive.state.busy(now));
    let sense = drive.with_progress(not_ready.unwrap_or_else(|| in_background(drive)));
    Ok(Reply::Answer { bytes: sense.emit_fixed(), allocation: allocation.into() })
}
