//! Every fault that a disc file can describe, through a whole rip. The disc is the same in all: 3000 sectors, each
//! another, with a filesystem or without; what becomes of it is a row of the table.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::bench::*;
use discwright::checksum::Algorithm;
use discwright::clock::{Clock, SimulatedClock};
use discwright::drive::{ClaimSource, Drive};
use discwright::event::{Event, Listener};
use discwright::image::Memory;
use discwright::rip::{Options, Outcome, Output, Status, rip};
use discwright::virtual_drive::Scene;

/// Rips the disc of a disc file, whose relative paths begin in the folder of this test.
fn rip_scene(storage: &Memory, text: &str, options: &Options) -> Ripped {
    let scene = Scene::parse(text, Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let clock = SimulatedClock::new();
    let mut virtual_drive = scene.build(Arc::new(clock.clone())).unwrap();
    let counters = virtual_drive.counters();
    let mut drive = Drive::new(Box::new(virtual_drive), Arc::new(clock.clone()));
    let mut events = Vec::new();
    let output = Output::File(OUTPUT.into());
    let result = rip(&mut drive, storage, &clock, output, options, &AtomicBool::new(false), &mut events);
    Ripped { result, events, counters, time: clock.now() }
}

/// What the disc of `synthetic = { sectors = 3000 }` holds.
fn pristine() -> Vec<u8> {
    let storage = Memory::new();
    rip_scene(&storage, "synthetic = { sectors = 3000 }\n", &Options::default()).report();
    content(&storage, OUTPUT).unwrap()
}

#[test]
fn faults_that_cost_nothing_but_time() {
    let expected = pristine();
    let faults = [
        "kind = 'flaky'\nsectors = [700, 701, '900..905']\nattempts = 2",
        "kind = 'flaky'\nsectors = [700]\nattempts = 2\nretries = 'from-cache'",
        "kind = 'recovered'\nsectors = ['10..2000']\nseconds = 0.01",
        "kind = 'slow'\nsectors = ['100..130']\nseconds = 3",
        "kind = 'not-ready'\nseconds = 12",
        "kind = 'unit-attention'\nat = 1000",
        "kind = 'unit-attention'\nat = 1000\nsense = '6/29/00'",
        "kind = 'unit-attention'\ncommand = 1",
        "kind = 'unit-attention'\ncommand = 5\nsense = '6/2a/01'",
    ];
    for fault in faults {
        for more in [
            "",
            "max_transfer = 2048\n",
            "fua = 'refused'\n",
            "max_transfer = 61440\n",
            "max_transfer = 8192\ntoo_large = 'drive'\n",
        ] {
            if more.starts_with("fua") && fault.contains("from-cache") {
                // Such a drive never tries again, whoever asks.
                continue;
            }
            let scene = format!("synthetic = {{ sectors = 3000 }}\n{more}[[fault]]\n{fault}\n");
            let storage = Memory::new();
            let ripped = rip_scene(&storage, &scene, &Options::default());
            assert_eq!(ripped.report().status(), Status::Ok, "{scene}");
            assert!(content(&storage, OUTPUT).unwrap() == expected, "{scene}");
        }
    }
}

#[test]
fn faults_that_cost_sectors() {
    let expected = pristine();
    let faults = [
        "sectors = ['100..112', 2000]",
        "sectors = ['100..112', 2000]\ninformation = 'absent'",
        "sectors = ['100..112', 2000]\ninformation = 'zero'\nsense = '4/3e/02'",
        "sectors = ['100..112', 2000]\nreach = 20",
        "sectors = ['100..112', 2000]\nsense = '3/02/00'\nseconds = 9",
    ];
    for fault in faults {
        let scene =
            format!("synthetic = {{ sectors = 3000 }}\nmedium = 'dvd-rom'\n[[fault]]\nkind = 'unreadable'\n{fault}\n");
        let storage = Memory::new();
        let ripped = rip_scene(&storage, &scene, &Options::default());
        assert_eq!(ripped.report().status(), Status::Damaged, "{scene}");
        assert_eq!(ripped.report().bad, ranges_of(&[(100, 112), (2000, 2001)]), "{scene}");
        let part = content(&storage, "/images/disc.iso.part").unwrap();
        for good in ranges_of(&[(0, 100), (112, 2000), (2001, 3000)]) {
            assert!(sectors(&part, good) == sectors(&expected, good), "{scene}");
        }
    }
}

#[test]
fn a_disc_that_is_swapped_stops_the_rip() {
    let storage = Memory::new();
    let other = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(other.path(), any_bytes(3000)).unwrap();
    let scene = format!(
        "synthetic = {{ sectors = 3000 }}\nother_image = '{}'\n[[fault]]\nkind = 'swapped'\nat = 1500\n",
        other.path().display()
    );
    let ripped = rip_scene(&storage, &scene, &Options::default());
    assert!(format!("{:?}", ripped.failure().error).contains("OtherDisc"), "{:?}", ripped.failure());
    let (map, part, whole) = (map_of(&storage), content(&storage, "/images/disc.iso.part").unwrap(), pristine());
    for range in map.ranges(discwright::image::BlockStatus::Finished) {
        assert!(sectors(&part, range) == sectors(&whole, range));
    }
}

#[test]
fn a_lie_with_good_status_is_seen_by_who_has_the_hash() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("disc.sha256");
    let mut digester = discwright::checksum::Digester::new(Algorithm::Sha256);
    digester.update(&pristine());
    std::fs::write(&list, format!("{}  disc.iso\n", digester.finish())).unwrap();
    let against = || vec![discwright::verify::Against::load(&list, discwright::verify::Asked::ByUser).unwrap()];
    for (fault, status) in [("", Status::Ok), ("[[fault]]\nkind = 'lying'\nsectors = [1234]\n", Status::Mismatch)] {
        let scene = format!("synthetic = {{ sectors = 3000 }}\n{fault}");
        let storage = Memory::new();
        let options = Options { against: against(), ..Options::default() };
        let ripped = rip_scene(&storage, &scene, &options);
        assert_eq!(ripped.report().status(), status);
        assert_eq!(ripped.report().outcome, Outcome::Complete);
    }
}

#[test]
fn wrong_claims_are_seen_through() {
    let rows = [
        ("medium = 'bd-r'\nstate = 'open'\n[claims]\ncapacity = 1\n", 3000),
        ("medium = 'cd-r'\nwritten = 'track-at-once'\n", 3000),
        ("medium = 'dvd-rom'\n[claims]\ncapacity = 1000\n", 3000),
        ("medium = 'dvd-rom'\n[claims]\nstructure = 2000000\n", 3000),
        ("medium = 'dvd-rom'\n[claims]\ncapacity = 4294967295\n", 3000),
    ];
    let expected = pristine();
    for (scene, sectors) in rows {
        let storage = Memory::new();
        let ripped = rip_scene(&storage, &format!("synthetic = {{ sectors = 3000 }}\n{scene}"), &Options::default());
        let report = ripped.report();
        assert_eq!(report.sectors, count(sectors), "{scene}: {:?}", report.subject.size);
        assert_eq!(report.status(), Status::Ok, "{scene}");
        assert!(content(&storage, OUTPUT).unwrap() == expected, "{scene}");
        assert!(report.subject.size.claims.iter().any(|claim| claim.source == ClaimSource::ReadCapacity));
    }
}

#[test]
fn scrambled_discs_are_refused_before_they_are_read() {
    for scene in ["scrambled = ['600..2000']\n", "protection = 'css'\n"] {
        let storage = Memory::new();
        let scene = format!("synthetic = {{ sectors = 3000 }}\nmedium = 'dvd-rom'\n{scene}");
        let ripped = rip_scene(&storage, &scene, &Options::default());
        assert!(format!("{:?}", ripped.failure().error).contains("Protected(Css)"), "{:?}", ripped.failure());
        assert!(storage.names().is_empty());
    }
}

#[test]
fn a_disc_of_nothing_but_zeros_is_not_ok() {
    let storage = Memory::new();
    let ripped = rip_to(&storage, dvd(&vec![0; 3000 * 2048]), &Options::default());
    assert_eq!(ripped.report().outcome, Outcome::Complete);
    assert_eq!(ripped.report().status(), Status::Damaged);
}

#[test]
fn the_demo_is_whole() {
    let storage = Memory::new();
    let clock = SimulatedClock::new();
    let virtual_drive = Scene::demo().build(Arc::new(clock.clone())).unwrap();
    let mut drive = Drive::new(Box::new(virtual_drive), Arc::new(clock.clone()));
    let output = Output::Folder("/images".into());
    let options = Options::default();
    let report = rip(&mut drive, &storage, &clock, output, &options, &AtomicBool::new(false), &mut Vec::new()).unwrap();
    assert_eq!(report.status(), Status::Ok);
    assert_eq!(report.files.unwrap().output, Path::new("/images/DISCWRIGHT_DEMO.iso"));
    assert!(!report.digests.raw.is_empty());
}

/// Wants to stop once so many sectors are read.
struct StopsAt {
    sectors: u32,
    stop: Arc<AtomicBool>,
}

impl Listener for StopsAt {
    fn hear(&mut self, event: Event) {
        if let Event::Progress(progress) = event
            && progress.done.0 >= self.sectors
        {
            self.stop.store(true, Ordering::Relaxed);
        }
    }
}

#[test]
fn an_interrupted_rip_is_gone_on_with() {
    let storage = Memory::new();
    // Slow enough that the listener hears of progress before all is over.
    let scene = Scene::parse("synthetic = { sectors = 100_000 }\nspeed = 1000\n", Path::new("")).unwrap();
    let clock = SimulatedClock::new();
    let drive = || Drive::new(Box::new(scene.build(Arc::new(clock.clone())).unwrap()), Arc::new(clock.clone()));
    let stop = Arc::new(AtomicBool::new(false));
    let mut listener = StopsAt { sectors: 5000, stop: stop.clone() };
    let file = || Output::File(OUTPUT.into());
    let options = Options { algorithms: vec![], lists: vec![], ..Options::default() };
    let report = rip(&mut drive(), &storage, &clock, file(), &options, &stop, &mut listener).unwrap();
    assert_eq!((report.outcome, report.status()), (Outcome::Interrupted, Status::Interrupted));
    assert_eq!(content(&storage, OUTPUT), None);
    let before = report.read;
    let go_on = AtomicBool::new(false);
    let report = rip(&mut drive(), &storage, &clock, file(), &options, &go_on, &mut Vec::new()).unwrap();
    assert_eq!(report.outcome, Outcome::Complete);
    assert_eq!(report.resumed, before);
    assert_eq!(report.read.0 + before.0, 100_000);
}
