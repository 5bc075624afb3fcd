mod damaged;

use crate::filesystem::iso9660::writer::{DATE_SECONDS, Disc, Kind, Part, Written, noise};
use crate::filesystem::{Finding, Image, NodeId, NodeKind, Options, Origin, Rule, Scope, Severity, Tree, TreeKind};

fn read_as(bytes: &[u8], scope: Scope, tree: Option<TreeKind>) -> Image {
    let options = Options { scope, tree, ..Options::default() };
    Image::read(&mut &*bytes, bytes.len() as u64, &options)
}

fn list(bytes: &[u8], tree: Option<TreeKind>) -> Vec<(String, u64)> {
    let image = read_as(bytes, Scope::Names, tree);
    let tree = image.tree(tree).unwrap();
    let text = |id: NodeId| String::from_utf8(tree.path(id)).unwrap();
    tree.ids().skip(1).map(|id| (text(id), tree.node(id).size)).collect()
}

fn paths(bytes: &[u8], tree: TreeKind) -> Vec<String> {
    list(bytes, Some(tree)).into_iter().map(|(path, _)| path).collect()
}

fn content(bytes: &[u8], tree: &Tree, path: &str) -> Vec<u8> {
    let extents = tree.extents(tree.find(path.as_bytes()).unwrap());
    let part = |at: u64| usize::try_from(at).unwrap();
    extents.iter().flat_map(|extent| bytes[part(extent.start)..part(extent.end())].to_vec()).collect()
}

/// What is told of these rules.
fn told(image: &Image, rules: &[Rule]) -> Vec<(Rule, Severity, u64, String)> {
    let is_asked = |finding: &&Finding| rules.contains(&finding.rule);
    let told = |finding: &Finding| {
        let path = String::from_utf8_lossy(finding.path.as_deref().unwrap_or_default()).into_owned();
        (finding.rule, finding.severity, finding.at.unwrap_or(0), path)
    };
    image.findings.iter().filter(is_asked).map(told).collect()
}

/// Everything of this part's rules.
const MINE: &[Rule] = &[
    Rule::D01,
    Rule::D02,
    Rule::D03,
    Rule::D04,
    Rule::D05,
    Rule::D06,
    Rule::D07,
    Rule::D08,
    Rule::D09,
    Rule::D10,
    Rule::D11,
    Rule::D12,
    Rule::D13,
    Rule::D14,
    Rule::D15,
    Rule::D16,
    Rule::D17,
    Rule::J01,
    Rule::J02,
    Rule::J03,
    Rule::J05,
    Rule::J06,
    Rule::J07,
    Rule::J08,
    Rule::S01,
    Rule::S02,
];

fn judge(written: &Written) -> Vec<(Rule, Severity, u64, String)> {
    told(&read_as(&written.bytes, Scope::Judge, None), MINE)
}

#[test]
fn a_plain_image_is_listed_without_versions() {
    let written = Disc::plain().write();
    let listed = list(&written.bytes, None);
    assert_eq!(listed, [("A.BIN".into(), 5000), ("SUB".into(), 2048), ("SUB/B.BIN".into(), 3000)]);
    let image = read_as(&written.bytes, Scope::Judge, None);
    let tree = image.tree(None).unwrap();
    assert_eq!(tree.kind, TreeKind::Iso9660);
    assert_eq!(content(&written.bytes, tree, "SUB/B.BIN"), noise(3000, 2));
    let node = tree.node(tree.find(b"A.BIN").unwrap());
    assert_eq!(node.record, written.record(Part::Primary, "A.BIN"));
    assert_eq!(node.modified.map(|modified| modified.seconds), Some(DATE_SECONDS));
    assert_eq!((node.kind, node.posix, node.is_damaged), (NodeKind::File, None, false));
    assert_eq!(told(&image, MINE), []);
}

#[test]
fn every_tree_has_the_names_that_it_gives() {
    let mut disc = Disc { joliet: Some(3), enhanced: true, ..Disc::new() };
    disc.file("sub/Ünï cødé 😀.text", noise(10, 1));
    let bytes = disc.write().bytes;
    assert_eq!(paths(&bytes, TreeKind::Iso9660), ["SUB", "SUB/_N__C_D___.TEXT"]);
    assert_eq!(paths(&bytes, TreeKind::Joliet), ["sub", "sub/Ünï cødé 😀.text"]);
    assert_eq!(paths(&bytes, TreeKind::Enhanced), ["sub", "sub/Ünï cødé 😀.text"]);
    // By default the tree that has the best names.
    assert_eq!(read_as(&bytes, Scope::Names, None).trees.first().map(|tree| tree.kind), Some(TreeKind::Joliet));
    assert_eq!(read_as(&bytes, Scope::Judge, None).trees.len(), 3);
}

#[test]
fn a_file_of_several_extents_is_one() {
    let mut disc = Disc::new();
    disc.file_of("M.BIN", vec![noise(6144, 1), noise(2048, 2), noise(777, 3)]);
    disc.file("Z.BIN", noise(100, 4));
    let written = disc.write();
    assert_eq!(list(&written.bytes, None), [("M.BIN".into(), 8969), ("Z.BIN".into(), 100)]);
    let image = read_as(&written.bytes, Scope::Judge, None);
    let whole = [noise(6144, 1), noise(2048, 2), noise(777, 3)].concat();
    assert_eq!(content(&written.bytes, image.tree(None).unwrap(), "M.BIN"), whole);
    assert_eq!(told(&image, MINE), []);
}

#[test]
fn a_file_without_its_last_extent_is_not_passed_off_as_whole() {
    let mut disc = Disc::new();
    disc.file_of("M.BIN", vec![noise(6144, 1), noise(2048, 2), noise(777, 3)]);
    disc.file("Z.BIN", noise(100, 4));
    let mut written = disc.write();
    let record = written.record(Part::Primary, "M.BIN");
    // The third record, by its name alone.
    written.put(record + 2 * 40 + 33, b"N");
    let image = read_as(&written.bytes, Scope::Judge, None);
    assert_eq!(told(&image, MINE), [(Rule::D08, Severity::Error, record, "M.BIN".into())]);
    let tree = image.tree(None).unwrap();
    let node = |path: &[u8]| tree.node(tree.find(path).unwrap());
    assert!(node(b"M.BIN").is_damaged && !node(b"Z.BIN").is_damaged && !node(b"N.BIN").is_damaged);
    assert_eq!((node(b"M.BIN").size, node(b"N.BIN").size), (8192, 777));
    assert_eq!(content(&written.bytes, tree, "Z.BIN"), noise(100, 4));
}

#[test]
fn extended_attributes_stand_before_the_content() {
    let mut disc = Disc::new();
    disc.file("A.BIN", noise(3000, 1)).extended_attributes = 2;
    let written = disc.write();
    let image = read_as(&written.bytes, Scope::Judge, None);
    assert_eq!(content(&written.bytes, image.tree(None).unwrap(), "A.BIN"), noise(3000, 1));
    let told = told(&image, MINE);
    assert_eq!(told, [(Rule::D17, Severity::Info, written.record(Part::Primary, "A.BIN"), "A.BIN".into())]);
}

#[test]
fn blocks_may_be_smaller_than_sectors() {
    for block_bytes in [512, 1024] {
        let mut disc = Disc { block_bytes, joliet: Some(1), ..Disc::plain() };
        disc.file("ODD.BIN", noise(700, 9)).at = Some(40 * 2048 / u32::from(block_bytes) + 1);
        let written = disc.write();
        let image = read_as(&written.bytes, Scope::Judge, None);
        for tree in &image.trees {
            assert_eq!(content(&written.bytes, tree, "ODD.BIN"), noise(700, 9));
            assert_eq!(content(&written.bytes, tree, "SUB/B.BIN"), noise(3000, 2));
        }
        assert_eq!(told(&image, MINE), []);
    }
}

#[test]
fn names_that_would_be_equal_without_a_version_keep_it() {
    let mut disc = Disc::new();
    for name in ["A.;1", "A;1", "B.C;1", "A.B;1", "A-B.X;1", "A.X;1"] {
        disc.file(name, noise(10, 1)).identifier = Some(name.as_bytes().to_vec());
    }
    let mut listed = paths(&disc.write().bytes, TreeKind::Iso9660);
    let unique: std::collections::BTreeSet<_> = listed.iter().cloned().collect();
    assert_eq!(unique.len(), 6);
    listed.sort();
    assert!(listed.contains(&"B.C".to_owned()) && listed.contains(&"A-B.X".to_owned()), "{listed:?}");
}

#[test]
fn a_thousand_files_fill_many_sectors() {
    let mut disc = Disc { joliet: Some(3), ..Disc::new() };
    for number in 0..1000 {
        disc.file(&format!("FILE{number:04}.TXT"), b"x");
    }
    let written = disc.write();
    assert_eq!(list(&written.bytes, None).len(), 1000);
    assert_eq!(judge(&written), []);
}

#[test]
fn each_fault_of_a_record_is_told_at_its_record() {
    let clean = Disc::plain().write();
    let a = clean.record(Part::Primary, "A.BIN");
    let (sub, dot) = (clean.record(Part::Primary, "SUB"), clean.start(Part::Primary, "SUB"));
    let path = || "A.BIN".to_owned();
    let sub_path = || "SUB".to_owned();
    type Fault<'a> = (&'a dyn Fn(&mut Written), (Rule, Severity, u64, String));
    let faults: &[Fault<'_>] = &[
        (&|w| _ = w.put_both(dot + 2, 0x77), (Rule::D01, Severity::Error, dot, sub_path())),
        (&|w| _ = w.put_both(dot + 34 + 2, 0x77), (Rule::D01, Severity::Warning, dot + 34, sub_path())),
        (&|w| _ = w.put(dot + 2, &[0x77]), (Rule::D03, Severity::Error, dot, sub_path())),
        (&|w| _ = w.put(a + 6, &[9]), (Rule::D03, Severity::Warning, a, path())),
        (&|w| _ = w.put(a + 5, &[9]), (Rule::D03, Severity::Error, a, path())),
        (&|w| _ = w.put(a + 17, &[9]), (Rule::D03, Severity::Warning, a, path())),
        (&|w| _ = w.put(a + 31, &[9]), (Rule::D03, Severity::Warning, a, path())),
        (&|w| _ = w.put_both(a + 2, 5000), (Rule::D04, Severity::Error, a, path())),
        (&|w| _ = w.put_both(a + 2, 16), (Rule::D04, Severity::Error, a, path())),
        (&|w| _ = w.put_both(a + 10, 1 << 30), (Rule::D04, Severity::Error, a, path())),
        (&|w| _ = w.put(a + 25, &[0x20]), (Rule::D07, Severity::Warning, a, path())),
        (&|w| _ = w.put(sub + 25, &[0x82]), (Rule::D07, Severity::Warning, sub, sub_path())),
        (&|w| _ = w.put(a + 26, &[2]), (Rule::D10, Severity::Warning, a, path())),
        (&|w| _ = w.put(a + 19, &[13]), (Rule::D11, Severity::Info, a, path())),
        (&|w| _ = w.put(a + 28, &[2, 0, 0, 2]), (Rule::D15, Severity::Info, a, path())),
        (&|w| _ = w.put(a + 33, b"a"), (Rule::D09, Severity::Info, a, "a.BIN".to_owned())),
        (&|w| _ = w.put(a + 33, b"/"), (Rule::D16, Severity::Error, a, "/.BIN".to_owned())),
    ];
    for (number, (fault, expected)) in faults.iter().enumerate() {
        let mut written = clean.clone();
        fault(&mut written);
        assert!(judge(&written).contains(expected), "{number}: {:?}", judge(&written));
    }
}

#[test]
fn records_out_of_order_and_names_given_twice_are_told() {
    let mut disc = Disc::new();
    disc.file("A.BIN", noise(10, 1));
    disc.file("B.BIN", noise(10, 2));
    disc.file("C.BIN", noise(10, 3));
    let mut written = disc.write();
    let [a, b] = ["A.BIN", "B.BIN"].map(|name| written.record(Part::Primary, name));
    written.put(a + 33, b"B").put(b + 33, b"A");
    assert_eq!(judge(&written), [(Rule::D06, Severity::Warning, b, "A.BIN".into())]);
    written.put(b + 33, b"B");
    assert_eq!(judge(&written), [(Rule::D09, Severity::Warning, b, "B.BIN;1".into())]);
}

#[test]
fn joliet_names_have_their_own_rules() {
    let mut disc = Disc { joliet: Some(3), ..Disc::new() };
    disc.file("ABCD", noise(10, 1));
    let clean = disc.write();
    let record = clean.record(Part::Joliet, "ABCD");
    let faults: &[(&[u8], u64, Rule, Severity)] = &[
        (b"\0:", 33, Rule::J03, Severity::Warning),
        (b"\0/", 33, Rule::J03, Severity::Error),
        (b"\xD8\x3D\xDE\0", 33, Rule::J06, Severity::Info),
        (b"\0;\x001", 37, Rule::J08, Severity::Info),
    ];
    for &(name, offset, rule, severity) in faults {
        let mut written = clean.clone();
        written.put(record + offset, name);
        let told = judge(&written);
        assert!(matches!(told.as_slice(), [(r, s, at, _)] if (*r, *s, *at) == (rule, severity, record)), "{told:?}");
    }
    let mut long = Disc { joliet: Some(3), ..Disc::new() };
    long.file(&"x".repeat(80), noise(10, 1));
    assert!(matches!(judge(&long.write()).as_slice(), [(Rule::J02, Severity::Info, ..)]));
    let mut odd = clean.clone();
    odd.put(record + 32, &[7]);
    assert!(matches!(judge(&odd).as_slice(), [(Rule::J02, Severity::Error, ..), ..]));
}

#[test]
fn an_associated_file_is_not_listed() {
    let mut disc = Disc::plain();
    let fork = disc.file("FORK", noise(100, 5));
    fork.identifier = Some(b"A.BIN;1".to_vec());
    fork.flags = 4;
    let written = disc.write();
    let image = read_as(&written.bytes, Scope::Judge, None);
    let tree = image.tree(None).unwrap();
    assert_eq!(content(&written.bytes, tree, "A.BIN"), noise(5000, 1));
    assert_eq!(tree.len(), 4);
}

#[test]
fn an_interleaved_file_is_read_around_what_lies_between() {
    let mut disc = Disc::new();
    let whole = noise(9 * 2048, 1);
    disc.file("A.BIN", whole.clone());
    let mut written = disc.write();
    let record = written.record(Part::Primary, "A.BIN");
    written.put(record + 26, &[2, 1]).put_both(record + 10, 5 * 2048 + 7);
    let image = read_as(&written.bytes, Scope::Judge, None);
    let found = content(&written.bytes, image.tree(None).unwrap(), "A.BIN");
    let expected = [&whole[..4096], &whole[6144..10_240], &whole[12_288..12_288 + 2048 + 7]].concat();
    assert!(found == expected);
}

#[test]
fn a_symlink_without_rock_ridge_is_an_empty_file() {
    let mut disc = Disc::new();
    disc.symlink("L", "A").identifier = Some(b"L.;1".to_vec());
    assert_eq!(disc.items[0].kind, Kind::Symlink(b"A".to_vec()));
    assert_eq!(list(&disc.write().bytes, None), [("L".into(), 0)]);
}

mod relocated {
    use super::*;
    use crate::filesystem::iso9660::writer::system_use::{cl, entry, nm, pl, px};

    /// "place/deep" really lies in "rr_moved".
    fn moved(has_link: bool) -> Written {
        let mut disc = Disc { rock_ridge: true, ..Disc::new() };
        disc.directory("place").at = Some(50);
        let deep = disc.directory("rr_moved/deep");
        deep.at = Some(52);
        let re = entry(b"RE", b"");
        deep.system_use = Some([px(0o040_755, 1), nm(b"deep").concat(), re].concat());
        disc.file("rr_moved/deep/test.txt", noise(100, 1));
        if has_link {
            let link = disc.file("place/deep", b"");
            link.system_use = Some([px(0o040_755, 1), nm(b"deep").concat(), cl(52)].concat());
        }
        let mut written = disc.write();
        // ".." has a time stamp as long as the entry that names the parent.
        written.put(52 * 2048 + 82 + 34 + 36, &pl(50));
        written
    }

    fn all(image: &Image) -> Vec<(Rule, Severity, u64, String)> {
        told(image, &[MINE, &[Rule::R05, Rule::R09, Rule::R12, Rule::P05]].concat())
    }

    #[test]
    fn a_relocated_directory_is_listed_in_its_place() {
        let written = moved(true);
        let listed: Vec<String> = list(&written.bytes, None).into_iter().map(|(path, _)| path).collect();
        assert_eq!(listed, ["place", "place/deep", "place/deep/test.txt"]);
        let image = read_as(&written.bytes, Scope::Judge, None);
        let errors: Vec<_> = all(&image).into_iter().filter(|(_, severity, ..)| *severity != Severity::Info).collect();
        assert_eq!(errors, []);
        let plain: Vec<String> = paths(&written.bytes, TreeKind::Iso9660);
        assert!(plain.contains(&"RR_MOVED/DEEP/TEST.TXT".to_owned()), "{plain:?}");
    }

    #[test]
    fn a_relocated_directory_knows_where_it_belongs() {
        let mut written = moved(true);
        written.put(52 * 2048 + 82 + 34 + 36, &pl(77));
        let image = read_as(&written.bytes, Scope::Judge, None);
        assert!(all(&image).contains(&(Rule::R09, Severity::Error, 52 * 2048 + 82, "place/deep".into())));
    }

    #[test]
    fn a_link_to_no_directory_is_told_and_what_it_should_lead_to_is_not_lost() {
        let mut written = moved(true);
        let record = written.record(Part::Primary, "place/deep");
        let at = usize::try_from(record).unwrap();
        let link = written.bytes[at..at + 255].windows(2).position(|two| two == b"CL").unwrap() as u64;
        written.put_both(record + link + 4, 55);
        let image = read_as(&written.bytes, Scope::Judge, None);
        assert!(all(&image).contains(&(Rule::R09, Severity::Error, record, "place/deep".into())));
        assert!(image.tree(None).unwrap().find(b"deep/test.txt").is_some());
    }

    #[test]
    fn an_orphan_is_listed_all_the_same() {
        let written = moved(false);
        let image = read_as(&written.bytes, Scope::Judge, None);
        let record = written.record(Part::Primary, "rr_moved/deep");
        assert!(all(&image).contains(&(Rule::R09, Severity::Error, record, "deep".into())));
        assert!(image.tree(None).unwrap().find(b"deep/test.txt").is_some());
    }
}

#[test]
fn rock_ridge_names_and_attributes_are_those_of_the_tree() {
    let mut disc = Disc { rock_ridge: true, ..Disc::plain() };
    disc.symlink("SUB/link", "../A.BIN");
    disc.file("tool", noise(10, 5)).mode = Some(0o100_755);
    let written = disc.write();
    let image = read_as(&written.bytes, Scope::Judge, None);
    let tree = image.tree(None).unwrap();
    assert_eq!(tree.kind, TreeKind::RockRidge);
    let link = tree.find(b"SUB/link").unwrap();
    assert_eq!((tree.node(link).kind, tree.target(link)), (NodeKind::Symlink, Some(b"../A.BIN".as_slice())));
    let tool = tree.node(tree.find(b"tool").unwrap());
    assert_eq!(tool.posix.map(|posix| (posix.mode, posix.links)), Some((0o755, 1)));
    assert_eq!(tree.node(Tree::ROOT).posix.map(|posix| posix.mode), Some(0o755));
    assert_eq!(told(&image, MINE), []);
}

/// By hand, from the draft: one file, and a directory with another.
fn high_sierra() -> Vec<u8> {
    let both = |value: u32| [value.to_le_bytes(), value.to_be_bytes()].concat();
    let record = |block: u32, length: u32, flags: u8, name: &[u8]| {
        let size = u8::try_from(33 + (name.len() | 1)).unwrap();
        let mut bytes = vec![size, 0];
        bytes.extend([both(block), both(length)].concat());
        bytes.extend([87, 2, 3, 4, 5, 6, flags, 0, 0, 0, 1, 0, 0, 1, u8::try_from(name.len()).unwrap()]);
        bytes.extend(name);
        bytes.resize(size.into(), 0);
        bytes
    };
    let mut image = vec![0; 22 * 2048];
    let mut put = |at: usize, bytes: &[u8]| image[at..at + bytes.len()].copy_from_slice(bytes);
    let descriptor = 16 * 2048;
    put(descriptor, &both(16));
    put(descriptor + 8, b"\x01CDROM\x01");
    put(descriptor + 48, b"SIERRA");
    put(descriptor + 88, &both(22));
    put(descriptor + 128, &[1, 0, 0, 1, 1, 0, 0, 1, 0, 8, 8, 0]);
    put(descriptor + 180, &record(18, 2048, 2, &[0]));
    put(17 * 2048 + 8, b"\xFFCDROM\x01");
    let dots = |own: u32| [record(own, 2048, 2, &[0]), record(18, 2048, 2, &[1])].concat();
    put(18 * 2048, &[dots(18), record(20, 5, 0, b"A.TXT;1"), record(19, 2048, 2, b"SUB")].concat());
    put(19 * 2048, &[dots(19), record(21, 6, 0, b"B.TXT;1")].concat());
    put(20 * 2048, b"first");
    put(21 * 2048, b"second");
    image
}

#[test]
fn high_sierra_is_read_like_what_became_of_it() {
    let bytes = high_sierra();
    let image = read_as(&bytes, Scope::Judge, None);
    let tree = image.tree(None).unwrap();
    assert_eq!(tree.kind, TreeKind::HighSierra);
    assert_eq!(content(&bytes, tree, "A.TXT"), b"first");
    assert_eq!(content(&bytes, tree, "SUB/B.TXT"), b"second");
    let modified = tree.node(tree.find(b"A.TXT").unwrap()).modified.unwrap();
    assert_eq!(modified.to_string(), "1987-02-03T04:05:06Z");
    assert_eq!(told(&image, MINE), []);
    assert!(!image.findings.iter().any(|finding| finding.severity == Severity::Error), "{:?}", image.findings);
}
