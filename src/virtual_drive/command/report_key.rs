//! This module knows REPORT KEY: what the drive says of regions; it hands out no keys.

use crate::mmc::command::{AuthenticationSuccess, RegionSetting, RegionState, ReportKey};
use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::dispatch::{Outcome, Refusal, Request};

pub fn answer(_: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let ReportKey { class, format, agid: _, allocation } = request.parsed()?;
    match (class, format) {
        (0, ReportKey::REGION_STATE) => {
            let state = RegionState {
                setting: RegionSetting::Set,
                vendor_resets: 4,
                user_changes: 4,
                forbidden_regions: Some(!0b10),
                scheme: Some(1),
            };
            Ok(super::answer(&state, allocation))
        }
        (0, ReportKey::AUTHENTICATION_SUCCESS) => Ok(super::answer(&AuthenticationSuccess(false), allocation)),
        _ => Err(Refusal::BAD_FIELD),
    }
}
