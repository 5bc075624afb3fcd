//! This module knows Rock Ridge: POSIX names and attributes in the System Use areas of ISO 9660.

mod announcement;
mod attribute;
mod compressed;
mod compression;
mod entry;
mod glance;
mod judge;
mod name;
mod number;
mod reading;
mod stamps;
mod symlink;

use crate::filesystem::scan::Scan;
use crate::filesystem::timestamp::Timestamp;
use crate::filesystem::tree::{Md5Array, NodeKind, Zisofs};
use reading::{Place, Reading};

pub use compressed::judge_compressed;
pub(super) use glance::{Glance, glance, is_rock_ridge};
pub use judge::RecordKind;

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
    /// As recorded, in whatever character set; with a slash or a NUL in it where the disc is hostile.
    pub name: Option<Vec<u8>>,
    /// It has no name, since it is "." or "..".
    pub is_own_or_parent: bool,
    pub posix: Option<PosixAttributes>,
    pub has_device: bool,
    pub modified: Option<Timestamp>,
    /// Of a symbolic link, as a path.
    pub target: Option<Vec<u8>>,
    /// The block where the directory that belongs here really is.
    pub child: Option<u32>,
    /// The block of the directory that this one, found elsewhere, belongs to.
    pub parent: Option<u32>,
    /// This record is only where the directory lies; its place is elsewhere.
    pub is_relocated: bool,
    /// And the bytes of the file once unpacked. Of the former, `stored` is not known here.
    pub zisofs: Option<(Zisofs, u64)>,
    /// Only where all is judged.
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

impl PosixAttributes {
    /// `None` where the mode has none of the types that there are.
    pub fn kind(&self) -> Option<NodeKind> {
        Some(match self.mode & 0o170_000 {
            0o040_000 => NodeKind::Directory,
            0o100_000 => NodeKind::File,
            0o120_000 => NodeKind::Symlink,
            0o060_000 => NodeKind::BlockDevice,
            0o020_000 => NodeKind::CharacterDevice,
            0o010_000 => NodeKind::Fifo,
            0o140_000 => NodeKind::Socket,
            _ => return None,
        })
    }
}

impl Susp {
    /// By the System Use area of the root's own record, which begins at byte `at`; `None` where there is none.
    /// Tells only what is wrong with the announcement: [`Susp::read`] tells the rest of the same area.
    pub fn announced(scan: &mut Scan<'_>, area: &[u8], at: u64, block_bytes: u32) -> Option<Susp> {
        announcement::read(scan, area, at, block_bytes)
    }

    /// By the System Use area of a record that begins at byte `at`; the root's own may be among them.
    /// `path` of the record is for findings.
    pub fn read(&self, scan: &mut Scan<'_>, area: &[u8], at: u64, path: &dyn Fn() -> Vec<u8>) -> Attributes {
        self.read_into(Vec::new(), scan, area, at, path)
    }

    /// The same; the name will be put into `spare`.
    pub fn read_into(
        &self,
        spare: Vec<u8>,
        scan: &mut Scan<'_>,
        area: &[u8],
        at: u64,
        path: &dyn Fn() -> Vec<u8>,
    ) -> Attributes {
        let (skip, place) = match announcement::start(area) {
            Some(start) => (start, Place::Root),
            None => {
                let skip = usize::from(self.skip).max(announcement::xa_bytes(area));
                // The root's own, with a fault that was told when it was looked at for what it announces.
                let is_root = area.get(skip..).is_some_and(|area| area.starts_with(b"SP"));
                (skip, if is_root { Place::Root } else { Place::Other })
            }
        };
        let Some(entries) = area.get(skip..) else { return Attributes::default() };
        let at = at.saturating_add(skip as u64);
        let mut reading = Reading::new(scan, path, self.block_bytes, place, spare);
        reading.run(entries, at);
        reading.found
    }
}

#[cfg(test)]
mod tests;
