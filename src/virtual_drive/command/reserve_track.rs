//! This module knows RESERVE TRACK.

use crate::mmc::command::ReserveTrack;
use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::dispatch::{Outcome, Refusal, Request};
use crate::virtual_drive::work::Task;
use crate::virtual_drive::writing::{Patience, recordable};

pub fn answer(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let manner = drive.manner();
    match request.parsed()? {
        ReserveTrack::Size(sectors) => recordable(drive)?.reserve(sectors, manner)?,
        ReserveTrack::SplitAt(_) => return Err(Refusal::BAD_FIELD),
    }
    drive.work(Task::ReserveTrack, Patience::UntilDone, request.timeout)
}
