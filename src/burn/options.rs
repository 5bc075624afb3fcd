//! This module knows what can be asked of a burn besides the plan.

use std::time::Duration;

use super::Wishes;
use crate::checksum::Algorithm;
use crate::verify::Wanted;

/// Whether the disc is read back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verification {
    ReadBack,
    None,
}

/// How the drive is made to forget what it remembers of the disc.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reload {
    /// The tray goes out and in, where the drive can do that; else the spindle stops.
    Tray,
    /// The spindle stops: for drives whose tray nobody wants to see move.
    Spindle,
}

/// What can be asked of a burn.
#[derive(Debug, Clone)]
pub struct Options {
    pub wishes: Wishes,
    /// The digests to take; the read-back compares them all.
    pub algorithms: Vec<Algorithm>,
    pub verification: Verification,
    pub reload: Reload,
    /// Tries for a sector that will not read back.
    pub tries: u32,
    /// A source that brings nothing for so long is told.
    pub slow_after: Duration,
}

impl Options {
    pub(super) fn wanted(&self) -> Wanted {
        Wanted { image: self.algorithms.clone(), raw: Vec::new() }
    }
}

/// What a person gets who asks for nothing.
impl Default for Options {
    fn default() -> Self {
        Self {
            wishes: Wishes::default(),
            algorithms: vec![Algorithm::Sha256],
            verification: Verification::ReadBack,
            reload: Reload::Tray,
            tries: 3,
            slow_after: Duration::from_secs(2),
        }
    }
}
