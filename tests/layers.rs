//! Who may use whom. The table's twin stands in `docs/architecture.md`.
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const JOBS_MAY_USE: &[&str] =
    &["sector", "bytes", "clock", "checksum", "drive", "filesystem", "image", "pipeline", "event", "reading"];

fn may_use(layer: &str) -> Vec<&'static str> {
    let jobs_and_verify = || [JOBS_MAY_USE, &["verify"]].concat();
    match layer {
        "sector" | "bytes" | "clock" => vec![],
        "checksum" => vec!["sector"],
        "scsi" => vec!["bytes", "clock"],
        "linux" => vec!["scsi", "sector", "clock"],
        "mmc" => vec!["bytes", "scsi", "sector"],
        "drive" => vec!["mmc", "scsi", "sector", "clock"],
        "virtual_drive" => vec!["mmc", "scsi", "bytes", "sector", "clock"],
        "filesystem" => vec!["bytes", "sector", "checksum"],
        "image" => vec!["sector", "linux"],
        "pipeline" => vec!["sector", "clock", "linux"],
        "event" => vec!["sector", "clock", "pipeline", "filesystem"],
        "reading" => vec!["sector", "clock", "drive", "filesystem", "pipeline", "event"],
        "extract" => vec!["sector", "clock", "linux", "filesystem", "pipeline", "event"],
        "verify" => JOBS_MAY_USE.to_vec(),
        "attachment" => vec!["scsi", "mmc", "clock", "linux"],
        "rip" | "burn" => jobs_and_verify(),
        other => panic!("{other} has no row in the table of layers"),
    }
}

fn sources_under(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources_under(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            into.push(path);
        }
    }
}

/// Every `crate::name` that a source mentions, `use crate::{a, b}` included; comments are not sources.
fn crate_paths_in(text: &str) -> BTreeSet<String> {
    let code: String = text.lines().map(|l| l.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let mut found = BTreeSet::new();
    for after in code.split("crate::").skip(1) {
        let group = after.strip_prefix('{').map(|g| g.split("};").next().unwrap_or(g));
        let mut depth = 0;
        let mut items = vec![String::new()];
        for c in group.unwrap_or(after).chars() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 && group.is_some() => items.push(String::new()),
                _ if depth == 0 => items.last_mut().unwrap().push(c),
                _ => {}
            }
            if group.is_none() && !(c.is_alphanumeric() || c == '_') {
                break;
            }
        }
        for item in items {
            let name: String = item.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if !name.is_empty() {
                found.insert(name);
            }
        }
    }
    found
}

fn files_by_layer() -> Vec<(String, PathBuf, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources_under(&src, &mut files);
    files
        .into_iter()
        .map(|path| {
            let first = path.strip_prefix(&src).unwrap().components().next().unwrap();
            let layer = first.as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned();
            let text = fs::read_to_string(&path).unwrap();
            (layer, path, text)
        })
        .collect()
}

#[test]
fn dependencies_point_down() {
    let mut wrong = Vec::new();
    for (layer, path, text) in files_by_layer() {
        if ["cli", "fuzzing", "lib", "main"].contains(&layer.as_str()) {
            continue;
        }
        let allowed = may_use(&layer);
        for used in crate_paths_in(&text) {
            if used != layer && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{}: {layer} must not know {used}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn unsafe_has_one_address() {
    for (layer, path, text) in files_by_layer() {
        let uses = text.lines().any(|l| {
            let code = l.split("//").next().unwrap_or_default();
            code.contains("unsafe {") || code.contains("unsafe fn") || code.contains("unsafe impl")
        });
        assert!(!uses || layer == "linux", "{}: unsafe outside linux/", path.display());
    }
}

#[test]
fn only_the_command_line_uses_the_crates_of_the_terminal() {
    for (layer, path, text) in files_by_layer() {
        if ["cli", "main"].contains(&layer.as_str()) {
            continue;
        }
        for name in ["clap", "indicatif", "jiff", "anstream", "anstyle", "unicode_width"] {
            assert!(!text.contains(&format!("{name}::")), "{}: {name} belongs to cli", path.display());
        }
    }
}

#[test]
fn a_forbidden_use_is_seen() {
    let text =
        "use crate::{\n    drive::{Drive, Other},\n    sector::Lba,\n};\nfn f() { crate::linux::open() } // crate::cli";
    let found: Vec<_> = crate_paths_in(text).into_iter().collect();
    assert_eq!(found, ["drive", "linux", "sector"]);
}
