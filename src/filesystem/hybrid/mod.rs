//! This module knows what an image is besides a disc: the partition tables by which a machine boots it from a stick, and
//! the volume that a Macintosh sees on it.

mod apple;
mod check;
mod gpt;
mod hfs;
mod mbr;
mod survey;
mod table;

use std::collections::BTreeMap;

use super::scan::Scan;
use super::structure::StructureKind;
use super::volume::{SizeSource, Volume, sectors_for};
use crate::sector::SECTOR_BYTES;
use gpt::Pair;
use mbr::MasterBootRecord;
pub(super) use survey::survey;
pub use table::{Partition, PartitionKind, PartitionTable, PartitionTableKind};

/// In which PCs count.
const BLOCK: u64 = 512;
const BLOCK_BYTES: usize = 512;
/// The sectors in front of the volume descriptors are free for others.
const SYSTEM_AREA_BYTES: u64 = 16 * SECTOR_BYTES as u64;
/// Volumes of Macintoshes that are looked at.
const MOST_VOLUMES: usize = 16;

/// What stands beside the filesystems of discs.
#[derive(Debug, Default)]
pub(crate) struct Hybrid {
    pub tables: Vec<PartitionTable>,
    pub volumes: Vec<Volume>,
}

/// Whether the first 512 bytes of an image of so many bytes name partitions, and none that is the image itself.
pub(super) fn is_hard_disk(first: &[u8], image: u64) -> bool {
    const WHOLE: [u64; 3] = [0, BLOCK, 64 * BLOCK];
    let record = MasterBootRecord::parse(first, image);
    record.is_some_and(|record| record.used().all(|entry| !WHOLE.contains(&entry.start())))
}

/// To be called once the claims of ISO 9660 and UDF are known: a partition behind them was appended.
pub(crate) fn read(scan: &mut Scan<'_>) -> Hybrid {
    let disc_end = scan.claims.iter().filter(|(source, _)| source.is_of_volume()).map(|(_, end)| *end).max();
    let mut hybrid = Hybrid::default();
    let first: Option<[u8; BLOCK_BYTES]> = scan.reader.array(0).ok();
    let record = first.as_ref().and_then(|first| MasterBootRecord::parse(first, scan.reader.length()));
    if let (Some(first), Some(record)) = (&first, &record) {
        hybrid.tables.push(master_boot_record(scan, first, record));
    }
    hybrid.tables.extend(guid_table(scan, record.as_ref()));
    hybrid.tables.extend(apple_map(scan));
    hybrid.volumes = macintosh_volumes(scan, &hybrid.tables);
    system_area(scan);
    if let Some(end) = disc_end {
        appended(scan, &hybrid.tables, end);
    }
    hybrid
}

fn master_boot_record(scan: &mut Scan<'_>, first: &[u8], record: &MasterBootRecord) -> PartitionTable {
    scan.structures.add(StructureKind::PartitionTable, 0, BLOCK);
    scan.claims.extend(record.end().map(|end| (SizeSource::MasterBootRecord, end)));
    if scan.judges() {
        check::mbr(scan, record);
        check::isohybrid(scan, first, record);
    }
    let partitions = record.used().map(mbr::Entry::partition).collect();
    PartitionTable { kind: PartitionTableKind::Mbr, partitions }
}

fn guid_table(scan: &mut Scan<'_>, record: Option<&MasterBootRecord>) -> Option<PartitionTable> {
    let protective = record.and_then(|record| record.protective());
    let Some(pair) = Pair::find(scan, protective.map(mbr::Entry::end)) else {
        if scan.judges() && record.is_some_and(MasterBootRecord::only_protects) {
            check::announced(scan);
        }
        return None;
    };
    for copy in [&pair.primary, &pair.backup].into_iter().flatten().filter(|copy| copy.header.is_sound()) {
        scan.structures.add(StructureKind::PartitionTable, copy.at, pair.block_bytes);
        let array = copy.header.array_bytes().unwrap_or(0);
        scan.structures.add(StructureKind::PartitionTable, copy.entries_at, array);
    }
    scan.claims.extend(pair.end().map(|end| (SizeSource::GuidPartitionTable, end)));
    if scan.judges() {
        check::gpt(scan, &pair);
    }
    let partitions = pair.believed()?.partitions.iter().map(|(_, partition)| *partition).collect();
    Some(PartitionTable { kind: PartitionTableKind::Gpt, partitions })
}

fn apple_map(scan: &mut Scan<'_>) -> Option<PartitionTable> {
    let map = apple::Map::find(&mut |at| scan.reader.array(at).ok())?;
    if map.has_driver {
        scan.structures.add(StructureKind::PartitionTable, 0, BLOCK);
    }
    for slot in &map.slots {
        scan.structures.add(StructureKind::PartitionTable, slot.at, map.block_bytes);
    }
    scan.claims.extend(map.end().map(|end| (SizeSource::ApplePartitionMap, end)));
    if scan.judges() {
        check::apple(scan, &map);
    }
    Some(PartitionTable { kind: PartitionTableKind::Apple, partitions: map.partitions().collect() })
}

/// One may begin with the image itself, and one in each partition that is for them.
fn macintosh_volumes(scan: &mut Scan<'_>, tables: &[PartitionTable]) -> Vec<Volume> {
    let named = tables.iter().flat_map(|table| &table.partitions).filter(|partition| partition.kind.is_hfs());
    let mut places = BTreeMap::from([(0, None)]);
    for partition in named.take(MOST_VOLUMES) {
        places.entry(partition.start).or_insert(Some(partition.end()));
    }
    places.into_iter().filter_map(|(start, end)| macintosh_volume(scan, start, end)).collect()
}

/// The volume that begins at byte `start`, in a partition that ends at `partition_end`.
fn macintosh_volume(scan: &mut Scan<'_>, start: u64, partition_end: Option<u64>) -> Option<Volume> {
    let header_at = start.checked_add(hfs::HEADER_AT)?;
    let own = header_in(scan, header_at);
    if !scan.judges() {
        return own.map(|header| volume(&header, start));
    }
    let places = match &own {
        Some(header) => header.alternates(start, partition_end),
        None => hfs::alternates_in(partition_end).collect(),
    };
    let mut copies: Vec<(u64, hfs::Header)> = Vec::new();
    for at in places.iter().copied().filter(|at| *at > header_at) {
        copies.extend(header_in(scan, at).map(|header| (at, header)));
    }
    let same = copies.iter().find(|(_, copy)| own.as_ref() == Some(copy));
    let copy = same.or(copies.first()).cloned();
    let header = own.clone().or(copy.as_ref().map(|(_, copy)| copy.clone()))?;
    let end = match &copy {
        Some((at, copy)) if *copy == header => at.saturating_add(hfs::BEHIND_ALTERNATE),
        Some(_) | None => start.saturating_add(header.length()),
    };
    match (&own, &copy) {
        (Some(header), copy) => {
            let expected = places.first().copied().unwrap_or(header_at);
            check::hfs(scan, start, end, header, copy.as_ref(), expected);
        }
        (None, Some((copy_at, _))) => check::alternate_alone(scan, start, *copy_at),
        (None, None) => {}
    }
    for at in [Some(header_at).filter(|_| own.is_some()), copy.map(|(at, _)| at)].into_iter().flatten() {
        scan.structures.add(StructureKind::MacintoshHeader, at, hfs::HEADER_BYTES);
    }
    scan.structures.add(StructureKind::MacintoshVolume, start, end.saturating_sub(start));
    scan.claims.push((SizeSource::Macintosh, end));
    Some(volume(&header, start))
}

fn header_in(scan: &mut Scan<'_>, at: u64) -> Option<hfs::Header> {
    let bytes: [u8; BLOCK_BYTES] = scan.reader.array(at).ok()?;
    hfs::Header::parse(&bytes)
}

fn volume(header: &hfs::Header, start: u64) -> Volume {
    let sectors = Some(sectors_for(start.saturating_add(header.bytes())));
    Volume { kind: header.kind, label: header.label.clone(), sectors }
}

/// What stands in front of the volume descriptors is boot code, if it is anything.
fn system_area(scan: &mut Scan<'_>) {
    let is_empty = (0..SYSTEM_AREA_BYTES / SECTOR_BYTES as u64).all(|sector| {
        let found = scan.reader.array::<SECTOR_BYTES>(sector * SECTOR_BYTES as u64);
        found.is_ok_and(|bytes| bytes.iter().all(|&byte| byte == 0))
    });
    if !is_empty && scan.reader.length() > SYSTEM_AREA_BYTES {
        scan.structures.add(StructureKind::SystemArea, 0, SYSTEM_AREA_BYTES);
    }
}

/// Partitions that begin at or behind `disc_end` are nobody's files.
fn appended(scan: &mut Scan<'_>, tables: &[PartitionTable], disc_end: u64) {
    let mut ranges: Vec<(u64, u64)> = tables
        .iter()
        .flat_map(|table| &table.partitions)
        .filter(|partition| partition.start >= disc_end && disc_end > 0)
        .map(|partition| (partition.start, partition.bytes))
        .collect();
    ranges.sort_unstable();
    ranges.dedup();
    for (start, bytes) in ranges {
        scan.structures.add(StructureKind::AppendedPartition, start, bytes);
    }
}

#[cfg(test)]
mod tests;
