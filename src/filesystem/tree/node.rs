//! This module knows what there is to say of one name in a tree, and which trees there are.

use crate::filesystem::extent::Extent;
use crate::filesystem::timestamp::Timestamp;
use crate::filesystem::volume::VolumeKind;

/// Which tree: one disc can have several over the same files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TreeKind {
    HighSierra,
    /// The primary volume, by the names that ISO 9660 gives.
    Iso9660,
    /// ISO 9660:1999.
    Enhanced,
    Joliet,
    /// The primary volume, by the names and attributes that Rock Ridge gives.
    RockRidge,
    Udf,
}

impl TreeKind {
    /// Whether a volume of this kind has such a tree.
    pub fn is_of(self, volume: VolumeKind) -> bool {
        match volume {
            VolumeKind::HighSierra => matches!(self, TreeKind::HighSierra | TreeKind::Iso9660),
            VolumeKind::Iso9660 { .. } => self == TreeKind::Iso9660,
            VolumeKind::Enhanced => self == TreeKind::Enhanced,
            VolumeKind::Joliet { .. } => self == TreeKind::Joliet,
            VolumeKind::RockRidge => self == TreeKind::RockRidge,
            VolumeKind::Udf { .. } => self == TreeKind::Udf,
            VolumeKind::Hfs | VolumeKind::HfsPlus => false,
        }
    }
}

/// A file or directory of one tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(super) u32);

impl NodeId {
    /// Its place in [`super::Tree::ids`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NodeKind {
    Directory,
    File,
    Symlink,
    BlockDevice,
    CharacterDevice,
    Fifo,
    Socket,
}

/// What POSIX knows of a file, where the filesystem does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posix {
    /// Permissions with the set-user-id, set-group-id and sticky bits: the lower twelve.
    pub mode: u16,
    pub links: u32,
    /// `None` where it was not recorded.
    pub uid: Option<u32>,
    pub gid: Option<u32>,
}

/// How the bytes of a file are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Plain,
    /// Compressed block by block: zisofs, version 1 or 2.
    Zisofs(Zisofs),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zisofs {
    /// 1 or 2.
    pub version: u8,
    /// In bytes.
    pub header: u16,
    /// Bytes of a block before compression: 2 to the power of this.
    pub block_log2: u8,
    /// Bytes of the extents, which hold header, table and compressed blocks.
    pub stored: u64,
}

/// An array of MD5 sums, 16 bytes each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Md5Array {
    /// In bytes from the start of the image.
    pub start: u64,
    pub count: u32,
}

/// What is known of one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// The root's own is the root.
    pub parent: NodeId,
    pub kind: NodeKind,
    /// Bytes of content as one reads it; of a directory, of its records; of a link, 0.
    pub size: u64,
    pub modified: Option<Timestamp>,
    pub posix: Option<Posix>,
    /// Where the record or ICB stands that says all this, in bytes.
    pub record: u64,
    /// What of it cannot be had as it should be: a finding says more.
    pub is_damaged: bool,
}

/// A node to be.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    pub name: &'a [u8],
    pub kind: NodeKind,
    pub size: u64,
    pub modified: Option<Timestamp>,
    pub posix: Option<Posix>,
    pub record: u64,
    pub file_number: Option<u64>,
    /// In the order of the file's bytes.
    pub extents: &'a [Extent],
    /// Of a symbolic link, as a path.
    pub target: Option<&'a [u8]>,
    pub encoding: Encoding,
    pub is_damaged: bool,
}

impl<'a> Entry<'a> {
    /// A name with nothing behind it yet.
    pub fn new(name: &'a [u8], kind: NodeKind, record: u64) -> Self {
        Self {
            name,
            kind,
            size: 0,
            modified: None,
            posix: None,
            record,
            file_number: None,
            extents: &[],
            target: None,
            encoding: Encoding::Plain,
            is_damaged: false,
        }
    }
}
