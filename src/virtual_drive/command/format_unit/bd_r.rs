//! This module knows how a BD-R is formatted: once, with sectors to replace others, and to be written over or not.

use std::time::Duration;

use super::{Becomes, Formatting};
use crate::mmc::command::{FormatDescriptor, format_type};
use crate::sector::SectorCount;
use crate::virtual_drive::disc::recordable::sequential::Formatted;
use crate::virtual_drive::disc::recordable::spares::Spares;
use crate::virtual_drive::disc::{Recordable, Stock};
use crate::virtual_drive::dispatch::Refusal;

const CLUSTER: u32 = 32;
const TIME: Duration = Duration::from_secs(5);

/// How the disc is written from then on: in sequence and over what is recorded, in sequence only.
const PSEUDO_OVERWRITE: u8 = 0b00;
const SEQUENTIAL: u8 = 0b01;

/// A disc that is formatted or written still tells of one, since hosts want to find some.
pub fn offers(disc: &Recordable) -> Vec<FormatDescriptor> {
    let stock = disc.stock();
    let Some(spares) = Spares::of(stock) else { return Vec::new() };
    let with = |kind, spare: SectorCount, parameter| FormatDescriptor {
        blocks: spares.left(stock, spare),
        kind,
        sub_type: PSEUDO_OVERWRITE,
        parameter,
    };
    let usual = with(format_type::FULL, spares.usual, spares.usual.0 / CLUSTER);
    let untouched = disc.sequential().is_some_and(|(record, _)| record.is_untouched());
    if !untouched {
        return vec![usual];
    }
    let of = |spare| with(format_type::BD_R_WITH_SPARES, spare, 0);
    vec![usual, of(spares.usual), of(spares.most), of(spares.least)]
}

pub fn formatting(stock: &Stock, wanted: FormatDescriptor) -> Result<Formatting, Refusal> {
    let spares = Spares::of(stock).ok_or(Refusal::BAD_PARAMETER)?;
    let pseudo_overwrite = match wanted.sub_type {
        PSEUDO_OVERWRITE => true,
        SEQUENTIAL => false,
        _ => return Err(Refusal::BAD_PARAMETER),
    };
    let spare = match wanted.kind {
        // Whatever size is told, it is the usual one.
        format_type::FULL => spares.usual,
        format_type::BD_R_WITH_SPARES => {
            let spare = stock.sectors.0.checked_sub(wanted.blocks.0).map(SectorCount);
            let told = |spare: SectorCount| wanted.parameter == 0 || wanted.parameter == spare.0 / CLUSTER;
            let fits = |spare: &SectorCount| spare.0.is_multiple_of(CLUSTER) && told(*spare);
            let sizes = spares.least..=spares.most;
            spare.filter(fits).filter(|spare| sizes.contains(spare)).ok_or(Refusal::BAD_PARAMETER)?
        }
        _ => return Err(Refusal::BAD_PARAMETER),
    };
    let formatted = Formatted { sectors: spares.left(stock, spare).0, pseudo_overwrite, moved: 0 };
    Ok(Formatting { becomes: Becomes::Sequential(formatted), time: TIME })
}
