//! This module knows of which discs the raw form can be computed out of their user data.

use super::digesting::Digests;
use crate::checksum::{RawForm, WhyNoRawForm};
use crate::drive::{Medium, MediumFamily, TrackMode};
use crate::sector::SectorCount;

/// An address on a CD has two digits for the minute: 99:59:74 is the last.
const LARGEST_CD: SectorCount = SectorCount(449_850);

/// Why the raw form of this disc cannot be computed; `None` where it can.
pub fn why_not_of_disc(medium: &Medium) -> Option<WhyNoRawForm> {
    if medium.family() != MediumFamily::Cd {
        return Some(WhyNoRawForm::NotACd);
    }
    if medium.has_several_sessions() {
        return Some(WhyNoRawForm::SeveralTracks);
    }
    match medium.data_mode() {
        Some(TrackMode::Mode1) => None,
        // Drives that tell no mode read mode 1; a wrong guess is no match, and never a wrong match.
        Some(TrackMode::Data) => None,
        Some(TrackMode::Mode2Form1 | TrackMode::Mode2Form2 | TrackMode::Mode2Formless | TrackMode::Audio) | None => {
            Some(WhyNoRawForm::Mode2)
        }
    }
}

/// The same of an image file, which does not tell its mode: it may be of a mode 1 CD if it is not too large for one.
pub fn why_not_of_image(sectors: SectorCount, trailing_bytes: u64) -> Option<WhyNoRawForm> {
    if sectors > LARGEST_CD {
        Some(WhyNoRawForm::NotACd)
    } else {
        (trailing_bytes > 0).then_some(WhyNoRawForm::HalfASector)
    }
}

/// What the comparison is told.
pub(super) fn computed(digests: &Digests, why_not: Option<WhyNoRawForm>) -> RawForm {
    match why_not {
        Some(why) => RawForm::Missing(why),
        None if digests.raw.is_empty() => RawForm::Missing(WhyNoRawForm::NotAskedFor),
        None => RawForm::Computed(digests.raw.clone()),
    }
}
