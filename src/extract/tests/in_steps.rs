//! Extracting that was stopped or killed, and goes on later, also in directories that forbid it.

use super::*;

#[test]
fn who_stops_it_finds_no_half_file() {
    let mut disc = Disc::new(4);
    disc.file(Tree::ROOT, b"a", &[at(1, 2048)]);
    let (_outer, inner) = folder();
    let options = of_all(Tree::ROOT);
    let ended = disc.run(&inner, &options, &AtomicBool::new(true), &mut Vec::new());
    assert!(matches!(ended, Err(ExtractError::Interrupted)));
    assert_eq!(fs::read_dir(&inner).unwrap().count(), 0);
}

#[test]
fn no_file_has_its_name_before_it_is_whole() {
    for all_have_names in [false, true] {
        let mut disc = Disc { all_have_names, ..Disc::new(200) };
        disc.file(Tree::ROOT, b"large", &[at(0, 199 * 2048), at(0, 199 * 2048), at(0, 199 * 2048)]);
        let (_outer, inner) = folder();
        let mut seen = Vec::new();
        let on_read = || seen.push(names_in(&inner));
        let mut source = Watched { bytes: &disc.bytes, on_read };
        disc.run_from(&mut source, &inner, &of_all(Tree::ROOT), &AtomicBool::new(false), &mut Vec::new()).unwrap();
        assert!(seen.len() > 1);
        let under_way = |name: &String| all_have_names && name == ".discwright-1-1.part";
        assert!(seen.iter().flatten().all(under_way), "{seen:?}");
        assert_eq!(names_in(&inner), ["large"]);
    }
}

#[test]
fn what_a_killed_call_left_is_replaced() {
    let mut disc = Disc { all_have_names: true, ..Disc::new(4) };
    disc.file(Tree::ROOT, b"a", &[at(1, 2)]);
    let (_outer, inner) = folder();
    fs::write(inner.join(".discwright-1-1.part"), "1").unwrap();
    let report = disc.extract(&inner);
    assert!(report.is_whole(), "{report:?}");
    assert_eq!(names_in(&inner), ["a"]);
    assert_eq!(fs::read(inner.join("a")).unwrap(), b"11");
}

#[test]
fn directories_that_a_killed_call_left_get_their_rights() {
    let mut disc = Disc::new(4);
    for name in [b"left", b"mine"] {
        let directory = disc.directory(Tree::ROOT, name, 0o750);
        disc.file(directory, b"a", &[at(1, 5)]);
    }
    let (_outer, inner) = folder();
    for (name, mode) in [("left", 0o1700), ("mine", 0o700)] {
        fs::create_dir(inner.join(name)).unwrap();
        set_mode(&inner.join(name), mode);
    }
    assert!(disc.extract(&inner).is_whole());
    assert_eq!(mode_and_time(&inner.join("left")), (0o750, TIME.seconds));
    assert_eq!(mode_and_time(&inner.join("mine")).0, 0o700);
    assert_eq!(names_in(&inner.join("mine")), ["a"]);
}

#[test]
fn where_all_files_have_names_they_become_the_same() {
    let mut disc = Disc { all_have_names: true, ..Disc::new(4) };
    let sub = disc.directory(Tree::ROOT, b"sub", 0o755);
    disc.numbered(sub, b"a", &[at(1, 5)], Some(7));
    disc.numbered(sub, b"b", &[at(1, 5)], Some(7));
    disc.file(sub, b"mine", &[at(2, 5)]);
    let (_outer, inner) = folder();
    fs::create_dir(inner.join("sub")).unwrap();
    fs::write(inner.join("sub/mine"), "mine").unwrap();
    let report = disc.extract(&inner);
    assert_eq!((report.files, report.kept), (2, 1));
    assert_eq!(names_in(&inner.join("sub")), ["a", "b", "mine"]);
    assert_eq!(fs::read(inner.join("sub/b")).unwrap(), b"11111");
    assert_eq!(fs::read(inner.join("sub/mine")).unwrap(), b"mine");
    assert_eq!(mode_and_time(&inner.join("sub/a")), (0o640, TIME.seconds));
}

#[test]
fn who_stops_it_can_go_on_in_directories_that_forbid_it_in_the_end() {
    let mut disc = Disc::new(4);
    let sub = disc.directory(Tree::ROOT, b"sub", 0o555);
    disc.file(sub, b"a", &[at(1, 2048)]);
    let (_outer, inner) = folder();
    let stop = AtomicBool::new(false);
    let mut source = Watched { bytes: &disc.bytes, on_read: || stop.store(true, Ordering::Relaxed) };
    let ended = disc.run_from(&mut source, &inner, &of_all(Tree::ROOT), &stop, &mut Vec::new());
    assert!(matches!(ended, Err(ExtractError::Interrupted)));
    assert_eq!(mode_and_time(&inner.join("sub")), (0o755, TIME.seconds));
    let report = disc.extract(&inner);
    assert!(report.is_whole(), "{report:?}");
    assert_eq!(mode_and_time(&inner.join("sub")), (0o555, TIME.seconds));
    assert!(inner.join("sub/a").exists());
    set_mode(&inner.join("sub"), 0o755);
}

#[test]
fn a_directory_that_forbids_it_can_be_filled_in_two_steps() {
    let mut disc = Disc::new(4);
    let sub = disc.directory(Tree::ROOT, b"sub", 0o555);
    let a = disc.file(sub, b"a", &[at(1, 2048)]);
    let b = disc.file(sub, b"b", &[at(2, 2048)]);
    let (_outer, inner) = folder();
    for what in [a, b] {
        let report = disc.extract_as(&inner, |options| options.what = vec![what]).unwrap();
        assert_eq!((report.files, report.is_whole()), (1, true), "{report:?}");
        assert_eq!(mode_and_time(&inner.join("sub")), (0o555, TIME.seconds));
    }
    set_mode(&inner.join("sub"), 0o755);
}

#[test]
fn a_directory_of_somebodys_own_is_as_it_was_in_the_end() {
    let mut disc = Disc::new(4);
    for name in [b"shut".as_slice(), b"open"] {
        let directory = disc.directory(Tree::ROOT, name, 0o755);
        disc.file(directory, b"a", &[at(1, 2048)]);
    }
    let (_outer, inner) = folder();
    let (shut, open) = (inner.join("shut"), inner.join("open"));
    for directory in [&shut, &open] {
        fs::create_dir(directory).unwrap();
    }
    fs::File::open(&shut).unwrap().set_modified(std::time::UNIX_EPOCH).unwrap();
    set_mode(&shut, 0o500);
    set_mode(&open, 0o2770);
    assert!(disc.extract(&inner).is_whole());
    assert!(shut.join("a").exists() && open.join("a").exists());
    assert_eq!(mode_and_time(&shut), (0o500, 0));
    let (mode, time) = mode_and_time(&open);
    assert!(mode == 0o2770 && time > TIME.seconds, "{mode:o} {time}");
    set_mode(&shut, 0o700);
}
