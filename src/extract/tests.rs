mod in_steps;

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::clock::SimulatedClock;
use crate::event::{Event, NoDrive, Phase, telling};
use crate::filesystem::content::Lost;
use crate::filesystem::{Entry, Extent, ExtentKind, NodeKind, Posix, Timestamp, TreeKind};
use crate::linux::beneath::Beneath;
use crate::sector::{Lba, SectorCount, SectorSource, SourceError};

/// A disc whose trees are made by hand: sector 0 is all `0`, sector 1 all `1`, and so on.
struct Disc {
    tree: Tree,
    bytes: Vec<u8>,
    /// Whether it is extracted to a filesystem where each file has a name.
    all_have_names: bool,
}

/// Calls `on_read` before each read.
struct Watched<'a, F> {
    bytes: &'a [u8],
    on_read: F,
}

impl<F: FnMut()> SectorSource for Watched<'_, F> {
    fn sector_count(&self) -> SectorCount {
        self.bytes.sector_count()
    }

    fn read_sectors(&mut self, start: Lba, buffer: &mut [u8]) -> Result<(), SourceError> {
        (self.on_read)();
        self.bytes.read_sectors(start, buffer)
    }
}

const TIME: Timestamp = Timestamp { seconds: 981_173_106, nanoseconds: 250_000_000 };

fn posix(mode: u16) -> Posix {
    Posix { mode, links: 1, uid: None, gid: None }
}

impl Disc {
    fn new(sectors: u8) -> Self {
        let tree = Tree::new(TreeKind::RockRidge, Entry::new(b"", NodeKind::Directory, 0));
        let bytes = (0..sectors).flat_map(|sector| [b'0'.wrapping_add(sector); 2048]).collect();
        Self { tree, bytes, all_have_names: false }
    }

    fn directory(&mut self, parent: NodeId, name: &[u8], mode: u16) -> NodeId {
        let entry = Entry::new(name, NodeKind::Directory, 0);
        self.tree.add(parent, Entry { posix: Some(posix(mode)), modified: Some(TIME), ..entry }).unwrap()
    }

    fn file(&mut self, parent: NodeId, name: &[u8], extents: &[Extent]) -> NodeId {
        self.numbered(parent, name, extents, None)
    }

    fn numbered(&mut self, parent: NodeId, name: &[u8], extents: &[Extent], file_number: Option<u64>) -> NodeId {
        let size = extents.iter().map(|extent| extent.length).sum();
        let entry = Entry { extents, size, file_number, modified: Some(TIME), ..Entry::new(name, NodeKind::File, 0) };
        self.tree.add(parent, Entry { posix: Some(posix(0o4640)), ..entry }).unwrap()
    }

    fn link(&mut self, parent: NodeId, name: &[u8], target: &[u8]) -> NodeId {
        let entry = Entry { target: Some(target), modified: Some(TIME), ..Entry::new(name, NodeKind::Symlink, 0) };
        self.tree.add(parent, entry).unwrap()
    }

    fn extract(&self, to: &Path) -> Report {
        self.extract_as(to, |_| {}).unwrap()
    }

    fn extract_as(&self, to: &Path, change: impl Fn(&mut Options)) -> Result<Report, ExtractError> {
        let mut options = Options { what: vec![Tree::ROOT], existing: Existing::Kept, links: Links::Inside };
        change(&mut options);
        self.run(to, &options, &AtomicBool::new(false), &mut Vec::new())
    }

    fn run(
        &self,
        to: &Path,
        options: &Options,
        stop: &AtomicBool,
        heard: &mut Vec<Event>,
    ) -> Result<Report, ExtractError> {
        self.run_from(&mut self.bytes.as_slice(), to, options, stop, heard)
    }

    fn run_from(
        &self,
        source: &mut dyn SectorSource,
        to: &Path,
        options: &Options,
        stop: &AtomicBool,
        heard: &mut Vec<Event>,
    ) -> Result<Report, ExtractError> {
        let mut sectors = Sectors::new(source, self.bytes.len() as u64);
        let beneath = Beneath::open(to).unwrap();
        let beneath = if self.all_have_names { beneath.without_nameless_files() } else { beneath };
        telling(heard, &SimulatedClock::new(), &NoDrive, stop, |teller| {
            extract(&self.tree, &mut sectors, &beneath, options, teller, stop)
        })
    }
}

/// A folder in a folder, so that what gets out can be seen.
fn folder() -> (TempDir, std::path::PathBuf) {
    let outer = tempfile::tempdir().unwrap();
    let inner = outer.path().join("inner");
    fs::create_dir(&inner).unwrap();
    (outer, inner)
}

fn at(sector: u64, length: u64) -> Extent {
    Extent::recorded(sector * 2048, length)
}

fn of_all(what: NodeId) -> Options {
    Options { what: vec![what], existing: Existing::Kept, links: Links::Inside }
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Its permissions, and the second in which it was changed last.
fn mode_and_time(path: &Path) -> (u32, i64) {
    let metadata = fs::metadata(path).unwrap();
    (metadata.mode() & 0o7777, metadata.mtime())
}

fn names_in(folder: &Path) -> Vec<String> {
    let name = |entry: io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    let mut names: Vec<String> = fs::read_dir(folder).unwrap().map(name).collect();
    names.sort();
    names
}

fn told(report: &Report) -> Vec<(String, String)> {
    let words = |told: &Told| (String::from_utf8_lossy(&told.path).into_owned(), format!("{:?}", told.what));
    report.told.iter().map(words).collect()
}

#[test]
fn files_have_their_content_rights_and_times() {
    let mut disc = Disc::new(4);
    let sub = disc.directory(Tree::ROOT, b"sub", 0o555);
    disc.file(sub, b"b", &[at(2, 2048), at(1, 3)]);
    disc.file(Tree::ROOT, b"empty", &[]);
    let (_outer, inner) = folder();
    let report = disc.extract(&inner);
    assert!(report.is_whole() && report.told.is_empty(), "{report:?}");
    assert_eq!((report.files, report.directories, report.bytes), (2, 1, 2051));
    let content = fs::read(inner.join("sub/b")).unwrap();
    assert_eq!(content, [vec![b'2'; 2048], vec![b'1'; 3]].concat());
    let of = |path: &str| fs::metadata(inner.join(path)).unwrap();
    let file = of("sub/b");
    assert_eq!((file.mode() & 0o7777, file.mtime(), file.mtime_nsec()), (0o640, TIME.seconds, 250_000_000));
    assert_eq!((of("sub").mode() & 0o7777, of("sub").mtime()), (0o555, TIME.seconds));
    assert_eq!(of("empty").len(), 0);
    set_mode(&inner.join("sub"), 0o755);
}

#[test]
fn only_what_was_asked_for_is_made_at_its_own_path() {
    let mut disc = Disc::new(4);
    let sub = disc.directory(Tree::ROOT, b"sub", 0o755);
    let deep = disc.directory(sub, b"deep", 0o755);
    disc.file(deep, b"a", &[at(1, 1)]);
    disc.file(sub, b"not", &[at(1, 1)]);
    let (_outer, inner) = folder();
    let report = disc.extract_as(&inner, |options| options.what = vec![deep]).unwrap();
    assert_eq!((report.files, report.directories), (1, 2));
    assert!(inner.join("sub/deep/a").exists() && !inner.join("sub/not").exists());
}

#[test]
fn what_is_there_is_kept_unless_it_may_be_replaced() {
    let mut disc = Disc::new(4);
    disc.file(Tree::ROOT, b"a", &[at(1, 2)]);
    disc.file(Tree::ROOT, b"b", &[at(2, 2)]);
    let (_outer, inner) = folder();
    fs::write(inner.join("a"), "mine").unwrap();
    let report = disc.extract(&inner);
    assert_eq!((report.kept, report.files, report.is_whole()), (1, 1, false));
    assert_eq!(told(&report), [("a".to_owned(), "Kept".to_owned())]);
    assert_eq!(fs::read(inner.join("a")).unwrap(), b"mine");
    let report = disc.extract_as(&inner, |options| options.existing = Existing::Replaced).unwrap();
    assert!(report.is_whole(), "{report:?}");
    assert_eq!(fs::read(inner.join("a")).unwrap(), b"11");
}

#[test]
fn a_file_that_is_replaced_is_not_written_through_a_link() {
    let mut disc = Disc::new(4);
    disc.file(Tree::ROOT, b"a", &[at(1, 2)]);
    let (outer, inner) = folder();
    let precious = outer.path().join("precious");
    fs::write(&precious, "precious").unwrap();
    symlink(&precious, inner.join("a")).unwrap();
    disc.extract_as(&inner, |options| options.existing = Existing::Replaced).unwrap();
    assert_eq!(fs::read(&precious).unwrap(), b"precious");
    assert_eq!(fs::read(inner.join("a")).unwrap(), b"11");
}

#[test]
fn nothing_is_made_through_a_link_that_was_there() {
    let mut disc = Disc::new(4);
    let sub = disc.directory(Tree::ROOT, b"sub", 0o755);
    disc.file(sub, b"a", &[at(1, 2)]);
    let (outer, inner) = folder();
    symlink("..", inner.join("sub")).unwrap();
    let report = disc.extract(&inner);
    assert_eq!((report.kept, report.failed, report.files), (1, 1, 0));
    assert!(!outer.path().join("a").exists());
}

#[test]
fn links_lead_nowhere_outside_unless_that_is_wanted() {
    let mut disc = Disc::new(4);
    let sub = disc.directory(Tree::ROOT, b"sub", 0o755);
    disc.link(sub, b"in", b"../sub/a");
    disc.link(sub, b"up", b"../../x");
    disc.link(Tree::ROOT, b"root", b"/etc");
    let (_outer, inner) = folder();
    let report = disc.extract(&inner);
    assert_eq!((report.symlinks, report.left_out, report.is_whole()), (1, 2, true));
    assert_eq!(fs::read_link(inner.join("sub/in")).unwrap(), Path::new("../sub/a"));
    assert_eq!(fs::symlink_metadata(inner.join("sub/in")).unwrap().mtime(), TIME.seconds);
    let (_outer, inner) = folder();
    let report = disc.extract_as(&inner, |options| options.links = Links::All).unwrap();
    assert_eq!((report.symlinks, report.left_out), (3, 0));
    let (_outer, inner) = folder();
    let report = disc.extract_as(&inner, |options| options.links = Links::None).unwrap();
    assert_eq!((report.symlinks, report.left_out), (0, 3));
}

#[test]
fn a_directory_and_a_link_of_one_name_do_not_become_a_way_out() {
    let mut disc = Disc::new(4);
    disc.link(Tree::ROOT, b"sub", b"..");
    let sub = disc.directory(Tree::ROOT, b"sub", 0o755);
    disc.file(sub, b"a", &[at(1, 2)]);
    let (outer, inner) = folder();
    disc.extract_as(&inner, |options| options.links = Links::All).unwrap();
    assert!(!outer.path().join("a").exists());
    assert!(inner.join("sub (2)/a").exists());
}

#[test]
fn two_names_of_a_file_are_one_file_but_not_by_number_alone() {
    let mut disc = Disc::new(4);
    disc.numbered(Tree::ROOT, b"a", &[at(1, 5)], Some(7));
    disc.numbered(Tree::ROOT, b"b", &[at(1, 5)], Some(7));
    disc.numbered(Tree::ROOT, b"c", &[at(2, 6)], Some(7));
    let (_outer, inner) = folder();
    let report = disc.extract(&inner);
    assert_eq!(report.files, 3);
    let inode = |name: &str| fs::metadata(inner.join(name)).unwrap().ino();
    assert_eq!(inode("a"), inode("b"));
    assert_ne!(inode("a"), inode("c"));
    assert_eq!(fs::read(inner.join("c")).unwrap(), b"222222");
}

#[test]
fn a_damaged_file_goes_as_far_as_its_bytes_do() {
    let mut disc = Disc::new(4);
    disc.file(Tree::ROOT, b"cut", &[at(3, 5000)]);
    disc.file(Tree::ROOT, b"middle", &[at(9, 2048), at(1, 3)]);
    let (_outer, inner) = folder();
    let report = disc.extract(&inner);
    assert_eq!((report.damaged, report.lost_bytes, report.is_whole()), (2, 2952 + 2048, false));
    assert_eq!(fs::read(inner.join("cut")).unwrap(), vec![b'3'; 2048]);
    assert_eq!(fs::read(inner.join("middle")).unwrap(), [vec![0; 2048], b"111".to_vec()].concat());
    let losses = report.told.iter().flat_map(|told| match &told.what {
        What::Damaged(losses) => losses.clone(),
        other => panic!("{other:?}"),
    });
    let why = Lost::BeyondEnd;
    assert_eq!(
        losses.collect::<Vec<_>>(),
        [
            Loss { offset: 2048, length: 2952, at: Some(4 * 2048), why },
            Loss { offset: 0, length: 2048, at: Some(9 * 2048), why },
        ]
    );
}

#[test]
fn holes_stay_holes() {
    let mut disc = Disc::new(4);
    let hole = Extent { start: 0, length: 1 << 30, kind: ExtentKind::Hole };
    disc.file(Tree::ROOT, b"sparse", &[at(1, 2048), hole, at(2, 2048), hole]);
    let (_outer, inner) = folder();
    let report = disc.extract(&inner);
    let made = fs::metadata(inner.join("sparse")).unwrap();
    assert_eq!((made.len(), report.bytes), ((2 << 30) + 4096, 4096));
    assert!(made.blocks() * 512 < 1 << 20, "{}", made.blocks());
}

#[test]
fn impossible_and_repeated_names_are_told_with_their_new_ones() {
    let mut disc = Disc::new(4);
    disc.file(Tree::ROOT, b"../evil", &[at(1, 1)]);
    disc.file(Tree::ROOT, b"x", &[at(1, 1)]);
    disc.file(Tree::ROOT, b"x", &[at(2, 1)]);
    disc.file(Tree::ROOT, b"X", &[at(3, 1)]);
    let (outer, inner) = folder();
    let report = disc.extract(&inner);
    assert_eq!((report.renamed, report.files, report.is_whole()), (2, 4, true));
    assert_eq!(fs::read(inner.join(".._evil")).unwrap(), b"1");
    assert_eq!(fs::read(inner.join("x (2)")).unwrap(), b"2");
    assert_eq!(fs::read(inner.join("X")).unwrap(), b"3");
    assert_eq!(told(&report).len(), 3);
    assert_eq!(fs::read_dir(outer.path()).unwrap().count(), 1);
}

#[test]
fn devices_are_left_out() {
    let mut disc = Disc::new(4);
    disc.tree.add(Tree::ROOT, Entry::new(b"null", NodeKind::CharacterDevice, 0)).unwrap();
    let (_outer, inner) = folder();
    let report = disc.extract(&inner);
    assert_eq!((report.left_out, report.is_whole()), (1, true));
    assert_eq!(fs::read_dir(&inner).unwrap().count(), 0);
}

#[test]
fn a_small_disc_with_terabytes_of_files_is_refused() {
    let mut disc = Disc::new(200);
    for number in 0..2000_u32 {
        disc.file(Tree::ROOT, number.to_string().as_bytes(), &[at(0, 200 * 2048)]);
    }
    let (_outer, inner) = folder();
    let refused = disc.extract_as(&inner, |_| {});
    assert!(matches!(refused, Err(ExtractError::Swollen { image: 409_600, .. })));
    assert_eq!(fs::read_dir(&inner).unwrap().count(), 0);
}

#[test]
fn a_file_that_fails_has_no_further_names() {
    let mut disc = Disc::new(4);
    // No file can be so long.
    let hole = Extent { start: 0, length: 1 << 63, kind: ExtentKind::Hole };
    for name in [b"a".as_slice(), b"b", b"c"] {
        disc.numbered(Tree::ROOT, name, &[at(1, 2048), hole], Some(7));
    }
    let (_outer, inner) = folder();
    let report = disc.extract(&inner);
    assert_eq!((report.files, report.failed), (0, 3), "{report:?}");
    assert!(names_in(&inner).is_empty());
}

#[test]
fn each_name_of_a_damaged_file_is_told_and_its_bytes_once() {
    let mut disc = Disc::new(4);
    disc.numbered(Tree::ROOT, b"a", &[at(3, 5000)], Some(7));
    disc.numbered(Tree::ROOT, b"b", &[at(3, 5000)], Some(7));
    let (_outer, inner) = folder();
    let report = disc.extract(&inner);
    assert_eq!((report.files, report.damaged, report.lost_bytes), (2, 2, 2952));
    let told = told(&report);
    assert_eq!(told.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(told[0].1, told[1].1);
}

#[test]
fn progress_ends_where_all_is_done() {
    let mut disc = Disc::new(4);
    disc.file(Tree::ROOT, b"a", &[at(1, 2048)]);
    disc.file(Tree::ROOT, b"b", &[at(2, 2049)]);
    let (_outer, inner) = folder();
    let options = of_all(Tree::ROOT);
    let mut heard = Vec::new();
    disc.run(&inner, &options, &AtomicBool::new(false), &mut heard).unwrap();
    let last = heard.iter().rev().find_map(|event| match event {
        Event::Progress(progress) => Some((progress.phase, progress.done.0, progress.of.0)),
        _ => None,
    });
    assert_eq!(last, Some((Phase::Read, 3, 3)));
}

fn any_name() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(b"..".to_vec()),
        Just(b"inner".to_vec()),
        prop::collection::vec(prop_oneof![Just(b'/'), Just(b'.'), Just(b'a'), Just(0), any::<u8>()], 0..6),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn whatever_names_and_links_say_nothing_is_made_outside(
        nodes in prop::collection::vec((any::<prop::sample::Index>(), any_name(), 0..3, any_name()), 0..12),
        again in any::<bool>(),
    ) {
        let mut disc = Disc::new(4);
        let mut directories = vec![Tree::ROOT];
        for (parent, name, kind, target) in &nodes {
            let parent = *parent.get(&directories);
            match kind {
                0 => directories.push(disc.directory(parent, name, 0o755)),
                1 => { disc.file(parent, name, &[at(1, 9)]); }
                _ => { disc.link(parent, name, target); }
            }
        }
        let (outer, inner) = folder();
        for _ in 0..=usize::from(again) {
            let report = disc.extract(&inner);
            prop_assert_eq!(report.failed, 0, "{:?}", report);
        }
        prop_assert_eq!(fs::read_dir(outer.path()).unwrap().count(), 1);
        let real = inner.canonicalize().unwrap();
        let mut rest = vec![inner.clone()];
        while let Some(folder) = rest.pop() {
            for found in fs::read_dir(folder).unwrap() {
                let path = found.unwrap().path();
                let kind = fs::symlink_metadata(&path).unwrap().file_type();
                if kind.is_dir() {
                    rest.push(path);
                } else if kind.is_symlink() && let Ok(leads_to) = path.canonicalize() {
                    prop_assert!(leads_to.starts_with(&real), "{:?} leads to {:?}", path, leads_to);
                }
            }
        }
    }
}
