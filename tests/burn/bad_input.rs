//! What cannot be burnt: refused before anything is written, with the reason and with what to do.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::bench::demo;

fn burn(folder: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_discwright"));
    command.current_dir(folder).arg("burn").args(arguments).args(["virtual:disc.toml", "--no-account"]);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("our own program");
    // Who refuses reads nothing.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn with(disc: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("disc.toml"), format!("{disc}\nclock = 'simulated'\n")).unwrap();
    fs::write(folder.path().join("image.iso"), demo()).unwrap();
    folder
}

/// Ends with this status, says all of these words, and leaves nothing on the disc.
fn refuses(disc: &str, arguments: &[&str], status: i32, words: &[&str]) {
    let folder = with(disc);
    let ended = burn(folder.path(), arguments, b"");
    let told = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert_eq!(ended.status.code(), Some(status), "{disc}: {told}");
    for word in words {
        assert!(told.contains(word), "{disc}: no '{word}' in {told}");
    }
    assert!(!folder.path().join("data").exists(), "{disc}: something was recorded");
}

fn blank(medium: &str) -> String {
    format!("medium = '{medium}'\nrecording = 'data'")
}

const IMAGE: [&str; 2] = ["image.iso", "--yes"];

#[test]
fn a_disc_that_takes_no_image_is_told_as_what_it_is() {
    refuses("tray = 'empty'", &IMAGE, 3, &["there is no disc in the drive", "put a disc in"]);
    refuses(&format!("{}\ntray = 'open'", blank("dvd+r")), &IMAGE, 3, &["the tray is open"]);
    let pressed = "image = 'image.iso'\nmedium = 'dvd-rom'";
    refuses(pressed, &IMAGE, 3, &["the disc (dvd-rom) cannot be written", "put a recordable disc in"]);
    let closed = "image = 'image.iso'\nmedium = 'dvd+r'";
    refuses(closed, &IMAGE, 3, &["the disc (dvd+r) is closed", "put another disc in"]);
    let small = format!("{}\ncapacity = 1600", blank("dvd+r"));
    let words = ["3,600 sectors", "room for 1,600", "2,000 too many", "it would fit on a CD of 80 minutes"];
    refuses(&small, &IMAGE, 3, &words);
    // A drive that only reads such discs: nothing of it is current that writes.
    let reader = "image = 'image.iso'\nmedium = 'dvd-r'\nstate = 'open'";
    refuses(reader, &IMAGE, 3, &["the drive does not write this disc (dvd-r)", "use another drive"]);
}

#[test]
fn a_protected_disc_is_told_by_what_protects_it() {
    let protected = |by: &str| format!("{}\nwrite_protection = '{by}'", blank("dvd-ram"));
    let words = ["the disc (dvd-ram) is write-protected by the tab of its cartridge", "slide its tab"];
    refuses(&protected("cartridge"), &IMAGE, 5, &words);
    refuses(&protected("persistent"), &IMAGE, 5, &["the disc (dvd-ram) is write-protected by a mark on it"]);
}

#[test]
fn an_unformatted_disc_is_formatted_by_the_burn_and_that_is_no_fault() {
    for medium in ["dvd-ram", "bd-re", "dvd+rw"] {
        let folder = with(&format!("{}\nstate = 'blank'", blank(medium)));
        let ended = burn(folder.path(), &IMAGE, b"");
        assert_eq!(ended.status.code(), Some(0), "{medium}: {}", String::from_utf8_lossy(&ended.stderr));
    }
}

#[test]
fn what_is_no_image_is_told_as_what_it_is() {
    refuses(&blank("dvd+r"), &["gone.iso", "--yes"], 3, &["cannot open gone.iso"]);
    let folder = with(&blank("dvd+r"));
    fs::write(folder.path().join("nothing.iso"), b"").unwrap();
    let ended = burn(folder.path(), &["nothing.iso", "--yes"], b"");
    assert_eq!(ended.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&ended.stderr).contains("nothing.iso: the image is empty"));
    for (name, magic, what) in [
        ("image.iso.gz", &[0x1F, 0x8B, 8, 0][..], "gzip"),
        ("image.iso.xz", &[0xFD, b'7', b'z', b'X', b'Z', 0][..], "xz"),
        ("image.zip", b"PK\x03\x04\x14\0\0\0", "ZIP"),
        ("image.7z", &[b'7', b'z', 0xBC, 0xAF, 0x27, 0x1C][..], "7z"),
        ("image.iso.zst", &[0x28, 0xB5, 0x2F, 0xFD][..], "Zstandard"),
    ] {
        let mut bytes = vec![0x55; 100_000];
        bytes[..magic.len()].copy_from_slice(magic);
        fs::write(folder.path().join(name), bytes).unwrap();
        // Nobody is there who would say yes all the same.
        let ended = burn(folder.path(), &[name], b"");
        let told = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert_eq!(ended.status.code(), Some(5), "{name}: {told}");
        assert!(told.contains(what) && told.contains("unpack"), "{name}: {told}");
    }
    assert!(!folder.path().join("data").exists());
}

#[test]
fn a_stream_that_ends_early_is_padded_and_closed_and_told() {
    let image = demo();
    let folder = with(&blank("dvd+r"));
    let ended = burn(folder.path(), &["-", "--yes"], &image[..3_000_000]);
    let told = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert_eq!(ended.status.code(), Some(1), "{told}");
    assert!(told.contains("the image ended early: its filesystem has 2,135 sectors more"), "{told}");
    let data = fs::read(folder.path().join("data")).unwrap();
    assert_eq!(data[..3_000_000], image[..3_000_000]);
    assert!(data[3_000_000..].iter().all(|byte| *byte == 0));
    let folder = with(&blank("dvd+r"));
    assert_eq!(burn(folder.path(), &["-", "--yes"], &image).status.code(), Some(0));
}

#[test]
fn a_stream_of_nothing_is_no_fault_of_the_drive() {
    let folder = with(&blank("bd-r"));
    let ended = burn(folder.path(), &["-", "--yes"], b"");
    let told = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert_eq!(ended.status.code(), Some(3), "{told}");
    assert!(told.contains("the image is empty"), "{told}");
}
