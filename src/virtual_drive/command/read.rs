//! This module knows READ (10) and (12): user data.

use crate::mmc::command::{Read10, Read12};
use crate::sector::SectorCount;
use crate::virtual_drive::dispatch::{Outcome, Refusal, Request};
use crate::virtual_drive::fault::Cache;
use crate::virtual_drive::reading::{Expected, Frame, Wanted, read};
use crate::virtual_drive::{Fua, VirtualDrive};

pub fn ten(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let Read10 { start, count, dpo: _, fua } = request.parsed()?;
    let cache = cache(drive, fua)?;
    let count = SectorCount(count.into());
    read(drive, Wanted { start, count, cache, frame: Frame::UserData, expected: Expected::Data }, request)
}

pub fn twelve(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let Read12 { start, count, dpo: _, fua, streaming: _ } = request.parsed()?;
    let cache = cache(drive, fua)?;
    read(drive, Wanted { start, count, cache, frame: Frame::UserData, expected: Expected::Data }, request)
}

fn cache(drive: &VirtualDrive, fua: bool) -> Result<Cache, Refusal> {
    match (fua, drive.model.fua) {
        (false, _) => Ok(Cache::Allowed),
        (true, Fua::Obeyed) => Ok(Cache::Bypassed),
        (true, Fua::Refused) => Err(Refusal::BAD_FIELD),
    }
}
