//! This module knows how long a drive may take for what takes long, before it is given up: a table.

use std::time::Duration;

use crate::drive::MediumKind;
use crate::sector::SectorCount;

/// A WRITE may have calibration and a lead-in in it.
pub(super) const WRITE: Duration = Duration::from_secs(200);
/// A command that only begins something.
pub(super) const BEGINNING: Duration = Duration::from_secs(200);
/// SEND OPC INFORMATION.
pub(super) const CALIBRATION: Duration = Duration::from_secs(200);

const MINUTE: u64 = 60;

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Work {
    Synchronise,
    CloseTrack,
    CloseSession,
    QuickFormat,
    FullFormat,
    MinimalBlank,
    FullBlank,
}

/// The longest that drives were seen to take, with something to spare. What goes over the whole disc takes as long as
/// its sectors at 1x.
pub(super) fn patience(work: Work, kind: MediumKind, sectors: SectorCount) -> Duration {
    let minutes = match (work, kind) {
        (Work::Synchronise | Work::CloseTrack, MediumKind::CdR | MediumKind::CdRw) => 15,
        // The lead-out of a short disc at once goes to the least radius that players take.
        (Work::Synchronise | Work::CloseTrack, _) => 30,
        (Work::CloseSession, MediumKind::CdR | MediumKind::CdRw) => 15,
        (Work::CloseSession, MediumKind::DvdPlusRDl | MediumKind::DvdRDl) => 90,
        (Work::CloseSession, _) => 60,
        (Work::QuickFormat | Work::MinimalBlank, _) => 30,
        (Work::FullFormat | Work::FullBlank, _) => {
            let at_one_x = sectors.0 / sectors_a_minute(kind);
            // Certifying reads all of it as well.
            30_u64.saturating_add(u64::from(at_one_x).saturating_mul(3))
        }
    };
    Duration::from_secs(minutes.saturating_mul(MINUTE))
}

/// At 1x.
fn sectors_a_minute(kind: MediumKind) -> u32 {
    match kind.family() {
        crate::drive::MediumFamily::Cd => 75 * 60,
        crate::drive::MediumFamily::Dvd | crate::drive::MediumFamily::Unknown => 676 * 60,
        crate::drive::MediumFamily::Bd => 2195 * 60,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_over_the_whole_disc_is_waited_for_by_its_size() {
        let dvd = patience(Work::FullFormat, MediumKind::DvdRw, SectorCount(2_297_888));
        assert_eq!(dvd, Duration::from_secs((30 + 3 * 56) * 60));
        assert_eq!(patience(Work::QuickFormat, MediumKind::DvdPlusRw, SectorCount(0)), Duration::from_secs(1800));
        assert!(patience(Work::FullBlank, MediumKind::CdRw, SectorCount(359_849)) > Duration::from_secs(79 * 60));
    }
}
