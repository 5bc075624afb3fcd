//! This module knows how to write a small UDF image for a test: any kind of partition, any block size, any form of file.
//!
//! What no maker makes, or makes only with a drive, comes from here; and each place of it is told, so that a test can
//! break it there.

pub mod emit;
mod files;
mod partitions;
mod space;
mod volume;

pub use volume::write;

/// What to write.
#[derive(Debug, Clone)]
pub struct Recipe {
    /// 512 to 4096.
    pub block_bytes: usize,
    pub revision: u16,
    pub layout: Layout,
    pub label: &'static str,
    /// Of the root.
    pub items: Vec<Item>,
    /// Whether a map of free space is there, as on discs that can be written again.
    pub has_bitmap: bool,
    /// Blocks of the partition behind the last one in use.
    pub spare_blocks: u32,
    /// Which anchors there are besides that at 256: in the last block, and 256 in front of it.
    pub last_anchor: bool,
    pub third_anchor: bool,
    pub has_system_streams: bool,
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            block_bytes: 2048,
            revision: 0x0201,
            layout: Layout::Physical,
            label: "DISCWRIGHT",
            items: Vec::new(),
            has_bitmap: false,
            spare_blocks: 0,
            last_anchor: true,
            third_anchor: false,
            has_system_streams: false,
        }
    }
}

/// What kind of partition the files are in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Layout {
    /// Blocks in a row; UDF 2.2.8 says type 1.
    Physical,
    /// A write-once disc: ICBs are found through a table at the end, which is also the end of the image.
    Virtual {
        table: VirtualTable,
        /// How many times it was written to; each time the file set is written anew, and a table that replaces the last.
        sessions: u32,
    },
    /// A rewritable disc, of which some packets wore out: their numbers, from 0 on.
    Sparable { packet_blocks: u16, spared: Vec<u32> },
    /// A Blu-ray disc: ICBs and directories lie in a file, which is in two extents, and in its mirror.
    Metadata { is_duplicated: bool },
}

/// UDF 1.50 has the table in front of its name, UDF 2.00 behind a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VirtualTable {
    Revision150,
    Revision200,
}

/// A name in a directory, and what it leads to.
#[derive(Debug, Clone)]
pub struct Item {
    pub name: String,
    pub what: What,
    pub shape: Shape,
}

#[derive(Debug, Clone)]
pub enum What {
    Directory(Vec<Item>),
    File(Vec<Part>),
    /// Path components: ECMA-167, 4/14.16.1, as they are recorded.
    Symlink(Vec<u8>),
    /// Major and minor number; UDF 3.3.4.4.
    BlockDevice(u32, u32),
    CharacterDevice(u32, u32),
    Fifo,
    Socket,
    /// Another name of a file that was written before this one: a path from the root, with slashes.
    Link(&'static str),
}

/// Content of a file in a row.
#[derive(Debug, Clone)]
pub enum Part {
    Bytes(Vec<u8>),
    /// So many bytes of space that was set aside; other bytes stand there.
    Unrecorded(usize),
    /// So many bytes of nothing.
    Hole(usize),
}

/// How a file is recorded.
#[derive(Debug, Clone)]
pub struct Shape {
    pub is_extended_entry: bool,
    pub form: Form,
    /// So many allocation descriptors stand in each list, the first being in the ICB.
    pub list_length: Option<usize>,
    /// Each block is an extent of its own, and no two lie side by side.
    pub is_scattered: bool,
    /// Of strategy 4096, so many older entries come before the one that counts.
    pub older_entries: Option<usize>,
    /// The type in the ICB; by default that of what it is.
    pub file_type: Option<u8>,
    /// Of the ICB, besides those that follow from the rest.
    pub icb_flags: u16,
    /// Of the file identifier, besides those that follow from the rest: 1 hidden, 4 deleted, 16 metadata.
    pub name_flags: u8,
    pub permissions: u32,
    /// Extended attributes without their header.
    pub attributes: Vec<u8>,
    pub streams: Vec<Item>,
}

impl Default for Shape {
    fn default() -> Self {
        Self {
            is_extended_entry: false,
            form: Form::Long,
            list_length: None,
            is_scattered: false,
            older_entries: None,
            file_type: None,
            icb_flags: 0,
            name_flags: 0,
            permissions: 0x14A5,
            attributes: Vec::new(),
            streams: Vec::new(),
        }
    }
}

/// How content is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Only where the partition of the ICB is that of the content.
    Short,
    Long,
    Extended,
    /// In the ICB itself.
    Inline,
}

impl Item {
    pub fn file(name: &str, content: &[u8]) -> Self {
        Self { name: name.to_owned(), what: What::File(vec![Part::Bytes(content.to_vec())]), shape: Shape::default() }
    }

    pub fn directory(name: &str, items: Vec<Item>) -> Self {
        Self { name: name.to_owned(), what: What::Directory(items), shape: Shape::default() }
    }

    pub fn new(name: &str, what: What) -> Self {
        Self { name: name.to_owned(), what, shape: Shape::default() }
    }

    pub fn with(mut self, change: impl FnOnce(&mut Shape)) -> Self {
        change(&mut self.shape);
        self
    }
}

/// An image, and what lies where in it.
#[derive(Debug, Clone)]
pub struct Written {
    pub bytes: Vec<u8>,
    pub block_bytes: usize,
    pub places: Vec<Place>,
}

/// Bytes in a row that have one use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// A path from the root, or the name of a structure.
    pub of: String,
    pub role: Role,
    pub start: usize,
    pub length: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Of the volume: `of` is its name.
    Structure,
    /// The ICB of a path; the root's is "".
    Entry,
    /// A further list of extents, or an indirect entry.
    List,
    /// Content of a file, or the identifiers in a directory; not where it stands in the ICB.
    Content,
}

impl Written {
    /// The first byte of a structure, such as "main LVD", "reserve PD", "anchor 256", "FSD".
    pub fn structure(&self, name: &str) -> usize {
        self.place(name, Role::Structure).start
    }

    /// The first byte of a path's entry.
    pub fn entry(&self, path: &str) -> usize {
        self.place(path, Role::Entry).start
    }

    /// The first byte of a path's content.
    pub fn content(&self, path: &str) -> usize {
        self.place(path, Role::Content).start
    }

    pub fn place(&self, of: &str, role: Role) -> &Place {
        let found = self.places.iter().find(|place| place.of == of && place.role == role);
        found.unwrap_or_else(|| panic!("no {role:?} of {of:?} was written"))
    }

    /// Changes bytes of the descriptor at `at`, and makes its sums right again.
    pub fn edit(&mut self, at: usize, offset: usize, bytes: &[u8]) {
        self.bytes[at + offset..at + offset + bytes.len()].copy_from_slice(bytes);
        emit::seal(&mut self.bytes, at);
    }

    /// Whole sectors of the image.
    pub fn length(&self) -> u64 {
        self.bytes.len() as u64
    }
}
