//! This module knows another reader of the same filesystems, hadris, and that what both accept, both list the same.

use std::collections::BTreeMap;

use hadris_fs::sync::{FileSystem, Volume};
use hadris_fs::{FileType, MountOptions};
use hadris_iso::Namespace;
use hadris_iso::sync::IsoFs;
use hadris_storage::{BlockSize, MemDevice};
use hadris_udf::sync::UdfFs;
use proptest::prelude::*;

use super::iso9660::writer::Disc;
use super::udf::writer::{self, Form, Item, Part, Recipe, What};
use super::{ExtentKind, Image, NodeKind, Options, Scope, Severity, Tree, TreeKind};

/// By path.
type Listing = BTreeMap<Vec<u8>, Entry>;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Entry {
    Directory,
    /// Its bytes by their number and CRC, so that a difference can be read.
    File {
        modified: Option<i64>,
        bytes: usize,
        crc: u32,
    },
    Symlink(Vec<u8>),
    Other,
}

fn file(modified: Option<i64>, content: &[u8]) -> Entry {
    Entry::File { modified, bytes: content.len(), crc: crc32fast::hash(content) }
}

const TREES: [(TreeKind, Namespace); 4] = [
    (TreeKind::Iso9660, Namespace::Primary),
    (TreeKind::RockRidge, Namespace::RockRidge),
    (TreeKind::Joliet, Namespace::Joliet),
    (TreeKind::Enhanced, Namespace::Enhanced),
];

/// `None` where hadris refuses any of it.
fn hadris(image: &[u8], kind: TreeKind) -> Option<Listing> {
    let device = MemDevice::new(image.to_vec(), BlockSize::new(512)?);
    match TREES.iter().find(|(tree, _)| *tree == kind) {
        Some((_, namespace)) => {
            listed(Volume::new(IsoFs::mount_namespace(device, MountOptions::new(), *namespace).ok()?))
        }
        None => listed(Volume::new(UdfFs::mount(device, MountOptions::new()).ok()?)),
    }
}

fn listed<F: FileSystem + Send + 'static>(volume: Volume<F>) -> Option<Listing> {
    let mut listing = Listing::new();
    for entry in volume.walk("/").ok()? {
        let path = entry.ok()?.path().to_vec();
        let about = volume.symlink_metadata(&path).ok()?;
        let entry = match about.file_type() {
            FileType::Dir => Entry::Directory,
            FileType::Symlink => Entry::Symlink(volume.read_link(&path).ok()?),
            FileType::File if about.len() <= 1 << 20 => {
                file(about.modified().map(|moment| moment.unix_seconds()), &volume.read(&path).ok()?)
            }
            FileType::File => return None,
            _ => Entry::Other,
        };
        listing.insert(path.strip_prefix(b"/").unwrap_or(&path).to_vec(), entry);
    }
    Some(listing)
}

/// The errors where there are any, or where there is no such tree.
fn ours(image: &[u8], kind: TreeKind) -> Result<Listing, String> {
    let mut source = image;
    let mut read = |tree| {
        let options = Options { scope: Scope::Judge, tree, ..Options::default() };
        Image::read(&mut source, image.len() as u64, &options)
    };
    let (all, read) = (read(None), read(Some(kind)));
    let errors = all.findings.iter().chain(&read.findings).filter(|finding| finding.severity == Severity::Error);
    let errors: Vec<String> = errors.map(|finding| format!("{}: {finding:?}", finding.rule)).collect();
    if !errors.is_empty() {
        return Err(errors.join(
            "
",
        ));
    }
    let tree = read.tree(Some(kind)).ok_or_else(|| format!("no tree of {kind:?}, {} trees", read.trees.len()))?;
    let entries = tree.ids().filter(|id| *id != Tree::ROOT).map(|id| (tree.path(id), entry(tree, id, image)));
    Ok(entries.collect())
}

fn entry(tree: &Tree, id: super::NodeId, image: &[u8]) -> Entry {
    let node = tree.node(id);
    match node.kind {
        NodeKind::Directory => Entry::Directory,
        NodeKind::Symlink => Entry::Symlink(tree.target(id).unwrap_or_default().to_vec()),
        NodeKind::File => {
            let mut content = Vec::new();
            for extent in tree.extents(id) {
                let length = usize::try_from(extent.length).unwrap();
                match extent.kind {
                    ExtentKind::Recorded => {
                        let start = usize::try_from(extent.start).unwrap();
                        content.extend_from_slice(image.get(start..start + length).unwrap());
                    }
                    ExtentKind::Unrecorded | ExtentKind::Hole => content.resize(content.len() + length, 0),
                }
            }
            content.truncate(usize::try_from(node.size).unwrap());
            file(node.modified.map(|moment| moment.seconds), &content)
        }
        NodeKind::BlockDevice | NodeKind::CharacterDevice | NodeKind::Fifo | NodeKind::Socket => Entry::Other,
    }
}

fn iso() -> Disc {
    let mut disc = Disc { enhanced: true, ..Disc::with_all_names() };
    disc.file("SUB/DEEPER/EMPTY", Vec::new());
    disc.file("a long name in lower case, and how.text", b"long".to_vec());
    disc.file_of("MANY.BIN", vec![vec![1; 2048], vec![2; 4096], vec![3; 777]]);
    disc.symlink("LINK", "SUB/../A.BIN");
    disc
}

fn udf() -> Recipe {
    let scattered = Item::file("scattered", &[7; 9000]).with(|shape| shape.is_scattered = true);
    let chained = Item::file("chained", &[8; 20_000]).with(|shape| {
        shape.is_scattered = true;
        shape.list_length = Some(2);
    });
    let within = Item::file("within", b"in the ICB").with(|shape| shape.form = Form::Inline);
    let parts = vec![Part::Bytes(vec![1; 2048]), Part::Hole(4096), Part::Unrecorded(2048), Part::Bytes(vec![2; 100])];
    Recipe {
        items: vec![
            Item::file("FIRST.TXT", b"first"),
            Item::directory("SUB", vec![within, scattered, Item::directory("empty", Vec::new())]),
            chained,
            Item::new("holes", What::File(parts)),
            Item::file("empty", b""),
            Item::new("again", What::Link("FIRST.TXT")),
        ],
        ..Recipe::default()
    }
}

#[test]
fn both_list_the_same_of_iso_9660() {
    let image = iso().write().bytes;
    for (kind, _) in TREES {
        let theirs = hadris(&image, kind).unwrap_or_else(|| panic!("hadris refuses {kind:?}"));
        assert!(theirs.len() >= 7, "{theirs:?}");
        assert_eq!(ours(&image, kind), Ok(theirs), "{kind:?}");
    }
}

proptest! {
    /// Bytes changed anywhere: one of the two says so, or they still say the same.
    #[test]
    fn what_both_accept_both_list_the_same(
        which in 0..5_usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let (kind, mut image) = match TREES.get(which) {
            Some((kind, _)) => (*kind, iso().write().bytes),
            None => (TreeKind::Udf, writer::write(&udf()).bytes),
        };
        // Where all is zero there is little to break.
        let places: Vec<usize> = (0..image.len()).filter(|at| image.get(*at) != Some(&0)).collect();
        for (at, byte) in changes {
            if let Some(place) = image.get_mut(*at.get(&places)) {
                *place = byte;
            }
        }
        if let (Some(theirs), Ok(ours)) = (hadris(&image, kind), ours(&image, kind)) {
            prop_assert_eq!(theirs, ours);
        }
    }
}
