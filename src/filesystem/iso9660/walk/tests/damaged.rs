//! What of a tree is left where a part of it is lost, or leads astray.

use super::*;

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
fn the_big_endian_block_is_used_where_the_other_is_impossible() {
    let mut written = Disc::plain().write();
    let record = written.record(Part::Primary, "A.BIN");
    written.put(record + 5, &[9]);
    let image = read_as(&written.bytes, Scope::Judge, None);
    assert_eq!(content(&written.bytes, image.tree(None).unwrap(), "A.BIN"), noise(5000, 1));
}

#[test]
fn a_root_beyond_the_image_is_found_by_the_path_table() {
    let mut written = Disc::plain().write();
    written.put_both(16 * 2048 + 158, 100_000);
    let image = read_as(&written.bytes, Scope::Names, None);
    assert!(!told(&image, &[Rule::S01]).is_empty());
    let [little, big] = written.path_tables(Part::Primary);
    assert_eq!(told(&image, &[Rule::P05]), [(Rule::P05, Severity::Warning, little, String::new())]);
    assert_eq!(paths(&written.bytes, TreeKind::Iso9660), ["A.BIN", "SUB", "SUB/B.BIN"]);
    written.zero_sector(little).zero_sector(big);
    let image = read_as(&written.bytes, Scope::Names, None);
    assert!(image.tree(None).is_some_and(Tree::is_empty));
}

#[test]
fn directories_that_a_lost_one_had_are_found_by_the_path_table() {
    let mut disc = Disc::with_all_names();
    disc.directory("Top");
    disc.directory("Top/Middle name");
    disc.file("Top/Middle name/deep/C.BIN", noise(700, 3));
    let clean = disc.write();
    for (part, kind, middle) in
        [(Part::Primary, TreeKind::RockRidge, "MIDDLE_N"), (Part::Joliet, TreeKind::Joliet, "Middle name")]
    {
        let mut written = clean.clone();
        written.zero_sector(written.start(part, "Top"));
        let found = paths(&written.bytes, kind);
        // What a directory that can be read says of a name is more than what the table says.
        assert!(found.iter().any(|path| path.starts_with("Top/") && path.ends_with("/deep/C.BIN")), "{found:?}");
        let image = read_as(&written.bytes, Scope::Judge, Some(kind));
        let lost: Vec<_> = image.findings.iter().filter(|finding| finding.rule == Rule::P05).collect();
        let [lost] = lost.as_slice() else { panic!("{lost:?}") };
        assert_eq!((lost.severity, lost.origin), (Severity::Warning, Origin::Damage));
        let path = String::from_utf8(lost.path.clone().unwrap()).unwrap();
        assert!(path.starts_with(&format!("Top/{middle}")), "{path}");
        let [little, big] = written.path_tables(part);
        let at = lost.at.unwrap();
        assert!((little..little + 2048).contains(&at), "{at} is not in the table at {little}");

        // The other byte order serves as well.
        written.zero_sector(little);
        assert!(paths(&written.bytes, kind).iter().any(|path| path.ends_with("/deep/C.BIN")));
        written.zero_sector(big);
        assert!(!paths(&written.bytes, kind).iter().any(|path| path.ends_with("C.BIN")));
    }
}

#[test]
fn with_the_root_lost_the_path_table_has_what_was_below_it() {
    let mut disc = Disc::plain();
    disc.file("SUB/IN/C.BIN", noise(700, 3));
    let mut written = disc.write();
    written.zero_sector(written.start(Part::Primary, ""));
    assert_eq!(paths(&written.bytes, TreeKind::Iso9660), ["SUB", "SUB/B.BIN", "SUB/IN", "SUB/IN/C.BIN"]);
}

#[test]
fn a_table_that_leads_to_no_directory_adds_none() {
    let mut disc = Disc::plain();
    disc.file("SUB/IN/C.BIN", noise(700, 3));
    let mut written = disc.write();
    let (lost, inner) = (written.start(Part::Primary, "SUB"), written.start(Part::Primary, "SUB/IN"));
    written.zero_sector(lost).put(inner, &noise(2048, 4));
    assert_eq!(paths(&written.bytes, TreeKind::Iso9660), ["A.BIN", "SUB"]);
}

#[test]
fn a_file_that_is_cut_is_told_once_however_many_trees_have_it() {
    let mut disc = Disc::with_all_names();
    disc.file("Z.BIN", noise(9000, 8));
    let mut written = disc.write();
    let end = written.start(Part::Primary, "Z.BIN") + 5000;
    written.bytes.truncate(usize::try_from(end).unwrap());
    let image = read_as(&written.bytes, Scope::Judge, None);
    let found: Vec<_> = image.findings.iter().filter(|finding| finding.rule == Rule::D04).collect();
    assert_eq!(found.iter().map(|finding| 1 + finding.more).sum::<u64>(), 1, "{found:?}");
}
