//! This module knows how to write a small image of ISO 9660 for a test: a sound one, or one that is wrong where wanted.

mod record;
pub(in crate::filesystem) mod system_use;
mod volume;

use std::collections::HashMap;

use record::Records;

/// Where the program of another family would stand in the descriptor of who prepared it.
pub(crate) const PREPARER: &[u8] = b"A TEST";
/// 2001-02-03 04:05:06, Greenwich.
pub(crate) const DATE: [u8; 7] = [101, 2, 3, 4, 5, 6, 0];
pub(crate) const DATE_SECONDS: i64 = 981_173_106;

/// What is to be written. Its fields are free to be changed before [`Disc::write`].
#[derive(Debug, Clone)]
pub(crate) struct Disc {
    pub label: String,
    pub preparer: Vec<u8>,
    /// Of a logical block.
    pub block_bytes: u16,
    /// With SP, ER, PX, TF, NM, SL, and CE where they are too long.
    pub rock_ridge: bool,
    /// Its level, 1 to 3.
    pub joliet: Option<u8>,
    /// The second tree of ISO 9660:1999.
    pub enhanced: bool,
    /// The sector at which the session begins; zeros stand before it.
    pub start: u32,
    /// Sectors of zeros at the end, inside the volume.
    pub padding: u32,
    /// Whole descriptors, behind the primary one: a boot record, a copy, anything.
    pub descriptors: Vec<Vec<u8>>,
    pub items: Vec<Item>,
    /// Bytes to stand at these sectors, whatever is there otherwise; outside of everything, they make the image
    /// longer, but not the volume.
    pub pieces: Vec<(u32, Vec<u8>)>,
}

/// A file, directory or link.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    /// With slashes; the names are those that Rock Ridge, Joliet and the enhanced tree have.
    pub path: String,
    pub kind: Kind,
    /// Identifier in the primary tree, version included; else made of the name.
    pub identifier: Option<Vec<u8>>,
    /// Logical block where its first extent stands; else behind what stands there already.
    pub at: Option<u32>,
    pub date: [u8; 7],
    /// Added to those that it has anyway.
    pub flags: u8,
    pub mode: Option<u32>,
    /// Instead of what would stand in the record's System Use area in the primary tree.
    pub system_use: Option<Vec<u8>>,
    /// Blocks of extended attributes before its content, which hold zeros.
    pub extended_attributes: u8,
    pub in_primary: bool,
    pub in_others: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Directory,
    /// Its extents, mostly one.
    File(Vec<Vec<u8>>),
    Symlink(Vec<u8>),
}

/// An image, and where in it things stand.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub bytes: Vec<u8>,
    /// By tree and path: the first byte of the first directory record.
    records: HashMap<(Part, String), u64>,
    /// By path: the first byte of a file's content, or of a directory in a tree.
    extents: HashMap<(Part, String), (u64, u64)>,
    /// First bytes of the path tables, little-endian then big-endian.
    tables: HashMap<Part, [u64; 2]>,
    /// Sectors from 0 to the end of the volume.
    pub sectors: u32,
}

/// Which tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Part {
    Primary,
    Enhanced,
    Joliet,
}

impl Item {
    fn new(path: &str, kind: Kind) -> Self {
        Self {
            path: path.to_owned(),
            kind,
            identifier: None,
            at: None,
            date: DATE,
            flags: 0,
            mode: None,
            system_use: None,
            extended_attributes: 0,
            in_primary: true,
            in_others: true,
        }
    }
}

impl Disc {
    /// An empty one, ISO 9660 and nothing more.
    pub fn new() -> Self {
        Self {
            label: "LABEL".to_owned(),
            preparer: PREPARER.to_vec(),
            block_bytes: 2048,
            rock_ridge: false,
            joliet: None,
            enhanced: false,
            start: 0,
            padding: 0,
            descriptors: Vec::new(),
            items: Vec::new(),
            pieces: Vec::new(),
        }
    }

    /// `A.BIN` of 5000 bytes and `SUB/B.BIN` of 3000.
    pub fn plain() -> Self {
        let mut disc = Self::new();
        disc.file("A.BIN", noise(5000, 1));
        disc.file("SUB/B.BIN", noise(3000, 2));
        disc
    }

    /// The same with Rock Ridge and Joliet.
    pub fn with_all_names() -> Self {
        Self { rock_ridge: true, joliet: Some(3), ..Self::plain() }
    }

    /// Adds a file; directories on the way to it need not be added.
    pub fn file(&mut self, path: &str, content: impl Into<Vec<u8>>) -> &mut Item {
        self.item(path, Kind::File(vec![content.into()]))
    }

    /// Adds a file of several extents.
    pub fn file_of(&mut self, path: &str, extents: Vec<Vec<u8>>) -> &mut Item {
        self.item(path, Kind::File(extents))
    }

    pub fn directory(&mut self, path: &str) -> &mut Item {
        self.item(path, Kind::Directory)
    }

    pub fn symlink(&mut self, path: &str, target: &str) -> &mut Item {
        self.item(path, Kind::Symlink(target.as_bytes().to_vec()))
    }

    fn item(&mut self, path: &str, kind: Kind) -> &mut Item {
        self.items.push(Item::new(path, kind));
        let last = self.items.len() - 1;
        &mut self.items[last]
    }

    /// The item with that path, which was added before.
    pub fn at(&mut self, path: &str) -> &mut Item {
        self.items.iter_mut().find(|item| item.path == path).unwrap()
    }

    pub fn write(&self) -> Written {
        volume::write(self)
    }
}

impl Written {
    /// First byte of the record of `path`; of the root, its "." record.
    pub fn record(&self, part: Part, path: &str) -> u64 {
        self.records[&(part, path.to_owned())]
    }

    /// First byte of a file's content, or of a directory.
    pub fn start(&self, part: Part, path: &str) -> u64 {
        self.extents[&(part, path.to_owned())].0
    }

    /// In bytes.
    pub fn length(&self, part: Part, path: &str) -> u64 {
        self.extents[&(part, path.to_owned())].1
    }

    /// First byte of the little-endian path table, and of the big-endian one.
    pub fn path_tables(&self, part: Part) -> [u64; 2] {
        self.tables[&part]
    }

    /// Writes over what is there.
    pub fn put(&mut self, at: u64, bytes: &[u8]) -> &mut Self {
        let at = usize::try_from(at).unwrap();
        self.bytes[at..at + bytes.len()].copy_from_slice(bytes);
        self
    }

    /// A 32-bit number in both orders.
    pub fn put_both(&mut self, at: u64, value: u32) -> &mut Self {
        self.put(at, &value.to_le_bytes()).put(at + 4, &value.to_be_bytes())
    }

    pub fn zero_sector(&mut self, at: u64) -> &mut Self {
        self.put(at, &[0; 2048])
    }
}

/// Bytes that are no zeros, do not repeat from sector to sector, and are the same each time.
pub(crate) fn noise(length: usize, seed: u32) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9) | 1;
    std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_be_bytes()[0] | 1
    })
    .take(length)
    .collect()
}

/// All directories and files of a disc, each directory before what is in it.
struct Plan<'a> {
    nodes: Vec<PlanNode<'a>>,
}

struct PlanNode<'a> {
    path: String,
    name: String,
    parent: usize,
    /// None: a directory that nobody spoke of.
    item: Option<&'a Item>,
}

impl<'a> Plan<'a> {
    fn new(disc: &'a Disc) -> Self {
        let root = PlanNode { path: String::new(), name: String::new(), parent: 0, item: None };
        let mut plan = Self { nodes: vec![root] };
        for item in &disc.items {
            let parent = match item.path.rsplit_once('/') {
                Some((parent, _)) => plan.directory(parent),
                None => 0,
            };
            let known = plan.nodes.iter().position(|node| node.path == item.path && node.item.is_none());
            match known {
                Some(known) => plan.nodes[known].item = Some(item),
                None => plan.add(parent, &item.path, Some(item)),
            }
        }
        plan
    }

    fn add(&mut self, parent: usize, path: &str, item: Option<&'a Item>) {
        let name = path.rsplit('/').next().unwrap_or_default().to_owned();
        self.nodes.push(PlanNode { path: path.to_owned(), name, parent, item });
    }

    fn directory(&mut self, path: &str) -> usize {
        if let Some(known) = self.nodes.iter().position(|node| node.path == path) {
            return known;
        }
        let parent = path.rsplit_once('/').map_or(0, |(parent, _)| self.directory(parent));
        self.add(parent, path, None);
        self.nodes.len() - 1
    }

    fn is_directory(&self, node: usize) -> bool {
        self.nodes[node].item.is_none_or(|item| item.kind == Kind::Directory)
    }

    fn is_in(&self, node: usize, part: Part) -> bool {
        self.nodes[node].item.is_none_or(|item| if part == Part::Primary { item.in_primary } else { item.in_others })
    }

    /// The root first, each level in the order of parents and identifiers, as path tables want it.
    fn directories(&self, part: Part) -> Vec<usize> {
        let mut all = vec![0];
        let mut next = 0;
        while let Some(&parent) = all.get(next) {
            all.extend(self.children(parent, part).into_iter().filter(|&child| self.is_directory(child)));
            next += 1;
        }
        all
    }

    fn children(&self, parent: usize, part: Part) -> Vec<usize> {
        let mut children: Vec<usize> =
            (1..self.nodes.len()).filter(|&node| self.nodes[node].parent == parent && self.is_in(node, part)).collect();
        children.sort_by_cached_key(|&node| Records::sort_key(part, &self.identifier(node, part)));
        children
    }

    fn identifier(&self, node: usize, part: Part) -> Vec<u8> {
        let PlanNode { name, item, .. } = &self.nodes[node];
        match part {
            Part::Primary => match item.and_then(|item| item.identifier.clone()) {
                Some(identifier) => identifier,
                None => record::primary_identifier(name, self.is_directory(node)),
            },
            Part::Enhanced => name.bytes().take(207).collect(),
            Part::Joliet => name.encode_utf16().take(103).flat_map(u16::to_be_bytes).collect(),
        }
    }
}

#[cfg(test)]
mod tests;
