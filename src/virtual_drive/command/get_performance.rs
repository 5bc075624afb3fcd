//! This module knows GET PERFORMANCE: the speeds of reading and writing, as they are set.

use crate::mmc::command::{GetPerformance, Performance, Stretch, WriteSpeed, WriteSpeeds};
use crate::sector::{Lba, SectorCount, SectorRange};
use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::disc::Layers;
use crate::virtual_drive::dispatch::{Outcome, Refusal, Request};

/// Without the tolerance that the standard demands, as other programs ask.
const READ: u8 = 0x00;
const WRITE: u8 = 0x04;
const NOMINAL_WRITE: u8 = GetPerformance::NOMINAL | WRITE;

pub fn answer(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let GetPerformance { data_type, start, descriptors, kind } = request.parsed()?;
    let allocation = usize::from(descriptors).saturating_mul(16).saturating_add(8);
    match (kind, data_type) {
        (0, READ | GetPerformance::NOMINAL) => Ok(super::answer(&nominal(drive, start)?, allocation)),
        (0, WRITE | NOMINAL_WRITE) => Ok(super::answer(&nominal_writing(drive)?, allocation)),
        (3, _) => Ok(super::answer(&write_speeds(drive), allocation)),
        _ => Err(Refusal::BAD_FIELD),
    }
}

/// The disc from one end to the other, at the speed that is set.
fn nominal_writing(drive: &VirtualDrive) -> Result<Performance, Refusal> {
    let disc = super::loaded(drive.state.loaded())?.recordable().ok_or(Refusal::BAD_FIELD)?;
    let (end, kb_s) = (Lba(disc.stock().sectors.0.saturating_sub(1)), drive.write_kb_s());
    let stretches = vec![Stretch { start: Lba(0), start_kb_s: kb_s, end, end_kb_s: kb_s }];
    Ok(Performance { write: true, stretches })
}

/// None where there is nothing that could be written.
fn write_speeds(drive: &VirtualDrive) -> WriteSpeeds {
    let read_kb_s = drive.mechanics.speed_kb_s().into();
    let Some(disc) = drive.state.loaded().and_then(|disc| disc.recordable()) else {
        return WriteSpeeds { speeds: Vec::new() };
    };
    let end = Lba(disc.stock().sectors.0.saturating_sub(1));
    let speeds = disc.stock().write_kb_s.iter().map(|write_kb_s| WriteSpeed {
        rotation: 0,
        default: false,
        exact: false,
        mixed: false,
        end,
        read_kb_s,
        write_kb_s: *write_kb_s,
    });
    WriteSpeeds { speeds: speeds.collect() }
}

/// A stretch a layer, of those that do not end before `from`.
fn nominal(drive: &VirtualDrive, from: Lba) -> Result<Performance, Refusal> {
    let disc = super::loaded(drive.state.loaded())?;
    let whole = SectorRange::first(SectorCount(disc.layout().end.0));
    let parts = match disc.layers() {
        Layers::One => [whole, SectorRange::new(whole.end(), whole.end())],
        Layers::Two { break_at, .. } => {
            let (below, above) = whole.split_at(break_at);
            [below, above]
        }
    };
    let stretches = parts.into_iter().filter(|part| !part.is_empty() && part.end() > from).map(|part| {
        let last = Lba(part.end().0.saturating_sub(1));
        let speed = |lba| u32::from(drive.mechanics.speed_at_kb_s(lba));
        Stretch { start: part.start(), start_kb_s: speed(part.start()), end: last, end_kb_s: speed(last) }
    });
    Ok(Performance { write: false, stretches: stretches.collect() })
}
