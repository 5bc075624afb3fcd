//! This module knows why a trip over a disc cannot go on.

use crate::drive::{DriveError, Protection};
use crate::sector::{Lba, SectorCount, SectorRange};

/// Why no more sectors can be had; what was read is good.
#[derive(Debug, thiserror::Error)]
pub enum TripError {
    /// The drive cannot go on; `at` is where it was.
    #[error("reading stopped at sector {at}")]
    Stopped { at: Lba, source: DriveError },
    /// Not even a sector that it read before reads again.
    #[error("the drive reads nothing any more, from sector {at} on not even what it read before")]
    DriveWentMad { at: Lba },
    #[error("sectors from {at} on are protected by {protection}")]
    Protected { at: Lba, protection: Protection },
}

/// None of the sectors that were asked for are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("none of the sectors that were asked for are there: there are {sectors}, counted from 0")]
pub struct OutOfRange {
    pub sectors: SectorCount,
}

/// The sectors to read of so many, in order, each once: those asked for, or all where none were.
///
/// # Errors
/// Where none are there.
pub fn sectors_asked_for(asked: &[SectorRange], sectors: SectorCount) -> Result<Vec<SectorRange>, OutOfRange> {
    let whole = SectorRange::first(sectors);
    if asked.is_empty() {
        return Ok(vec![whole]);
    }
    let there = SectorRange::joined(asked.iter().filter_map(|range| range.intersection(whole)).collect());
    if there.is_empty() { Err(OutOfRange { sectors }) } else { Ok(there) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_read_once_and_in_order() {
        let ranges =
            |list: &[(u32, u32)]| list.iter().map(|&(a, b)| SectorRange::new(Lba(a), Lba(b))).collect::<Vec<_>>();
        let asked = |list: &[(u32, u32)]| sectors_asked_for(&ranges(list), SectorCount(100));
        assert_eq!(asked(&[]), Ok(ranges(&[(0, 100)])));
        assert_eq!(asked(&[(50, 200), (0, 10), (5, 20)]), Ok(ranges(&[(0, 20), (50, 100)])));
        assert_eq!(asked(&[(100, 200)]), Err(OutOfRange { sectors: SectorCount(100) }));
    }
}
