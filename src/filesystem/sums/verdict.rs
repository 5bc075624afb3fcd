//! This module knows what becomes of a sum that an image carries within itself.

use std::fmt;

use crate::filesystem::finding::{Finding, Origin, Severity};
use crate::filesystem::rule::Rule;
use crate::sector::{Lba, SectorRange};

/// Whose sum it is. `Display` is its name in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SumKind {
    /// That of implantisomd5, over nearly all of the image.
    IsoMd5,
    /// Those of libisofs, over a session from its start.
    Libisofs,
}

impl fmt::Display for SumKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            SumKind::IsoMd5 => "isomd5",
            SumKind::Libisofs => "libisofs",
        })
    }
}

/// Why nothing is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unchecked {
    /// Not all that it sums up is there.
    SectorsMissing,
    ImageEnds,
    /// The image was not read from end to end.
    NotAsked,
}

/// What came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SumState {
    Holds,
    /// The first byte that is another lies within these sectors.
    Differs {
        within: SectorRange,
    },
    /// The tag that has the sum is not where it must be, or is not what was written.
    TagLost {
        at: Lba,
    },
    NotChecked(Unchecked),
}

/// `Display` is its name in JSON.
impl fmt::Display for SumState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            SumState::Holds => "holds",
            SumState::Differs { .. } | SumState::TagLost { .. } => "differs",
            SumState::NotChecked(_) => "not-checked",
        })
    }
}

/// A sum that is on the disc itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EmbeddedSum {
    pub kind: SumKind,
    /// What it sums up, as far as that is known.
    pub range: SectorRange,
    pub state: SumState,
}

impl EmbeddedSum {
    /// What is to be said of it, where that is not nothing.
    pub fn finding(&self) -> Option<Finding> {
        let EmbeddedSum { kind, range, state } = self;
        let rule = match kind {
            SumKind::IsoMd5 => Rule::C01,
            SumKind::Libisofs => Rule::C02,
        };
        let (severity, origin, at, text) = match state {
            SumState::Holds | SumState::NotChecked(Unchecked::NotAsked) => return None,
            SumState::Differs { within } => {
                let narrowed = match within == range {
                    true => String::new(),
                    false => format!(": the first byte that is another lies in sectors {within}"),
                };
                let text = format!("the MD5 of sectors {range} is not the one that {kind} recorded{narrowed}");
                (rule.severity(), Origin::Damage, within.start(), text)
            }
            SumState::TagLost { at } => {
                let text = format!("no whole tag of {kind} stands here, which would have the MD5 of sectors {range}");
                (rule.severity(), Origin::Damage, *at, text)
            }
            SumState::NotChecked(Unchecked::SectorsMissing) => {
                let text =
                    format!("the MD5 of sectors {range} that {kind} recorded cannot be checked: not all are there");
                (Severity::Info, Origin::Damage, range.start(), text)
            }
            SumState::NotChecked(Unchecked::ImageEnds) => {
                let text =
                    format!("the MD5 of sectors {range} that {kind} recorded cannot be checked: the image ends before");
                (Severity::Info, Origin::Truncation, range.start(), text)
            }
        };
        Some(Finding { rule, severity, origin, at: Some(at.byte_offset()), path: None, text, more: 0 })
    }
}
