//! This module knows the files that are taken for images of discs, and are none: by their first bytes, and by their last.

mod cue;
mod disk;
mod footer;
mod magic;
mod raw;
mod text;

use std::fmt;

use super::probe::Probe;
use crate::sector::Lba;
pub use cue::CueTracks;
pub use raw::{RawSectors, RawTrack};

/// What it is instead of an image. `Display` is its name and what to do about it, in a sentence: "this is *a gzip archive,
/// to be unpacked first*".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ForeignKind {
    Gzip,
    Bzip2,
    Xz,
    Zstandard,
    Lz4,
    Zip,
    SevenZip,
    Rar,
    Tar,
    Cabinet,
    /// Sectors with more than user data in them, as in `.bin` files.
    RawCd(RawSectors),
    CompressedIso,
    Ecm,
    Chd,
    Isz,
    Daa,
    Nrg,
    Mds,
    Cdi,
    Dmg,
    BlindWrite,
    CueSheet,
    CloneCd,
    CdrdaoToc,
    RescueMap,
    WindowsImage,
    Vhd,
    Vhdx,
    Vmdk,
    Qcow,
    Vdi,
    Ntfs,
    ExFat,
    Fat,
    Ext,
    Btrfs,
    Xfs,
    Apfs,
    Luks,
    PartitionedDisk,
    SquashFs,
    Torrent,
    WebPage,
    Pdf,
    Elf,
    WindowsProgram,
    Picture,
    Text,
}

impl ForeignKind {
    /// Of what holds no filesystem of a disc: a disc's own system area may begin with any of these. `length` is that of a
    /// file in bytes; what is on a disc is no container of a disc, and may have the filesystem of a hard disk.
    pub(super) fn of(probe: &mut Probe<'_>, length: Option<u64>) -> Option<Self> {
        let first = probe.sector(Lba(0))?;
        let by_start = magic::of(first.as_slice()).or_else(|| raw::of(probe).map(ForeignKind::RawCd));
        let Some(length) = length.filter(|_| by_start.is_none()) else { return by_start };
        // Where sectors are missing, what is left of a disc may look like anything.
        let of_disk = |probe: &mut Probe<'_>| if probe.is_whole() { disk::of(probe) } else { None };
        footer::of(probe, length).or_else(|| of_disk(probe)).or_else(|| text::of(first.as_slice(), length))
    }

    /// Describes an image, or a disc in another form, so that its bytes on a disc are never what somebody wanted there.
    pub fn stands_for_an_image(self) -> bool {
        match self.remedy() {
            Remedy::CutRaw(_) | Remedy::DataBeside | Remedy::ImageBeside | Remedy::Download | Remedy::AskAgain => true,
            Remedy::Unpack | Remedy::Convert | Remedy::Nothing => false,
        }
    }

    fn name(self) -> &'static str {
        match self {
            ForeignKind::Gzip => "a gzip archive",
            ForeignKind::Bzip2 => "a bzip2 archive",
            ForeignKind::Xz => "an xz archive",
            ForeignKind::Zstandard => "a Zstandard archive",
            ForeignKind::Lz4 => "an LZ4 archive",
            ForeignKind::Zip => "a ZIP archive",
            ForeignKind::SevenZip => "a 7z archive",
            ForeignKind::Rar => "a RAR archive",
            ForeignKind::Tar => "a tar archive",
            ForeignKind::Cabinet => "a Windows cabinet",
            ForeignKind::RawCd(_) => "a raw CD image",
            ForeignKind::CompressedIso => "a compressed image (CSO or ZSO)",
            ForeignKind::Ecm => "an image without its error correction (ECM)",
            ForeignKind::Chd => "a compressed image (CHD)",
            ForeignKind::Isz => "a compressed image (ISZ)",
            ForeignKind::Daa => "a compressed image (DAA)",
            ForeignKind::Nrg => "an image of Nero (NRG)",
            ForeignKind::Mds => "the description of an image of Alcohol 120% (MDS)",
            ForeignKind::Cdi => "an image of DiscJuggler (CDI)",
            ForeignKind::Dmg => "an image of macOS (DMG)",
            ForeignKind::BlindWrite => "the description of an image of BlindWrite (B5T, B6T)",
            ForeignKind::CueSheet => "a cue sheet",
            ForeignKind::CloneCd => "the description of an image of CloneCD (CCD)",
            ForeignKind::CdrdaoToc => "the description of an image of cdrdao (TOC)",
            ForeignKind::RescueMap => "the map of a rescued image",
            ForeignKind::WindowsImage => "a Windows image (WIM)",
            ForeignKind::Vhd => "the disk of a virtual machine (VHD)",
            ForeignKind::Vhdx => "the disk of a virtual machine (VHDX)",
            ForeignKind::Vmdk => "the disk of a virtual machine (VMDK)",
            ForeignKind::Qcow => "the disk of a virtual machine (QCOW2)",
            ForeignKind::Vdi => "the disk of a virtual machine (VDI)",
            ForeignKind::Ntfs => "a disk image with an NTFS filesystem",
            ForeignKind::ExFat => "a disk image with an exFAT filesystem",
            ForeignKind::Fat => "a disk image with a FAT filesystem",
            ForeignKind::Ext => "a disk image with an ext2, ext3 or ext4 filesystem",
            ForeignKind::Btrfs => "a disk image with a Btrfs filesystem",
            ForeignKind::Xfs => "a disk image with an XFS filesystem",
            ForeignKind::Apfs => "a disk image with an APFS filesystem",
            ForeignKind::Luks => "an encrypted disk image (LUKS)",
            ForeignKind::PartitionedDisk => "a disk image with partitions",
            ForeignKind::SquashFs => "a SquashFS filesystem",
            ForeignKind::Torrent => "a torrent",
            ForeignKind::WebPage => "a web page",
            ForeignKind::Pdf => "a PDF document",
            ForeignKind::Elf => "a program",
            ForeignKind::WindowsProgram => "a Windows program",
            ForeignKind::Picture => "a picture",
            ForeignKind::Text => "a text",
        }
    }

    fn remedy(self) -> Remedy {
        use ForeignKind as Kind;
        match self {
            Kind::Gzip
            | Kind::Bzip2
            | Kind::Xz
            | Kind::Zstandard
            | Kind::Lz4
            | Kind::Zip
            | Kind::SevenZip
            | Kind::Rar
            | Kind::Tar
            | Kind::Cabinet => Remedy::Unpack,
            Kind::RawCd(raw) => Remedy::CutRaw(raw),
            Kind::CompressedIso | Kind::Ecm | Kind::Chd | Kind::Isz | Kind::Daa | Kind::Nrg | Kind::Cdi | Kind::Dmg => {
                Remedy::Convert
            }
            Kind::Mds | Kind::BlindWrite | Kind::CueSheet | Kind::CloneCd | Kind::CdrdaoToc => Remedy::DataBeside,
            Kind::RescueMap => Remedy::ImageBeside,
            Kind::Torrent => Remedy::Download,
            Kind::WebPage => Remedy::AskAgain,
            Kind::WindowsImage
            | Kind::Vhd
            | Kind::Vhdx
            | Kind::Vmdk
            | Kind::Qcow
            | Kind::Vdi
            | Kind::Ntfs
            | Kind::ExFat
            | Kind::Fat
            | Kind::Ext
            | Kind::Btrfs
            | Kind::Xfs
            | Kind::Apfs
            | Kind::Luks
            | Kind::PartitionedDisk
            | Kind::SquashFs
            | Kind::Pdf
            | Kind::Elf
            | Kind::WindowsProgram
            | Kind::Picture
            | Kind::Text => Remedy::Nothing,
        }
    }
}

/// What can be done to have an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Remedy {
    Unpack,
    Convert,
    CutRaw(RawSectors),
    DataBeside,
    ImageBeside,
    Download,
    AskAgain,
    Nothing,
}

impl Remedy {
    /// The end of a sentence; empty where nothing can be done.
    fn words(self) -> &'static str {
        match self {
            Remedy::Unpack => ", to be unpacked first",
            Remedy::Convert => ", to be converted to an .iso first",
            Remedy::CutRaw(raw) => raw.advice(),
            Remedy::DataBeside => ", and the data is in the file beside it",
            Remedy::ImageBeside => ", and the image is the file beside it",
            Remedy::Download => ", with which the download of an image begins",
            Remedy::AskAgain => ", which a server sent in the place of an image",
            Remedy::Nothing => "",
        }
    }
}

impl fmt::Display for ForeignKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        if let ForeignKind::RawCd(raw) = self {
            write!(f, " {raw}")?;
        }
        f.write_str(self.remedy().words())
    }
}

#[cfg(test)]
mod tests;
