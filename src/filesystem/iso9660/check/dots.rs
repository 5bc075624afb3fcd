//! This module knows what a directory says of itself and of its parent: rules D01, D05, D14, and R09's way back.

use super::super::walk::Volume;
use crate::filesystem::finding::Severity;
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;
use crate::filesystem::spot::Spot;
use crate::filesystem::tree::TreeKind;

/// ECMA-119, 6.8.2.1.
const DEEPEST: u32 = 8;

/// First block and length in bytes, as a record gives them.
type Place = (u32, u32);

/// The record "." should be that of the directory in which it stands.
pub(in super::super) fn own(scan: &mut Scan<'_>, spot: &Spot<'_>, found: Place, expected: Place) {
    if found == expected {
        return;
    }
    let (block, length) = found;
    let (expected_block, expected_length) = expected;
    spot.find(scan, Rule::D01, "own", || {
        format!(
            "a directory of {expected_length} bytes at block {expected_block} says of itself that it has {length} bytes \
             at block {block}"
        )
    });
}

/// The record ".." should be that of the parent.
pub(in super::super) fn parent(
    scan: &mut Scan<'_>,
    spot: &Spot<'_>,
    volume: &Volume<'_>,
    found: Place,
    expected: Place,
    itself: Place,
) {
    if found == expected {
        return;
    }
    let is_habit = found == itself && volume.has_parents_of_its_own;
    let severity = if is_habit { Severity::Info } else { Severity::Warning };
    let subject = if is_habit { "parent of its own" } else { "parent" };
    let ((block, length), (expected_block, expected_length)) = (found, expected);
    let text = || {
        format!(
            "the parent, of {expected_length} bytes at block {expected_block}, is given as one of {length} bytes at \
             block {block}"
        )
    };
    if is_habit {
        spot.find_habit(scan, Rule::D01, severity, subject, text);
    } else {
        spot.find_as(scan, Rule::D01, severity, subject, text);
    }
}

/// A relocated directory names the block of the directory in which it belongs: PL of Rock Ridge.
pub(in super::super) fn link_back(scan: &mut Scan<'_>, spot: &Spot<'_>, found: Option<u32>, expected: u32) {
    if found == Some(expected) {
        return;
    }
    spot.find(scan, Rule::R09, "parent", || match found {
        Some(found) => {
            format!("a relocated directory belongs at block {expected}, and names block {found} as its parent")
        }
        None => format!("a relocated directory does not name its parent, which is at block {expected}"),
    });
}

/// `length` is that of the directory in bytes, `level` its place on the disc, the root's being 1.
pub(in super::super) fn directory(scan: &mut Scan<'_>, spot: &Spot<'_>, volume: &Volume<'_>, length: u32, level: u32) {
    let sector = volume.block_bytes.max(2048);
    if !length.is_multiple_of(sector) {
        spot.find(scan, Rule::D05, "length", || {
            format!("a directory has {length} bytes, which are no whole sectors of {sector}")
        });
    }
    let has_a_limit = match volume.kind {
        TreeKind::Iso9660 | TreeKind::RockRidge | TreeKind::HighSierra => true,
        TreeKind::Joliet | TreeKind::Enhanced | TreeKind::Udf => false,
    };
    if has_a_limit && level > DEEPEST {
        spot.find_habit(scan, Rule::D14, Severity::Info, "depth", || {
            format!("a directory is on level {level}; {DEEPEST} are allowed")
        });
    }
}
