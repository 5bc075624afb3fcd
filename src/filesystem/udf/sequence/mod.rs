//! This module knows volume descriptor sequences: ECMA-167, 3/8.4, and which of their descriptors prevail.

mod judge;

use std::collections::BTreeMap;

use super::block::judge_tag;
use super::descriptor::{Extent, LogicalVolume, PartitionDescriptor, VolumeDescriptor};
use super::tag::{TAG_BYTES, TagError, Tagged};
use crate::filesystem::reader::ReadError;
use crate::filesystem::scan::Scan;
use crate::filesystem::structure::StructureKind;
pub use judge::{compare, tell_broken};

/// A descriptor, and where it stands.
#[derive(Debug, Clone)]
pub struct Placed<T> {
    /// In bytes.
    pub at: u64,
    /// Of several, the one with the highest number prevails.
    pub number: u32,
    pub what: T,
    /// Everything behind the tag, to compare with its copy.
    pub body: Vec<u8>,
}

/// A block of a sequence that is no descriptor, and should be one.
#[derive(Debug, Clone, Copy)]
pub struct Broken {
    pub at: u64,
    /// As the block says, right or wrong.
    pub identifier: Option<u16>,
    pub reason: Reason,
}

#[derive(Debug, Clone, Copy)]
pub enum Reason {
    Unread(ReadError),
    Tag(TagError),
}

/// Those that prevail: of each kind that with the highest sequence number.
#[derive(Debug, Clone, Default)]
pub struct Sequence {
    pub extent: Option<Extent>,
    pub primary: Option<Placed<Option<String>>>,
    pub logical: Option<Placed<LogicalVolume>>,
    /// By partition number.
    pub partitions: BTreeMap<u16, Placed<PartitionDescriptor>>,
    pub implementation: Option<Placed<()>>,
    pub unallocated: Option<Placed<()>>,
    pub is_terminated: bool,
    pub broken: Vec<Broken>,
}

/// The sequence in `extent`, as far as there is one.
pub fn read(scan: &mut Scan<'_>, block_bytes: u32, extent: Extent, is_reserve: bool) -> Sequence {
    let mut found = Sequence { extent: Some(extent), ..Sequence::default() };
    let kind = StructureKind::VolumeSequence { is_reserve };
    let mut part = Some(extent);
    let mut left = scan.limits.sequence_blocks;
    // Each part has a pointer at least, so that `left` ends this even where they point in a circle.
    while let Some(extent) = part.take() {
        let start = u64::from(extent.location).saturating_mul(block_bytes.into());
        scan.structures.add(kind, start, extent.length.into());
        let count = extent.length.checked_div(block_bytes).unwrap_or(0);
        for block in extent.location..extent.location.saturating_add(count) {
            if left == 0 {
                scan.cut("the UDF volume descriptors", "there are more blocks of them than any disc has");
                return found;
            }
            left -= 1;
            match found.take(scan, block_bytes, block) {
                Step::Next => {}
                Step::Pointer(next) => part = Some(next),
                Step::End => return found,
            }
        }
    }
    found
}

enum Step {
    Next,
    /// What follows this part.
    Pointer(Extent),
    End,
}

impl Sequence {
    /// What follows a broken one may still be good, and so may what follows an empty block, which a damaged one can be.
    fn take(&mut self, scan: &mut Scan<'_>, block_bytes: u32, block: u32) -> Step {
        let at = u64::from(block).saturating_mul(block_bytes.into());
        let bytes = match scan.reader.bytes(at, block_bytes as usize) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.broken.push(Broken { at, identifier: None, reason: Reason::Unread(error) });
                return Step::Next;
            }
        };
        let parsed = Tagged::parse(&bytes, block).and_then(|tagged| {
            judge_tag(scan, at, tagged.tag, "a volume descriptor", None);
            VolumeDescriptor::parse(&tagged).map_err(TagError::from)
        });
        let descriptor = match parsed {
            Ok(descriptor) => descriptor,
            Err(TagError::Unrecorded) => return Step::Next,
            Err(error) => {
                let identifier = bytes.first_chunk().map(|&id| u16::from_le_bytes(id));
                self.broken.push(Broken { at, identifier, reason: Reason::Tag(error) });
                return Step::Next;
            }
        };
        let body = bytes.get(TAG_BYTES..).unwrap_or_default().to_vec();
        match descriptor {
            VolumeDescriptor::Primary { sequence, label } => {
                prevail(&mut self.primary, Placed { at, number: sequence, what: label, body });
            }
            VolumeDescriptor::Logical { sequence, volume } => {
                prevail(&mut self.logical, Placed { at, number: sequence, what: volume, body });
            }
            VolumeDescriptor::Partition { sequence, partition } => {
                let placed = Placed { at, number: sequence, what: partition, body };
                let mut kept = self.partitions.remove(&partition.number);
                prevail(&mut kept, placed);
                self.partitions.extend(kept.map(|kept| (partition.number, kept)));
            }
            VolumeDescriptor::ImplementationUse { sequence } => {
                prevail(&mut self.implementation, Placed { at, number: sequence, what: (), body });
            }
            VolumeDescriptor::UnallocatedSpace { sequence } => {
                prevail(&mut self.unallocated, Placed { at, number: sequence, what: (), body });
            }
            VolumeDescriptor::Pointer { next } => return Step::Pointer(next),
            VolumeDescriptor::Terminating => {
                self.is_terminated = true;
                return Step::End;
            }
            VolumeDescriptor::Anchor { .. } | VolumeDescriptor::Other => {}
        }
        Step::Next
    }

    /// Whether files can be found by it.
    pub fn is_complete(&self) -> bool {
        self.logical.as_ref().is_some_and(|logical| {
            let numbers = logical.what.maps.iter().filter_map(|map| map.number());
            numbers.into_iter().all(|number| self.partitions.contains_key(&number))
        })
    }

    /// With what is missing taken from `other`, descriptor by descriptor.
    pub fn or(mut self, other: &Sequence) -> Self {
        self.primary = self.primary.or_else(|| other.primary.clone());
        self.logical = self.logical.or_else(|| other.logical.clone());
        for (&number, partition) in &other.partitions {
            self.partitions.entry(number).or_insert_with(|| partition.clone());
        }
        self
    }
}

fn prevail<T>(kept: &mut Option<Placed<T>>, met: Placed<T>) {
    if kept.as_ref().is_none_or(|kept| kept.number <= met.number) {
        *kept = Some(met);
    }
}
