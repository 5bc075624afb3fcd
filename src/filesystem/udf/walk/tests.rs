mod faults;

use super::super::writer::{Form, Item, Layout, Part, Recipe, Role, Shape, VirtualTable, What, Written, write};
use crate::filesystem::content::{self, Content, Part as Piece, Sectors};
use crate::filesystem::{
    Finding, Image, NodeKind, Options, Origin, Rule, Scope, Severity, StructureKind, Tree, TreeKind,
};
use proptest::prelude::*;

fn judged(bytes: &[u8], scope: Scope) -> Image {
    Image::read(&mut &*bytes, bytes.len() as u64, &Options { scope, ..Options::default() })
}

/// Of this part: the rules on files, reading, and tags. The writer counts deleted names, so that U08 is not among them.
fn found(image: &Image) -> Vec<(Rule, Severity, u64)> {
    let is_ours = |rule: Rule| {
        let ours = [
            Rule::U03,
            Rule::U09,
            Rule::U10,
            Rule::U11,
            Rule::U12,
            Rule::U14,
            Rule::U16,
            Rule::U17,
            Rule::U18,
            Rule::U19,
            Rule::U21,
        ];
        ours.contains(&rule) || rule.id().starts_with('S')
    };
    let ours = image.findings.iter().filter(|finding| is_ours(finding.rule));
    ours.map(|finding| (finding.rule, finding.severity, finding.at.unwrap_or(0))).collect()
}

fn tree(image: &Image) -> &Tree {
    image.tree(Some(TreeKind::Udf)).expect("a tree")
}

/// All content of a file, lost bytes as '?'.
fn content(bytes: &[u8], tree: &Tree, path: &str) -> Vec<u8> {
    let id = tree.find(path.as_bytes()).unwrap_or_else(|| panic!("no {path}"));
    let mut source = bytes;
    let mut from = Sectors::new(&mut source, bytes.len() as u64);
    let mut content = Content::of(tree, id);
    let mut all = Vec::new();
    let mut buffer = vec![0; content::LEAST_BUFFER];
    while let Some(part) = content.part_at(all.len() as u64, &mut from, &mut buffer).unwrap() {
        match part {
            Piece::Bytes(count) => all.extend_from_slice(&buffer[..count]),
            Piece::Zeros(count) => all.resize(all.len() + usize::try_from(count).unwrap(), 0),
            Piece::Lost { length, .. } => all.resize(all.len() + usize::try_from(length).unwrap(), b'?'),
        }
    }
    all
}

fn noise(length: usize, seed: u8) -> Vec<u8> {
    (0_u8..=250).cycle().take(length).map(|byte| byte ^ seed).collect()
}

fn scattered(shape: &mut Shape) {
    (shape.is_scattered, shape.list_length) = (true, Some(3));
}

/// One of everything.
fn zoo() -> Vec<Item> {
    let holes = What::File(vec![
        Part::Bytes(noise(4096, 1)),
        Part::Hole(8192),
        Part::Unrecorded(4096),
        Part::Bytes(noise(100, 2)),
    ]);
    let up: &[u8] = &[3, 0, 0, 0, 5, 4, 0, 0, 8, b'a', b'b', b'c'];
    vec![
        Item::file("LONG.BIN", &noise(5000, 3)),
        Item::file("EXTENDED.BIN", &noise(5000, 4)).with(|shape| shape.is_extended_entry = true),
        Item::file("INLINE.TXT", b"inside").with(|shape| shape.form = Form::Inline),
        Item::file("EMPTY", b""),
        Item::file("LISTS.BIN", &noise(50_000, 5)).with(scattered),
        Item::new("HOLES.BIN", holes),
        Item::file("OLD.BIN", &noise(3000, 6)).with(|shape| shape.older_entries = Some(3)),
        Item::file("Grüße ★ 😀.txt", b"hello"),
        Item::file("GONE", b"").with(|shape| shape.name_flags = 4),
        Item::file("HIDDEN", b"seen").with(|shape| shape.name_flags = 1),
        Item::file("FILM.VOB", b"now").with(|shape| shape.file_type = Some(249)),
        Item::new("LINK", What::Symlink(up.to_vec())),
        Item::new("DISK", What::BlockDevice(8, 1)),
        Item::new("TTY", What::CharacterDevice(4, 64)),
        Item::new("PIPE", What::Fifo),
        Item::new("SOCKET", What::Socket),
        Item::directory(
            "SUB",
            vec![
                Item::file("A.BIN", &noise(2048, 7)),
                Item::directory("DEEP", (0..80).map(|n| Item::file(&format!("FILE{n:03}"), &noise(n, 8))).collect()),
                Item::directory("INSIDE", vec![Item::file("B", b"two")]).with(|shape| shape.form = Form::Inline),
                Item::directory("SCATTERED", (0..120).map(|n| Item::file(&format!("F{n}"), b"x")).collect())
                    .with(scattered),
            ],
        ),
        Item::new("AGAIN.BIN", What::Link("LONG.BIN")),
        Item::file("STREAMS", b"main").with(|shape| {
            (shape.is_extended_entry, shape.streams) = (true, vec![Item::file("side", &noise(3000, 9))]);
        }),
    ]
}

fn layouts() -> Vec<Recipe> {
    let base = |layout, revision| Recipe { layout, revision, items: zoo(), ..Recipe::default() };
    let table = |table, sessions| Layout::Virtual { table, sessions };
    vec![
        base(Layout::Physical, 0x0201),
        Recipe { has_bitmap: true, spare_blocks: 50, has_system_streams: true, ..base(Layout::Physical, 0x0201) },
        base(Layout::Physical, 0x0102),
        base(table(VirtualTable::Revision150, 1), 0x0150),
        base(table(VirtualTable::Revision200, 3), 0x0201),
        base(Layout::Sparable { packet_blocks: 16, spared: vec![0, 1, 3] }, 0x0201),
        base(Layout::Metadata { is_duplicated: true }, 0x0250),
        Recipe { has_bitmap: true, ..base(Layout::Metadata { is_duplicated: false }, 0x0260) },
    ]
}

#[test]
fn every_kind_of_file_is_read_from_every_kind_of_partition_and_block_size() {
    for block_bytes in [512, 1024, 2048, 4096] {
        for recipe in layouts() {
            let recipe = Recipe { block_bytes, ..recipe };
            let written = write(&recipe);
            for scope in [Scope::Names, Scope::Judge] {
                let image = judged(&written.bytes, scope);
                let of = format!("{block_bytes} {:?} {:04X}", recipe.layout, recipe.revision);
                assert_eq!(found(&image), [], "{of}: {:?}", image.findings);
                everything_is_there(&written.bytes, tree(&image), &of);
            }
        }
    }
}

fn everything_is_there(bytes: &[u8], tree: &Tree, of: &str) {
    let read = |path: &str| content(bytes, tree, path);
    let node = |path: &str| tree.node(tree.find(path.as_bytes()).unwrap_or_else(|| panic!("{of}: no {path}")));
    assert_eq!(read("LONG.BIN"), noise(5000, 3), "{of}");
    assert_eq!(read("EXTENDED.BIN"), noise(5000, 4), "{of}");
    assert_eq!(read("INLINE.TXT"), b"inside", "{of}");
    assert_eq!(read("EMPTY"), b"", "{of}");
    assert_eq!(read("LISTS.BIN"), noise(50_000, 5), "{of}");
    assert_eq!(read("HOLES.BIN"), [noise(4096, 1), vec![0; 12_288], noise(100, 2)].concat(), "{of}");
    assert_eq!(read("OLD.BIN"), noise(3000, 6), "{of}");
    assert_eq!((node("OLD.BIN").size, node("OLD.BIN").posix.unwrap().links), (3000, 1));
    assert_eq!(read("Grüße ★ 😀.txt"), b"hello", "{of}");
    assert_eq!(read("HIDDEN"), b"seen", "{of}");
    assert_eq!(read("FILM.VOB"), b"now", "{of}");
    assert_eq!(tree.find(b"GONE"), None, "{of}");
    assert_eq!(tree.target(tree.find(b"LINK").unwrap()), Some(b"../abc".as_slice()), "{of}");
    let kinds = ["DISK", "TTY", "PIPE", "SOCKET", "LINK", "SUB"].map(|path| node(path).kind);
    use NodeKind as Kind;
    let expected = [Kind::BlockDevice, Kind::CharacterDevice, Kind::Fifo, Kind::Socket, Kind::Symlink, Kind::Directory];
    assert_eq!(kinds, expected, "{of}");
    for n in 0..80 {
        assert_eq!(read(&format!("SUB/DEEP/FILE{n:03}")), noise(n, 8), "{of}");
    }
    assert_eq!(read("SUB/INSIDE/B"), b"two", "{of}");
    assert_eq!(tree.children(tree.find(b"SUB/SCATTERED").unwrap()).count(), 120, "{of}");
    let [first, second] = ["LONG.BIN", "AGAIN.BIN"].map(|path| tree.find(path.as_bytes()).unwrap());
    assert_eq!(read("AGAIN.BIN"), noise(5000, 3), "{of}");
    assert!(tree.file_number(first).is_some() && tree.file_number(first) == tree.file_number(second), "{of}");
    let file = node("LONG.BIN");
    assert_eq!(file.modified.unwrap().to_string(), "2024-02-29T12:34:56Z", "{of}");
    let posix = file.posix.unwrap();
    assert_eq!((posix.uid, posix.gid, posix.mode, posix.links), (Some(1000), Some(100), 0o555, 2), "{of}");
    assert_eq!(tree.ids().count(), 224, "{of}");
    assert!(tree.ids().all(|id| !tree.node(id).is_damaged), "{of}");
}

#[test]
fn each_byte_that_was_written_has_its_owner() {
    for recipe in layouts() {
        let written = write(&recipe);
        let image = judged(&written.bytes, Scope::Judge);
        let has_structure = |at: u64, kinds: &[StructureKind]| {
            image.structures.iter().any(|structure| {
                kinds.contains(&structure.kind) && structure.start <= at && at < structure.start + structure.length
            })
        };
        for place in &written.places {
            let (at, of) = (place.start as u64, &place.of);
            // Older entries and mirrors are nobody's of a tree.
            match place.role {
                Role::Entry if of == "GONE" => {}
                Role::Entry => assert!(has_structure(at, &[StructureKind::FileEntry]), "{place:?}"),
                Role::List => assert!(
                    has_structure(at, &[StructureKind::FileEntry, StructureKind::AllocationExtent]),
                    "{place:?}"
                ),
                Role::Content if of.contains(':') => {
                    assert!(has_structure(at, &[StructureKind::SystemStream]), "{place:?}");
                }
                Role::Content if of == "GONE" => {}
                Role::Content => {
                    let tree = tree(&image);
                    let id = tree.find(of.as_bytes()).unwrap_or_else(|| panic!("{of}"));
                    let is_inside = |extent: &&crate::filesystem::Extent| extent.start <= at && at < extent.end();
                    assert!(tree.extents(id).iter().any(|extent| is_inside(&extent)), "{place:?}");
                }
                Role::Structure => {}
            }
        }
    }
}

fn plain() -> Recipe {
    let items = vec![
        Item::file("A.BIN", &noise(5000, 1)),
        Item::directory("SUB", vec![Item::file("B.BIN", &noise(3000, 2))]),
        Item::file("C.BIN", &noise(9000, 3)).with(scattered),
        Item::file("I.TXT", b"inside").with(|shape| shape.form = Form::Inline),
    ];
    Recipe { items, ..Recipe::default() }
}

/// Byte of a name in a directory, by its place there.
fn name_at(written: &Written, directory: &str, index: usize) -> usize {
    let mut at = written.content(directory);
    for _ in 0..index {
        let use_bytes = usize::from(u16::from_le_bytes([written.bytes[at + 36], written.bytes[at + 37]]));
        at += (38 + use_bytes + usize::from(written.bytes[at + 19])).next_multiple_of(4);
    }
    at
}

#[test]
fn files_that_share_a_part_of_their_blocks_are_told() {
    let mut written = write(&plain());
    let (a, b) = (written.entry("A.BIN"), written.entry("SUB/B.BIN"));
    let block = written.bytes[a + 180..a + 184].to_vec();
    written.edit(b, 180, &block);
    let image = judged(&written.bytes, Scope::Judge);
    let told: Vec<_> = image.findings.iter().filter(|finding| finding.rule == Rule::U11).collect();
    assert_eq!((told.len(), told[0].severity), (1, Severity::Error));
    // Of the same length it is a copy.
    let mut written = write(&plain());
    let length = written.bytes[a + 176..a + 184].to_vec();
    written.edit(b, 176, &length);
    written.edit(b, 56, &5000_u64.to_le_bytes());
    written.edit(b, 64, &3_u64.to_le_bytes());
    let image = judged(&written.bytes, Scope::Judge);
    assert_eq!(found(&image), [(Rule::U11, Severity::Info, b as u64)]);
    assert_eq!(image.findings[0].path.as_deref(), Some(b"SUB/B.BIN".as_slice()));
}

#[test]
fn a_directory_that_leads_back_to_the_root_is_left_there() {
    let mut written = write(&plain());
    let (name, parent) = (name_at(&written, "", 2), name_at(&written, "", 0));
    let root = written.bytes[parent + 20..parent + 36].to_vec();
    written.edit(name, 20, &root);
    for scope in [Scope::Names, Scope::Judge] {
        let image = judged(&written.bytes, scope);
        assert!(found(&image).iter().any(|(rule, severity, _)| (*rule, *severity) == (Rule::U10, Severity::Error)));
        assert_eq!(tree(&image).ids().count(), 5);
    }
}

#[test]
fn entries_and_lists_that_lead_to_themselves_end() {
    let chained = Item::file("A", b"one").with(|shape| shape.older_entries = Some(1));
    let mut written = write(&Recipe { items: vec![chained], ..Recipe::default() });
    let first =
        written.places.iter().find(|place| (place.of.as_str(), place.role) == ("A", Role::Entry)).unwrap().start;
    let indirect = written.place("A", Role::List).start;
    let location = written.bytes[first + 12..first + 16].to_vec();
    written.edit(indirect, 40, &location);
    assert!(found(&judged(&written.bytes, Scope::Judge)).contains(&(Rule::U09, Severity::Error, first as u64)));

    let mut written = write(&plain());
    let list = written.place("C.BIN", Role::List).start;
    let location = written.bytes[list + 12..list + 16].to_vec();
    // One extent, and then itself.
    written.bytes[list + 24 + 16..list + 24 + 20].copy_from_slice(&(2048_u32 | 3 << 30).to_le_bytes());
    written.bytes[list + 24 + 20..list + 24 + 24].copy_from_slice(&location);
    let entry = written.entry("C.BIN");
    assert!(found(&judged(&written.bytes, Scope::Judge)).contains(&(Rule::U09, Severity::Error, entry as u64)));
}

#[test]
fn extended_attributes_are_judged() {
    // Some implementation's, of 12 bytes and nothing behind them.
    let attribute = [0, 8, 0, 0, 1, 0, 0, 0, 12, 0, 0, 0].to_vec();
    let recipe = Recipe {
        items: vec![Item::file("A", b"one").with(|shape| shape.attributes = attribute.clone())],
        ..Recipe::default()
    };
    assert_eq!(found(&judged(&write(&recipe).bytes, Scope::Judge)), []);
    for (offset, value) in [(0, 5), (4, 1), (16, 200), (24 + 8, 99), (24 + 8, 3)] {
        let mut written = write(&recipe);
        let at = written.entry("A");
        written.edit(at, 176 + offset, &[value]);
        let told = found(&judged(&written.bytes, Scope::Judge));
        assert_eq!(told, [(Rule::U14, Severity::Warning, at as u64)], "{offset}");
    }
}

#[test]
fn streams_are_judged() {
    let streams = vec![Item::file("side", &noise(3000, 9))];
    let item = Item::file("A", b"main").with(|shape| (shape.is_extended_entry, shape.streams) = (true, streams));
    let recipe = Recipe { items: vec![item], has_system_streams: true, ..Recipe::default() };
    assert_eq!(found(&judged(&write(&recipe).bytes, Scope::Judge)), []);
    let type_of_directory = |w: &mut Written, of: &str| {
        let at = w.entry(of);
        w.edit(at, 27, &[5]);
        at
    };
    for of in ["A:", ":system"] {
        let mut written = write(&recipe);
        let at = type_of_directory(&mut written, of) as u64;
        assert_eq!(found(&judged(&written.bytes, Scope::Judge)), [(Rule::U21, Severity::Warning, at)]);
    }
    let mut written = write(&recipe);
    let at = written.entry("A:/side");
    written.edit(at, 56, &[0, 0x40]);
    assert_eq!(found(&judged(&written.bytes, Scope::Judge)), [(Rule::U21, Severity::Warning, at as u64)]);
}

#[test]
fn a_name_that_is_lost_hides_no_other() {
    let items = (0..60).map(|n| Item::file(&format!("F{n:02}"), &[n; 10])).collect();
    let mut written = write(&Recipe { items, ..Recipe::default() });
    let at = name_at(&written, "", 10);
    written.bytes[at..at + 100].fill(0x55);
    let image = judged(&written.bytes, Scope::Judge);
    let tree = tree(&image);
    assert_eq!(tree.children(Tree::ROOT).count(), 57);
    assert!(tree.node(Tree::ROOT).is_damaged);
    assert_eq!(content(&written.bytes, tree, "F59"), [59; 10]);
    assert_eq!(found(&image), [(Rule::U10, Severity::Error, at as u64)]);
}

#[test]
fn what_the_metadata_file_has_lost_its_mirror_has() {
    let recipe = Recipe { layout: Layout::Metadata { is_duplicated: true }, revision: 0x0250, ..plain() };
    let mut written = write(&recipe);
    let at = written.entry("A.BIN");
    written.bytes[at + 60] ^= 0xFF;
    let image = judged(&written.bytes, Scope::Names);
    assert_eq!(found(&image), [(Rule::U16, Severity::Warning, at as u64)]);
    assert_eq!(content(&written.bytes, tree(&image), "A.BIN"), noise(5000, 1));
}

#[test]
fn a_cut_image_says_which_files_it_cuts() {
    let mut written = write(&Recipe { spare_blocks: 20, last_anchor: false, ..plain() });
    // Three blocks at the partition's end, of which the cut leaves 1000 bytes.
    let end = written.bytes.len() / 2048 * 2048;
    let block = u32::try_from(end / 2048 - 257 - 3).unwrap();
    let entry = written.entry("A.BIN");
    written.edit(entry, 180, &block.to_le_bytes());
    written.bytes.truncate(end - 3 * 2048 + 1000);
    let image = judged(&written.bytes, Scope::Judge);
    let beyond: Vec<&Finding> = image.findings.iter().filter(|finding| finding.rule == Rule::U09).collect();
    assert_eq!(beyond.len(), 1, "{:?}", image.findings);
    assert_eq!((beyond[0].origin, beyond[0].path.as_deref()), (Origin::Truncation, Some(b"A.BIN".as_slice())));
    assert!(beyond[0].text.contains(" 4000 bytes"), "{}", beyond[0].text);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_flipped_bytes_and_no_cut_make_it_stop(
        layout in 0_usize..8,
        flips in proptest::collection::vec((any::<prop::sample::Index>(), 0_usize..300, any::<u8>(), any::<bool>()), 1..8),
        cut in 0_usize..100,
    ) {
        let mut written = write(&layouts()[layout]);
        let places: Vec<usize> = written
            .places
            .iter()
            .filter(|place| place.role != Role::Structure)
            .map(|place| place.start)
            .collect();
        for (index, offset, value, is_sealed) in flips {
            let at = *index.get(&places);
            if at + offset >= written.bytes.len() {
                continue;
            }
            written.bytes[at + offset] = value;
            let length = usize::from(u16::from_le_bytes([written.bytes[at + 10], written.bytes[at + 11]]));
            if is_sealed && offset >= 16 && at + 16 + length <= written.bytes.len() {
                super::super::writer::emit::seal(&mut written.bytes, at);
            }
        }
        let length = written.bytes.len().saturating_sub(cut * 512);
        written.bytes.truncate(length);
        for scope in [Scope::Names, Scope::Judge] {
            judged(&written.bytes, scope);
        }
    }
}
