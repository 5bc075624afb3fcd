//! This module knows how directories that Rock Ridge put elsewhere come back to their places: IEEE P1282, 4.1.5.

use super::super::record::{FIXED_BYTES, Format, Found, LOGICAL_SECTOR, Record, Records};
use super::super::rock_ridge::Attributes;
use super::directory::DirectoryExtent;
use super::{Directory, Reached, Walk, posix_of};
use crate::filesystem::rule::Rule;
use crate::filesystem::spot::Spot;
use crate::filesystem::structure::StructureKind;
use crate::filesystem::tree::{Entry, NodeId, NodeKind, Tree};

/// The names under which programs put relocated directories aside.
pub(super) const HOLDERS: [&[u8]; 2] = [b"rr_moved", b".rr_moved"];

/// A directory that lies where it does only because it would be nested too deeply in its place.
pub(super) struct Relocated {
    pub(super) extent: DirectoryExtent,
    pub(super) holder: DirectoryExtent,
    pub(super) name: Vec<u8>,
    pub(super) record: u64,
    pub(super) node: NodeId,
    pub(super) depth: u32,
}

impl Walk<'_, '_, '_> {
    pub(super) fn enqueue_holder(&mut self, extent: DirectoryExtent, parent: DirectoryExtent) {
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

    /// A relocated directory in its place: CL says where it lies, and its own "." how long it is.
    pub(super) fn take_link(
        &mut self,
        directory: &Directory,
        record: &Record<'_>,
        attributes: &Attributes,
        block: u32,
        at: u64,
    ) {
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

    /// Whether a directory has something in it, and all of it is relocated.
    pub(super) fn holds_relocated_only(&mut self, extent: DirectoryExtent) -> bool {
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
    pub(super) fn take_orphans(&mut self) -> bool {
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
}

/// The first record of a directory, where it is that of itself.
pub(super) fn own_record(bytes: &[u8], format: Format) -> Option<Record<'_>> {
    let length = usize::from(*bytes.first()?);
    let bytes = bytes.get(..length).filter(|bytes| bytes.len() > FIXED_BYTES)?;
    Record::parse(bytes, format).ok().filter(Record::is_own)
}
