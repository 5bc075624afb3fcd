//! This module knows how all checks are run in one boot of a user-mode Linux kernel, and what came of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use crate::discs::make_iso;

static REPORT: LazyLock<Report> = LazyLock::new(run_all);

/// What each check said, `None` where it passed.
struct Report {
    verdicts: BTreeMap<String, Option<String>>,
    /// Why the guest as a whole ended, where a check has no verdict.
    end: String,
}

pub fn assert_passed(check: &str) {
    match REPORT.verdicts.get(check) {
        Some(None) => {}
        Some(Some(why)) => panic!("{why}"),
        None => panic!("{check} did not run.\n{}", REPORT.end),
    }
}

fn run_all() -> Report {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kernel");
    let discs = Path::new(env!("CARGO_TARGET_TMPDIR")).join("kernel-discs");
    fs::create_dir_all(&discs).unwrap();
    let dvd = make_iso(&discs, "dvd", "KERNEL_TEST", 40_000_123);
    let large = make_iso(&discs, "large", "LARGE_TEST", 300_000_000);

    let output = Command::new(tests.join("boot/uml-run"))
        .args(["--mem", "1536M", "--timeout", "1200"])
        .args(["--drive", &format!("pressed:{}", dvd.display()), "--drive", "empty", "--drive", "blank:dvd+r"])
        .args(["--drive", &format!("pressed:{}", large.display()), "--"])
        // These tests themselves, for what is easier said in Rust than in bash.
        .args(["env", &format!("CHECK_TESTS={}", std::env::current_exe().unwrap().display())])
        .args([&tests.join("guest/run"), Path::new(env!("CARGO_BIN_EXE_discwright")), &dvd, &large])
        .args(crate::CHECKS)
        .output()
        .expect("bash is needed");
    fs::remove_dir_all(discs).unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let end = format!("{}\n{said}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    Report { verdicts: verdicts(&said), end }
}

/// From lines `ok NAME SECONDS` and `not ok NAME SECONDS`; the lines after the latter, indented, say why.
fn verdicts(said: &str) -> BTreeMap<String, Option<String>> {
    let mut verdicts: BTreeMap<String, Option<String>> = BTreeMap::new();
    let mut last = None;
    for line in said.lines() {
        let verdict = line.strip_prefix("ok ").map(|name| (name, None));
        let verdict = verdict.or_else(|| line.strip_prefix("not ok ").map(|name| (name, Some(String::new()))));
        if let Some((name, verdict)) = verdict {
            let name = name.split(' ').next().unwrap_or_default().to_owned();
            verdicts.insert(name.clone(), verdict);
            last = Some(name);
        } else if let Some(Some(why)) = last.as_ref().and_then(|name| verdicts.get_mut(name)) {
            why.push_str(line);
            why.push('\n');
        }
    }
    verdicts
}
