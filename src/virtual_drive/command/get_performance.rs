//! This module knows GET PERFORMANCE: the speeds of reading, as they are set.

use crate::mmc::command::{GetPerformance, Performance, Stretch, WriteSpeeds};
use crate::sector::{Lba, SectorCount, SectorRange};
use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::disc::Layers;
use crate::virtual_drive::dispatch::{Outcome, Refusal, Request};

pub fn answer(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let GetPerformance { data_type, start, descriptors, kind } = request.parsed()?;
    let allocation = usize::from(descriptors).saturating_mul(16).saturating_add(8);
    match (kind, data_type) {
        (0, GetPerformance::NOMINAL) => Ok(super::answer(&nominal(drive, start)?, allocation)),
        // There is nothing that could be written.
        (3, _) => Ok(super::answer(&WriteSpeeds { speeds: Vec::new() }, allocation)),
        _ => Err(Refusal::BAD_FIELD),
    }
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
