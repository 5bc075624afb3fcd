//! This module knows what a sound volume of HFS or HFS+ is, as far as its headers go: rule H05.

use super::super::hfs::{HEADER_AT, Header};
use super::beyond;
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;

/// H05, of a volume that begins at byte `start` and should end at `end`; its copy, where one was found, and where it is
/// most likely to be looked for.
pub fn hfs(scan: &mut Scan<'_>, start: u64, end: u64, header: &Header, copy: Option<&(u64, Header)>, expected: u64) {
    let at = start.saturating_add(HEADER_AT);
    if end > scan.reader.length() {
        return beyond(scan, Rule::H05, at, "end", "a Macintosh volume", end);
    }
    match copy {
        None => scan.find(Rule::H05, expected, "no copy", || {
            format!("the header of a Macintosh volume, at byte {at}, should be there again at its end, and is not")
        }),
        Some((copy_at, copy)) if copy != header => scan.find(Rule::H05, *copy_at, "copy", || {
            format!("the header of a Macintosh volume says something else than the one at byte {at}, which was used")
        }),
        Some(_) => {}
    }
}

/// H05, of a volume of which only the copy at the end is a header.
pub fn alternate_alone(scan: &mut Scan<'_>, start: u64, copy_at: u64) {
    scan.find(Rule::H05, start.saturating_add(HEADER_AT), "header", || {
        format!("a Macintosh volume has no header, and the copy of it at byte {copy_at} was used")
    });
}
