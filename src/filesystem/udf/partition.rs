//! This module knows how partition maps and partition descriptors make up the space that files lie in.

use std::collections::BTreeMap;

use super::descriptor::{LogicalVolume, PartitionDescriptor};
use super::partition_map::PartitionMap;
use super::sequence::Placed;
use super::space::{Partition, Space};
use super::sparing::Packets;
use super::vat::Vat;
use super::{metadata, sparing, vat};
use crate::filesystem::finding::{Draft, Origin, Severity};
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;

/// The partitions of a volume, by their maps, and the virtual allocation table where there is one.
pub fn space(
    scan: &mut Scan<'_>,
    block_bytes: u32,
    volume: &Placed<LogicalVolume>,
    descriptors: &BTreeMap<u16, Placed<PartitionDescriptor>>,
) -> (Space, Option<Vat>) {
    let maps = &volume.what.maps;
    let descriptor = |map: &PartitionMap| map.number().and_then(|number| descriptors.get(&number));
    let mut space = Space { block_bytes, partitions: vec![Partition::Unknown; maps.len()] };
    // Those in which the others lie come first.
    for (map, index) in maps.iter().zip(0_usize..) {
        let Some(found) = descriptor(map) else { continue };
        let PartitionDescriptor { start, length, .. } = found.what;
        let partition = match map {
            PartitionMap::Physical { .. } => Partition::Physical { start, length },
            PartitionMap::Sparable { packet_blocks, table_bytes, tables, .. } => {
                let (packet_blocks, table_bytes) = (*packet_blocks, *table_bytes);
                judge_packets(scan, volume.at, packet_blocks, tables.len());
                let packets = Packets { block_bytes, packet_blocks, length, tables, table_bytes };
                let spared = sparing::read(scan, &packets);
                // Where nobody knows what a packet is, none can lie elsewhere.
                Partition::Sparable { start, length, packet_blocks: packet_blocks.max(1), spared }
            }
            PartitionMap::Virtual { .. } | PartitionMap::Metadata { .. } | PartitionMap::Unknown { .. } => continue,
        };
        set(&mut space, index, partition);
    }
    let mut table = None;
    for (map, index) in maps.iter().zip(0_usize..) {
        let is_around = |other: &PartitionMap| {
            other.number() == map.number()
                && matches!(other, PartitionMap::Physical { .. } | PartitionMap::Sparable { .. })
        };
        let around = maps.iter().position(is_around).and_then(|around| u16::try_from(around).ok());
        let (Some(reference), Some(found)) = (around, descriptor(map)) else { continue };
        let partition = match map {
            PartitionMap::Virtual { .. } => {
                table = vat::find(scan, &space, reference, found.what.start);
                let Some(vat) = &table else { continue };
                Partition::Virtual { physical: reference, table: vat.table.clone() }
            }
            PartitionMap::Metadata { files, .. } => metadata::read(scan, &space, reference, files),
            PartitionMap::Physical { .. } | PartitionMap::Sparable { .. } | PartitionMap::Unknown { .. } => continue,
        };
        set(&mut space, index, partition);
    }
    judge_maps(scan, volume, descriptors);
    (space, table)
}

fn set(space: &mut Space, index: usize, partition: Partition) {
    if let Some(place) = space.partitions.get_mut(index) {
        *place = partition;
    }
}

/// UDF 2.2.9: the length of packets, and how many tables there may be.
fn judge_packets(scan: &mut Scan<'_>, at: u64, packet_blocks: u16, tables: usize) {
    if !packet_blocks.is_power_of_two() {
        let severity = if packet_blocks == 0 { Severity::Error } else { Severity::Warning };
        scan.find_as(Rule::U13, severity, at, "packet", || {
            format!("a packet has {packet_blocks} blocks, which is no power of two")
        });
    }
    if tables == 0 {
        scan.find(Rule::U13, at, "tables", || "a sparable partition does not say where its tables are".to_owned());
    }
}

/// U06: ECMA-167, 3/10.6.12 and 3/10.7.
fn judge_maps(
    scan: &mut Scan<'_>,
    volume: &Placed<LogicalVolume>,
    descriptors: &BTreeMap<u16, Placed<PartitionDescriptor>>,
) {
    let LogicalVolume { maps, map_count, map_bytes, .. } = &volume.what;
    let at = volume.at;
    let lengths = maps.iter().map(|map| match map {
        PartitionMap::Physical { .. } => 6,
        PartitionMap::Virtual { .. } | PartitionMap::Sparable { .. } | PartitionMap::Metadata { .. } => 64,
        PartitionMap::Unknown { length, .. } => u32::from(*length),
    });
    let total = lengths.fold(0, u32::saturating_add);
    if maps.len() as u64 != u64::from(*map_count) || total != *map_bytes {
        let found = maps.len();
        scan.find(Rule::U06, at, "table", || {
            format!(
                "the logical volume has {map_count} partition maps in {map_bytes} bytes, as it says; there are {found} \
                 in {total}"
            )
        });
    }
    let is_around = |number: u16| {
        let same = |map: &PartitionMap| {
            matches!(map, PartitionMap::Physical { number: other } | PartitionMap::Sparable { number: other, .. }
                if *other == number)
        };
        maps.iter().any(same)
    };
    for (map, index) in maps.iter().zip(0_u32..) {
        let number = match map {
            PartitionMap::Unknown { kind, length } => {
                scan.find(Rule::U06, at, "unknown", || {
                    format!("partition map {index} has type {kind} and {length} bytes, and is of no known kind")
                });
                continue;
            }
            PartitionMap::Physical { number } | PartitionMap::Sparable { number, .. } => *number,
            PartitionMap::Virtual { number } | PartitionMap::Metadata { number, .. } => {
                if !is_around(*number) {
                    scan.find(Rule::U06, at, "alone", || {
                        format!("partition map {index} lies in partition {number}, which no other map leads to")
                    });
                }
                *number
            }
        };
        if !descriptors.contains_key(&number) {
            scan.find(Rule::U06, at, "descriptor", || {
                format!("partition map {index} is of partition {number}, which has no descriptor")
            });
        }
    }
}

/// U07: ECMA-167, 3/10.5. `is_growing`: of a disc that is written bit by bit, whose partition is as long as the medium.
pub fn judge_descriptors(
    scan: &mut Scan<'_>,
    block_bytes: u32,
    descriptors: &BTreeMap<u16, Placed<PartitionDescriptor>>,
    is_growing: bool,
) {
    let image = scan.reader.length();
    for (number, placed) in descriptors {
        let (at, partition) = (placed.at, &placed.what);
        let end = u64::from(partition.start).saturating_add(partition.length.into()).saturating_mul(block_bytes.into());
        if let Some(missing) = end.checked_sub(image).filter(|&missing| missing > 0) {
            let (severity, origin) =
                if is_growing { (Severity::Info, Origin::Mastering) } else { (Severity::Error, Origin::Truncation) };
            let draft = Draft { rule: Rule::U07, severity, origin, at: Some(at), subject: "end", path: None };
            let why = if is_growing { ", as on a disc that is written bit by bit" } else { "" };
            scan.add(draft, || {
                format!(
                    "partition {number} ends at byte {end}, which is {missing} bytes behind the end of the image{why}"
                )
            });
        }
        if !matches!(&partition.contents, b"+NSR02" | b"+NSR03") {
            scan.find_as(Rule::U07, Severity::Warning, at, "contents", || {
                format!("partition {number} is not said to hold what UDF puts into one")
            });
        }
        if partition.flags & 1 == 0 {
            scan.find_as(Rule::U07, Severity::Warning, at, "flags", || {
                format!("the space of partition {number} is not said to be set aside")
            });
        }
        if partition.access > 4 {
            let access = partition.access;
            scan.find_as(Rule::U07, Severity::Warning, at, "access", || {
                format!("partition {number} has access type {access}, where 4 is the highest")
            });
        }
    }
}
