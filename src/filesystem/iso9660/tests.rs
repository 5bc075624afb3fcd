//! Each fault of a volume alone fires its rule, at its byte.

use super::writer::{Disc, Part, Written, noise};
use crate::filesystem::{Image, Options, Rule, Scope, Severity};
use crate::sector::Lba;

const PVD: u64 = 16 * 2048;
const JOLIET: u64 = 17 * 2048;

fn read(bytes: &[u8], scope: Scope) -> Image {
    Image::read(&mut &*bytes, bytes.len() as u64, &Options { scope, ..Options::default() })
}

/// What is told of the families that this folder judges, but for boot records and Rock Ridge.
fn judge(bytes: &[u8]) -> Vec<(Rule, Severity, u64)> {
    let is_ours = |rule: Rule| ["V", "P", "D", "J", "S"].iter().any(|family| rule.id().starts_with(family));
    // Those on length have their own tests.
    let is_length = |rule: Rule| [Rule::V11, Rule::V12, Rule::V13].contains(&rule);
    let image = read(bytes, Scope::Judge);
    let ours = image.findings.iter().filter(|finding| is_ours(finding.rule) && !is_length(finding.rule));
    ours.map(|finding| (finding.rule, finding.severity, finding.at.unwrap_or(0))).collect()
}

fn clean() -> Written {
    Disc { joliet: Some(3), ..Disc::plain() }.write()
}

type Fault<'a> = (&'a dyn Fn(&mut Written), Rule, Severity, u64);

fn check(faults: &[Fault<'_>]) {
    assert_eq!(judge(&clean().bytes), []);
    for (number, (fault, rule, severity, at)) in faults.iter().enumerate() {
        let mut written = clean();
        fault(&mut written);
        let told = judge(&written.bytes);
        assert!(told.contains(&(*rule, *severity, *at)), "{number}: {told:?}");
        // One wrong number in a table can be wrong in two ways.
        let family = |rule: Rule| rule.id().chars().next();
        let others =
            told.iter().filter(|(other, severity, _)| family(*other) != family(*rule) && *severity == Severity::Error);
        assert!(*severity == Severity::Error || others.count() == 0, "{number}: {told:?}");
    }
}

#[test]
fn each_fault_of_a_descriptor_is_told_at_its_field() {
    check(&[
        (&|w| _ = w.zero_sector(PVD), Rule::V01, Severity::Error, PVD),
        (&|w| _ = w.zero_sector(PVD + 4096), Rule::V02, Severity::Error, PVD + 4096),
        (&|w| _ = w.zero_sector(JOLIET), Rule::V02, Severity::Error, JOLIET),
        (&|w| _ = w.put(PVD + 4096 + 6, &[0]), Rule::V03, Severity::Info, PVD + 4096 + 6),
        (&|w| _ = w.put(PVD + 4096 + 100, &[1]), Rule::V03, Severity::Info, PVD + 4096 + 7),
        (&|w| _ = w.put(PVD + 87, &[9]), Rule::V05, Severity::Warning, PVD + 80),
        (&|w| _ = w.put(PVD + 80, &[0; 4]), Rule::V05, Severity::Error, PVD + 80),
        (&|w| _ = w.put(PVD + 131, &[9]), Rule::V05, Severity::Warning, PVD + 128),
        (&|w| _ = w.put(PVD + 139, &[9]), Rule::V05, Severity::Warning, PVD + 132),
        (&|w| _ = w.put(PVD + 6, &[3]), Rule::V06, Severity::Warning, PVD + 6),
        (&|w| _ = w.put(PVD + 881, &[2]), Rule::V06, Severity::Warning, PVD + 881),
        (&|w| _ = w.put(PVD + 128, &[0; 4]), Rule::V07, Severity::Error, PVD + 128),
        (&|w| _ = w.put(PVD + 88, b"%/@"), Rule::V08, Severity::Info, PVD + 88),
        (&|w| _ = w.put(PVD + 882, b" "), Rule::V08, Severity::Info, PVD + 882),
        (&|w| _ = w.put(PVD + 42, b"a"), Rule::V09, Severity::Info, PVD + 42),
        (&|w| _ = w.put(PVD + 813, &[0; 17]), Rule::V10, Severity::Info, PVD + 813),
        (&|w| _ = w.put(PVD + 120, &[0; 8]), Rule::V14, Severity::Warning, PVD + 120),
        (&|w| _ = w.put(PVD + 156, &[68]), Rule::V15, Severity::Warning, PVD + 156),
        (&|w| _ = w.put(PVD + 156 + 25, &[0]), Rule::V15, Severity::Error, PVD + 156),
        (&|w| _ = w.put_both(PVD + 158, 5000), Rule::V15, Severity::Error, PVD + 156),
        (&|w| _ = w.put(PVD + 702, b"COPY.TXT;1"), Rule::V16, Severity::Info, PVD + 702),
        (&|w| _ = w.put(PVD + 900, b"MAKER"), Rule::V17, Severity::Info, PVD + 883),
        (&|w| _ = w.put(JOLIET + 88, b"%/Z"), Rule::J01, Severity::Error, JOLIET + 88),
        (&|w| _ = w.put(JOLIET + 88, b"\x1B$B"), Rule::V18, Severity::Info, JOLIET + 88),
        (&|w| _ = w.put_both(JOLIET + 80, 3), Rule::J05, Severity::Error, JOLIET + 80),
    ]);
}

#[test]
fn that_xorriso_counts_appended_partitions_in_one_descriptor_is_no_error() {
    for (preparer, blocks, severity) in
        [(&b"XORRISO-1.5.4"[..], 3, Severity::Info), (b"XORRISO-1.5.4", 5000, Severity::Error)]
    {
        let mut disc = Disc::with_all_names();
        disc.preparer = preparer.to_vec();
        let mut written = disc.write();
        written.put_both(JOLIET + 80, blocks);
        let found: Vec<_> = judge(&written.bytes).into_iter().filter(|(rule, ..)| *rule == Rule::J05).collect();
        assert_eq!(found, [(Rule::J05, severity, JOLIET + 80)], "{blocks}");
    }
}

#[test]
fn what_a_descriptor_may_have_is_not_told() {
    let mut written = clean();
    written.put(PVD + 702, b"A.BIN;1").put(PVD + 883, b"ISO MD5SUM = 0").put(PVD + 1024, b"CD-XA001");
    assert_eq!(judge(&written.bytes), []);
}

#[test]
fn a_second_primary_descriptor_may_be_the_same() {
    let first = Disc::plain().write();
    let mut disc = Disc::plain();
    disc.descriptors.push(vec![0; 2048]);
    let mut written = disc.write();
    let primary = written.bytes[16 * 2048..17 * 2048].to_vec();
    written.put(PVD + 2048, &primary);
    assert_eq!(judge(&written.bytes), [(Rule::V04, Severity::Info, PVD + 2048)]);
    written.put(PVD + 2048 + 50, b"X");
    assert_eq!(judge(&written.bytes), [(Rule::V04, Severity::Warning, PVD + 2048)]);
    assert_eq!(judge(&first.bytes), []);
}

#[test]
fn a_volume_partition_lies_inside_the_image() {
    let mut disc = Disc::plain();
    let mut partition = vec![0; 2048];
    partition[..7].copy_from_slice(b"\x03CD001\x01");
    partition[80..84].copy_from_slice(&3_u32.to_le_bytes());
    disc.descriptors.push(partition);
    let mut written = disc.write();
    assert_eq!(judge(&written.bytes), []);
    written.put(PVD + 2048 + 72, &1000_u32.to_le_bytes());
    assert_eq!(judge(&written.bytes), [(Rule::V19, Severity::Warning, PVD + 2048 + 72)]);
}

#[test]
fn each_fault_of_a_path_table_is_told_at_its_record() {
    let whole = clean();
    let [little, big] = whole.path_tables(Part::Primary);
    let sub = whole.record(Part::Primary, "SUB");
    // The root's record has ten bytes.
    check(&[
        (&|w| _ = w.put(PVD + 140, &[0; 4]), Rule::P01, Severity::Error, PVD + 140),
        (&|w| _ = w.put(PVD + 148, &[0; 4]), Rule::P01, Severity::Warning, PVD + 148),
        (&|w| _ = w.put(PVD + 140, &[0, 0, 9, 0]), Rule::P01, Severity::Error, PVD + 140),
        (&|w| _ = w.put(big + 10 + 2, &[7]), Rule::P02, Severity::Error, big + 10),
        (&|w| _ = w.put(little + 10 + 2, &[7]), Rule::P02, Severity::Error, little + 10),
        (&|w| _ = w.zero_sector(little), Rule::P02, Severity::Error, little),
        (&|w| _ = w.put(PVD + 144, &[30, 0, 0, 0]), Rule::P03, Severity::Warning, 30 * 2048),
        (&|w| _ = w.put(little + 8, &[1]).put(big + 8, &[1]), Rule::P04, Severity::Warning, little),
        (&|w| _ = w.put(little + 16, &[9]).put(big + 17, &[9]), Rule::P04, Severity::Warning, little + 10),
        (&|w| _ = w.put(little + 12, &[9]).put(big + 15, &[9]), Rule::P05, Severity::Error, little + 10),
        (&|w| _ = w.put(little + 12, &[9]).put(big + 15, &[9]), Rule::P05, Severity::Error, sub),
        (&|w| _ = w.put(little + 18, b"T").put(big + 18, b"T"), Rule::P05, Severity::Warning, little + 10),
        (&|w| _ = w.put(little + 9, &[1]), Rule::P06, Severity::Warning, little),
        (&|w| _ = w.put_both(PVD + 132, 40), Rule::P06, Severity::Warning, little + 22),
    ]);
}

#[test]
fn files_share_all_of_their_sectors_or_none() {
    let mut disc = Disc::new();
    disc.file("A.BIN", noise(5000, 1)).at = Some(40);
    disc.file("B.BIN", noise(5000, 1)).at = Some(40);
    disc.file("C.BIN", noise(5000, 1)).at = Some(50);
    let mut written = disc.write();
    let [b, c] = ["B.BIN", "C.BIN"].map(|name| written.record(Part::Primary, name));
    assert_eq!(judge(&written.bytes), [(Rule::D12, Severity::Info, b)]);
    written.put_both(c + 2, 41);
    assert_eq!(judge(&written.bytes), [(Rule::D12, Severity::Error, c), (Rule::D12, Severity::Info, b)]);
}

#[test]
fn joliet_has_the_files_of_the_primary_tree() {
    let mut disc = Disc { joliet: Some(3), ..Disc::plain() };
    disc.file("HIDDEN.BIN", noise(100, 4)).in_others = false;
    let written = disc.write();
    let record = written.record(Part::Primary, "HIDDEN.BIN");
    assert_eq!(judge(&written.bytes), [(Rule::J04, Severity::Warning, record)]);
    let written = Disc { rock_ridge: true, ..disc }.write();
    let image = read(&written.bytes, Scope::Judge);
    assert!(image.findings.iter().any(|finding| finding.rule == Rule::R15 && finding.severity == Severity::Info));
    assert_eq!(judge(&written.bytes), []);
}

#[test]
fn the_newest_of_joined_sessions_is_read_and_older_ones_on_request() {
    let first = Disc::plain().write();
    let mut disc = Disc { start: first.sectors, ..Disc::plain() };
    disc.file("NEW.BIN", noise(10, 7));
    let mut joined = disc.write().bytes;
    joined[..first.bytes.len()].copy_from_slice(&first.bytes);
    let image = read(&joined, Scope::Names);
    let starts: Vec<u32> = image.sessions.iter().map(|session| session.start.0).collect();
    assert_eq!(starts, [0, first.sectors]);
    assert!(image.tree(None).unwrap().find(b"NEW.BIN").is_some());
    let options = Options { session: Some(1), ..Options::default() };
    let image = Image::read(&mut joined.as_slice(), joined.len() as u64, &options);
    assert!(image.tree(None).unwrap().find(b"NEW.BIN").is_none());
    assert_eq!(judge(&joined), []);
}

#[test]
fn sessions_of_a_cd_are_found_behind_what_lies_between_them() {
    let first = Disc::plain().write();
    // Run-out of the first, which ended track at once, and 15 sectors of padding.
    for (behind, between) in [(2, 11_400), (15, 11_400), (0, 6_900)] {
        let start = first.sectors + behind + between;
        let mut disc = Disc { start, ..Disc::plain() };
        disc.file("NEW.BIN", noise(10, 7));
        let mut joined = disc.write().bytes;
        joined[..first.bytes.len()].copy_from_slice(&first.bytes);
        let starts: Vec<u32> = read(&joined, Scope::Names).sessions.iter().map(|session| session.start.0).collect();
        assert_eq!(starts, [0, start]);
    }
}

#[test]
fn a_session_without_descriptors_is_told() {
    let bytes = [Disc::plain().write().bytes, vec![7; 500 * 2048]].concat();
    let starts = [Lba(0), Lba(100)];
    let options = Options { session_starts: &starts, ..Options::default() };
    let image = Image::read(&mut bytes.as_slice(), bytes.len() as u64, &options);
    assert_eq!(image.sessions.len(), 1);
    let told = image.findings.iter().find(|finding| finding.rule == Rule::V20).unwrap();
    assert_eq!((told.severity, told.at), (Severity::Info, Some(100 * 2048)));
}

#[test]
fn an_image_hung_onto_another_is_no_session_of_it() {
    let first = Disc::plain().write();
    let both = [first.bytes.clone(), first.bytes].concat();
    assert_eq!(read(&both, Scope::Names).sessions.len(), 1);
}

#[test]
fn what_stands_at_sector_16_of_overwritten_media_is_the_newest_sessions_copy() {
    let first = Disc { start: 32, ..Disc::plain() }.write();
    let mut disc = Disc { start: first.sectors.next_multiple_of(32), ..Disc::plain() };
    disc.file("NEW.BIN", noise(10, 7));
    let start = disc.start as usize * 2048;
    let mut bytes = disc.write().bytes;
    bytes[..first.bytes.len()].copy_from_slice(&first.bytes);
    bytes.copy_within(start + 16 * 2048..start + 18 * 2048, 16 * 2048);
    let whole = u32::try_from(bytes.len() / 2048).unwrap();
    bytes[16 * 2048 + 80..16 * 2048 + 84].copy_from_slice(&whole.to_le_bytes());
    bytes[16 * 2048 + 84..16 * 2048 + 88].copy_from_slice(&whole.to_be_bytes());
    let image = read(&bytes, Scope::Names);
    let starts: Vec<u32> = image.sessions.iter().map(|session| session.start.0).collect();
    assert_eq!(starts, [32, disc.start]);
    assert!(image.tree(None).unwrap().find(b"NEW.BIN").is_some());
}

mod hostile {
    use super::*;
    use proptest::prelude::*;

    fn rich() -> Vec<u8> {
        let mut disc = Disc { enhanced: true, ..Disc::with_all_names() };
        disc.file_of("M.BIN", vec![noise(2048, 5), noise(700, 7)]);
        disc.symlink("SUB/link", "../A.BIN");
        disc.file(&"n".repeat(180), noise(10, 4));
        disc.write().bytes
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn no_byte_can_do_harm(flips in proptest::collection::vec((16 * 2048..50 * 2048_usize, any::<u8>()), 1..6)) {
            let mut bytes = rich();
            for (at, value) in flips {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = value;
                }
            }
            let image = read(&bytes, Scope::Judge);
            prop_assert!(image.trees.iter().all(|tree| tree.len() < 1000));
            read(&bytes, Scope::Names);
        }

        #[test]
        fn a_cut_anywhere_is_survived(length in 0..60 * 2048_usize) {
            let mut bytes = rich();
            bytes.truncate(length);
            read(&bytes, Scope::Judge);
        }
    }
}

#[test]
fn every_rule_of_this_family_is_explained() {
    let is_ours = |rule: &&Rule| ["V", "P", "D", "J"].iter().any(|family| rule.id().starts_with(family));
    let elsewhere = [Rule::V11, Rule::V12, Rule::V13];
    for rule in Rule::ALL.iter().filter(is_ours).filter(|rule| !elsewhere.contains(rule)) {
        assert!(rule.explanation().is_some(), "{rule}");
    }
}

#[test]
fn a_path_table_is_in_the_order_of_names_too() {
    let mut disc = Disc::plain();
    disc.directory("AAA");
    disc.directory("BBB");
    let mut written = disc.write();
    let tables = written.path_tables(Part::Primary);
    for table in tables {
        // The root's record has ten bytes, each of the others twelve.
        let at = usize::try_from(table + 10).unwrap();
        let (first, second) = (written.bytes[at..at + 12].to_vec(), written.bytes[at + 12..at + 24].to_vec());
        written.put(table + 10, &second).put(table + 22, &first);
    }
    let told: Vec<_> = tables.iter().map(|table| (Rule::P04, Severity::Warning, table + 22)).collect();
    assert_eq!(judge(&written.bytes), told);
    assert_eq!(judge(&disc.write().bytes), []);
}
