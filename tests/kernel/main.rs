//! Checks in a real kernel, with drives that a third party serves: `cargo test --test kernel`.
//!
//! One boot serves them all. Each test here is the script of its name in `guest/check/`, and they run in this order.
#![allow(clippy::unwrap_used, reason = "a test may")]

mod discs;
mod machine;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

macro_rules! checks {
    ($($name:ident)*) => {
        const CHECKS: &[&str] = &[$(stringify!($name)),*];
        $(#[test] fn $name() { machine::assert_passed(stringify!($name)); })*
    };
}

checks! {
    the_kernel_sees_each_drive_by_both_nodes
    dd_reads_the_backing_file
    every_drive_is_listed
    info_tells_what_is_on_the_disc
    a_recorded_drive_is_played_back
}

#[test]
fn every_script_is_a_test() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kernel/guest/check");
    let scripts: BTreeSet<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(scripts, CHECKS.iter().map(|name| (*name).to_owned()).collect());
}
