//! This module knows how a disc says that a machine can start from it: El Torito, version 1.0.

mod boot_info;
mod catalogue;
mod reading;

use std::fmt;

use crate::sector::Lba;
use catalogue::Catalogue;

pub use reading::{judge_files, read};

/// A boot catalogue, and for what it has something to start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Boot {
    pub catalogue: Lba,
    /// In the order of the catalogue, each once; empty where the catalogue cannot be read or is none.
    pub platforms: Vec<Platform>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Platform {
    X86,
    PowerPc,
    Macintosh,
    Efi,
    Other(u8),
}

impl From<u8> for Platform {
    fn from(id: u8) -> Self {
        match id {
            0 => Platform::X86,
            1 => Platform::PowerPc,
            2 => Platform::Macintosh,
            0xEF => Platform::Efi,
            other => Platform::Other(other),
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Platform::X86 => f.write_str("x86"),
            Platform::PowerPc => f.write_str("PowerPC"),
            Platform::Macintosh => f.write_str("Macintosh"),
            Platform::Efi => f.write_str("EFI"),
            Platform::Other(id) => write!(f, "platform {id:02X}h"),
        }
    }
}

impl Boot {
    /// `catalogue_sector` is the one at `at`, if it could be read. Longer catalogues are read no further.
    pub(super) fn new(at: Lba, catalogue_sector: Option<&[u8]>) -> Self {
        let catalogue = catalogue_sector.map(Catalogue::parse).filter(Catalogue::is_one);
        Self { catalogue: at, platforms: catalogue.map(|catalogue| catalogue.platforms()).unwrap_or_default() }
    }
}
