//! What a signal does to a rip: it ends in order, by that signal, and the next call goes on.
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

const PROGRAM: &str = env!("CARGO_BIN_EXE_discwright");

fn describe(folder: &Path, speed: &str) {
    let text = format!("synthetic = {{ sectors = 20_000 }}\nmedium = \"cd-rom\"\nspeed = {speed}\nspin_up = 0.0\n");
    fs::write(folder.join("disc.toml"), text).unwrap();
}

fn rip(folder: &Path) -> Child {
    Command::new(PROGRAM)
        .args(["rip", "virtual:disc.toml", "disc.iso", "--hash", "crc32", "--no-account"])
        .current_dir(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn send(child: &Child, signal: Signal) {
    kill(Pid::from_raw(child.id().try_into().unwrap()), signal).unwrap();
}

#[test]
fn an_interrupted_rip_ends_by_the_signal_and_can_be_gone_on_with() {
    let folder = tempfile::tempdir().unwrap();
    // 32 sectors take 0.1 s.
    describe(folder.path(), "600");
    for (signal, number) in [(Signal::SIGINT, 2), (Signal::SIGTERM, 15), (Signal::SIGHUP, 1)] {
        let mut child = rip(folder.path());
        let mut told = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
        assert!(told.any(|line| line.starts_with("reading")));
        // Asked how far it is, it says so and goes on.
        send(&child, Signal::SIGUSR1);
        assert!(told.any(|line| line.starts_with("reading")));
        send(&child, signal);
        assert!(told.any(|line| line.starts_with("interrupted")));
        assert_eq!(child.wait().unwrap().signal(), Some(number));
        assert!(folder.path().join("disc.iso.part").exists() && folder.path().join("disc.iso.map").exists());
    }
    describe(folder.path(), "\"unthrottled\"");
    let finished = rip(folder.path()).wait_with_output().unwrap();
    assert_eq!(finished.status.code(), Some(0));
    assert!(String::from_utf8(finished.stdout).unwrap().contains("by an earlier call"));
    assert_eq!(fs::metadata(folder.path().join("disc.iso")).unwrap().len(), 20_000 * 2048);
}
