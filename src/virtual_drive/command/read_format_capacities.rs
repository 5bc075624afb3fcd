//! This module knows READ FORMAT CAPACITIES: how the disc is formatted, and what FORMAT UNIT would take.

use crate::mmc::command::{FormatCapacities, FormatState, ReadFormatCapacities};
use crate::sector::SectorCount;
use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::disc::recordable::cd::CdRecord;
use crate::virtual_drive::disc::recordable::overwritable::FormatState as Formatting;
use crate::virtual_drive::disc::{Disc, DiscKind, Recordable};
use crate::virtual_drive::dispatch::{Outcome, Request};

/// As large as any disc of these drives could be.
const ANY_DISC: SectorCount = SectorCount(62_500_864);

pub fn answer(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let ReadFormatCapacities { allocation } = request.parsed()?;
    let disc = if drive.state.readiness().is_ok() { drive.state.loaded() } else { None };
    if disc.is_some() {
        drive.still_busy()?;
    }
    let disc = drive.state.loaded().filter(|_| drive.state.readiness().is_ok());
    Ok(super::answer(&disc.map_or_else(|| told(FormatState::Unknown, ANY_DISC), capacities), allocation))
}

fn told(state: FormatState, blocks: SectorCount) -> FormatCapacities {
    FormatCapacities { state, blocks, block_bytes: 2048, offers: Vec::new() }
}

fn capacities(disc: &dyn Disc) -> FormatCapacities {
    match disc.recordable() {
        Some(recordable) => of_recordable(recordable),
        None => told(FormatState::Formatted, SectorCount(disc.layout().end.0)),
    }
}

/// Such discs are as large as they are, however much is on them.
fn has_one_size(kind: DiscKind) -> bool {
    matches!(kind, DiscKind::BdR | DiscKind::DvdRw)
}

fn of_recordable(disc: &Recordable) -> FormatCapacities {
    let sectors = disc.stock().sectors;
    let told = match (disc.overwritable(), disc.sequential()) {
        (Some((record, _)), _) if record.is_unformatted() => told(FormatState::Unformatted, sectors),
        (Some((record, _)), _) if record.format == Formatting::Intermediate => {
            told(FormatState::Unknown, SectorCount(record.formatted))
        }
        (Some((record, _)), _) => told(FormatState::Formatted, SectorCount(record.formatted)),
        (None, Some((record, _))) if record.is_untouched() => told(FormatState::Unformatted, sectors),
        (None, None) if disc.cd().is_some_and(CdRecord::is_blank) => told(FormatState::Unformatted, sectors),
        (None, Some((_, limits))) if has_one_size(disc.stock().kind) => {
            told(FormatState::Formatted, SectorCount(limits.end))
        }
        (None, _) => told(FormatState::Formatted, SectorCount(disc.layout().end.0)),
    };
    FormatCapacities { offers: super::format_unit::offers(disc), ..told }
}
