//! This module knows a recordable disc on which nothing is written yet.

use super::{Disc, DiscKind, DiscState, Layout, Made, Stretch};
use crate::sector::{Lba, SectorCount, SourceError};

/// A blank disc: it can be asked about, and not be read.
#[derive(Debug)]
pub struct Blank {
    kind: DiscKind,
    layout: Layout,
}

impl Blank {
    pub fn new(kind: DiscKind) -> Self {
        Self { kind, layout: Layout { state: DiscState::Blank, tracks: Vec::new(), end: Lba(0) } }
    }

    /// Whether a disc of this kind can be blank.
    pub fn exists(kind: DiscKind) -> bool {
        kind.made() == Made::Recordable
    }

    /// Sectors that can be written.
    pub fn free(kind: DiscKind) -> SectorCount {
        match kind {
            // What control data tell is a little more than what can be written.
            DiscKind::DvdR => SectorCount(2_297_888),
            DiscKind::CdR => SectorCount(359_847),
            other => other.layer_capacity(),
        }
    }
}

impl Disc for Blank {
    fn kind(&self) -> DiscKind {
        self.kind
    }

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn stretch(&self, _at: Lba) -> Option<Stretch> {
        None
    }

    fn read(&mut self, start: Lba, _buffer: &mut [u8]) -> Result<(), SourceError> {
        Err(SourceError::Beyond { at: start })
    }
}
