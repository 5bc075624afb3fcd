//! This module knows START STOP UNIT: spindle and tray.

use crate::mmc::command::{StartStopUnit, UnitAction};
use crate::scsi::{Sense, SenseKey};
use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::dispatch::{Outcome, Refusal, Reply, Request};
use crate::virtual_drive::state::{Removal, Tray};

pub fn answer(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let StartStopUnit { immediate, action } = request.parsed()?;
    match action {
        UnitAction::Stop | UnitAction::Eject if drive.state.readiness().is_ok() => drive.still_busy()?,
        _ => {}
    }
    match action {
        UnitAction::Stop => drive.mechanics.stop(),
        UnitAction::Start => {
            drive.state.readiness().map_err(Refusal::because)?;
            drive.still_busy()?;
            let turning = drive.mechanics.spin();
            if !immediate {
                drive.mechanics.wait_until(turning, request.timeout)?;
            }
        }
        UnitAction::Eject => {
            if drive.state.removal() == Removal::Prevented {
                let key = if drive.state.loaded().is_some() { SenseKey::IllegalRequest } else { SenseKey::NotReady };
                return Err(Refusal::because(Sense::new(key, 0x53, 0x02)));
            }
            drive.open_tray();
        }
        UnitAction::Load => {
            if drive.state.tray() == Tray::Open {
                drive.close_tray();
            }
        }
        UnitAction::Power(1..=5) => {}
        UnitAction::Power(_) => return Err(Refusal::BAD_FIELD),
    }
    Ok(Reply::Done)
}
