//! This module knows by which rules a kind of disc is recorded, as a table.

use crate::virtual_drive::disc::DiscKind;

/// How a disc can be written to: in sequence, anywhere, or in both ways, of which its record says the one that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// How it is recorded where it comes blank out of its box.
    pub sequential: Option<SequentialRules>,
    /// How it is written once it is formatted.
    pub overwritable: Option<OverwritableRules>,
    /// As CDs are recorded, which have rules of their own.
    pub cd: bool,
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
    /// What is still open is closed with its session; or else it must be closed before.
    pub closes_open_tracks: bool,
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
        let cd = matches!(kind, DiscKind::CdR | DiscKind::CdRw);
        let rules = Self { sequential: sequential(kind), overwritable: overwritable(kind), cd };
        (cd || rules.sequential.is_some() || rules.overwritable.is_some()).then_some(rules)
    }
}

fn sequential(kind: DiscKind) -> Option<SequentialRules> {
    const DVD_PLUS_R: SequentialRules = SequentialRules {
        granule: 16,
        first_gap: 2048,
        later_gap: 2048,
        most_sessions: 153,
        most_tracks: 153,
        closes_open_tracks: true,
    };
    match kind {
        // The first border is wider than the later ones.
        DiscKind::DvdR | DiscKind::DvdRw => Some(SequentialRules {
            first_gap: 24_576,
            later_gap: 5_120,
            most_sessions: 99,
            most_tracks: 99,
            closes_open_tracks: false,
            ..DVD_PLUS_R
        }),
        // Its two layers hold one session.
        DiscKind::DvdRDl => Some(SequentialRules {
            first_gap: 24_576,
            most_sessions: 1,
            most_tracks: 99,
            closes_open_tracks: false,
            ..DVD_PLUS_R
        }),
        DiscKind::DvdPlusR | DiscKind::DvdPlusRDl => Some(DVD_PLUS_R),
        // One session follows the other without a gap.
        DiscKind::BdR => Some(SequentialRules {
            granule: 32,
            first_gap: 0,
            later_gap: 0,
            most_sessions: 255,
            most_tracks: 255,
            ..DVD_PLUS_R
        }),
        DiscKind::CdRom
        | DiscKind::CdR
        | DiscKind::CdRw
        | DiscKind::DvdRom
        | DiscKind::DvdRam
        | DiscKind::DvdPlusRw
        | DiscKind::BdRom
        | DiscKind::BdRe => None,
    }
}

fn overwritable(kind: DiscKind) -> Option<OverwritableRules> {
    match kind {
        DiscKind::DvdRw => Some(OverwritableRules { granule: 16 }),
        DiscKind::DvdRam | DiscKind::DvdPlusRw | DiscKind::BdRe => Some(OverwritableRules { granule: 1 }),
        DiscKind::CdRom
        | DiscKind::CdR
        | DiscKind::CdRw
        | DiscKind::DvdRom
        | DiscKind::DvdR
        | DiscKind::DvdRDl
        | DiscKind::DvdPlusR
        | DiscKind::DvdPlusRDl
        | DiscKind::BdRom
        | DiscKind::BdR => None,
    }
}
