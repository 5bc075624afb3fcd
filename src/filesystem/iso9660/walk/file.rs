//! This module knows how a file is taken into the tree, with all its extents.

use super::super::check;
use super::super::record::Record;
use super::super::rock_ridge::Attributes;
use super::{Directory, Walk, posix_of};
use crate::filesystem::extent::Extent;
use crate::filesystem::finding::Severity;
use crate::filesystem::rule::Rule;
use crate::filesystem::spot::Spot;
use crate::filesystem::timestamp::Timestamp;
use crate::filesystem::tree::{Encoding, Entry, NodeKind, Zisofs};

pub(super) const MOST_PIECES: u64 = 1 << 20;

/// A file whose extents are not all known yet.
pub(super) struct Pending {
    pub(super) identifier: Vec<u8>,
    pub(super) name: Vec<u8>,
    pub(super) attributes: Attributes,
    pub(super) record: u64,
    pub(super) modified: Option<Timestamp>,
    pub(super) extents: Vec<Extent>,
    pub(super) is_damaged: bool,
}

/// What there is to know of a file but its attributes.
struct FileParts<'a> {
    name: &'a [u8],
    extents: &'a [Extent],
    record: u64,
    modified: Option<Timestamp>,
    is_damaged: bool,
}

impl Walk<'_, '_, '_> {
    pub(super) fn take_file(&mut self, directory: &Directory, record: &Record<'_>, attributes: &Attributes, at: u64) {
        self.extents.clear();
        let kind = kind_of(attributes);
        let has_content = kind == NodeKind::File;
        let mut is_damaged = attributes.is_damaged;
        if has_content {
            is_damaged |= !self.push_extents(directory, record, at);
        }
        if record.flags.has_more() && has_content {
            self.pending = Some(Pending {
                identifier: record.identifier.to_vec(),
                name: self.name.clone(),
                modified: attributes.modified.or_else(|| record.modified()),
                attributes: attributes.clone(),
                record: at,
                extents: std::mem::take(&mut self.extents),
                is_damaged,
            });
            return;
        }
        let extents = std::mem::take(&mut self.extents);
        let modified = attributes.modified.or_else(|| record.modified());
        let name = std::mem::take(&mut self.name);
        let file = FileParts { name: &name, extents: &extents, record: at, modified, is_damaged };
        self.add_file(directory, file, kind, attributes);
        self.extents = extents;
        self.name = name;
    }

    /// One more extent.
    pub(super) fn extend(&mut self, directory: &Directory, pending: &mut Pending, record: &Record<'_>, at: u64) {
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

    pub(super) fn finish(&mut self, directory: &Directory, pending: Pending) {
        let Pending { name, attributes, record, modified, extents, is_damaged, identifier: _ } = pending;
        let file = FileParts { name: &name, extents: &extents, record, modified, is_damaged };
        self.add_file(directory, file, kind_of(&attributes), &attributes);
    }

    /// The last of its extents is missing.
    pub(super) fn unfinished(&mut self, directory: &Directory, pending: Pending) {
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
