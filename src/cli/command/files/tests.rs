use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::cli::exit::Exit;
use crate::cli::run::tests::{Said, said};
use crate::filesystem::iso9660::writer::{Disc, Part, noise};
use crate::filesystem::udf::writer::{Item, Recipe, write as write_udf};
use crate::sector::SECTOR_BYTES;

/// Where the second session of a CD begins, whose first one has 408 sectors.
const SECOND: u32 = 408 + 11_400;

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A disc with a file in each of its two sessions; the second one has both.
fn two_sessions() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut first = Disc::plain();
    first.items.clear();
    first.file("ONE.TXT", b"the first".to_vec());
    let mut second = first.clone();
    second.file("TWO.TXT", b"the second".to_vec());
    second.start = SECOND;
    let mut bytes = first.write().bytes;
    bytes.resize(SECOND as usize * SECTOR_BYTES, 0);
    bytes.extend_from_slice(&second.write().bytes[SECOND as usize * SECTOR_BYTES..]);
    fs::write(folder.path().join("disc.iso"), bytes).unwrap();
    let scene = "image = 'disc.iso'\nmedium = 'cd-rom'\nclock = 'simulated'\n\
                 [[track]]\nmode = 'mode1'\nsectors = 408\n\
                 [[track]]\nmode = 'mode1'\nsession = 'new'\nsectors = 600\n";
    fs::write(folder.path().join("disc.toml"), scene).unwrap();
    folder
}

#[test]
fn the_last_session_of_a_disc_is_listed_unless_another_is_asked_for() {
    let folder = two_sessions();
    let disc = format!("virtual:{}", folder.path().join("disc.toml").display());
    let listed = |more: &[&str]| said(&[&["ls", &disc], more].concat());
    assert_eq!(listed(&[]).out, "ONE.TXT\nTWO.TXT\n");
    assert_eq!(listed(&["--session", "2"]).out, "ONE.TXT\nTWO.TXT\n");
    assert_eq!(listed(&["--session", "1"]).out, "ONE.TXT\n");
    let Said { exit, err, .. } = listed(&["--session", "3"]);
    assert_eq!(exit, Exit::Usage);
    assert!(err.contains("disc.toml has 2 sessions, and --session 3 is none of them"), "{err}");
    assert_eq!(said(&["cat", &disc, "TWO.TXT"]).out, "the second");
}

#[test]
fn info_counts_the_files_of_the_last_session_unless_another_is_asked_for() {
    let folder = two_sessions();
    let disc = format!("virtual:{}", folder.path().join("disc.toml").display());
    for source in [&disc, text(&folder.path().join("disc.iso"))] {
        let told = |more: &[&str]| said(&[&["info", source], more].concat());
        let last = told(&[]).out;
        assert!(last.contains("2 files") && last.contains("2 of 2, from sector 11808"), "{last}");
        let first = told(&["--session", "1"]).out;
        assert!(first.contains("1 file\n") && first.contains("1 of 2, from sector 0"), "{first}");
        assert_eq!(told(&["--session", "3"]).exit, Exit::Usage);
    }
}

#[test]
fn the_files_of_udf_come_off_a_drive() {
    let folder = tempfile::tempdir().unwrap();
    let content = noise(300_001, 9);
    let items = vec![Item::file("A.BIN", &content), Item::directory("Dir", vec![Item::file("b.txt", b"inside")])];
    let image = folder.path().join("udf.iso");
    fs::write(&image, write_udf(&Recipe { items, ..Recipe::default() }).bytes).unwrap();
    let disc = folder.path().join("disc.toml");
    fs::write(&disc, "image = 'udf.iso'\nmedium = 'dvd-rom'\nclock = 'simulated'\n").unwrap();
    let drive = format!("virtual:{}", disc.display());
    assert_eq!(said(&["ls", "-R", &drive]).out, "A.BIN\nDir\nDir/b.txt\n");
    assert_eq!(said(&["ls", "-R", &drive]).out, said(&["ls", "-R", text(&image)]).out);
    assert_eq!(said(&["cat", &drive, "Dir/b.txt"]).out, "inside");
    let to = folder.path().join("files");
    let extracted = said(&["extract", &drive, "-C", text(&to)]);
    assert_eq!(extracted.exit, Exit::Ok, "{extracted:?}");
    assert!(fs::read(to.join("A.BIN")).unwrap() == content);
    assert_eq!(fs::read(to.join("Dir/b.txt")).unwrap(), b"inside");
}

#[test]
fn the_files_of_a_macintosh_are_named_as_such() {
    let folder = tempfile::tempdir().unwrap();
    let image = folder.path().join("mac.img");
    for (signature, kind) in [(&b"BD"[..], "HFS"), (b"H+", "HFS+")] {
        let mut bytes = vec![0; 400 * 2048];
        bytes[1024..1026].copy_from_slice(signature);
        // HFS: blocks of 512 bytes, 1000 of them from the 16th sector on; HFS+: version 4, 200 blocks of 4096 bytes.
        match kind {
            "HFS" => {
                bytes[1024 + 18..1024 + 20].copy_from_slice(&1000_u16.to_be_bytes());
                bytes[1024 + 20..1024 + 24].copy_from_slice(&512_u32.to_be_bytes());
                bytes[1024 + 28..1024 + 30].copy_from_slice(&16_u16.to_be_bytes());
                bytes[1024 + 36..1024 + 41].copy_from_slice(b"\x04DISC");
            }
            _ => {
                bytes[1024 + 2..1024 + 4].copy_from_slice(&4_u16.to_be_bytes());
                bytes[1024 + 40..1024 + 44].copy_from_slice(&4096_u32.to_be_bytes());
                bytes[1024 + 44..1024 + 48].copy_from_slice(&200_u32.to_be_bytes());
            }
        }
        fs::write(&image, bytes).unwrap();
        let Said { exit, err, .. } = said(&["ls", text(&image)]);
        assert_eq!(exit, Exit::Damaged);
        assert!(err.contains(&format!("the files of a Macintosh ({kind}), which this program does not list")), "{err}");
    }
}

#[test]
fn a_map_that_lies_elsewhere_counts_in_either_form() {
    let folder = tempfile::tempdir().unwrap();
    let mut disc = Disc::plain();
    disc.file("LOST.TXT", b"all work ".repeat(700));
    let disc = disc.write();
    let lost = disc.start(Part::Primary, "LOST.TXT") / SECTOR_BYTES as u64 + 1;
    let place = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let image = place("disc.iso", &disc.bytes);
    let (start, rest) = (lost * 2048, disc.bytes.len() as u64 - (lost + 1) * 2048);
    let map = format!("0x0 +\n0 {start:#x} +\n{start:#x} 0x800 -\n{:#x} {rest:#x} +\n", start + 2048);
    let list = format!("# as badblocks has it\n{lost}\n");
    for map in [place("elsewhere.map", map.as_bytes()), place("bad.txt", list.as_bytes())] {
        let with_map = |words: &[&str]| said(&[words, &["--map", text(&map)]].concat());
        let cat = with_map(&["cat", text(&image), "LOST.TXT"]);
        assert_eq!(cat.exit, Exit::Damaged);
        assert!(cat.err.contains("lacks 2,048 bytes from byte 2,048 on"), "{cat:?}");
        let to = folder.path().join(format!("of {}", map.file_name().unwrap().display()));
        let extracted = with_map(&["extract", text(&image), "LOST.TXT", "-C", text(&to)]);
        assert_eq!(extracted.exit, Exit::Damaged, "{extracted:?}");
        assert_eq!(with_map(&["ls", text(&image)]).exit, Exit::Ok);
    }
    let whole = said(&["cat", text(&image), "LOST.TXT"]);
    assert_eq!(whole.exit, Exit::Ok);
    assert_eq!(said(&["ls", text(&image), "--map", text(&folder.path().join("none.map"))]).exit, Exit::Unavailable);
    assert_eq!(said(&["ls", text(&image), "--map", text(&image)]).exit, Exit::Usage);
    assert_eq!(said(&["ls", "demo", "--map", text(&image)]).exit, Exit::Usage);
}
