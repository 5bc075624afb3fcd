//! This module knows how a disc says that a machine can start from it: El Torito, version 1.0.

use std::fmt;

use crate::bytes::{Cursor, Truncated};
use crate::sector::Lba;

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
    /// `catalogue_sector` is the one at `catalogue`, if it could be read. Longer catalogues are read no further.
    pub(super) fn new(catalogue: Lba, catalogue_sector: Option<&[u8]>) -> Self {
        let platforms = catalogue_sector.and_then(|bytes| platforms_in(bytes).ok()).unwrap_or_default();
        Self { catalogue, platforms }
    }
}

const ENTRY: usize = 32;
const HEADER_MORE_FOLLOW: u8 = 0x90;
const HEADER_LAST: u8 = 0x91;

fn platforms_in(catalogue: &[u8]) -> Result<Vec<Platform>, Truncated> {
    let mut b = Cursor::new(catalogue, "boot catalogue");
    let mut validation = b.sub(ENTRY)?;
    let (header, platform) = (validation.u8()?, Platform::from(validation.u8()?));
    validation.skip(28)?;
    if header != 1 || validation.take(2)? != b"\x55\xAA" {
        return Ok(Vec::new());
    }
    let mut platforms = vec![platform];
    b.skip(ENTRY)?;
    while let Ok(mut section) = b.sub(ENTRY) {
        let (header, platform, entries) = (section.u8()?, Platform::from(section.u8()?), section.le_u16()?);
        if header != HEADER_MORE_FOLLOW && header != HEADER_LAST {
            break;
        }
        if !platforms.contains(&platform) {
            platforms.push(platform);
        }
        if header == HEADER_LAST || b.skip(usize::from(entries).saturating_mul(ENTRY)).is_err() {
            break;
        }
    }
    Ok(platforms)
}
