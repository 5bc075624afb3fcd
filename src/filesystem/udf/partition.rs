//! This module knows how partition maps and partition descriptors make up the space that files lie in.

use std::collections::BTreeMap;

use super::descriptor::{LogicalVolume, PartitionDescriptor};
use super::partition_map::PartitionMap;
use super::sequence::Placed;
use super::space::{Partition, Space};

/// The partitions of a volume, by their maps.
pub fn space(
    block_bytes: u32,
    volume: &LogicalVolume,
    descriptors: &BTreeMap<u16, Placed<PartitionDescriptor>>,
) -> Space {
    let partition = |map: &PartitionMap| {
        let descriptor = map.number().and_then(|number| descriptors.get(&number));
        match (map, descriptor) {
            (PartitionMap::Physical { .. }, Some(found)) => {
                Partition::Physical { start: found.what.start, length: found.what.length }
            }
            (_, _) => Partition::Unknown,
        }
    };
    Space { block_bytes, partitions: volume.maps.iter().map(partition).collect() }
}
