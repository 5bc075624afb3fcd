//! This module knows READ CAPACITY: the end of the disc, or what the drive takes for it.

use crate::mmc::command::{Capacity, ReadCapacity};
use crate::sector::{Lba, SectorCount};
use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::disc::DiscState;
use crate::virtual_drive::dispatch::{Outcome, Request};

pub fn answer(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let ReadCapacity = request.parsed()?;
    let layout = super::loaded(drive.state.loaded())?.layout();
    let sectors = match layout.state {
        // Without a complete session there is nothing to be told, and drives tell 0.
        DiscState::Blank | DiscState::Open => SectorCount(1),
        DiscState::Complete => SectorCount(layout.end.0),
    };
    let sectors = drive.claims.capacity.unwrap_or(sectors);
    let capacity = Capacity { last: Lba(sectors.0.saturating_sub(1)), block_length: 2048 };
    Ok(super::answer(&capacity, 8_usize))
}
