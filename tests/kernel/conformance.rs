//! This module knows how the tables of `tests/conformance` are held against drives that the guest's kernel has.

#[path = "../conformance/door.rs"]
mod door;
#[path = "../conformance/row.rs"]
mod row;
#[path = "../conformance/table.rs"]
mod table;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use discwright::clock::RealClock;
use discwright::linux::{Access, open_drive};

fn discwright(arguments: &[&str]) -> Output {
    Command::new("discwright").args(["virtual"]).args(arguments).output().unwrap()
}

/// Attaches each disc, sends its rows through the generic node, and takes it away again.
#[test]
#[ignore = "it attaches drives: `an_attached_drive_answers_as_the_standard_has_it` runs it in the guest"]
fn through_the_kernel() {
    let mut wrong = Vec::new();
    // As long as one drive is there, the modules stay.
    assert!(discwright(&["attach", "demo"]).status.success());
    for name in table::names() {
        for disc in table::read(&name) {
            fs::write("disc.toml", &disc.file).unwrap();
            let attached = discwright(&["attach", "disc.toml"]);
            let nodes = String::from_utf8(attached.stdout).unwrap();
            let Some((_, sg)) = nodes.trim().split_once(' ') else {
                panic!("{name}, {}: {}", disc.name, String::from_utf8_lossy(&attached.stderr));
            };
            let mut open = open_drive(Path::new(sg), Access::Record, &RealClock::new()).unwrap();
            wrong.extend(door::differences(&disc, &mut open.transport));
            drop(open);
            let detached = discwright(&["detach", sg]);
            assert!(detached.status.success(), "{}", String::from_utf8_lossy(&detached.stderr));
        }
    }
    assert!(discwright(&["detach", "0"]).status.success());
    assert!(wrong.is_empty(), "{} rows:\n{}", wrong.len(), wrong.join("\n"));
}
