//! This module knows the way from a UDF volume's file set to its tree.

use super::volume::LogicalVolume;
use crate::filesystem::scan::Scan;
use crate::filesystem::tree::Tree;

/// `None` where not even the root can be found.
pub(super) fn walk(_scan: &mut Scan<'_>, _volume: &LogicalVolume) -> Option<Tree> {
    None
}
