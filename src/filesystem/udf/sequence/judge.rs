//! This module knows what is wrong with a volume's two descriptor sequences: rules U03 and U04.

use super::{Broken, Placed, Reason, Sequence};
use crate::filesystem::finding::{Draft, Origin, Severity};
use crate::filesystem::reader::ReadError;
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;

/// ECMA-167, 3/8.4.2.2, and UDF 2.2.3: blocks of each sequence.
const LEAST_BLOCKS: u32 = 16;

/// Of the descriptors that could not be used: which copy is bad, and what was done about it.
pub fn tell_broken(scan: &mut Scan<'_>, sequence: &Sequence, is_reserve: bool, other: Option<&Sequence>) {
    let name = name(is_reserve);
    let is_other_good = other.is_some_and(Sequence::is_complete);
    let then = match (is_reserve, is_other_good) {
        (false, true) => "; the reserve sequence is used in its place",
        (true, true) => "; the main sequence is used",
        (_, false) => "",
    };
    for broken in &sequence.broken {
        let Broken { at, identifier, reason } = *broken;
        match reason {
            Reason::Tag(error) => {
                let what = identifier.map_or("a descriptor", kind);
                scan.find(Rule::U03, at, name, || format!("{what} of the {name} sequence is broken: {error}{then}"));
            }
            Reason::Unread(ReadError::Over) => scan.unread(ReadError::Over, at, "the UDF volume descriptors"),
            Reason::Unread(error) => {
                let severity = if is_reserve && is_other_good { Severity::Warning } else { Severity::Error };
                let (origin, at) = match error {
                    ReadError::Unreadable { at } => (Origin::Damage, at),
                    ReadError::Beyond { .. } | ReadError::Over => (Origin::Truncation, at),
                };
                let draft = Draft { rule: Rule::S01, severity, origin, at: Some(at), subject: name, path: None };
                scan.add(draft, || format!("a block of the {name} sequence cannot be read: {error}{then}"));
            }
        }
    }
}

/// What both sequences must have, and must have in common.
pub fn compare(scan: &mut Scan<'_>, block_bytes: u32, main: &Sequence, reserve: &Sequence) {
    let at = |sequence: &Sequence| {
        sequence.extent.map_or(0, |extent| u64::from(extent.location).saturating_mul(block_bytes.into()))
    };
    for (sequence, is_reserve) in [(main, false), (reserve, true)] {
        let Some(extent) = sequence.extent else { continue };
        if is_reserve && extent.length == 0 {
            let draft = Draft {
                rule: Rule::U04,
                severity: Severity::Info,
                origin: Origin::Mastering,
                at: None,
                subject: "no reserve",
                path: None,
            };
            scan.add(draft, || "there is no reserve sequence of volume descriptors".to_owned());
            return;
        }
        let (name, at) = (name(is_reserve), at(sequence));
        let blocks = extent.length.checked_div(block_bytes).unwrap_or(0);
        if blocks < LEAST_BLOCKS {
            scan.find_as(Rule::U04, Severity::Warning, at, "length", || {
                format!("the {name} sequence has {blocks} blocks, where {LEAST_BLOCKS} are the least")
            });
        }
        missing(scan, sequence, is_reserve, at);
    }
    same(scan, "the primary volume descriptor", main.primary.as_ref(), reserve.primary.as_ref());
    same(scan, "the logical volume descriptor", main.logical.as_ref(), reserve.logical.as_ref());
    same(scan, "the implementation use descriptor", main.implementation.as_ref(), reserve.implementation.as_ref());
    same(scan, "the unallocated space descriptor", main.unallocated.as_ref(), reserve.unallocated.as_ref());
    for (number, partition) in &main.partitions {
        same(scan, "a partition descriptor", Some(partition), reserve.partitions.get(number));
    }
}

/// Whatever is broken is there, and said elsewhere.
fn missing(scan: &mut Scan<'_>, sequence: &Sequence, is_reserve: bool, at: u64) {
    let name = name(is_reserve);
    let is_broken = |identifier: u16| {
        sequence.broken.iter().any(|broken| broken.identifier.is_none_or(|known| known == identifier))
    };
    let needed = if is_reserve { Severity::Warning } else { Severity::Error };
    let wanted = [
        (1, sequence.primary.is_none(), needed),
        (5, sequence.partitions.is_empty(), needed),
        (6, sequence.logical.is_none(), needed),
        (4, sequence.implementation.is_none(), Severity::Warning),
        (7, sequence.unallocated.is_none(), Severity::Warning),
        (8, !sequence.is_terminated, Severity::Warning),
    ];
    for (identifier, is_missing, severity) in wanted {
        if is_missing && !is_broken(identifier) {
            let what = kind(identifier);
            scan.find_as(Rule::U04, severity, at, what, || format!("the {name} sequence does not have {what}"));
        }
    }
}

/// ECMA-167, 3/10.1: where the primary descriptor's volume set identifier stands, behind the tag.
const SET_IDENTIFIER: std::ops::Range<usize> = 72 - 16..200 - 16;

fn same<T>(scan: &mut Scan<'_>, what: &'static str, main: Option<&Placed<T>>, reserve: Option<&Placed<T>>) {
    let (Some(main), Some(reserve)) = (main, reserve) else { return };
    let mut differing = main.body.iter().zip(&reserve.body).enumerate().filter(|(_, (a, b))| a != b);
    let Some((first, _)) = differing.next() else { return };
    // Some programs draw the random part of the set's name once for each copy.
    let is_set_name = what.contains("primary")
        && SET_IDENTIFIER.contains(&first)
        && differing.all(|(offset, _)| SET_IDENTIFIER.contains(&offset));
    let (severity, origin) =
        if is_set_name { (Severity::Info, Origin::Mastering) } else { (Severity::Warning, scan.origin_at(reserve.at)) };
    let offset = first.saturating_add(super::TAG_BYTES);
    let at = Some(reserve.at.saturating_add(offset as u64));
    let draft = Draft { rule: Rule::U04, severity, origin, at, subject: what, path: None };
    scan.add(draft, || {
        format!(
            "{what} of the reserve sequence is not that of the main one, from byte {offset} on; the main one is used"
        )
    });
}

fn name(is_reserve: bool) -> &'static str {
    if is_reserve { "reserve" } else { "main" }
}

/// ECMA-167, 3/7.2.1.
fn kind(identifier: u16) -> &'static str {
    match identifier {
        1 => "a primary volume descriptor",
        3 => "a volume descriptor pointer",
        4 => "an implementation use descriptor",
        5 => "a partition descriptor",
        6 => "a logical volume descriptor",
        7 => "an unallocated space descriptor",
        8 => "a terminating descriptor",
        _ => "a descriptor",
    }
}
