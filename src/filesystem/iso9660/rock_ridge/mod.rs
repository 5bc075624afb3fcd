//! This module knows Rock Ridge: POSIX names and attributes in the System Use areas of ISO 9660.

use crate::filesystem::scan::Scan;
use crate::filesystem::timestamp::Timestamp;
use crate::filesystem::tree::{Md5Array, Zisofs};

/// How the System Use areas of a tree are read, as the root directory's own record announced it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Susp {
    /// Bytes before the first entry of each area but the root's own.
    pub skip: u8,
    /// Whether any of Rock Ridge was announced or used: else names and attributes are those of ISO 9660.
    pub is_rock_ridge: bool,
    pub block_bytes: u32,
    /// Where libisofs keeps the MD5 of each file.
    pub md5_array: Option<Md5Array>,
}

/// All that a System Use area says of its record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attributes {
    pub name: Option<Vec<u8>>,
    pub posix: Option<PosixAttributes>,
    pub modified: Option<Timestamp>,
    /// Of a symbolic link, as a path.
    pub target: Option<Vec<u8>>,
    /// The block where the directory that belongs here really is.
    pub child: Option<u32>,
    /// The block of the directory that this one, found elsewhere, belongs to.
    pub parent: Option<u32>,
    /// This record is only where the directory lies; its place is elsewhere.
    pub is_relocated: bool,
    /// And the bytes of the file once unpacked.
    pub zisofs: Option<(Zisofs, u64)>,
    pub md5_index: Option<u32>,
    /// Something of it could not be read as it should be.
    pub is_damaged: bool,
}

/// PX.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PosixAttributes {
    /// With the type of the file in it, as `st_mode` has it.
    pub mode: u32,
    pub links: u32,
    pub uid: u32,
    pub gid: u32,
    /// The same in two records: two names of one file. Zero says nothing.
    pub serial: Option<u32>,
}

impl Susp {
    /// By the System Use area of the root's own record, which begins at byte `at`; `None` where there is none.
    pub fn announced(_scan: &mut Scan<'_>, _area: &[u8], _at: u64, _block_bytes: u32) -> Option<Susp> {
        None
    }

    /// By the System Use area of a record that begins at byte `at`. `name` of the record is for findings.
    pub fn read(&self, _scan: &mut Scan<'_>, _area: &[u8], _at: u64, _path: &dyn Fn() -> Vec<u8>) -> Attributes {
        Attributes::default()
    }
}
