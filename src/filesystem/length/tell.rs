//! This module knows how a verdict on the length becomes findings.

use super::tail::{TailKind, TailPart};
use super::{LengthState, LengthVerdict};
use crate::filesystem::finding::{Draft, Origin, Severity};
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;
use crate::sector::SECTOR_BYTES;

pub(super) fn tell(scan: &mut Scan<'_>, verdict: &LengthVerdict) {
    missing(scan, verdict);
    for part in &verdict.tail {
        behind(scan, verdict, part);
    }
    let odd = verdict.have % SECTOR_BYTES as u64;
    if odd > 0 {
        let draft = draft(Rule::V13, Severity::Warning, Origin::Unknown, "length");
        scan.add(draft, || format!("{odd} bytes after the last whole sector: no disc has that"));
    }
}

fn draft(rule: Rule, severity: Severity, origin: Origin, subject: &'static str) -> Draft<'static> {
    Draft { rule, severity, origin, at: None, subject, path: None }
}

/// V11.
fn missing(scan: &mut Scan<'_>, verdict: &LengthVerdict) {
    let (severity, why) = match verdict.state {
        LengthState::Unknown | LengthState::Exact | LengthState::Longer => return,
        LengthState::Truncated => {
            let needed = verdict.needed_missing();
            (Severity::Error, format!("files or structures reach {needed} bytes into them"))
        }
        LengthState::TailMissing { is_padding: true } => {
            (Severity::Info, "all files and structures end before them, so that they were padding".to_owned())
        }
        LengthState::TailMissing { is_padding: false } => {
            (Severity::Error, "no file or structure that was found reaches into them".to_owned())
        }
    };
    let Some(source) = verdict.source else { return };
    let at = Some(verdict.have);
    scan.add(Draft { at, ..draft(Rule::V11, severity, Origin::Truncation, "end") }, || {
        format!(
            "{} bytes are missing at the end of the {} that {source} claims; {why}",
            verdict.missing(),
            verdict.declared
        )
    });
}

/// V12.
fn behind(scan: &mut Scan<'_>, verdict: &LengthVerdict, part: &TailPart) {
    let (severity, origin) = match part.kind {
        // D04 and its kin tell of each.
        TailKind::Files => return,
        TailKind::Zeros | TailKind::Anchors | TailKind::Partition | TailKind::Session => {
            (Severity::Info, Origin::Mastering)
        }
        TailKind::Unreadable => (Severity::Info, Origin::Unknown),
        TailKind::Data => (Severity::Warning, Origin::Unknown),
    };
    let (subject, what) = match part.kind {
        TailKind::Files => return,
        TailKind::Zeros => ("zeros", "zeros"),
        TailKind::Anchors => ("anchors", "anchors of UDF, which some programs fill up with"),
        TailKind::Partition => ("partition", "part of a partition or a boot image"),
        TailKind::Session => ("session", "those of a later session"),
        TailKind::Unreadable => ("unreadable", "unreadable, so that there is no telling what they are"),
        TailKind::Data => ("data", "data that nothing claims"),
    };
    let all = verdict.tail.iter().fold(0_u64, |sum, part| sum.saturating_add(part.length));
    let looked_at = verdict.looked_at;
    let at = Some(part.start);
    scan.add(Draft { at, ..draft(Rule::V12, severity, origin, subject) }, || {
        let end = verdict.tail.first().map_or(0, |first| first.start);
        let so_far = if looked_at < all { format!(", by a look at {looked_at} of {all}") } else { String::new() };
        format!(
            "the filesystem ends at byte {end}; {} bytes from byte {} on are {what}{so_far}",
            part.length, part.start
        )
    });
}
