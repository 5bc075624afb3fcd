//! This module knows how a BD-RE is formatted: with sectors to replace others or without, and with a look at each.

use std::time::Duration;

use super::{Becomes, Formatting, certification};
use crate::mmc::command::{FormatDescriptor, format_type};
use crate::sector::SectorCount;
use crate::virtual_drive::disc::Stock;
use crate::virtual_drive::disc::recordable::overwritable::Overwritable;
use crate::virtual_drive::disc::recordable::spares::Spares;
use crate::virtual_drive::dispatch::Refusal;

const CLUSTER: u32 = 32;
const BLOCK_BYTES: u32 = 2048;

/// What the drive looks at before the disc is ready: nothing, what it has doubts about, everything.
const NO_LOOK: [u8; 2] = [0b00, 0b01];
const FULL_CERTIFICATION: u8 = 0b10;
const QUICK_CERTIFICATION: u8 = 0b11;

pub fn offers(stock: &Stock) -> Vec<FormatDescriptor> {
    let Some(spares) = Spares::of(stock) else { return Vec::new() };
    let with = |kind, spare: SectorCount| FormatDescriptor {
        blocks: spares.left(stock, spare),
        kind,
        sub_type: 0,
        parameter: spare.0 / CLUSTER,
    };
    vec![
        with(format_type::FULL, spares.usual),
        with(format_type::BD_RE_WITH_SPARES, spares.usual),
        with(format_type::BD_RE_WITH_SPARES, spares.most),
        with(format_type::BD_RE_WITH_SPARES, spares.least),
        FormatDescriptor {
            blocks: stock.sectors,
            kind: format_type::BD_RE_WITHOUT_SPARES,
            sub_type: 0,
            parameter: BLOCK_BYTES,
        },
    ]
}

pub fn formatting(stock: &Stock, wanted: FormatDescriptor) -> Result<Formatting, Refusal> {
    const QUICK: Duration = Duration::from_secs(40);
    const DOUBTS: Duration = Duration::from_secs(120);
    let Spares { least, usual, most, beyond: _ } = Spares::of(stock).ok_or(Refusal::BAD_PARAMETER)?;
    let spare = stock.sectors.0.checked_sub(wanted.blocks.0).map(SectorCount).ok_or(Refusal::BAD_PARAMETER)?;
    let whole_clusters = spare.0.is_multiple_of(CLUSTER);
    // Who chooses a size has no need to tell how much that leaves.
    let told = wanted.parameter == 0 || wanted.parameter == spare.0 / CLUSTER;
    let fits = match wanted.kind {
        format_type::FULL => spare == usual,
        format_type::BD_RE_WITH_SPARES => whole_clusters && told && (least..=most).contains(&spare),
        format_type::BD_RE_WITHOUT_SPARES => spare.is_zero(),
        _ => false,
    };
    let time = match (wanted.kind, wanted.sub_type) {
        (_, sub_type) if NO_LOOK.contains(&sub_type) => QUICK,
        (format_type::BD_RE_WITH_SPARES, QUICK_CERTIFICATION) => QUICK.saturating_add(DOUBTS),
        (format_type::BD_RE_WITH_SPARES, FULL_CERTIFICATION) => QUICK.saturating_add(certification(stock)),
        _ => return Err(Refusal::BAD_PARAMETER),
    };
    if !fits {
        return Err(Refusal::BAD_PARAMETER);
    }
    Ok(Formatting { becomes: Becomes::New(Overwritable::formatted(wanted.blocks, spare)), time })
}
