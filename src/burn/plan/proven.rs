//! This module knows which plans have been carried out, on a disc in software at least. The others are not offered.

use super::Mode;
use crate::drive::MediumKind;

pub(super) fn has_run(kind: MediumKind, mode: Mode) -> bool {
    matches!(
        (kind, mode),
        (
            MediumKind::DvdPlusR
                | MediumKind::DvdPlusRDl
                | MediumKind::DvdR
                | MediumKind::DvdRDl
                | MediumKind::DvdRwSequential
                | MediumKind::BdR,
            Mode::Increments
        ) | (MediumKind::DvdR | MediumKind::DvdRwSequential, Mode::DiscAtOnce)
            | (MediumKind::CdR | MediumKind::CdRw, Mode::TrackAtOnce | Mode::SessionAtOnce)
            | (MediumKind::DvdPlusRw | MediumKind::DvdRw | MediumKind::DvdRam | MediumKind::BdRe, Mode::InPlace)
    )
}
