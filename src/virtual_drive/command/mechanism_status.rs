//! This module knows MECHANISM STATUS: there is one slot, and a door.

use crate::mmc::command::{Mechanics, MechanismStatus};
use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::dispatch::{Outcome, Request};
use crate::virtual_drive::state::Tray;

pub fn answer(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let MechanismStatus { allocation } = request.parsed()?;
    let status = Mechanics {
        fault: false,
        changer_state: 0,
        slot: 0,
        mechanism_state: 0,
        door_open: drive.state.tray() == Tray::Open,
        lba: drive.mechanics.head().0 & 0x00FF_FFFF,
        slots: 0,
        slot_table: Vec::new(),
    };
    Ok(super::answer(&status, allocation))
}
