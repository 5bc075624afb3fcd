//! This module knows how a DVD-RAM is formatted: with more to replace sectors with, or less, and with a look at each.

use std::time::Duration;

use super::{Becomes, Formatting, certification};
use crate::mmc::command::{FormatDescriptor, FormatList, format_type};
use crate::sector::SectorCount;
use crate::virtual_drive::disc::Recordable;
use crate::virtual_drive::disc::recordable::overwritable::Overwritable;
use crate::virtual_drive::disc::recordable::spares::Spares;
use crate::virtual_drive::dispatch::Refusal;

const BLOCK_BYTES: u32 = 2048;
const ECC_BLOCK: u32 = 16;

pub fn offers(disc: &Recordable) -> Vec<FormatDescriptor> {
    let stock = disc.stock();
    let Some(spares) = Spares::of(stock) else { return Vec::new() };
    let with =
        |kind, spare| FormatDescriptor { blocks: spares.left(stock, spare), kind, sub_type: 0, parameter: BLOCK_BYTES };
    let mut offers = vec![with(format_type::FULL, spares.usual), with(format_type::FULL, spares.least)];
    let has_more = |record: &Overwritable| !record.is_unformatted() && record.spare < spares.most.0;
    if disc.overwritable().is_some_and(|(record, _)| has_more(record)) {
        offers.push(with(format_type::SPARE_EXPANSION, spares.most));
    }
    offers
}

pub fn formatting(disc: &Recordable, list: &FormatList) -> Result<Formatting, Refusal> {
    const QUICK: Duration = Duration::from_secs(20);
    let stock = disc.stock();
    let spares = Spares::of(stock).ok_or(Refusal::BAD_PARAMETER)?;
    let (record, _) = disc.overwritable().ok_or(Refusal::BAD_PARAMETER)?;
    let FormatDescriptor { blocks, kind, sub_type: 0, parameter: _ } = list.descriptor else {
        return Err(Refusal::BAD_PARAMETER);
    };
    let spare = Spares::room(stock).0.checked_sub(blocks.0).map(SectorCount).ok_or(Refusal::BAD_PARAMETER)?;
    match kind {
        format_type::FULL if [spares.least, spares.usual].contains(&spare) => {
            let certified = !(list.options_valid && list.no_certification);
            Ok(Formatting {
                becomes: Becomes::New(Overwritable::formatted(blocks, spare)),
                time: if certified { certification(stock) } else { QUICK },
            })
        }
        format_type::SPARE_EXPANSION => {
            let becomes = expanded(record, blocks, spare, spares.most).ok_or(Refusal::BAD_PARAMETER)?;
            Ok(Formatting { becomes, time: Duration::from_secs(5) })
        }
        _ => Err(Refusal::BAD_PARAMETER),
    }
}

/// The end of the disc is kept to replace what lies before it, which stays.
fn expanded(before: &Overwritable, blocks: SectorCount, spare: SectorCount, most: SectorCount) -> Option<Becomes> {
    let smaller = blocks.0 < before.formatted && blocks.0.is_multiple_of(ECC_BLOCK) && spare <= most;
    let mut record = before.clone();
    (record.formatted, record.spare) = (blocks.0, spare.0);
    record.replaced.retain(|block| *block < blocks.0);
    smaller.then_some(Becomes::Another(record))
}
