use std::collections::BTreeSet;

use super::*;
use crate::filesystem::extent::Extent;
use crate::filesystem::tree::{Entry, Zisofs};
use proptest::prelude::*;

const S: u64 = SECTOR_BYTES as u64;

fn tree(kind: TreeKind, files: &[(&str, &[Extent])]) -> Tree {
    let mut tree = Tree::new(kind, Entry::new(b"", NodeKind::Directory, 0));
    for (name, extents) in files {
        let entry = Entry { extents, ..Entry::new(name.as_bytes(), NodeKind::File, 0) };
        tree.add(Tree::ROOT, entry).unwrap();
    }
    tree
}

fn sectors(start: u32, end: u32) -> SectorRange {
    SectorRange::new(Lba(start), Lba(end))
}

/// Owner, path, start and length, offset in the file.
type Told = (String, String, u64, u64, Option<u64>);

fn told(damages: &Damages) -> Vec<Told> {
    let path = |damage: &Damage| String::from_utf8(damage.path.clone().unwrap_or_default()).unwrap();
    damages.all.iter().map(|d| (d.owner.to_string(), path(d), d.start, d.length, d.file_offset)).collect()
}

fn one(owner: &str, path: &str, start: u64, length: u64, offset: Option<u64>) -> Told {
    (owner.to_owned(), path.to_owned(), start, length, offset)
}

#[test]
fn bytes_of_a_compressed_file_are_told_as_those_that_are_stored() {
    let extents = [Extent::recorded(20 * S, 3 * S)];
    let zisofs = Zisofs { version: 1, header: 16, block_log2: 15, stored: 3 * S };
    let mut tree = Tree::new(TreeKind::RockRidge, Entry::new(b"", NodeKind::Directory, 0));
    for (name, encoding) in [(b"A", Encoding::Plain), (b"B", Encoding::Zisofs(zisofs))] {
        let entry = Entry { extents: &extents, size: 90 * S, encoding, ..Entry::new(name, NodeKind::File, 0) };
        tree.add(Tree::ROOT, entry).unwrap();
    }
    let trees = [tree];
    let found = Owners::new(&trees, &[]).of_sectors(&[sectors(21, 22)]);
    assert_eq!(told(&found), [one("file", "A", 21 * S, S, Some(S)), one("file", "B", 21 * S, S, Some(S))]);
    assert_eq!(found.all.iter().map(|damage| damage.is_packed).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn a_bad_sector_is_told_with_the_bytes_of_the_file() {
    let extents = [Extent::recorded(20 * S, 3 * S), Extent::recorded(40 * S, 100)];
    let trees = [tree(TreeKind::Iso9660, &[("A.BIN", &extents)])];
    let owners = Owners::new(&trees, &[]);
    let found = owners.of_sectors(&[sectors(22, 24), sectors(40, 41)]);
    assert_eq!(
        told(&found),
        [
            one("file", "A.BIN", 22 * S, S, Some(2 * S)),
            one("unused", "", 23 * S, S, None),
            // What fills up the last sector is nobody's loss.
            one("file", "A.BIN", 40 * S, 100, Some(3 * S)),
        ]
    );
    assert_eq!(found.all[2].sectors(), sectors(40, 41));
}

#[test]
fn bytes_that_two_trees_name_are_told_once_by_the_better_name() {
    let shared = [Extent::recorded(20 * S, 5000)];
    let hidden = [Extent::recorded(30 * S, 10)];
    let trees = [
        tree(TreeKind::RockRidge, &[("a long name", &shared)]),
        tree(TreeKind::Iso9660, &[("A_LONG_N", &shared), ("HIDDEN", &hidden)]),
    ];
    let boot = [Structure { kind: StructureKind::BootImage, start: 20 * S, length: 3 * S }];
    let found = Owners::new(&trees, &boot).of_sectors(&[sectors(20, 31)]);
    assert_eq!(
        told(&found),
        [
            one("file", "a long name", 20 * S, 5000, Some(0)),
            one("unused", "", 23 * S, 7 * S, None),
            one("file", "HIDDEN", 30 * S, 10, Some(0)),
        ]
    );
    assert_eq!(found.all[2].tree, Some(TreeKind::Iso9660));
}

#[test]
fn other_names_are_counted_of_the_tree_that_tells_them() {
    let shared = [Extent::recorded(20 * S, S)];
    let names: Vec<String> = (0..11).map(|number| format!("name {number}")).collect();
    let files: Vec<(&str, &[Extent])> = names.iter().map(|name| (name.as_str(), shared.as_slice())).collect();
    let trees = [tree(TreeKind::RockRidge, &files), tree(TreeKind::Iso9660, &files)];
    let boot = [Structure { kind: StructureKind::BootImage, start: 20 * S, length: S }];
    let found = Owners::new(&trees, &boot).of_sectors(&[sectors(20, 21)]);
    assert_eq!(found.all.len(), MOST_NAMES);
    assert_eq!(found.all.iter().map(|damage| damage.more_names).sum::<u64>(), 3);
}

#[test]
fn all_that_is_used_is_told_in_as_few_ranges_as_possible() {
    let extents = [
        Extent::recorded(20 * S, 5000),
        Extent { kind: ExtentKind::Hole, ..Extent::recorded(0, S) },
        Extent::recorded(40 * S + 2000, 100),
    ];
    let trees = [tree(TreeKind::Udf, &[("A", &extents)]), tree(TreeKind::Iso9660, &[("A", &extents)])];
    let structures = [
        Structure { kind: StructureKind::VolumeDescriptor, start: 16 * S, length: 2 * S },
        Structure { kind: StructureKind::FileEntry, start: 23 * S, length: 176 },
    ];
    let used = Owners::new(&trees, &structures).used();
    assert_eq!(used, [sectors(16, 18), sectors(20, 24), sectors(40, 42)]);
    assert_eq!(Owners::new(&[], &[]).used(), []);
}

#[test]
fn files_that_share_bytes_are_all_damaged() {
    let shared = [Extent::recorded(20 * S, 10)];
    let names: Vec<String> = (0..20).map(|n| format!("F{n}")).collect();
    let files: Vec<_> = names.iter().map(|name| (name.as_str(), shared.as_slice())).collect();
    let trees = [tree(TreeKind::RockRidge, &files)];
    let found = Owners::new(&trees, &[]).of_sectors(&[sectors(20, 21)]);
    assert_eq!(found.all.len(), MOST_NAMES);
    assert_eq!(found.all.iter().map(|damage| damage.more_names).sum::<u64>(), 12);
}

#[test]
fn what_reads_as_zeros_anyway_is_not_lost() {
    let extents = [
        Extent { kind: ExtentKind::Unrecorded, ..Extent::recorded(20 * S, S) },
        Extent { kind: ExtentKind::Hole, ..Extent::recorded(0, S) },
        Extent::recorded(21 * S, S),
    ];
    let trees = [tree(TreeKind::Udf, &[("A", &extents)])];
    let found = Owners::new(&trees, &[]).of_sectors(&[sectors(20, 22)]);
    assert_eq!(told(&found), [one("unused", "", 20 * S, S, None), one("file", "A", 21 * S, S, Some(2 * S))]);
}

#[test]
fn a_file_entry_of_udf_has_the_name_of_its_file() {
    let mut udf = Tree::new(TreeKind::Udf, Entry::new(b"", NodeKind::Directory, 100 * S));
    let inline = [Extent::recorded(101 * S + 176, 50)];
    udf.add(Tree::ROOT, Entry { extents: &inline, ..Entry::new(b"A", NodeKind::File, 101 * S) }).unwrap();
    udf.add(Tree::ROOT, Entry::new(b"B", NodeKind::File, 102 * S)).unwrap();
    udf.add(Tree::ROOT, Entry::new(b"C", NodeKind::File, 102 * S)).unwrap();
    let structures = [
        Structure { kind: StructureKind::MetadataFile { is_mirror: false }, start: 90 * S, length: 100 * S },
        Structure { kind: StructureKind::FileEntry, start: 100 * S, length: 4 * S },
    ];
    let trees = [udf];
    let found = Owners::new(&trees, &structures).of_sectors(&[sectors(101, 105)]);
    assert_eq!(
        told(&found),
        [
            one("file-entry", "A", 101 * S, 176, None),
            one("file", "A", 101 * S + 176, 50, Some(0)),
            one("file-entry", "", 101 * S + 226, S - 226, None),
            one("file-entry", "B", 102 * S, 2 * S, None),
            one("metadata-file", "", 104 * S, S, None),
        ]
    );
    assert_eq!(found.all[3].more_names, 1);
}

#[test]
fn directories_and_structures_are_owners_too() {
    let mut iso = Tree::new(
        TreeKind::Iso9660,
        Entry { extents: &[Extent::recorded(18 * S, S)], ..Entry::new(b"", NodeKind::Directory, 16 * S + 156) },
    );
    iso.add(Tree::ROOT, Entry { extents: &[Extent::recorded(19 * S, 5)], ..Entry::new(b"A", NodeKind::File, 18 * S) });
    let structures = [
        Structure { kind: StructureKind::SystemArea, start: 0, length: 16 * S },
        Structure { kind: StructureKind::PartitionTable, start: 0, length: 512 },
        Structure { kind: StructureKind::VolumeDescriptor, start: 16 * S, length: 2 * S },
    ];
    let trees = [iso];
    let found = Owners::new(&trees, &structures).of_sectors(&[sectors(0, 20)]);
    assert_eq!(
        told(&found),
        [
            one("partition-table", "", 0, 512, None),
            one("system-area", "", 512, 16 * S - 512, None),
            one("descriptor", "", 16 * S, 2 * S, None),
            one("directory", "", 18 * S, S, None),
            one("file", "A", 19 * S, 5, Some(0)),
        ]
    );
}

#[test]
fn a_cut_in_mid_sector_is_told_by_the_byte() {
    let extents = [Extent::recorded(20 * S, 5000)];
    let trees = [tree(TreeKind::Iso9660, &[("A", &extents)])];
    let cut = 20 * S + 3001;
    let found = Owners::new(&trees, &[]).of_bytes(std::slice::from_ref(&(cut..40 * S)));
    assert_eq!(told(&found)[0], one("file", "A", cut, 1999, Some(3001)));
}

#[test]
fn extents_that_no_disc_can_have_harm_nobody() {
    let extents = [Extent::recorded(u64::MAX - 5, u64::MAX), Extent::recorded(5, u64::MAX - 3), Extent::recorded(0, 0)];
    let trees = [tree(TreeKind::Iso9660, &[("A", &extents)]), tree(TreeKind::Udf, &[("B", &extents)])];
    let owners = Owners::new(&trees, &[Structure { kind: StructureKind::Anchor, start: u64::MAX, length: u64::MAX }]);
    assert!(!owners.of_bytes(std::slice::from_ref(&(0..u64::MAX))).all.is_empty());
    assert!(!owners.of_sectors(&[SectorRange::new(Lba(0), Lba(u32::MAX))]).all.is_empty());
}

#[test]
fn a_disc_that_is_bad_everywhere_is_told_up_to_a_limit() {
    let mut iso = Tree::new(TreeKind::Iso9660, Entry::new(b"", NodeKind::Directory, 0));
    for n in 0..70_000_u64 {
        let extents = [Extent::recorded((100 + n) * S, 1)];
        iso.add(Tree::ROOT, Entry { extents: &extents, ..Entry::new(b"F", NodeKind::File, 0) }).unwrap();
    }
    let trees = [iso];
    let found = Owners::new(&trees, &[]).of_sectors(&[sectors(0, 100_000)]);
    assert!(found.is_cut);
    assert_eq!(found.all.len(), MOST_PIECES);
}

#[derive(Debug, Clone)]
struct Layout {
    /// By tree: of each file its pieces, as first sector, sectors, and bytes that the last one lacks.
    trees: Vec<Vec<Vec<(u64, u64, u64)>>>,
    structures: Vec<(u64, u64)>,
    bad: Vec<(u32, u32)>,
}

fn layouts() -> impl Strategy<Value = Layout> {
    let piece = (0_u64..60, 1_u64..6, 0..S);
    let file = prop::collection::vec(piece, 1..3);
    let trees = prop::collection::vec(prop::collection::vec(file, 0..5), 0..3);
    let structures = prop::collection::vec((0_u64..60, 1_u64..6), 0..4);
    let bad = prop::collection::vec((0_u32..64, 1_u32..6), 1..6);
    (trees, structures, bad).prop_map(|(trees, structures, bad)| Layout { trees, structures, bad })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    /// Against the plainest way to know it: byte by byte (at the places where something can change).
    #[test]
    fn a_bad_sector_anywhere_has_its_right_owner(layout in layouts()) {
        let trees: Vec<Tree> = layout.trees.iter().map(|files| {
            let mut tree = Tree::new(TreeKind::Joliet, Entry::new(b"", NodeKind::Directory, 0));
            for (index, pieces) in files.iter().enumerate() {
                let extents: Vec<_> = pieces.iter()
                    .map(|&(start, count, less)| Extent::recorded(start * S, count * S - less))
                    .collect();
                let name = format!("{index}");
                tree.add(Tree::ROOT, Entry { extents: &extents, ..Entry::new(name.as_bytes(), NodeKind::File, 0) });
            }
            tree
        }).collect();
        let structures: Vec<Structure> = layout.structures.iter().map(|&(start, length)| Structure {
            kind: StructureKind::PathTable { big_endian: false }, start: start * S, length: length * S,
        }).collect();
        let bad: Vec<_> = layout.bad.iter().map(|&(start, count)| sectors(start, start + count)).collect();
        let found = Owners::new(&trees, &structures).of_sectors(&bad);
        let bad = SectorRange::joined(bad);
        for sector in 0..70_u32 {
            let is_bad = bad.iter().any(|range| range.contains(Lba(sector)));
            // Ends of files within the sector, and what stands before and behind them.
            let mut places: BTreeSet<u64> = [0, S - 1].into();
            for &(start, count, less) in layout.trees.iter().flatten().flatten() {
                let end = (start + count) * S - less;
                for place in [end - 1, end] {
                    if place / S == u64::from(sector) { places.insert(place % S); }
                }
            }
            for place in places {
                let at = u64::from(sector) * S + place;
                let told: BTreeSet<(Option<Vec<u8>>, String)> = found.all.iter()
                    .filter(|d| d.start <= at && at < d.start + d.length)
                    .map(|d| (d.path.clone(), d.owner.to_string()))
                    .collect();
                let mut expected = BTreeSet::new();
                if is_bad {
                    let mut is_claimed = false;
                    for files in &layout.trees {
                        for (index, pieces) in files.iter().enumerate() {
                            for &(start, count, less) in pieces {
                                if (start..start + count).contains(&u64::from(sector)) {
                                    // A piece that ends before this sector ends in an earlier one.
                                    let end = (start + count) * S - less;
                                    is_claimed |= end.next_multiple_of(S) > at;
                                    if at < end {
                                        expected.insert((Some(format!("{index}").into_bytes()), "file".to_owned()));
                                    }
                                }
                            }
                        }
                        if is_claimed { break; }
                    }
                    if !is_claimed {
                        let in_structure = layout.structures.iter()
                            .any(|&(start, count)| (start..start + count).contains(&u64::from(sector)));
                        let owner = if in_structure { "path-table" } else { "unused" };
                        expected.insert((None, owner.to_owned()));
                    }
                }
                prop_assert_eq!(told, expected, "byte {} of sector {}", place, sector);
            }
        }
    }
}
