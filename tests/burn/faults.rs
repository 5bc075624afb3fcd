//! Everything that a disc file can have go wrong in a burn, on every kind of disc: what the program says of it, and that
//! it is so. `faults.txt` has it all; `SNAPSHOTS=overwrite` writes it anew, to be read.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use discwright::sector::SECTOR_BYTES;
use serde_json::Value;

use crate::bench::{any_bytes, demo};

/// The name, and the lines in the disc file.
const FAULTS: [(&str, &str); 18] = [
    ("write error", "kind = 'unwritable'\nsectors = [100]"),
    ("write error, told later", "kind = 'unwritable'\nsectors = [100]\nreport = 'later'"),
    ("write error at the end, told later", "kind = 'unwritable'\nsectors = [300]\nreport = 'later'"),
    ("calibration failed", "kind = 'calibration'"),
    ("no room for calibration", "kind = 'calibration'\nsense = '3/73/02'"),
    ("little room for calibration", "kind = 'calibration'\nsense = '1/73/01'"),
    ("underrun", "kind = 'underrun'\nat = 100"),
    ("busy", "kind = 'busy'\nat = 100\nseconds = 20"),
    ("buffer full", "kind = 'busy'\nat = 100\nseconds = 3\nsense = '2/04/08'"),
    ("power lost", "kind = 'power-loss'\nat = 100\nseconds = 8"),
    ("reset", "kind = 'reset'\nat = 100"),
    ("gone", "kind = 'gone'\nat = 100"),
    ("tray opened", "kind = 'tray-opened'\nat = 100"),
    ("parameters changed", "kind = 'unit-attention'\nat = 100\nsense = '6/2a/01'"),
    (IN_A_FILE, "kind = 'miswritten'\nsectors = [1030]"),
    ("last blocks lost", "kind = 'truncated'\ncount = 32"),
    ("nothing recorded", "kind = 'unrecorded'"),
    ("does not read back", "kind = 'unreadable'\nsectors = [100]"),
];
const IN_A_FILE: &str = "wrong sector";

/// With the way of writing, where it is not the usual one.
const MEDIA: [(&str, Option<&str>); 13] = [
    ("cd-r", None),
    ("cd-r", Some("tao")),
    ("cd-rw", None),
    ("dvd-r", None),
    ("dvd-r", Some("sao")),
    ("dvd-r-dl", None),
    ("dvd-rw", None),
    ("dvd-ram", None),
    ("dvd+r", None),
    ("dvd+r-dl", None),
    ("dvd+rw", None),
    ("bd-r", None),
    ("bd-re", None),
];

/// A disc in a folder, with a fault and without.
struct Case<'a> {
    folder: &'a Path,
    mode: Option<&'a str>,
    image: &'a [u8],
    name: String,
}

struct Ended {
    lines: Vec<Value>,
    told: String,
}

impl Ended {
    fn result(&self) -> &Value {
        self.lines.last().unwrap()
    }

    fn exit(&self) -> u64 {
        self.result()["exit"].as_u64().unwrap()
    }
}

impl Case<'_> {
    fn run(&self, arguments: &[&str]) -> Ended {
        let mut command = Command::new(env!("CARGO_BIN_EXE_discwright"));
        command.current_dir(self.folder).env("XDG_STATE_HOME", self.folder);
        let output = command.args(arguments).arg("--json").stdin(Stdio::null()).output().unwrap();
        let lines = String::from_utf8(output.stdout).unwrap();
        let lines = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        Ended { lines, told: String::from_utf8(output.stderr).unwrap() }
    }

    fn burn(&self, disc: &str) -> Ended {
        let disc = format!("virtual:{disc}.toml");
        let mut arguments = vec!["burn", "image.img", &disc, "--yes"];
        arguments.extend(self.mode.into_iter().flat_map(|mode| ["--write-mode", mode]));
        self.run(&arguments)
    }

    /// What is on the disc, as the disc's own file has it.
    fn data(&self) -> Vec<u8> {
        fs::read(self.folder.join("data")).unwrap_or_default()
    }

    fn has_image(&self) -> bool {
        self.data().get(..self.image.len()).is_some_and(|data| *data == *self.image)
    }

    fn account_is_of(&self, ended: &Ended) {
        let mut files = fs::read_dir(self.folder.join("discwright")).unwrap();
        let account: Value = serde_json::from_slice(&fs::read(files.next().unwrap().unwrap().path()).unwrap()).unwrap();
        for key in ["exit", "message", "written", "remains", "differing_sectors", "bad_sectors", "digests"] {
            assert_eq!(account["result"][key], ended.result()[key], "{}: {key} in the account", self.name);
        }
        assert_eq!(account["remains"].is_null(), ended.result()["remains"].is_null(), "{}", self.name);
    }

    /// The sectors that are told to be wrong are those that are.
    fn damage_is_true(&self, ended: &Ended) {
        let told = ended.lines.iter().filter(|line| line["event"] == "damage");
        let told = told.flat_map(|line| {
            let lba = line["lba"].as_u64().unwrap();
            lba..lba + line["sectors"].as_u64().unwrap()
        });
        let data = self.data();
        let sectors =
            self.image.chunks(SECTOR_BYTES).zip(data.chunks(SECTOR_BYTES).map(Some).chain([None].into_iter().cycle()));
        let is_wrong = sectors.map(|(image, data)| data.is_none_or(|data| data[..image.len()] != *image));
        let wrong = (0..).zip(is_wrong).filter(|(_, wrong)| *wrong).map(|(at, _)| at);
        assert_eq!(told.collect::<Vec<u64>>(), wrong.collect::<Vec<u64>>(), "{}", self.name);
    }

    /// What is said of the disc, tried out on a drive without faults.
    fn is_true(&self, ended: &Ended, fault: &str) {
        self.account_is_of(ended);
        let result = ended.result();
        let name = &self.name;
        match (ended.exit(), result["remains"].as_str()) {
            (0, None) => assert!(self.has_image(), "{name}"),
            (1, None) if fault == "does not read back" => assert!(self.has_image(), "{name}"),
            (1, None) => self.damage_is_true(ended),
            (4, Some("blank" | "unwritten" | "partly-overwritten" | "open")) => {
                let again = self.burn("disc");
                assert_eq!(again.exit(), 0, "{name}: {}", again.told);
                assert!(self.has_image(), "{name}");
                let resumes = again.lines.iter().any(|line| line["resumes"].is_u64());
                assert_eq!(resumes, result["remains"] == "open", "{name}");
            }
            (4, Some("torn" | "track")) => {
                let good = ended.told.split("the first ").nth(1).map(|told| told.split(' ').next().unwrap());
                let good = good.map_or(0, |good| good.parse::<usize>().unwrap());
                let good = (good * SECTOR_BYTES).min(self.image.len());
                assert_eq!(self.data()[..good], self.image[..good], "{name}");
                assert_ne!(self.burn("disc").exit(), 0, "{name}");
                assert_eq!(self.run(&["close", "virtual:disc.toml", "--yes"]).exit(), 0, "{name}");
                assert_eq!(self.data()[..good], self.image[..good], "{name}");
            }
            (4, Some("unfinished")) => assert_ne!(self.burn("disc").exit(), 0, "{name}"),
            // The drive is not there to be asked.
            (4, Some("unknown")) => assert!(["gone", "tray opened"].contains(&fault), "{name}"),
            (4, None) => assert!(!self.has_image(), "{name}"),
            other => panic!("{name}: {other:?}: {result}"),
        }
    }
}

fn told_of(medium: &str, mode: Option<&str>, (fault, lines): (&str, &str)) -> String {
    let folder = tempfile::tempdir().unwrap();
    // The last sector is not whole.
    let image = if fault == IN_A_FILE { demo() } else { any_bytes(300 * SECTOR_BYTES + 77) };
    let disc = format!("medium = '{medium}'\nrecording = 'data'\nclock = 'simulated'\n");
    fs::write(folder.path().join("image.img"), &image).unwrap();
    fs::write(folder.path().join("disc.toml"), &disc).unwrap();
    fs::write(folder.path().join("faulty.toml"), format!("{disc}\n[[fault]]\n{lines}\n")).unwrap();
    let name = format!("{fault} on a {medium} {mode:?}");
    let case = Case { folder: folder.path(), mode, image: &image, name };
    let ended = case.burn("faulty");
    let mut text = format!("  {} {}\n", ended.exit(), ended.result()["message"].as_str().unwrap());
    for line in ended.told.lines().filter(|line| line.starts_with("hint: ")) {
        writeln!(text, "    {line}").unwrap();
    }
    for line in ended.lines.iter().filter(|line| line["event"] == "damage") {
        writeln!(text, "    damage: {} from {}, {}", line["sectors"], line["lba"], line["path"]).unwrap();
    }
    case.is_true(&ended, fault);
    text
}

#[test]
fn every_fault_on_every_disc_is_told_as_what_it_is() {
    let all = thread::scope(|scope| {
        let of_each = MEDIA
            .map(|(medium, mode)| scope.spawn(move || FAULTS.map(|fault| (fault.0, told_of(medium, mode, fault)))));
        MEDIA.into_iter().zip(of_each.map(|thread| thread.join().unwrap())).collect::<Vec<_>>()
    });
    let mut table = String::new();
    for (row, (fault, _)) in FAULTS.iter().enumerate() {
        // Discs of which the same is said, in the order in which that comes.
        let mut groups: Vec<(&str, Vec<String>)> = Vec::new();
        let mut known: BTreeMap<&str, usize> = BTreeMap::new();
        for ((medium, mode), told) in &all {
            let text = told[row].1.as_str();
            let group = *known.entry(text).or_insert(groups.len());
            if group == groups.len() {
                groups.push((text, Vec::new()));
            }
            groups[group].1.push(format!("{medium}{}", mode.map(|mode| format!(" ({mode})")).unwrap_or_default()));
        }
        writeln!(table, "{fault}").unwrap();
        for (text, media) in groups {
            writeln!(table, "  {}\n{text}", media.join(", ")).unwrap();
        }
    }
    snapbox::assert_data_eq!(table, snapbox::file!["faults.txt"].raw());
}
