//! This module knows the way through the directories of one volume.

mod directory;
mod fault;
mod file;
mod lost;
mod relocation;

use std::collections::{HashSet, VecDeque};
use std::ops::Range;

use super::check::{self, Siblings};
use super::descriptor::VolumeDescriptor;
use super::name::{push_joliet, strip_joliet_version, without_version};
use super::record::{Format, Found, LOGICAL_SECTOR, Record, Records};
use super::rock_ridge::{Attributes, RecordKind, Susp};
use crate::filesystem::extent::Extent;
use crate::filesystem::reader::ReadError;
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;
use crate::filesystem::spot::Spot;
use crate::filesystem::structure::StructureKind;
use crate::filesystem::tree::{Entry, NodeId, NodeKind, Posix, Tree, TreeKind};
use directory::DirectoryExtent;
use file::{MOST_PIECES, Pending};
use lost::Search;
use relocation::Relocated;

/// What a walk needs to know of its volume.
pub(super) struct Volume<'a> {
    pub kind: TreeKind,
    pub format: Format,
    pub descriptor: &'a VolumeDescriptor,
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
enum Reached {
    ByItsRecord,
    /// By an entry CL of Rock Ridge.
    ByLink,
    /// It only holds relocated directories, and is not listed.
    AsHolder,
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
    /// Some part of a directory cannot be read, or may be lost.
    lacks_names: bool,
    search: Option<Search>,
    pending: Option<Pending>,
    name: Vec<u8>,
    extents: Vec<Extent>,
    /// Of directories, which may overlap: caps what is looked at.
    bytes_left: u64,
    /// Of interleaved files.
    pieces_left: u64,
}

/// Reads the tree below the root.
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
        lacks_names: false,
        search: None,
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

impl Walk<'_, '_, '_> {
    fn run(&mut self) {
        loop {
            while let Some(directory) = self.queue.pop_front() {
                if self.scan.is_stopped() || self.scan.reader.is_over() {
                    self.tree.mark_cut();
                    return;
                }
                self.read(&directory);
            }
            if !self.take_orphans() && !self.take_lost() {
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
        // The last sector of a directory that was written has something in it.
        self.lacks_names |= empty_at.is_some();
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
        let mut attributes = self.attributes(directory, record, at);
        self.set_name(directory, siblings, record, attributes.name.take());
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
        self.take_file(directory, record, &attributes, at);
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
        let spare = std::mem::take(&mut self.name);
        let tree = &self.tree;
        let path = || Spot { tree, directory: directory.node, name: record.identifier, at }.path();
        susp.read_into(spare, self.scan, record.system_use, area_at, &path)
    }

    fn set_name(
        &mut self,
        directory: &Directory,
        siblings: &mut Siblings,
        record: &Record<'_>,
        recorded: Option<Vec<u8>>,
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
                match recorded {
                    Some(name) => self.name = name,
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
}

fn posix_of(attributes: &Attributes) -> Option<Posix> {
    let posix = attributes.posix?;
    let mode = u16::try_from(posix.mode & 0o7777).unwrap_or(0);
    Some(Posix { mode, links: posix.links, uid: Some(posix.uid), gid: Some(posix.gid) })
}

#[cfg(test)]
mod tests;
