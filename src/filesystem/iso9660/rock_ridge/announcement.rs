//! This module knows how a root directory announces Rock Ridge: SP and ER of IEEE P1281 (SUSP 1.12), 5.3 and 5.5.

use super::Susp;
use super::entry::Entries;
use super::reading::{Place, Reading};
use crate::filesystem::finding::Severity;
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;

/// What CD-ROM XA puts in front of an area.
const XA_BYTES: usize = 14;

/// Where the first entry stands in the area of the root's own record, if that begins as it should.
pub(super) fn start(area: &[u8]) -> Option<usize> {
    let begins = |area: &[u8]| area.starts_with(b"SP\x07\x01\xBE\xEF");
    if begins(area) {
        return Some(0);
    }
    area.get(XA_BYTES..).is_some_and(begins).then_some(XA_BYTES)
}

/// Bytes of XA at the start of an area, whether they were announced or not.
pub(super) fn xa_bytes(area: &[u8]) -> usize {
    // An area that begins with zeros has no entries, so that no entry is taken for XA's.
    let is_xa = area.starts_with(&[0, 0]) && area.get(6..8) == Some(b"XA") && area.len() >= XA_BYTES;
    if is_xa { XA_BYTES } else { 0 }
}

pub(super) fn read(scan: &mut Scan<'_>, area: &[u8], at: u64, block_bytes: u32) -> Option<Susp> {
    let Some(start) = start(area) else { return unannounced(scan, area, at, block_bytes) };
    let at = at.saturating_add(start as u64);
    let area = area.get(start..).unwrap_or_default();
    let skip = area.get(6).copied().unwrap_or(0);
    let found = look(scan, area, at, block_bytes);
    if scan.judges() && found.uses_rock_ridge && !found.names_rock_ridge {
        scan.find(Rule::R02, at, "missing", || {
            "the root directory has entries of Rock Ridge, and none that names it".to_owned()
        });
    }
    Some(Susp {
        skip,
        is_rock_ridge: found.uses_rock_ridge || found.names_rock_ridge,
        block_bytes,
        md5_array: found.md5_array,
    })
}

fn look(scan: &mut Scan<'_>, area: &[u8], at: u64, block_bytes: u32) -> super::reading::Announced {
    let mut reading = Reading::new(scan, &Vec::new, block_bytes, Place::Announcement, Vec::new());
    reading.run(area, at);
    reading.announced
}

/// Without a sound SP. Entries that are sound all the same are read, since their names are better than none.
fn unannounced(scan: &mut Scan<'_>, area: &[u8], at: u64, block_bytes: u32) -> Option<Susp> {
    let skip = xa_bytes(area);
    let area = area.get(skip..).unwrap_or_default();
    let at = at.saturating_add(skip as u64);
    let mut entries = Entries::new(area);
    let (mut has_sp, mut has_old, mut is_whole) = (false, false, true);
    while let Some(entry) = entries.next() {
        let Ok(entry) = entry else {
            is_whole = false;
            break;
        };
        has_sp |= entry.signature == *b"SP";
        has_old |= entry.signature == *b"RR";
    }
    let found = look(scan, area, at, block_bytes);
    if !is_whole || !(found.uses_rock_ridge || found.names_rock_ridge) {
        if has_sp {
            scan.find_as(Rule::R01, Severity::Warning, at, "none", || {
                "the entry that announces others in the root directory is not as it should be, and no others follow"
                    .to_owned()
            });
        }
        return None;
    }
    // The first Rock Ridge came without SP.
    let severity = if has_old && !has_sp { Severity::Warning } else { Severity::Error };
    scan.find_as(Rule::R01, severity, at, "missing", || {
        "the root directory has entries of Rock Ridge, and no sound one in front that announces them".to_owned()
    });
    let skip = u8::try_from(skip).unwrap_or(0);
    Some(Susp { skip, is_rock_ridge: true, block_bytes, md5_array: found.md5_array })
}
