//! This module knows files by their first bytes.

use super::ForeignKind;
use crate::filesystem::probe::has;

const MAGICS: &[(usize, &[u8], ForeignKind)] = &[
    (0, b"\x1F\x8B\x08", ForeignKind::Gzip),
    (4, b"1AY&SY", ForeignKind::Bzip2),
    (0, b"\xFD7zXZ\0", ForeignKind::Xz),
    (0, b"\x28\xB5\x2F\xFD", ForeignKind::Zstandard),
    (0, b"\x04\x22\x4D\x18", ForeignKind::Lz4),
    (0, b"PK\x03\x04", ForeignKind::Zip),
    (0, b"7z\xBC\xAF\x27\x1C", ForeignKind::SevenZip),
    (0, b"Rar!\x1A\x07", ForeignKind::Rar),
    (0, b"MSCF\0\0\0\0", ForeignKind::Cabinet),
    (257, b"ustar", ForeignKind::Tar),
    (0, b"CISO", ForeignKind::CompressedIso),
    (0, b"ZISO", ForeignKind::CompressedIso),
    (0, b"ECM\0", ForeignKind::Ecm),
    (0, b"MComprHD", ForeignKind::Chd),
    (0, b"IsZ!", ForeignKind::Isz),
    (0, b"DAA\0", ForeignKind::Daa),
    (0, b"MEDIA DESCRIPTOR", ForeignKind::Mds),
    (0, b"BWT5 STREAM SIGN", ForeignKind::BlindWrite),
    (0, b"encrcdsa", ForeignKind::Dmg),
    (0, b"MSWIM\0\0\0", ForeignKind::WindowsImage),
    (0, b"KDMV", ForeignKind::Vmdk),
    (0, b"# Disk DescriptorFile", ForeignKind::Vmdk),
    (0, b"QFI\xFB", ForeignKind::Qcow),
    (0, b"vhdxfile", ForeignKind::Vhdx),
    (0, b"conectix", ForeignKind::Vhd),
    (64, b"\x7F\x10\xDA\xBE", ForeignKind::Vdi),
    (0, b"hsqs", ForeignKind::SquashFs),
    (0, b"LUKS\xBA\xBE", ForeignKind::Luks),
    (0, b"XFSB", ForeignKind::Xfs),
    (32, b"NXSB", ForeignKind::Apfs),
    (0, b"d8:announce", ForeignKind::Torrent),
    (0, b"d13:announce-list", ForeignKind::Torrent),
    (0, b"d10:created by", ForeignKind::Torrent),
    (0, b"d7:comment", ForeignKind::Torrent),
    (0, b"%PDF-", ForeignKind::Pdf),
    (0, b"\x7FELF", ForeignKind::Elf),
    (0, b"\x89PNG\r\n\x1A\n", ForeignKind::Picture),
    (0, b"\xFF\xD8\xFF", ForeignKind::Picture),
    (0, b"GIF8", ForeignKind::Picture),
    (0, b"<!DOCTYPE", ForeignKind::WebPage),
    (0, b"<!doctype", ForeignKind::WebPage),
    (0, b"<html", ForeignKind::WebPage),
    (0, b"<HTML", ForeignKind::WebPage),
];
/// Where a Windows program says where its second header is, and how that begins.
const SECOND_HEADER_AT: usize = 60;

pub(super) fn of(first: &[u8]) -> Option<ForeignKind> {
    let found = MAGICS.iter().find(|(offset, magic, _)| has(first, *offset, magic)).map(|&(_, _, kind)| kind);
    found.or_else(|| is_windows_program(first).then_some(ForeignKind::WindowsProgram))
}

fn is_windows_program(first: &[u8]) -> bool {
    let second = first.get(SECOND_HEADER_AT..).and_then(|rest| rest.first_chunk()).map(|at| u32::from_le_bytes(*at));
    let second = second.and_then(|at| usize::try_from(at).ok());
    has(first, 0, b"MZ") && second.is_some_and(|at| has(first, at, b"PE\0\0"))
}
