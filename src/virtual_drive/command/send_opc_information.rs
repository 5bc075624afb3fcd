//! This module knows SEND OPC INFORMATION: for the discs on which a host can ask for it, the power is found at once.

use crate::mmc::command::SendOpcInformation;
use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::dispatch::{Outcome, Refusal, Request};
use crate::virtual_drive::work::Task;
use crate::virtual_drive::writing::{Patience, recordable};

pub fn answer(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let SendOpcInformation { calibrate, length } = request.parsed()?;
    recordable(drive)?;
    if !calibrate || length != 0 {
        return Err(Refusal::BAD_FIELD);
    }
    let done = drive.work(Task::Calibrate, Patience::UntilDone, request.timeout)?;
    drive.calibrate()?;
    Ok(done)
}
