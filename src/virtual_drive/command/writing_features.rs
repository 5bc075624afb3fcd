//! This module knows the features of a drive that writes: all that it can, and what of it holds with the disc that is in.

mod cd;

use super::get_configuration::{plain, with};
use crate::bytes::Composer;
use crate::mmc::feature::{Feature, code};
use crate::virtual_drive::disc::recordable::overwritable::FormatState;
use crate::virtual_drive::disc::recordable::sequential::Sequential;
use crate::virtual_drive::disc::{Disc, DiscKind, Family, Recordable};

/// Buffer underruns do no harm; two layers, test writing and DVD-RW.
const DVD_R_WRITE: u8 = 0x4E;
/// A BD-RE can be formatted without anything to spare, and with a look at all of it or at what is in doubt.
const BD_RE_FORMATS: u8 = 0b1011;

/// A DVD-RW is formatted in a moment, with an open end, and can be blanked.
const INTERMEDIATE_AND_BLANK: u8 = 0b11;
const SUPPLEMENTARY_SPARE_AREA: u8 = 1 << 7;

/// In the order of their codes.
pub fn features(disc: Option<&dyn Disc>) -> Vec<Feature> {
    let recordable = disc.and_then(Disc::recordable);
    let kind = recordable.map(|disc| disc.stock().kind);
    let is = |wanted: DiscKind| kind == Some(wanted);
    let overwritten = recordable.and_then(|disc| disc.overwritable()).map(|(record, _)| record);
    let replaces = overwritten.is_some_and(|record| record.spare > 0);
    let restricted = overwritten.is_some() && is(DiscKind::DvdRw);
    let formattable = is(DiscKind::DvdRw) || is(DiscKind::DvdRam) || is(DiscKind::DvdPlusRw) || is(DiscKind::BdRe);
    // Nothing holds that cannot be done any more.
    let sequential = recordable.and_then(|disc| disc.sequential()).filter(|(record, _)| !record.finalized);
    let is_minus = kind.is_some_and(|kind| matches!(kind, DiscKind::DvdR | DiscKind::DvdRDl | DiscKind::DvdRw));
    let increments = (is_minus || is(DiscKind::BdR)) && sequential.is_some_and(|(record, _)| !record.at_once_only);
    let bd_r = sequential.filter(|_| is(DiscKind::BdR)).map(|(record, _)| record);
    let pseudo_overwrite = bd_r.is_some_and(Sequential::is_pseudo_overwritten);
    let last = recordable.map_or(0, last_writable);
    let ecc_block = kind.map_or(1, |kind| u16::try_from(kind.family().ecc_block().0).unwrap_or(1));
    let packets = recordable.and_then(|disc| disc.cd()).is_some_and(|record| !record.finalized);
    let mut features = vec![
        with(kind.is_some(), plain(code::WRITE_PROTECT, 2, &[0, 0, 0, 0])),
        with(
            overwritten.is_some() && !restricted || pseudo_overwrite,
            plain(code::RANDOM_WRITABLE, 1, &random_writable(last, ecc_block)),
        ),
        with(increments || packets, plain(code::INCREMENTAL_STREAMING, 3, &incremental(kind.map(DiscKind::family)))),
        with(
            formattable || bd_r.is_some_and(Sequential::is_untouched),
            plain(code::FORMATTABLE, 1, &[BD_RE_FORMATS, 0, 0, 0, 0, 0, 0, 0]),
        ),
        with(
            replaces || bd_r.is_some_and(|record| record.formatted.is_some()),
            plain(code::DEFECT_MANAGEMENT, 1, &[SUPPLEMENTARY_SPARE_AREA, 0, 0, 0]),
        ),
        with(restricted, plain(code::RESTRICTED_OVERWRITE, 0, &[])),
        with(restricted, plain(code::RIGID_RESTRICTED_OVERWRITE, 0, &[INTERMEDIATE_AND_BLANK, 0, 0, 0])),
        // It writes; it starts at once, and closes without a lead-out.
        with(is(DiscKind::DvdPlusRw), plain(code::DVD_PLUS_RW, 1, &[1, 0x03, 0, 0])),
        with(is(DiscKind::DvdPlusR), plain(code::DVD_PLUS_R, 1, &[1, 0, 0, 0])),
        with(is(DiscKind::DvdPlusRDl), plain(code::DVD_PLUS_R_DL, 1, &[1, 0, 0, 0])),
        with(is_minus && sequential.is_some(), plain(code::DVD_R_WRITE, 2, &[DVD_R_WRITE, 0, 0, 0])),
        with(pseudo_overwrite, plain(code::BD_R_PSEUDO_OVERWRITE, 0, &[0, 0, 0, 0])),
        with(is(DiscKind::BdRe) || bd_r.is_some(), plain(code::BD_WRITE, 1, &bd_classes())),
    ];
    features.extend(cd::features(recordable));
    features
}

/// Where formatting is not done, of what it will come to.
fn last_writable(disc: &Recordable) -> u32 {
    let sectors = match disc.overwritable() {
        Some((record, _)) if matches!(record.format, FormatState::Complete | FormatState::Stopped) => record.formatted,
        Some(_) => disc.stock().sectors.0,
        None => disc.sequential().map_or(disc.stock().sectors.0, |(_, limits)| limits.end),
    };
    sectors.saturating_sub(1)
}

/// Versions of BD-RE and BD-R discs that can be written, a bit each, class by class; the first four bytes are reserved.
fn bd_classes() -> [u8; 20] {
    let mut classes = [0; 20];
    for (index, byte) in classes.iter_mut().enumerate() {
        *byte = match index {
            5 => 0x06,
            13 => 0x02,
            _ => 0,
        };
    }
    classes
}

/// Mode 1, without harm from buffer underruns; and the sizes of links between increments.
fn incremental(family: Option<Family>) -> Vec<u8> {
    match family {
        Some(Family::Cd) => vec![1, 0, 1, 1, 7, 0, 0, 0],
        Some(Family::Dvd) | None => vec![1, 0, 1, 1, 16, 0, 0, 0],
        Some(Family::Bd) => vec![1, 0, 1, 0],
    }
}

fn random_writable(last: u32, ecc_block: u16) -> Vec<u8> {
    let mut out = Composer::new();
    out.be_u32(last).be_u32(2048).be_u16(ecc_block).u8(1).u8(0);
    out.finish()
}
