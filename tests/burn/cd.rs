//! CD-R and CD-RW.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use discwright::burn::plan::Complaint;
use discwright::burn::upkeep::{Upkeep, keep_up};
use discwright::burn::{Afterwards, BurnError, Left, Mode, Options, Remains, Verdict, Wishes};
use discwright::drive::DiscStatus;
use discwright::scsi::Cdb;
use discwright::sector::{Lba, SECTOR_BYTES, SectorCount};

use crate::bench::{Bench, any_bytes, file, refuse, stream};

const CD_R: &str = "medium = \"cd-r\"";
const CD_RW: &str = "medium = \"cd-rw\"";
const WRITE: u8 = 0x2A;

fn with(wishes: Wishes) -> Options {
    Options { wishes, ..Options::default() }
}

fn track_at_once() -> Options {
    with(Wishes { mode: Some(Mode::TrackAtOnce), ..Wishes::default() })
}

fn keep_open() -> Options {
    with(Wishes { afterwards: Afterwards::KeepOpen, ..Wishes::default() })
}

fn append() -> Options {
    with(Wishes { append: true, ..Wishes::default() })
}

fn other_bytes(sectors: usize, skip: usize) -> Vec<u8> {
    any_bytes(sectors * SECTOR_BYTES + skip)[skip..].to_vec()
}

fn upkept(bench: &mut Bench, what: Upkeep) -> Result<DiscStatus, String> {
    let (clock, stop, mut events) = (bench.clock.clone(), AtomicBool::new(false), Vec::new());
    bench.forget_talk();
    keep_up(&mut bench.drive, &clock, what, &stop, &mut events, &mut |_| true)
        .map(|report| report.after.status)
        .map_err(|failure| failure.to_string())
}

#[track_caller]
fn assert_sent(bench: &Bench, expected: &[&str]) {
    let changes = bench.changes();
    assert_eq!(changes.len(), expected.len(), "{changes:#?}");
    for (sent, expected) in changes.iter().zip(expected) {
        assert!(sent.starts_with(expected), "{sent}: {expected}");
    }
}

/// Where a write starts: below zero in a pre-gap.
fn address(cdb: &Cdb) -> i32 {
    i32::from_be_bytes(cdb.as_bytes()[2..6].try_into().unwrap())
}

#[test]
fn a_session_at_once_begins_150_sectors_before_the_image_and_ends_with_it() {
    for disc in [CD_R, CD_RW] {
        let mut bench = Bench::with(disc);
        let image = any_bytes(310 * SECTOR_BYTES);
        let burnt = bench.burn(file(&image), &Options::default());
        let plan = burnt.plan.as_ref().unwrap();
        assert_eq!((plan.mode, plan.left, plan.run_out), (Mode::SessionAtOnce, Left::Closed, SectorCount(0)));
        assert_eq!(burnt.report().verdict, Verdict::Same);
        let mut expected = vec!["55 10", "bb 00", "54 01", "5d 00 00 00 00 00 00 00 20 00"];
        expected.extend(["2a 00 ff ff ff 6a 00 00 10", "2a 00 ff ff ff 7a 00 00 10", "2a 00 ff ff ff 8a 00 00 10"]);
        expected.extend(["2a 00 ff ff ff 9a 00 00 10", "2a 00 ff ff ff aa 00 00 10", "2a 00 ff ff ff ba 00 00 10"]);
        expected.extend(["2a 00 ff ff ff ca 00 00 10", "2a 00 ff ff ff da 00 00 10", "2a 00 ff ff ff ea 00 00 10"]);
        let writes: Vec<String> =
            (0..19).map(|n| format!("2a 00 00 00 {:02x} {:02x} 00 00 10", n / 16, n % 16 * 16)).collect();
        expected.push("2a 00 ff ff ff fa 00 00 06");
        expected.extend(writes.iter().map(String::as_str));
        expected.extend(["2a 00 00 00 01 30 00 00 06", "35 02", "35 00", "1b 00 00 00 02", "1b 00 00 00 03"]);
        assert_sent(&bench, &expected);
        assert_eq!(bench.disc_state(), (DiscStatus::Finalized, 1), "{disc}");
        assert_eq!(bench.read(0, 310), image, "{disc}");
        let medium = bench.drive.examine().unwrap();
        assert_eq!(medium.tracks[0].sectors, SectorCount(310), "nothing behind it that does not read");
    }
}

#[test]
fn a_track_at_once_is_closed_by_synchronising_and_has_run_out_that_is_not_compared() {
    for disc in [CD_R, CD_RW] {
        let mut bench = Bench::with(disc);
        let image = any_bytes(320 * SECTOR_BYTES + 5);
        let burnt = bench.burn(stream(&image), &Options::default());
        let plan = burnt.plan.as_ref().unwrap();
        assert_eq!((plan.mode, plan.left, plan.run_out), (Mode::TrackAtOnce, Left::Closed, SectorCount(2)));
        assert_eq!(burnt.report().verdict, Verdict::Same);
        let changes = bench.changes();
        assert!(changes[0].starts_with("55 10") && changes[2].starts_with("54 01"), "{changes:?}");
        let after: Vec<&str> =
            changes.iter().filter(|cdb| !cdb.starts_with("2a")).skip(3).map(|cdb| &cdb[..8]).collect();
        assert_eq!(after, ["35 02 00", "35 00 00", "5b 01 02", "1b 00 00", "1b 00 00"], "and no CLOSE TRACK");
        assert_eq!(bench.disc_state(), (DiscStatus::Finalized, 1), "{disc}");
        assert_eq!(bench.read(0, 321)[..image.len()], image, "{disc}");
        let medium = bench.drive.examine().unwrap();
        assert_eq!(medium.tracks[0].sectors, SectorCount(323), "321 and the run-out");
    }
}

#[test]
fn what_is_shorter_than_four_seconds_is_filled_up() {
    for options in [Options::default(), track_at_once()] {
        let mut bench = Bench::with(CD_R);
        let image = any_bytes(10 * SECTOR_BYTES);
        let burnt = bench.burn(file(&image), &options);
        let report = burnt.report();
        assert_eq!((report.written, report.image_bytes), (SectorCount(300), image.len() as u64));
        assert_eq!(report.verdict, Verdict::Same);
        let disc = bench.read(0, 300);
        assert_eq!(disc[..image.len()], image);
        assert!(disc[image.len()..].iter().all(|byte| *byte == 0));
    }
    let mut bench = Bench::with(CD_R);
    assert_eq!(bench.burn(stream(&[1; 2048]), &Options::default()).report().written, SectorCount(300));
}

#[test]
fn a_disc_that_was_kept_open_takes_two_more_sessions() {
    for first_options in [
        keep_open(),
        with(Wishes { mode: Some(Mode::TrackAtOnce), afterwards: Afterwards::KeepOpen, ..Wishes::default() }),
    ] {
        let mut bench = Bench::with(CD_R);
        let images = [other_bytes(400, 0), other_bytes(350, 1), other_bytes(301, 2)];
        bench.burn(file(&images[0]), &first_options).report();
        assert_eq!(bench.disc_state(), (DiscStatus::Incomplete, 1));
        let wishes = Wishes { append: true, afterwards: Afterwards::KeepOpen, ..Wishes::default() };
        let second = bench.burn(file(&images[1]), &with(wishes));
        assert_eq!(second.report().verdict, Verdict::Same);
        assert_eq!(bench.disc_state(), (DiscStatus::Incomplete, 2));
        let third = bench.burn(stream(&images[2]), &append());
        assert_eq!(third.report().verdict, Verdict::Same);
        assert_eq!(bench.disc_state(), (DiscStatus::Finalized, 3));
        let run_out = first_options.wishes.mode.map_or(0, |_| 2);
        let starts = [Lba(0), Lba(400 + run_out + 11_400), Lba(400 + run_out + 11_400 + 352 + 6900)];
        let plans = [second.plan.unwrap().start, third.plan.unwrap().start];
        assert_eq!(plans, starts[1..]);
        for (start, image) in starts.iter().zip(&images) {
            assert_eq!(&bench.read(start.0, image.len() / SECTOR_BYTES), image);
        }
    }
}

#[test]
fn a_disc_with_something_on_it_is_left_alone_by_who_does_not_append() {
    let mut bench = Bench::with(CD_R);
    bench.burn(file(&any_bytes(300 * SECTOR_BYTES)), &keep_open()).report();
    let refused = |bench: &mut Bench, options: &Options| {
        let burnt = bench.burn(file(&other_bytes(300, 3)), options);
        let BurnError::Refused(refusal) = &burnt.failure().error else { panic!("{:?}", burnt.failure()) };
        assert_eq!(bench.changes(), Vec::<String>::new());
        refusal.complaint.clone()
    };
    assert_eq!(refused(&mut bench, &Options::default()), Complaint::HasData);
    let wishes = Wishes { append: true, mode: Some(Mode::SessionAtOnce), ..Wishes::default() };
    assert_eq!(refused(&mut bench, &with(wishes)), Complaint::ModeNotThere { mode: Mode::SessionAtOnce });
    assert_eq!(
        upkept(&mut bench, Upkeep::Close).unwrap_err(),
        "the sessions on the disc (cd-r) are closed, and only another session closes it for good"
    );
    bench.burn(file(&other_bytes(300, 4)), &append()).report();
    assert_eq!(refused(&mut bench, &append()), Complaint::Complete);
}

#[test]
fn a_simulation_leaves_the_disc_blank() {
    for (disc, options) in [(CD_R, Options::default()), (CD_R, track_at_once()), (CD_RW, Options::default())] {
        let mut bench = Bench::with(disc);
        let simulated = with(Wishes { simulate: true, ..options.wishes });
        let image = any_bytes(400 * SECTOR_BYTES);
        let burnt = bench.burn(file(&image), &simulated);
        assert_eq!(burnt.report().verdict, Verdict::Simulated);
        assert_eq!(bench.count(WRITE), if options.wishes.mode.is_none() { 35 } else { 25 });
        assert_eq!(bench.disc_state().0, DiscStatus::Empty, "{disc}");
        // Test writing is over with the simulation.
        assert_eq!(bench.burn(file(&image), &options).report().verdict, Verdict::Same);
    }
}

#[test]
fn a_cd_rw_is_erased_in_a_minute_or_wholly_and_burnt_again() {
    for whole in [false, true] {
        let mut bench = Bench::with(CD_RW);
        for skip in 0..2 {
            let image = other_bytes(400, skip);
            assert_eq!(bench.burn(file(&image), &Options::default()).report().verdict, Verdict::Same);
            assert_eq!(bench.read(0, 400), image);
            assert_eq!(upkept(&mut bench, Upkeep::Blank { whole }).unwrap(), DiscStatus::Empty);
            assert_sent(&bench, &[if whole { "a1 10" } else { "a1 11" }]);
        }
    }
    let mut bench = Bench::with(CD_R);
    bench.burn(file(&any_bytes(300 * SECTOR_BYTES)), &Options::default()).report();
    let refusal = upkept(&mut bench, Upkeep::Blank { whole: false }).unwrap_err();
    assert_eq!(refusal, "the disc (cd-r) can be written once, or not at all");
}

#[test]
fn a_cd_is_full_where_its_groove_says_so_and_a_track_at_once_two_sectors_before() {
    let disc = format!("{CD_R}\ncapacity = 1000");
    let sectors = |count: usize| any_bytes(count * SECTOR_BYTES);
    let text = |bench: &mut Bench, count, options: &Options| {
        let burnt = bench.burn(file(&sectors(count)), options);
        assert_eq!(bench.changes(), Vec::<String>::new());
        burnt.failure().to_string()
    };
    let mut bench = Bench::with(&disc);
    assert_eq!(
        text(&mut bench, 1001, &Options::default()),
        "the image has 1,001 sectors, and the disc (cd-r) has room for 1,000: 1 too many"
    );
    assert_eq!(
        text(&mut bench, 999, &track_at_once()),
        "the image has 999 sectors, and the disc (cd-r) has room for 998: 1 too many"
    );
    assert_eq!(bench.burn(file(&sectors(1000)), &Options::default()).report().verdict, Verdict::Same);
    let mut bench = Bench::with(&disc);
    assert_eq!(bench.burn(file(&sectors(998)), &track_at_once()).report().verdict, Verdict::Same);
    let mut bench = Bench::with(&disc);
    let burnt = bench.burn(stream(&sectors(1500)), &Options::default());
    assert!(matches!(burnt.failure().error, BurnError::Full { room: SectorCount(998) }), "{:?}", burnt.failure());
}

#[test]
fn overburning_is_up_to_the_drive_and_one_that_does_not_has_written_nothing() {
    let mut bench = Bench::with(&format!("{CD_R}\ncapacity = 1000"));
    let overburn = with(Wishes { overburn: true, ..Wishes::default() });
    let burnt = bench.burn(file(&any_bytes(1100 * SECTOR_BYTES)), &overburn);
    let failure = burnt.failure();
    assert_eq!(
        failure.to_string(),
        "the drive failed while taking the cue sheet: SEND CUE SHEET failed: the disc or the track ends there"
    );
    assert_eq!(failure.report.as_ref().unwrap().remains, Some(Remains::Blank));
    let burnt = bench.burn(file(&any_bytes(1251 * SECTOR_BYTES)), &overburn);
    assert!(matches!(burnt.failure().error, BurnError::Refused(_)), "no CD has that much more than it says");
}

#[test]
fn a_track_that_was_cut_off_is_there_up_to_the_cut_once_its_session_is_closed() {
    let mut bench = Bench::with(CD_R);
    let image = any_bytes(640 * SECTOR_BYTES);
    bench.meddle(|cdb| (cdb.opcode() == WRITE && address(cdb) == 400).then(|| refuse(3, 0x0C, 0)));
    let burnt = bench.burn(stream(&image), &Options::default());
    let report = burnt.failure().report.as_ref().unwrap();
    assert_eq!(report.remains, Some(Remains::Track { written: Some(SectorCount(400)) }));
    assert_eq!(bench.count(0x5B), 0);
    bench.leave_alone();
    let burnt = bench.burn(file(&image), &Options::default());
    let BurnError::Refused(refusal) = &burnt.failure().error else { panic!("{:?}", burnt.failure()) };
    assert_eq!(refusal.complaint, Complaint::LeftOpen);
    assert_eq!(upkept(&mut bench, Upkeep::Close).unwrap(), DiscStatus::Finalized);
    assert_eq!(bench.read(0, 400), image[..400 * SECTOR_BYTES]);
}

#[test]
fn a_session_at_once_that_was_cut_off_is_lost_and_only_a_cd_rw_is_not() {
    for (disc, in_the_gap) in [(CD_R, false), (CD_RW, false), (CD_RW, true)] {
        let mut bench = Bench::with(disc);
        let image = any_bytes(640 * SECTOR_BYTES);
        let stop = Arc::new(AtomicBool::new(false));
        let (seen, flag) = (AtomicUsize::new(0), Arc::clone(&stop));
        let last = if in_the_gap { 3 } else { 30 };
        bench.meddle(move |cdb| {
            if cdb.opcode() == WRITE && seen.fetch_add(1, Ordering::Relaxed) == last {
                flag.store(true, Ordering::Relaxed);
            }
            None
        });
        let burnt = bench.burn_until(file(&image), &Options::default(), &stop);
        let failure = burnt.failure();
        assert!(matches!(failure.error, BurnError::Interrupted), "{failure:?}");
        let report = failure.report.as_ref().unwrap();
        assert!(report.remains == Some(Remains::Unfinished) || in_the_gap, "{:?}", report.remains);
        assert_ne!(report.verdict, Verdict::Same);
        bench.leave_alone();
        if disc == CD_RW {
            assert_eq!(upkept(&mut bench, Upkeep::Blank { whole: false }).unwrap(), DiscStatus::Empty);
            assert_eq!(bench.burn(file(&image), &Options::default()).report().verdict, Verdict::Same);
        }
    }
}
