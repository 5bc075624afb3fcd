//! What a rip tells a program: on standard output while it works, and in the file beside the image.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn rip(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_discwright")).arg("rip").args(arguments).current_dir(folder).output().unwrap()
}

fn account(folder: &Path, name: &str) -> Value {
    serde_json::from_slice(&fs::read(folder.join(name)).unwrap()).unwrap()
}

#[test]
fn a_rip_that_failed_on_the_way_leaves_its_account() {
    let folder = tempfile::tempdir().unwrap();
    let disc = "synthetic = { sectors = 4000 }\nmedium = 'cd-rom'\nclock = 'simulated'\n";
    let gone = format!("{disc}[[fault]]\nkind = 'gone'\nat = 2000\n");
    fs::write(folder.path().join("disc.toml"), gone).unwrap();
    assert_eq!(rip(folder.path(), &["virtual:disc.toml", "disc.iso"]).status.code(), Some(4));
    let told = account(folder.path(), "disc.iso.json");
    assert_eq!((&told["result"]["status"], &told["result"]["exit"]), (&"failed".into(), &4.into()));
    assert_eq!(told["result"]["output"], "disc.iso.part");
    assert_eq!(told["disc"]["sectors"], 4000);
    assert!(told["result"]["missing_bytes"].as_u64().unwrap() >= 2000 * 2048);

    fs::write(folder.path().join("disc.toml"), disc).unwrap();
    assert_eq!(rip(folder.path(), &["virtual:disc.toml", "disc.iso"]).status.code(), Some(0));
    assert_eq!(account(folder.path(), "disc.iso.json")["result"]["status"], "ok");
}

#[test]
fn no_account_is_none_on_any_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let disc = "synthetic = { sectors = 4000 }\nclock = 'simulated'\n[[fault]]\nkind = 'gone'\nat = 2000\n";
    fs::write(folder.path().join("disc.toml"), disc).unwrap();
    let ended = rip(folder.path(), &["virtual:disc.toml", "disc.iso", "--no-account"]);
    assert_eq!(ended.status.code(), Some(4));
    assert!(!folder.path().join("disc.iso.json").exists());
}

#[test]
fn drive_disc_and_volumes_are_told_before_anything_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let ended = rip(folder.path(), &["demo", "disc.iso", "--json"]);
    let lines = String::from_utf8(ended.stdout).unwrap();
    let events: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let place = |event: &str| events.iter().position(|line| line["event"] == event).unwrap();
    let order = ["start", "drive", "disc", "volume", "progress", "result"].map(place);
    assert!(order.is_sorted() && order[5] == events.len() - 1, "{lines}");
    assert_eq!(events.iter().filter(|line| line["event"] == "disc").count(), 1);
    // The account has what was found out later, too.
    let told = account(folder.path(), "disc.iso.json");
    assert!(told["volumes"].as_array().unwrap().iter().any(|volume| volume["files"] == 2), "{told}");
}
