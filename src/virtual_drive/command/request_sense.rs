//! This module knows REQUEST SENSE: what the drive would say to a command that needs the disc.

use crate::mmc::command::RequestSense;
use crate::scsi::{Sense, SenseKey};
use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::dispatch::{Outcome, Reply, Request};

pub fn answer(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let RequestSense { allocation } = request.parsed()?;
    let now = drive.mechanics.now();
    let attention = drive.state.take_attention();
    let not_ready = attention.or(drive.state.readiness().err()).or_else(|| drive.state.busy(now));
    let sense = not_ready.unwrap_or(Sense::new(SenseKey::NoSense, 0, 0));
    Ok(Reply::Answer { bytes: sense.emit_fixed(), allocation: allocation.into() })
}
