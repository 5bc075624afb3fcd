//! This module knows path tables: ECMA-119, 6.9 and 9.4. Rules P01 to P07.
//!
//! No tree is read from them, since the directories say all that they say; they are compared with the directories. Where
//! one of those is lost, what they list leads to what was in it.

use std::collections::HashMap;

use super::check::is_out_of_order;
use super::descriptor::VolumeDescriptor;
use super::walk::Physical;
use crate::bytes::{Cursor, Truncated};
use crate::filesystem::finding::Severity;
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;
use crate::filesystem::structure::StructureKind;
use crate::filesystem::tree::TreeKind;
use crate::sector::SECTOR_BYTES;

/// Of one byte order, in bytes: 65,535 directories with the longest names.
const LONGEST: u64 = 16 << 20;
/// As many as a parent's number can name.
const MOST_NUMBERED: usize = 65_535;

/// One directory. Its number is its place in the table, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    /// In bytes from the start of the table.
    offset: usize,
    block: u32,
    parent: u16,
    identifier: Vec<u8>,
    /// Behind an identifier of an odd length.
    padding: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Little,
    Big,
}

/// One table as it was read.
struct Table {
    at: u64,
    bytes: Vec<u8>,
    entries: Vec<Entry>,
}

/// Whether the tables of a volume are sound, and have the directories of its tree; `directories` are those as they lie
/// on the disc, the root first.
pub(super) fn judge(
    scan: &mut Scan<'_>,
    at: u64,
    (kind, descriptor): (TreeKind, &VolumeDescriptor),
    directories: &[Physical],
    is_whole: bool,
) {
    let tables = descriptor.path_tables;
    let size = descriptor.path_table_size.value();
    let table = |scan: &mut Scan<'_>, block: u32, order: Order| read(scan, at, descriptor, block, order);
    let little = table(scan, tables.little, Order::Little);
    let big = table(scan, tables.big, Order::Big);
    for (first, block, order) in [(&little, tables.little_copy, Order::Little), (&big, tables.big_copy, Order::Big)] {
        let Some(first) = first.as_ref().filter(|_| block != 0) else { continue };
        let copy = read(scan, at, descriptor, block, order);
        if copy.as_ref().is_none_or(|copy| copy.bytes != first.bytes) {
            let copy_at = copy.map_or(at, |copy| copy.at);
            scan.find(Rule::P03, copy_at, "copy", || {
                format!("the optional copy of a path table at block {block} is not the same as the table")
            });
        }
    }
    for table in [&little, &big].into_iter().flatten() {
        form(scan, table, kind, size);
    }
    if let (Some(little), Some(big)) = (&little, &big) {
        compare(scan, little, big, directories);
    }
    let matching = |table: &&Table| is_of(table, directories);
    let best = [&little, &big].into_iter().flatten().find(matching).or(little.as_ref()).or(big.as_ref());
    if let Some(best) = best.filter(|_| is_whole) {
        with_tree(scan, best, directories);
    }
    if directories.len() > MOST_NUMBERED {
        let count = directories.len();
        scan.find(Rule::P07, at + 132, "count", || {
            format!("there are {count} directories; a path table can number {MOST_NUMBERED}")
        });
    }
}

/// `None` where there is none that can be read, which is told.
fn read(
    scan: &mut Scan<'_>,
    descriptor_at: u64,
    descriptor: &VolumeDescriptor,
    block: u32,
    order: Order,
) -> Option<Table> {
    let (field, severity, name) = match order {
        Order::Little => (140, Severity::Error, "the path table"),
        Order::Big => (148, Severity::Warning, "the big-endian path table"),
    };
    let at = u64::from(block) * u64::from(descriptor.block_bytes());
    let size = u64::from(descriptor.path_table_size.value());
    let image = scan.reader.length();
    let end = at.saturating_add(size);
    if block == 0 || end > image || size > LONGEST {
        scan.find_as(Rule::P01, severity, descriptor_at + field, name, || {
            if block == 0 {
                format!("{name} is missing")
            } else {
                format!("{name} should be at bytes {at} to {end}, in an image of {image}")
            }
        });
        return None;
    }
    scan.structures.add(StructureKind::PathTable { big_endian: order == Order::Big }, at, size);
    let mut bytes = vec![0; usize::try_from(size).ok()?];
    for (piece, start) in bytes.chunks_mut(SECTOR_BYTES).zip((at..end).step_by(SECTOR_BYTES)) {
        if let Err(error) = scan.reader.read(start, piece) {
            scan.unread(error, start, name);
            return None;
        }
    }
    let entries = entries(&bytes, order);
    Some(Table { at, bytes, entries })
}

/// A directory as a path table has it.
pub(super) struct Listed {
    /// In logical blocks.
    pub block: u32,
    pub parent: u32,
    pub identifier: Vec<u8>,
    /// The byte of its record.
    pub at: u64,
}

/// What the most complete one of a volume's tables lists, without a word on what is wrong with it.
pub(super) fn listed(scan: &mut Scan<'_>, descriptor: &VolumeDescriptor) -> Vec<Listed> {
    let tables = descriptor.path_tables;
    let size = u64::from(descriptor.path_table_size.value());
    let places = [
        (tables.little, Order::Little),
        (tables.big, Order::Big),
        (tables.little_copy, Order::Little),
        (tables.big_copy, Order::Big),
    ];
    let mut best: (u64, Vec<Entry>) = (0, Vec::new());
    for (block, order) in places {
        let at = u64::from(block) * u64::from(descriptor.block_bytes());
        if block == 0 || size > LONGEST || at.saturating_add(size) > scan.reader.length() {
            continue;
        }
        let mut bytes = vec![0; usize::try_from(size).unwrap_or(0)];
        let pieces = bytes.chunks_mut(SECTOR_BYTES).zip((at..).step_by(SECTOR_BYTES));
        // A name is no good without the ones before it, which number the parents.
        let is_read = pieces.map(|(piece, start)| scan.reader.read(start, piece)).all(|read| read.is_ok());
        let entries = if is_read { entries(&bytes, order) } else { Vec::new() };
        if entries.len() > best.1.len() {
            best = (at, entries);
        }
    }
    let (at, entries) = best;
    let parent_of = |entry: &Entry| entries.get(usize::from(entry.parent).checked_sub(1)?).map(|parent| parent.block);
    let listed = entries.iter().filter_map(|entry| {
        let (block, parent, identifier) = (entry.block, parent_of(entry)?, entry.identifier.clone());
        Some(Listed { block, parent, identifier, at: at.saturating_add(entry.offset as u64) })
    });
    listed.collect()
}

/// As many as are whole.
fn entries(bytes: &[u8], order: Order) -> Vec<Entry> {
    let mut b = Cursor::new(bytes, "path table");
    let mut entries = Vec::new();
    while let Ok(Some(entry)) = entry(&mut b, bytes.len(), order) {
        entries.push(entry);
    }
    entries
}

fn entry(b: &mut Cursor<'_>, whole: usize, order: Order) -> Result<Option<Entry>, Truncated> {
    let offset = whole.saturating_sub(b.rest().len());
    let length = usize::from(b.u8()?);
    if length == 0 {
        return Ok(None);
    }
    b.skip(1)?;
    let (block, parent) = match order {
        Order::Little => (b.le_u32()?, b.le_u16()?),
        Order::Big => (b.be_u32()?, b.be_u16()?),
    };
    let identifier = b.take(length)?.to_vec();
    let padding = if length.is_multiple_of(2) { 0 } else { b.u8()? };
    Ok(Some(Entry { offset, block, parent, identifier, padding }))
}

/// P04, P06.
fn form(scan: &mut Scan<'_>, table: &Table, kind: TreeKind, size: u32) {
    let used = used(table);
    if used != table.bytes.len() {
        scan.find(Rule::P06, table.at + used as u64, "end", || {
            format!("the records of a path table end after {used} bytes of {size}")
        });
    }
    if let Some(padded) = table.entries.iter().find(|entry| entry.padding != 0) {
        scan.find(Rule::P06, table.at + padded.offset as u64, "padding", || {
            "the byte behind a name of odd length is not zero".to_owned()
        });
    }
    let is_root = |entry: &Entry| entry.identifier == [0] && entry.parent == 1;
    if let Some(first) = table.entries.first().filter(|first| !is_root(first)) {
        scan.find(Rule::P04, table.at + first.offset as u64, "root", || {
            "the first record of a path table is not that of the root".to_owned()
        });
    }
    let numbered = table.entries.iter().zip(1_u64..);
    if let Some((entry, number)) =
        numbered.clone().find(|(entry, number)| u64::from(entry.parent) > *number || entry.parent == 0)
    {
        let parent = entry.parent;
        scan.find(Rule::P04, table.at + entry.offset as u64, "parent", || {
            format!("directory {number} of a path table has number {parent} as its parent, which comes later or never")
        });
    }
    let pairs = table.entries.iter().zip(table.entries.iter().skip(1));
    if let Some((_, later)) = pairs.skip(1).find(|(first, second)| first.parent > second.parent) {
        scan.find(Rule::P04, table.at + later.offset as u64, "order", || {
            "the directories of a path table are not in the order of their parents".to_owned()
        });
    }
    let pairs = table.entries.iter().zip(table.entries.iter().skip(1));
    let is_wrong = |first: &Entry, second: &Entry| {
        first.parent == second.parent && is_out_of_order(kind, &first.identifier, &second.identifier)
    };
    if let Some((_, later)) = pairs.skip(1).find(|(first, second)| is_wrong(first, second)) {
        scan.find(Rule::P04, table.at + later.offset as u64, "names", || {
            "the directories of one parent are not in the order of their names in a path table".to_owned()
        });
    }
}

/// Bytes of the records that are whole.
fn used(table: &Table) -> usize {
    table.entries.last().map_or(0, |last| last.offset + 8 + last.identifier.len().next_multiple_of(2))
}

/// P02.
fn compare(scan: &mut Scan<'_>, little: &Table, big: &Table, directories: &[Physical]) {
    let pairs = little.entries.iter().zip(&big.entries);
    let is_same = |(a, b): &(&Entry, &Entry)| (a.block, a.parent, &a.identifier) == (b.block, b.parent, &b.identifier);
    let different = pairs.clone().find(|pair| !is_same(pair));
    if different.is_none() && little.entries.len() == big.entries.len() {
        return;
    }
    let right = match (is_of(little, directories), is_of(big, directories)) {
        (true, false) => "the little-endian one is right",
        (false, true) => "the big-endian one is right",
        (true, true) | (false, false) => "neither is that of the tree alone",
    };
    let shorter = if little.entries.len() < big.entries.len() { little } else { big };
    let wrong = if is_of(little, directories) { big } else { little };
    let offset = match different {
        Some((a, b)) => {
            if std::ptr::eq(wrong, big) {
                b.offset
            } else {
                a.offset
            }
        }
        None => used(shorter),
    };
    scan.find(Rule::P02, wrong.at + offset as u64, "different", || {
        format!(
            "the path tables, of {} and {} directories, differ from byte {offset} on; {right}",
            little.entries.len(),
            big.entries.len()
        )
    });
}

/// Whether it has the blocks of the tree's directories and no others.
fn is_of(table: &Table, directories: &[Physical]) -> bool {
    let mut listed: Vec<u32> = table.entries.iter().map(|entry| entry.block).collect();
    let mut walked: Vec<u32> = directories.iter().map(|directory| directory.block).collect();
    listed.sort_unstable();
    walked.sort_unstable();
    listed == walked
}

/// P05.
fn with_tree(scan: &mut Scan<'_>, table: &Table, directories: &[Physical]) {
    let walked: HashMap<u32, &Physical> = directories.iter().map(|directory| (directory.block, directory)).collect();
    let listed: HashMap<u32, &Entry> = table.entries.iter().map(|entry| (entry.block, entry)).collect();
    for entry in &table.entries {
        let at = table.at + entry.offset as u64;
        let block = entry.block;
        let Some(directory) = walked.get(&block) else {
            scan.find(Rule::P05, at, "phantom", || {
                format!("the path table has a directory at block {block} that no directory has in it")
            });
            continue;
        };
        let parent = usize::from(entry.parent).checked_sub(1).and_then(|parent| table.entries.get(parent));
        if parent.map(|parent| parent.block) != Some(directory.parent) {
            let expected = directory.parent;
            scan.find(Rule::P05, at, "parent", || {
                format!("the directory at block {block} lies in the one at block {expected}, but not by the path table")
            });
        } else if *entry.identifier != *directory.identifier {
            scan.find_as(Rule::P05, Severity::Warning, at, "name", || {
                format!("the directory at block {block} has another name in the path table")
            });
        }
    }
    for directory in directories {
        // What a table cannot number it need not have.
        if !listed.contains_key(&directory.block) && table.entries.len() < MOST_NUMBERED {
            let block = directory.block;
            scan.find(Rule::P05, directory.record, "missing", || {
                format!("the directory at block {block} is not in the path table")
            });
        }
    }
}
