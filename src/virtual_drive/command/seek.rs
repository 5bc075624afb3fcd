//! This module knows SEEK.

use crate::mmc::command::Seek10;
use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::dispatch::{Outcome, Refusal, Reply, Request};

pub fn answer(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let Seek10 { to } = request.parsed()?;
    if to >= super::loaded(drive.state.loaded())?.readable_end() {
        return Err(Refusal::because(Refusal::OUT_OF_RANGE));
    }
    let arrived = drive.mechanics.seek(to);
    drive.mechanics.wait_until(arrived, request.timeout)?;
    Ok(Reply::Done)
}
