//! This module knows where the tests' writer puts everything, and its volume descriptors: ECMA-119, 8.

use std::collections::HashMap;

use super::record::{Place, Records};
use super::{Disc, Item, Kind, Part, Plan, Written};
use crate::bytes::Composer;

/// Hands out places, in bytes, each at the beginning of a sector.
struct Space {
    next: u64,
}

impl Space {
    fn take(&mut self, bytes: u64) -> u64 {
        let at = self.next;
        self.next = (at + bytes).next_multiple_of(2048);
        at
    }
}

/// A tree with its places.
struct Laid {
    part: Part,
    /// In the order of the path table.
    directories: Vec<usize>,
    records: Vec<Records>,
    starts: Vec<u64>,
    tables: [u64; 2],
    table_bytes: u32,
    continued: u64,
}

pub(super) fn write(disc: &Disc) -> Written {
    let plan = Plan::new(disc);
    let block = u64::from(disc.block_bytes);
    let number = |byte: u64| u32::try_from(byte / block).unwrap();
    let mut parts = vec![Part::Primary];
    parts.extend(disc.enhanced.then_some(Part::Enhanced));
    parts.extend(disc.joliet.map(|_| Part::Joliet));

    let start = u64::from(disc.start) * 2048;
    let mut space = Space { next: start + 16 * 2048 };
    let descriptors = space.take(2048 * (parts.len() + disc.descriptors.len() + 1) as u64);
    let trees: Vec<Laid> = parts.iter().map(|&part| lay(disc, &plan, part, &mut space)).collect();
    let contents: HashMap<(usize, usize), (u64, u64)> = lay_contents(disc, &plan, &mut space);
    space.take(u64::from(disc.padding) * 2048);
    let end = space.next;

    let mut written = Written {
        bytes: vec![0; usize::try_from(end).unwrap()],
        records: HashMap::new(),
        extents: HashMap::new(),
        tables: HashMap::new(),
        sectors: u32::try_from(end / 2048).unwrap(),
    };
    for (&(node, extent), &(at, length)) in &contents {
        if let Some(Kind::File(extents)) = plan.nodes[node].item.map(|item| &item.kind) {
            written.put(at, &extents[extent]);
        }
        if extent == 0 {
            for &part in &parts {
                written.extents.insert((part, plan.nodes[node].path.clone()), (at, length));
            }
        }
    }
    let mut roots = Vec::new();
    for tree in &trees {
        let index_of = |node: usize| tree.directories.iter().position(|&directory| directory == node).unwrap();
        let place = |node: usize, extent: usize| {
            if plan.is_directory(node) {
                let index = index_of(node);
                return Place { block: number(tree.starts[index]), length: tree.records[index].length() };
            }
            let (at, length) = contents.get(&(node, extent)).copied().unwrap_or((0, 0));
            let attributes = plan.nodes[node].item.map_or(0, |item| u32::from(item.extended_attributes));
            Place { block: number(at) - attributes, length: u32::try_from(length).unwrap() }
        };
        let mut continued = Vec::new();
        for (index, &directory) in tree.directories.iter().enumerate() {
            let area = (&mut continued, tree.continued);
            let (bytes, starts) = tree.records[index].emit(&plan, u32::from(disc.block_bytes), &place, area);
            written.put(tree.starts[index], &bytes);
            let path = &plan.nodes[directory].path;
            written.extents.insert((tree.part, path.clone()), (tree.starts[index], bytes.len() as u64));
            for (node, offset) in starts {
                if node != directory || node == 0 {
                    let key = (tree.part, plan.nodes[node].path.clone());
                    written.records.entry(key).or_insert(tree.starts[index] + offset);
                }
            }
        }
        written.put(tree.continued, &continued);
        for (big_endian, &at) in [false, true].iter().zip(&tree.tables) {
            written.put(at, &path_table(&plan, tree, *big_endian, &number));
        }
        written.tables.insert(tree.part, tree.tables);
        roots.push(place(0, 0));
    }
    let sectors_of_volume = number(end - start);
    let mut at = descriptors;
    for (tree, root) in trees.iter().zip(&roots) {
        written.put(at, &descriptor(disc, tree, root, sectors_of_volume, &number));
        at += 2048;
        if tree.part == Part::Primary {
            for extra in &disc.descriptors {
                written.put(at, extra);
                at += 2048;
            }
        }
    }
    written.put(at, b"\xFFCD001\x01");
    for (sector, piece) in &disc.pieces {
        let at = usize::try_from(*sector).unwrap() * 2048;
        let needed = (at + piece.len()).next_multiple_of(2048).max(written.bytes.len());
        written.bytes.resize(needed, 0);
        written.put(at as u64, piece);
    }
    written
}

fn lay(disc: &Disc, plan: &Plan<'_>, part: Part, space: &mut Space) -> Laid {
    let directories = plan.directories(part);
    let table_bytes: usize =
        directories.iter().map(|&node| 8 + plan.identifier(node, part).len().max(1).next_multiple_of(2)).sum();
    let tables = [space.take(table_bytes as u64), space.take(table_bytes as u64)];
    let records: Vec<Records> =
        directories.iter().map(|&node| Records::plan(plan, part, node, disc.rock_ridge)).collect();
    let wanted = |node: usize| match part {
        Part::Primary => plan.nodes[node].item.and_then(|item| item.at),
        Part::Enhanced | Part::Joliet => None,
    };
    let starts = directories
        .iter()
        .zip(&records)
        .map(|(&node, records)| placed(disc, wanted(node), records.length().into(), space))
        .collect();
    // An area does not cross the end of a block, which may cost as much again.
    let continued = records.iter().map(Records::continued).sum::<usize>() * 2 + 2048;
    let continued = if records.iter().all(|records| records.continued() == 0) { 0 } else { continued };
    Laid {
        part,
        directories,
        records,
        starts,
        tables,
        table_bytes: u32::try_from(table_bytes).unwrap(),
        continued: space.take(continued as u64),
    }
}

/// At the block that was asked for, or behind everything else; what comes later comes behind both.
fn placed(disc: &Disc, wanted: Option<u32>, length: u64, space: &mut Space) -> u64 {
    match wanted {
        None => space.take(length),
        Some(block) => {
            let at = u64::from(block) * u64::from(disc.block_bytes);
            space.next = space.next.max((at + length).next_multiple_of(2048));
            at
        }
    }
}

/// Where the extents of each file are.
fn lay_contents(disc: &Disc, plan: &Plan<'_>, space: &mut Space) -> HashMap<(usize, usize), (u64, u64)> {
    let mut contents = HashMap::new();
    for (node, planned) in plan.nodes.iter().enumerate() {
        let Some(Item { kind: Kind::File(extents), at, extended_attributes, .. }) = planned.item else { continue };
        let attributes = u64::from(*extended_attributes) * u64::from(disc.block_bytes);
        for (index, extent) in extents.iter().enumerate() {
            let wanted = at.filter(|_| index == 0);
            let length = extent.len() as u64;
            let place = if extent.is_empty() && wanted.is_none() {
                0
            } else {
                placed(disc, wanted, length + attributes, space) + attributes
            };
            contents.insert((node, index), (place, length));
        }
    }
    contents
}

fn path_table(plan: &Plan<'_>, tree: &Laid, big_endian: bool, number: &dyn Fn(u64) -> u32) -> Vec<u8> {
    let mut out = Composer::new();
    for (&node, &start) in tree.directories.iter().zip(&tree.starts) {
        let parent = plan.nodes[node].parent;
        let parent = tree.directories.iter().position(|&directory| directory == parent).unwrap() + 1;
        let parent = u16::try_from(parent).unwrap();
        let identifier = if node == 0 { vec![0] } else { plan.identifier(node, tree.part) };
        out.u8(u8::try_from(identifier.len()).unwrap()).u8(0);
        if big_endian {
            out.be_u32(number(start)).be_u16(parent);
        } else {
            out.le_u32(number(start)).le_u16(parent);
        }
        out.bytes(&identifier);
        out.pad_to(out.len().next_multiple_of(2));
    }
    out.finish()
}

fn descriptor(disc: &Disc, tree: &Laid, root: &Place, space_size: u32, number: &dyn Fn(u64) -> u32) -> Vec<u8> {
    let is_joliet = tree.part == Part::Joliet;
    let version = if tree.part == Part::Enhanced { 2 } else { 1 };
    let text = |value: &[u8], length: usize| {
        let mut bytes = if is_joliet {
            String::from_utf8_lossy(value).encode_utf16().flat_map(u16::to_be_bytes).collect()
        } else {
            value.to_vec()
        };
        while bytes.len() < length {
            bytes.extend(if is_joliet { b"\0 ".as_slice() } else { b" " });
        }
        bytes.truncate(length);
        bytes
    };
    let mut out = Composer::new();
    out.u8(if tree.part == Part::Primary { 1 } else { 2 }).bytes(b"CD001").u8(version).u8(0);
    out.bytes(&text(b"", 32)).bytes(&text(disc.label.as_bytes(), 32)).zeros(8);
    out.le_u32(space_size).be_u32(space_size);
    let escape = match disc.joliet.filter(|_| is_joliet) {
        Some(1) => b"%/@".as_slice(),
        Some(2) => b"%/C",
        Some(_) => b"%/E",
        None => b"",
    };
    out.bytes(escape).pad_to(120);
    out.le_u16(1).be_u16(1).le_u16(1).be_u16(1).le_u16(disc.block_bytes).be_u16(disc.block_bytes);
    out.le_u32(tree.table_bytes).be_u32(tree.table_bytes);
    let [little, big] = tree.tables;
    out.le_u32(number(little)).le_u32(0).be_u32(number(big)).be_u32(0);
    out.u8(34).u8(0).le_u32(root.block).be_u32(root.block).le_u32(root.length).be_u32(root.length);
    out.bytes(&super::DATE).u8(2).zeros(2).le_u16(1).be_u16(1).u8(1).u8(0);
    for (value, length) in [(b"".as_slice(), 128), (b"", 128), (&disc.preparer, 128), (b"", 128)] {
        out.bytes(&text(value, length));
    }
    for _ in 0..3 {
        out.bytes(&text(b"", 37));
    }
    for digits in [b"2001020304050600", b"2001020304050600", b"0000000000000000", b"0000000000000000"] {
        out.bytes(digits).u8(0);
    }
    out.u8(version).pad_to(2048);
    out.finish()
}
