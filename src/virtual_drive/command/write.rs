//! This module knows WRITE (10), (12) and WRITE AND VERIFY (10).

use crate::mmc::command::{Write10, Write12, WriteAndVerify10};
use crate::sector::SectorCount;
use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::dispatch::{Outcome, Request};
use crate::virtual_drive::writing::{Care, write};

pub fn ten(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let Write10 { start, count, fua: _ } = request.parsed()?;
    write(drive, start, SectorCount(count.into()), Care::AsUsual, request)
}

pub fn twelve(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let Write12 { start, count, fua: _, streaming } = request.parsed()?;
    write(drive, start, count, if streaming { Care::Never } else { Care::AsUsual }, request)
}

pub fn and_verify(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let WriteAndVerify10 { start, count } = request.parsed()?;
    write(drive, start, SectorCount(count.into()), Care::Always, request)
}
