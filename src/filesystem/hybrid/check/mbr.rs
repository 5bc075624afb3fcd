//! This module knows what a sound master boot record is: rules H01 and H04.

use super::super::BLOCK;
use super::super::mbr::{MasterBootRecord, PROTECTIVE};
use super::beyond;
use crate::filesystem::finding::Severity;
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;

/// Where the boot code keeps the place of isolinux.
const BOOT_IMAGE_AT: u64 = 432;
/// How isohybrid's boot code begins, by itself and behind what makes it an Apple driver descriptor as well.
const BOOT_CODES: [&[u8]; 2] = [b"\x33\xED\x90\x90", b"ER\x08\0\0\0\x90\x90"];
/// What that boot code looks for in isolinux before it starts it, and where.
const MAGIC: [u8; 4] = *b"\xFB\xC0\x78\x70";
const MAGIC_AT: u64 = 64;

/// H01.
pub fn mbr(scan: &mut Scan<'_>, record: &MasterBootRecord) {
    let image = scan.reader.length();
    for (at, entry) in record.placed() {
        let flag = entry.flag;
        if !entry.has_flag_of_partitions() {
            scan.find_as(Rule::H01, Severity::Warning, at, "flag", || {
                format!("a partition of the master boot record has the flag {flag:02X}h, and 00h and 80h are possible")
            });
        }
        // It only has to be large enough, and may be as large as can be said.
        if entry.kind != PROTECTIVE && entry.end() > image {
            beyond(scan, Rule::H01, at, "end", "a partition of the master boot record", entry.end());
        }
    }
}

/// H04.
pub fn isohybrid(scan: &mut Scan<'_>, code: &[u8], record: &MasterBootRecord) {
    if !BOOT_CODES.iter().any(|begin| code.starts_with(begin)) {
        return;
    }
    let place = u64::from(record.boot_image) * BLOCK;
    let found = scan.reader.array::<4>(place.saturating_add(MAGIC_AT));
    if found != Ok(MAGIC) {
        let sector = place / 2048;
        scan.find(Rule::H04, BOOT_IMAGE_AT, "isolinux", || {
            format!("the boot code for hard disks looks for isolinux at sector {sector}, where it is not")
        });
    }
}
