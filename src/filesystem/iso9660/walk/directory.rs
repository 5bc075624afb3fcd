//! This module knows how a directory is taken into the tree, to be read later.

use super::super::check;
use super::super::record::Record;
use super::super::rock_ridge::Attributes;
use super::relocation::{HOLDERS, Relocated};
use super::{Directory, Physical, Reached, Volume, Walk, posix_of};
use crate::filesystem::extent::Extent;
use crate::filesystem::rule::Rule;
use crate::filesystem::spot::Spot;
use crate::filesystem::timestamp::Timestamp;
use crate::filesystem::tree::{Entry, NodeKind, Posix, Tree};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DirectoryExtent {
    pub(super) block: u32,
    pub(super) attribute_blocks: u8,
    pub(super) length: u32,
}

impl DirectoryExtent {
    pub(super) fn of(volume: &Volume<'_>, image: u64, record: &Record<'_>) -> Self {
        Self {
            block: check::likely(volume, image, record),
            attribute_blocks: record.attribute_blocks,
            length: record.length.value(),
        }
    }

    pub(super) fn bytes(&self, volume: &Volume<'_>) -> Extent {
        let block = u64::from(self.block) + u64::from(self.attribute_blocks);
        Extent::recorded(block * u64::from(volume.block_bytes), self.length.into())
    }
}

impl Walk<'_, '_, '_> {
    pub(super) fn extent_of(&self, record: &Record<'_>) -> DirectoryExtent {
        DirectoryExtent::of(self.volume, self.scan.reader.length(), record)
    }

    pub(super) fn take_directory(
        &mut self,
        directory: &Directory,
        record: &Record<'_>,
        attributes: &Attributes,
        at: u64,
    ) {
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

    /// Puts a directory by the name in `self.name` below `directory`, and reads it later.
    pub(super) fn add_directory(
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
        if let Some(search) = &mut self.search {
            search.note(extent.block, node);
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

    pub(super) fn note_physical(&mut self, block: u32, parent: u32, identifier: &[u8], record: u64) {
        if self.scan.judges() {
            self.physical.push(Physical { block, parent, identifier: identifier.into(), record });
        }
    }
}
