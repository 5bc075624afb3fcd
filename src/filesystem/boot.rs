//! This module knows what a machine can start from a disc.

use super::iso9660::el_torito::Platform;

/// El Torito's catalogue, whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BootCatalogue {
    /// Where it stands, in bytes.
    pub at: u64,
    pub entries: Vec<BootEntry>,
}

/// Something to start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BootEntry {
    pub platform: Platform,
    pub is_bootable: bool,
    pub emulation: Emulation,
    /// In bytes from the start of the image.
    pub start: u64,
    /// In bytes; what the catalogue says, or what the emulated medium has.
    pub length: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Emulation {
    None,
    /// Of so many bytes.
    Floppy(u64),
    HardDisk,
    Unknown(u8),
}
