//! This module knows what can be asked of a burn, and which discs have no such thing.

use super::{Complaint, Mode};
use crate::drive::{MediumFamily, MediumKind, Speed};
use crate::sector::{SECTOR_BYTES, SectorCount};

/// How long the image is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// Bytes.
    Known(u64),
    /// It ends when it ends.
    Unknown,
}

impl Size {
    pub fn bytes(self) -> Option<u64> {
        match self {
            Size::Known(bytes) => Some(bytes),
            Size::Unknown => None,
        }
    }

    /// Whole sectors, the last one padded; the most that can be counted where it has more.
    pub fn sectors(self) -> Option<SectorCount> {
        let bytes = self.bytes()?;
        let sectors = bytes.div_ceil(SECTOR_BYTES as u64);
        Some(SectorCount(u32::try_from(sectors).unwrap_or(u32::MAX)))
    }
}

/// Whether another session may follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Afterwards {
    #[default]
    Close,
    KeepOpen,
}

/// Whether a BD has spare blocks for those that fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DefectManagement {
    On,
    Off,
}

/// What can be asked of a burn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wishes {
    pub speed: Speed,
    pub simulate: bool,
    pub afterwards: Afterwards,
    /// Behind what is on the disc.
    pub append: bool,
    /// `None`: what suits disc and image.
    pub mode: Option<Mode>,
    pub overburn: bool,
    /// Sectors of the first layer; `None`: what suits.
    pub layer_break: Option<SectorCount>,
    pub defect_management: Option<DefectManagement>,
}

impl Default for Wishes {
    fn default() -> Self {
        Self {
            speed: Speed::Best,
            simulate: false,
            afterwards: Afterwards::Close,
            append: false,
            mode: None,
            overburn: false,
            layer_break: None,
            defect_management: None,
        }
    }
}

/// Refuses what such a disc does not have.
pub(super) fn check(kind: MediumKind, mode: Mode, wishes: &Wishes) -> Result<(), Complaint> {
    let no = |option, why| Err(Complaint::NoSuchOption { option, why });
    let has_layers = matches!(kind, MediumKind::DvdPlusRDl);
    if wishes.layer_break.is_some() && !has_layers {
        return no("--layer-break", "only of a dvd+r-dl can be said where its second layer begins");
    }
    match (wishes.defect_management, kind) {
        (None, _) | (Some(DefectManagement::On), MediumKind::DvdRam) => {}
        (Some(DefectManagement::Off), MediumKind::DvdRam) => {
            return no("--defect-management", "it never is without spare sectors");
        }
        (Some(_), kind) if kind.family() != MediumFamily::Bd => {
            return no("--defect-management", "only a bd-r or bd-re can have spare sectors or not");
        }
        (Some(_), _) => {}
    }
    if wishes.overburn && !(kind.family() == MediumFamily::Cd && mode == Mode::SessionAtOnce) {
        return no("--overburn", "only a CD written session at once takes more than it says");
    }
    if wishes.afterwards == Afterwards::KeepOpen && mode == Mode::InPlace {
        return no("--keep-open", "it can be written over at any time, and is never closed");
    }
    if wishes.afterwards == Afterwards::KeepOpen && mode == Mode::DiscAtOnce {
        return no("--keep-open", "the disc at once is closed by being written");
    }
    Ok(())
}
