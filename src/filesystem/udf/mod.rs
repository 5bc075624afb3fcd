//! This module knows UDF: ECMA-167 as OSTA's Universal Disk Format 1.02 to 2.60 narrows it.

mod anchor;
pub mod descriptor;
mod partition;
pub mod partition_map;
mod recognition;
mod sequence;
pub mod space;
mod survey;
pub mod tag;
pub mod volume;
mod walk;
#[cfg(test)]
pub mod writer;

use super::scan::Scan;
use super::tree::{Tree, TreeKind};
use super::volume::{Volume, VolumeKind};
use crate::sector::Lba;
pub(super) use survey::survey;

/// What a session holds of UDF.
#[derive(Debug, Default)]
pub struct Udf {
    pub volumes: Vec<Volume>,
    pub trees: Vec<Tree>,
}

/// The tree of the session that begins at `start`, unless `only` another one is wanted.
pub(super) fn read(scan: &mut Scan<'_>, start: Lba, only: Option<TreeKind>) -> Udf {
    let Some(found) = volume::find(scan, start) else { return Udf::default() };
    let kind = VolumeKind::Udf { revision: Some(found.revision) };
    let volumes = vec![Volume { kind, label: found.label.clone(), sectors: None }];
    let is_wanted = only.is_none_or(|only| only == TreeKind::Udf);
    let trees = if is_wanted { walk::walk(scan, &found).into_iter().collect() } else { Vec::new() };
    Udf { volumes, trees }
}
