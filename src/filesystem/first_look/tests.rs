use std::collections::BTreeSet;
use std::io::Read as _;

use super::super::{Platform, ProblemKind, RawSectors, RawTrack, SizeSource};
use super::*;
use crate::sector::SourceError;
use proptest::prelude::*;

/// Images by genisoimage 1.1.11, xorriso 1.5.4 and mkudffs 2.3.
const ZIPPED: &[u8] = include_bytes!("../../../tests/image/first-look.zip");

const NAMES: [&str; 9] = [
    "rr-joliet.iso",
    "bridge.iso",
    "hfs.iso",
    "boot.iso",
    "hfsplus.iso",
    "gpt.iso",
    "udf-2048.img",
    "udf-512.img",
    "dvdr.img",
];

fn image(name: &str) -> Vec<u8> {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(ZIPPED)).unwrap();
    let mut bytes = Vec::new();
    zip.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

/// An image on a disc that has scratches.
struct Scratched {
    bytes: Vec<u8>,
    bad: BTreeSet<u32>,
    /// After so many reads the drive is gone.
    gone_after: usize,
    reads: usize,
}

impl Scratched {
    fn new(bytes: Vec<u8>, bad: impl IntoIterator<Item = u32>) -> Self {
        Self { bytes, bad: bad.into_iter().collect(), gone_after: usize::MAX, reads: 0 }
    }
}

impl SectorSource for Scratched {
    fn sector_count(&self) -> SectorCount {
        self.bytes.as_slice().sector_count()
    }

    fn read_sectors(&mut self, start: Lba, buffer: &mut [u8]) -> Result<(), SourceError> {
        self.reads += 1;
        if self.reads > self.gone_after {
            return Err(SourceError::Failed { at: start, source: "gone".into() });
        }
        let end = start.0 + u32::try_from(buffer.len() / SECTOR_BYTES).unwrap();
        if self.bad.range(start.0..end).next().is_some() {
            return Err(SourceError::Unreadable { at: start });
        }
        self.bytes.as_slice().read_sectors(start, buffer)
    }
}

/// What is left of an image of which these sectors are others now.
fn without_descriptors(name: &str, fill: u8) -> Content {
    let mut bytes = image(name);
    bytes[16 * SECTOR_BYTES..20 * SECTOR_BYTES].fill(fill);
    look_at(&bytes).content
}

#[test]
fn directories_without_descriptors_are_no_unknown_content() {
    for fill in [0, 0xA5] {
        let content = without_descriptors("rr-joliet.iso", fill);
        assert!(matches!(content, Content::LeftOver { directory } if directory.0 > 19), "{content:?}");
    }
    // A record that names another sector than its own, as in an image within a file, is none.
    let mut bytes = vec![7; 60 * SECTOR_BYTES];
    let whole = image("rr-joliet.iso");
    let left = &whole[20 * SECTOR_BYTES..];
    bytes[18 * SECTOR_BYTES..][..left.len()].copy_from_slice(left);
    assert_eq!(look_at(&bytes).content, Content::Unknown);
}

fn look_at(bytes: &[u8]) -> FirstLook {
    first_look(&mut &*bytes)
}

fn kinds(look: &FirstLook) -> Vec<String> {
    look.volumes.iter().map(|volume| volume.kind.to_string()).collect()
}

fn claim(look: &FirstLook, source: SizeSource) -> Option<u32> {
    look.claims.iter().find(|claim| claim.source == source).map(|claim| claim.sectors.0)
}

fn problems(look: &FirstLook) -> Vec<(u32, ProblemKind)> {
    look.problems.iter().map(|problem| (problem.at.0, problem.kind)).collect()
}

#[test]
fn a_disc_with_three_trees_is_told_with_its_label_and_its_size() {
    let bytes = image("rr-joliet.iso");
    let look = look_at(&bytes);
    assert_eq!(kinds(&look), ["iso9660", "joliet", "rock-ridge"]);
    assert_eq!(look.volumes.first().map(|v| v.kind), Some(VolumeKind::Iso9660 { set_size: 1, sequence: 1 }));
    assert_eq!(look.volumes.get(1).map(|v| v.kind), Some(VolumeKind::Joliet { level: 3 }));
    assert_eq!(look.label.as_deref(), Some("Plain Label"));
    assert_eq!(look.needed, Some(SectorCount(35)));
    assert_eq!(look.problems, []);
}

#[test]
fn the_end_of_a_bridge_disc_is_that_of_its_longest_filesystem() {
    let look = look_at(&image("bridge.iso"));
    assert_eq!(kinds(&look), ["iso9660", "joliet", "rock-ridge", "udf"]);
    assert_eq!(claim(&look, SizeSource::Iso9660), Some(431));
    assert_eq!(claim(&look, SizeSource::UdfPartition), Some(282));
    assert_eq!(look.needed, Some(SectorCount(431)));
}

#[test]
fn a_udf_disc_needs_its_last_anchor() {
    for (name, sectors) in [("udf-2048.img", 400), ("udf-512.img", 400)] {
        let look = look_at(&image(name));
        assert_eq!(kinds(&look), ["udf"], "{name}");
        assert_eq!(look.volumes.first().map(|v| v.kind), Some(VolumeKind::Udf { revision: Some(0x0201) }));
        assert_eq!(look.label.as_deref(), Some("Ünïcode UDF"));
        assert_eq!(look.needed, Some(SectorCount(sectors)));
        assert_eq!(look.problems, []);
    }
}

#[test]
fn a_write_once_disc_is_not_as_long_as_its_partition() {
    let look = look_at(&image("dvdr.img"));
    assert_eq!(look.label.as_deref(), Some("VAT disc"));
    assert_eq!((kinds(&look), look.needed), (vec!["udf".to_owned()], None));
}

#[test]
fn a_bootable_disc_says_for_which_machines() {
    let look = look_at(&image("boot.iso"));
    let boot = look.boot.unwrap();
    assert_eq!((boot.catalogue, boot.platforms), (Lba(54), vec![Platform::X86, Platform::Efi]));
    assert_eq!(look.partition_tables, [PartitionTableKind::Mbr]);
}

#[test]
fn hybrids_are_told_but_do_not_say_what_a_disc_needs() {
    let look = look_at(&image("hfs.iso"));
    assert_eq!(kinds(&look), ["iso9660", "rock-ridge", "hfs"]);
    assert_eq!(look.label.as_deref(), Some("HFSHYBRID"));
    assert_eq!(look.volumes.last().and_then(|v| v.label.as_deref()), Some("Mac Label"));
    let look = look_at(&image("hfsplus.iso"));
    assert_eq!(kinds(&look), ["iso9660", "rock-ridge", "hfs-plus"]);
    assert_eq!(look.partition_tables, [PartitionTableKind::Mbr, PartitionTableKind::Apple]);
    let look = look_at(&image("gpt.iso"));
    assert_eq!(claim(&look, SizeSource::GuidPartitionTable), Some(714));
    assert_eq!(look.needed, Some(SectorCount(36)));
}

#[test]
fn a_damaged_main_sequence_has_a_reserve() {
    let bytes = image("udf-2048.img");
    let whole = look_at(&bytes);
    for bad in [vec![20, 21, 22, 23, 24, 25], vec![22], vec![23]] {
        let look = first_look(&mut Scratched::new(bytes.clone(), bad.clone()));
        assert_eq!((look.label, look.needed), (whole.label.clone(), whole.needed), "{bad:?}");
        assert!(look.problems.iter().all(|p| p.kind == ProblemKind::Unreadable || p.kind == ProblemKind::LookedEnough));
    }
    let mut corrupt = bytes.clone();
    for block in 20..26 {
        corrupt[block * SECTOR_BYTES + 100] ^= 1;
    }
    let look = look_at(&corrupt);
    assert_eq!((look.label.clone(), look.needed), (whole.label, whole.needed));
    assert!(problems(&look).contains(&(20, ProblemKind::BadTag)));
}

#[test]
fn an_unreadable_first_anchor_has_copies_at_the_end() {
    let bytes = image("udf-2048.img");
    let look = first_look(&mut Scratched::new(bytes.clone(), [256]));
    assert_eq!((look.label.as_deref(), look.needed), (Some("Ünïcode UDF"), Some(SectorCount(400))));
    assert_eq!(problems(&look), [(256, ProblemKind::Unreadable)]);
    let cut = look_at(&bytes[..300 * SECTOR_BYTES]);
    assert_eq!(cut.needed, Some(SectorCount(400)));
    let look = look_at(&bytes[..200 * SECTOR_BYTES]);
    assert_eq!(problems(&look), [(256, ProblemKind::NoAnchor)]);
    assert_eq!(look.content, Content::Unknown);
}

#[test]
fn without_its_primary_descriptor_a_disc_still_has_the_joliet_one() {
    let look = first_look(&mut Scratched::new(image("rr-joliet.iso"), [16]));
    assert_eq!(kinds(&look), ["joliet"]);
    assert_eq!((look.label.as_deref(), look.needed), (Some("Plain Label"), Some(SectorCount(35))));
    assert_eq!(problems(&look), [(16, ProblemKind::Unreadable)]);
}

#[test]
fn a_disc_of_the_draft_is_told_too() {
    let mut out = crate::bytes::Composer::new();
    out.zeros(16 * SECTOR_BYTES).le_u32(16).be_u32(16).u8(1).bytes(b"CDROM\x01\0");
    out.bytes(&[b' '; 32]).bytes(b"OLD DISC                        ").zeros(8).le_u32(90).be_u32(90).zeros(32);
    out.le_u16(1).be_u16(1).le_u16(1).be_u16(1).le_u16(2048).be_u16(2048).pad_to(17 * SECTOR_BYTES);
    out.zeros(8).u8(255).bytes(b"CDROM\x01").pad_to(20 * SECTOR_BYTES);
    let look = look_at(&out.finish());
    assert_eq!((kinds(&look), look.label.as_deref()), (vec!["high-sierra".to_owned()], Some("OLD DISC")));
    assert_eq!((look.needed, look.problems), (Some(SectorCount(90)), vec![]));
}

#[test]
fn numbers_that_contradict_themselves_are_told() {
    let mut bytes = image("rr-joliet.iso");
    bytes[16 * SECTOR_BYTES + 84..][..4].copy_from_slice(&77_u32.to_be_bytes());
    let look = look_at(&bytes);
    assert_eq!(claim(&look, SizeSource::Iso9660), Some(35));
    assert_eq!(problems(&look), [(16, ProblemKind::Contradiction)]);
    bytes[16 * SECTOR_BYTES + 80..][..4].fill(0);
    assert_eq!(claim(&look_at(&bytes), SizeSource::Iso9660), Some(77));
}

#[test]
fn a_drive_that_left_is_asked_no_more() {
    let mut source = Scratched::new(image("bridge.iso"), []);
    source.gone_after = 2;
    let look = first_look(&mut source);
    assert_eq!(source.reads, 3);
    assert_eq!(look.label.as_deref(), Some("BRIDGE"));
    assert!(problems(&look).contains(&(18, ProblemKind::SourceFailed)));
}

#[test]
fn a_disc_that_is_unreadable_everywhere_is_left_alone() {
    let mut source = Scratched::new(vec![1; 500 * SECTOR_BYTES], 0..500);
    let look = first_look(&mut source);
    assert!(source.reads <= 6, "{} reads", source.reads);
    assert_eq!(look.content, Content::Unknown);
}

#[test]
fn other_files_are_told_by_their_kind() {
    let mut gzip = vec![0; 100 * SECTOR_BYTES];
    gzip[..3].copy_from_slice(b"\x1F\x8B\x08");
    let mut tar = vec![0; 100 * SECTOR_BYTES];
    tar[257..262].copy_from_slice(b"ustar");
    let mut raw = vec![0; 2352 * 40];
    raw[1..11].fill(0xFF);
    for (bytes, kind) in [
        (gzip, ForeignKind::Gzip),
        (tar, ForeignKind::Tar),
        (raw, ForeignKind::RawCd(RawSectors { bytes: 2352, track: RawTrack::Unknown })),
    ] {
        assert_eq!(look_at(&bytes).content, Content::NotAnImage(kind));
    }
    let mut bytes = image("rr-joliet.iso");
    bytes[..6].copy_from_slice(b"\x7FELF\0\0");
    assert_eq!(look_at(&bytes).content, Content::Filesystem, "the system area may hold anything");
    assert_eq!(look_at(ZIPPED).content, Content::NotAnImage(ForeignKind::Zip));
}

#[test]
fn zeros_are_told_from_data_and_from_what_cannot_be_read() {
    let mut bytes = vec![0; 4 << 20];
    assert_eq!(look_at(&bytes).content, Content::AllZero);
    assert_eq!(first_look(&mut Scratched::new(bytes.clone(), [18])).content, Content::Unknown);
    bytes[2 << 20..].fill(1);
    assert_eq!(look_at(&bytes).content, Content::Unknown);
    assert_eq!(look_at(&[]), FirstLook::default());
}

#[test]
fn the_longest_label_is_the_best() {
    let volume = |kind, label: &str| Volume { kind, label: Some(label.to_owned()), sectors: None };
    let iso = |label| volume(VolumeKind::Iso9660 { set_size: 1, sequence: 1 }, label);
    let joliet = |label| volume(VolumeKind::Joliet { level: 3 }, label);
    let udf = |label| volume(VolumeKind::Udf { revision: None }, label);
    assert_eq!(best_label(&[iso("MY_DISC"), joliet("My Disc")]).as_deref(), Some("My Disc"));
    assert_eq!(
        best_label(&[iso("A_RATHER_LONG_NAME"), joliet("A rather long na")]).as_deref(),
        Some("A_RATHER_LONG_NAME")
    );
    assert_eq!(best_label(&[iso("DISC"), udf("Disc")]).as_deref(), Some("Disc"));
    assert_eq!(best_label(&[iso("DISC"), volume(VolumeKind::Hfs, "A longer one")]).as_deref(), Some("DISC"));
    assert_eq!(best_label(&[]), None);
}

#[test]
fn a_fingerprint_is_that_of_the_descriptors() {
    let bytes = image("bridge.iso");
    let whole = look_at(&bytes);
    let mut other = bytes.clone();
    other[40 * SECTOR_BYTES..41 * SECTOR_BYTES].fill(9);
    assert_eq!(look_at(&other).fingerprint(), whole.fingerprint());
    other[16 * SECTOR_BYTES + 820] ^= 1;
    assert_ne!(look_at(&other).fingerprint(), whole.fingerprint());
    assert_eq!(look_at(&[0; 40 * SECTOR_BYTES]).fingerprint(), None);
    let places: Vec<_> = whole.descriptors.iter().map(|d| d.at.0).collect();
    assert_eq!(places, [16, 17, 18, 19, 20, 21, 256, 32, 33, 34, 35, 36, 37]);
    assert!(whole.descriptors.iter().all(|d| bytes[d.at.0 as usize * SECTOR_BYTES..].starts_with(&d.bytes[..])));
}

/// Places at which a first look reads, so that what is changed there is met.
const INTERESTING: [usize; 17] = [0, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 32, 34, 36, 64, 96, 256];

proptest! {
    #[test]
    fn no_change_and_no_scratch_makes_it_panic_or_read_for_ever(
        name in prop::sample::select(NAMES.to_vec()),
        changes in prop::collection::vec((prop::sample::select(INTERESTING.to_vec()), 0..SECTOR_BYTES, any::<u8>()), 0..60),
        bad in prop::collection::btree_set(prop::sample::select(INTERESTING.to_vec()), 0..3),
    ) {
        let mut bytes = image(name);
        for (sector, offset, value) in changes {
            if let Some(byte) = bytes.get_mut(sector * SECTOR_BYTES + offset) {
                *byte = value;
            }
        }
        let mut source = Scratched::new(bytes, bad.into_iter().map(|sector| u32::try_from(sector).unwrap()));
        let look = first_look(&mut source);
        prop_assert!(source.reads <= 200);
        prop_assert!(look.problems.len() <= 32);
    }

    #[test]
    fn no_descriptor_makes_it_panic(
        id in prop::sample::select(vec![&b"\x01CD001"[..], b"\x02CD001", b"\0CD001", b"\0NSR02", b"\0\0\0\0\0\0\0\0\x01CDROM"]),
        mut bytes in prop::collection::vec(any::<u8>(), 3 * SECTOR_BYTES),
    ) {
        bytes[..id.len()].copy_from_slice(id);
        let image = [vec![0; 16 * SECTOR_BYTES], bytes].concat();
        let mut source = Scratched::new(image, []);
        first_look(&mut source);
        prop_assert!(source.reads <= 200);
    }
}
