//! This module knows how a tree of files is written into a partition.

use std::collections::BTreeMap;

use super::emit::{FileEntry, IcbTag, cs0, ext_ad, file_identifier, long_ad, short_ad, tagged};
use super::space::{Address, Space};
use super::{Form, Item, Part, Role, Shape, What};

/// ECMA-167, 4/14.14: an extent's type.
const RECORDED: u32 = 0;
const UNRECORDED: u32 = 1;
const HOLE: u32 = 2;
const NEXT_LIST: u32 = 3;

/// What counts all files while they are written.
#[derive(Debug, Default)]
pub struct Counts {
    pub files: u32,
    pub directories: u32,
    /// The next unique id.
    pub next: u64,
    entries: BTreeMap<String, (Address, u32)>,
    links: BTreeMap<String, u16>,
}

struct Extent {
    kind: u32,
    length: usize,
    at: Address,
}

impl Counts {
    pub fn of(items: &[Item]) -> Self {
        let mut counts = Self { next: 16, ..Self::default() };
        let mut left: Vec<&Item> = items.iter().collect();
        while let Some(item) = left.pop() {
            match &item.what {
                What::Directory(items) => left.extend(items),
                What::Link(path) => *counts.links.entry((*path).to_owned()).or_insert(0) += 1,
                What::File(_)
                | What::Symlink(_)
                | What::BlockDevice(..)
                | What::CharacterDevice(..)
                | What::Fifo
                | What::Socket => {}
            }
        }
        counts
    }

    fn unique(&mut self) -> u64 {
        self.next += 1;
        self.next - 1
    }
}

/// The root directory; its ICB must have been reserved.
pub fn root(space: &mut Space<'_>, icb: Address, items: &[Item], counts: &mut Counts) {
    directory(space, counts, &Node { path: "", icb, unique: 0, is_stream: false }, &Shape::default(), items, (icb, 0));
}

/// The streams of the whole volume; `icb` must have been reserved.
pub fn system_streams(space: &mut Space<'_>, icb: Address, items: &[Item], counts: &mut Counts) {
    let shape = Shape { is_extended_entry: true, ..Shape::default() };
    let node = Node { path: ":system", icb, unique: 0, is_stream: true };
    directory(space, counts, &node, &shape, items, (icb, 0));
}

struct Node<'a> {
    path: &'a str,
    icb: Address,
    unique: u64,
    /// Of a stream directory, or in one.
    is_stream: bool,
}

fn directory(
    space: &mut Space<'_>,
    counts: &mut Counts,
    node: &Node<'_>,
    shape: &Shape,
    items: &[Item],
    parent: (Address, u32),
) {
    counts.directories += u32::from(!node.is_stream);
    let icb_bytes = |shape: &Shape, block: usize| {
        u32::try_from(if shape.older_entries.is_some() { 2 * block } else { block }).unwrap()
    };
    let block = space.block_bytes();
    let mut names = vec![(0x0A_u8, Vec::new(), long_ad(icb_bytes(&Shape::default(), block), 0, parent.0, parent.1))];
    let mut subdirectories = 0;
    for item in items {
        let path = if node.path.is_empty() { item.name.clone() } else { format!("{}/{}", node.path, item.name) };
        let mut flags = item.shape.name_flags | if node.is_stream { 0x10 } else { 0 };
        if let What::Link(target) = &item.what {
            let (icb, unique) = counts.entries[*target];
            names.push((flags, cs0(&item.name), long_ad(icb_bytes(&Shape::default(), block), 0, icb, unique)));
            counts.files += 1;
            continue;
        }
        let unique = counts.unique();
        let short_unique = u32::try_from(unique).unwrap();
        let icb = space.structures(if item.shape.older_entries.is_some() { 2 } else { 1 });
        counts.entries.insert(path.clone(), (icb, short_unique));
        let child = Node { path: &path, icb, unique, is_stream: node.is_stream };
        if let What::Directory(items) = &item.what {
            flags |= 2;
            subdirectories += 1;
            let me = (node.icb, u32::try_from(node.unique).unwrap());
            directory(space, counts, &child, &item.shape, items, me);
        } else {
            counts.files += u32::from(!node.is_stream);
            file(space, counts, &child, item);
        }
        let (name, mut icb) = (cs0(&item.name), long_ad(icb_bytes(&item.shape, block), 0, icb, short_unique));
        let name = if flags & 4 == 0 {
            name
        } else {
            // UDF 2.3.4.2: a deleted name has neither ICB nor an ordinary compression id.
            icb = vec![0; 16];
            [&[if name[0] == 8 { 254 } else { 255 }], &name[1..]].concat()
        };
        names.push((flags, name, icb));
    }
    let version = space.version();
    let lengths: usize = names.iter().map(|(_, name, _)| (38 + name.len()).next_multiple_of(4)).sum();
    let extents = match shape.form {
        Form::Inline => Vec::new(),
        Form::Short | Form::Long | Form::Extended => {
            reserve(space, lengths, shape.is_scattered, |space, count| space.directory(count))
        }
    };
    let mut content = Vec::new();
    for (flags, name, icb) in &names {
        let location = match shape.form {
            Form::Inline => node.icb.1,
            Form::Short | Form::Long | Form::Extended => block_at(&extents, content.len(), block),
        };
        content.extend(file_identifier(version, location, *flags, name, icb));
    }
    let mut written = 0;
    for extent in &extents {
        space.put(extent.at, &content[written..written + extent.length], node.path, Role::Content);
        written += extent.length;
    }
    let kind = if node.is_stream { 13 } else { 4 };
    let links = if node.is_stream { 0 } else { 1 + subdirectories };
    let inline = (shape.form == Form::Inline).then_some(content.as_slice());
    entry(space, counts, node, shape, &Body { kind, links, attributes: &[], size: content.len(), extents, inline });
}

fn file(space: &mut Space<'_>, counts: &mut Counts, node: &Node<'_>, item: &Item) {
    let shape = &item.shape;
    let (kind, parts, device) = match &item.what {
        What::File(parts) => (5, parts.clone(), None),
        What::Symlink(components) => (12, vec![Part::Bytes(components.clone())], None),
        What::BlockDevice(major, minor) => (6, Vec::new(), Some((*major, *minor))),
        What::CharacterDevice(major, minor) => (7, Vec::new(), Some((*major, *minor))),
        What::Fifo => (9, Vec::new(), None),
        What::Socket => (10, Vec::new(), None),
        What::Directory(_) | What::Link(_) => unreachable!("neither is a file of its own"),
    };
    let (mut extents, mut inline, mut size) = (Vec::new(), Vec::new(), 0);
    for part in &parts {
        match part {
            Part::Bytes(bytes) if shape.form == Form::Inline => inline.extend_from_slice(bytes),
            Part::Bytes(bytes) => {
                let mut written = 0;
                for extent in reserve(space, bytes.len(), shape.is_scattered, |space, count| space.content(count)) {
                    space.put(extent.at, &bytes[written..written + extent.length], node.path, Role::Content);
                    written += extent.length;
                    extents.push(extent);
                }
            }
            Part::Unrecorded(length) => {
                for mut extent in reserve(space, *length, false, |space, count| space.content(count)) {
                    space.put(extent.at, &vec![0xEE; *length], node.path, Role::Content);
                    extent.kind = UNRECORDED;
                    extents.push(extent);
                }
            }
            Part::Hole(length) => extents.push(Extent { kind: HOLE, length: *length, at: (0, 0) }),
        }
        size += match part {
            Part::Bytes(bytes) => bytes.len(),
            Part::Unrecorded(length) | Part::Hole(length) => *length,
        };
    }
    let links = if node.is_stream { 1 } else { 1 + counts.links.get(node.path).copied().unwrap_or(0) };
    let mut attributes = device.map_or_else(Vec::new, device_attribute);
    attributes.extend_from_slice(&shape.attributes);
    let inline = (shape.form == Form::Inline).then_some(inline.as_slice());
    entry(space, counts, node, shape, &Body { kind, links, attributes: &attributes, size, extents, inline });
}

struct Body<'a> {
    kind: u8,
    links: u16,
    /// Without their header.
    attributes: &'a [u8],
    size: usize,
    extents: Vec<Extent>,
    inline: Option<&'a [u8]>,
}

fn entry(space: &mut Space<'_>, counts: &mut Counts, node: &Node<'_>, shape: &Shape, body: &Body<'_>) {
    let (version, block) = (space.version(), space.block_bytes());
    let streams = (!shape.streams.is_empty()).then(|| {
        let icb = space.structure();
        let path = format!("{}:", node.path);
        let me = (node.icb, u32::try_from(node.unique).unwrap());
        let stream_shape = Shape { is_extended_entry: true, ..Shape::default() };
        let streams = Node { path: &path, icb, unique: node.unique, is_stream: true };
        directory(space, counts, &streams, &stream_shape, &shape.streams, me);
        long_ad(u32::try_from(block).unwrap(), 0, icb, 0)
    });
    let attributes = attribute_space(version, node.icb.1, body.attributes);
    let allocation = match body.inline {
        Some(inline) => inline.to_vec(),
        None => lists(space, node.path, shape, &body.extents),
    };
    let form = match shape.form {
        Form::Short => 0,
        Form::Long => 1,
        Form::Extended => 2,
        Form::Inline => 3,
    };
    let stream_flag = if node.is_stream && body.kind != 13 { 1 << 13 } else { 0 };
    let recorded = body.extents.iter().filter(|extent| extent.kind != HOLE);
    let mut written = FileEntry {
        icb: IcbTag {
            strategy: if shape.older_entries.is_some() { 4096 } else { 4 },
            file_type: shape.file_type.unwrap_or(body.kind),
            parent: (0, 0),
            flags: form | shape.icb_flags | stream_flag,
        },
        is_extended: shape.is_extended_entry,
        permissions: shape.permissions,
        links: body.links,
        size: body.size as u64,
        blocks: recorded.map(|extent| extent.length.div_ceil(block) as u64).sum(),
        unique: node.unique,
        streams,
        attributes: &attributes,
        allocation: &allocation,
    };
    let mut at = node.icb;
    if let Some(older) = shape.older_entries {
        let (links, size) = (written.links, written.size);
        for _ in 0..older {
            // An older entry says other things, which nobody may believe.
            (written.links, written.size) = (links + 1, size + 1);
            space.put(at, &written.emit(version, at.1), node.path, Role::Entry);
            let next = space.structures(2);
            let indirect = indirect_entry(version, at.1 + 1, u32::try_from(2 * block).unwrap(), next);
            space.put((at.0, at.1 + 1), &indirect, node.path, Role::List);
            at = next;
        }
        (written.links, written.size) = (links, size);
    }
    space.put(at, &written.emit(version, at.1), node.path, Role::Entry);
}

/// Blocks for so many bytes.
fn reserve(
    space: &mut Space<'_>,
    length: usize,
    is_scattered: bool,
    take: impl Fn(&mut Space<'_>, usize) -> Address,
) -> Vec<Extent> {
    let block = space.block_bytes();
    let mut extents = Vec::new();
    let step = if is_scattered { block } else { length.max(1) };
    for start in (0..length).step_by(step) {
        let length = (length - start).min(step);
        let at = take(space, length.div_ceil(block));
        if is_scattered {
            take(space, 1);
        }
        extents.push(Extent { kind: RECORDED, length, at });
    }
    extents
}

fn block_at(extents: &[Extent], offset: usize, block: usize) -> u32 {
    let mut start = 0;
    for extent in extents {
        if offset < start + extent.length {
            return extent.at.1 + u32::try_from((offset - start) / block).unwrap();
        }
        start += extent.length;
    }
    unreachable!("a place behind the end")
}

/// What stands in the ICB; further lists are written.
fn lists(space: &mut Space<'_>, path: &str, shape: &Shape, extents: &[Extent]) -> Vec<u8> {
    let describe = |extent: &Extent| {
        let length = u32::try_from(extent.length).unwrap();
        match shape.form {
            Form::Short => short_ad(length, extent.kind, extent.at.1),
            Form::Long => long_ad(length, extent.kind, extent.at, 0),
            Form::Extended => ext_ad(length, extent.kind, extent.at),
            Form::Inline => unreachable!("no extents are inside"),
        }
    };
    let each = shape.list_length.unwrap_or(usize::MAX).max(1);
    let mut tail: Option<Address> = None;
    let mut head = Vec::new();
    let block = u32::try_from(space.block_bytes()).unwrap();
    for (index, part) in extents.chunks(each.min(extents.len().max(1))).enumerate().rev() {
        let mut list: Vec<u8> = part.iter().flat_map(describe).collect();
        if let Some(next) = tail {
            list.extend(describe(&Extent { kind: NEXT_LIST, length: block as usize, at: next }));
        }
        if index == 0 {
            head = list;
            continue;
        }
        let at = space.structure();
        let mut body = vec![0; 4];
        body.extend(u32::try_from(list.len()).unwrap().to_le_bytes());
        let mut bytes = tagged(258, space.version(), at.1, &body);
        bytes.extend(list);
        space.put(at, &bytes, path, Role::List);
        tail = Some(at);
    }
    head
}

/// ECMA-167, 4/14.7.
fn indirect_entry(version: u16, location: u32, length: u32, next: Address) -> Vec<u8> {
    let icb = IcbTag { strategy: 4096, file_type: 3, parent: (0, 0), flags: 0 };
    tagged(259, version, location, &[icb.emit(), long_ad(length, 0, next, 0)].concat())
}

/// ECMA-167, 4/14.10.1; nothing where there are no attributes.
fn attribute_space(version: u16, location: u32, attributes: &[u8]) -> Vec<u8> {
    if attributes.is_empty() {
        return Vec::new();
    }
    // All of them are the implementation's or the standard's own: none is an application's.
    let end = u32::try_from(24 + attributes.len()).unwrap();
    let mut bytes = tagged(262, version, location, &[end.to_le_bytes(), end.to_le_bytes()].concat());
    bytes.extend_from_slice(attributes);
    bytes
}

/// ECMA-167, 4/14.10.7, without implementation use.
fn device_attribute((major, minor): (u32, u32)) -> Vec<u8> {
    let mut out = crate::bytes::Composer::new();
    out.le_u32(12).u8(1).zeros(3).le_u32(24).le_u32(0).le_u32(major).le_u32(minor);
    out.finish()
}
