//! Burns that do not go well.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use discwright::burn::{BurnError, Options, Remains, Source, Verdict};
use discwright::drive::{DiscStatus, WriteTrouble};
use discwright::scsi::{Cdb, Completion};
use discwright::sector::{Lba, SECTOR_BYTES, SectorCount, SectorRange};

use crate::bench::{Bench, any_bytes, demo, file, refuse, stream};

const DVD_PLUS_R: &str = "medium = \"dvd+r\"";
const DVD_PLUS_RW: &str = "medium = \"dvd+rw\"";
const WRITE: u8 = 0x2A;

fn address(cdb: &Cdb) -> u32 {
    u32::from_be_bytes(cdb.as_bytes()[2..6].try_into().unwrap())
}

/// Answers the first `times` commands with this opcode so.
fn first(
    opcode: u8,
    times: usize,
    answer: impl Fn() -> Completion + Send + 'static,
) -> impl FnMut(&Cdb) -> Option<Completion> {
    let mut left = times;
    move |cdb| {
        if cdb.opcode() != opcode || left == 0 {
            return None;
        }
        left -= 1;
        Some(answer())
    }
}

#[test]
fn a_write_that_fails_is_never_sent_again_and_the_state_of_the_disc_is_told() {
    let mut bench = Bench::with(DVD_PLUS_R);
    bench.meddle(|cdb| (cdb.opcode() == WRITE && address(cdb) == 320).then(|| refuse(3, 0x0C, 0)));
    let burnt = bench.burn(file(&any_bytes(640 * SECTOR_BYTES)), &Options::default());
    let failure = burnt.failure();
    match &failure.error {
        BurnError::Write { at, source } => {
            assert_eq!((*at, source.trouble()), (Lba(320), Some(WriteTrouble::WriteFailed)));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(bench.count(WRITE), 11);
    let report = failure.report.as_ref().unwrap();
    assert_eq!(report.remains, Some(Remains::Open { next: Lba(320), written: SectorCount(320) }));
    assert_eq!(report.verdict, Verdict::NotVerified);
    assert_eq!(bench.count(0x5B), 0, "it can be gone on with");
}

#[test]
fn a_failure_that_is_told_afterwards_is_one() {
    let mut bench = Bench::with(DVD_PLUS_R);
    let deferred = || {
        let mut completion = refuse(3, 0x0C, 0);
        completion.sense[0] = 0x71;
        completion
    };
    bench.meddle(move |cdb| (cdb.opcode() == 0x35).then(deferred));
    let burnt = bench.burn(file(&any_bytes(64 * SECTOR_BYTES)), &Options::default());
    assert_eq!(
        burnt.failure().to_string(),
        "the drive failed while writing what is in its buffer: an earlier write failed, as the drive told with \
         SYNCHRONIZE CACHE: the drive could not write to the disc"
    );
}

#[test]
fn a_full_buffer_is_waited_for() {
    let mut bench = Bench::with(DVD_PLUS_R);
    bench.meddle(first(WRITE, 50, || refuse(2, 0x04, 0x08)));
    let burnt = bench.burn(file(&any_bytes(64 * SECTOR_BYTES)), &Options::default());
    assert_eq!(burnt.report().verdict, Verdict::Same);
    assert_eq!(bench.count(WRITE), 52);
}

#[test]
fn a_reader_in_between_is_no_end() {
    let mut bench = Bench::with(DVD_PLUS_R);
    bench.meddle(first(WRITE, 1, || refuse(5, 0x2C, 0)));
    let burnt = bench.burn(file(&any_bytes(64 * SECTOR_BYTES)), &Options::default());
    assert_eq!(burnt.report().verdict, Verdict::Same);
}

#[test]
fn a_reset_in_the_middle_is_the_end_since_the_buffer_is_lost() {
    let mut bench = Bench::with(DVD_PLUS_R);
    bench.meddle(|cdb| (cdb.opcode() == WRITE && address(cdb) == 64).then(|| refuse(6, 0x29, 0)));
    let burnt = bench.burn(file(&any_bytes(128 * SECTOR_BYTES)), &Options::default());
    let BurnError::Write { source, .. } = &burnt.failure().error else { panic!("{:?}", burnt.failure()) };
    assert_eq!(source.trouble(), Some(WriteTrouble::Reset));
}

#[test]
fn a_drive_that_is_ready_too_early_is_asked_to_close_again() {
    let mut bench = Bench::with(DVD_PLUS_R);
    bench.meddle(first(0x5B, 3, || refuse(2, 0x04, 0x07)));
    let burnt = bench.burn(file(&any_bytes(64 * SECTOR_BYTES)), &Options::default());
    assert_eq!(burnt.report().verdict, Verdict::Same);
    assert_eq!(bench.count(0x5B), 5);
}

#[test]
fn a_disc_that_does_not_close_is_told_with_what_is_on_it() {
    let mut bench = Bench::with(DVD_PLUS_R);
    bench.meddle(|cdb| (cdb.opcode() == 0x5B && cdb.as_bytes()[2] == 5).then(|| refuse(3, 0x72, 0x01)));
    let burnt = bench.burn(file(&any_bytes(64 * SECTOR_BYTES)), &Options::default());
    let failure = burnt.failure();
    assert_eq!(
        failure.to_string(),
        "the drive failed while closing the disc: CLOSE TRACK SESSION failed: the drive could not write what closes a \
         session"
    );
    assert!(failure.report.as_ref().unwrap().remains.is_some());
}

#[test]
fn a_drive_that_takes_everything_and_writes_nothing_is_found_out() {
    let mut bench = Bench::with(DVD_PLUS_R);
    bench.meddle(|cdb| matches!(cdb.opcode(), WRITE | 0x35 | 0x5B).then(|| Completion::good(0)));
    let burnt = bench.burn(file(&any_bytes(64 * SECTOR_BYTES)), &Options::default());
    assert!(matches!(burnt.failure().error, BurnError::StillBlank), "{:?}", burnt.failure());
}

#[test]
fn a_wrong_sector_is_found_by_its_place_and_its_file() {
    let mut bench = Bench::with(DVD_PLUS_RW);
    let image = demo();
    // The write of these sectors gets lost, and has good status.
    bench.meddle(|cdb| (cdb.opcode() == WRITE && address(cdb) == 1024).then(|| Completion::good(65_536)));
    let burnt = bench.burn(file(&image), &Options::default());
    let report = burnt.report();
    assert_eq!(report.verdict, Verdict::Differs);
    let found = report.read_back.as_ref().unwrap();
    assert_eq!(found.differing, [SectorRange::new(Lba(1024), Lba(1056))]);
    assert!(!found.damage.all.is_empty());
    assert_ne!(found.digests, report.digests);
}

#[test]
fn a_sector_that_does_not_read_back_is_found() {
    let mut bench = Bench::with(DVD_PLUS_R);
    bench.meddle(|cdb| {
        let hits = cdb.opcode() == 0x28 && {
            let count = u32::from(u16::from_be_bytes(cdb.as_bytes()[7..9].try_into().unwrap()));
            (address(cdb)..address(cdb) + count).contains(&50)
        };
        hits.then(|| refuse(3, 0x11, 5))
    });
    let burnt = bench.burn(file(&any_bytes(64 * SECTOR_BYTES)), &Options::default());
    let report = burnt.report();
    let found = report.read_back.as_ref().unwrap();
    assert_eq!((found.bad.as_slice(), found.differing.len()), ([SectorRange::new(Lba(50), Lba(51))].as_slice(), 0));
    assert_eq!(report.verdict, Verdict::Differs);
}

#[test]
fn who_stops_a_burn_is_told_where_it_can_go_on() {
    let mut bench = Bench::with(DVD_PLUS_R);
    let stop = Arc::new(AtomicBool::new(false));
    let (seen, flag) = (AtomicUsize::new(0), Arc::clone(&stop));
    bench.meddle(move |cdb| {
        if cdb.opcode() == WRITE && seen.fetch_add(1, Ordering::Relaxed) == 5 {
            flag.store(true, Ordering::Relaxed);
        }
        None
    });
    let burnt = bench.burn_until(file(&any_bytes(640 * SECTOR_BYTES)), &Options::default(), &stop);
    let failure = burnt.failure();
    assert!(matches!(failure.error, BurnError::Interrupted), "{failure:?}");
    let report = failure.report.as_ref().unwrap();
    assert_eq!(report.remains, Some(Remains::Open { next: Lba(192), written: SectorCount(192) }));
    bench.leave_alone();
    assert_eq!(bench.disc_state().0, DiscStatus::Incomplete);
}

#[test]
fn a_stream_that_is_longer_than_the_disc_is_told_when_the_disc_is_full() {
    let mut bench = Bench::with(&format!("{DVD_PLUS_R}\ncapacity = 64"));
    let burnt = bench.burn(stream(&any_bytes(100 * SECTOR_BYTES)), &Options::default());
    assert!(matches!(burnt.failure().error, BurnError::Full { room: SectorCount(64) }), "{:?}", burnt.failure());
}

#[test]
fn a_source_that_fails_is_no_fault_of_the_disc() {
    struct Torn(usize);
    impl std::io::Read for Torn {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            if self.0 == 0 {
                return Err(std::io::Error::other("torn"));
            }
            let length = buffer.len().min(self.0);
            self.0 -= length;
            Ok(length)
        }
    }
    let mut bench = Bench::with(DVD_PLUS_R);
    let burnt = bench.burn(Source::Stream(Box::new(Torn(2 << 18))), &Options::default());
    let failure = burnt.failure();
    assert!(matches!(failure.error, BurnError::Source(_)), "{failure:?}");
    assert_eq!(failure.to_string(), "the image cannot be read at byte 524288");
}

#[test]
fn a_slow_source_is_told_and_waited_for() {
    struct Slow {
        told: std::sync::mpsc::Receiver<()>,
        left: usize,
    }
    impl std::io::Read for Slow {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            if self.left == 0 {
                return Ok(0);
            }
            self.left -= 1;
            if self.left == 0 {
                // Until the writer must have seen that there is nothing.
                let _ = self.told.recv_timeout(std::time::Duration::from_millis(200));
            }
            buffer.fill(7);
            Ok(buffer.len())
        }
    }
    let (_keep, told) = std::sync::mpsc::channel();
    let mut bench = Bench::with(DVD_PLUS_R);
    let options = Options { slow_after: std::time::Duration::from_millis(1), ..Options::default() };
    let burnt = bench.burn(Source::Stream(Box::new(Slow { told, left: 2 })), &options);
    assert_eq!(burnt.report().verdict, Verdict::Same);
    assert!(burnt.notices().iter().any(|text| text.contains("slower")), "{:?}", burnt.notices());
}

#[test]
fn nobody_who_says_no_has_anything_written() {
    let mut bench = Bench::with(DVD_PLUS_R);
    let mut events = Vec::new();
    let image = file(&any_bytes(64 * SECTOR_BYTES));
    let (clock, stop) = (bench.clock.clone(), AtomicBool::new(false));
    let no = &mut |_: &discwright::burn::Proposal<'_>| false;
    let result = discwright::burn::burn(&mut bench.drive, &clock, image, &Options::default(), &stop, &mut events, no);
    assert!(matches!(result.unwrap_err().error, BurnError::Declined));
    assert_eq!(bench.changes(), Vec::<String>::new());
}

/// A disc on which the first 192 sectors of an image are, and no more.
fn cut_off(disc: &str, image: &[u8]) -> Bench {
    let mut bench = Bench::with(disc);
    bench.meddle(|cdb| (cdb.opcode() == WRITE && address(cdb) == 192).then(|| refuse(6, 0x29, 0)));
    bench.burn(file(image), &Options::default()).failure();
    bench.leave_alone();
    bench
}

#[test]
fn a_burn_that_was_cut_off_goes_on_with_the_same_image() {
    for disc in [DVD_PLUS_R, "medium = \"dvd-r\""] {
        let image = any_bytes(640 * SECTOR_BYTES);
        let mut bench = cut_off(disc, &image);
        let burnt = bench.burn(file(&image), &Options::default());
        assert_eq!(burnt.plan.as_ref().unwrap().resumes, Some(SectorCount(192)), "{disc}");
        let report = burnt.report();
        assert_eq!((&report.verdict, report.written), (&Verdict::Same, SectorCount(640)));
        assert_eq!(bench.count(WRITE), 14, "what is there is not written again");
        assert_eq!(bench.read(0, 640), image);
        assert_eq!(bench.disc_state(), (DiscStatus::Finalized, 1));
    }
}

#[test]
fn another_image_does_not_go_on_with_it() {
    let image = any_bytes(640 * SECTOR_BYTES);
    let mut bench = cut_off(DVD_PLUS_R, &image);
    let mut other = image.clone();
    other[191 * SECTOR_BYTES] ^= 1;
    let burnt = bench.burn(file(&other), &Options::default());
    assert!(matches!(burnt.failure().error, BurnError::OtherImage), "{:?}", burnt.failure());
    assert_eq!(bench.count(WRITE), 0);
    let burnt = bench.burn(file(&image[..100 * SECTOR_BYTES]), &Options::default());
    assert!(matches!(burnt.failure().error, BurnError::Refused(_)), "shorter than what is there");
    let burnt = bench.burn(stream(&image), &Options::default());
    assert!(matches!(burnt.failure().error, BurnError::Refused(_)), "a stream cannot be compared");
}
