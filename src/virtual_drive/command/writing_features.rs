//! This module knows the features of a drive that writes: all that it can, and what of it holds with the disc that is in.

use super::get_configuration::{plain, with};
use crate::bytes::Composer;
use crate::mmc::feature::{Feature, code};
use crate::virtual_drive::disc::{Disc, DiscKind, Family};

/// Buffer underruns do no harm; two layers, test writing and DVD-RW.
const DVD_R_WRITE: u8 = 0x4E;

/// In the order of their codes.
pub fn features(disc: Option<&dyn Disc>) -> Vec<Feature> {
    let recordable = disc.and_then(Disc::recordable);
    let kind = recordable.map(|disc| disc.stock().kind);
    let is = |wanted: DiscKind| kind == Some(wanted);
    let overwritten = recordable.is_some_and(|disc| disc.overwritable().is_some());
    // Nothing holds that cannot be done any more.
    let sequential = recordable.and_then(|disc| disc.sequential()).filter(|(record, _)| !record.finalized);
    let is_minus = kind.is_some_and(|kind| matches!(kind, DiscKind::DvdR | DiscKind::DvdRDl | DiscKind::DvdRw));
    let increments = is_minus && sequential.is_some_and(|(record, _)| !record.at_once_only);
    let last = recordable.map_or(0, |disc| disc.stock().sectors.0.saturating_sub(1));
    vec![
        with(kind.is_some(), plain(code::WRITE_PROTECT, 2, &[0, 0, 0, 0])),
        with(overwritten, plain(code::RANDOM_WRITABLE, 1, &random_writable(last))),
        with(increments, plain(code::INCREMENTAL_STREAMING, 3, &incremental(kind.map(DiscKind::family)))),
        with(is(DiscKind::DvdPlusRw), plain(code::FORMATTABLE, 1, &[0; 8])),
        // It writes; it starts at once, and closes without a lead-out.
        with(is(DiscKind::DvdPlusRw), plain(code::DVD_PLUS_RW, 1, &[1, 0x03, 0, 0])),
        with(is(DiscKind::DvdPlusR), plain(code::DVD_PLUS_R, 1, &[1, 0, 0, 0])),
        with(is_minus && sequential.is_some(), plain(code::DVD_R_WRITE, 2, &[DVD_R_WRITE, 0, 0, 0])),
    ]
}

/// Mode 1, without harm from buffer underruns; and the sizes of links between increments.
fn incremental(family: Option<Family>) -> Vec<u8> {
    match family {
        Some(Family::Cd) => vec![1, 0, 1, 1, 7, 0, 0, 0],
        Some(Family::Dvd) | None => vec![1, 0, 1, 1, 16, 0, 0, 0],
        Some(Family::Bd) => vec![1, 0, 1, 0],
    }
}

fn random_writable(last: u32) -> Vec<u8> {
    let mut out = Composer::new();
    out.be_u32(last).be_u32(2048).be_u16(16).u8(1).u8(0);
    out.finish()
}
