//! This module knows what is to be said of an entry and its extents: rules U09 and U19; and of links, rule U10.

use std::collections::HashSet;

use super::super::allocation::{Allocated, Trouble};
use super::super::entry::{CHAINED, PLAIN};
use super::super::extended_attributes;
use super::super::icb::{AllocationForm, FileEntry};
use super::super::space::Partition;
use super::super::volume::LogicalVolume;
use super::Walk;
use crate::filesystem::extent::{Extent, ExtentKind};
use crate::filesystem::finding::Severity;
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;
use crate::filesystem::spot::Spot;
use crate::filesystem::tree::NodeKind;

/// UDF 3.2.1.1: lower ones are reserved, and the root's is 0.
const FIRST_UNIQUE_ID: u64 = 16;
/// From this revision on a name repeats the unique id of its file.
const REPEATS_IDS: u16 = 0x0200;
/// ECMA-167, 4/14.6.6: those that names can lead to; 249 is UDF's, of files that are read against the clock.
const FILE_TYPES: [u8; 8] = [4, 5, 6, 7, 9, 10, 12, 249];

/// Where byte `offset` of some extents stands in the image.
pub(super) fn place(extents: &[Extent], offset: usize) -> Option<u64> {
    let mut left = offset as u64;
    for extent in extents {
        if left < extent.length {
            return extent.start.checked_add(left);
        }
        left -= extent.length;
    }
    None
}

/// Tells what keeps content from being had; false where anything does.
pub(super) fn troubles(
    scan: &mut Scan<'_>,
    spot: &Spot<'_>,
    volume: &LogicalVolume,
    entry: &FileEntry<'_>,
    allocated: &Allocated,
) -> bool {
    let mut is_whole = true;
    let mut bad = |subject: &'static str, text: String| {
        is_whole = false;
        spot.find(scan, Rule::U09, subject, || text);
    };
    let size = entry.information_length;
    if !entry.fits {
        bad("lengths", "attributes and extents of an entry reach beyond its block".to_owned());
    }
    for trouble in &allocated.troubles {
        match *trouble {
            Trouble::Outside { at, length, inside } => {
                let (block, reference, lost) = (at.block, at.reference, length - inside);
                let from = format!("of {length} bytes from block {block} of partition {reference} on");
                bad("outside", format!("{from} {lost} lie outside of it"));
            }
            Trouble::LostList => bad("list", "a list of extents goes on where none is".to_owned()),
            Trouble::TooMany => bad("many", "a file has more extents, or more lists of them, than any has".to_owned()),
            Trouble::Form(form) => bad("form", format!("extents are kept in form {form}, which does not exist")),
            Trouble::InlineLength { has } if has < size => {
                bad("inline", format!("a file has {size} bytes, of which {has} stand in its entry"));
            }
            Trouble::InlineLength { .. } | Trouble::Ragged { .. } => {}
        }
    }
    if allocated.is_complete() && entry.form() != AllocationForm::Inline && allocated.bytes < size {
        let found = allocated.bytes;
        bad("short", format!("a file has {size} bytes, and its extents {found}"));
    }
    is_whole & inside(scan, spot, volume, allocated)
}

/// Whether all extents lie inside the image.
fn inside(scan: &mut Scan<'_>, spot: &Spot<'_>, volume: &LogicalVolume, allocated: &Allocated) -> bool {
    let end = scan.reader.length();
    let recorded = || allocated.extents.iter().filter(|extent| extent.kind == ExtentKind::Recorded);
    let Some(first) = recorded().find(|extent| extent.end() > end) else { return true };
    // Those outside their partition were told, and of a partition that is not known that is told once.
    let is_told = allocated.troubles.iter().any(|trouble| matches!(trouble, Trouble::Outside { .. }));
    if is_told || volume.space.partitions.contains(&Partition::Unknown) {
        return false;
    }
    let beyond = |extent: &Extent| extent.end().saturating_sub(extent.start.max(end));
    let lost = recorded().map(beyond).fold(0, u64::saturating_add);
    let spot = Spot { at: first.start.max(end), ..*spot };
    spot.find(scan, Rule::U09, "beyond", || {
        format!("the image ends at byte {end}, and {lost} bytes of a file should lie behind that")
    });
    false
}

/// What is wrong with an entry without keeping anyone from its content.
pub(super) fn entry(scan: &mut Scan<'_>, spot: &Spot<'_>, entry: &FileEntry<'_>, allocated: &Allocated) {
    let mut odd = |subject: &'static str, text: String| {
        spot.find_as(scan, Rule::U09, Severity::Warning, subject, || text);
    };
    let (strategy, file_type, size) = (entry.strategy, entry.file_type, entry.information_length);
    if ![PLAIN, CHAINED].contains(&strategy) {
        odd("strategy", format!("an ICB is of strategy {strategy}, where UDF has {PLAIN} and {CHAINED}"));
    }
    if !FILE_TYPES.contains(&file_type) {
        odd("type", format!("file type {file_type} is none that a name can lead to"));
    }
    if entry.form() == AllocationForm::Extended {
        odd("extended", "extents are kept in extended descriptors, which UDF forbids".to_owned());
    }
    for trouble in &allocated.troubles {
        match *trouble {
            Trouble::Ragged { length } => {
                odd("ragged", format!("an extent before the last ends {length} bytes into a block"));
            }
            Trouble::InlineLength { has } if has > size => {
                odd("inline", format!("a file has {size} bytes, and {has} stand in its entry"));
            }
            Trouble::InlineLength { .. }
            | Trouble::Outside { .. }
            | Trouble::LostList
            | Trouble::TooMany
            | Trouble::Form(_) => {}
        }
    }
    // Space that was set aside counts for some writers.
    let least = allocated.recorded_blocks;
    let counted = least..=least.saturating_add(allocated.unrecorded_blocks);
    if allocated.is_complete() && !counted.contains(&entry.blocks_recorded) {
        let found = entry.blocks_recorded;
        odd("blocks", format!("a file has {least} recorded blocks, and says that it has {found}"));
    }
    extended_attributes::judge(scan, spot, entry.extended_attributes);
}

/// U19. Before revision 2.00 nobody gave them a thought.
pub(super) fn unique_id(
    scan: &mut Scan<'_>,
    spot: &Spot<'_>,
    volume: &LogicalVolume,
    entry: &FileEntry<'_>,
    by_name: u32,
    seen: &mut HashSet<u64>,
) {
    if volume.revision < REPEATS_IDS {
        return;
    }
    let id = entry.unique_id;
    if id < FIRST_UNIQUE_ID {
        return spot.find(scan, Rule::U19, "reserved", || {
            format!("the unique id of a file is {id}, and they begin with {FIRST_UNIQUE_ID}")
        });
    }
    let low = u32::try_from(id & u64::from(u32::MAX)).unwrap_or(0);
    if by_name != low {
        spot.find(scan, Rule::U19, "name", || {
            format!("the unique id of a file ends in {low}, and the name that leads to it says {by_name}")
        });
    }
    if !seen.insert(id) {
        spot.find(scan, Rule::U19, "twice", || format!("two files have the unique id {id}"));
    }
    // A table that replaces the descriptor has no such number.
    let is_virtual = volume.space.partitions.iter().any(|partition| matches!(partition, Partition::Virtual { .. }));
    let next = volume.integrity.as_ref().filter(|integrity| integrity.is_closed && !is_virtual);
    if let Some(next) = next.map(|integrity| integrity.next_unique_id)
        && id >= next
    {
        spot.find(scan, Rule::U19, "next", || format!("a file has the unique id {id}, and the next one is {next}"));
    }
}

impl Walk<'_, '_, '_> {
    /// ECMA-167, 4/14.9.6: names that lead to each ICB. Where some could not be read, nothing can be said.
    pub(super) fn judge_links(&mut self) {
        let tree = &self.tree;
        let is_lost = |node| tree.node(node).kind == NodeKind::Directory && tree.node(node).is_damaged;
        if tree.is_cut() || tree.ids().any(is_lost) {
            return;
        }
        let mut wrong: Vec<_> = self.known.values().filter(|known| known.names != u32::from(known.links)).collect();
        wrong.sort_unstable_by_key(|known| known.node);
        for known in wrong {
            let (names, links) = (known.names, known.links);
            let spot = Spot { tree, directory: known.node, name: b"", at: tree.node(known.node).record };
            spot.find_as(self.scan, Rule::U10, Severity::Warning, "links", || {
                format!("{names} names lead to an entry, and it says that {links} do")
            });
        }
    }
}
