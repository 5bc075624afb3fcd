//! What stands on the screen of a terminal while the program works, and when it has ended.
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use nix::pty::{Winsize, openpty};

const PROGRAM: &str = env!("CARGO_BIN_EXE_discwright");
const ROWS: u16 = 24;
const COLUMNS: u16 = 80;

/// What a person saw.
struct Seen {
    /// After each piece that the program wrote, by row.
    screens: Vec<Vec<String>>,
    status: ExitStatus,
}

impl Seen {
    fn last(&self) -> &[String] {
        self.screens.last().unwrap()
    }
}

/// Runs the program on a terminal of its own.
fn on_a_terminal(folder: &Path, arguments: &[&str]) -> Seen {
    let size = Winsize { ws_row: ROWS, ws_col: COLUMNS, ws_xpixel: 0, ws_ypixel: 0 };
    let pty = openpty(&size, None).unwrap();
    let mut command = Command::new(PROGRAM);
    command.args(arguments).current_dir(folder).env("TERM", "xterm").stdin(Stdio::null());
    command.stdout(pty.slave.try_clone().unwrap()).stderr(pty.slave);
    let mut child = command.spawn().unwrap();
    // The terminal ends once nobody has it open for writing.
    drop(command);
    let mut terminal = vt100::Parser::new(ROWS.try_into().unwrap(), COLUMNS.try_into().unwrap(), 0);
    let mut screens = Vec::new();
    let mut from = File::from(pty.master);
    let mut bytes = [0; 4096];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        terminal.process(bytes.get(..count).unwrap());
        screens.push(terminal.screen().rows(0, COLUMNS).map(|row| row.trim_end().to_owned()).collect());
    }
    Seen { screens, status: child.wait().unwrap() }
}

/// Takes two seconds to read.
fn disc(folder: &Path, more: &str) {
    let text = "synthetic = { sectors = 4000 }\nmedium = 'cd-rom'\nspeed = 4000\nspin_up = 0.0\n";
    fs::write(folder.join("disc.toml"), format!("{text}{more}")).unwrap();
}

fn is_progress(row: &str) -> bool {
    row.trim_start().split_once('%').is_some_and(|(number, _)| number.parse::<u8>().is_ok())
}

#[test]
fn a_rip_shows_one_line_that_is_gone_in_the_end() {
    let folder = tempfile::tempdir().unwrap();
    disc(folder.path(), "");
    let seen = on_a_terminal(folder.path(), &["rip", "virtual:disc.toml", "disc.iso", "--hash", "crc32"]);
    assert_eq!(seen.status.code(), Some(0));
    let shown = |rows: &[String]| rows.iter().filter(|row| is_progress(row)).count();
    assert!(seen.screens.iter().any(|rows| shown(rows) == 1), "{:?}", seen.screens);
    assert!(seen.screens.iter().all(|rows| shown(rows) <= 1), "{:?}", seen.screens);
    let with_speed = |row: &String| is_progress(row) && row.contains("/8.1 MB") && row.contains("MB/s");
    assert!(seen.screens.iter().any(|rows| rows.iter().any(with_speed)), "{:?}", seen.screens);
    let rows = seen.last();
    assert_eq!(rows.first().unwrap(), "disc        cd-rom, complete, 1 session, 1 track");
    let words: Vec<&str> =
        rows.iter().filter_map(|row| row.split("  ").next()).filter(|word| !word.is_empty()).collect();
    assert_eq!(words, ["disc", "drive", "size", "image", "read", "crc32", "raw crc32", "time", "warning"]);
}

#[test]
fn what_is_told_on_the_way_stands_above_the_line() {
    let folder = tempfile::tempdir().unwrap();
    disc(folder.path(), "[[fault]]\nkind = 'unreadable'\nsectors = [1000]\n");
    let seen = on_a_terminal(folder.path(), &["rip", "virtual:disc.toml", "disc.iso", "--hash", "crc32"]);
    assert_eq!(seen.status.code(), Some(1));
    let is_told = |row: &String| row.starts_with("sector 1000 cannot be read");
    let above = |rows: &Vec<String>| {
        let told = rows.iter().position(is_told);
        told.is_some_and(|told| rows.get(told + 1).is_some_and(|row| is_progress(row)))
    };
    assert!(seen.screens.iter().any(above), "{:?}", seen.screens);
    let rows = seen.last();
    assert!(!rows.iter().any(|row| is_progress(row)), "{rows:?}");
    assert_eq!(rows.iter().filter(|row| is_told(row)).count(), 1, "{rows:?}");
    assert!(rows.iter().any(|row| row.starts_with("the same command tries again")), "{rows:?}");
}

#[test]
fn an_error_stands_below_the_line_that_tells_how_far_things_got() {
    let folder = tempfile::tempdir().unwrap();
    disc(folder.path(), "[[fault]]\nkind = 'gone'\nat = 2000\n");
    let seen = on_a_terminal(folder.path(), &["rip", "virtual:disc.toml", "disc.iso", "--hash", "crc32"]);
    assert_eq!(seen.status.code(), Some(4));
    let rows = seen.last();
    let error = rows.iter().position(|row| row.starts_with("error: virtual:disc.toml: the drive is gone")).unwrap();
    assert!(error > 0 && is_progress(rows.get(error - 1).unwrap()), "{rows:?}");
    assert!(rows.get(error + 1).unwrap().starts_with("hint: "), "{rows:?}");
    assert_eq!(rows.iter().filter(|row| is_progress(row)).count(), 1, "{rows:?}");
}

/// Runs a line of shell in a session of its own, on the terminal that belongs to it, where `answer` is typed; what was
/// told, and the exit status.
fn in_a_session_with_a_terminal(folder: &Path, line: &str, answer: &str) -> (String, Option<i32>) {
    use std::io::Write;
    let pty = openpty(None, None).unwrap();
    let mut command = Command::new("setsid");
    command.args(["-c", "sh", "-c", line]).current_dir(folder).env("PROGRAM", PROGRAM).env("XDG_STATE_HOME", folder);
    command.stdin(pty.slave.try_clone().unwrap()).stdout(pty.slave.try_clone().unwrap()).stderr(pty.slave);
    let mut child = command.spawn().unwrap();
    drop(command);
    let mut terminal = File::from(pty.master);
    let (mut seen, mut bytes, mut answered) = (String::new(), [0; 4096], false);
    while let Ok(count @ 1..) = terminal.read(&mut bytes) {
        seen.push_str(&String::from_utf8_lossy(bytes.get(..count).unwrap()));
        if seen.contains("[y/N]") && !answered {
            answered = true;
            terminal.write_all(answer.as_bytes()).unwrap();
        }
    }
    (seen, child.wait().unwrap().code())
}

#[test]
fn where_the_image_comes_by_standard_input_the_answer_comes_from_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("blank.toml"), "medium = 'dvd+r'\nrecording = 'burnt.img'\n").unwrap();
    fs::write(folder.path().join("image"), vec![0x5A; 40_000]).unwrap();
    let burn = "cat image | $PROGRAM burn - virtual:blank.toml";
    let (seen, status) = in_a_session_with_a_terminal(folder.path(), burn, "n\n");
    assert_eq!(status, Some(5), "{seen}");
    assert!(seen.contains("Burn it? [y/N]") && !folder.path().join("burnt.img").exists(), "{seen}");
    // Also where nobody would see the question on standard error.
    let quiet = format!("{burn} 2>errors");
    let (seen, status) = in_a_session_with_a_terminal(folder.path(), &quiet, "y\n");
    assert_eq!(status, Some(0), "{seen}");
    assert!(seen.contains("every byte is the image's"), "{seen}");
}

#[test]
fn without_a_terminal_an_image_from_standard_input_is_not_burnt() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("blank.toml"), "medium = 'dvd+r'\nrecording = 'burnt.img'\n").unwrap();
    fs::write(folder.path().join("image"), vec![0x5A; 40_000]).unwrap();
    let mut command = Command::new("setsid");
    command.args([PROGRAM, "burn", "-", "virtual:blank.toml"]).current_dir(folder.path());
    let image = File::open(folder.path().join("image")).unwrap();
    let output = command.stdin(image).output().unwrap();
    assert_eq!(output.status.code(), Some(5), "{output:?}");
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("there is no terminal to ask on"), "{told}");
    assert!(!folder.path().join("burnt.img").exists());
}

#[test]
fn ctrl_c_is_an_answer() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("blank.toml"), "medium = 'bd-re'\nrecording = 'burnt.img'\n").unwrap();
    fs::write(folder.path().join("image"), vec![0x5A; 40_000]).unwrap();
    for line in ["burn image virtual:blank.toml", "format virtual:blank.toml"] {
        let (seen, status) =
            in_a_session_with_a_terminal(folder.path(), &format!("trap : INT; $PROGRAM {line}; exit $?"), "\u{3}");
        assert_eq!(status, Some(130), "{seen}");
        assert!(!folder.path().join("burnt.img").exists(), "{seen}");
    }
}
