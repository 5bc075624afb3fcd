//! This module knows SYNCHRONIZE CACHE; of a disc that cannot be written, there is nothing in the cache.

use crate::mmc::command::SynchronizeCache;
use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::disc::Recordable;
use crate::virtual_drive::dispatch::{Outcome, Reply, Request};
use crate::virtual_drive::work::Task;
use crate::virtual_drive::writing::{Patience, recordable};

pub fn answer(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let SynchronizeCache { immediate } = request.parsed()?;
    let laser = drive.manner().laser;
    let Ok(disc) = recordable(drive) else { return Ok(Reply::Done) };
    let was_complete = is_complete(disc);
    disc.synchronize(laser)?;
    // A disc that is written at once gets its lead-out here.
    let task = if is_complete(disc) && !was_complete { Task::Finalize } else { Task::Synchronize };
    drive.truncate()?;
    drive.work(task, Patience::of(immediate), request.timeout)
}

fn is_complete(disc: &Recordable) -> bool {
    disc.sequential().is_some_and(|(record, _)| record.finalized)
}
