//! This module knows the way from a session's volume descriptors to its trees.

use crate::filesystem::boot::BootCatalogue;
use crate::filesystem::image::Session;
use crate::filesystem::scan::Scan;
use crate::filesystem::tree::{Tree, TreeKind};
use crate::filesystem::volume::Volume;
use crate::sector::Lba;

/// What a session holds of ISO 9660.
#[derive(Debug, Default)]
pub struct Iso {
    pub volumes: Vec<Volume>,
    pub trees: Vec<Tree>,
    pub boot: Option<BootCatalogue>,
}

/// The sessions that `starts` and the image itself tell of.
pub(in crate::filesystem) fn sessions(_scan: &mut Scan<'_>, _starts: &[Lba]) -> Vec<Session> {
    Vec::new()
}

/// The trees of the session that begins at `start`: `only` that one, or where all is judged all of them, or else the best.
pub(in crate::filesystem) fn read(_scan: &mut Scan<'_>, _start: Lba, _only: Option<TreeKind>) -> Iso {
    Iso::default()
}
