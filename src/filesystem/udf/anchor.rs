//! This module knows anchors: ECMA-167, 3/10.2, and where OSTA UDF 2.2.3 has them.

use super::descriptor::{Extent, VolumeDescriptor};
use super::tag::Tagged;
use crate::filesystem::scan::Scan;
use crate::filesystem::structure::StructureKind;
use crate::sector::Lba;

/// Blocks behind the start of a session.
pub const FIRST: u32 = 256;
/// That of optical discs first; the others are images of disks, or of careless writers.
const BLOCK_SIZES: [u32; 4] = [2048, 512, 1024, 4096];

/// What the first good anchor says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// The block size by which it stands where it says that it stands.
    pub block_bytes: u32,
    /// Absolute block.
    pub block: u32,
    pub main: Extent,
    pub reserve: Extent,
}

impl Anchor {
    /// The anchor that stands at a block, if there is one.
    pub fn read(scan: &mut Scan<'_>, block_bytes: u32, block: u32) -> Option<Self> {
        let at = u64::from(block).checked_mul(block_bytes.into())?;
        let bytes = scan.reader.bytes(at, block_bytes as usize).ok()?;
        match VolumeDescriptor::parse(&Tagged::parse(&bytes, block).ok()?).ok()? {
            VolumeDescriptor::Anchor { main, reserve } => Some(Self { block_bytes, block, main, reserve }),
            VolumeDescriptor::Primary { .. }
            | VolumeDescriptor::Pointer { .. }
            | VolumeDescriptor::ImplementationUse { .. }
            | VolumeDescriptor::UnallocatedSpace { .. }
            | VolumeDescriptor::Partition { .. }
            | VolumeDescriptor::Logical { .. }
            | VolumeDescriptor::Terminating
            | VolumeDescriptor::Other => None,
        }
    }

    /// In bytes.
    pub fn at(&self) -> u64 {
        u64::from(self.block).saturating_mul(self.block_bytes.into())
    }
}

/// The first good anchor of the session that begins at `start`. Unless UDF `is_announced`, only the usual place is
/// looked at.
pub fn find(scan: &mut Scan<'_>, start: Lba, is_announced: bool) -> Option<Anchor> {
    let sizes = if is_announced { BLOCK_SIZES.as_slice() } else { BLOCK_SIZES.split_at(1).0 };
    for &block_bytes in sizes {
        let session = u32::try_from(start.byte_offset() / u64::from(block_bytes)).ok()?;
        let found = session.checked_add(FIRST).and_then(|block| Anchor::read(scan, block_bytes, block));
        if let Some(anchor) = found {
            scan.structures.add(StructureKind::Anchor, anchor.at(), block_bytes.into());
            return Some(anchor);
        }
    }
    None
}
