//! This module knows what a drive did on the way that a person should hear once.

use std::fmt;

use super::Drive;
use crate::sector::SectorCount;

/// Something worth telling that stopped nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Note {
    WasReset,
    EjectPressed,
    Hot,
    FailurePredicted,
    CleaningRequested,
    /// The drive or its link takes no more than this at once.
    ReadsShrunk(SectorCount),
    /// READ(10) is refused on this disc; READ CD does it.
    ReadsByReadCd,
    /// The bridge tells wrong amounts of data.
    ResidueIgnored,
    /// The cache cannot be bypassed by command, so that other sectors are read in between.
    CacheDefeated,
    /// The first read after the disc was put in differed from the second.
    FirstReadDiffered,
    /// The disc was taken out or the drive was opened, and the same disc is back.
    SameDiscBack,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WasReset => f.write_str("the drive was reset; its speed and its lock are set again"),
            Self::EjectPressed => f.write_str("the eject button was pressed; the drive is locked while it is read"),
            Self::Hot => f.write_str("the drive says that it is too hot"),
            Self::FailurePredicted => f.write_str("the drive says that it will fail soon"),
            Self::CleaningRequested => f.write_str("the drive asks to be cleaned"),
            Self::ReadsShrunk(SectorCount(1)) => f.write_str("the drive is read a sector at a time from now on"),
            Self::ReadsShrunk(most) => write!(f, "the drive is read {most} sectors at a time from now on"),
            Self::ReadsByReadCd => f.write_str("the drive refuses READ(10) on this disc; READ CD is used"),
            Self::ResidueIgnored => f.write_str("the connection tells wrong amounts of data; they are ignored"),
            Self::CacheDefeated => {
                f.write_str("the drive answers again from its cache; other sectors are read before each retry")
            }
            Self::FirstReadDiffered => f.write_str("the first read after loading was wrong; it was done again"),
            Self::SameDiscBack => f.write_str("the drive was opened or reset; the same disc is in it"),
        }
    }
}

impl Drive {
    /// What happened since this was last asked; each thing is told once a disc.
    pub fn take_notes(&mut self) -> Vec<Note> {
        std::mem::take(&mut self.notes)
    }

    pub(super) fn note(&mut self, note: Note) {
        if !self.noted.contains(&note) {
            self.noted.push(note);
            self.notes.push(note);
        }
    }
}
