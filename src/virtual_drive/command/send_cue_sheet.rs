//! This module knows SEND CUE SHEET: what a session will be that is written at once.

use crate::mmc::command::{Answer, CueSheet, SendCueSheet, WriteType};
use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::disc::recordable::WriteRefused;
use crate::virtual_drive::disc::recordable::cd::cue::Cue;
use crate::virtual_drive::dispatch::{Outcome, Refusal, Reply, Request};
use crate::virtual_drive::writing::recordable;

pub fn answer(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let SendCueSheet { length } = request.parsed()?;
    if recordable(drive)?.cd().is_none() {
        return Err(WriteRefused::WrongKind.into());
    }
    if drive.write_parameters.write_type != WriteType::SessionAtOnce {
        return Err(WriteRefused::NotPrepared.into());
    }
    let length = u16::try_from(length).map_err(|_| Refusal::BAD_LIST_LENGTH)?;
    let sheet = CueSheet::parse(request.sent(length)?).map_err(|_| Refusal::BAD_LIST_LENGTH)?;
    let cue = Cue::read(&sheet).ok_or(Refusal::BAD_PARAMETER)?;
    recordable(drive)?.begin_session(cue)?;
    Ok(Reply::Done)
}
