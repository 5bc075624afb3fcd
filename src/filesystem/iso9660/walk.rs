//! This module knows the way through the directories of one volume.

use std::collections::{HashSet, VecDeque};
use std::ops::Range;

use super::check::{self, Siblings};
use super::name::{push_joliet, strip_joliet_version, without_version};
use super::record::{FIXED_BYTES, Format, Found, LOGICAL_SECTOR, Record, Records};
use super::rock_ridge::{Attributes, RecordKind, Susp};
use super::spot::Spot;
use crate::filesystem::extent::Extent;
use crate::filesystem::finding::Severity;
use crate::filesystem::reader::ReadError;
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;
use crate::filesystem::structure::StructureKind;
use crate::filesystem::timestamp::Timestamp;
use crate::filesystem::tree::{Encoding, Entry, NodeId, NodeKind, Posix, Tree, TreeKind, Zisofs};

/// What a walk needs to know of its volume.
pub(super) struct Volume<'a> {
    pub kind: TreeKind,
    pub format: Format,
    pub block_bytes: u32,
    /// The descriptors, in bytes.
    pub descriptors: Range<u64>,
    /// Behind the last block, in bytes.
    pub end: u64,
    /// Its number in a set.
    pub sequence: u16,
    /// The root's record, and the byte at which it stands in the descriptor.
    pub root: Record<'a>,
    pub root_at: u64,
    pub susp: Option<Susp>,
    /// Made by a program that lets ".." of its second tree point at the directory itself.
    pub has_parents_of_its_own: bool,
}

/// A directory as it lies on the disc, whatever Rock Ridge makes of it: what path tables list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Physical {
    /// In logical blocks.
    pub block: u32,
    pub parent: u32,
    pub identifier: Box<[u8]>,
    /// Where its record stands, in bytes.
    pub record: u64,
}

/// What came of a walk.
pub(super) struct Walked {
    pub tree: Tree,
    /// The root first; only where all is judged.
    pub physical: Vec<Physical>,
}

/// One to be read.
#[derive(Debug, Clone, Copy)]
struct Directory {
    node: NodeId,
    extent: DirectoryExtent,
    parent: DirectoryExtent,
    /// Its place is elsewhere than where it lies.
    reached: Reached,
    /// On the disc; the root is 1.
    level: u32,
    depth: u32,
    path_bytes: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct DirectoryExtent {
    block: u32,
    attribute_blocks: u8,
    length: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reached {
    ByItsRecord,
    /// By an entry CL of Rock Ridge.
    ByLink,
    /// It only holds relocated directories, and is not listed.
    AsHolder,
}

/// A file whose extents are not all known yet.
struct Pending {
    identifier: Vec<u8>,
    name: Vec<u8>,
    attributes: Attributes,
    record: u64,
    modified: Option<Timestamp>,
    extents: Vec<Extent>,
    is_damaged: bool,
}

/// A directory that lies where it does only because it would be nested too deeply in its place.
struct Relocated {
    extent: DirectoryExtent,
    holder: DirectoryExtent,
    name: Vec<u8>,
    record: u64,
    node: NodeId,
    depth: u32,
}

struct Walk<'s, 'r, 'v> {
    scan: &'s mut Scan<'r>,
    volume: &'v Volume<'v>,
    tree: Tree,
    queue: VecDeque<Directory>,
    /// Blocks of all directories that were read or will be.
    visited: HashSet<u32>,
    relocated: Vec<Relocated>,
    linked: HashSet<u32>,
    physical: Vec<Physical>,
    pending: Option<Pending>,
    name: Vec<u8>,
    extents: Vec<Extent>,
    /// Of directories, which may overlap: caps what is looked at.
    bytes_left: u64,
    /// Of interleaved files.
    pieces_left: u64,
}

const MOST_PIECES: u64 = 1 << 20;

/// The names under which programs put relocated directories aside.
const HOLDERS: [&[u8]; 2] = [b"rr_moved", b".rr_moved"];

/// Reads the tree below the root. `None` where the reading was given up before it began.
pub(super) fn walk(scan: &mut Scan<'_>, volume: &Volume<'_>) -> Walked {
    let root = DirectoryExtent::of(volume, scan.reader.length(), &volume.root);
    let extents = [root.bytes(volume)];
    let entry = Entry {
        size: root.length.into(),
        modified: volume.root.modified(),
        extents: &extents,
        ..Entry::new(b"", NodeKind::Directory, volume.root_at)
    };
    let bytes_left = scan.limits.metadata_bytes;
    let mut walk = Walk {
        scan,
        volume,
        tree: Tree::new(volume.kind, entry),
        queue: VecDeque::new(),
        visited: HashSet::from([root.block]),
        relocated: Vec::new(),
        linked: HashSet::new(),
        physical: Vec::new(),
        pending: None,
        name: Vec::new(),
        extents: Vec::new(),
        bytes_left,
        pieces_left: MOST_PIECES,
    };
    walk.tree.md5_array = volume.susp.and_then(|susp| susp.md5_array);
    walk.note_physical(root.block, root.block, &[0], volume.root_at);
    walk.queue.push_back(Directory {
        node: Tree::ROOT,
        extent: root,
        parent: root,
        reached: Reached::ByItsRecord,
        level: 1,
        depth: 0,
        path_bytes: 0,
    });
    walk.run();
    Walked { tree: walk.tree, physical: walk.physical }
}

impl DirectoryExtent {
    fn of(volume: &Volume<'_>, image: u64, record: &Record<'_>) -> Self {
        Self {
            block: check::likely(volume, image, record),
            attribute_blocks: record.attribute_blocks,
            length: record.length.value(),
        }
    }

    fn bytes(&self, volume: &Volume<'_>) -> Extent {
        let block = u64::from(self.block) + u64::from(self.attribute_blocks);
        Extent::recorded(block * u64::from(volume.block_bytes), self.length.into())
    }
}

impl Walk<'_, '_, '_> {
    fn extent_of(&self, record: &Record<'_>) -> DirectoryExtent {
        DirectoryExtent::of(self.volume, self.scan.reader.length(), record)
    }

    fn run(&mut self) {
        loop {
            while let Some(directory) = self.queue.pop_front() {
                if self.scan.is_stopped() || self.scan.reader.is_over() {
                    self.tree.mark_cut();
                    return;
                }
                self.read(&directory);
            }
            if !self.take_orphans() {
                return;
            }
        }
    }

    fn read(&mut self, directory: &Directory) {
        let extent = directory.extent.bytes(self.volume);
        let mut length = extent.length;
        if length > self.scan.limits.directory_bytes {
            length = self.scan.limits.directory_bytes;
            self.cut("a directory", "it claims to be larger than any directory is");
        }
        let mut siblings = Siblings::new(self.volume.kind);
        let mut sector = [0; LOGICAL_SECTOR];
        let mut offset = 0;
        let mut index = 0;
        let mut empty_at = None;
        while offset < length {
            let at = extent.start.saturating_add(offset);
            let count = (length - offset).min(LOGICAL_SECTOR as u64);
            offset += count;
            let Some(left) = self.bytes_left.checked_sub(count) else {
                return self.cut("directories", "there are more of them than any disc has");
            };
            self.bytes_left = left;
            let Some(bytes) = sector.get_mut(..usize::try_from(count).unwrap_or(0)) else { break };
            if let Err(error) = self.scan.reader.read(at, bytes) {
                self.unread(directory, error, at);
                siblings.forget();
                match error {
                    ReadError::Beyond { .. } | ReadError::Over => break,
                    ReadError::Unreadable { .. } => continue,
                }
            }
            let before = index;
            for found in Records::new(bytes) {
                if self.scan.is_stopped() {
                    return self.tree.mark_cut();
                }
                let (record_offset, record, is_mended) = match found {
                    Found::Whole { offset, bytes } => (offset, bytes, false),
                    Found::Mended { offset, bytes } => (offset, bytes, true),
                    Found::Broken { offset } => {
                        self.broken(directory, at.saturating_add(offset as u64));
                        continue;
                    }
                };
                let at = at.saturating_add(record_offset as u64);
                if is_mended {
                    self.mended(directory, at);
                }
                if let Ok(record) = Record::parse(record, self.volume.format) {
                    self.take(directory, &mut siblings, &record, at, index);
                }
                index += 1;
            }
            if index == before {
                empty_at.get_or_insert(at);
            } else if let Some(empty) = empty_at.take() {
                self.empty_sector(directory, empty);
            }
        }
        if let Some(pending) = self.pending.take() {
            self.unfinished(directory, pending);
        }
        if index == 0 && empty_at.is_some() {
            self.tree.mark_damaged(directory.node);
            let spot = Spot { tree: &self.tree, directory: directory.node, name: b"", at: extent.start };
            spot.find(self.scan, Rule::D01, "nothing", || {
                format!("a directory of {} bytes has no records at all, not even of itself", extent.length)
            });
        }
        if self.scan.judges() {
            let spot = Spot { tree: &self.tree, directory: directory.node, name: b"", at: extent.start };
            check::directory(self.scan, &spot, self.volume, directory.extent.length, directory.level);
        }
    }

    fn take(&mut self, directory: &Directory, siblings: &mut Siblings, record: &Record<'_>, at: u64, index: u32) {
        if record.is_own() || record.is_parent() {
            return self.take_dots(directory, record, at, index);
        }
        if index < 2 && self.scan.judges() {
            self.no_dots(directory, at, index);
        }
        if record.identifier.is_empty() {
            let spot = Spot { tree: &self.tree, directory: directory.node, name: b"", at };
            return spot.find(self.scan, Rule::D16, "empty", || "a record has an empty name".to_owned());
        }
        if let Some(mut pending) = self.pending.take() {
            if pending.identifier == record.identifier {
                self.extend(directory, &mut pending, record, at);
                if record.flags.has_more() {
                    self.pending = Some(pending);
                } else {
                    self.finish(directory, pending);
                }
                return;
            }
            self.unfinished(directory, pending);
        }
        let attributes = self.attributes(directory, record, at);
        self.set_name(directory, siblings, record, &attributes);
        if self.scan.judges() {
            let spot = Spot { tree: &self.tree, directory: directory.node, name: &self.name, at };
            let is_directory = record.flags.is_directory() || attributes.child.is_some();
            check::record(self.scan, &spot, self.volume, record, is_directory);
            siblings.check(self.scan, &spot, record);
            if let Some(susp) = self.volume.susp {
                let kind = if record.flags.is_directory() { RecordKind::Directory } else { RecordKind::File };
                susp.judge(self.scan, &attributes, kind, at, &|| spot.path());
            }
        }
        if record.flags.is_associated() {
            let extent = self.extent_of(record).bytes(self.volume);
            return self.scan.structures.add(StructureKind::AssociatedFile, extent.start, extent.length);
        }
        if record.flags.is_directory() && attributes.child.is_none() {
            return self.take_directory(directory, record, &attributes, at);
        }
        if let Some(block) = attributes.child {
            return self.take_link(directory, record, &attributes, block, at);
        }
        self.take_file(directory, record, attributes, at);
    }

    /// "." and "..".
    fn take_dots(&mut self, directory: &Directory, record: &Record<'_>, at: u64, index: u32) {
        let is_root = directory.node == Tree::ROOT && index == 0;
        if !self.scan.judges() && !is_root {
            return;
        }
        let spot = Spot { tree: &self.tree, directory: directory.node, name: b"", at };
        let expected = [0, 1].get(index as usize).copied();
        if expected.map(|id: u8| vec![id]).as_deref() != Some(record.identifier) {
            return spot.find(self.scan, Rule::D01, "place", || {
                "a record of the directory itself, or of its parent, stands where it does not belong".to_owned()
            });
        }
        let attributes = match self.volume.susp {
            Some(susp) => {
                let area_at = at.saturating_add(record.system_use_offset() as u64);
                let name_of = || spot.path();
                susp.read(self.scan, record.system_use, area_at, &name_of)
            }
            None => Attributes::default(),
        };
        if directory.node == Tree::ROOT && directory.reached == Reached::ByItsRecord && record.is_own() {
            let posix = posix_of(&attributes);
            self.tree.set_attributes(Tree::ROOT, attributes.modified.or(record.modified()), posix);
        }
        if !self.scan.judges() {
            return;
        }
        let spot = Spot { tree: &self.tree, directory: directory.node, name: b"", at };
        if let Some(susp) = self.volume.susp {
            let kind = if record.is_own() { RecordKind::Own } else { RecordKind::Parent };
            susp.judge(self.scan, &attributes, kind, at, &|| spot.path());
        }
        check::numbers(self.scan, &spot, self.volume, record);
        let found = self.extent_of(record);
        if record.is_own() {
            check::own(
                self.scan,
                &spot,
                (found.block, found.length),
                (directory.extent.block, directory.extent.length),
            );
            return;
        }
        match directory.reached {
            Reached::ByItsRecord | Reached::AsHolder => {
                let expected = (directory.parent.block, directory.parent.length);
                let itself = (directory.extent.block, directory.extent.length);
                check::parent(self.scan, &spot, self.volume, (found.block, found.length), expected, itself);
            }
            Reached::ByLink => check::link_back(self.scan, &spot, attributes.parent, directory.parent.block),
        }
    }

    fn attributes(&mut self, directory: &Directory, record: &Record<'_>, at: u64) -> Attributes {
        let Some(susp) = self.volume.susp else { return Attributes::default() };
        let area_at = at.saturating_add(record.system_use_offset() as u64);
        let tree = &self.tree;
        let path = || Spot { tree, directory: directory.node, name: record.identifier, at }.path();
        susp.read(self.scan, record.system_use, area_at, &path)
    }

    fn set_name(
        &mut self,
        directory: &Directory,
        siblings: &mut Siblings,
        record: &Record<'_>,
        attributes: &Attributes,
    ) {
        self.name.clear();
        let identifier = record.identifier;
        match self.volume.kind {
            TreeKind::Joliet => {
                push_joliet(identifier, &mut self.name);
                if !record.flags.is_directory() {
                    strip_joliet_version(&mut self.name);
                }
            }
            TreeKind::RockRidge | TreeKind::Iso9660 | TreeKind::Enhanced | TreeKind::HighSierra | TreeKind::Udf => {
                match &attributes.name {
                    Some(name) => self.name.extend(name),
                    None if record.flags.is_directory() => self.name.extend(identifier),
                    None => {
                        let name = without_version(identifier);
                        let is_taken = siblings.is_taken(&self.tree, directory.node, name);
                        self.name.extend(if is_taken { identifier } else { name });
                    }
                }
            }
        }
    }

    fn take_directory(&mut self, directory: &Directory, record: &Record<'_>, attributes: &Attributes, at: u64) {
        let extent = self.extent_of(record);
        self.note_physical(extent.block, directory.extent.block, record.identifier, at);
        if attributes.is_relocated {
            self.relocated.push(Relocated {
                extent,
                holder: directory.extent,
                name: self.name.clone(),
                record: at,
                node: directory.node,
                depth: directory.depth,
            });
            return;
        }
        let is_holder = directory.node == Tree::ROOT
            && HOLDERS.iter().any(|name| self.name.eq_ignore_ascii_case(name))
            && self.holds_relocated_only(extent);
        if is_holder {
            self.enqueue_holder(extent, directory.extent);
            return;
        }
        let modified = attributes.modified.or(record.modified());
        self.add_directory(directory, extent, Reached::ByItsRecord, at, (modified, posix_of(attributes)));
    }

    fn enqueue_holder(&mut self, extent: DirectoryExtent, parent: DirectoryExtent) {
        if self.visited.insert(extent.block) {
            let bytes = extent.bytes(self.volume);
            self.scan.structures.add(StructureKind::RelocationDirectory, bytes.start, bytes.length);
            self.queue.push_back(Directory {
                node: Tree::ROOT,
                extent,
                parent,
                reached: Reached::AsHolder,
                level: 2,
                depth: 0,
                path_bytes: 0,
            });
        }
    }

    /// Puts a directory by the name in `self.name` below `directory`, and reads it later.
    fn add_directory(
        &mut self,
        directory: &Directory,
        extent: DirectoryExtent,
        reached: Reached,
        at: u64,
        (modified, posix): (Option<Timestamp>, Option<Posix>),
    ) {
        let bytes = extent.bytes(self.volume);
        let is_new = self.visited.insert(extent.block);
        let spot = Spot { tree: &self.tree, directory: directory.node, name: &self.name, at };
        if !is_new {
            spot.find(self.scan, Rule::D13, "reached", || {
                format!("block {} was reached as a directory before", extent.block)
            });
        }
        let is_inside = is_new && check::extent(self.scan, &spot, self.volume, bytes.start, bytes.length);
        if self.scan.judges() && extent.attribute_blocks > 0 {
            self.note_attributes(extent.block, extent.attribute_blocks);
        }
        let extents = [bytes];
        let name = std::mem::take(&mut self.name);
        let entry = Entry {
            size: extent.length.into(),
            modified,
            posix,
            extents: if is_new { &extents } else { &[] },
            is_damaged: !is_inside,
            ..Entry::new(&name, NodeKind::Directory, at)
        };
        let added = self.add(directory.node, entry);
        let name_bytes = name.len();
        self.name = name;
        let Some(node) = added else { return };
        if !is_new {
            return;
        }
        let depth = directory.depth + 1;
        let path_bytes = directory.path_bytes + 1 + name_bytes;
        if depth > self.scan.limits.depth || path_bytes > self.scan.limits.path_bytes {
            return self.cut("directories", "they are nested deeper than any disc has them");
        }
        let level = if reached == Reached::ByLink { 3 } else { directory.level + 1 };
        let parent = directory.extent;
        self.queue.push_back(Directory { node, extent, parent, reached, level, depth, path_bytes });
    }

    /// A relocated directory in its place: CL says where it lies, and its own "." how long it is.
    fn take_link(&mut self, directory: &Directory, record: &Record<'_>, attributes: &Attributes, block: u32, at: u64) {
        self.linked.insert(block);
        let start = u64::from(block) * u64::from(self.volume.block_bytes);
        let mut bytes = [0; 255];
        let most = self.scan.reader.length().saturating_sub(start).min(255);
        let readable = bytes.get_mut(..usize::try_from(most).unwrap_or(0)).unwrap_or_default();
        let is_read = self.scan.reader.read(start, readable).is_ok();
        let own = is_read.then(|| own_record(readable, self.volume.format)).flatten();
        let spot = Spot { tree: &self.tree, directory: directory.node, name: &self.name, at };
        let Some(own) = own.filter(|own| own.extent.value() == block) else {
            spot.find(self.scan, Rule::R09, "target", || {
                format!("the directory that belongs here should be at block {block}, where none begins")
            });
            let name = std::mem::take(&mut self.name);
            self.add(directory.node, Entry { is_damaged: true, ..Entry::new(&name, NodeKind::Directory, at) });
            return;
        };
        let extent = self.extent_of(&own);
        let area_at = start.saturating_add(own.system_use_offset() as u64);
        let theirs = match self.volume.susp {
            Some(susp) => susp.read(self.scan, own.system_use, area_at, &|| spot.path()),
            None => Attributes::default(),
        };
        let posix = posix_of(&theirs).or(posix_of(attributes));
        let modified = theirs.modified.or(own.modified()).or(record.modified());
        self.add_directory(directory, extent, Reached::ByLink, at, (modified, posix));
    }

    fn take_file(&mut self, directory: &Directory, record: &Record<'_>, attributes: Attributes, at: u64) {
        self.extents.clear();
        let kind = kind_of(&attributes);
        let has_content = kind == NodeKind::File;
        let mut is_damaged = attributes.is_damaged;
        if has_content {
            is_damaged |= !self.push_extents(directory, record, at);
        }
        if record.flags.has_more() && has_content {
            self.pending = Some(Pending {
                identifier: record.identifier.to_vec(),
                name: self.name.clone(),
                modified: attributes.modified.or(record.modified()),
                attributes,
                record: at,
                extents: std::mem::take(&mut self.extents),
                is_damaged,
            });
            return;
        }
        let extents = std::mem::take(&mut self.extents);
        let modified = attributes.modified.or(record.modified());
        let name = std::mem::take(&mut self.name);
        let file = FileParts { name: &name, extents: &extents, record: at, modified, is_damaged };
        self.add_file(directory, file, kind, &attributes);
        self.extents = extents;
        self.name = name;
    }

    /// One more extent.
    fn extend(&mut self, directory: &Directory, pending: &mut Pending, record: &Record<'_>, at: u64) {
        let last = pending.extents.last().map_or(0, |extent| extent.length);
        let block = u64::from(self.volume.block_bytes);
        std::mem::swap(&mut self.extents, &mut pending.extents);
        std::mem::swap(&mut self.name, &mut pending.name);
        if self.scan.judges() {
            let spot = Spot { tree: &self.tree, directory: directory.node, name: &self.name, at };
            if !last.is_multiple_of(block) {
                spot.find_as(self.scan, Rule::D08, Severity::Warning, "length", || {
                    format!("an extent before the last has {last} bytes, which are no whole blocks of {block}")
                });
            }
            check::numbers(self.scan, &spot, self.volume, record);
        }
        pending.is_damaged |= !self.push_extents(directory, record, at);
        std::mem::swap(&mut self.extents, &mut pending.extents);
        std::mem::swap(&mut self.name, &mut pending.name);
    }

    fn finish(&mut self, directory: &Directory, pending: Pending) {
        let Pending { name, attributes, record, modified, extents, is_damaged, identifier: _ } = pending;
        let file = FileParts { name: &name, extents: &extents, record, modified, is_damaged };
        self.add_file(directory, file, kind_of(&attributes), &attributes);
    }

    /// The last of its extents is missing.
    fn unfinished(&mut self, directory: &Directory, pending: Pending) {
        let spot = Spot { tree: &self.tree, directory: directory.node, name: &pending.name, at: pending.record };
        let count = pending.extents.len();
        spot.find(self.scan, Rule::D08, "last", || {
            format!("more extents should follow the {count} that there are, and none of that name does")
        });
        self.finish(directory, Pending { is_damaged: true, ..pending });
    }

    fn add_file(&mut self, directory: &Directory, file: FileParts<'_>, kind: NodeKind, attributes: &Attributes) {
        let stored = file.extents.iter().fold(0_u64, |sum, extent| sum.saturating_add(extent.length));
        let (encoding, size) = match attributes.zisofs {
            Some((zisofs, size)) if kind == NodeKind::File && stored > 0 => {
                (Encoding::Zisofs(Zisofs { stored, ..zisofs }), size)
            }
            Some(_) | None => (Encoding::Plain, stored),
        };
        let entry = Entry {
            size,
            modified: file.modified,
            posix: posix_of(attributes),
            file_number: file_number(attributes, file.extents, self.volume.block_bytes),
            extents: file.extents,
            target: attributes.target.as_deref().filter(|_| kind == NodeKind::Symlink),
            encoding,
            is_damaged: file.is_damaged,
            ..Entry::new(file.name, kind, file.record)
        };
        let node = self.add(directory.node, entry);
        if let (Some(node), Some(index)) = (node, attributes.md5_index) {
            self.tree.set_md5_index(node, index);
        }
    }

    /// Adds where the content of `record` lies to `self.extents`; false where not all of it is there.
    fn push_extents(&mut self, directory: &Directory, record: &Record<'_>, at: u64) -> bool {
        let length = u64::from(record.length.value());
        if length == 0 {
            return true;
        }
        let block = u64::from(self.volume.block_bytes);
        let extent = check::likely(self.volume, self.scan.reader.length(), record);
        if self.scan.judges() && record.attribute_blocks > 0 {
            self.note_attributes(extent, record.attribute_blocks);
        }
        let start = (u64::from(extent) + u64::from(record.attribute_blocks)) * block;
        let (unit, gap) = (u64::from(record.unit) * block, u64::from(record.gap) * block);
        let pieces = if unit == 0 || gap == 0 { 1 } else { length.div_ceil(unit) };
        let spot = Spot { tree: &self.tree, directory: directory.node, name: &self.name, at };
        if pieces == 1 || pieces > self.pieces_left {
            self.extents.push(Extent::recorded(start, length));
            return check::extent(self.scan, &spot, self.volume, start, length) && pieces == 1;
        }
        self.pieces_left -= pieces;
        let span = (pieces - 1) * (unit + gap) + length - (pieces - 1) * unit;
        for piece in 0..pieces {
            let done = piece * unit;
            self.extents.push(Extent::recorded(start + piece * (unit + gap), unit.min(length - done)));
        }
        check::extent(self.scan, &spot, self.volume, start, span)
    }

    fn add(&mut self, parent: NodeId, entry: Entry<'_>) -> Option<NodeId> {
        if self.tree.len() >= self.scan.limits.entries as usize {
            self.cut("names", "there are more of them than any disc has");
            // What waits would only be read in vain.
            self.queue.clear();
            return None;
        }
        self.tree.add(parent, entry)
    }

    fn note_attributes(&mut self, block: u32, count: u8) {
        let bytes = u64::from(self.volume.block_bytes);
        let (start, length) = (u64::from(block) * bytes, u64::from(count) * bytes);
        self.scan.structures.add(StructureKind::ExtendedAttributes, start, length);
    }

    fn note_physical(&mut self, block: u32, parent: u32, identifier: &[u8], record: u64) {
        if self.scan.judges() {
            self.physical.push(Physical { block, parent, identifier: identifier.into(), record });
        }
    }

    /// Whether a directory has something in it, and all of it is relocated.
    fn holds_relocated_only(&mut self, extent: DirectoryExtent) -> bool {
        let Some(susp) = self.volume.susp else { return false };
        let bytes = extent.bytes(self.volume);
        let mut sector = [0; LOGICAL_SECTOR];
        if bytes.length < LOGICAL_SECTOR as u64 || self.scan.reader.read(bytes.start, &mut sector).is_err() {
            return false;
        }
        let mut has_any = false;
        for found in Records::new(&sector) {
            let Found::Whole { offset, bytes: record } = found else { return false };
            let Ok(record) = Record::parse(record, self.volume.format) else { return false };
            if record.is_own() || record.is_parent() {
                continue;
            }
            let at = bytes.start.saturating_add((offset + record.system_use_offset()) as u64);
            let attributes = susp.read(self.scan, record.system_use, at, &Vec::new);
            if !attributes.is_relocated {
                return false;
            }
            has_any = true;
        }
        has_any
    }

    /// Relocated directories whose place is nowhere are put where they lie. False where there are none.
    fn take_orphans(&mut self) -> bool {
        let relocated = std::mem::take(&mut self.relocated);
        let mut has_more = false;
        for Relocated { extent, holder, name, record, node, depth } in relocated {
            if self.linked.contains(&extent.block) || self.visited.contains(&extent.block) {
                continue;
            }
            if self.holds_relocated_only(extent) {
                self.enqueue_holder(extent, holder);
                has_more = true;
                continue;
            }
            self.name = name;
            let spot = Spot { tree: &self.tree, directory: node, name: &self.name, at: record };
            spot.find(self.scan, Rule::R09, "orphan", || {
                "a relocated directory has its place nowhere; it is listed where it lies".to_owned()
            });
            let parent = Directory {
                node,
                extent: holder,
                parent: holder,
                reached: Reached::ByItsRecord,
                level: 2,
                depth,
                path_bytes: 0,
            };
            self.add_directory(&parent, extent, Reached::ByItsRecord, record, (None, None));
            has_more = true;
        }
        has_more
    }

    fn unread(&mut self, directory: &Directory, error: ReadError, at: u64) {
        self.tree.mark_damaged(directory.node);
        let spot = Spot { tree: &self.tree, directory: directory.node, name: b"", at };
        spot.unread(self.scan, error, "a directory");
    }

    fn broken(&mut self, directory: &Directory, at: u64) {
        self.tree.mark_damaged(directory.node);
        let spot = Spot { tree: &self.tree, directory: directory.node, name: b"", at };
        spot.find(self.scan, Rule::D02, "broken", || {
            "what stands there is no directory record, or one that does not end in its sector".to_owned()
        });
    }

    fn mended(&mut self, directory: &Directory, at: u64) {
        self.tree.mark_damaged(directory.node);
        let spot = Spot { tree: &self.tree, directory: directory.node, name: b"", at };
        spot.find(self.scan, Rule::D02, "length", || {
            "the length of a record is wrong; it was taken to end where the next one begins".to_owned()
        });
    }

    fn empty_sector(&mut self, directory: &Directory, at: u64) {
        self.tree.mark_damaged(directory.node);
        let spot = Spot { tree: &self.tree, directory: directory.node, name: b"", at };
        spot.find(self.scan, Rule::D02, "empty", || "a sector in the midst of a directory has no records".to_owned());
    }

    fn no_dots(&mut self, directory: &Directory, at: u64, index: u32) {
        let spot = Spot { tree: &self.tree, directory: directory.node, name: b"", at };
        let which = if index == 0 { "itself" } else { "its parent" };
        spot.find(self.scan, Rule::D01, "missing", || format!("a directory has no record of {which} in its place"));
    }

    fn cut(&mut self, what: &'static str, why: &str) {
        self.tree.mark_cut();
        self.scan.cut(what, why);
    }
}

/// What there is to know of a file but its attributes.
struct FileParts<'a> {
    name: &'a [u8],
    extents: &'a [Extent],
    record: u64,
    modified: Option<Timestamp>,
    is_damaged: bool,
}

/// The first record of a directory, where it is that of itself.
fn own_record(bytes: &[u8], format: Format) -> Option<Record<'_>> {
    let length = usize::from(*bytes.first()?);
    let bytes = bytes.get(..length).filter(|bytes| bytes.len() > FIXED_BYTES)?;
    Record::parse(bytes, format).ok().filter(Record::is_own)
}

fn posix_of(attributes: &Attributes) -> Option<Posix> {
    let posix = attributes.posix?;
    let mode = u16::try_from(posix.mode & 0o7777).unwrap_or(0);
    Some(Posix { mode, links: posix.links, uid: Some(posix.uid), gid: Some(posix.gid) })
}

/// Of anything but a directory.
fn kind_of(attributes: &Attributes) -> NodeKind {
    let Some(posix) = attributes.posix else {
        return if attributes.target.is_some() { NodeKind::Symlink } else { NodeKind::File };
    };
    match posix.kind() {
        Some(NodeKind::Directory) | None => NodeKind::File,
        Some(kind) => kind,
    }
}

/// The same for two names of one file: a serial number alone is not to be trusted, nor is sharing an extent, which
/// writers that find files of equal content do as well.
fn file_number(attributes: &Attributes, extents: &[Extent], block_bytes: u32) -> Option<u64> {
    let posix = attributes.posix.filter(|posix| posix.links > 1)?;
    let serial = u64::from(posix.serial.unwrap_or(0));
    let block = extents.first().map_or(0, |extent| extent.start / u64::from(block_bytes));
    let number = serial << 32 | block;
    (number != 0).then_some(number)
}

#[cfg(test)]
mod tests;
