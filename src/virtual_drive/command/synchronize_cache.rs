//! This module knows SYNCHRONIZE CACHE; of a disc that cannot be written, there is nothing in the cache.

use crate::mmc::command::SynchronizeCache;
use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::dispatch::{Outcome, Reply, Request};
use crate::virtual_drive::work::Task;
use crate::virtual_drive::writing::{Patience, recordable};

pub fn answer(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let SynchronizeCache { immediate } = request.parsed()?;
    let laser = drive.manner().laser;
    let Ok(disc) = recordable(drive) else { return Ok(Reply::Done) };
    disc.synchronize(laser)?;
    drive.truncate()?;
    drive.work(Task::Synchronize, Patience::of(immediate), request.timeout)
}
