//! This module knows how the two copies of a GUID partition table are found, and which of them is believed.

use super::copy::Copy;
use crate::filesystem::hybrid::BLOCK;
use crate::filesystem::scan::Scan;

/// Blocks of a hard disk, and of an optical disc.
const BLOCK_SIZES: [u64; 2] = [BLOCK, 2048];

/// What there is of a table.
#[derive(Debug)]
pub(in crate::filesystem::hybrid) struct Pair {
    pub block_bytes: u64,
    pub primary: Option<Copy>,
    /// The one that the primary leads to, or that was found at the end without it.
    pub backup: Option<Copy>,
}

impl Pair {
    /// `protected`: the byte at which the master boot record says that the table's disk ends.
    pub fn find(scan: &mut Scan<'_>, protected: Option<u64>) -> Option<Self> {
        let found = BLOCK_SIZES.into_iter().find_map(|size| Some((size, Copy::read(scan, 1, size)?)));
        let (block_bytes, primary) = match found {
            Some((block_bytes, primary)) => (block_bytes, Some(primary)),
            None => (BLOCK, None),
        };
        let mut pair = Self { block_bytes, primary, backup: None };
        let sound = pair.primary.as_ref().filter(|primary| primary.is_sound()).map(|primary| primary.header.alternate);
        match sound {
            Some(alternate) if scan.judges() => pair.backup = Copy::read(scan, alternate, block_bytes),
            Some(_) => {}
            None => pair.backup = pair.search(scan, protected),
        }
        (pair.primary.is_some() || pair.backup.is_some()).then_some(pair)
    }

    /// A sound copy in the places where it may be.
    fn search(&self, scan: &mut Scan<'_>, protected: Option<u64>) -> Option<Copy> {
        let is_expected = self.primary.is_some() || protected.is_some();
        if !is_expected && !scan.judges() {
            return None;
        }
        let last = |bytes: u64| (bytes / self.block_bytes).checked_sub(1);
        let alternate = self.primary.as_ref().map(|primary| primary.header.alternate);
        let places = [last(scan.reader.length()), alternate, protected.and_then(last)];
        let mut places: Vec<u64> = places.into_iter().flatten().filter(|block| *block > 1).collect();
        places.dedup();
        places.into_iter().find_map(|block| Copy::read(scan, block, self.block_bytes).filter(Copy::is_sound))
    }

    /// The copy whose entries are the table.
    pub fn believed(&self) -> Option<&Copy> {
        let sound = [&self.primary, &self.backup].into_iter().flatten().find(|copy| copy.is_sound());
        sound.or(self.primary.as_ref())
    }

    /// How long the image should be, in bytes, as far as a sound header says so.
    pub fn end(&self) -> Option<u64> {
        let of = |copy: &Copy| {
            let header = &copy.header;
            let last = header.own.max(header.alternate);
            header.is_sound().then(|| last.saturating_add(1).saturating_mul(self.block_bytes))
        };
        let both = [self.believed(), self.primary.as_ref(), self.backup.as_ref()];
        both.into_iter().flatten().find_map(of)
    }
}
