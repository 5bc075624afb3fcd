//! This module knows what a UDF volume is made of, once its descriptors are found.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

use super::anchor::{self, Anchor};
use super::descriptor::{self, PartitionDescriptor, dstring};
use super::partition_map::PartitionMap;
use super::sequence::{self, Placed, Sequence};
use super::space::Space;
use super::tag::TAG_BYTES;
use super::vat::Vat;
use super::{integrity, partition, recognition};
use crate::filesystem::finding::{Draft, Origin, Severity};
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;
use crate::filesystem::structure::StructureKind;
use crate::filesystem::volume::SizeSource;
use crate::sector::{Lba, SECTOR_BYTES};

/// A place in a partition: the meaning of `lb_addr`, ECMA-167, 4/7.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct BlockAddress {
    pub block: u32,
    /// Number of the partition map.
    pub reference: u16,
}

/// As one number: each name of a volume is looked up by where it leads.
impl Hash for BlockAddress {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(u64::from(self.reference) << 32 | u64::from(self.block));
    }
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
    /// How long it says that it is, its last anchor included; `None` where it is as long as what was written.
    pub bytes: Option<u64>,
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
    if !recognition.announces_udf() && !recognition.leaves_room() {
        return None;
    }
    let Some(anchor) = anchor::find(scan, start, recognition.announces_udf()) else {
        if recognition.announces_udf() {
            anchor::none(scan, start);
        }
        return None;
    };
    let block_bytes = anchor.block_bytes;
    scan.structures.add(StructureKind::Anchor, anchor.at(), block_bytes.into());
    let (sequence, reserve) = descriptors(scan, &anchor);
    let Some(volume) = &sequence.logical else {
        let at = u64::from(anchor.main.location).saturating_mul(block_bytes.into());
        scan.find(Rule::U04, at, "no volume", || {
            "neither sequence has a logical volume descriptor, so that no file can be found".to_owned()
        });
        return None;
    };
    let (space, table) = partition::space(scan, block_bytes, volume, &sequence.partitions);
    let is_growing = volume.what.has_virtual_partition();
    let revision = volume.what.revision.unwrap_or(OLDEST_REVISION);
    claim(scan, &anchor, &sequence, is_growing, table.as_ref());
    let mut integrity = None;
    if scan.judges() {
        recognition.judge(scan, revision);
        let behind = end(&sequence.partitions).and_then(|end| u32::try_from(end).ok());
        anchor::judge(scan, start, &anchor, behind, is_growing);
        judge_logical(scan, block_bytes, volume);
        judge_names(scan, &sequence);
        partition::judge_descriptors(scan, block_bytes, &sequence.partitions, is_growing);
        integrity = integrity::read(scan, block_bytes, volume.what.integrity);
        integrity::judge(scan, &space, integrity.as_ref(), volume.what.integrity.length > 0);
    }
    // A table is newer than what stands at the front of such a disc.
    if let (Some(integrity), Some(table)) = (&mut integrity, &table) {
        integrity.files = table.files.or(integrity.files);
        integrity.directories = table.directories.or(integrity.directories);
        integrity.is_closed = true;
    }
    let identifier = table.and_then(|table| table.identifier).unwrap_or_else(|| volume.what.identifier.clone());
    let primary = sequence.primary.as_ref().and_then(|primary| primary.what.clone());
    let last = end(&sequence.partitions).unwrap_or(0).saturating_add(1).max(reserve);
    Some(LogicalVolume {
        label: dstring(&identifier).or_else(|| volume.what.label.clone()).or(primary),
        identifier,
        revision,
        space,
        file_set: volume.what.file_set,
        file_set_bytes: volume.what.file_set_bytes,
        integrity,
        is_rewritable: sequence.partitions.values().any(|partition| !partition.what.is_closed()),
        bitmaps: bitmaps(&volume.what, &sequence),
        bytes: (!is_growing).then_some(last.saturating_mul(block_bytes.into())),
    })
}

/// What is not said to be of any revision is read like the first.
const OLDEST_REVISION: u16 = 0x0102;

/// The block behind the last partition.
fn end(partitions: &BTreeMap<u16, Placed<PartitionDescriptor>>) -> Option<u64> {
    let end = |partition: &PartitionDescriptor| u64::from(partition.start).saturating_add(partition.length.into());
    partitions.values().map(|partition| end(&partition.what)).max()
}

/// How long the volume says it is. A partition that grows reaches as far as the medium, and is recorded up to its table.
fn claim(scan: &mut Scan<'_>, anchor: &Anchor, sequence: &Sequence, is_growing: bool, table: Option<&Vat>) {
    if is_growing {
        let end = table.map(|table| table.at.saturating_add(anchor.block_bytes.into()));
        scan.claims.extend(end.map(|end| (SizeSource::VirtualAllocationTable, end)));
        return;
    }
    let in_bytes = |blocks: u64| blocks.saturating_mul(anchor.block_bytes.into());
    if let Some(end) = end(&sequence.partitions) {
        scan.claims.push((SizeSource::UdfPartition, in_bytes(end)));
    }
    if anchor.reserve.length > 0 {
        scan.claims.push((SizeSource::UdfReserve, in_bytes(reserve_end(anchor))));
    }
}

/// The block behind the reserve sequence.
fn reserve_end(anchor: &Anchor) -> u64 {
    let blocks = anchor.reserve.length.div_ceil(anchor.block_bytes.max(1));
    u64::from(anchor.reserve.location).saturating_add(blocks.into())
}

/// By partition map: those that lie in a partition with a map of free space.
fn bitmaps(volume: &descriptor::LogicalVolume, sequence: &Sequence) -> Vec<(u16, BlockAddress, u32)> {
    let of = |(map, reference): (&PartitionMap, u16)| {
        let number = match map {
            PartitionMap::Physical { number } | PartitionMap::Sparable { number, .. } => number,
            PartitionMap::Virtual { .. } | PartitionMap::Metadata { .. } | PartitionMap::Unknown { .. } => return None,
        };
        let bitmap = sequence.partitions.get(number)?.what.unallocated_bitmap;
        let place = BlockAddress { block: bitmap.location, reference };
        // The upper two bits of the length are the type of the extent.
        let length = bitmap.length & 0x3FFF_FFFF;
        (length > 0).then_some((reference, place, length))
    };
    volume.maps.iter().zip(0_u16..).filter_map(of).collect()
}

/// U12: what the volume, its set and the logical volume are called.
fn judge_names(scan: &mut Scan<'_>, sequence: &Sequence) {
    let primary = sequence.primary.as_ref().map(|found| (found.at, found.body.as_slice()));
    let logical = sequence.logical.as_ref().map(|found| (found.at, found.body.as_slice()));
    // UDF 2.2.7.2: only of OSTA's own is it known where names stand.
    let use_of = sequence.implementation.as_ref().map(|found| (found.at, found.body.as_slice()));
    let is_of_osta = |body: &[u8]| body.get(21 - TAG_BYTES..).is_some_and(|name| name.starts_with(b"*UDF LV Info"));
    let use_of = use_of.filter(|(_, body)| is_of_osta(body));
    let fields = [
        (primary, 24, 32, "the volume's name"),
        (primary, 72, 128, "the name of the volume set"),
        (logical, 84, 128, "the logical volume's name"),
        (use_of, 116, 128, "the logical volume's name for this implementation"),
        (use_of, 244, 36, "the first line on the logical volume"),
        (use_of, 280, 36, "the second line on the logical volume"),
        (use_of, 316, 36, "the third line on the logical volume"),
    ];
    for (found, offset, length, what) in fields {
        let Some((at, body)) = found else { continue };
        let start: usize = offset - TAG_BYTES;
        let field = body.get(start..start + length).unwrap_or_default();
        descriptor::judge_dstring(scan, at.saturating_add(offset as u64), field, what);
    }
}

/// U05: ECMA-167, 3/10.6, and UDF 2.2.4.
fn judge_logical(scan: &mut Scan<'_>, block_bytes: u32, volume: &Placed<descriptor::LogicalVolume>) {
    let (at, what) = (volume.at, &volume.what);
    if what.block_bytes != block_bytes {
        let found = what.block_bytes;
        scan.find(Rule::U05, at.saturating_add(212), "block", || {
            format!("the logical volume has blocks of {found} bytes, and its anchor stands where it would with {block_bytes}")
        });
    }
    if (block_bytes as usize) < SECTOR_BYTES {
        let draft = Draft {
            rule: Rule::U05,
            severity: Severity::Warning,
            origin: Origin::Mastering,
            at: Some(at.saturating_add(212)),
            subject: "sector",
            path: None,
        };
        scan.add(draft, || {
            format!(
                "the volume has blocks of {block_bytes} bytes, and will not mount from a disc, whose sectors have \
                 {SECTOR_BYTES}"
            )
        });
    }
    if what.revision.is_none() {
        scan.find_as(Rule::U05, Severity::Warning, at.saturating_add(216), "domain", || {
            "the logical volume is not said to be of OSTA's domain".to_owned()
        });
    }
    if !what.has_osta_charset {
        scan.find_as(Rule::U05, Severity::Warning, at.saturating_add(20), "charset", || {
            "the logical volume's characters are not said to be OSTA's".to_owned()
        });
    }
}

/// Those of the main sequence, and from the reserve sequence what is missing there.
/// Also the block behind the reserve sequence and its anchor.
fn descriptors(scan: &mut Scan<'_>, anchor: &Anchor) -> (Sequence, u64) {
    let behind = if anchor.reserve.length > 0 { reserve_end(anchor).saturating_add(1) } else { 0 };
    let main = sequence::read(scan, anchor.block_bytes, anchor.main, false);
    if main.is_complete() && !scan.judges() {
        return (main, behind);
    }
    let reserve = sequence::read(scan, anchor.block_bytes, anchor.reserve, true);
    sequence::tell_broken(scan, &main, false, Some(&reserve));
    sequence::tell_broken(scan, &reserve, true, Some(&main));
    if scan.judges() {
        sequence::compare(scan, anchor.block_bytes, &main, &reserve);
    }
    (main.or(&reserve), behind)
}

#[cfg(test)]
mod tests;
