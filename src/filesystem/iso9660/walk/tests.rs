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
fn a_directory_that_is_reached_twice_is_read_once() {
    let mut disc = Disc::plain();
    disc.directory("TWIN");
    let mut written = disc.write();
    let (root, twin) = (written.start(Part::Primary, ""), written.record(Part::Primary, "TWIN"));
    written.put_both(twin + 2, u32::try_from(root / 2048).unwrap());
    let image = read_as(&written.bytes, Scope::Judge, None);
    assert_eq!(told(&image, &[Rule::D13]), [(Rule::D13, Severity::Error, twin, "TWIN".into())]);
    let tree = image.tree(None).unwrap();
    assert_eq!(tree.children(tree.find(b"TWIN").unwrap()).count(), 0);
}

#[test]
fn a_file_beyond_the_end_says_how_much_of_it_is_missing() {
    let mut disc = Disc::new();
    disc.file("A.BIN", noise(5000, 1));
    disc.file("B.BIN", noise(7000, 2));
    let written = disc.write();
    let record = written.record(Part::Primary, "B.BIN");
    let start = written.start(Part::Primary, "B.BIN");
    let cut = &written.bytes[..usize::try_from(start).unwrap() + 3000];
    let image = read_as(cut, Scope::Judge, None);
    let finding = image.findings.iter().find(|finding| finding.rule == Rule::D04).unwrap();
    assert_eq!((finding.at, finding.origin), (Some(record), Origin::Truncation));
    assert!(finding.text.contains("4000"), "{}", finding.text);
    let tree = image.tree(None).unwrap();
    assert!(tree.node(tree.find(b"B.BIN").unwrap()).is_damaged);
    assert!(!tree.node(tree.find(b"A.BIN").unwrap()).is_damaged);
}

#[test]
fn a_length_of_zero_hides_no_later_record() {
    let mut written = Disc::plain().write();
    let record = written.record(Part::Primary, "A.BIN");
    written.put(record, &[0]);
    let image = read_as(&written.bytes, Scope::Judge, None);
    assert_eq!(told(&image, MINE), [(Rule::D02, Severity::Error, record, String::new())]);
    let tree = image.tree(None).unwrap();
    assert!(tree.find(b"A.BIN").is_some() && tree.find(b"SUB/B.BIN").is_some());
}

#[test]
fn a_directory_of_zeros_has_lost_its_records() {
    let mut written = Disc { joliet: Some(3), ..Disc::plain() }.write();
    let root = written.start(Part::Primary, "");
    written.zero_sector(root);
    let image = read_as(&written.bytes, Scope::Judge, None);
    assert_eq!(told(&image, MINE), [(Rule::D01, Severity::Error, root, String::new())]);
    let finding = image.findings.iter().find(|finding| finding.rule == Rule::D01).unwrap();
    assert_eq!(finding.origin, Origin::Damage);
    // The other tree still has everything.
    assert_eq!(image.tree(None).map(|tree| tree.kind), Some(TreeKind::Joliet));
    assert!(image.tree(None).unwrap().find(b"SUB/B.BIN").is_some());
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
fn the_big_endian_block_is_used_where_the_other_is_impossible() {
    let mut written = Disc::plain().write();
    let record = written.record(Part::Primary, "A.BIN");
    written.put(record + 5, &[9]);
    let image = read_as(&written.bytes, Scope::Judge, None);
    assert_eq!(content(&written.bytes, image.tree(None).unwrap(), "A.BIN"), noise(5000, 1));
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
fn a_root_beyond_the_image_leaves_an_empty_tree() {
    let mut written = Disc::plain().write();
    written.put_both(16 * 2048 + 158, 100_000);
    let image = read_as(&written.bytes, Scope::Names, None);
    assert!(image.tree(None).is_some_and(Tree::is_empty));
    assert!(!told(&image, &[Rule::S01]).is_empty());
}

#[test]
fn a_symlink_without_rock_ridge_is_an_empty_file() {
    let mut disc = Disc::new();
    disc.symlink("L", "A").identifier = Some(b"L.;1".to_vec());
    assert_eq!(disc.items[0].kind, Kind::Symlink(b"A".to_vec()));
    assert_eq!(list(&disc.write().bytes, None), [("L".into(), 0)]);
}
