use crate::filesystem::iso9660::writer::noise;
use crate::filesystem::{Content, first_look, first_look_at_file};

/// What a file is, as its words begin.
fn told(bytes: &[u8]) -> String {
    let length = bytes.len() as u64;
    let mut whole = bytes.to_vec();
    whole.resize(bytes.len().next_multiple_of(2048), 0);
    match first_look_at_file(&mut whole.as_slice(), length).content {
        Content::NotAnImage(kind) => kind.to_string(),
        other => format!("{other:?}"),
    }
}

/// `length` bytes that mean nothing, with `bytes` at `at`.
fn with(length: usize, at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut file = noise(length, 3);
    file[..64].fill(0x80);
    file[at..at + bytes.len()].copy_from_slice(bytes);
    file
}

#[test]
fn containers_are_known_by_their_end() {
    let end = |before: usize, bytes: &[u8]| told(&with(100_001, 100_001 - before, bytes));
    assert_eq!(end(512, b"koly"), "an image of macOS (DMG), to be converted to an .iso first");
    assert_eq!(end(12, b"NER5\0\0\0\0\0\0\0\x09"), "an image of Nero (NRG), to be converted to an .iso first");
    assert_eq!(end(8, b"NERO\0\0\0\x09"), "an image of Nero (NRG), to be converted to an .iso first");
    assert_eq!(end(8, b"\x06\0\0\x80\x40\0\0\0"), "an image of DiscJuggler (CDI), to be converted to an .iso first");
    assert_eq!(end(512, b"conectix"), "the disk of a virtual machine (VHD)");
    assert_eq!(end(8, b"\x06\0\0\x80\0\0\0\0"), "Unknown", "nothing begins at byte 0");
    let mut zeros = vec![0; 100_000];
    zeros[99_992..].copy_from_slice(b"NERO\0\0\0\x09");
    assert!(told(&zeros).starts_with("an image of Nero"), "and is not all zero");
}

#[test]
fn raw_sectors_say_which_track_they_are_of() {
    let raw = |size: usize, mode: u8| {
        let mut file = noise(40 * size, 1);
        for sector in file.chunks_mut(size) {
            sector[..12].copy_from_slice(b"\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0");
            sector[15] = mode;
        }
        told(&file)
    };
    let mode_1 = "of a mode 1 track, of which an .iso has bytes 16 to 2063 of each sector";
    let mode_2 = "of a mode 2 track, of which an .iso has bytes 24 to 2071 of each sector";
    assert_eq!(raw(2352, 1), format!("a raw CD image with 2352 bytes a sector {mode_1}"));
    assert_eq!(raw(2352, 2), format!("a raw CD image with 2352 bytes a sector {mode_2}"));
    assert_eq!(raw(2448, 1), format!("a raw CD image with 2448 bytes a sector {mode_1}"));
    assert_eq!(raw(2352, 9), "a raw CD image with 2352 bytes a sector");
    let by_descriptor = |size: usize, offset: usize| told(&with(40 * size, 16 * size + offset, b"\x01CD001\x01"));
    assert_eq!(by_descriptor(2352, 16), format!("a raw CD image with 2352 bytes a sector {mode_1}"));
    assert_eq!(by_descriptor(2448, 24), format!("a raw CD image with 2448 bytes a sector {mode_2}"));
    let short = "of a mode 2 track, of which an .iso has bytes 8 to 2055 of each sector";
    assert_eq!(by_descriptor(2336, 8), format!("a raw CD image with 2336 bytes a sector {short}"));
}

#[test]
fn disks_are_known_by_their_filesystems() {
    let of = |at, bytes: &[u8]| told(&with(200_000, at, bytes));
    assert_eq!(of(0, b"\xEB\x52\x90NTFS    "), "a disk image with an NTFS filesystem");
    assert_eq!(of(0, b"\xEB\x76\x90EXFAT   "), "a disk image with an exFAT filesystem");
    assert_eq!(of(65600, b"_BHRfS_M"), "a disk image with a Btrfs filesystem");
    assert_eq!(of(32, b"NXSB"), "a disk image with an APFS filesystem");
    let mut ext = with(200_000, 1024, &[0; 64]);
    ext[1080..1082].copy_from_slice(b"\x53\xEF");
    assert_eq!(told(&ext), "a disk image with an ext2, ext3 or ext4 filesystem");
    let mut fat = with(200_000, 0, b"\xEB\x3C\x90MTOO4043\0\x02\x01\x01\0\x02\xE0\0\x40\x0B\xF0");
    fat[510..512].copy_from_slice(b"\x55\xAA");
    assert_eq!(told(&fat), "a disk image with a FAT filesystem");
    fat[13] = 3;
    assert_eq!(told(&fat), "Unknown");
    let mut parts = with(200_000, 446, &[0; 64]);
    parts[510..512].copy_from_slice(b"\x55\xAA");
    parts[450..462].copy_from_slice(b"\x83\0\0\0\x80\0\0\0\x10\0\0\0");
    assert_eq!(told(&parts), "a disk image with partitions");
    parts[454] = 0;
    assert_eq!(told(&parts), "Unknown", "a hybrid whose filesystem is lost");
}

#[test]
fn texts_are_told_apart() {
    assert_eq!(
        told(b"FILE \"a.bin\" BINARY\r\n  TRACK 01 MODE1/2352\r\n"),
        "a cue sheet, and the data is in the file beside it"
    );
    assert!(told(b"[CloneCD]\r\nVersion=3\r\n").starts_with("the description of an image of CloneCD"));
    assert!(told(b"CD_ROM\n\nTRACK MODE1\n").starts_with("the description of an image of cdrdao"));
    assert!(told(b"# Mapfile. Created by GNU ddrescue\n").starts_with("the map of a rescued image"));
    assert!(told(b"\n\n <!DocType HTML><html>").starts_with("a web page, which a server sent"));
    assert_eq!(told(b"404: not found\n"), "a text");
    assert_eq!(told(b"d8:announce35:udp"), "a torrent, with which the download of an image begins");
    assert_eq!(told(b"abc\x01def"), "Unknown");
}

#[test]
fn what_is_on_a_disc_is_no_file() {
    let mut disc = with(100_352, 100_352 - 512, b"koly");
    disc[..11].copy_from_slice(b"\xEB\x52\x90NTFS    ");
    assert_eq!(first_look(&mut disc.as_slice()).content, Content::Unknown);
}
