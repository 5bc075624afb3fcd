//! This module knows what can be asked of a rip.

use std::fmt;
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use crate::checksum::Algorithm;
use crate::drive::Speed;
use crate::reading::GiveUp;
use crate::sector::{SectorCount, SectorRange};
use crate::verify::Against;

/// Where the image goes.
pub enum Output {
    /// To this file.
    File(PathBuf),
    /// Into this folder, under the name that the volume has.
    Folder(PathBuf),
    /// There, in order, and nothing is kept to resume from.
    Stream(Box<dyn Write + Send>),
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Output::File(path) => f.debug_tuple("File").field(path).finish(),
            Output::Folder(path) => f.debug_tuple("Folder").field(path).finish(),
            Output::Stream(_) => f.write_str("Stream"),
        }
    }
}

/// What becomes of an image with sectors missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// It stays a `.part`.
    StaysUnfinished,
    /// It gets its final name, with zeros where sectors are missing.
    Accepted,
}

/// What to do with an unfinished rip that is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfinished {
    /// Go on with it where it is of this disc; otherwise refuse, or take the next free name.
    Resume,
    /// It must be there, and of this disc.
    MustResume,
    /// Begin again.
    Restart,
}

/// What to do with a finished image that is found under the name that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    Refuse,
    /// Replaced, once the new one is whole.
    Overwrite,
}

/// Where the image ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    OfDisc,
    OfFilesystem,
}

/// In which order the sectors are read. `Display` is its name on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// From the first to the last.
    Sequential,
    /// First what the filesystem uses, then the rest, each from the first to the last.
    UsedFirst,
    /// What the filesystem uses, and nothing else.
    UsedOnly,
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Order::Sequential => "sequential",
            Order::UsedFirst => "used-first",
            Order::UsedOnly => "used-only",
        })
    }
}

/// What can be asked of a rip besides where it goes.
#[derive(Debug)]
pub struct Options {
    /// The digests to compute; what `against` needs is added.
    pub algorithms: Vec<Algorithm>,
    /// The hash lists to write beside the finished image.
    pub lists: Vec<Algorithm>,
    pub against: Vec<Against>,
    pub speed: Speed,
    /// Tries for a sector that will not read; at least one.
    pub tries: u32,
    /// No try begins once a sector has cost this much, and one under way is given up after it.
    pub sector_timeout: Option<Duration>,
    pub give_up: Option<GiveUp>,
    /// Only these sectors; empty for all.
    pub ranges: Vec<SectorRange>,
    /// A stream has no other than [`Order::Sequential`].
    pub order: Order,
    pub end: End,
    pub damage: Damage,
    pub unfinished: Unfinished,
    pub existing: Existing,
    /// What the kernel says of the size of the disc, where it says anything.
    pub kernel_claim: Option<SectorCount>,
}

/// What a person gets who asks for nothing.
impl Default for Options {
    fn default() -> Self {
        Self {
            algorithms: Algorithm::DEFAULT.to_vec(),
            lists: vec![Algorithm::Sha256],
            against: Vec::new(),
            speed: Speed::Best,
            tries: 3,
            sector_timeout: None,
            give_up: None,
            ranges: Vec::new(),
            order: Order::Sequential,
            end: End::OfDisc,
            damage: Damage::StaysUnfinished,
            unfinished: Unfinished::Resume,
            existing: Existing::Refuse,
            kernel_claim: None,
        }
    }
}
