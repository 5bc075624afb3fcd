//! This module knows the table that a loader finds in its own boot image: where it lies, how long it is, and its sum.

use crate::bytes::{Cursor, Truncated};
use crate::filesystem::reader::ReadError;
use crate::filesystem::scan::Scan;

/// Where it stands in the image, and how long it is with its reserved bytes: the sum is of what follows.
const OFFSET: u64 = 8;
const SUMMED_FROM: u64 = 64;
/// No loader is so long.
const MOST_BYTES: u64 = 64 << 20;

/// The table that mkisofs was the first to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BootInfo {
    /// Sector of the primary descriptor.
    pub primary: u32,
    /// Sector of the boot image itself.
    pub own: u32,
    /// Of the boot image, in bytes.
    pub length: u32,
    /// Of its little-endian words from byte 64 on, the last one filled up with zeros.
    pub sum: u32,
}

impl BootInfo {
    fn parse(bytes: &[u8]) -> Result<Self, Truncated> {
        let mut b = Cursor::new(bytes, "boot information");
        Ok(Self { primary: b.le_u32()?, own: b.le_u32()?, length: b.le_u32()?, sum: b.le_u32()? })
    }

    /// The one in the boot image at byte `start`, where there is one that speaks of this place.
    pub fn read(scan: &mut Scan<'_>, start: u64, own: u32, primaries: &[u32]) -> Option<Self> {
        let bytes: [u8; 16] = scan.reader.array(start.checked_add(OFFSET)?).ok()?;
        let table = Self::parse(&bytes).ok()?;
        (table.own == own && primaries.contains(&table.primary)).then_some(table)
    }

    /// The sum of what stands there; `None` where it is longer than any loader.
    pub fn sum_of(&self, scan: &mut Scan<'_>, start: u64) -> Result<Option<u32>, ReadError> {
        if u64::from(self.length) > MOST_BYTES {
            return Ok(None);
        }
        let end = start.saturating_add(self.length.into());
        let mut at = start.saturating_add(SUMMED_FROM);
        let mut sum = 0_u32;
        let mut piece = [0; 2048];
        while at < end {
            let count = usize::try_from(end - at).unwrap_or(piece.len()).min(piece.len());
            piece.fill(0);
            scan.reader.read(at, piece.get_mut(..count).unwrap_or_default())?;
            let (words, _) = piece.as_chunks::<4>();
            sum = words.iter().map(|&word| u32::from_le_bytes(word)).fold(sum, u32::wrapping_add);
            at = at.saturating_add(count as u64);
        }
        Ok(Some(sum))
    }
}
