//! This module knows how a node is kept in little memory: a disc has hundreds of thousands.

use super::{NodeId, NodeKind};
use crate::filesystem::extent::{Extent, ExtentKind};
use crate::filesystem::timestamp::Timestamp;
use crate::sector::SECTOR_BYTES;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slot {
    pub size: u64,
    pub record: u64,
    pub modified: Moment,
    pub parent: NodeId,
    pub name_start: u32,
    pub extents: Place,
    /// The root is nobody's child, so that 0 is none.
    pub last_child: NodeId,
    /// Of the last child: the first one.
    pub next_sibling: NodeId,
    /// Where its rights and owner are kept, or [`NONE`].
    pub posix: u32,
    pub name_length: u16,
    pub kind: NodeKind,
    pub is_damaged: bool,
}

pub(super) const NONE: u32 = u32::MAX;

/// Part of one of the tree's stores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Span {
    pub start: u32,
    pub length: u32,
}

/// Where the extents of a node are kept. Most files have one, which begins a sector and has all their bytes: that needs no
/// store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// In the store, or the sector where the only one begins.
    start: u32,
    /// How many, or [`Place::ALONE`].
    count: u32,
}

impl Place {
    const ALONE: u32 = u32::MAX;

    /// `None` where they need the store.
    pub fn alone(extents: &[Extent], size: u64) -> Option<Self> {
        let &[Extent { start, length, kind: ExtentKind::Recorded }] = extents else { return None };
        if length != size || !start.is_multiple_of(SECTOR_BYTES as u64) {
            return None;
        }
        Some(Self { start: u32::try_from(start / SECTOR_BYTES as u64).ok()?, count: Self::ALONE })
    }

    pub fn stored(span: Span) -> Self {
        Self { start: span.start, count: span.length.min(Self::ALONE - 1) }
    }

    /// The only one of a file of `size` bytes, where it is not in the store.
    pub fn extent(self, size: u64) -> Option<Extent> {
        (self.count == Self::ALONE).then(|| Extent::recorded(u64::from(self.start) * SECTOR_BYTES as u64, size))
    }

    /// Those that are in the store.
    pub fn span(self) -> Span {
        Span { start: self.start, length: if self.count == Self::ALONE { 0 } else { self.count } }
    }
}

/// Microseconds since 1970, as finely as any filesystem of a disc tells time; or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment(i64);

impl Moment {
    const UNKNOWN: Self = Self(i64::MIN);
    const PER_SECOND: i64 = 1_000_000;

    pub fn of(timestamp: Option<Timestamp>) -> Self {
        let micros = |timestamp: Timestamp| {
            let part = i64::from(timestamp.nanoseconds / 1000);
            timestamp.seconds.checked_mul(Self::PER_SECOND)?.checked_add(part)
        };
        timestamp.and_then(micros).map_or(Self::UNKNOWN, Self)
    }

    pub fn timestamp(self) -> Option<Timestamp> {
        let nanoseconds = u32::try_from(self.0.rem_euclid(Self::PER_SECOND)).ok()?.checked_mul(1000)?;
        (self != Self::UNKNOWN).then(|| Timestamp { seconds: self.0.div_euclid(Self::PER_SECOND), nanoseconds })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_is_small() {
        assert_eq!(size_of::<Slot>(), 56);
    }

    #[test]
    fn only_an_extent_that_is_all_of_a_file_needs_no_store() {
        let alone = |start, length, size| Place::alone(&[Extent::recorded(start, length)], size);
        assert_eq!(alone(4096, 5, 5).unwrap().extent(5), Some(Extent::recorded(4096, 5)));
        assert_eq!(alone(4096, 5, 6), None);
        assert_eq!(alone(4097, 5, 5), None);
        assert_eq!(alone(1 << 43, 5, 5), None);
        assert_eq!(Place::alone(&[Extent { kind: ExtentKind::Unrecorded, ..Extent::recorded(0, 5) }], 5), None);
        assert_eq!(Place::stored(Span { start: 3, length: 2 }).extent(5), None);
    }

    #[test]
    fn a_moment_is_kept_to_the_microsecond() {
        for time in [(-1, 999_999_000), (0, 0), (951_825_600, 1000)] {
            let time = Timestamp { seconds: time.0, nanoseconds: time.1 };
            assert_eq!(Moment::of(Some(time)).timestamp(), Some(time));
        }
        assert_eq!(Moment::of(None).timestamp(), None);
        assert_eq!(Moment::of(Some(Timestamp { seconds: i64::MAX, nanoseconds: 0 })).timestamp(), None);
    }
}
