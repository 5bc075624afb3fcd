//! This module knows how a DVD+RW is formatted: writable after a short while, the rest by itself.

use std::time::Duration;

use super::{Becomes, Formatting};
use crate::mmc::command::{FormatDescriptor, format_type};
use crate::sector::SectorCount;
use crate::virtual_drive::disc::recordable::overwritable::Overwritable;
use crate::virtual_drive::disc::{Recordable, Stock};
use crate::virtual_drive::dispatch::Refusal;

pub fn offers(stock: &Stock) -> Vec<FormatDescriptor> {
    vec![FormatDescriptor { blocks: stock.sectors, kind: format_type::DVD_PLUS_RW, sub_type: 0, parameter: 0 }]
}

/// Whatever size is asked for, it is the whole disc.
pub fn formatting(disc: &Recordable, wanted: FormatDescriptor) -> Result<Formatting, Refusal> {
    const AS_LARGE_AS_IT_IS: SectorCount = SectorCount(u32::MAX);
    let restart = wanted.parameter & 1 == 1;
    let whole = [disc.stock().sectors, AS_LARGE_AS_IT_IS];
    let size_fits = whole.contains(&wanted.blocks) || (restart && wanted.blocks.is_zero());
    if wanted.kind != format_type::DVD_PLUS_RW || wanted.sub_type != 0 || !size_fits {
        return Err(Refusal::BAD_PARAMETER);
    }
    let (before, _) = disc.overwritable().ok_or(Refusal::BAD_PARAMETER)?;
    let mut record = if restart { before.clone() } else { Overwritable::default() };
    record.start_background();
    let becomes = if restart { Becomes::Another(record) } else { Becomes::New(record) };
    Ok(Formatting { becomes, time: Duration::from_secs(30) })
}
