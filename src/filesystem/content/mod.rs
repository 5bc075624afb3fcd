//! This module knows the content of a file: its bytes through all its extents, and what of them cannot be had.

mod packed;
mod sectors;
#[cfg(test)]
mod tests;
pub mod zisofs;

pub use sectors::Sectors;

use packed::Packed;

use super::extent::{Extent, ExtentKind, Extents};
use super::tree::{Encoding, NodeId, Tree};
use crate::sector::SourceError;

/// The least that a buffer for content must hold, in bytes: a sector, and another where bytes begin within one.
pub const LEAST_BUFFER: usize = 2 * crate::sector::SECTOR_BYTES;

/// Consecutive bytes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// So many, which stand at the front of the buffer.
    Bytes(usize),
    /// So many zeros, for which no space is kept on the disc.
    Zeros(u64),
    /// So many that cannot be had.
    Lost { length: u64, why: Lost },
}

impl Part {
    /// In bytes of the file; never 0.
    pub fn length(self) -> u64 {
        match self {
            Part::Bytes(length) => length as u64,
            Part::Zeros(length) | Part::Lost { length, .. } => length,
        }
    }
}

/// Why bytes of a file cannot be had. `Display` is a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Lost {
    #[error("the image ends before them")]
    BeyondEnd,
    #[error("their sectors cannot be read")]
    Unreadable,
    /// The file is longer than what its extents have.
    #[error("nothing says where they are")]
    Nowhere,
    #[error("they cannot be unpacked")]
    NotUnpacked,
}

/// Where the bytes of one file are.
pub struct Content<'t> {
    stored: Stored<'t>,
    packing: Packing,
    /// In bytes, as one reads it.
    size: u64,
}

enum Packing {
    None,
    Zisofs(Box<Packed>),
    /// Compressed so that nothing of it can be had.
    Unknown,
}

/// The bytes of a file as they are kept.
struct Stored<'t> {
    extents: Extents<'t>,
    /// By extent: the byte of the file behind its last one.
    ends: Vec<u64>,
}

impl<'t> Content<'t> {
    /// That of a file, or of a directory: its records.
    pub fn of(tree: &'t Tree, id: NodeId) -> Self {
        Self::new(tree.extents(id), tree.node(id).size, tree.encoding(id))
    }

    /// That of a file as it is kept, which of a compressed one is not what one reads.
    pub fn stored(tree: &'t Tree, id: NodeId) -> Self {
        let size = match tree.encoding(id) {
            Encoding::Plain => tree.node(id).size,
            Encoding::Zisofs(zisofs) => zisofs.stored,
        };
        Self::new(tree.extents(id), size, Encoding::Plain)
    }

    /// That of what is no file: `size` bytes of `extents`.
    pub fn of_extents(extents: &'t [Extent], size: u64) -> Self {
        Self::new(extents.into(), size, Encoding::Plain)
    }

    fn new(extents: Extents<'t>, size: u64, encoding: Encoding) -> Self {
        let mut end = 0_u64;
        let ends = extents.iter().map(|extent| {
            end = end.saturating_add(extent.length);
            end
        });
        let packing = match encoding {
            Encoding::Plain => Packing::None,
            Encoding::Zisofs(zisofs) => {
                Packed::new(zisofs, size).map_or(Packing::Unknown, |packed| Packing::Zisofs(Box::new(packed)))
            }
        };
        Self { stored: Stored { extents, ends: ends.collect() }, packing, size }
    }

    /// In bytes, as one reads it.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// What it costs whom it is given to, in bytes: holes are free.
    pub fn cost(&self) -> u64 {
        match self.packing {
            Packing::None => {
                self.stored.recorded().map(|extent| extent.length).fold(0, u64::saturating_add).min(self.size)
            }
            Packing::Zisofs(_) => self.size,
            Packing::Unknown => 0,
        }
    }

    /// The first byte of the image that is read for it; `None` where none is.
    pub fn start(&self) -> Option<u64> {
        self.stored.recorded().next().map(|extent| extent.start).filter(|_| self.size > 0)
    }

    /// Where byte `at` of the file stands in the image, in bytes, as far as anything says so.
    pub fn place_of(&self, at: u64) -> Option<u64> {
        match self.packing {
            Packing::None => self.stored.place_of(at),
            Packing::Zisofs(_) | Packing::Unknown => None,
        }
    }

    /// What stands at byte `at` of the file, as far as `buffer` goes, which has [`LEAST_BUFFER`] bytes at least; `None`
    /// at its end. Only where the source fails altogether, that is an error.
    pub fn part_at(&mut self, at: u64, from: &mut Sectors<'_>, buffer: &mut [u8]) -> Result<Option<Part>, SourceError> {
        let Some(left) = self.size.checked_sub(at).filter(|left| *left > 0) else { return Ok(None) };
        match &mut self.packing {
            Packing::None => self.stored.part_at(at, left, from, buffer).map(Some),
            Packing::Zisofs(packed) => packed.part_at(at, &self.stored, from, buffer).map(Some),
            Packing::Unknown => Ok(Some(Part::Lost { length: left, why: Lost::NotUnpacked })),
        }
    }
}

impl Stored<'_> {
    fn recorded(&self) -> impl Iterator<Item = &Extent> {
        self.extents.iter().filter(|extent| extent.kind == ExtentKind::Recorded && extent.length > 0)
    }

    /// The extent that has byte `at`, and the byte of the file behind its last one.
    fn extent_at(&self, at: u64) -> Option<(&Extent, u64)> {
        let index = self.ends.partition_point(|end| *end <= at);
        Some((self.extents.get(index)?, *self.ends.get(index)?))
    }

    fn place_of(&self, at: u64) -> Option<u64> {
        let (extent, end) = self.extent_at(at)?;
        let is_there = extent.kind == ExtentKind::Recorded;
        is_there.then(|| extent.end().saturating_sub(end.saturating_sub(at)))
    }

    /// What stands at byte `at`, `left` bytes at most.
    fn part_at(&self, at: u64, left: u64, from: &mut Sectors<'_>, buffer: &mut [u8]) -> Result<Part, SourceError> {
        let Some((extent, end)) = self.extent_at(at) else {
            return Ok(Part::Lost { length: left, why: Lost::Nowhere });
        };
        let in_extent = end.saturating_sub(at);
        let wanted = in_extent.min(left);
        match extent.kind {
            ExtentKind::Unrecorded | ExtentKind::Hole => Ok(Part::Zeros(wanted)),
            ExtentKind::Recorded => {
                let offset = extent.length.saturating_sub(in_extent);
                from.read(extent.start.saturating_add(offset), wanted, buffer)
            }
        }
    }
}
