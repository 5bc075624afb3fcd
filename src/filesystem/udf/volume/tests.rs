use super::super::bitmap;
use super::super::integrity::Counted;
use super::super::space::Partition;
use super::super::writer::{Item, Layout, Place, Recipe, VirtualTable, Written, write};
use super::*;
use crate::filesystem::finding::{Finding, Origin};
use crate::filesystem::limits::Limits;
use crate::filesystem::reader::Reader;
use crate::filesystem::scan::Scope;
use proptest::prelude::*;

fn plain() -> Recipe {
    Recipe { items: vec![Item::directory("SUB", vec![Item::file("B.BIN", b"two")])], ..Recipe::default() }
}

/// Enough files that a table of them does not fit into an ICB.
fn many(count: usize) -> Vec<Item> {
    (0..count).map(|index| Item::file(&format!("F{index}"), &[7; 5000])).collect()
}

fn layouts() -> Vec<(&'static str, Recipe)> {
    let base = |layout, revision| Recipe { layout, revision, ..plain() };
    let table = |table, sessions| Layout::Virtual { table, sessions };
    vec![
        ("plain", plain()),
        ("plain with a bitmap", Recipe { has_bitmap: true, spare_blocks: 50, third_anchor: true, ..plain() }),
        ("old", Recipe { revision: 0x0102, ..plain() }),
        ("VAT 1.50", base(table(VirtualTable::Revision150, 1), 0x0150)),
        ("VAT 2.00", base(table(VirtualTable::Revision200, 3), 0x0201)),
        ("sparable", base(Layout::Sparable { packet_blocks: 16, spared: vec![0] }, 0x0201)),
        ("metadata", base(Layout::Metadata { is_duplicated: true }, 0x0250)),
        ("metadata, shared", Recipe { has_bitmap: true, ..base(Layout::Metadata { is_duplicated: false }, 0x0260) }),
    ]
}

fn read(image: &Written, scope: Scope) -> (Option<LogicalVolume>, Vec<Finding>) {
    let mut source = image.bytes.as_slice();
    let limits = Limits::default();
    let mut scan = Scan::new(Reader::new(&mut source, image.length(), &limits), scope, limits, &|| false);
    let volume = find(&mut scan, Lba(0));
    // That the partition of a write-once disc is as long as the medium is said of each of them.
    let is_growing = volume.as_ref().is_some_and(|volume| volume.bytes.is_none());
    let mut findings = scan.findings.into_sorted();
    findings.retain(|finding| !(is_growing && (finding.rule, finding.severity) == (Rule::U07, Severity::Info)));
    (volume, findings)
}

/// Rule, severity and place of each finding.
fn found(findings: &[Finding]) -> Vec<(Rule, Severity, u64)> {
    findings.iter().map(|finding| (finding.rule, finding.severity, finding.at.unwrap_or(0))).collect()
}

/// What judging finds in an image that `fault` was done to; the file set must still be found, unless `is_lost`.
fn broken(recipe: &Recipe, is_lost: bool, fault: impl FnOnce(&mut Written)) -> Vec<(Rule, Severity, u64)> {
    let mut image = write(recipe);
    fault(&mut image);
    let (volume, findings) = read(&image, Scope::Judge);
    let has_set = volume.is_some_and(|volume| {
        let place = volume.space.locate(volume.file_set.reference, volume.file_set.block);
        let bytes = place.and_then(|at| image.bytes.get(usize::try_from(at).unwrap()..));
        bytes.is_some_and(|bytes| bytes.starts_with(&256_u16.to_le_bytes()))
    });
    assert_eq!(has_set, !is_lost, "{findings:?}");
    found(&findings)
}

fn flip(image: &mut Written, at: usize) {
    image.bytes[at] ^= 0x40;
}

fn wipe(image: &mut Written, at: usize, length: usize) {
    image.bytes[at..at + length].fill(0);
}

#[test]
fn a_volume_is_found_whatever_its_partition_and_block_size() {
    for (name, recipe) in layouts() {
        for block_bytes in [512, 1024, 2048, 4096] {
            let image = write(&Recipe { block_bytes, ..recipe.clone() });
            for scope in [Scope::Names, Scope::Judge] {
                let (volume, findings) = read(&image, scope);
                let is_small = block_bytes < 2048 && scope == Scope::Judge;
                let lvd = image.structure("main LVD") as u64;
                let wanted = is_small.then_some((Rule::U05, Severity::Warning, lvd + 212));
                assert_eq!(found(&findings), wanted.into_iter().collect::<Vec<_>>(), "{name}, {block_bytes}");
                let volume = volume.unwrap_or_else(|| panic!("{name}: no volume with blocks of {block_bytes} bytes"));
                assert_eq!(volume.label.as_deref(), Some("DISCWRIGHT"));
                let newest = image.places.iter().rev().find(|place| place.of == "newer FSD" || place.of == "FSD");
                let set = volume.space.locate(volume.file_set.reference, volume.file_set.block);
                assert_eq!(set, newest.map(|place| place.start as u64), "{name}, {block_bytes}");
            }
        }
    }
}

#[test]
fn each_place_in_the_image_is_that_of_its_block() {
    for (name, recipe) in layouts() {
        let image = write(&Recipe { items: many(40), ..recipe });
        let (volume, _) = read(&image, Scope::Names);
        let space = volume.unwrap().space;
        let reference = u16::try_from(space.partitions.len() - 1).unwrap();
        let places: Vec<u64> =
            (0..space.blocks(reference)).filter_map(|block| space.locate(reference, block)).collect();
        for entry in image.places.iter().filter(|place| place.role == crate::filesystem::udf::writer::Role::Entry) {
            assert!(places.contains(&(entry.start as u64)), "{name}: {entry:?}");
        }
    }
}

#[test]
fn the_reserve_sequence_is_used_descriptor_by_descriptor() {
    let recipe = plain();
    let image = write(&recipe);
    let at = |name| image.structure(name) as u64;
    let lvd = broken(&recipe, false, |image| flip(image, image.structure("main LVD") + 300));
    assert_eq!(lvd, [(Rule::U03, Severity::Error, at("main LVD"))]);
    let version = broken(&recipe, false, |image| image.edit(image.structure("reserve PD"), 2, &[4]));
    assert_eq!(version, [(Rule::U03, Severity::Warning, at("reserve PD"))]);
    let both = broken(&recipe, false, |image| {
        flip(image, image.structure("main LVD") + 300);
        flip(image, image.structure("reserve PD") + 100);
    });
    assert_eq!(both, [(Rule::U03, Severity::Error, at("main LVD")), (Rule::U03, Severity::Error, at("reserve PD"))]);
    let reserve = broken(&recipe, false, |image| wipe(image, image.structure("reserve PVD"), 16 * 2048));
    assert!(reserve.iter().all(|&(rule, severity, place)| {
        (rule, severity, place) == (Rule::U04, Severity::Warning, at("reserve PVD"))
    }));
    let gone = broken(&recipe, false, |image| wipe(image, image.structure("main PVD"), 16 * 2048));
    assert_eq!(gone.iter().filter(|found| found.1 == Severity::Error).count(), 3);
    let lost = broken(&recipe, true, |image| {
        wipe(image, image.structure("main PVD"), 16 * 2048);
        wipe(image, image.structure("reserve PVD"), 16 * 2048);
    });
    assert!(lost.contains(&(Rule::U04, Severity::Error, at("main PVD"))));
}

#[test]
fn copies_that_differ_are_told_with_their_byte() {
    let recipe = plain();
    let image = write(&recipe);
    let pd = image.structure("reserve PD");
    let differs = broken(&recipe, false, |image| image.edit(image.structure("reserve PD"), 192, &[9]));
    assert_eq!(differs, [(Rule::U04, Severity::Warning, pd as u64 + 192)]);
    let pvd = image.structure("reserve PVD");
    let set_name = broken(&recipe, false, |image| image.edit(image.structure("reserve PVD"), 73, b"77777777"));
    assert_eq!(set_name, [(Rule::U04, Severity::Info, pvd as u64 + 73)]);
}

#[test]
fn anchors_stand_in_for_each_other() {
    let recipe = Recipe { third_anchor: true, ..plain() };
    let image = write(&recipe);
    let first = image.structure("anchor 256");
    let gone = broken(&recipe, false, |image| wipe(image, image.structure("anchor 256"), 2048));
    assert_eq!(gone, [(Rule::U02, Severity::Warning, first as u64)]);
    let bad = broken(&recipe, false, |image| flip(image, image.structure("anchor 256") + 20));
    assert_eq!(bad, [(Rule::U02, Severity::Warning, first as u64)]);
    let last = image.bytes.len() - 2048;
    let other = broken(&recipe, false, |image| image.edit(last, 20, &[99]));
    assert_eq!(other, [(Rule::U02, Severity::Warning, last as u64)]);
    let one = broken(&Recipe { last_anchor: false, spare_blocks: 1, ..plain() }, false, |_| {});
    assert_eq!(one, [(Rule::U02, Severity::Warning, first as u64)]);
    let none = broken(&plain(), true, |image| {
        let last = image.bytes.len() - 2048;
        wipe(image, last, 2048);
        wipe(image, image.structure("anchor 256"), 2048);
    });
    assert_eq!(none, [(Rule::U02, Severity::Error, first as u64)]);
}

#[test]
fn what_announces_the_volume_is_judged() {
    let nsr = broken(&plain(), false, |image| wipe(image, image.structure("NSR03"), 2048));
    assert_eq!(nsr, [(Rule::U01, Severity::Error, 32_768)]);
    let end = broken(&plain(), false, |image| wipe(image, image.structure("TEA01"), 2048));
    assert_eq!(end, [(Rule::U01, Severity::Warning, 32_768)]);
    let standard = broken(&plain(), false, |image| image.bytes[32_768 + 2048 + 5] = b'2');
    assert_eq!(standard, [(Rule::U01, Severity::Warning, 32_768 + 2048)]);
    let version = broken(&plain(), false, |image| image.bytes[32_768 + 6] = 9);
    assert_eq!(version, [(Rule::U01, Severity::Warning, 32_768)]);
}

#[test]
fn an_anchor_behind_an_iso_volume_is_left_over() {
    let mut image = write(&plain());
    wipe(&mut image, 32_768, 3 * 2048);
    image.bytes[32_768..32_775].copy_from_slice(b"\x01CD001\x01");
    let (volume, findings) = read(&image, Scope::Judge);
    assert!(volume.is_none());
    assert_eq!(findings, []);
}

/// Both copies, so that they stay the same.
fn edit_both(image: &mut Written, what: &str, offset: usize, bytes: &[u8]) {
    for copy in ["main", "reserve"] {
        image.edit(image.structure(&format!("{copy} {what}")), offset, bytes);
    }
}

#[test]
fn volume_and_partitions_are_judged() {
    let image = write(&plain());
    let (lvd, pd, lvid) =
        (image.structure("main LVD") as u64, image.structure("main PD") as u64, image.structure("LVID") as u64);
    let size = broken(&plain(), false, |image| edit_both(image, "LVD", 212, &512_u32.to_le_bytes()));
    assert_eq!(size, [(Rule::U05, Severity::Error, lvd + 212)]);
    let domain = broken(&plain(), false, |image| edit_both(image, "LVD", 217, b"X"));
    assert!(domain.contains(&(Rule::U05, Severity::Warning, lvd + 216)), "{domain:?}");
    let charset = broken(&plain(), false, |image| edit_both(image, "LVD", 20, &[4]));
    assert_eq!(charset, [(Rule::U05, Severity::Warning, lvd + 20)]);
    let count = broken(&plain(), false, |image| edit_both(image, "LVD", 268, &[2]));
    assert_eq!(count, [(Rule::U06, Severity::Error, lvd)]);
    let kind = broken(&plain(), true, |image| edit_both(image, "LVD", 440, &[3]));
    assert_eq!(kind, [(Rule::U06, Severity::Error, lvd)]);
    let number = broken(&plain(), true, |image| edit_both(image, "LVD", 444, &[8]));
    assert!(number.contains(&(Rule::U06, Severity::Error, lvd)), "{number:?}");
    let end = broken(&plain(), false, |image| edit_both(image, "PD", 192, &100_000_u32.to_le_bytes()));
    assert_eq!(end, [(Rule::U07, Severity::Error, pd), (Rule::U08, Severity::Warning, lvid)]);
    let flags = broken(&plain(), false, |image| edit_both(image, "PD", 20, &[0]));
    assert_eq!(flags, [(Rule::U07, Severity::Warning, pd)]);
    let contents = broken(&plain(), false, |image| edit_both(image, "PD", 25, b"-"));
    assert_eq!(contents, [(Rule::U07, Severity::Warning, pd)]);
    let access = broken(&plain(), false, |image| edit_both(image, "PD", 184, &[7]));
    assert_eq!(access, [(Rule::U07, Severity::Warning, pd)]);
}

#[test]
fn the_integrity_descriptor_is_judged() {
    let at = write(&plain()).structure("LVID") as u64;
    let open = broken(&plain(), false, |image| image.edit(image.structure("LVID"), 28, &[0]));
    assert_eq!(open, [(Rule::U08, Severity::Warning, at)]);
    let crc = broken(&plain(), false, |image| flip(image, image.structure("LVID") + 40));
    assert_eq!(crc, [(Rule::U03, Severity::Error, at), (Rule::U08, Severity::Warning, 0)]);
    let free = broken(&plain(), false, |image| image.edit(image.structure("LVID"), 80, &9_999_u32.to_le_bytes()));
    assert_eq!(free, [(Rule::U08, Severity::Warning, at)]);
    let size = broken(&plain(), false, |image| image.edit(image.structure("LVID"), 84, &[0xFE]));
    assert_eq!(size, [(Rule::U08, Severity::Warning, at)]);
}

#[test]
fn the_newest_virtual_table_that_is_there_is_used() {
    for table in [VirtualTable::Revision150, VirtualTable::Revision200] {
        let recipe = Recipe { layout: Layout::Virtual { table, sessions: 3 }, items: many(600), ..plain() };
        let image = write(&recipe);
        let (volume, findings) = read(&image, Scope::Judge);
        assert_eq!(findings, []);
        assert!(matches!(
            &volume.unwrap().space.partitions[1],
            Partition::Virtual { physical: 0, table } if table.len() == 603
        ));
        let tables: Vec<_> = image.places.iter().filter(|place| place.of == "older VAT").collect();
        assert_eq!(tables.len(), 2);
        let cut = broken(&recipe, false, |image| image.bytes.truncate(image.bytes.len() - 2048));
        assert_eq!(cut, [(Rule::U15, Severity::Warning, tables[1].start as u64)]);
        let padded = broken(&recipe, false, |image| image.bytes.extend([0; 16 * 2048]));
        assert_eq!(padded, []);
        let none = broken(&recipe, true, |image| image.bytes.truncate(tables[0].start));
        assert_eq!(none.iter().filter(|found| found.0 == Rule::U15 && found.1 == Severity::Error).count(), 1);
    }
}

#[test]
fn a_virtual_table_is_judged() {
    let table = VirtualTable::Revision200;
    let recipe = Recipe { layout: Layout::Virtual { table, sessions: 2 }, ..plain() };
    let at = write(&recipe).structure("VAT");
    let content = at + 216;
    let previous = broken(&recipe, false, |image| image.edit(at, 216 + 132, &[0x7F]));
    assert_eq!(previous, [(Rule::U15, Severity::Warning, at as u64)]);
    let entry = broken(&recipe, false, |image| image.edit(at, content - at + 152 + 12, &[0, 0, 1, 0]));
    assert_eq!(entry, [(Rule::U15, Severity::Warning, at as u64)]);
    let header = broken(&recipe, false, |image| image.edit(at, content - at + 2, &[4]));
    assert_eq!(header, [(Rule::U15, Severity::Warning, at as u64)]);
}

#[test]
fn sparing_tables_stand_in_for_each_other() {
    let recipe = Recipe { layout: Layout::Sparable { packet_blocks: 16, spared: vec![0] }, ..plain() };
    let image = write(&recipe);
    let tables = [image.structure("sparing table 0"), image.structure("sparing table 1")];
    for table in tables {
        let one = broken(&recipe, false, |image| flip(image, table + 57));
        assert_eq!(one, [(Rule::U13, Severity::Warning, table as u64)]);
    }
    let both = broken(&recipe, true, |image| tables.iter().for_each(|&table| flip(image, table + 57)));
    assert_eq!(both.first().map(|found| (found.0, found.1)), Some((Rule::U13, Severity::Error)));
    let newer = broken(&recipe, false, |image| {
        image.edit(tables[0], 56, &16_u32.to_le_bytes());
        image.edit(tables[1], 52, &[2]);
    });
    assert_eq!(newer, [(Rule::U13, Severity::Warning, tables[0] as u64)]);
    let outside = broken(&recipe, true, |image| {
        for table in tables {
            image.edit(table, 60, &90_000_u32.to_le_bytes());
        }
    });
    assert_eq!(outside, [(Rule::U13, Severity::Error, 90_000 * 2048)]);
    let order = broken(&recipe, false, |image| {
        for table in tables {
            image.edit(table, 64, &[0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]);
            let (first, second) = (image.bytes[table + 56..table + 64].to_vec(), vec![0xFF; 4]);
            image.edit(table, 64, &first);
            image.edit(table, 56, &second);
        }
    });
    assert_eq!(order, [(Rule::U13, Severity::Warning, tables[0] as u64)]);
    let packet = broken(&recipe, false, |image| edit_both(image, "LVD", 440 + 40, &[17]));
    assert!(packet.contains(&(Rule::U13, Severity::Warning, image.structure("main LVD") as u64)));
}

#[test]
fn metadata_file_and_mirror_stand_in_for_each_other() {
    let recipe = Recipe { layout: Layout::Metadata { is_duplicated: true }, revision: 0x0250, ..plain() };
    let image = write(&recipe);
    let (main, mirror) = (image.structure("metadata file"), image.structure("metadata mirror"));
    for one in [main, mirror] {
        let lost = broken(&recipe, false, |image| flip(image, one + 60));
        assert_eq!(lost, [(Rule::U16, Severity::Warning, one as u64)]);
    }
    let both = broken(&recipe, true, |image| [main, mirror].into_iter().for_each(|at| flip(image, at + 60)));
    assert!(both.contains(&(Rule::U16, Severity::Error, main as u64)), "{both:?}");
    let content = image.structure("mirror content");
    let differs = broken(&recipe, false, |image| flip(image, content + 2048));
    assert_eq!(differs, [(Rule::U16, Severity::Warning, content as u64 + 2048)]);
    let kind = broken(&recipe, false, |image| image.edit(main, 27, &[5]));
    assert_eq!(kind, [(Rule::U16, Severity::Warning, main as u64)]);
    let size = broken(&recipe, false, |image| image.edit(mirror, 57, &[0x10]));
    assert!(size.contains(&(Rule::U16, Severity::Warning, mirror as u64)), "{size:?}");
    let mirrored = read(&image, Scope::Names).0.unwrap().space.mirrored(1, 1);
    assert_eq!(mirrored, Some(content as u64 + 2048));
}

#[test]
fn a_shared_mirror_is_no_copy() {
    let layout = Layout::Metadata { is_duplicated: false };
    let recipe = Recipe { layout, revision: 0x0250, has_bitmap: true, ..plain() };
    let image = write(&recipe);
    assert_eq!(read(&image, Scope::Judge).0.unwrap().space.mirrored(1, 0), None);
    let flag = broken(&recipe, false, |image| edit_both(image, "LVD", 440 + 6 + 58, &[1]));
    assert_eq!(flag, [(Rule::U16, Severity::Warning, image.structure("metadata mirror") as u64)]);
    let bitmap = image.structure("metadata bitmap");
    let lost = broken(&recipe, false, |image| flip(image, bitmap + 60));
    assert_eq!(lost, [(Rule::U16, Severity::Warning, bitmap as u64)]);
    let content = image.structure("metadata bitmap content");
    let bits = broken(&recipe, false, |image| image.edit(content, 16, &[99]));
    assert_eq!(bits, [(Rule::U16, Severity::Warning, bitmap as u64)]);
}

/// What is found in the map of free space of an image that `fault` was done to, every place of it being in use.
fn mapped(fault: impl FnOnce(&mut Written)) -> Vec<(Rule, Severity, u64)> {
    let mut image = write(&Recipe { has_bitmap: true, spare_blocks: 50, ..plain() });
    fault(&mut image);
    let mut source = image.bytes.as_slice();
    let limits = Limits::default();
    let mut scan = Scan::new(Reader::new(&mut source, image.length(), &limits), Scope::Judge, limits, &|| false);
    let volume = find(&mut scan, Lba(0)).unwrap();
    let used = |place: &Place| (place.start as u64, (place.start + place.length) as u64);
    bitmap::judge(&mut scan, &volume, &image.places.iter().map(used).collect::<Vec<_>>());
    found(&scan.findings.into_sorted())
}

#[test]
fn the_map_of_free_space_is_judged() {
    assert_eq!(mapped(|_| {}), []);
    let at = write(&Recipe { has_bitmap: true, spare_blocks: 50, ..plain() }).structure("bitmap");
    let used = mapped(|image| image.bytes[at + 24] |= 1 << 2);
    assert_eq!(used, [(Rule::U18, Severity::Warning, at as u64), (Rule::U18, Severity::Warning, at as u64 + 24)]);
    let broken = mapped(|image| flip(image, at + 17));
    assert_eq!(broken, [(Rule::U18, Severity::Warning, at as u64)]);
    let blocks = mapped(|image| image.edit(at, 16, &[1, 0]));
    assert!(blocks.contains(&(Rule::U18, Severity::Warning, at as u64)));
}

#[test]
fn counts_are_those_of_names_or_of_what_they_lead_to() {
    let image = write(&plain());
    let integrity = read(&image, Scope::Judge).0.unwrap().integrity.unwrap();
    assert_eq!((integrity.files, integrity.directories, integrity.is_closed), (Some(1), Some(2), true));
    for (names, entries, is_right) in [(1, 1, true), (2, 1, true), (1, 2, true), (3, 2, false)] {
        let mut source = image.bytes.as_slice();
        let limits = Limits::default();
        let mut scan = Scan::new(Reader::new(&mut source, image.length(), &limits), Scope::Judge, limits, &|| false);
        let directories = Counted { names: 2, entries: 2 };
        integrity::judge_counts(&mut scan, &integrity, Counted { names, entries }, directories);
        let findings = found(&scan.findings.into_sorted());
        let wanted = [(Rule::U08, Severity::Warning, image.structure("LVID") as u64)];
        assert_eq!(findings, if is_right { Vec::new() } else { wanted.to_vec() });
    }
}

#[test]
fn a_cut_image_is_cut_and_not_damaged() {
    let mut image = write(&plain());
    let end = image.structure("FSD") + 2048;
    image.bytes.truncate(end);
    let (volume, findings) = read(&image, Scope::Judge);
    assert!(volume.is_some());
    let errors: Vec<_> = findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!((errors[0].rule, errors[0].origin), (Rule::U07, Origin::Truncation));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_flipped_bytes_and_no_cut_make_it_stop(
        layout in 0_usize..8,
        flips in proptest::collection::vec((0_usize..320, 0_usize..600, any::<u8>(), any::<bool>()), 1..8),
        cut in 0_usize..400,
    ) {
        let mut image = write(&layouts()[layout].1);
        for (block, offset, value, is_sealed) in flips {
            let at = block * 2048;
            if at + offset >= image.bytes.len() {
                continue;
            }
            image.bytes[at + offset] = value;
            let length = usize::from(u16::from_le_bytes([image.bytes[at + 10], image.bytes[at + 11]]));
            if is_sealed && offset >= 16 && at + 16 + length <= image.bytes.len() {
                crate::filesystem::udf::writer::emit::seal(&mut image.bytes, at);
            }
        }
        let length = image.bytes.len().saturating_sub(cut * 512);
        image.bytes.truncate(length);
        for scope in [Scope::Names, Scope::Judge] {
            read(&image, scope);
        }
    }
}

#[test]
fn the_names_of_a_volume_are_kept_as_they_should_be() {
    let recipe = plain();
    let image = write(&recipe);
    let faults = [
        ("main LVD", 84, 211, 200),
        ("main LVD", 84, 84, 9),
        ("main IUVD", 116, 243, 200),
        ("main IUVD", 316, 351, 40),
    ];
    for (structure, field, at, wrong) in faults {
        let start = image.structure(structure);
        let found = broken(&recipe, false, |image| image.edit(start, at, &[wrong]));
        let told: Vec<_> = found.iter().filter(|found| found.0 == Rule::U12).collect();
        assert_eq!(told, [&(Rule::U12, Severity::Warning, start as u64 + field)], "{structure}, byte {at}: {found:?}");
    }
}
