//! This module knows what a UDF volume is made of, once its descriptors are found.

use super::anchor::{self, Anchor};
use super::sequence::{self, Sequence};
use super::space::Space;
use super::{partition, recognition};
use crate::filesystem::scan::Scan;
use crate::sector::Lba;

/// A place in a partition: the meaning of `lb_addr`, ECMA-167, 4/7.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlockAddress {
    pub block: u32,
    /// Number of the partition map.
    pub reference: u16,
}

/// A logical volume whose partitions were found.
#[derive(Debug, Clone)]
pub struct LogicalVolume {
    pub label: Option<String>,
    /// Of the logical volume's identifier: 128 bytes, as recorded.
    pub identifier: Vec<u8>,
    /// As UDF writes it, 0x0250 being 2.50; that of its domain.
    pub revision: u16,
    pub space: Space,
    /// Where the file set descriptor stands, and how many bytes it may have.
    pub file_set: BlockAddress,
    pub file_set_bytes: u32,
    /// `None` where there is none that can be read.
    pub integrity: Option<Integrity>,
    /// Blocks that files may use: on such media counts of free space and links are kept.
    pub is_rewritable: bool,
    /// By partition map: where its map of free space is, if any.
    pub bitmaps: Vec<(u16, BlockAddress, u32)>,
}

/// What the prevailing integrity descriptor says, or the virtual allocation table in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Integrity {
    pub at: u64,
    pub is_closed: bool,
    pub next_unique_id: u64,
    /// By partition map, in blocks; 0xFFFF_FFFF is not known.
    pub free: Vec<u32>,
    pub sizes: Vec<u32>,
    pub files: Option<u32>,
    pub directories: Option<u32>,
}

/// The volume of the session that begins at `start`; `None` where there is no UDF, or none whose descriptors are there.
pub(super) fn find(scan: &mut Scan<'_>, start: Lba) -> Option<LogicalVolume> {
    let recognition = recognition::look(scan, start);
    let anchor = anchor::find(scan, start, recognition.standard.is_some())?;
    let sequence = descriptors(scan, &anchor);
    let volume = sequence.logical.as_ref()?;
    let space = partition::space(anchor.block_bytes, &volume.what, &sequence.partitions);
    Some(LogicalVolume {
        label: volume.what.label.clone(),
        identifier: volume.what.identifier.clone(),
        revision: volume.what.revision.unwrap_or(0x0102),
        space,
        file_set: volume.what.file_set,
        file_set_bytes: volume.what.file_set_bytes,
        integrity: None,
        is_rewritable: sequence.partitions.values().any(|partition| !partition.what.is_closed()),
        bitmaps: Vec::new(),
    })
}

/// Those of the main sequence, and from the reserve sequence what is missing there.
fn descriptors(scan: &mut Scan<'_>, anchor: &Anchor) -> Sequence {
    let main = sequence::read(scan, anchor.block_bytes, anchor.main, false);
    if main.is_complete() && !scan.judges() {
        return main;
    }
    let reserve = sequence::read(scan, anchor.block_bytes, anchor.reserve, true);
    sequence::tell_broken(scan, &main, false, Some(&reserve));
    sequence::tell_broken(scan, &reserve, true, Some(&main));
    if scan.judges() {
        sequence::compare(scan, anchor.block_bytes, &main, &reserve);
    }
    main.or(&reserve)
}

#[cfg(test)]
mod tests;
