//! This module knows when failures are the drive's and not the disc's.
//!
//! A drive that has left or gone mad fails every read. So failures in a row are only suspected at first: a sector
//! known good is read again before they are called bad.

use crate::sector::{Lba, SectorCount, SectorRange};

/// So many failures in a row are looked into for the first time,
const FIRST_CHECK: u32 = 3;
/// and then after so many more each time: a long scratch is no reason to leave it over and over.
const LATER_CHECKS: u32 = 64;

/// Sectors that failed since the last one that was read.
#[derive(Debug)]
pub struct Suspects {
    pending: Vec<SectorRange>,
    in_a_row: u32,
    check_at: u32,
}

impl Suspects {
    pub fn new() -> Self {
        Self { pending: Vec::new(), in_a_row: 0, check_at: FIRST_CHECK }
    }

    /// `at` failed. True where it is time to read a sector known good.
    pub fn add(&mut self, at: Lba) -> bool {
        match self.pending.last_mut() {
            Some(last) if last.end() == at => {
                *last = SectorRange::new(last.start(), at.saturating_add(SectorCount(1)));
            }
            _ => self.pending.push(SectorRange::with_count(at, SectorCount(1))),
        }
        self.in_a_row = self.in_a_row.saturating_add(1);
        self.in_a_row >= self.check_at
    }

    pub fn is_empty(&self) -> bool {
        self.pending.is_empty()
    }

    /// The first of them.
    pub fn first(&self) -> Option<Lba> {
        self.pending.first().map(|range| range.start())
    }

    /// A sector in the row was read: the drive is well, and what failed is bad.
    pub fn convict_after_success(&mut self) -> Vec<SectorRange> {
        self.in_a_row = 0;
        self.check_at = FIRST_CHECK;
        std::mem::take(&mut self.pending)
    }

    /// A sector known good was read again: what failed is bad, and the row goes on.
    pub fn convict_after_check(&mut self) -> Vec<SectorRange> {
        self.check_at = self.in_a_row.saturating_add(LATER_CHECKS);
        std::mem::take(&mut self.pending)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_in_a_row_are_looked_into() {
        let mut suspects = Suspects::new();
        assert_eq!([5, 6, 9].map(|n| suspects.add(Lba(n))), [false, false, true]);
        let bad = suspects.convict_after_check();
        assert_eq!(bad, [SectorRange::new(Lba(5), Lba(7)), SectorRange::new(Lba(9), Lba(10))]);
        assert!(suspects.is_empty());
        assert_eq!((10..74).filter(|&n| suspects.add(Lba(n))).collect::<Vec<_>>(), [73]);
    }

    #[test]
    fn a_good_sector_ends_the_row() {
        let mut suspects = Suspects::new();
        suspects.add(Lba(1));
        suspects.add(Lba(2));
        assert_eq!(suspects.convict_after_success(), [SectorRange::new(Lba(1), Lba(3))]);
        assert!(!suspects.add(Lba(4)));
    }
}
