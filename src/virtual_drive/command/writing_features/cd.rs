//! This module knows the features of a drive that writes CDs.

use super::super::get_configuration::{plain, with};
use crate::mmc::feature::{Feature, code};
use crate::virtual_drive::disc::recordable::cd::CdRecord;
use crate::virtual_drive::disc::{DiscKind, Recordable};

/// Buffer underruns do no harm; test writing; CD-RW.
const TRACK_AT_ONCE: u8 = 0b0100_0110;
/// The same, and a session at once.
const MASTERING: u8 = TRACK_AT_ONCE | 0b0010_0000;
/// Bytes of the longest cue sheet.
const LONGEST_CUE_SHEET: [u8; 3] = [0x00, 0x0C, 0x70];

pub fn features(disc: Option<&Recordable>) -> [Feature; 3] {
    let record = disc.and_then(Recordable::cd);
    let rewritable = disc.is_some_and(|disc| disc.stock().kind == DiscKind::CdRw);
    let appendable = record.is_some_and(|record| !record.finalized);
    let blank = record.is_some_and(CdRecord::is_blank);
    let [l0, l1, l2] = LONGEST_CUE_SHEET;
    [
        // Blocks of mode 1, and of mode 2 form 1.
        with(appendable, plain(code::CD_TRACK_AT_ONCE, 2, &[TRACK_AT_ONCE, 0, 5, 0])),
        with(blank, plain(code::CD_MASTERING, 2, &[MASTERING, l0, l1, l2])),
        // All four speed classes.
        with(rewritable, plain(code::CD_RW_WRITE, 0, &[0, 0x0F, 0, 0])),
    ]
}
