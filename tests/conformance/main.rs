//! What a drive must answer, as the standard has it: medium by medium, state by state, command by command.
//!
//! The tables beside this file say it, a row a command. Here they are held against the drive in software as the program
//! has it within; `tests/kernel` holds the same ones against the drive that it attaches to a kernel.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may")]

mod door;
mod row;
mod table;

use std::path::Path;
use std::sync::Arc;

use discwright::clock::SimulatedClock;
use discwright::virtual_drive::Scene;

/// Every row of a table, over a drive of its own for each disc.
fn holds(name: &str) {
    let mut wrong = Vec::new();
    let discs = table::read(name);
    assert!(!discs.is_empty(), "{name} has no disc");
    for disc in discs {
        let scene =
            Scene::parse(&disc.file, Path::new("/nowhere")).unwrap_or_else(|error| panic!("{}: {error}", disc.file));
        let mut drive = scene.build(Arc::new(SimulatedClock::new())).unwrap();
        wrong.extend(door::differences(&disc, &mut drive));
    }
    assert!(wrong.is_empty(), "{} rows:\n{}", wrong.len(), wrong.join("\n"));
}

macro_rules! tables {
    ($($test:ident: $name:literal)*) => {
        const TABLES: &[&str] = &[$($name),*];
        $(#[test] fn $test() { holds($name); })*
    };
}

tables! {
    a_drive_without_a_disc: "no-disc"
    a_pressed_disc: "pressed"
    a_cd_r: "cd-r"
    a_cd_rw: "cd-rw"
    a_dvd_r: "dvd-r"
    a_dvd_rw: "dvd-rw"
    a_dvd_ram: "dvd-ram"
    a_dvd_plus_r: "dvd+r"
    a_dvd_plus_rw: "dvd+rw"
    a_bd_r: "bd-r"
    a_bd_re: "bd-re"
}

#[test]
fn every_table_is_a_test() {
    let mut names: Vec<&str> = TABLES.to_vec();
    names.sort_unstable();
    assert_eq!(table::names(), names);
}

#[test]
fn a_row_that_does_not_hold_is_told_with_its_place() {
    let disc =
        table::parse("any", "= a drive without a disc\ntray = \"empty\"\n- empty\nTEST UNIT READY | 00 .. | good\n");
    let scene = Scene::parse(&disc[0].file, Path::new("/nowhere")).unwrap();
    let mut drive = scene.build(Arc::new(SimulatedClock::new())).unwrap();
    let said = door::differences(&disc[0], &mut drive);
    assert_eq!(said, ["any:4: a drive without a disc, empty: TEST UNIT READY: 02h/3ah/01h, not good"]);
}
