//! This module knows by their first bytes the files that are taken for images, and are none.

use std::fmt;

use super::probe::has;

/// What it is instead of an image. `Display` is its name in a sentence: "this is *a gzip archive*".
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
    /// Raw sectors of 2352 bytes, as in `.bin` files.
    RawCd,
    CompressedIso,
    Chd,
    Isz,
    Daa,
    WindowsImage,
    VirtualDisk,
    SquashFs,
    Pdf,
    WebPage,
    Elf,
}

const RAW_SYNC: &[u8] = b"\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0";

const MAGICS: &[(usize, &[u8], ForeignKind)] = &[
    (0, b"\x1F\x8B\x08", ForeignKind::Gzip),
    (4, b"1AY&SY", ForeignKind::Bzip2),
    (0, b"\xFD7zXZ\0", ForeignKind::Xz),
    (0, b"\x28\xB5\x2F\xFD", ForeignKind::Zstandard),
    (0, b"\x04\x22\x4D\x18", ForeignKind::Lz4),
    (0, b"PK\x03\x04", ForeignKind::Zip),
    (0, b"7z\xBC\xAF\x27\x1C", ForeignKind::SevenZip),
    (0, b"Rar!\x1A\x07", ForeignKind::Rar),
    (257, b"ustar", ForeignKind::Tar),
    (0, RAW_SYNC, ForeignKind::RawCd),
    (0, b"CISO", ForeignKind::CompressedIso),
    (0, b"ZISO", ForeignKind::CompressedIso),
    (0, b"MComprHD", ForeignKind::Chd),
    (0, b"IsZ!", ForeignKind::Isz),
    (0, b"DAA\0", ForeignKind::Daa),
    (0, b"MSWIM\0\0\0", ForeignKind::WindowsImage),
    (0, b"KDMV", ForeignKind::VirtualDisk),
    (0, b"QFI\xFB", ForeignKind::VirtualDisk),
    (0, b"vhdxfile", ForeignKind::VirtualDisk),
    (0, b"conectix", ForeignKind::VirtualDisk),
    (0, b"hsqs", ForeignKind::SquashFs),
    (0, b"%PDF-", ForeignKind::Pdf),
    (0, b"<!DOCTYPE", ForeignKind::WebPage),
    (0, b"<!doctype", ForeignKind::WebPage),
    (0, b"<html", ForeignKind::WebPage),
    (0, b"\x7FELF", ForeignKind::Elf),
];

impl ForeignKind {
    /// By the first sector of what holds no filesystem; a disc's own system area may begin with any of these.
    pub(super) fn of(first_sector: &[u8]) -> Option<Self> {
        MAGICS.iter().find(|(offset, magic, _)| has(first_sector, *offset, magic)).map(|&(_, _, kind)| kind)
    }
}

impl fmt::Display for ForeignKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ForeignKind::Gzip => "a gzip archive",
            ForeignKind::Bzip2 => "a bzip2 archive",
            ForeignKind::Xz => "an xz archive",
            ForeignKind::Zstandard => "a Zstandard archive",
            ForeignKind::Lz4 => "an LZ4 archive",
            ForeignKind::Zip => "a ZIP archive",
            ForeignKind::SevenZip => "a 7z archive",
            ForeignKind::Rar => "a RAR archive",
            ForeignKind::Tar => "a tar archive",
            ForeignKind::RawCd => "a raw CD image with 2352 bytes a sector",
            ForeignKind::CompressedIso => "a compressed image (CSO)",
            ForeignKind::Chd => "a compressed image (CHD)",
            ForeignKind::Isz => "a compressed image (ISZ)",
            ForeignKind::Daa => "a compressed image (DAA)",
            ForeignKind::WindowsImage => "a Windows image (WIM)",
            ForeignKind::VirtualDisk => "the disk of a virtual machine",
            ForeignKind::SquashFs => "a SquashFS filesystem",
            ForeignKind::Pdf => "a PDF document",
            ForeignKind::WebPage => "a web page",
            ForeignKind::Elf => "a program",
        })
    }
}
