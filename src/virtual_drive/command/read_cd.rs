//! This module knows READ CD: user data of one kind of sector, or all bytes of any.

use crate::mmc::command::{ExpectedSector, ReadCd};
use crate::sector::SectorCount;
use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::disc::{Family, SectorKind};
use crate::virtual_drive::dispatch::{Outcome, Refusal, Request};
use crate::virtual_drive::fault::Cache;
use crate::virtual_drive::reading::{Expected, Frame, Wanted, read};

pub fn answer(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let command: ReadCd = request.parsed()?;
    if super::loaded(drive.state.loaded())?.kind().family() != Family::Cd {
        return Err(Refusal::WRONG_MEDIUM);
    }
    let expected = match command.expected {
        ExpectedSector::Any => Expected::Any,
        ExpectedSector::Audio => Expected::Only(SectorKind::Audio),
        ExpectedSector::Mode1 => Expected::Only(SectorKind::Mode1),
        ExpectedSector::Mode2Form1 => Expected::Only(SectorKind::Mode2Form1),
        ExpectedSector::Mode2Formless | ExpectedSector::Mode2Form2 => Expected::Nothing,
        ExpectedSector::Reserved(_) => return Err(Refusal::BAD_FIELD),
    };
    let all = ReadCd { expected: command.expected, dap: command.dap, ..ReadCd::raw(command.start, command.count) };
    let plain = ReadCd::user_data(command.expected, command.start, command.count);
    let frame = if command == all {
        Frame::Raw
    } else if command == (ReadCd { dap: command.dap, ..plain }) {
        // All that there is between two sectors of audio is user data.
        if expected == Expected::Only(SectorKind::Audio) { Frame::Raw } else { Frame::UserData }
    } else {
        return Err(Refusal::BAD_FIELD);
    };
    // User data of any kind of sector would change its length on the way.
    let expected = if frame == Frame::UserData && expected == Expected::Any { Expected::Data } else { expected };
    let (start, count) = (command.start, SectorCount(command.count));
    read(drive, Wanted { start, count, cache: Cache::Allowed, frame, expected }, request)
}
