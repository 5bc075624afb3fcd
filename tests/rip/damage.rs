//! Discs with sectors that do not read.

use super::bench::*;
use discwright::clock::SimulatedClock;
use discwright::image::{BlockStatus, Memory, Storage};
use discwright::reading::GiveUp;
use discwright::rip::{Damage, Options, Outcome, Output};
use discwright::scsi::{Cdb, Completion, Data, Transport, TransportError};
use discwright::sector::{Lba, SectorCount};
use discwright::virtual_drive::VirtualDrive;
use discwright::virtual_drive::disc::{DiscKind, Tail};
use discwright::virtual_drive::fault::{Extent, Failure, Fault, Information, Trouble};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

#[test]
fn one_bad_sector_costs_no_good_one() {
    let bytes = any_bytes(1000);
    for information in
        [Information::Sector, Information::Absent, Information::EccBlock, Information::Command, Information::Zero]
    {
        let storage = Memory::new();
        let mut setup = dvd(&bytes);
        setup.faults = vec![unreadable(&[(500, 501), (700, 703)], Failure { information, ..Failure::default() })];
        let ripped = rip_to(&storage, setup, &Options::default());
        let report = ripped.report();
        assert_eq!(report.outcome, Outcome::Damaged, "{information:?}");
        assert_eq!(report.bad, ranges_of(&[(500, 501), (700, 703)]));
        let part = content(&storage, "/images/disc.iso.part").unwrap();
        for good in ranges_of(&[(0, 500), (501, 700), (703, 1000)]) {
            assert_eq!(sectors(&part, good), sectors(&bytes, good), "{information:?}");
        }
        assert_eq!(map_of(&storage).ranges(BlockStatus::BadSector).collect::<Vec<_>>(), report.bad);
        assert_eq!(content(&storage, OUTPUT), None);
    }
}

#[test]
fn a_bad_sector_is_tried_as_often_as_was_asked() {
    for tries in [1, 3, 7] {
        let mut setup = dvd(&any_bytes(600));
        setup.faults =
            vec![unreadable(&[(400, 401)], Failure { information: Information::Absent, ..Failure::default() })];
        let options = Options { tries, ..Options::default() };
        let ripped = rip_to(&Memory::new(), setup, &options);
        let single = discwright::sector::SectorRange::with_count(Lba(400), SectorCount(1));
        let alone = ripped.counters.reads().into_iter().filter(|range| *range == single).count();
        assert_eq!(alone, tries as usize);
    }
}

#[test]
fn a_whole_ecc_block_that_fails_is_lost_and_no_more() {
    let mut setup = dvd(&any_bytes(1000));
    setup.faults = vec![unreadable(&[(500, 501)], Failure { extent: Extent::EccBlock, ..Failure::default() })];
    let ripped = rip_to(&Memory::new(), setup, &Options::default());
    assert_eq!(ripped.report().bad, ranges_of(&[(496, 512)]));
}

#[test]
fn a_flaky_sector_is_read_in_the_end() {
    let (storage, bytes) = (Memory::new(), any_bytes(800));
    let mut setup = dvd(&bytes);
    let trouble = Trouble::Flaky { failure: Failure::default(), attempts: 3, retries: Default::default() };
    setup.faults = vec![Fault::Sectors { ranges: ranges_of(&[(300, 301), (304, 305)]), trouble }];
    let ripped = rip_to(&storage, setup, &Options { tries: 5, ..Options::default() });
    assert_eq!(ripped.report().outcome, Outcome::Complete);
    assert_eq!(content(&storage, OUTPUT).unwrap(), bytes);
    let sha256 = ripped.report().digests.image[0];
    let mut digester = discwright::checksum::Digester::new(sha256.algorithm());
    digester.update(&bytes);
    assert_eq!(sha256, digester.finish());
}

#[test]
fn recovered_sectors_are_counted_and_are_good() {
    let (storage, bytes) = (Memory::new(), any_bytes(400));
    let mut setup = dvd(&bytes);
    let sense = discwright::virtual_drive::fault::RECOVERED;
    let trouble = Trouble::Recovered { sense, time: Duration::ZERO };
    setup.faults = vec![Fault::Sectors { ranges: ranges_of(&[(100, 101)]), trouble }];
    let ripped = rip_to(&storage, setup, &Options::default());
    assert_eq!(ripped.report().outcome, Outcome::Complete);
    assert!(!ripped.report().recovered.is_zero());
    assert_eq!(content(&storage, OUTPUT).unwrap(), bytes);
}

#[test]
fn accepted_damage_has_zeros_its_name_and_its_map() {
    let (storage, bytes) = (Memory::new(), any_bytes(500));
    let mut setup = dvd(&bytes);
    setup.faults = vec![unreadable(&[(498, 500)], Failure::default())];
    let options = Options { damage: Damage::Accepted, ..Options::default() };
    let ripped = rip_to(&storage, setup, &options);
    assert_eq!(ripped.report().outcome, Outcome::DamageAccepted);
    let mut expected = bytes;
    expected[498 * 2048..].fill(0);
    assert_eq!(content(&storage, OUTPUT).unwrap(), expected);
    assert_eq!(map_of(&storage).missing_count(), count(2));
    assert_eq!(content(&storage, "/images/disc.iso.part"), None);
}

#[test]
fn run_out_is_not_damage() {
    let (storage, bytes) = (Memory::new(), any_bytes(400));
    let ripped = rip_to(&storage, disc(DiscKind::CdR, &bytes, Tail::RunOut), &Options::default());
    let report = ripped.report();
    assert_eq!(report.outcome, Outcome::Complete);
    assert_eq!(report.subject.size.run_out, Some(ranges_of(&[(400, 402)])[0]));
    assert_eq!(content(&storage, OUTPUT).unwrap(), bytes);
}

#[test]
fn a_sector_costs_no_more_than_its_timeout() {
    let mut setup = dvd(&any_bytes(3000));
    let failure = Failure { time: Duration::from_secs(20), ..Failure::default() };
    setup.faults = vec![unreadable(&[(1000, 1020)], failure)];
    let options = Options { sector_timeout: Some(Duration::from_secs(5)), ..Options::default() };
    let ripped = rip_to(&Memory::new(), setup, &options);
    assert_eq!(ripped.report().bad, ranges_of(&[(1000, 1020)]));
    assert!(ripped.time < Duration::from_secs(20 * 3 * 5 + 60), "{:?}", ripped.time);
}

#[test]
fn a_hopeless_disc_is_given_up_and_kept() {
    for give_up in [GiveUp::Sectors(count(20)), GiveUp::Share(0.01), GiveUp::Time(Duration::from_secs(60))] {
        let storage = Memory::new();
        let mut setup = dvd(&any_bytes(3000));
        let failure = Failure { time: Duration::from_secs(3), ..Failure::default() };
        setup.faults = vec![unreadable(&[(1000, 2900)], failure)];
        let options = Options { give_up: Some(give_up), ..Options::default() };
        let ripped = rip_to(&storage, setup, &options);
        assert_eq!(ripped.report().outcome, Outcome::GaveUp(give_up));
        assert!(ripped.time < Duration::from_secs(600));
        assert_eq!(map_of(&storage).count(BlockStatus::Finished), count(1000));
    }
}

#[test]
fn a_disc_that_begins_bad_is_read_from_where_it_is_good() {
    let (storage, bytes) = (Memory::new(), any_bytes(2000));
    let mut setup = dvd(&bytes);
    setup.faults = vec![unreadable(&[(0, 300)], Failure::default())];
    let ripped = rip_to(&storage, setup, &Options { tries: 1, ..Options::default() });
    assert_eq!(ripped.report().bad, ranges_of(&[(0, 300)]));
}

#[test]
fn sectors_that_no_longer_read_are_zeros_also_where_an_earlier_call_had_written() {
    let (storage, bytes) = (Memory::new(), any_bytes(1000));
    // Killed before its first checkpoint: all is written, and the map claims nothing.
    let mut setup = dvd(&bytes);
    setup.faults = vec![unreadable(&[(5, 6)], Failure::default())];
    rip_to(&storage, setup, &Options::default()).report();
    let empty = format!(
        "# discwright: disc = {}\n0x0 ? 1\n0x0 0x{:X} ?\n",
        map_of(&storage).note("disc").unwrap(),
        bytes.len()
    );
    storage.write_durably(Path::new("/images/disc.iso.map"), empty.as_bytes()).unwrap();

    let mut setup = dvd(&bytes);
    setup.faults = vec![unreadable(&[(300, 303), (999, 1000)], Failure::default())];
    let options = Options { damage: Damage::Accepted, ..Options::default() };
    let ripped = rip_to(&storage, setup, &options);
    assert_eq!(ripped.report().outcome, Outcome::DamageAccepted);
    let mut expected = bytes;
    expected[300 * 2048..303 * 2048].fill(0);
    expected[999 * 2048..].fill(0);
    assert!(content(&storage, OUTPUT).unwrap() == expected);
    let digest = ripped.report().digests.image[0];
    let mut digester = discwright::checksum::Digester::new(digest.algorithm());
    digester.update(&expected);
    assert_eq!(digest, digester.finish());
}

/// Names the last sector of each read that fails.
struct Liar(VirtualDrive);

impl Transport for Liar {
    fn execute(&mut self, cdb: &Cdb, data: Data<'_>, timeout: Duration) -> Result<Completion, TransportError> {
        let mut completion = self.0.execute(cdb, data, timeout)?;
        if let (0x28, Some(sense)) = (cdb.opcode(), completion.decoded_sense()) {
            let bytes = cdb.as_bytes();
            let start = u32::from_be_bytes(bytes[2..6].try_into().unwrap());
            let last = start + u32::from(u16::from_be_bytes([bytes[7], bytes[8]])) - 1;
            completion.sense = sense.with_information(last.into()).emit_fixed();
        }
        Ok(completion)
    }

    fn max_transfer(&self) -> usize {
        self.0.max_transfer()
    }
}

#[test]
fn a_drive_that_names_the_wrong_sector_is_believed_once() {
    let (storage, bytes, clock) = (Memory::new(), any_bytes(4000), SimulatedClock::new());
    let mut setup = dvd(&bytes);
    setup.faults = vec![unreadable(&[(2048, 2049)], Failure::default())];
    let mut drive = VirtualDrive::new(setup, Arc::new(clock.clone()));
    let counters = drive.counters();
    let options = Options { tries: 1, ..Options::default() };
    let ripped = rip_from(Box::new(Liar(drive)), counters, clock, &storage, Output::File(OUTPUT.into()), &options);
    assert_eq!(ripped.report().bad, ranges_of(&[(2048, 2049)]));
    let attempts = ripped.counters.attempts(Lba(2048));
    assert!(attempts <= 4, "{attempts} attempts");
}
