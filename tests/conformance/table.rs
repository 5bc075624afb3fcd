//! This module knows the form of the tables. `README.md` tells it.

use std::fs;
use std::path::PathBuf;

use super::row::Row;

/// A disc file, and what is done with its disc.
pub struct DiscTable {
    pub name: String,
    pub file: String,
    pub rows: Vec<Row>,
}

/// Rows that hold of any disc that is ready.
const COMMON: &str = "common";

pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/conformance")
}

/// Of all tables of discs.
pub fn names() -> Vec<String> {
    let files = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let tables = files.filter(|path| path.extension().is_some_and(|extension| extension == "table"));
    let mut names: Vec<String> = tables.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    names.retain(|name| name != COMMON);
    names.sort_unstable();
    names
}

pub fn read(name: &str) -> Vec<DiscTable> {
    parse(name, &text(name))
}

fn text(name: &str) -> String {
    fs::read_to_string(folder().join(format!("{name}.table"))).unwrap()
}

pub fn parse(name: &str, text: &str) -> Vec<DiscTable> {
    let mut discs: Vec<DiscTable> = Vec::new();
    let mut state = String::new();
    for (line, at) in text.lines().zip(1..) {
        let line = line.split(" #").next().unwrap_or(line).trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(disc) = line.strip_prefix("= ") {
            state.clear();
            discs.push(DiscTable { name: disc.to_owned(), file: String::new(), rows: Vec::new() });
            continue;
        }
        let disc = discs.last_mut().unwrap_or_else(|| panic!("{name}:{at}: no disc yet"));
        if let Some(next) = line.strip_prefix("- ") {
            state = format!("{}, {next}", disc.name);
        } else if line == "@common" {
            for (line, at) in self::text(COMMON).lines().zip(1..).filter(|(line, _)| line.contains('|')) {
                disc.rows.push(Row::parse(line, &format!("{COMMON}:{at}: {state}")));
            }
        } else if state.is_empty() {
            disc.file.push_str(line);
            disc.file.push('\n');
        } else {
            disc.rows.push(Row::parse(line, &format!("{name}:{at}: {state}")));
        }
    }
    discs
}
