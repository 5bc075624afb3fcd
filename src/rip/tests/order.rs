//! What is read first, and what is left out.

use std::time::Duration;

use super::bench::*;
use super::image_of_others;
use crate::event::{About, Event};
use crate::filesystem::Rule;
use crate::filesystem::iso9660::writer::{Disc, Part, Written, noise};
use crate::image::{BlockStatus, Memory};
use crate::rip::{Options, Order, Outcome, RipError, Status};
use crate::sector::{Lba, SectorRange};
use discwright::virtual_drive::fault::{Failure, Fault, Incident, When};

/// Where something stands that no filesystem uses.
const UNUSED: (u32, u32) = (320, 420);
/// Where a file stands, behind that.
const FAR: (u32, u32) = (600, 620);

pub fn with_something_unused() -> Written {
    let mut disc = Disc::with_all_names();
    disc.file("FAR.BIN", noise(20 * 2048, 3)).at = Some(FAR.0);
    disc.padding = 80;
    disc.pieces.push((UNUSED.0, noise(100 * 2048, 4)));
    disc.write()
}

pub fn in_order(order: Order) -> Options {
    Options { order, ..Options::default() }
}

fn notices(ripped: &Ripped, wanted: About) -> Vec<&str> {
    let told = ripped.events.iter().filter_map(|event| match event {
        Event::Notice { about, text } if *about == wanted => Some(text.as_str()),
        _ => None,
    });
    told.collect()
}

/// The first read that has to do with those sectors.
fn first_read_of(ripped: &Ripped, (start, end): (u32, u32)) -> Option<usize> {
    let wanted = SectorRange::new(Lba(start), Lba(end));
    ripped.counters.reads().iter().position(|read| read.intersection(wanted).is_some())
}

#[test]
fn what_is_used_is_read_before_anything_else() {
    let (storage, disc) = (Memory::new(), with_something_unused());
    let ripped = rip_to(&storage, dvd(&disc.bytes), &in_order(Order::UsedFirst));
    let report = ripped.report();
    assert_eq!((report.outcome, report.status(), report.order), (Outcome::Complete, Status::Ok, Order::UsedFirst));
    assert_eq!(notices(&ripped, About::Order), [] as [&str; 0]);
    assert!(first_read_of(&ripped, FAR).unwrap() < first_read_of(&ripped, UNUSED).unwrap());
    assert!(content(&storage, OUTPUT).unwrap() == disc.bytes);
    for digest in &report.digests.image {
        let mut digester = discwright::checksum::Digester::new(digest.algorithm());
        digester.update(&disc.bytes);
        assert_eq!(*digest, digester.finish());
    }
    let list = String::from_utf8(content(&storage, "/images/disc.iso.sha256").unwrap()).unwrap();
    assert!(list.starts_with(&report.digests.image[0].to_string()), "{list}");
}

#[test]
fn in_the_usual_order_a_disc_is_read_as_it_lies() {
    let disc = with_something_unused();
    let ripped = rip_to(&Memory::new(), dvd(&disc.bytes), &Options::default());
    assert_eq!(ripped.report().order, Order::Sequential);
    assert!(first_read_of(&ripped, UNUSED).unwrap() < first_read_of(&ripped, FAR).unwrap());
}

#[test]
fn what_is_not_used_can_be_left_out_and_is_read_later() {
    let (storage, disc) = (Memory::new(), with_something_unused());
    let ripped = rip_to(&storage, dvd(&disc.bytes), &in_order(Order::UsedOnly));
    let report = ripped.report();
    assert_eq!((report.outcome, report.status(), report.order), (Outcome::PartOfDisc, Status::Ok, Order::UsedOnly));
    assert_eq!(first_read_of(&ripped, UNUSED), None);
    assert!(report.digests.image.is_empty());
    assert_eq!(report.findings, []);
    assert_eq!(content(&storage, OUTPUT), None);
    let (part, map) = (content(&storage, "/images/disc.iso.part").unwrap(), map_of(&storage));
    assert_eq!(part.len(), disc.bytes.len());
    let used: Vec<SectorRange> = map.ranges(BlockStatus::Finished).collect();
    for &range in &used {
        assert!(sectors(&part, range) == sectors(&disc.bytes, range));
    }
    let unused: Vec<SectorRange> = map.ranges(BlockStatus::NonTried).collect();
    for &range in &unused {
        assert!(sectors(&part, range).iter().all(|byte| *byte == 0));
    }
    assert_eq!(SectorRange::count_of(&unused), report.missing);
    assert!(!SectorRange::common(&unused, &ranges_of(&[UNUSED])).is_empty());
    // All that is in the image, and what every walk needs.
    for (path, part) in [("A.BIN", Part::Primary), ("SUB/B.BIN", Part::Joliet), ("SUB", Part::Joliet)] {
        let at = u32::try_from(disc.start(part, path) / 2048).unwrap();
        assert!(used.iter().any(|range| range.contains(Lba(at))), "{path}");
    }
    assert!(used.iter().any(|range| range.contains(Lba(0))) && used.iter().any(|range| range.contains(Lba(16))));

    let ripped = rip_to(&storage, dvd(&disc.bytes), &Options::default());
    assert_eq!((ripped.report().outcome, ripped.report().read), (Outcome::Complete, SectorRange::count_of(&unused)));
    assert!(content(&storage, OUTPUT).unwrap() == disc.bytes);
}

#[test]
fn an_unfinished_rip_is_gone_on_with_in_another_order() {
    let (storage, disc) = (Memory::new(), with_something_unused());
    let mut setup = dvd(&disc.bytes);
    setup.faults = vec![Fault::Once { when: When::Sector(Lba(330)), what: Incident::Gone }];
    let ripped = rip_to(&storage, setup, &Options::default());
    assert!(ripped.failure().report.is_some());
    let ripped = rip_to(&storage, dvd(&disc.bytes), &in_order(Order::UsedFirst));
    let report = ripped.report();
    assert_eq!((report.outcome, report.order), (Outcome::Complete, Order::UsedFirst));
    let there = report.resumed.0;
    assert!(there >= 320 && report.read.0 + there == disc.sectors);
    // Directories are taken from the image.
    let directory = u32::try_from(disc.start(Part::Primary, "SUB") / 2048).unwrap();
    assert_eq!(ripped.counters.attempts(Lba(directory)), 0);
    assert!(first_read_of(&ripped, FAR).unwrap() < first_read_of(&ripped, (340, 420)).unwrap());
    assert!(content(&storage, OUTPUT).unwrap() == disc.bytes);
}

#[test]
fn where_there_is_no_filesystem_the_order_is_that_of_the_disc() {
    for order in [Order::UsedFirst, Order::UsedOnly] {
        let (storage, bytes) = (Memory::new(), any_bytes(800));
        let ripped = rip_to(&storage, dvd(&bytes), &in_order(order));
        assert_eq!((ripped.report().outcome, ripped.report().order), (Outcome::Complete, Order::Sequential));
        assert_eq!(notices(&ripped, About::Order).len(), 1);
        assert!(content(&storage, OUTPUT).unwrap() == bytes);
    }
}

#[test]
fn where_a_directory_is_lost_nothing_is_left_out() {
    let (storage, disc) = (Memory::new(), with_something_unused());
    let directory = u32::try_from(disc.start(Part::Primary, "SUB") / 2048).unwrap();
    let mut setup = dvd(&disc.bytes);
    setup.faults = vec![unreadable(&[(directory, directory + 1)], Failure::default())];
    let ripped = rip_to(&storage, setup, &in_order(Order::UsedOnly));
    let report = ripped.report();
    assert_eq!((report.outcome, report.order), (Outcome::Damaged, Order::UsedFirst));
    assert_eq!(report.bad, ranges_of(&[(directory, directory + 1)]));
    assert_eq!(report.missing, count(1));
    assert_eq!(notices(&ripped, About::Order).len(), 1);
    assert!(first_read_of(&ripped, FAR).unwrap() < first_read_of(&ripped, UNUSED).unwrap());
}

#[test]
fn files_that_nobody_here_can_find_are_not_left_out() {
    for name in ["hfs.iso", "hfsplus.iso"] {
        let (storage, bytes) = (Memory::new(), image_of_others(name));
        let ripped = rip_to(&storage, dvd(&bytes), &in_order(Order::UsedOnly));
        assert_eq!((ripped.report().outcome, ripped.report().order), (Outcome::Complete, Order::UsedFirst), "{name}");
        assert!(content(&storage, OUTPUT).unwrap() == bytes[..bytes.len() / 2048 * 2048], "{name}");
    }
}

#[test]
fn what_is_used_of_others_images_is_a_sound_image() {
    for name in ["rr-joliet.iso", "bridge.iso", "boot.iso", "gpt.iso", "udf-2048.img", "udf-512.img", "dvdr.img"] {
        let (storage, bytes) = (Memory::new(), image_of_others(name));
        let whole = rip_to(&Memory::new(), dvd(&bytes), &Options::default());
        let ripped = rip_to(&storage, dvd(&bytes), &in_order(Order::UsedOnly));
        let report = ripped.report();
        assert_eq!((report.order, report.status()), (Order::UsedOnly, Status::Ok), "{name}");
        let told = |ripped: &Ripped| -> Vec<_> {
            // What stands behind the filesystem is left out, and so there is no telling what it is.
            let findings = ripped.report().findings.iter().filter(|finding| finding.rule != Rule::V12);
            findings.map(|finding| (finding.rule, finding.at)).collect()
        };
        assert_eq!(told(&ripped), told(&whole), "{name}");
        let counted = |ripped: &Ripped| ripped.report().judgement.as_ref().unwrap().trees.clone();
        assert_eq!(counted(&ripped), counted(&whole), "{name}");
    }
}

#[test]
fn directories_that_do_not_read_do_not_hold_up_the_files_for_long() {
    let mut disc = Disc::new();
    for number in 0..60 {
        disc.file(&format!("D{number}/F.BIN"), noise(2048, number));
    }
    let disc = disc.write();
    let directories: Vec<(u32, u32)> = (0..60)
        .map(|number| u32::try_from(disc.start(Part::Primary, &format!("D{number}")) / 2048).unwrap())
        .map(|at| (at, at + 1))
        .collect();
    let time = |order| {
        let mut setup = dvd(&disc.bytes);
        let failure = Failure { time: Duration::from_secs(20), ..Failure::default() };
        setup.faults = vec![unreadable(&directories, failure)];
        let ripped = rip_to(&Memory::new(), setup, &Options { tries: 1, ..in_order(order) });
        assert_eq!(ripped.report().bad_count(), count(60));
        ripped.time
    };
    let (plain, looked) = (time(Order::Sequential), time(Order::UsedOnly));
    assert!(looked < plain + Duration::from_secs(150), "{looked:?} and not {plain:?}");
}

#[test]
fn ranges_and_order_go_together() {
    let (storage, disc) = (Memory::new(), with_something_unused());
    let options = Options { ranges: ranges_of(&[(400, 610)]), ..in_order(Order::UsedFirst) };
    let ripped = rip_to(&storage, dvd(&disc.bytes), &options);
    assert_eq!((ripped.report().outcome, ripped.report().read), (Outcome::PartOfDisc, count(210)));
    assert!(first_read_of(&ripped, (600, 610)).unwrap() < first_read_of(&ripped, (400, 420)).unwrap());
    let options = Options { ranges: ranges_of(&[(300, 605)]), ..in_order(Order::UsedOnly) };
    let storage = Memory::new();
    let ripped = rip_to(&storage, dvd(&disc.bytes), &options);
    assert_eq!(ripped.report().outcome, Outcome::PartOfDisc);
    assert_eq!(map_of(&storage).ranges(BlockStatus::Finished).collect::<Vec<_>>(), ranges_of(&[(600, 605)]));
}

#[test]
fn what_is_used_alone_needs_room_for_itself_alone() {
    let disc = with_something_unused();
    let small = || Memory::new().with_capacity(u64::from(FAR.1 + 10) * 2048);
    assert_eq!(rip_to(&small(), dvd(&disc.bytes), &in_order(Order::UsedOnly)).report().outcome, Outcome::PartOfDisc);
    let ripped = rip_to(&small(), dvd(&disc.bytes), &in_order(Order::UsedFirst));
    assert!(matches!(ripped.failure().error, RipError::NoSpace { .. }));
}
