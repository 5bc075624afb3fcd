//! This module knows the discs that are in a drive for a fuzzer.

use std::path::Path;
use std::sync::Arc;

use crate::clock::SimulatedClock;
use crate::virtual_drive::{Scene, VirtualDrive};

const SCENES: [&str; 12] = [
    r#"synthetic = { sectors = 3000 }"#,
    r#"synthetic = { sectors = 3000 }
       medium = "cd-r"
       written = "track-at-once"
       speed = "48x""#,
    r#"track = [
           { mode = "mode1", sectors = 600 },
           { mode = "audio", sectors = 900 },
           { mode = "mode2-form1", sectors = 700, session = "new" },
       ]"#,
    r#"synthetic = { sectors = 4000000 }
       medium = "dvd-rom"
       speed = "16x""#,
    r#"synthetic = { sectors = 3000 }
       medium = "dvd-rom"
       scrambled = ["100..200"]"#,
    r#"synthetic = { sectors = 3000 }
       medium = "dvd-r"
       state = "open""#,
    r#"medium = "dvd+r"
       state = "blank""#,
    r#"synthetic = { sectors = 20000000 }
       medium = "bd-rom"
       protection = "aacs""#,
    r#"synthetic = { sectors = 3000 }
       medium = "bd-r"
       claims = { capacity = 5000, track = 10 }"#,
    r#"tray = "empty""#,
    r#"synthetic = { sectors = 3000 }
       too_large = "drive"
       fua = "refused"
       max_transfer = 65536
       fault = [
           { kind = "unreadable", sectors = ["100..110"], seconds = 2, reach = 16 },
           { kind = "not-ready", seconds = 5 },
       ]"#,
    r#"synthetic = { sectors = 3000 }
       medium = "dvd-rom"
       fault = [
           { kind = "flaky", sectors = ["16..24"], extent = "ecc-block", information = "ecc-block" },
           { kind = "unit-attention", command = 9 },
       ]"#,
];

/// A drive with one of them, on this clock.
pub fn scene(which: u8, clock: &SimulatedClock) -> VirtualDrive {
    let text = SCENES.get(usize::from(which) % SCENES.len()).expect("there is a remainder for all");
    let scene = Scene::parse(text, Path::new("")).expect("these scenes are sound");
    scene.build(Arc::new(clock.clone())).expect("these discs exist")
}
