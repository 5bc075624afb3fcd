//! This module knows what a sound GUID partition table is: rule H02.

use super::super::gpt::Pair;
use super::super::mbr::ENTRIES_AT;
use super::beyond;
use crate::filesystem::finding::{Draft, Origin, Severity};
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;
use crate::sector::SECTOR_BYTES;

/// Where a header says where the other one is.
const ALTERNATE_AT: u64 = 32;
/// Writers of discs fill up so much behind an image, with zeros.
const MOST_PADDING: u64 = 300 * SECTOR_BYTES as u64;

/// H02.
pub fn gpt(scan: &mut Scan<'_>, pair: &Pair) {
    let image = scan.reader.length();
    match (&pair.primary, &pair.backup) {
        (Some(primary), _) if primary.is_sound() => second(scan, pair),
        (primary, backup) => {
            let fault = primary.as_ref().and_then(|primary| primary.fault);
            let (at, why) = match fault {
                Some((at, fault)) => (at, fault.to_string()),
                None => (pair.block_bytes, "is not there".to_owned()),
            };
            let backup = backup.as_ref().map(|backup| backup.at);
            scan.find(Rule::H02, at, "first", || match backup {
                Some(used) => {
                    format!("the first header of the GUID partition table {why}; the one at byte {used} was used")
                }
                None => format!("the first header of the GUID partition table {why}; no second one was found"),
            });
        }
    }
    let Some(believed) = pair.believed() else { return };
    for (at, partition) in &believed.partitions {
        if partition.end() > image {
            beyond(scan, Rule::H02, *at, "partition", "a partition of the GUID partition table", partition.end());
        }
    }
    if let (Some(backup), false) = (&pair.backup, pair.primary.as_ref().is_some_and(|primary| primary.is_sound())) {
        padding(scan, backup.at, backup.at.saturating_add(pair.block_bytes));
    }
}

/// The copy that a sound primary header leads to.
fn second(scan: &mut Scan<'_>, pair: &Pair) {
    let Some(primary) = &pair.primary else { return };
    let place = primary.at + ALTERNATE_AT;
    let at = primary.header.alternate.saturating_mul(pair.block_bytes);
    let end = at.saturating_add(pair.block_bytes);
    if end > scan.reader.length() {
        return beyond(scan, Rule::H02, place, "backup", "the second header of the GUID partition table", end);
    }
    padding(scan, place, end);
    match &pair.backup {
        Some(backup) => {
            if let Some((at, fault)) = backup.fault {
                scan.find(Rule::H02, at, "second", || {
                    format!("the second header of the GUID partition table {fault}; the first was used")
                });
            } else if !primary.header.agrees_with(&backup.header) || backup.header.alternate != primary.header.own {
                scan.find_as(Rule::H02, Severity::Warning, at, "differs", || {
                    "the second header of the GUID partition table says something else than the first, which was used"
                        .to_owned()
                });
            }
        }
        None => scan.find(Rule::H02, at, "second", || {
            "the second header of the GUID partition table is not there; the first was used".to_owned()
        }),
    }
}

/// The second header should be the last block. `end`: the first byte behind it.
fn padding(scan: &mut Scan<'_>, at: u64, end: u64) {
    let behind = scan.reader.length().saturating_sub(end);
    if behind == 0 {
        return;
    }
    let severity = if is_zero(scan, end) { Severity::Info } else { Severity::Warning };
    let origin = Origin::Mastering;
    scan.add(Draft { rule: Rule::H02, severity, origin, at: Some(at), subject: "last", path: None }, || {
        format!("{behind} bytes follow the second header of the GUID partition table, which should be the last")
    });
}

/// Whether only a little padding follows.
fn is_zero(scan: &mut Scan<'_>, from: u64) -> bool {
    let image = scan.reader.length();
    if image.saturating_sub(from) > MOST_PADDING {
        return false;
    }
    let mut at = from;
    while at < image {
        let length = usize::try_from(image - at).unwrap_or(SECTOR_BYTES).min(SECTOR_BYTES);
        match scan.reader.bytes(at, length) {
            Ok(bytes) if bytes.iter().all(|&byte| byte == 0) => at = at.saturating_add(length as u64),
            Ok(_) | Err(_) => return false,
        }
    }
    true
}

/// H02, where a master boot record does nothing but protect such a table, and there is none.
pub fn announced(scan: &mut Scan<'_>) {
    scan.find_as(Rule::H02, Severity::Warning, ENTRIES_AT, "announced", || {
        "the master boot record protects a GUID partition table, and there is none".to_owned()
    });
}
