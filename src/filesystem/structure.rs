//! This module knows what parts of a disc are for that belong to no file.

use std::fmt;

/// What a stretch of a disc is, where it is neither a file's content nor a directory. `Display` is a phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StructureKind {
    /// The first 16 sectors, as far as no partition table is in them.
    SystemArea,
    PartitionTable,
    VolumeDescriptor,
    /// `big_endian`: the copy that Motorola's machines read.
    PathTable {
        big_endian: bool,
    },
    ContinuationArea,
    /// Where Rock Ridge puts directories that would be nested too deeply in their places.
    RelocationDirectory,
    ExtendedAttributes,
    /// Directories and path tables once more, by addresses that count from the start of a partition.
    PartitionTree,
    /// Of the same name as a file, and belonging to it, as the resource fork does on a Macintosh.
    AssociatedFile,
    BootCatalogue,
    BootImage,
    Anchor,
    /// UDF's volume descriptor sequence.
    VolumeSequence {
        is_reserve: bool,
    },
    IntegritySequence,
    FileSet,
    /// Where a file or directory of UDF says what it is.
    FileEntry,
    AllocationExtent,
    SpaceBitmap,
    SparingTable,
    /// Space that holds packets in the place of worn-out ones.
    SparePackets,
    VirtualAllocationTable,
    MetadataFile {
        is_mirror: bool,
    },
    MetadataBitmap,
    /// Attributes and streams of UDF that no path leads to.
    SystemStream,
    /// Sums that the mastering program left.
    Checksums,
    /// Of HFS or HFS+, and its copy at the end.
    MacintoshHeader,
    /// All of such a volume, whose own structures and files are not read.
    MacintoshVolume,
    /// Behind the filesystems of discs, for who boots the image from a stick.
    AppendedPartition,
}

impl StructureKind {
    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        use StructureKind as Kind;
        match self {
            Kind::SystemArea => "system-area",
            Kind::PartitionTable => "partition-table",
            Kind::VolumeDescriptor => "descriptor",
            Kind::PathTable { .. } => "path-table",
            Kind::ContinuationArea => "continuation-area",
            Kind::RelocationDirectory => "relocation-directory",
            Kind::AssociatedFile => "associated-file",
            Kind::ExtendedAttributes => "extended-attributes",
            Kind::PartitionTree => "partition-tree",
            Kind::BootCatalogue => "boot-catalogue",
            Kind::BootImage => "boot-image",
            Kind::Anchor => "anchor",
            Kind::VolumeSequence { .. } => "volume-sequence",
            Kind::IntegritySequence => "integrity-sequence",
            Kind::FileSet => "file-set",
            Kind::FileEntry => "file-entry",
            Kind::AllocationExtent => "allocation-extent",
            Kind::SpaceBitmap => "space-bitmap",
            Kind::SparingTable => "sparing-table",
            Kind::SparePackets => "spare-packets",
            Kind::VirtualAllocationTable => "virtual-allocation-table",
            Kind::MetadataFile { .. } => "metadata-file",
            Kind::MetadataBitmap => "metadata-bitmap",
            Kind::SystemStream => "system-stream",
            Kind::Checksums => "checksums",
            Kind::MacintoshHeader => "macintosh-header",
            Kind::MacintoshVolume => "macintosh-volume",
            Kind::AppendedPartition => "appended-partition",
        }
    }
}

impl fmt::Display for StructureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use StructureKind as Kind;
        f.write_str(match self {
            Kind::SystemArea => "the system area",
            Kind::PartitionTable => "a partition table",
            Kind::VolumeDescriptor => "a volume descriptor",
            Kind::PathTable { big_endian: false } => "the path table",
            Kind::PathTable { big_endian: true } => "the path table for big-endian machines",
            Kind::ContinuationArea => "a continuation area of Rock Ridge",
            Kind::RelocationDirectory => "the directory of relocated directories",
            Kind::AssociatedFile => "a file associated with another",
            Kind::ExtendedAttributes => "an extended attribute record",
            Kind::PartitionTree => "the directories as they are seen from within a partition",
            Kind::BootCatalogue => "the boot catalogue",
            Kind::BootImage => "a boot image",
            Kind::Anchor => "a UDF anchor",
            Kind::VolumeSequence { is_reserve: false } => "the UDF volume descriptors",
            Kind::VolumeSequence { is_reserve: true } => "the reserve UDF volume descriptors",
            Kind::IntegritySequence => "the UDF integrity descriptors",
            Kind::FileSet => "the UDF file set descriptor",
            Kind::FileEntry => "a UDF file entry",
            Kind::AllocationExtent => "a list of UDF extents",
            Kind::SpaceBitmap => "the UDF map of free space",
            Kind::SparingTable => "a UDF sparing table",
            Kind::SparePackets => "UDF spare packets",
            Kind::VirtualAllocationTable => "the UDF virtual allocation table",
            Kind::MetadataFile { is_mirror: false } => "the UDF metadata file",
            Kind::MetadataFile { is_mirror: true } => "the mirror of the UDF metadata file",
            Kind::MetadataBitmap => "the map of the UDF metadata file",
            Kind::SystemStream => "a UDF system stream",
            Kind::Checksums => "recorded checksums",
            Kind::MacintoshHeader => "the header of a Macintosh volume",
            Kind::MacintoshVolume => "a Macintosh volume",
            Kind::AppendedPartition => "an appended partition",
        })
    }
}

/// A stretch of a disc that has one use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Structure {
    pub kind: StructureKind,
    /// In bytes from the start of the image.
    pub start: u64,
    /// In bytes.
    pub length: u64,
}

/// All that were met, in the order in which they were met.
#[derive(Debug, Default)]
pub struct Structures {
    all: Vec<Structure>,
}

impl Structures {
    /// Joins what continues the last one; a file entry after the other is one stretch.
    pub fn add(&mut self, kind: StructureKind, start: u64, length: u64) {
        if length == 0 {
            return;
        }
        if let Some(last) = self.all.last_mut()
            && last.kind == kind
            && last.start.checked_add(last.length) == Some(start)
            && let Some(joined) = last.length.checked_add(length)
        {
            last.length = joined;
            return;
        }
        self.all.push(Structure { kind, start, length });
    }

    pub fn all(&self) -> &[Structure] {
        &self.all
    }
}
