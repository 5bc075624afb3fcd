//! This module knows SYNCHRONIZE CACHE; of a disc that cannot be written, there is nothing in the cache.

use crate::mmc::command::SynchronizeCache;
use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::disc::Recordable;
use crate::virtual_drive::disc::recordable::cd::CdRecord;
use crate::virtual_drive::dispatch::{Outcome, Reply, Request};
use crate::virtual_drive::work::Task;
use crate::virtual_drive::writing::{Patience, recordable};

pub fn answer(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let SynchronizeCache { immediate } = request.parsed()?;
    let manner = drive.manner();
    let Ok(disc) = recordable(drive) else { return Ok(Reply::Done) };
    let was_complete = is_complete(disc);
    // What is written at once ends here: a session with its lead-out, a track with its run-out.
    let usual = match (disc.cue(), disc.cd().and_then(CdRecord::open_track)) {
        (Some(cue), _) if cue.is_complete() => Task::CloseSession,
        (None, Some(_)) => Task::CloseTrack,
        _ => Task::Synchronize,
    };
    disc.synchronize(manner)?;
    // A disc that is written at once gets its lead-out here.
    let task = if is_complete(disc) && !was_complete { Task::Finalize } else { usual };
    drive.truncate()?;
    drive.work(task, Patience::of(immediate), request.timeout)
}

fn is_complete(disc: &Recordable) -> bool {
    disc.sequential().is_some_and(|(record, _)| record.finalized)
}
