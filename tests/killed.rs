//! A rip that is killed at any moment leaves no lie, and the next call ends it well.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may")]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use discwright::checksum::{Algorithm, Digester};
use discwright::clock::{Clock, RealClock};
use discwright::image::{BlockStatus, RescueMap};
use discwright::sector::SECTOR_BYTES;

const MOMENTS: u64 = 50;
/// Simulated time makes a map every few milliseconds, as often as hours of a real drive would.
const SCENE: &str = "synthetic = { sectors = 16_000 }\nmedium = 'dvd-rom'\nspeed = 400\nclock = 'simulated'\n";

fn rip(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_discwright"));
    command.current_dir(folder).args(["rip", "virtual:disc.toml", "disc.iso", "--quiet"]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn assert_no_lie(folder: &Path, disc: &[u8]) -> bool {
    let Ok(map) = fs::read(folder.join("disc.iso.map")) else { return false };
    let Ok(part) = fs::read(folder.join("disc.iso.part")) else { return false };
    let map = RescueMap::parse(&map).unwrap();
    let mut claimed = false;
    for range in map.ranges(BlockStatus::Finished) {
        let bytes = range.start().0 as usize * SECTOR_BYTES..range.end().0 as usize * SECTOR_BYTES;
        assert!(part[bytes.clone()] == disc[bytes], "the map claims {range}, and the image has something else");
        claimed = true;
    }
    claimed
}

#[test]
fn fifty_kills_leave_no_lie() {
    let whole = tempfile::tempdir().unwrap();
    fs::write(whole.path().join("disc.toml"), SCENE).unwrap();
    let clock = RealClock::new();
    assert!(rip(whole.path()).status().unwrap().success());
    let usual = clock.now();
    let disc = fs::read(whole.path().join("disc.iso")).unwrap();
    let mut digester = Digester::new(Algorithm::Sha256);
    digester.update(&disc);
    let list = format!("{}  disc.iso\n", digester.finish());

    let mut resumed = 0;
    for moment in 0..MOMENTS {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("disc.toml"), SCENE).unwrap();
        // Spread over the whole rip, in an order that wanders.
        let share = (moment * 37 % MOMENTS) as f64 / MOMENTS as f64;
        let mut child = rip(folder.path()).spawn().unwrap();
        clock.sleep(Duration::from_secs_f64(usual.as_secs_f64() * share));
        child.kill().unwrap();
        child.wait().unwrap();
        resumed += u32::from(assert_no_lie(folder.path(), &disc));
        if !folder.path().join("disc.iso").exists() {
            assert!(rip(folder.path()).status().unwrap().success(), "moment {moment}");
        }
        assert!(fs::read(folder.path().join("disc.iso")).unwrap() == disc, "moment {moment}");
        assert_eq!(fs::read_to_string(folder.path().join("disc.iso.sha256")).unwrap(), list, "moment {moment}");
    }
    assert!(resumed >= 5, "only {resumed} kills met a map that claimed anything: the moments are no good");
}
