//! Discs that are closed, erased and formatted.

use std::sync::atomic::AtomicBool;

use discwright::burn::upkeep::{Upkeep, UpkeepFailure, UpkeepReport, keep_up};
use discwright::burn::{Afterwards, Options, Wishes};
use discwright::drive::DiscStatus;
use discwright::sector::SECTOR_BYTES;

use crate::bench::{Bench, any_bytes, file, refuse};

fn kept(bench: &mut Bench, what: Upkeep) -> Result<UpkeepReport, UpkeepFailure> {
    let (clock, stop, mut events) = (bench.clock.clone(), AtomicBool::new(false), Vec::new());
    bench.forget_talk();
    keep_up(&mut bench.drive, &clock, what, &stop, &mut events, &mut |_| true)
}

fn kept_open() -> Options {
    Options { wishes: Wishes { afterwards: Afterwards::KeepOpen, ..Wishes::default() }, ..Options::default() }
}

#[test]
fn a_disc_that_was_left_open_is_closed() {
    for disc in ["medium = \"dvd+r\"", "medium = \"dvd-r\""] {
        let mut bench = Bench::with(disc);
        bench.burn(file(&any_bytes(64 * SECTOR_BYTES)), &kept_open()).report();
        assert_eq!(bench.disc_state(), (DiscStatus::Incomplete, 1), "{disc}");
        let report = kept(&mut bench, Upkeep::Close).unwrap();
        assert_eq!(report.after.status, DiscStatus::Finalized, "{disc}");
        let again = kept(&mut bench, Upkeep::Close).unwrap();
        assert!(again.plan.steps.is_empty());
    }
}

#[test]
fn a_track_that_was_cut_off_is_closed_with_what_it_has() {
    for disc in ["medium = \"dvd+r\"", "medium = \"dvd-r\""] {
        let mut bench = Bench::with(disc);
        let image = any_bytes(640 * SECTOR_BYTES);
        bench.meddle(|cdb| {
            let at = u32::from_be_bytes(cdb.as_bytes().get(2..6)?.try_into().ok()?);
            (cdb.opcode() == 0x2A && at == 320).then(|| refuse(3, 0x0C, 0))
        });
        bench.burn(file(&image), &Options::default()).failure();
        bench.leave_alone();
        assert_eq!(kept(&mut bench, Upkeep::Close).unwrap().after.status, DiscStatus::Finalized, "{disc}");
        assert_eq!(bench.read(0, 320), image[..320 * SECTOR_BYTES]);
    }
}

#[test]
fn a_blank_disc_has_nothing_to_close_and_a_write_once_disc_is_not_erased() {
    let mut bench = Bench::with("medium = \"dvd+r\"");
    let text = |failed: Result<UpkeepReport, UpkeepFailure>| failed.unwrap_err().to_string();
    assert_eq!(text(kept(&mut bench, Upkeep::Close)), "nothing is on the disc (dvd+r) that could be closed");
    assert_eq!(
        text(kept(&mut bench, Upkeep::Blank { whole: false })),
        "the disc (dvd+r) can be written once, or not at all"
    );
    let format = Upkeep::Format { whole: false, defect_management: None };
    assert_eq!(text(kept(&mut bench, format)), "a dvd+r is not formatted");
    let mut bench = Bench::with("medium = \"dvd+rw\"");
    assert_eq!(text(kept(&mut bench, Upkeep::Blank { whole: true })), "a dvd+rw is not erased");
    assert_eq!(bench.changes(), Vec::<String>::new());
}

#[test]
fn a_dvd_plus_rw_is_formatted_and_forgets_what_was_on_it() {
    let mut bench = Bench::with("medium = \"dvd+rw\"");
    bench.burn(file(&any_bytes(64 * SECTOR_BYTES)), &Options::default()).report();
    let report = kept(&mut bench, Upkeep::Format { whole: false, defect_management: None }).unwrap();
    assert!(report.plan.loses);
    let expected = [
        "04 11 00 00 00 00",
        "35 02 00 00 00 00 00 00 00 00",
        "35 00 00 00 00 00 00 00 00 00",
        "5b 01 00 00 00 00 00 00 00 00",
        "5b 01 02 00 00 00 00 00 00 00",
    ];
    assert_eq!(bench.changes(), expected);
}
