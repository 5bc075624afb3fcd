//! What the fuzzers found interesting, through the same functions once more.
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use discwright::filesystem::VolumeKind;
use discwright::fuzzing::{TARGETS, looked_at};

fn entries(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(folder);
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

fn names(folder: &str) -> BTreeSet<String> {
    entries(folder).iter().map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

#[test]
fn every_target_has_a_fuzzer_and_a_corpus() {
    let targets: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names("fuzz_targets"), targets);
    assert_eq!(names("corpus"), targets);
}

#[test]
fn the_corpus_holds_nothing_that_panics() {
    for (name, target) in TARGETS {
        let mut files = entries(&format!("corpus/{name}"));
        files.sort();
        assert!(!files.is_empty(), "the corpus of {name} is empty");
        for path in files {
            // Captured, and shown with the panic.
            println!("{}", path.display());
            target(&fs::read(&path).unwrap());
        }
    }
}

#[test]
fn a_few_bytes_are_a_disc_with_three_filesystems() {
    let path = entries("corpus/first_look").into_iter().find(|path| path.ends_with("bridge")).unwrap();
    let found = looked_at(&fs::read(path).unwrap());
    let has = |wanted: fn(&VolumeKind) -> bool| found.volumes.iter().any(|volume| wanted(&volume.kind));
    assert!(has(|kind| matches!(kind, VolumeKind::Iso9660 { .. })), "{found:?}");
    assert!(has(|kind| matches!(kind, VolumeKind::Joliet { .. })), "{found:?}");
    assert!(has(|kind| matches!(kind, VolumeKind::Udf { .. })), "{found:?}");
    assert_eq!(found.problems, []);
}

#[test]
fn the_corpus_is_small() {
    let sizes = TARGETS.iter().flat_map(|(name, _)| entries(&format!("corpus/{name}"))).map(|path| {
        let bytes = fs::metadata(&path).unwrap().len();
        assert!(bytes <= 16 << 10, "{} has {bytes} bytes", path.display());
        bytes
    });
    assert!(sizes.sum::<u64>() <= 600_000);
}
