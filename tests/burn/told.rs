//! What drives tell on the side while they record, and what happens between the plan and its beginning.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use discwright::burn::plan::Complaint;
use discwright::burn::upkeep::{Upkeep, keep_up};
use discwright::burn::{BurnError, Options, Refusal, Remains, Verdict, Verification, Wishes};
use discwright::drive::{DiscStatus, MediumKind, WriteTrouble};
use discwright::scsi::{Cdb, Completion};
use discwright::sector::SECTOR_BYTES;

use crate::bench::{Bench, any_bytes, file, refuse, stream};

const DVD_PLUS_R: &str = "medium = \"dvd+r\"";
const BD_RE: &str = "medium = \"bd-re\"";
const CD_R: &str = "medium = \"cd-r\"";
const READ_BUFFER_CAPACITY: u8 = 0x5C;
const SYNCHRONIZE_CACHE: u8 = 0x35;
const FORMAT_UNIT: u8 = 0x04;
const MODE_SELECT: u8 = 0x55;

fn unproven() -> Options {
    Options { verification: Verification::None, ..Options::default() }
}

fn is_write(cdb: &Cdb) -> bool {
    matches!(cdb.opcode(), 0x2A | 0xAA)
}

fn deferred(key: u8, asc: u8, ascq: u8) -> Completion {
    let mut completion = refuse(key, asc, ascq);
    completion.sense[0] = 0x71;
    completion
}

/// Once, in the place of the first answer to `opcode` behind so many writes.
fn behind_writes(
    writes: usize,
    opcode: u8,
    answer: impl Fn() -> Completion + Send + 'static,
) -> impl FnMut(&Cdb) -> Option<Completion> {
    let (mut seen, mut told) = (0, false);
    move |cdb| {
        seen += usize::from(is_write(cdb));
        let now = seen >= writes && cdb.opcode() == opcode && !told;
        told |= now;
        now.then(&answer)
    }
}

/// The drive's buffer is as large as one write, so that it is asked for after 64 of them.
fn with_a_small_buffer(disc: &str) -> Bench {
    let mut bench = Bench::with_claims(disc, "buffer = 65536\nbuffer_free = 0");
    bench.forget_talk();
    bench
}

#[test]
fn what_a_drive_tells_of_an_earlier_write_with_any_answer_ends_the_burn() {
    let answers: [(fn() -> Completion, WriteTrouble); 3] = [
        (|| deferred(3, 0x0C, 0), WriteTrouble::WriteFailed),
        (|| refuse(6, 0x29, 0), WriteTrouble::Reset),
        (|| refuse(6, 0x28, 0), WriteTrouble::Other(discwright::drive::Condition::Changed)),
    ];
    for disc in [DVD_PLUS_R, BD_RE, "medium = \"dvd+rw\"", "medium = \"dvd-ram\""] {
        for (answer, trouble) in answers {
            let mut bench = with_a_small_buffer(disc);
            bench.meddle(behind_writes(64, READ_BUFFER_CAPACITY, answer));
            let burnt = bench.burn(file(&any_bytes(4096 * SECTOR_BYTES)), &unproven());
            let BurnError::Write { at, source } = &burnt.failure().error else {
                panic!("{disc}: {:?}", burnt.failure())
            };
            assert_eq!((source.trouble(), at.0 > 0), (Some(trouble), true), "{disc}");
        }
    }
}

#[test]
fn what_a_drive_tells_with_the_synchronising_between_two_writes_is_the_end_too() {
    let mut bench = Bench::with(DVD_PLUS_R);
    let mut writes = 0;
    bench.meddle(move |cdb| {
        writes += usize::from(is_write(cdb));
        match cdb.opcode() {
            SYNCHRONIZE_CACHE if writes == 3 => Some(refuse(6, 0x29, 0)),
            0x2A if writes == 3 => Some(refuse(5, 0x2C, 0)),
            _ => None,
        }
    });
    let burnt = bench.burn(file(&any_bytes(640 * SECTOR_BYTES)), &unproven());
    let BurnError::Write { source, .. } = &burnt.failure().error else { panic!("{:?}", burnt.failure()) };
    assert_eq!(source.trouble(), Some(WriteTrouble::Reset));
}

#[test]
fn a_drive_that_is_busy_with_something_else_is_waited_for_and_one_without_a_reason_not_for_long() {
    let mut bench = Bench::with(CD_R);
    let clock = bench.clock.clone();
    let busy_until = |seconds, ascq| {
        let (clock, mut since) = (clock.clone(), None);
        move |cdb: &Cdb| {
            if !is_write(cdb) || cdb.as_bytes()[3..6] != [0, 0x01, 0x40] {
                return None;
            }
            let now = discwright::clock::Clock::now(&clock);
            let began = *since.get_or_insert(now);
            (now - began < std::time::Duration::from_secs(seconds)).then(|| refuse(2, 0x04, ascq))
        }
    };
    bench.meddle(busy_until(60, 0x07));
    assert_eq!(bench.burn(file(&any_bytes(640 * SECTOR_BYTES)), &Options::default()).report().verdict, Verdict::Same);

    let mut bench = Bench::with(CD_R);
    bench.meddle(busy_until(u64::MAX, 0x00));
    assert!(bench.burn(file(&any_bytes(640 * SECTOR_BYTES)), &Options::default()).result.is_err());
}

#[test]
fn a_stream_of_which_nothing_comes_leaves_the_disc_as_it_is() {
    for disc in [DVD_PLUS_R, BD_RE, CD_R, "medium = \"dvd-ram\"", "medium = \"bd-r\""] {
        let mut bench = Bench::with(disc);
        let burnt = bench.burn(stream(&[]), &Options::default());
        let BurnError::Refused(Refusal { complaint, .. }) = &burnt.failure().error else {
            panic!("{disc}: {:?}", burnt.failure())
        };
        assert_eq!(*complaint, Complaint::EmptyImage, "{disc}");
        for opcode in [0x2A, 0xAA, FORMAT_UNIT, MODE_SELECT, 0x54, 0x5B, 0x5D] {
            assert_eq!(bench.count(opcode), 0, "{disc}: {opcode:02x}");
        }
    }
}

#[test]
fn a_disc_that_was_changed_while_the_question_stood_is_left_alone() {
    let mut bench = Bench::with(BD_RE);
    let changed = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&changed);
    bench.meddle(move |_| flag.swap(false, Ordering::Relaxed).then(|| refuse(6, 0x28, 0)));
    let (clock, stop, mut events) = (bench.clock.clone(), AtomicBool::new(false), Vec::new());
    let mut yes = |_: &discwright::burn::Proposal<'_>| {
        changed.store(true, Ordering::Relaxed);
        true
    };
    let image = file(&any_bytes(64 * SECTOR_BYTES));
    let options = Options::default();
    let result = discwright::burn::burn(&mut bench.drive, &clock, image, &options, &stop, &mut events, &mut yes);
    assert!(matches!(result.unwrap_err().error, BurnError::DiscChanged));
    assert_eq!((bench.count(FORMAT_UNIT), bench.count(0xAA)), (0, 0));

    let format = Upkeep::Format { whole: false, defect_management: None };
    let kept = keep_up(&mut bench.drive, &clock, format, &stop, &mut events, &mut |_| {
        changed.store(true, Ordering::Relaxed);
        true
    });
    assert!(matches!(kept.unwrap_err().error, BurnError::DiscChanged));
    assert_eq!(bench.count(FORMAT_UNIT), 0);
}

#[test]
fn who_wants_to_stop_while_the_question_stands_has_not_said_yes() {
    let mut bench = Bench::with(BD_RE);
    let (clock, stop, mut events) = (bench.clock.clone(), AtomicBool::new(false), Vec::new());
    let mut yes = |_: &discwright::burn::Proposal<'_>| {
        stop.store(true, Ordering::Relaxed);
        true
    };
    let image = file(&any_bytes(64 * SECTOR_BYTES));
    let options = Options::default();
    let result = discwright::burn::burn(&mut bench.drive, &clock, image, &options, &stop, &mut events, &mut yes);
    assert!(matches!(result.unwrap_err().error, BurnError::Interrupted));
    let format = Upkeep::Format { whole: false, defect_management: None };
    let kept = keep_up(&mut bench.drive, &clock, format, &stop, &mut events, &mut |_| true);
    assert!(kept.is_err());
    assert_eq!((bench.count(FORMAT_UNIT), bench.count(0xAA)), (0, 0));
}

#[test]
fn behind_sectors_that_failed_nothing_is_promised() {
    for disc in [DVD_PLUS_R, "medium = \"bd-r\"", "medium = \"dvd-r\""] {
        let mut bench = Bench::with_faults(disc, "kind = \"unwritable\"\nsectors = [\"500\"]");
        let image = any_bytes(640 * SECTOR_BYTES);
        let burnt = bench.burn(file(&image), &Options::default());
        let remains = burnt.failure().report.as_ref().unwrap().remains;
        match remains {
            Some(Remains::Torn { good }) => assert!(good.is_none_or(|good| good.0 <= 500), "{disc}: {good:?}"),
            Some(Remains::Open { written, next }) => {
                assert!(written.0 <= 500 && next.0 <= 500, "{disc}: {written} {next}");
            }
            other => panic!("{disc}: {other:?}"),
        }
    }
}

#[test]
fn what_was_to_be_written_at_once_is_not_gone_on_with() {
    for disc in ["medium = \"dvd-r\"", "medium = \"dvd-rw\""] {
        let mut bench = Bench::with(disc);
        let at_once = Options {
            wishes: Wishes { mode: Some(discwright::burn::Mode::SessionAtOnce), ..Wishes::default() },
            ..Options::default()
        };
        let mut writes = 0;
        bench.meddle(move |cdb| {
            writes += usize::from(is_write(cdb));
            (is_write(cdb) && writes == 7).then(|| refuse(6, 0x29, 0))
        });
        let image = any_bytes(640 * SECTOR_BYTES);
        let burnt = bench.burn(file(&image), &at_once);
        assert_eq!(burnt.failure().report.as_ref().unwrap().remains, Some(Remains::Unfinished), "{disc}");
        bench.leave_alone();
        let burnt = bench.burn(file(&image), &Options::default());
        let BurnError::Refused(Refusal { kind, complaint }) = &burnt.failure().error else {
            panic!("{disc}: {:?}", burnt.failure())
        };
        assert_eq!(*complaint, Complaint::LeftUnfinished, "{disc}");
        assert!(matches!(kind, MediumKind::DvdR | MediumKind::DvdRwSequential));
    }
}

#[test]
fn a_disc_that_stays_blank_is_found_out_without_reading_it_back_too() {
    let mut bench = Bench::with(DVD_PLUS_R);
    bench
        .meddle(|cdb| (is_write(cdb) || matches!(cdb.opcode(), SYNCHRONIZE_CACHE | 0x5B)).then(|| Completion::good(0)));
    let burnt = bench.burn(file(&any_bytes(64 * SECTOR_BYTES)), &unproven());
    assert!(matches!(burnt.failure().error, BurnError::StillBlank), "{:?}", burnt.failure());
}

#[test]
fn what_came_before_the_first_sector_leaves_nothing_of_the_image() {
    let mut bench = Bench::with(BD_RE);
    bench.meddle(|cdb| (cdb.opcode() == SYNCHRONIZE_CACHE).then(|| refuse(3, 0x0C, 0)));
    let burnt = bench.burn(file(&any_bytes(64 * SECTOR_BYTES)), &Options::default());
    assert_eq!(burnt.failure().report.as_ref().unwrap().remains, Some(Remains::Unwritten));
}

#[test]
fn a_stream_that_fills_a_disc_leaves_it_full_and_open() {
    let mut bench = Bench::with(&format!("{DVD_PLUS_R}\ncapacity = 64"));
    let burnt = bench.burn(stream(&any_bytes(100 * SECTOR_BYTES)), &Options::default());
    assert_eq!(burnt.failure().report.as_ref().unwrap().remains, Some(Remains::Full));
    let (clock, stop, mut events) = (bench.clock.clone(), AtomicBool::new(false), Vec::new());
    let kept = keep_up(&mut bench.drive, &clock, Upkeep::Close, &stop, &mut events, &mut |_| true).unwrap();
    assert_eq!(kept.after.status, DiscStatus::Finalized);
}

#[test]
fn a_link_that_carries_less_than_a_granule_writes_the_image_all_the_same() {
    for (disc, most) in [(DVD_PLUS_R, 20_480), ("medium = \"bd-r\"", 32_768)] {
        let mut bench = Bench::with(&format!("{disc}\nmax_transfer = {most}"));
        let burnt = bench.burn(file(&any_bytes(101 * SECTOR_BYTES)), &Options::default());
        assert_eq!(burnt.report().verdict, Verdict::Same, "{disc}");
        assert_eq!(burnt.report().written.0 % 16, 0);
    }
}

#[test]
fn after_a_simulation_the_laser_is_on_for_whoever_comes_next() {
    let mut bench = Bench::with("medium = \"dvd-r\"");
    let simulate = Options { wishes: Wishes { simulate: true, ..Wishes::default() }, ..Options::default() };
    assert_eq!(bench.burn(file(&any_bytes(64 * SECTOR_BYTES)), &simulate).report().verdict, Verdict::Simulated);
    assert_eq!(bench.count(MODE_SELECT), 2);
    assert_eq!(bench.disc_state().0, DiscStatus::Empty);
}
