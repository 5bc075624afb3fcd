//! This module knows how a disc's length and that of its content are weighed against each other.

use super::first_look::FirstLook;
use crate::sector::SectorCount;

/// CD writers add two seconds so that reading ahead never meets the lead-out; DVD rounds up to 16, BD to 32 sectors.
const MOST_PADDING: u32 = 150;

/// What the filesystem makes of the disc's length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SizeJudgement {
    /// The filesystem does not say how long it is.
    Unknown,
    Fits,
    /// The disc is a little longer, as discs are.
    Padding {
        sectors: SectorCount,
    },
    /// The disc is much longer: a rewritable medium tells its whole capacity, or something stands behind the filesystem.
    TrailingData {
        sectors: SectorCount,
    },
    /// The disc claims so many sectors fewer than its filesystem needs.
    DiscTooSmall {
        missing: SectorCount,
    },
}

/// Weighs the sectors that a disc or an image has.
pub fn judge_size(disc: SectorCount, look: &FirstLook) -> SizeJudgement {
    let Some(needed) = look.needed else { return SizeJudgement::Unknown };
    let missing = SectorCount(needed.0.saturating_sub(disc.0));
    let sectors = SectorCount(disc.0.saturating_sub(needed.0));
    match (missing.0, sectors.0) {
        (0, 0) => SizeJudgement::Fits,
        (0, 1..=MOST_PADDING) => SizeJudgement::Padding { sectors },
        (0, _) => SizeJudgement::TrailingData { sectors },
        _ => SizeJudgement::DiscTooSmall { missing },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disc_is_weighed_against_its_filesystem() {
        let judged = |disc: u32, needed: Option<u32>| {
            let look = FirstLook { needed: needed.map(SectorCount), ..FirstLook::default() };
            judge_size(SectorCount(disc), &look)
        };
        assert_eq!(judged(100, None), SizeJudgement::Unknown);
        assert_eq!(judged(100, Some(100)), SizeJudgement::Fits);
        assert_eq!(judged(250, Some(100)), SizeJudgement::Padding { sectors: SectorCount(150) });
        assert_eq!(judged(251, Some(100)), SizeJudgement::TrailingData { sectors: SectorCount(151) });
        assert_eq!(judged(100, Some(4100)), SizeJudgement::DiscTooSmall { missing: SectorCount(4000) });
        assert_eq!(judged(0, Some(u32::MAX)), SizeJudgement::DiscTooSmall { missing: SectorCount(u32::MAX) });
    }
}
