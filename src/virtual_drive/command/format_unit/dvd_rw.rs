//! This module knows how a DVD-RW is formatted, to be overwritten: all of it, in a moment, or a piece more of it.

use std::time::Duration;

use super::{Becomes, Formatting};
use crate::mmc::command::{FormatDescriptor, format_type};
use crate::sector::SectorCount;
use crate::virtual_drive::disc::Recordable;
use crate::virtual_drive::disc::recordable::overwritable::{FormatState, Overwritable};
use crate::virtual_drive::dispatch::Refusal;

const BLOCK_BYTES: u32 = 2048;
const ECC_BLOCK: u32 = 16;

pub fn offers(disc: &Recordable) -> Vec<FormatDescriptor> {
    let whole = disc.stock().sectors;
    let with = |kind, blocks, parameter| FormatDescriptor { blocks, kind, sub_type: 0, parameter };
    let mut offers = vec![
        with(format_type::FULL, whole, BLOCK_BYTES),
        with(format_type::FULL_RW, whole, ECC_BLOCK),
        with(format_type::QUICK, whole, ECC_BLOCK),
    ];
    if let Some(record) = grows(disc) {
        let rest = SectorCount(whole.0.saturating_sub(record.formatted));
        offers.push(with(format_type::QUICK_GROW, rest, ECC_BLOCK));
        if !rest.is_zero() {
            offers.push(with(format_type::GROW, rest, ECC_BLOCK));
        }
    }
    offers
}

/// The disc, where a piece can be added to what is formatted.
fn grows(disc: &Recordable) -> Option<&Overwritable> {
    disc.overwritable().map(|(record, _)| record).filter(|record| record.format == FormatState::Complete)
}

pub fn formatting(disc: &Recordable, wanted: FormatDescriptor) -> Result<Formatting, Refusal> {
    const QUICK: Duration = Duration::from_secs(60);
    let whole = disc.stock().sectors;
    let fits = |blocks: SectorCount, room: u32| blocks.0 <= room && blocks.0.is_multiple_of(ECC_BLOCK);
    if wanted.sub_type != 0 {
        return Err(Refusal::BAD_PARAMETER);
    }
    let (becomes, time) = match wanted.kind {
        format_type::FULL | format_type::FULL_RW if !wanted.blocks.is_zero() && fits(wanted.blocks, whole.0) => {
            let record = Overwritable::formatted(wanted.blocks, SectorCount(0));
            (Becomes::New(record), QUICK.saturating_add(writing(disc, wanted.blocks)))
        }
        format_type::QUICK if fits(wanted.blocks, whole.0) => {
            (Becomes::New(Overwritable { format: FormatState::Intermediate, ..Overwritable::default() }), QUICK)
        }
        format_type::GROW | format_type::QUICK_GROW => {
            let before = grows(disc).ok_or(Refusal::BAD_PARAMETER)?;
            let rest = whole.0.saturating_sub(before.formatted);
            if !fits(wanted.blocks, rest) || rest == 0 {
                return Err(Refusal::BAD_PARAMETER);
            }
            let blocks = if wanted.blocks.is_zero() { SectorCount(rest) } else { wanted.blocks };
            let mut record = before.clone();
            if wanted.kind == format_type::QUICK_GROW {
                record.format = FormatState::Intermediate;
                (Becomes::Another(record), QUICK)
            } else {
                record.formatted = record.formatted.saturating_add(blocks.0);
                (Becomes::Another(record), QUICK.saturating_add(writing(disc, blocks)))
            }
        }
        _ => return Err(Refusal::BAD_PARAMETER),
    };
    Ok(Formatting { becomes, time })
}

/// As long as writing them.
fn writing(disc: &Recordable, blocks: SectorCount) -> Duration {
    let kb_s = disc.stock().write_kb_s.first().copied().unwrap_or(1).max(1);
    Duration::from_secs(blocks.bytes() / u64::from(kb_s).saturating_mul(1000))
}
