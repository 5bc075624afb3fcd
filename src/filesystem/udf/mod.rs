//! This module knows UDF: ECMA-167 as OSTA's Universal Disk Format 1.02 to 2.60 narrows it.

mod allocation;
mod anchor;
mod bitmap;
mod block;
mod cs0;
pub mod descriptor;
mod directory;
mod entry;
mod extended_attributes;
mod file_set;
mod icb;
mod integrity;
mod metadata;
mod own_file;
mod partition;
pub mod partition_map;
mod recognition;
mod sequence;
pub mod space;
mod sparing;
mod stream;
mod survey;
mod symlink;
pub mod tag;
mod timestamp;
mod vat;
pub mod volume;
mod walk;
#[cfg(test)]
pub mod writer;

use std::collections::HashSet;

use super::extent::ExtentKind;
use super::scan::Scan;
use super::tree::{NodeKind, Tree, TreeKind};
use super::volume::{Volume, VolumeKind, sectors_for};
use crate::sector::Lba;
pub(super) use anchor::is_anchor;
pub(super) use survey::survey;

/// What a session holds of UDF.
#[derive(Debug, Default)]
pub struct Udf {
    pub volumes: Vec<Volume>,
    pub trees: Vec<Tree>,
    /// Where there is a volume.
    pub geometry: Option<Geometry>,
}

/// What is to be known of a volume to weigh its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Geometry {
    pub block_bytes: u32,
    /// Of a disc that is written bit by bit: its partition is as long as the medium.
    pub is_growing: bool,
}

/// The tree of the session that begins at `start`, unless `only` another one is wanted.
pub(super) fn read(scan: &mut Scan<'_>, start: Lba, only: Option<TreeKind>) -> Udf {
    let Some(found) = volume::find(scan, start) else { return Udf::default() };
    let kind = VolumeKind::Udf { revision: Some(found.revision) };
    let sectors = found.bytes.map(sectors_for);
    let volumes = vec![Volume { kind, label: found.label.clone(), sectors }];
    let is_wanted = only.is_none_or(|only| only == TreeKind::Udf);
    let trees: Vec<Tree> = if is_wanted { walk::walk(scan, &found).into_iter().collect() } else { Vec::new() };
    if scan.judges() {
        trees.iter().for_each(|tree| judge_use(scan, &found, tree));
    }
    let geometry = Geometry { block_bytes: found.space.block_bytes, is_growing: found.bytes.is_none() };
    Udf { volumes, trees, geometry: Some(geometry) }
}

/// What the volume says of its files, against the files. Where some could not be found, nothing can be said.
fn judge_use(scan: &mut Scan<'_>, volume: &volume::LogicalVolume, tree: &Tree) {
    let nodes = || tree.ids().map(|id| tree.node(id));
    if tree.is_cut() || nodes().any(|node| node.is_damaged) {
        return;
    }
    if let Some(integrity) = &volume.integrity {
        let counted = |wanted: bool| {
            let of_kind = nodes().filter(|node| (node.kind == NodeKind::Directory) == wanted);
            let records: Vec<u64> = of_kind.map(|node| node.record).collect();
            let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
            let names = count(records.len());
            integrity::Counted { names, entries: count(records.into_iter().collect::<HashSet<u64>>().len()) }
        };
        integrity::judge_counts(scan, integrity, counted(false), counted(true));
    }
    if volume.bitmaps.is_empty() {
        return;
    }
    let structures = scan.structures.all().iter().map(|known| (known.start, known.start.saturating_add(known.length)));
    let files = tree.ids().flat_map(|id| tree.extents(id)).filter(|extent| extent.kind != ExtentKind::Hole);
    let used: Vec<(u64, u64)> = structures.chain(files.map(|extent| (extent.start, extent.end()))).collect();
    bitmap::judge(scan, volume, &used);
}
