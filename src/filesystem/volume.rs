//! This module knows the words for what a disc's filesystems say of themselves.

use std::fmt;

use crate::sector::SectorCount;

/// A filesystem, or a part of one that has names of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Volume {
    pub kind: VolumeKind,
    /// Without the blanks around it, and never empty. Whatever the disc holds: it may have control characters in it.
    pub label: Option<String>,
    /// What it claims to occupy, counted from the first sector of the disc.
    pub sectors: Option<SectorCount>,
}

/// Which filesystem. `Display` is its name in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VolumeKind {
    /// The draft of 1986 that became ISO 9660.
    HighSierra,
    /// `sequence` is the number of this volume in a set of `set_size`.
    Iso9660 {
        set_size: u16,
        sequence: u16,
    },
    /// ISO 9660:1999, a second tree with long names.
    Enhanced,
    Joliet {
        level: u8,
    },
    /// POSIX names and attributes within the tree of ISO 9660.
    RockRidge,
    /// `revision` as UDF writes it, 0x0250 being 2.50.
    Udf {
        revision: Option<u16>,
    },
    Hfs,
    HfsPlus,
}

impl fmt::Display for VolumeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            VolumeKind::HighSierra => "high-sierra",
            VolumeKind::Iso9660 { .. } => "iso9660",
            VolumeKind::Enhanced => "iso9660-1999",
            VolumeKind::Joliet { .. } => "joliet",
            VolumeKind::RockRidge => "rock-ridge",
            VolumeKind::Udf { .. } => "udf",
            VolumeKind::Hfs => "hfs",
            VolumeKind::HfsPlus => "hfs-plus",
        })
    }
}

/// One voice on how long the disc's content is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SizeClaim {
    pub source: SizeSource,
    pub sectors: SectorCount,
}

/// Who says so. `Display` is a phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SizeSource {
    HighSierra,
    /// Volume space size of the primary descriptor.
    Iso9660,
    /// Volume space size of a supplementary or enhanced one.
    Supplementary,
    /// End of the last UDF partition.
    UdfPartition,
    /// End of the reserve volume descriptor sequence and the anchor behind it.
    UdfReserve,
    /// End of the last entry.
    MasterBootRecord,
    /// Where the second header stands, which is the last block.
    GuidPartitionTable,
    ApplePartitionMap,
    /// End of the last file or structure of ISO 9660 that was found.
    Files,
    /// The same of UDF.
    UdfFiles,
    /// End of the last UDF anchor, where it is or should be.
    UdfAnchor,
    /// End of the newest virtual allocation table of UDF, which is what is recorded last.
    VirtualAllocationTable,
    /// End of a volume of HFS or HFS+.
    Macintosh,
    /// Behind the last tag with a sum of libisofs.
    Checksums,
}

impl SizeSource {
    /// Whether a filesystem says so of itself. A partition table's idea of the end need not be recorded on a disc.
    pub(super) fn is_of_volume(self) -> bool {
        match self {
            SizeSource::HighSierra
            | SizeSource::Iso9660
            | SizeSource::Supplementary
            | SizeSource::UdfPartition
            | SizeSource::UdfReserve
            | SizeSource::UdfAnchor
            | SizeSource::VirtualAllocationTable => true,
            SizeSource::MasterBootRecord
            | SizeSource::GuidPartitionTable
            | SizeSource::ApplePartitionMap
            | SizeSource::Files
            | SizeSource::UdfFiles
            | SizeSource::Macintosh
            | SizeSource::Checksums => false,
        }
    }

    /// Whether something is known to stand right in front of that end.
    pub(super) fn must_exist(self) -> bool {
        match self {
            SizeSource::Files
            | SizeSource::UdfFiles
            | SizeSource::VirtualAllocationTable
            | SizeSource::GuidPartitionTable
            | SizeSource::Macintosh
            | SizeSource::Checksums => true,
            SizeSource::HighSierra
            | SizeSource::Iso9660
            | SizeSource::Supplementary
            | SizeSource::UdfPartition
            | SizeSource::UdfReserve
            | SizeSource::UdfAnchor
            | SizeSource::MasterBootRecord
            | SizeSource::ApplePartitionMap => false,
        }
    }

    pub(super) fn is_of_partition_table(self) -> bool {
        matches!(self, SizeSource::MasterBootRecord | SizeSource::GuidPartitionTable | SizeSource::ApplePartitionMap)
    }
}

impl fmt::Display for SizeSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SizeSource::HighSierra => "the High Sierra volume descriptor",
            SizeSource::Iso9660 => "the ISO 9660 volume descriptor",
            SizeSource::Supplementary => "a supplementary volume descriptor",
            SizeSource::UdfPartition => "the UDF partition",
            SizeSource::UdfReserve => "the UDF reserve descriptors",
            SizeSource::MasterBootRecord => "the master boot record",
            SizeSource::GuidPartitionTable => "the GUID partition table",
            SizeSource::ApplePartitionMap => "the Apple partition map",
            SizeSource::Files => "the last file or structure of ISO 9660",
            SizeSource::UdfFiles => "the last file or structure of UDF",
            SizeSource::UdfAnchor => "the last UDF anchor",
            SizeSource::VirtualAllocationTable => "the UDF virtual allocation table",
            SizeSource::Macintosh => "the header of the Macintosh volume",
            SizeSource::Checksums => "the sums that libisofs recorded",
        })
    }
}

/// The sectors that `bytes` need, the last one perhaps not wholly; all there can be where that is more than 8 TiB.
pub(super) fn sectors_for(bytes: u64) -> SectorCount {
    let up = bytes.saturating_add(crate::sector::SECTOR_BYTES as u64 - 1);
    SectorCount::whole_in(up).unwrap_or(SectorCount(u32::MAX))
}

/// A label without the blanks around it; `None` where nothing is left.
pub(super) fn trimmed(label: &str) -> Option<String> {
    let label = label.split('\0').next().unwrap_or_default().trim();
    (!label.is_empty()).then(|| label.to_owned())
}
