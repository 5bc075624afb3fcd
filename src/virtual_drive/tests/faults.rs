//! This module knows each fault as the host meets it.

use super::*;
use crate::mmc::command::{Read10, ReadCapacity, StartStopUnit, TestUnitReady, UnitAction};
use crate::scsi::Status;

fn with(fault: &str) -> Bench {
    bench(&format!("{DVD}[[fault]]\n{fault}"))
}

const RELOAD: [StartStopUnit; 2] = [
    StartStopUnit { immediate: false, action: UnitAction::Eject },
    StartStopUnit { immediate: false, action: UnitAction::Load },
];

#[test]
fn unreadable_sectors_end_a_read_and_say_where() {
    let mut bench = with("kind = \"unreadable\"\nsectors = [\"100..112\", 5000]\nseconds = 2");
    let (completion, buffer) = bench.try_read(96, 32);
    assert_eq!(completion.status, Status::CheckCondition);
    assert_eq!(completion.decoded_sense().unwrap().information, Some(100));
    assert_eq!(completion.transferred, 4 * SECTOR_BYTES);
    assert_eq!(buffer[..4 * SECTOR_BYTES], truth(96, 4));
    assert!(buffer[4 * SECTOR_BYTES..].iter().all(|byte| *byte == 0xEE), "nothing else was touched");
    assert_eq!(bench.clock.now(), Duration::from_secs(2));
    bench.reads_the_truth(112, 16);
    assert_eq!(bench.read_fails(5000, 1), "03h/11h/05h");
    assert_eq!(bench.clock.now(), Duration::from_secs(4));
}

#[test]
fn the_sense_and_the_information_of_a_failure_are_chosen() {
    let choose = |keys: &str| {
        let mut bench = with(&format!("kind = \"unreadable\"\nsectors = [100]\n{keys}"));
        let sense = bench.read(97, 8).unwrap_err();
        (sense.to_string(), sense.information)
    };
    assert_eq!(choose("sense = \"4/3e/02\""), ("04h/3eh/02h".to_owned(), Some(100)));
    assert_eq!(choose("information = \"absent\""), ("03h/11h/05h".to_owned(), None));
    assert_eq!(choose("information = \"ecc-block\""), ("03h/11h/05h".to_owned(), Some(96)));
    assert_eq!(choose("information = \"command\""), ("03h/11h/05h".to_owned(), Some(97)));
    assert_eq!(choose("information = \"zero\""), ("03h/11h/05h".to_owned(), Some(0)));
}

#[test]
fn a_whole_ecc_block_can_fail_with_one_sector() {
    let mut bench = with("kind = \"unreadable\"\nsectors = [100]\nextent = \"ecc-block\"");
    assert!(bench.read(95, 1).is_ok());
    assert!(bench.read(96, 1).is_err());
    assert!(bench.read(111, 1).is_err());
    assert!(bench.read(112, 1).is_ok());
}

#[test]
fn a_flaky_sector_reads_after_some_attempts() {
    let mut bench = with("kind = \"flaky\"\nsectors = [100]\nattempts = 2");
    assert!(bench.read(96, 32).is_err());
    assert!(bench.read(100, 1).is_err());
    bench.reads_the_truth(100, 1);
}

#[test]
fn a_cached_failure_is_got_rid_of_with_fua() {
    let mut bench = with("kind = \"flaky\"\nsectors = [100]\nattempts = 1\nretries = \"from-cache\"");
    for _ in 0..4 {
        assert!(bench.read(100, 1).is_err());
    }
    assert_eq!(bench.bytes(&Read10 { fua: true, ..read(100, 1) }), truth(100, 1));
    assert!(bench.read(100, 1).is_ok());
}

#[test]
fn a_recovered_sector_comes_whole_with_key_1() {
    let mut bench = with("kind = \"recovered\"\nsectors = [100]\nseconds = 1");
    let (completion, buffer) = bench.try_read(96, 32);
    assert_eq!(completion.decoded_sense().unwrap().to_string(), "01h/17h/01h");
    assert_eq!(completion.transferred, buffer.len());
    assert_eq!(buffer, truth(96, 32));
    assert_eq!(bench.clock.now(), Duration::from_secs(1));
}

#[test]
fn a_slow_sector_only_takes_its_time() {
    let mut bench = with("kind = \"slow\"\nsectors = [\"100..104\"]\nseconds = 0.5");
    bench.reads_the_truth(96, 32);
    assert_eq!(bench.clock.now(), Duration::from_secs(2));
}

#[test]
fn a_lying_sector_is_wrong_once_with_good_status() {
    let mut bench = with("kind = \"lying\"\nsectors = [100]");
    let lie = bench.read(96, 32).unwrap();
    let differing =
        lie.chunks(SECTOR_BYTES).zip(truth(96, 32).chunks(SECTOR_BYTES)).map(|(a, b)| a != b).collect::<Vec<_>>();
    assert_eq!(differing.iter().filter(|differs| **differs).count(), 1);
    assert!(differing[4]);
    bench.reads_the_truth(96, 32);
}

#[test]
fn a_drive_that_is_not_ready_becomes_it_and_says_so_once() {
    let mut bench = with("kind = \"not-ready\"\nseconds = 12");
    assert_eq!(bench.refusal(&TestUnitReady), "02h/04h/01h");
    bench.clock.sleep(Duration::from_secs(11));
    assert_eq!(bench.read_fails(0, 1), "02h/04h/01h");
    bench.clock.sleep(Duration::from_secs(1));
    assert_eq!(bench.refusal(&TestUnitReady), "06h/28h/00h");
    bench.bytes(&TestUnitReady);
    for command in RELOAD {
        bench.bytes(&command);
    }
    assert_eq!(bench.refusal(&TestUnitReady), "02h/04h/01h");
}

#[test]
fn a_unit_attention_comes_at_a_sector_and_once() {
    let mut bench = with("kind = \"unit-attention\"\nat = 100\nsense = \"6/29/00\"");
    assert!(bench.read(64, 32).is_ok());
    assert_eq!(bench.read_fails(96, 32), "06h/29h/00h");
    assert!(bench.read(96, 32).is_ok());
}

#[test]
fn the_tray_opens_at_a_sector_or_after_a_while() {
    let mut bench = with("kind = \"tray-opened\"\nat = 100");
    assert_eq!(bench.read_fails(96, 32), "02h/3ah/02h");
    assert_eq!(bench.refusal(&ReadCapacity), "02h/3ah/02h");
    let mut later = with("kind = \"tray-opened\"\nafter = 5");
    assert!(later.read(0, 1).is_ok());
    later.clock.sleep(Duration::from_secs(5));
    assert_eq!(later.read_fails(0, 1), "02h/3ah/02h");
}

#[test]
fn a_drive_that_is_gone_says_nothing_any_more() {
    let mut bench = with("kind = \"gone\"\nat = 100");
    assert!(bench.read(0, 100).is_ok());
    let mut buffer = vec![0; 64 * SECTOR_BYTES];
    assert!(matches!(bench.send(&read(64, 64), Data::In(&mut buffer)), Err(TransportError::Gone)));
    assert!(matches!(bench.send(&TestUnitReady, Data::None), Err(TransportError::Gone)));
}

#[test]
fn a_mad_drive_reads_nothing_until_the_disc_is_loaded_again() {
    let mut bench = with("kind = \"mad\"\nat = 100\nsense = \"4/44/00\"");
    assert!(bench.read(0, 100).is_ok());
    assert_eq!(bench.read_fails(100, 1), "04h/44h/00h");
    assert_eq!(bench.read_fails(0, 1), "04h/44h/00h");
    bench.bytes(&TestUnitReady);
    for command in RELOAD {
        bench.bytes(&command);
    }
    assert_eq!(bench.refusal(&TestUnitReady), "06h/28h/00h");
    bench.reads_the_truth(100, 1);
}

#[test]
fn an_attempt_longer_than_the_timeout_ends_in_a_reset() {
    let mut bench = with("kind = \"unreadable\"\nsectors = [100]\nseconds = 20");
    let mut buffer = vec![0; SECTOR_BYTES];
    let timeout = Duration::from_secs(5);
    let outcome = bench.drive.execute(&read(100, 1).cdb(), Data::In(&mut buffer), timeout);
    assert!(matches!(outcome, Err(TransportError::TimedOut { after }) if after == timeout));
    assert_eq!(bench.clock.now(), timeout);
    assert_eq!(bench.refusal(&TestUnitReady), "06h/29h/00h");
    assert!(bench.read(99, 1).is_ok());
    assert_eq!(bench.read_fails(100, 1), "03h/11h/05h");
}

#[test]
fn a_broken_image_is_the_drives_own_trouble() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), vec![7; 64 * SECTOR_BYTES]).unwrap();
    let scene = Scene::for_image(file.path());
    let mut drive = scene.build(scene.clock()).unwrap();
    file.as_file().set_len(10 * 2048).unwrap();
    let mut buffer = vec![0; 16 * SECTOR_BYTES];
    let completion = drive.execute(&read(0, 16).cdb(), Data::In(&mut buffer), PATIENCE).unwrap();
    assert_eq!(completion.decoded_sense().unwrap().to_string(), "04h/44h/00h");
}

#[test]
fn run_out_that_is_read_ahead_takes_good_sectors_along() {
    let mut bench = bench(
        "synthetic = { sectors = 1000 }\nmedium = \"cd-r\"\nwritten = \"track-at-once\"\n\
         [[fault]]\nkind = \"unreadable\"\nsectors = [\"1000..1002\"]\nsense = \"5/64/00\"\nreach = 20",
    );
    let (completion, _) = bench.try_read(968, 32);
    assert_eq!((completion.decoded_sense().unwrap().to_string().as_str(), completion.transferred), ("05h/64h/00h", 0));
    for lba in 968..1000 {
        bench.reads_the_truth(lba, 1);
    }
    bench.reads_the_truth(948, 32);
}

#[test]
fn another_disc_is_only_told_as_a_change() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("other.iso"), vec![7; 500 * SECTOR_BYTES]).unwrap();
    let text = format!("other_image = \"other.iso\"\n{CD}[[fault]]\nkind = \"swapped\"\nat = 100");
    let clock = SimulatedClock::new();
    let drive = Scene::parse(&text, folder.path()).unwrap().build(Arc::new(clock.clone())).unwrap();
    let mut bench = Bench { drive, clock };
    assert!(bench.read(0, 32).is_ok());
    assert_eq!(bench.read_fails(96, 32), "06h/28h/00h");
    assert_eq!(bench.read(96, 1), Ok(vec![7; SECTOR_BYTES]));
    assert_eq!(bench.read_fails(500, 1), "05h/21h/00h");
}
