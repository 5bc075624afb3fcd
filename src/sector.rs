//! This module knows how user data is counted: positions, amounts and ranges of 2048-byte sectors.

use std::fmt;
use std::str::FromStr;

/// Bytes of user data in a sector, on every disc this program reads.
pub const SECTOR_BYTES: usize = 2048;
const SECTOR_BYTES_U64: u64 = 2048;

/// The position of a sector, counted from the first of the disc.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Lba(pub u32);

impl Lba {
    /// Where this sector begins in an image, in bytes.
    pub fn byte_offset(self) -> u64 {
        u64::from(self.0) * SECTOR_BYTES_U64
    }

    /// The sector `count` further on; `None` past the last address there is.
    pub fn checked_add(self, count: SectorCount) -> Option<Lba> {
        self.0.checked_add(count.0).map(Lba)
    }

    /// The sector `count` further on, or the last address there is.
    pub fn saturating_add(self, count: SectorCount) -> Lba {
        Lba(self.0.saturating_add(count.0))
    }
}

impl fmt::Display for Lba {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An amount of sectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SectorCount(pub u32);

impl SectorCount {
    /// The same amount in bytes.
    pub fn bytes(self) -> u64 {
        u64::from(self.0) * SECTOR_BYTES_U64
    }

    /// The whole sectors in `bytes`; `None` where there are more than can be addressed (8 TiB).
    pub fn whole_in(bytes: u64) -> Option<SectorCount> {
        u32::try_from(bytes / SECTOR_BYTES_U64).ok().map(SectorCount)
    }

    pub fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl fmt::Display for SectorCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Consecutive sectors: `start` is the first, `end` the first that is no longer part of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SectorRange {
    start: Lba,
    end: Lba,
}

impl SectorRange {
    /// `start..end`; empty where `end` does not lie behind `start`.
    pub fn new(start: Lba, end: Lba) -> Self {
        Self { start, end: end.max(start) }
    }

    /// `count` sectors from `start` on, cut at the last address there is.
    pub fn with_count(start: Lba, count: SectorCount) -> Self {
        Self { start, end: start.saturating_add(count) }
    }

    /// All sectors of something that has `count` of them.
    pub fn first(count: SectorCount) -> Self {
        Self { start: Lba(0), end: Lba(count.0) }
    }

    pub fn start(self) -> Lba {
        self.start
    }

    pub fn end(self) -> Lba {
        self.end
    }

    pub fn count(self) -> SectorCount {
        SectorCount(self.end.0 - self.start.0)
    }

    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    pub fn contains(self, lba: Lba) -> bool {
        self.start <= lba && lba < self.end
    }

    /// What both have; `None` where that is nothing.
    pub fn intersection(self, other: SectorRange) -> Option<SectorRange> {
        let both = Self::new(self.start.max(other.start), self.end.min(other.end));
        (!both.is_empty()).then_some(both)
    }

    /// The part before `at` and the part from `at` on; one of them is empty where `at` lies outside.
    pub fn split_at(self, at: Lba) -> (SectorRange, SectorRange) {
        let at = at.clamp(self.start, self.end);
        (Self { start: self.start, end: at }, Self { start: at, end: self.end })
    }

    /// The same sectors in order, each once, and in as few ranges as possible.
    pub fn joined(mut ranges: Vec<SectorRange>) -> Vec<SectorRange> {
        ranges.sort();
        ranges.dedup_by(|next, before| {
            let joins = next.start <= before.end;
            if joins {
                before.end = before.end.max(next.end);
            }
            joins
        });
        ranges
    }

    /// What `ranges` and `others` both have, in the order of `ranges`. `others` are in order, and none reaches into the next.
    pub fn common(ranges: &[SectorRange], others: &[SectorRange]) -> Vec<SectorRange> {
        let in_one = |range: SectorRange| {
            let from = others.partition_point(|other| other.end <= range.start);
            let near = others.iter().skip(from).take_while(move |other| other.start < range.end);
            near.filter_map(move |other| range.intersection(*other))
        };
        ranges.iter().flat_map(|range| in_one(*range)).collect()
    }

    /// What `ranges` have and `others` have not, in the order of `ranges`. `others` are in order, and none reaches into the next.
    pub fn without(ranges: &[SectorRange], others: &[SectorRange]) -> Vec<SectorRange> {
        let mut left = Vec::new();
        for &range in ranges {
            let mut rest = range;
            for both in Self::common(&[range], others) {
                let (before, from) = rest.split_at(both.start);
                left.extend((!before.is_empty()).then_some(before));
                rest = from.split_at(both.end).1;
            }
            left.extend((!rest.is_empty()).then_some(rest));
        }
        left
    }

    /// The sectors in all of `ranges`, of which none reaches into another.
    pub fn count_of(ranges: &[SectorRange]) -> SectorCount {
        SectorCount(ranges.iter().map(|range| range.count().0).fold(0, u32::saturating_add))
    }

    /// Pieces of at most `count` sectors, in order; the last may be shorter.
    pub fn pieces(self, count: SectorCount) -> impl Iterator<Item = SectorRange> {
        let step = count.0.max(1);
        let mut rest = self;
        std::iter::from_fn(move || {
            let (piece, after) = rest.split_at(rest.start.saturating_add(SectorCount(step)));
            rest = after;
            (!piece.is_empty()).then_some(piece)
        })
    }
}

impl fmt::Display for SectorRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

/// Why a text is not a range of sectors.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a range of sectors: write FIRST..END, END not included, as in 16..48")]
pub struct NotARange {
    text: String,
}

impl FromStr for SectorRange {
    type Err = NotARange;

    fn from_str(text: &str) -> Result<Self, NotARange> {
        let parsed = || {
            let (start, end) = text.split_once("..")?;
            let (start, end) = (start.trim().parse().ok()?, end.trim().parse().ok()?);
            (start < end).then_some(Self { start: Lba(start), end: Lba(end) })
        };
        parsed().ok_or_else(|| NotARange { text: text.to_owned() })
    }
}

/// Why sectors could not be had from a [`SectorSource`].
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The source ends before the sector asked for.
    #[error("sector {at} lies beyond the end")]
    Beyond { at: Lba },
    /// The sector is there, but its bytes cannot be had.
    #[error("sector {at} cannot be read")]
    Unreadable { at: Lba },
    /// The source itself failed; asking for other sectors is of no use.
    #[error("reading failed at sector {at}")]
    Failed { at: Lba, source: Box<dyn std::error::Error + Send + Sync> },
}

/// Anything that has sectors: an image file and a drive both are one.
pub trait SectorSource {
    /// How many there are, as far as the source knows.
    fn sector_count(&self) -> SectorCount;

    /// Fills `buffer`, whose length is a multiple of [`SECTOR_BYTES`], with the sectors from `start` on.
    /// After an error nothing in `buffer` means anything.
    fn read_sectors(&mut self, start: Lba, buffer: &mut [u8]) -> Result<(), SourceError>;

    /// Another reader of the same sectors, for another thread. `None` where reading in two places by turns costs more than
    /// reading here and then there, as it does where a head has to move.
    fn another(&self) -> Option<Box<dyn SectorSource + Send>> {
        None
    }
}

/// Bytes in memory are a source too; what is left of the last sector is not one.
impl SectorSource for &[u8] {
    fn sector_count(&self) -> SectorCount {
        SectorCount::whole_in(self.len() as u64).unwrap_or(SectorCount(u32::MAX))
    }

    fn read_sectors(&mut self, start: Lba, buffer: &mut [u8]) -> Result<(), SourceError> {
        let found =
            usize::try_from(start.byte_offset()).ok().and_then(|from| self.get(from..from.checked_add(buffer.len())?));
        buffer.copy_from_slice(found.ok_or(SourceError::Beyond { at: start })?);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_range_is_written_with_two_dots() {
        assert_eq!("16..48".parse(), Ok(SectorRange::new(Lba(16), Lba(48))));
        for wrong in ["", "16", "16-48", "48..16", "5..5", "-1..4", "1..99999999999"] {
            assert!(wrong.parse::<SectorRange>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn memory_ends_where_its_last_whole_sector_ends() {
        let bytes = vec![7; 3 * SECTOR_BYTES + 5];
        let mut source = bytes.as_slice();
        assert_eq!(source.sector_count(), SectorCount(3));
        let mut buffer = vec![0; SECTOR_BYTES];
        assert!(source.read_sectors(Lba(2), &mut buffer).is_ok());
        assert!(matches!(source.read_sectors(Lba(3), &mut buffer), Err(SourceError::Beyond { at: Lba(3) })));
        assert!(source.read_sectors(Lba(u32::MAX), &mut buffer).is_err());
    }

    #[test]
    fn ranges_are_cut_by_others_in_their_own_order() {
        let ranges = |list: &[(u32, u32)]| -> Vec<_> {
            list.iter().map(|&(start, end)| SectorRange::new(Lba(start), Lba(end))).collect()
        };
        let (mine, others) = (ranges(&[(50, 90), (0, 40)]), ranges(&[(5, 10), (10, 12), (30, 60), (80, 200)]));
        assert_eq!(SectorRange::common(&mine, &others), ranges(&[(50, 60), (80, 90), (5, 10), (10, 12), (30, 40)]));
        assert_eq!(SectorRange::without(&mine, &others), ranges(&[(60, 80), (0, 5), (12, 30)]));
        assert_eq!(SectorRange::without(&mine, &[]), mine);
        assert_eq!(SectorRange::common(&mine, &[]), []);
    }

    proptest! {
        #[test]
        fn what_is_common_and_what_is_not_are_the_whole(cuts in proptest::collection::vec(0..500_u32, 0..40)) {
            let mut cuts = cuts;
            cuts.sort_unstable();
            let (others, _) = cuts.as_chunks::<2>();
            let others = others.iter().map(|&[a, b]| SectorRange::new(Lba(a), Lba(b))).filter(|r| !r.is_empty());
            let others = SectorRange::joined(others.collect());
            let whole = [SectorRange::new(Lba(100), Lba(400))];
            let (common, without) = (SectorRange::common(&whole, &others), SectorRange::without(&whole, &others));
            prop_assert_eq!(SectorRange::count_of(&common).0 + SectorRange::count_of(&without).0, 300);
            prop_assert_eq!(SectorRange::joined([common, without].concat()), whole);
        }

        #[test]
        fn pieces_are_the_whole(start in any::<u32>(), count in 0..10_000_u32, step in 0..700_u32) {
            let whole = SectorRange::with_count(Lba(start), SectorCount(count));
            let mut next = whole.start();
            for piece in whole.pieces(SectorCount(step)) {
                prop_assert_eq!(piece.start(), next);
                prop_assert!(piece.count().0 <= step.max(1));
                next = piece.end();
            }
            prop_assert_eq!(next, whole.end());
        }
    }
}
