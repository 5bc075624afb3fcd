//! This module knows disc files, right and wrong.

use super::*;
use crate::virtual_drive::fault::{Failure, Incident, Trouble, UNREADABLE, When};

fn parse(text: &str) -> Result<Scene, SceneError> {
    Scene::parse(text, Path::new("/folder"))
}

fn error(text: &str) -> String {
    parse(text).unwrap_err().to_string()
}

#[test]
fn an_image_alone_is_enough() {
    let scene = parse("image = \"disc.iso\"").unwrap();
    assert_eq!(scene, Scene::for_image(Path::new("/folder/disc.iso")));
}

#[test]
fn a_whole_scene_is_read() {
    let text = r#"
        synthetic = { sectors = 4_000_000, seed = 3 }
        medium = "dvd-rom"
        layer_break = 2_000_016
        speed = "16x"
        spin_up = 3
        clock = "simulated"
        max_transfer = 65536

        [claims]
        capacity = 1

        [[fault]]
        kind = "unreadable"
        sectors = ["100..112", "5000", 7]
        seconds = 2.0

        [[fault]]
        kind = "gone"
        at = 9000
    "#;
    let scene = parse(text).unwrap();
    let failure = Failure { sense: UNREADABLE, time: Duration::from_secs(2), ..Failure::default() };
    let ranges = ["100..112", "5000..5001", "7..8"].map(|range| range.parse().unwrap()).to_vec();
    let faults = [
        Fault::Sectors { ranges, trouble: Trouble::Unreadable(failure) },
        Fault::Once { when: When::Sector(Lba(9000)), what: Incident::Gone },
    ];
    assert_eq!(scene.faults, faults);
    assert_eq!(scene.claims.capacity, Some(SectorCount(1)));
    assert_eq!(scene.model.max_transfer, 65536);
    assert_eq!(scene.speed, Speed::Times(16.0, Rotation::Cav));
    assert_eq!(scene.spin_up, Some(Duration::from_secs(3)));
    assert!(scene.build(scene.clock()).is_ok());
}

#[test]
fn an_unknown_key_is_told_with_its_line_and_what_was_meant() {
    assert_eq!(
        error("image = \"a\"\n\nsped = \"16x\"").split(", expected").next(),
        Some("line 3: unknown field `sped`")
    );
    assert!(
        error("image = \"a\"\nsped = 1").ends_with("(did you mean `speed`?)"),
        "{}",
        error("image = \"a\"\nsped = 1")
    );
}

#[test]
fn mistakes_are_told_with_their_line() {
    for (text, told) in [
        ("image = ", "line 1"),
        ("image = \"a\"\nmedium = \"floppy\"", "line 2: there is no medium \"floppy\" (there are cd-rom"),
        ("image = \"a\"\ntray = \"ajar\"", "line 2: unknown variant `ajar`"),
        ("medium = \"bd-re\"\nwrite_protection = \"cartridge\"", "line 2: a bd-re has nothing that could protect it"),
        (
            "medium = \"dvd-ram\"\nmedia_id = \"MEI-T01\"",
            "line 2: \"MEI-T01\" is no media id of a dvd-ram (it has none)",
        ),
        ("medium = \"dvd+r\"\nstate = \"formatted\"", "line 2: a dvd+r is not formatted"),
        ("image = \"a\"\nspeed = \"fast\"", "line 2: this is no speed"),
        ("image = \"a\"\nspeed = -5", "line 2: this is no speed"),
        ("image = \"a\"\nclock = \"fast\"", "line 2: this is no way for time to pass (\"real\", \"simulated\", 0"),
        ("image = \"a\"\nclock = 0.5", "line 2: this is no way for time to pass"),
        ("image = \"a\"\nspin_up = -1", "line 2: -1 is no time"),
        ("image = \"a\"\nscrambled = [\"5..3\"]", "line 2: \"5..3\" is not a range of sectors"),
        ("image = \"a\"\nsynthetic = { sectors = 5 }", "line 1: `image` and `synthetic`"),
        ("medium = \"cd-rom\"", "line 1: nothing says what is on the disc"),
        ("medium = \"dvd-rom\"\nstate = \"blank\"", "line 2: a blank disc is of a kind"),
        ("medium = \"cd-rw\"\nimage = \"a\"", "line 2: a disc that is written here begins blank"),
        ("medium = \"cd-rw\"\nmedia_id = \"Verbatim\"", "line 2: \"Verbatim\" is no media id of a cd-rw (as in"),
        ("image = \"a\"\n[[fault]]\nkind = \"slow\"\nsectors = [1]", "line 2: how long?"),
        ("image = \"a\"\n[[fault]]\nkind = \"unreadable\"", "line 2: which sectors?"),
        ("image = \"a\"\n[[fault]]\nkind = \"unreadable\"\nsectors = [\"x\"]", "line 2: \"x\" is not a range"),
        (
            "image = \"a\"\n[[fault]]\nkind = \"unreadable\"\nsectors = [1]\nsense = \"3/1105\"",
            "line 2: \"3/1105\" is no sense",
        ),
        ("image = \"a\"\n[[fault]]\nkind = \"gone\"", "line 2: when?"),
        ("image = \"a\"\n[[fault]]\nkind = \"gone\"\nat = 1\nafter = 2.0", "line 2: when?"),
        ("image = \"a\"\n[[fault]]\nkind = \"gone\"\nat = 1\nseconds = 2.0", "line 2: `seconds` means nothing"),
        ("image = \"a\"\n[[fault]]\nkind = \"broken\"", "line 3: unknown variant `broken`"),
    ] {
        assert!(error(text).starts_with(told), "{text:?}: {}", error(text));
    }
}

#[test]
fn the_kind_of_disc_follows_from_the_size() {
    let kind = |sectors: u32| {
        let scene = parse(&format!("synthetic = {{ sectors = {sectors} }}")).unwrap();
        let disc = scene.disc.unwrap().build().unwrap();
        (disc.kind(), disc.layers())
    };
    let two = |break_at| crate::virtual_drive::disc::Layers::Two { break_at: Lba(break_at), path: TrackPath::Opposite };
    let one = crate::virtual_drive::disc::Layers::One;
    assert_eq!(kind(1), (DiscKind::CdRom, one));
    assert_eq!(kind(449_850), (DiscKind::CdRom, one));
    assert_eq!(kind(449_851), (DiscKind::DvdRom, one));
    assert_eq!(kind(2_298_496), (DiscKind::DvdRom, one));
    assert_eq!(kind(2_298_497), (DiscKind::DvdRom, two(1_149_264)));
    assert_eq!(kind(4_173_824), (DiscKind::DvdRom, two(2_086_912)));
    assert_eq!(kind(4_173_825), (DiscKind::BdRom, one));
    assert_eq!(kind(24_438_784), (DiscKind::BdRom, two(12_219_392)));
}

#[test]
fn time_passes_as_the_file_says() {
    let spun_up = |clock: &str| {
        let scene = parse(&format!("synthetic = {{ sectors = 8 }}\nspeed = \"16x\"\nspin_up = 5\nclock = {clock}"));
        let scene = scene.unwrap();
        (scene.clock, scene.pace(Family::Dvd) == Pace::Unthrottled)
    };
    assert_eq!(spun_up("\"real\""), (ClockKind::Real, false));
    assert_eq!(spun_up("60"), (ClockKind::Fast(60.0), false));
    assert_eq!(spun_up("0"), (ClockKind::AtOnce, true));
}

#[test]
fn a_disc_that_cannot_exist_is_refused_when_it_is_built() {
    let build = |text: &str| {
        let scene = parse(text).unwrap();
        scene.build(scene.clock()).err().map(|error| error.to_string()).unwrap_or_default()
    };
    assert!(build("synthetic = { sectors = 70_000_000 }").contains("do not fit on a bd-rom"));
    assert!(build("synthetic = { sectors = 500_000 }\nmedium = \"cd-rom\"").contains("do not fit on a cd-rom"));
    let too_large = build("synthetic = { sectors = 2_295_105 }\nmedium = \"dvd+r\"");
    assert!(too_large.contains("do not fit on a dvd+r, which holds 2295104 at most"), "{too_large}");
    assert!(build("synthetic = { sectors = 500 }\nmedium = \"cd-rom\"\nlayer_break = 100").contains("no second layer"));
    assert!(build("synthetic = { sectors = 500 }\nmedium = \"dvd-rom\"\nlayer_break = 500").contains("second layer"));
    assert!(
        build("synthetic = { sectors = 500 }\nmedium = \"cd-rom\"\nwritten = \"track-at-once\"").contains("cannot end")
    );
    assert!(build("image = \"no such file\"").contains("/folder/no such file"));
    assert!(build("tray = \"empty\"").is_empty());
    assert!(build("medium = \"bd-r\"\nstate = \"blank\"").is_empty());
}

#[test]
fn every_example_of_the_manual_is_a_drive() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::File::create(folder.path().join("disc.iso")).unwrap().set_len(40_000 * 2048).unwrap();
    let manual = include_str!("../../../docs/disc-file.md");
    let examples: Vec<&str> = manual.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(examples.len() > 8);
    for example in examples {
        let scene = Scene::parse(example, folder.path()).unwrap_or_else(|error| panic!("{error} in {example}"));
        if let Err(error) = scene.build(Arc::new(SimulatedClock::new())) {
            panic!("{error} in {example}");
        }
    }
}
