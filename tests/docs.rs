//! The examples of the documentation, run as a reader would, each page in an empty folder of its own.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use snapbox::Data;

/// A disc that pages may speak of: 12 of its sectors do not read.
const SCRATCHED: &str =
    "synthetic = { sectors = 3000 }\nmedium = 'dvd-rom'\n[[fault]]\nkind = 'unreadable'\nsectors = ['1000..1012']\n";

/// A blank disc that pages may burn.
const BLANK: &str = "medium = 'dvd+r'\nrecording = 'burnt.img'\n";

/// A command, its exit status, and what it prints; `...` stands for any lines, `[..]` for any text.
struct Example {
    line: usize,
    command: String,
    status: i32,
    output: String,
}

/// The commands after `$` in blocks marked `console`.
fn examples_in(page: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    let mut inside = false;
    for (number, line) in page.lines().enumerate() {
        if line.starts_with("```") {
            inside = line == "```console";
        } else if let (true, Some(command)) = (inside, line.strip_prefix("$ ")) {
            let command = command.to_owned();
            examples.push(Example { line: number + 1, command, status: 0, output: String::new() });
        } else if let (true, Some(example)) = (inside, examples.last_mut()) {
            match line.strip_prefix("? ") {
                Some(status) => example.status = status.parse().unwrap(),
                None => example.output.extend([line, "\n"]),
            }
        }
    }
    examples
}

fn run(page: &Path) -> usize {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("scratched.toml"), SCRATCHED).unwrap();
    fs::write(folder.path().join("blank.toml"), BLANK).unwrap();
    let examples = examples_in(&fs::read_to_string(page).unwrap());
    for example in &examples {
        let mut words = example.command.split_whitespace();
        assert_eq!(words.next(), Some("discwright"), "{}:{}", page.display(), example.line);
        let output = Command::new(env!("CARGO_BIN_EXE_discwright"))
            .args(words)
            .current_dir(folder.path())
            .env_clear()
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let place = format!("{}:{}: {}", page.display(), example.line, example.command);
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(example.status), "{place}\n{told}");
        let printed = String::from_utf8(output.stdout).unwrap();
        let expected = match example.output.trim_end() {
            "" => String::new(),
            lines => format!("{lines}\n"),
        };
        if let Err(difference) = snapbox::Assert::new().try_eq(Some(&place), Data::text(printed), Data::text(expected))
        {
            panic!("{difference}");
        }
    }
    examples.len()
}

#[test]
fn every_example_does_what_its_page_says() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut pages: Vec<PathBuf> = fs::read_dir(root.join("docs")).unwrap().map(|e| e.unwrap().path()).collect();
    pages.push(root.join("README.md"));
    pages.retain(|page| page.extension().is_some_and(|ending| ending == "md"));
    let examples: usize = pages.iter().map(|page| run(page)).sum();
    assert!(examples >= 4, "only {examples} examples were found");
}
