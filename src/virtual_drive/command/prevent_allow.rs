//! This module knows PREVENT ALLOW MEDIUM REMOVAL.

use crate::mmc::command::PreventAllow;
use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::dispatch::{Outcome, Reply, Request};
use crate::virtual_drive::state::Removal;

pub fn answer(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let PreventAllow { prevent, persistent: _ } = request.parsed()?;
    drive.state.set_removal(if prevent { Removal::Prevented } else { Removal::Allowed });
    Ok(Reply::Done)
}
