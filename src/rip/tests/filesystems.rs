//! What is lost is told by the names of those who lost it, from the drive to the account.

use super::bench::*;
use super::image_of_others;
use crate::filesystem::iso9660::writer::{Disc, Part, noise};
use crate::filesystem::udf::writer::{Item, Layout, Recipe, VirtualTable, Written as Udf, write as write_udf};
use crate::filesystem::{
    Damage, Image, NodeKind, Options as Reading, Origin, Owner, Rule, Severity, StructureKind, TreeKind,
};
use crate::image::Memory;
use crate::rip::{End, Options, Order, Outcome, Status};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SectorRange};
use discwright::virtual_drive::Setup;
use discwright::virtual_drive::disc::{DiscKind, Tail};
use discwright::virtual_drive::fault::Failure;

fn scratched(mut setup: Setup, bad: &[(u32, u32)]) -> Setup {
    setup.faults = vec![unreadable(bad, Failure::default())];
    setup
}

fn sector(byte: impl TryInto<u64>) -> u32 {
    u32::try_from(byte.try_into().unwrap_or(u64::MAX) / SECTOR_BYTES as u64).unwrap()
}

/// Owner, path, first byte of the file, bytes.
type Told = (String, String, Option<u64>, u64);

fn told(ripped: &Ripped) -> Vec<Told> {
    let words = |damage: &Damage| {
        let path = String::from_utf8(damage.path.clone().unwrap_or_default()).unwrap();
        (damage.owner.to_string(), path, damage.file_offset, damage.length)
    };
    ripped.report().judgement.as_ref().unwrap().damage.all.iter().map(words).collect()
}

fn one(owner: &str, path: &str, file_offset: Option<u64>, length: u64) -> Told {
    (owner.to_owned(), path.to_owned(), file_offset, length)
}

const S: u64 = SECTOR_BYTES as u64;

#[test]
fn twelve_sectors_of_a_file_on_a_dvd() {
    let mut disc = Disc::with_all_names();
    disc.file("Films/long one.bin", noise(400 * 2048 + 100, 5));
    disc.file("Films/other.bin", noise(9000, 6));
    let disc = disc.write();
    let start = sector(disc.start(Part::Joliet, "Films/long one.bin"));
    let bad = (start + 100, start + 112);
    for order in [Order::Sequential, Order::UsedFirst] {
        let storage = Memory::new();
        let ripped = rip_to(&storage, scratched(dvd(&disc.bytes), &[bad]), &Options { order, ..Options::default() });
        let report = ripped.report();
        assert_eq!((report.outcome, report.status()), (Outcome::Damaged, Status::Damaged));
        assert_eq!((report.bad.clone(), report.missing), (ranges_of(&[bad]), count(12)));
        assert_eq!(told(&ripped), [one("file", "Films/long one.bin", Some(100 * S), 12 * S)]);
        assert_eq!(report.judgement.as_ref().unwrap().damage.all[0].tree, Some(TreeKind::RockRidge));
        assert_eq!(report.findings, []);
        assert_eq!(content(&storage, OUTPUT), None);
        assert_eq!(map_of(&storage).missing().collect::<Vec<_>>(), ranges_of(&[bad]));
        let mut expected = disc.bytes.clone();
        expected[bad.0 as usize * SECTOR_BYTES..bad.1 as usize * SECTOR_BYTES].fill(0);
        assert!(content(&storage, "/images/disc.iso.part").unwrap() == expected);
    }
}

/// A file lies behind the end that the volume claims, on the disc all the same.
fn with_a_file_behind_the_end() -> (Vec<u8>, u32) {
    let mut disc = Disc::plain();
    disc.file("LAST.BIN", noise(30 * 2048, 7)).at = Some(100);
    disc.padding = 20;
    let mut disc = disc.write();
    disc.put_both(16 * S + 80, 90);
    (disc.bytes, 100)
}

#[test]
fn a_file_behind_the_declared_end_is_read_and_whole() {
    let (bytes, _) = with_a_file_behind_the_end();
    for order in [Order::Sequential, Order::UsedFirst, Order::UsedOnly] {
        let storage = Memory::new();
        let ripped = rip_to(&storage, dvd(&bytes), &Options { order, ..Options::default() });
        let report = ripped.report();
        assert_eq!(report.status(), Status::Ok, "{order}: {:?}", report.findings);
        assert!(report.findings.iter().any(|finding| finding.severity == Severity::Warning), "{:?}", report.findings);
        assert_eq!(told(&ripped), []);
        let name = if order == Order::UsedOnly { "/images/disc.iso.part" } else { OUTPUT };
        let file = SectorRange::new(Lba(100), Lba(130));
        assert!(sectors(&content(&storage, name).unwrap(), file) == sectors(&bytes, file));
        if order != Order::UsedOnly {
            assert!(content(&storage, name).unwrap() == bytes);
        }
    }
}

#[test]
fn no_file_behind_the_declared_end_is_trimmed_away() {
    let (bytes, _) = with_a_file_behind_the_end();
    let options = Options { end: End::OfFilesystem, ..Options::default() };
    let storage = Memory::new();
    let ripped = rip_to(&storage, dvd(&bytes), &options);
    assert_eq!((ripped.report().status(), ripped.report().sectors), (Status::Ok, SectorCount(130)));
    assert!(content(&storage, OUTPUT).unwrap() == bytes[..130 * SECTOR_BYTES]);
}

#[test]
fn an_image_is_trimmed_to_the_end_that_the_filesystem_claims() {
    let mut disc = Disc::plain();
    disc.padding = 20;
    let disc = disc.write();
    let mut bytes = disc.bytes.clone();
    bytes.resize(bytes.len() + 500 * SECTOR_BYTES, 7);
    let options = Options { end: End::OfFilesystem, ..Options::default() };
    let ripped = rip_to(&Memory::new(), dvd(&bytes), &options);
    assert_eq!((ripped.report().status(), ripped.report().sectors), (Status::Ok, SectorCount(disc.sectors)));
}

/// What is ripped of a disc that goes on with zeros, with `--trim`.
fn trimmed(bytes: &[u8]) -> (Status, u32) {
    let mut bytes = bytes.to_vec();
    bytes.resize(bytes.len() + 700 * SECTOR_BYTES, 0);
    let ripped = rip_to(&Memory::new(), dvd(&bytes), &Options { end: End::OfFilesystem, ..Options::default() });
    (ripped.report().status(), ripped.report().sectors.0)
}

#[test]
fn no_session_is_trimmed_away_and_none_of_its_padding() {
    let mut bytes = Disc::plain().write().bytes;
    for session in 2..4 {
        bytes.resize(bytes.len().next_multiple_of(16 * SECTOR_BYTES), 0);
        let start = bytes.len();
        let mut later = Disc { start: sector(start), padding: 30 * session, ..Disc::plain() };
        later.file("MORE.BIN", noise(90_000, session));
        bytes.extend_from_slice(&later.write().bytes[start..]);
    }
    assert_eq!(trimmed(&bytes), (Status::Ok, sector(bytes.len())));
}

#[test]
fn no_partition_behind_the_filesystem_is_trimmed_away() {
    let mut bytes = Disc { padding: 150, ..Disc::with_all_names() }.write().bytes;
    let start = sector(bytes.len()) + 1;
    bytes.resize(bytes.len() + SECTOR_BYTES, 0);
    bytes.extend(noise(100 * SECTOR_BYTES, 5));
    bytes[446..454].copy_from_slice(&[0, 0, 2, 0, 0xEF, 0, 0, 0]);
    bytes[454..458].copy_from_slice(&(start * 4).to_le_bytes());
    bytes[458..462].copy_from_slice(&400_u32.to_le_bytes());
    bytes[510..512].copy_from_slice(b"\x55\xAA");
    assert_eq!(trimmed(&bytes), (Status::Ok, start + 100));
}

#[test]
fn no_anchor_is_trimmed_away_wherever_the_reserve_descriptors_are() {
    for third_anchor in [false, true] {
        let items = vec![Item::file("A.BIN", &noise(5000, 1))];
        let recipe = Recipe { third_anchor, items, spare_blocks: 64, ..Recipe::default() };
        let written = write_udf(&recipe);
        assert_eq!(trimmed(&written.bytes), (Status::Ok, sector(written.bytes.len())), "{third_anchor}");
    }
}

#[test]
fn nothing_is_trimmed_where_a_directory_cannot_be_read() {
    let written = Disc::plain().write();
    let mut bytes = written.bytes.clone();
    bytes.resize(bytes.len() + 700 * SECTOR_BYTES, 0);
    let bad = sector(written.start(Part::Primary, "SUB"));
    let options = Options { end: End::OfFilesystem, ..Options::default() };
    let ripped = rip_to(&Memory::new(), scratched(dvd(&bytes), &[(bad, bad + 1)]), &options);
    assert_eq!(ripped.report().sectors.0, sector(bytes.len()));
}

fn udf(layout: Layout) -> Udf {
    write_udf(&Recipe {
        layout,
        items: vec![
            Item::file("A.BIN", &noise(5000, 1)),
            Item::directory(
                "Dir",
                vec![Item::file("B.BIN", &noise(40 * 2048, 2)), Item::file("C.BIN", &noise(4000, 3))],
            ),
        ],
        spare_blocks: 64,
        ..Recipe::default()
    })
}

#[test]
fn a_sound_udf_disc_is_ripped_in_every_order() {
    let layouts = [
        Layout::Physical,
        Layout::Metadata { is_duplicated: true },
        Layout::Metadata { is_duplicated: false },
        Layout::Sparable { packet_blocks: 16, spared: vec![1] },
        Layout::Virtual { table: VirtualTable::Revision200, sessions: 2 },
    ];
    for layout in layouts {
        let written = udf(layout);
        for order in [Order::Sequential, Order::UsedFirst, Order::UsedOnly] {
            let storage = Memory::new();
            let setup = disc(DiscKind::BdRom, &written.bytes, Tail::LeadOut);
            let ripped = rip_to(&storage, setup, &Options { order, ..Options::default() });
            let report = ripped.report();
            assert_eq!(report.status(), Status::Ok, "{order}: {:?}", report.findings);
            let trees = &report.judgement.as_ref().unwrap().trees;
            assert_eq!(
                trees.iter().map(|t| (t.kind, t.files, t.directories)).collect::<Vec<_>>(),
                [(TreeKind::Udf, 3, 1)]
            );
            if order != Order::UsedOnly {
                assert!(content(&storage, OUTPUT).unwrap() == written.bytes);
            }
        }
    }
}

#[test]
fn what_a_udf_disc_loses_is_told_by_name() {
    let written = udf(Layout::Physical);
    let used = SectorRange::joined(
        written
            .places
            .iter()
            .map(|p| SectorRange::new(Lba(sector(p.start as u64)), Lba(sector((p.start + p.length) as u64) + 1)))
            .collect(),
    );
    let unused = SectorRange::without(&[SectorRange::new(Lba(300), Lba(sector(written.bytes.len() as u64)))], &used);
    let unused = unused.iter().map(|range| range.start().0).next_back().unwrap();
    let file = sector(written.content("Dir/B.BIN") as u64);
    let directory = sector(written.content("Dir") as u64);
    let sequence = sector(written.structure("main LVD") as u64);
    // Content of a directory, as long as it is.
    let length = |bytes: &Told| bytes.3;
    for order in [Order::Sequential, Order::UsedFirst, Order::UsedOnly] {
        let options = || Options { order, ..Options::default() };
        let rip = |bad: u32| rip_to(&Memory::new(), scratched(dvd(&written.bytes), &[(bad, bad + 1)]), &options());

        let ripped = rip(file + 3);
        assert_eq!(told(&ripped), [one("file", "Dir/B.BIN", Some(3 * S), S)]);
        assert_eq!((ripped.report().status(), ripped.report().errors()), (Status::Damaged, 0));

        let ripped = rip(directory);
        let told_of = told(&ripped);
        assert_eq!((&*told_of[0].0, &*told_of[0].1), ("directory", "Dir"), "{told_of:?}");
        assert!(length(&told_of[0]) > 0);
        let is_unread = |rule, path: &Option<Vec<u8>>| rule == Rule::S01 && path.as_deref() == Some(b"Dir".as_slice());
        let findings = &ripped.report().findings;
        assert!(
            findings.iter().any(|finding| is_unread(finding.rule, &finding.path) && finding.origin == Origin::Damage),
            "{findings:?}"
        );
        assert_eq!(ripped.report().outcome, Outcome::Damaged, "{order}: nothing was left out");

        let ripped = rip(sequence);
        assert!(told(&ripped)[0].0.starts_with("volume-sequence"), "{:?}", told(&ripped));

        let ripped = rip(unused);
        if order == Order::UsedOnly {
            assert_eq!((ripped.report().outcome, ripped.report().status()), (Outcome::PartOfDisc, Status::Ok));
        } else {
            assert_eq!(told(&ripped), [one("unused", "", None, S)]);
            assert_eq!((ripped.report().status(), ripped.report().errors()), (Status::Damaged, 0));
        }
    }
}

#[test]
fn what_a_bridge_loses_is_told_once() {
    let bytes = image_of_others("bridge.iso");
    let image = Image::read(
        &mut bytes.as_slice(),
        bytes.len() as u64,
        &Reading { tree: Some(TreeKind::Udf), ..Reading::default() },
    );
    let tree = image.tree(Some(TreeKind::Udf)).unwrap();
    let of_kind = |kind| tree.ids().filter(move |&id| tree.node(id).kind == kind && !tree.path(id).is_empty());
    let start = |id| sector(tree.extents(id).first().unwrap().start);
    for id in of_kind(NodeKind::File) {
        let path = String::from_utf8(tree.path(id)).unwrap();
        let ripped = rip_to(&Memory::new(), scratched(dvd(&bytes), &[(start(id), start(id) + 1)]), &Options::default());
        let told = told(&ripped);
        assert_eq!((told.len(), &*told[0].0, &*told[0].1, told[0].2), (1, "file", &*path, Some(0)), "{told:?}");
        assert_eq!(ripped.report().judgement.as_ref().unwrap().damage.all[0].tree, Some(TreeKind::Udf));
    }
    for id in of_kind(NodeKind::Directory) {
        let ripped = rip_to(&Memory::new(), scratched(dvd(&bytes), &[(start(id), start(id) + 1)]), &Options::default());
        let told = told(&ripped);
        assert_eq!((&*told[0].0, told[0].1.as_bytes()), ("directory", &*tree.path(id)), "{told:?}");
        // The other half still lists all.
        let trees = &ripped.report().judgement.as_ref().unwrap().trees;
        assert!(trees.iter().any(|tree| tree.kind == TreeKind::RockRidge && tree.files == 2), "{trees:?}");
    }
    let last = sector(bytes.len() as u64) - 20;
    let ripped = rip_to(&Memory::new(), scratched(dvd(&bytes), &[(last, last + 1)]), &Options::default());
    assert_eq!(told(&ripped), [one("unused", "", None, S)]);
    let owners = [Owner::Unused, Owner::Structure(StructureKind::VolumeDescriptor)];
    let ripped = rip_to(&Memory::new(), scratched(dvd(&bytes), &[(16, 17), (last, last + 1)]), &Options::default());
    let damage = &ripped.report().judgement.as_ref().unwrap().damage.all;
    assert!(damage.iter().all(|damage| owners.contains(&damage.owner) || damage.owner == Owner::Unknown), "{damage:?}");
}

#[test]
fn four_megabytes_of_zeros_are_not_ok_in_any_order() {
    for order in [Order::Sequential, Order::UsedFirst, Order::UsedOnly] {
        let storage = Memory::new();
        let setup = disc(DiscKind::CdRom, &vec![0; 4 << 20], Tail::LeadOut);
        let ripped = rip_to(&storage, setup, &Options { order, ..Options::default() });
        let report = ripped.report();
        assert_eq!((report.sectors, report.status()), (SectorCount(2048), Status::Damaged));
        assert!(report.findings.iter().any(|f| f.severity == Severity::Error && f.text == "nothing but zeros"));
        assert!(report.all_zero);
    }
}

#[test]
fn a_disc_that_is_shorter_than_its_filesystem_says_lacks_padding_or_content() {
    let disc = Disc { padding: 50, ..Disc::with_all_names() }.write();
    let rip_short = |sectors: u32| {
        let length = disc.bytes.len() - sectors as usize * SECTOR_BYTES;
        let ripped = rip_to(&Memory::new(), dvd(&disc.bytes[..length]), &Options::default());
        let report = ripped.report();
        let of_length = report.findings.iter().filter(|finding| finding.rule == Rule::V11);
        let told: Vec<_> = of_length.map(|finding| (finding.severity, finding.at)).collect();
        (report.status(), report.lacking(), told, length as u64)
    };
    let (status, lacking, told, length) = rip_short(20);
    assert_eq!((status, lacking, told), (Status::Ok, None, vec![(Severity::Info, Some(length))]));
    let (status, lacking, told, length) = rip_short(51);
    assert_eq!((status, lacking, told), (Status::Damaged, Some(51 * S), vec![(Severity::Error, Some(length))]));
}

#[test]
fn a_disc_that_is_longer_than_its_filesystem_says_what_stands_there() {
    let mut disc = Disc::with_all_names().write();
    let end = disc.bytes.len() as u64;
    disc.bytes.extend([0; 30 * SECTOR_BYTES]);
    disc.bytes.extend(noise(2 * SECTOR_BYTES, 8));
    let ripped = rip_to(&Memory::new(), dvd(&disc.bytes), &Options::default());
    let told: Vec<_> =
        ripped.report().findings.iter().map(|finding| (finding.rule, finding.severity, finding.at)).collect();
    let data = (Rule::V12, Severity::Warning, Some(end + 30 * S));
    assert_eq!((ripped.report().status(), told), (Status::Ok, vec![data, (Rule::V12, Severity::Info, Some(end))]));
}
