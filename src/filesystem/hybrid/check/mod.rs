//! This module knows what sound partition tables and Macintosh volumes are: the rules with an H.

mod apple;
mod gpt;
mod hfs;
mod mbr;

use super::super::finding::{Draft, Origin, Severity};
use super::super::rule::Rule;
use super::super::scan::Scan;

pub(super) use apple::apple;
pub(super) use gpt::{announced, gpt};
pub(super) use hfs::{alternate_alone, hfs};
pub(super) use mbr::{isohybrid, mbr};

/// Something ends behind the image: as severe as its rule.
fn beyond(scan: &mut Scan<'_>, rule: Rule, at: u64, subject: &'static str, what: &str, end: u64) {
    let severity: Severity = rule.severity();
    let image = scan.reader.length();
    let missing = end.saturating_sub(image);
    scan.add(Draft { rule, severity, origin: Origin::Truncation, at: Some(at), subject, path: None }, || {
        format!("{what} ends at byte {end}, and the image has {image} bytes: {missing} are missing")
    });
}
