//! Going on with what an earlier call left.

use super::bench::*;
use discwright::image::{Memory, Opening, Storage};
use discwright::reading::GiveUp;
use discwright::rip::{Damage, Existing, NotThisDisc, Options, Outcome, Output, RipError, Status, Unfinished};
use discwright::sector::Lba;
use discwright::virtual_drive::fault::{Failure, Fault, Incident, When};
use std::path::Path;

fn scattered() -> Vec<(u32, u32)> {
    (0..50).map(|n| (100 + n * 40, 101 + n * 40)).collect()
}

#[test]
fn the_second_call_reads_only_what_the_first_lacked() {
    let (storage, bytes) = (Memory::new(), any_bytes(3000));
    let mut setup = dvd(&bytes);
    setup.faults = vec![unreadable(&scattered(), Failure::default())];
    assert_eq!(rip_to(&storage, setup, &Options::default()).report().outcome, Outcome::Damaged);
    let ripped = rip_to(&storage, dvd(&bytes), &Options::default());
    assert_eq!(ripped.report().outcome, Outcome::Complete);
    assert_eq!(ripped.report().read, count(50));
    assert_eq!(content(&storage, OUTPUT).unwrap(), bytes);
    let others = (300..2900).filter(|lba| (lba - 100) % 40 != 0 || *lba > 2060);
    assert_eq!(others.filter(|&lba| ripped.counters.attempts(Lba(lba)) > 0).collect::<Vec<_>>(), [] as [u32; 0]);
    let mut digester = discwright::checksum::Digester::new(ripped.report().digests.image[0].algorithm());
    digester.update(&bytes);
    assert_eq!(ripped.report().digests.image[0], digester.finish());
}

/// A rip that a pulled cable ended.
fn interrupted(storage: &Memory, bytes: &[u8]) {
    let mut setup = dvd(bytes);
    setup.faults = vec![Fault::Once { when: When::Sector(Lba(1500)), what: Incident::Gone }];
    rip_to(storage, setup, &Options::default()).failure();
}

#[test]
fn another_disc_does_not_go_on_with_it() {
    let storage = Memory::new();
    interrupted(&storage, &any_bytes(3000));
    let before = content(&storage, "/images/disc.iso.part");
    let mut other = any_bytes(3000);
    other[16 * 2048] ^= 1;
    let ripped = rip_to(&storage, dvd(&other), &Options::default());
    let error = &ripped.failure().error;
    assert!(matches!(error, RipError::UnfinishedIsOther { why: NotThisDisc::OtherDisc, .. }), "{error:?}");
    assert_eq!(content(&storage, "/images/disc.iso.part"), before);
}

#[test]
fn a_restart_begins_again() {
    let storage = Memory::new();
    interrupted(&storage, &any_bytes(3000));
    let mut other = any_bytes(2000);
    other[5] ^= 1;
    let options = Options { unfinished: Unfinished::Restart, ..Options::default() };
    assert_eq!(rip_to(&storage, dvd(&other), &options).report().outcome, Outcome::Complete);
    assert_eq!(content(&storage, OUTPUT).unwrap(), other);
}

#[test]
fn nothing_to_resume_is_told() {
    let options = Options { unfinished: Unfinished::MustResume, ..Options::default() };
    let ripped = rip_to(&Memory::new(), dvd(&any_bytes(100)), &options);
    assert!(matches!(ripped.failure().error, RipError::NothingToResume { .. }));
}

#[test]
fn a_map_that_another_program_rewrote_is_gone_on_with() {
    let (storage, bytes) = (Memory::new(), any_bytes(3000));
    interrupted(&storage, &bytes);
    let map = String::from_utf8(content(&storage, "/images/disc.iso.map").unwrap()).unwrap();
    let theirs: String = map.lines().filter(|l| !l.contains("discwright")).flat_map(|l| [l, "\n"]).collect();
    storage.write_durably(Path::new("/images/disc.iso.map"), theirs.as_bytes()).unwrap();

    let mut other = bytes.clone();
    other[700 * 2048 + 9] ^= 1;
    other[16 * 2048] ^= 1;
    assert!(matches!(
        rip_to(&storage, dvd(&other), &Options::default()).failure().error,
        RipError::UnfinishedIsOther { why: NotThisDisc::OtherDisc, .. }
    ));
    let ripped = rip_to(&storage, dvd(&bytes), &Options::default());
    assert_eq!(ripped.report().outcome, Outcome::Complete);
    assert!(ripped.report().read < count(2000));
    assert_eq!(content(&storage, OUTPUT).unwrap(), bytes);
}

#[test]
fn an_image_without_its_map_is_left_alone() {
    let storage = Memory::new();
    let file = storage.open(Path::new("/images/disc.iso.part"), Opening::New).unwrap();
    file.write_at(0, b"somebody's").unwrap();
    let ripped = rip_to(&storage, dvd(&any_bytes(100)), &Options::default());
    assert!(matches!(ripped.failure().error, RipError::UnfinishedIsOther { why: NotThisDisc::NoMap, .. }));
    assert_eq!(content(&storage, "/images/disc.iso.part").unwrap(), b"somebody's");
}

#[test]
fn a_finished_image_is_not_overwritten_unless_asked() {
    let storage = Memory::new();
    let (first, second) = (any_bytes(200), any_bytes(100));
    rip_to(&storage, dvd(&first), &Options::default()).report();
    let ripped = rip_to(&storage, dvd(&second), &Options::default());
    assert!(matches!(ripped.failure().error, RipError::OutputExists { .. }));
    assert_eq!(content(&storage, OUTPUT).unwrap(), first);
    let options = Options { existing: Existing::Overwrite, ..Options::default() };
    rip_to(&storage, dvd(&second), &options).report();
    assert_eq!(content(&storage, OUTPUT).unwrap(), second);
}

#[test]
fn names_of_our_own_choice_are_numbered() {
    let storage = Memory::new();
    let discs = [any_bytes(200), any_bytes(100), any_bytes(200)];
    let same_as: Vec<_> = discs
        .iter()
        .map(|bytes| {
            let ripped = rip_with(&storage, dvd(bytes), Output::Folder("/images".into()), &Options::default());
            let files = ripped.report().files.clone().unwrap();
            (files.output.display().to_string(), files.same_as.map(|p| p.display().to_string()))
        })
        .collect();
    let named = |n: &str| format!("/images/disc{n}.iso");
    assert_eq!(same_as, [(named(""), None), (named(" (2)"), None), (named(" (3)"), Some(named("")))]);
}

#[test]
fn ranges_are_filled_in_one_after_the_other() {
    let (storage, bytes) = (Memory::new(), any_bytes(1000));
    let part = |from, to| Options { ranges: ranges_of(&[(from, to)]), ..Options::default() };
    assert_eq!(rip_to(&storage, dvd(&bytes), &part(200, 700)).report().outcome, Outcome::PartOfDisc);
    assert_eq!(map_of(&storage).missing().collect::<Vec<_>>(), ranges_of(&[(0, 200), (700, 1000)]));
    assert_eq!(rip_to(&storage, dvd(&bytes), &part(0, 300)).report().outcome, Outcome::PartOfDisc);
    assert_eq!(rip_to(&storage, dvd(&bytes), &part(300, 5000)).report().outcome, Outcome::Complete);
    assert_eq!(content(&storage, OUTPUT).unwrap(), bytes);
}

#[test]
fn what_lies_behind_a_bad_sector_is_read_by_the_next_call() {
    let (storage, bytes) = (Memory::new(), any_bytes(1000));
    let faults = || vec![unreadable(&[(300, 303)], Failure::default())];
    let mut setup = dvd(&bytes);
    setup.faults = faults();
    let hopeless = Options { give_up: Some(GiveUp::Sectors(count(3))), ..Options::default() };
    assert!(matches!(rip_to(&storage, setup, &hopeless).report().outcome, Outcome::GaveUp(_)));
    assert_eq!(map_of(&storage).missing().collect::<Vec<_>>(), ranges_of(&[(300, 1000)]));
    let mut setup = dvd(&bytes);
    setup.faults = faults();
    assert_eq!(rip_to(&storage, setup, &Options::default()).report().missing, count(3));
}

#[test]
fn ranges_that_overlap_are_read_once() {
    let (storage, bytes) = (Memory::new(), any_bytes(1000));
    let options = Options { ranges: ranges_of(&[(500, 1000), (0, 600), (10, 20)]), ..Options::default() };
    let ripped = rip_to(&storage, dvd(&bytes), &options);
    assert_eq!((ripped.report().outcome, ripped.report().read), (Outcome::Complete, count(1000)));
    let sent = Sink::default();
    let output = Output::Stream(Box::new(sent.clone()));
    let options = Options { ranges: ranges_of(&[(10, 20), (5, 15)]), ..Options::default() };
    rip_with(&storage, dvd(&bytes), output, &options).report();
    assert_eq!(*sent.0.lock().unwrap(), bytes[5 * 2048..20 * 2048]);
}

#[test]
fn an_image_whose_damage_was_accepted_can_be_overwritten() {
    let (storage, bytes) = (Memory::new(), any_bytes(300));
    let mut setup = dvd(&bytes);
    setup.faults = vec![unreadable(&[(100, 103)], Failure::default())];
    let accepting = Options { damage: Damage::Accepted, ..Options::default() };
    assert_eq!(rip_to(&storage, setup, &accepting).report().outcome, Outcome::DamageAccepted);
    let options = Options { existing: Existing::Overwrite, ..Options::default() };
    assert_eq!(rip_to(&storage, dvd(&bytes), &options).report().outcome, Outcome::Complete);
    assert_eq!(content(&storage, OUTPUT).unwrap(), bytes);
    assert_eq!(content(&storage, "/images/disc.iso.map"), None);
}

fn to_folder(storage: &Memory, bytes: &[u8], options: &Options) -> String {
    let ripped = rip_with(storage, dvd(bytes), Output::Folder("/images".into()), options);
    ripped.report().files.as_ref().unwrap().output.display().to_string()
}

#[test]
fn a_name_of_our_own_choice_overwrites_nobodys_list() {
    let storage = Memory::new();
    storage.write_durably(Path::new("/images/disc.iso.sha256"), b"somebody's").unwrap();
    assert_eq!(to_folder(&storage, &any_bytes(100), &Options::default()), "/images/disc (2).iso");
    assert_eq!(content(&storage, "/images/disc.iso.sha256").unwrap(), b"somebody's");
}

#[test]
fn somebodys_list_is_overwritten_by_no_restart_and_by_no_next_call() {
    let list = Path::new("/images/disc.iso.sha256");
    for unfinished in [Unfinished::Restart, Unfinished::Resume, Unfinished::MustResume] {
        for in_folder in [false, true] {
            let (storage, bytes) = (Memory::new(), any_bytes(1000));
            let part = Options { ranges: ranges_of(&[(200, 700)]), ..Options::default() };
            assert_eq!(rip_to(&storage, dvd(&bytes), &part).report().outcome, Outcome::PartOfDisc);
            storage.write_durably(list, b"somebody's").unwrap();
            let options = Options { unfinished, ..Options::default() };
            let output = if in_folder { Output::Folder("/images".into()) } else { Output::File(OUTPUT.into()) };
            let ripped = rip_with(&storage, dvd(&bytes), output, &options);
            let RipError::OutputExists { path } = &ripped.failure().error else { panic!("{:?}", ripped.failure()) };
            assert_eq!(path, list);
            assert_eq!(content(&storage, "/images/disc.iso.sha256").unwrap(), b"somebody's");
            assert_eq!(map_of(&storage).missing_count(), count(500));
            let options = Options { existing: Existing::Overwrite, unfinished, ..Options::default() };
            assert_eq!(rip_to(&storage, dvd(&bytes), &options).report().outcome, Outcome::Complete);
        }
    }
}

#[test]
fn a_restart_under_a_name_of_our_own_choice_leaves_another_disc_alone() {
    let storage = Memory::new();
    interrupted(&storage, &any_bytes(3000));
    let before = content(&storage, "/images/disc.iso.part");
    let options = Options { unfinished: Unfinished::Restart, ..Options::default() };
    assert_eq!(to_folder(&storage, &any_bytes(2000), &options), "/images/disc (2).iso");
    assert_eq!(content(&storage, "/images/disc.iso.part"), before);
    assert_eq!(to_folder(&storage, &any_bytes(3000), &options), "/images/disc.iso");
}

#[test]
fn a_range_needs_room_for_itself_alone() {
    let storage = Memory::new().with_capacity(400 * 2048);
    let part = |from, to| Options { ranges: ranges_of(&[(from, to)]), ..Options::default() };
    assert_eq!(rip_to(&storage, dvd(&any_bytes(1000)), &part(0, 300)).report().outcome, Outcome::PartOfDisc);
    let ripped = rip_to(&storage, dvd(&any_bytes(1000)), &part(200, 500));
    assert!(matches!(ripped.failure().error, RipError::NoSpace { needed: 409_600, .. }));
}

#[test]
fn sectors_that_were_asked_for_and_do_not_read_are_damage() {
    let mut setup = dvd(&any_bytes(1000));
    setup.faults = vec![unreadable(&[(300, 303)], Failure::default())];
    let options = Options { ranges: ranges_of(&[(200, 700)]), ..Options::default() };
    let ripped = rip_to(&Memory::new(), setup, &options);
    assert_eq!((ripped.report().outcome, ripped.report().status()), (Outcome::PartOfDisc, Status::Damaged));
}
