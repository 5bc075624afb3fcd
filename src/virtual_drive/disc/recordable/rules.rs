//! This module knows by which rules a kind of disc is recorded, as a table.

use crate::virtual_drive::disc::DiscKind;

/// How a disc can be written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rules {
    Sequential(SequentialRules),
    Overwritable(OverwritableRules),
}

/// For discs on which one sector follows the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SequentialRules {
    /// Sectors that are recorded together; the last are padded with zeros.
    pub granule: u32,
    /// Sectors of the first lead-out and the lead-in behind it, and of later ones.
    pub first_gap: u32,
    pub later_gap: u32,
    pub most_sessions: u16,
    pub most_tracks: u16,
}

/// For discs on which any sector can be written at any time, once they are formatted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OverwritableRules {
    /// A write must begin and end at a multiple.
    pub granule: u32,
}

impl Rules {
    /// `None` for what cannot be written.
    pub fn of(kind: DiscKind) -> Option<Self> {
        Some(match kind {
            DiscKind::DvdPlusR => Rules::Sequential(SequentialRules {
                granule: 16,
                first_gap: 2048,
                later_gap: 2048,
                most_sessions: 153,
                most_tracks: 153,
            }),
            DiscKind::DvdPlusRw => Rules::Overwritable(OverwritableRules { granule: 1 }),
            DiscKind::CdRom
            | DiscKind::CdR
            | DiscKind::CdRw
            | DiscKind::DvdRom
            | DiscKind::DvdR
            | DiscKind::BdRom
            | DiscKind::BdR => {
                return None;
            }
        })
    }
}
