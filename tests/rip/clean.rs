//! Discs with nothing wrong.

use super::bench::*;
use discwright::checksum::{Algorithm, raw_sector};
use discwright::event::{Event, Phase};
use discwright::image::{Memory, Storage};
use discwright::rip::{Options, Outcome, Output, Status};
use discwright::sector::{Lba, SectorCount};
use discwright::verify::{Against, Asked, Digesting, FilePass, Wanted};
use discwright::virtual_drive::disc::{DiscKind, Tail};
use discwright::virtual_drive::mechanics::{Pace, Rotation};
use std::time::Duration;

#[test]
fn a_disc_becomes_its_image() {
    let (storage, bytes) = (Memory::new(), any_bytes(1000));
    let ripped = rip_to(&storage, dvd(&bytes), &Options::default());
    let report = ripped.report();
    assert_eq!(report.outcome, Outcome::Complete);
    assert_eq!(content(&storage, OUTPUT), Some(bytes));
    assert_eq!((report.sectors, report.read, report.missing), (count(1000), count(1000), count(0)));
    let names: Vec<_> = storage.names().iter().map(|p| p.display().to_string()).collect();
    assert_eq!(names, ["/images/disc.iso", "/images/disc.iso.sha256"]);
    let sha256 = report.digests.of(Algorithm::Sha256).unwrap();
    assert_eq!(content(&storage, "/images/disc.iso.sha256").unwrap(), format!("{sha256}  disc.iso\n").into_bytes());
}

#[test]
fn no_sector_is_read_twice() {
    let storage = Memory::new();
    let ripped = rip_to(&storage, dvd(&any_bytes(2000)), &Options::default());
    ripped.report();
    let twice = (300..1990).filter(|&lba| ripped.counters.attempts(Lba(lba)) > 1).count();
    assert_eq!(twice, 0);
}

#[test]
fn digests_are_of_the_image() {
    let (storage, bytes) = (Memory::new(), any_bytes(700));
    let options = Options { algorithms: Algorithm::ALL.to_vec(), ..Options::default() };
    let ripped = rip_to(&storage, dvd(&bytes), &options);
    for digest in &ripped.report().digests.image {
        let mut digester = discwright::checksum::Digester::new(digest.algorithm());
        digester.update(&bytes);
        assert_eq!(*digest, digester.finish());
    }
    assert_eq!(ripped.report().digests.image.len(), 5);
}

#[test]
fn a_cd_is_hashed_in_its_raw_form_too() {
    let (storage, bytes) = (Memory::new(), any_bytes(300));
    let ripped = rip_to(&storage, disc(DiscKind::CdRom, &bytes, Tail::LeadOut), &Options::default());
    let mut digester = discwright::checksum::Digester::new(Algorithm::Sha1);
    for (lba, sector) in bytes.chunks_exact(2048).enumerate() {
        digester.update(&raw_sector(Lba(u32::try_from(lba).unwrap()), sector.try_into().unwrap()));
    }
    assert!(ripped.report().digests.raw.contains(&digester.finish()));
}

#[test]
fn no_hash_means_no_list() {
    let storage = Memory::new();
    let options = Options { algorithms: vec![], lists: vec![], ..Options::default() };
    assert!(rip_to(&storage, dvd(&any_bytes(100)), &options).report().digests.image.is_empty());
    assert_eq!(storage.names().len(), 1);
}

#[test]
fn a_stream_gets_the_sectors_in_order_and_no_file_is_made() {
    let (storage, bytes, stream) = (Memory::new(), any_bytes(777), Sink::default());
    let ripped = rip_with(&storage, dvd(&bytes), Output::Stream(Box::new(stream.clone())), &Options::default());
    assert_eq!(ripped.report().outcome, Outcome::Complete);
    assert!(!ripped.report().digests.image.is_empty());
    assert_eq!(*stream.0.lock().unwrap(), bytes);
    assert!(storage.names().is_empty());
}

#[test]
fn a_drive_that_is_kept_busy_is_told_so() {
    let mut setup = dvd(&any_bytes(20_000));
    setup.pace = Pace::Throttled {
        bytes_per_second: 72e6,
        rotation: Rotation::Clv,
        full_seek: Duration::from_millis(150),
        layer_change: Duration::ZERO,
    };
    let ripped = rip_to(&Memory::new(), setup, &Options::default());
    assert!(ripped.report().drive_busy().unwrap() > 0.99);
    assert!(ripped.time > Duration::from_millis(500), "{:?}", ripped.time);
    let read: Vec<_> = ripped
        .events
        .iter()
        .filter_map(|e| if let Event::Progress(p) = e { (p.phase == Phase::Read).then_some(p.done) } else { None })
        .collect();
    assert_eq!(read.first(), Some(&SectorCount(0)));
    assert_eq!(read.last(), Some(&SectorCount(20_000)));
}

#[test]
fn the_same_digests_come_from_the_file() {
    let (storage, bytes) = (Memory::new(), any_bytes(500));
    let ripped = rip_to(&storage, dvd(&bytes), &Options::default());
    let wanted = Wanted { image: Algorithm::DEFAULT.to_vec(), raw: vec![] };
    let file =
        discwright::image::Storage::open(&storage, OUTPUT.as_ref(), discwright::image::Opening::Reading).unwrap();
    let clock = discwright::clock::SimulatedClock::new();
    let stop = std::sync::atomic::AtomicBool::new(false);
    let digests = discwright::event::telling(&mut Vec::new(), &clock, &discwright::event::NoDrive, &stop, |teller| {
        let pass = FilePass { clock: &clock, teller, stop: &stop, phase: Phase::Hash };
        pass.digests(file.as_ref(), bytes.len() as u64, &wanted).unwrap()
    });
    assert_eq!(digests, ripped.report().digests);
    assert_ne!(digests, Digesting::new(&wanted).finish());
}

#[test]
fn a_stream_is_compared_with_an_image_too() {
    let bytes = any_bytes(300);
    let mut other = bytes.clone();
    other[100 * 2048] ^= 1;
    let folder = tempfile::tempdir().unwrap();
    for (name, content, status) in [("same.iso", &bytes, Status::Ok), ("other.iso", &other, Status::Mismatch)] {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        let storage = Memory::new();
        storage.write_durably(&path, content).unwrap();
        let options = Options { against: vec![Against::load(&path, Asked::ByUser).unwrap()], ..Options::default() };
        let ripped = rip_with(&storage, dvd(&bytes), Output::Stream(Box::new(Sink::default())), &options);
        assert_eq!(ripped.report().comparisons.len(), 1, "{name}");
        assert_eq!(ripped.report().status(), status, "{name}");
    }
}
