//! This module knows which sectors of an image are there and which are not, as ddrescue keeps it.

use std::collections::BTreeMap;

use crate::sector::{Lba, SectorCount, SectorRange};

#[cfg(test)]
mod tests;
mod text;

pub use text::MapError;

/// What became of a block, in ddrescue's words. The order is that of [`BlockStatus::ALL`]: further down weighs more where
/// one sector has several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BlockStatus {
    /// Read, and in the image.
    Finished,
    NonTried,
    /// A larger read that covers it failed.
    NonTrimmed,
    /// Its edges were tried, its inside was not.
    NonScraped,
    /// Every try of this very sector failed.
    BadSector,
}

impl BlockStatus {
    pub const ALL: [BlockStatus; 5] = [
        BlockStatus::Finished,
        BlockStatus::NonTried,
        BlockStatus::NonTrimmed,
        BlockStatus::NonScraped,
        BlockStatus::BadSector,
    ];
}

/// What was being done when the map was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    Copying,
    Trimming,
    Scraping,
    Retrying,
    Filling,
    Generating,
    Finished,
}

/// Consecutive sectors of one status; its neighbours have another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    pub range: SectorRange,
    pub status: BlockStatus,
}

/// The state of every sector of an image. Marking costs the logarithm of the number of blocks, in any order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RescueMap {
    sectors: SectorCount,
    /// Where each block starts. Neighbours differ; the first starts at 0, if there is any sector.
    starts: BTreeMap<Lba, BlockStatus>,
    position: Lba,
    phase: Phase,
    pass: u32,
    notes: BTreeMap<String, String>,
    comments: Vec<Vec<u8>>,
}

impl RescueMap {
    /// A map of `sectors` sectors that nobody has tried yet.
    pub fn new(sectors: SectorCount) -> Self {
        let starts = (!sectors.is_zero()).then_some((Lba(0), BlockStatus::NonTried)).into_iter().collect();
        Self {
            sectors,
            starts,
            position: Lba(0),
            phase: Phase::Copying,
            pass: 1,
            notes: BTreeMap::new(),
            comments: Vec::new(),
        }
    }

    /// How many sectors the map speaks of.
    pub fn sectors(&self) -> SectorCount {
        self.sectors
    }

    /// Cuts the map, or makes it longer by sectors that nobody has tried.
    pub fn fit(&mut self, sectors: SectorCount) {
        let before = self.sectors;
        self.sectors = sectors;
        if sectors < before {
            self.starts.split_off(&Lba(sectors.0));
        } else {
            let added = SectorRange::new(Lba(before.0), Lba(sectors.0));
            if !added.is_empty() {
                // The last block reaches as far as the map does, hence also over what was added.
                self.starts.entry(Lba(0)).or_insert(BlockStatus::NonTried);
                self.mark(added, BlockStatus::NonTried);
            }
        }
    }

    /// Gives all sectors of `range` this status; those beyond the end of the map do not exist.
    pub fn mark(&mut self, range: SectorRange, status: BlockStatus) {
        let Some(range) = range.intersection(SectorRange::first(self.sectors)) else { return };
        let before = self.starts.range(..range.start()).next_back().map(|(_, &status)| status);
        let after = self.status_at(range.end());
        while let Some((&inside, _)) = self.starts.range(range.start()..=range.end()).next() {
            self.starts.remove(&inside);
        }
        if before != Some(status) {
            self.starts.insert(range.start(), status);
        }
        if let Some(after) = after.filter(|&after| after != status) {
            self.starts.insert(range.end(), after);
        }
    }

    /// `None` beyond the end.
    pub fn status_at(&self, lba: Lba) -> Option<BlockStatus> {
        let inside = lba.0 < self.sectors.0;
        self.starts.range(..=lba).next_back().filter(|_| inside).map(|(_, &status)| status)
    }

    /// All blocks in order; together they are the whole map.
    pub fn blocks(&self) -> impl Iterator<Item = Block> {
        let ends = self.starts.keys().skip(1).copied().chain([Lba(self.sectors.0)]);
        self.starts
            .iter()
            .zip(ends)
            .map(|((&start, &status), end)| Block { range: SectorRange::new(start, end), status })
    }

    /// The blocks of one status.
    pub fn ranges(&self, status: BlockStatus) -> impl Iterator<Item = SectorRange> {
        self.blocks().filter(move |block| block.status == status).map(|block| block.range)
    }

    /// How many sectors have this status.
    pub fn count(&self, status: BlockStatus) -> SectorCount {
        SectorCount(self.ranges(status).fold(0, |sum: u32, range| sum.saturating_add(range.count().0)))
    }

    /// Whatever is not in the image, for whichever reason: as few ranges as possible, in order.
    pub fn missing(&self) -> impl Iterator<Item = SectorRange> {
        self.joined(|status| status != BlockStatus::Finished)
    }

    /// What is not in the image, but for sectors that are known to be bad: as few ranges as possible, in order.
    pub fn untried(&self) -> impl Iterator<Item = SectorRange> {
        self.joined(|status| !matches!(status, BlockStatus::Finished | BlockStatus::BadSector))
    }

    fn joined(&self, wanted: impl Fn(BlockStatus) -> bool) -> impl Iterator<Item = SectorRange> {
        let mut blocks = self.blocks().filter(move |block| wanted(block.status)).peekable();
        std::iter::from_fn(move || {
            let mut range = blocks.next()?.range;
            while let Some(next) = blocks.next_if(|next| next.range.start() == range.end()) {
                range = SectorRange::new(range.start(), next.range.end());
            }
            Some(range)
        })
    }

    /// How many sectors are not in the image.
    pub fn missing_count(&self) -> SectorCount {
        SectorCount(self.sectors.0.saturating_sub(self.count(BlockStatus::Finished).0))
    }

    /// Every sector is in the image.
    pub fn is_complete(&self) -> bool {
        self.blocks().all(|block| block.status == BlockStatus::Finished)
    }

    /// Where the work stands, and what it is; `pass` counts from 1.
    pub fn set_progress(&mut self, position: Lba, phase: Phase, pass: u32) {
        (self.position, self.phase, self.pass) = (position, phase, pass);
    }

    pub fn position(&self) -> Lba {
        self.position
    }

    pub fn phase(&self) -> Phase {
        self.phase
    }

    pub fn pass(&self) -> u32 {
        self.pass
    }

    /// One of our own comment lines. ddrescue drops them when it writes the map.
    pub fn note(&self, key: &str) -> Option<&str> {
        self.notes.get(key).map(String::as_str)
    }

    /// Sets one of our own comment lines. Of `key` only letters, digits, `_` and `-` remain; `value` may be any text.
    pub fn set_note(&mut self, key: &str, value: &str) {
        let key = key.chars().filter(|&c| text::is_of_a_key(c)).collect::<String>();
        if !key.is_empty() {
            self.notes.insert(key, value.to_owned());
        }
    }

    /// All our own comment lines, in the order of their keys.
    pub fn notes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.notes.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }
}
