//! This module knows SET CD SPEED.

use crate::mmc::command::SetCdSpeed;
use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::dispatch::{Outcome, Reply, Request};

pub fn answer(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let SetCdSpeed { rotation: _, read_kb_s, write_kb_s } = request.parsed()?;
    drive.mechanics.ask_speed((read_kb_s != SetCdSpeed::BEST).then_some(read_kb_s));
    drive.write_speed_wish = (write_kb_s != SetCdSpeed::BEST).then_some(write_kb_s.into());
    Ok(Reply::Done)
}
