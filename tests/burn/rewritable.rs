//! Discs that are formatted, and written over.

use std::sync::atomic::AtomicBool;

use discwright::burn::plan::Complaint;
use discwright::burn::upkeep::{Upkeep, keep_up};
use discwright::burn::{BurnError, DefectManagement, Left, Mode, Options, Remains, Verdict, Wishes};
use discwright::drive::{FormatState, MediumKind};
use discwright::sector::{SECTOR_BYTES, SectorCount};

use crate::bench::{Bench, any_bytes, file, refuse, stream};

const WRITE: u8 = 0x2A;

fn other_bytes(sectors: usize, skip: usize) -> Vec<u8> {
    any_bytes(sectors * SECTOR_BYTES + skip)[skip..].to_vec()
}

fn kept(bench: &mut Bench, what: Upkeep) -> Result<(), String> {
    let (clock, stop, mut events) = (bench.clock.clone(), AtomicBool::new(false), Vec::new());
    bench.forget_talk();
    keep_up(&mut bench.drive, &clock, what, &stop, &mut events, &mut |_| true)
        .map(drop)
        .map_err(|failure| failure.to_string())
}

fn format(bench: &mut Bench, whole: bool, defect_management: Option<DefectManagement>) -> Result<(), String> {
    kept(bench, Upkeep::Format { whole, defect_management })
}

/// The kind of the disc, and what it is formatted to.
fn state(bench: &mut Bench) -> (MediumKind, FormatState, u32) {
    bench.disc_state();
    let medium = bench.drive.examine().unwrap();
    let disc = bench.drive.writability(&medium).unwrap();
    let format = disc.format.unwrap();
    (disc.kind, format.state, format.blocks.0)
}

#[test]
fn a_dvd_rw_that_was_formatted_in_a_moment_takes_an_image_and_a_larger_one() {
    let mut bench = Bench::with("medium = \"dvd-rw\"");
    format(&mut bench, false, None).unwrap();
    assert_eq!(bench.changes()[0], "04 11 00 00 00 00");
    assert_eq!((state(&mut bench).0, state(&mut bench).1), (MediumKind::DvdRw, FormatState::Unknown));
    for (sectors, grows) in [(100, true), (64, false), (300, true), (200, false)] {
        let image = other_bytes(sectors, sectors % 7);
        let burnt = bench.burn(file(&image), &Options::default());
        let plan = burnt.plan.as_ref().unwrap();
        assert_eq!((plan.mode, plan.left), (Mode::InPlace, Left::Rewritable), "{sectors}");
        assert_eq!(burnt.report().verdict, Verdict::Same, "{sectors}");
        assert_eq!(bench.count(0x5B), usize::from(grows), "{sectors}");
        assert_eq!(bench.count(0x55), 0, "no write parameters");
        assert_eq!(bench.read(0, sectors), image, "{sectors}");
    }
    assert_eq!(state(&mut bench), (MediumKind::DvdRw, FormatState::Formatted, 304));
    let image = other_bytes(401, 3);
    assert_eq!(bench.burn(stream(&image), &Options::default()).report().verdict, Verdict::Same);
    assert_eq!(bench.read(0, 401), image);
}

#[test]
fn a_dvd_rw_that_was_formatted_wholly_is_written_over_anywhere() {
    let mut bench = Bench::with("medium = \"dvd-rw\"");
    format(&mut bench, true, None).unwrap();
    assert_eq!(state(&mut bench), (MediumKind::DvdRw, FormatState::Formatted, 2_297_888));
    for skip in 0..2 {
        let image = other_bytes(100, skip);
        let burnt = bench.burn(stream(&image), &Options::default());
        assert_eq!(burnt.report().verdict, Verdict::Same);
        assert_eq!((bench.count(0x04), bench.count(0x5B)), (0, 0));
        assert_eq!(bench.read(0, 100), image);
    }
    // And back again.
    kept(&mut bench, Upkeep::Blank { whole: true }).unwrap();
    let burnt = bench.burn(stream(&other_bytes(64, 1)), &Options::default());
    assert_eq!(burnt.plan.as_ref().unwrap().mode, Mode::Increments);
    assert_eq!(burnt.report().verdict, Verdict::Same);
}

#[test]
fn a_dvd_rw_that_was_cut_off_while_it_grew_is_closed_and_burnt_again() {
    let mut bench = Bench::with("medium = \"dvd-rw\"");
    format(&mut bench, false, None).unwrap();
    let image = any_bytes(640 * SECTOR_BYTES);
    bench.meddle(|cdb| (cdb.opcode() == WRITE && cdb.as_bytes()[4..6] == [1, 64]).then(|| refuse(3, 0x0C, 0)));
    let burnt = bench.burn(file(&image), &Options::default());
    let report = burnt.failure().report.as_ref().unwrap();
    assert_eq!(report.remains, Some(Remains::PartlyOverwritten));
    assert_eq!(bench.count(0x5B), 1, "it reads again");
    bench.leave_alone();
    assert_eq!(bench.burn(file(&image), &Options::default()).report().verdict, Verdict::Same);
}

#[test]
fn each_disc_gets_the_format_that_was_asked_for() {
    const ON: Option<DefectManagement> = Some(DefectManagement::On);
    const OFF: Option<DefectManagement> = Some(DefectManagement::Off);
    let table = [
        ("bd-re", false, None, 11_826_176),
        ("bd-re", true, ON, 11_826_176),
        ("bd-re", false, OFF, 12_219_392),
        ("dvd-ram", false, None, 2_236_704),
        ("dvd-ram", true, None, 2_236_704),
        // The rest is formatted once somebody needs it.
        ("dvd+rw", false, None, 0),
    ];
    for (medium, whole, defect_management, blocks) in table {
        let mut bench = Bench::with(&format!("medium = \"{medium}\""));
        format(&mut bench, whole, defect_management).unwrap();
        let (_, formatted, told) = state(&mut bench);
        assert_eq!((formatted, told), (FormatState::Formatted, blocks), "{medium}");
        let image = any_bytes(100 * SECTOR_BYTES);
        assert_eq!(bench.burn(file(&image), &Options::default()).report().verdict, Verdict::Same, "{medium}");
        // Formatted anew, with what is on it.
        format(&mut bench, false, None).unwrap();
        assert_eq!(bench.burn(file(&image), &Options::default()).report().verdict, Verdict::Same, "{medium}");
    }
}

#[test]
fn a_look_at_every_sector_of_a_dvd_ram_is_taken_only_where_somebody_wants_it() {
    let mut bench = Bench::with("medium = \"dvd-ram\"\nspeed = \"5x\"");
    for (whole, cdb) in [(false, "04 19 00 00 00 00"), (true, "04 11 00 00 00 00")] {
        let began = discwright::clock::Clock::now(&bench.clock);
        format(&mut bench, whole, None).unwrap();
        let took = discwright::clock::Clock::now(&bench.clock) - began;
        assert_eq!(bench.changes()[0], cdb);
        assert_eq!(took.as_secs() > 600, whole, "{took:?}");
    }
}

#[test]
fn a_bd_r_gets_spare_sectors_before_it_is_written_and_only_then() {
    let mut bench = Bench::with("medium = \"bd-r\"");
    format(&mut bench, false, None).unwrap();
    let image = any_bytes(100 * SECTOR_BYTES);
    let burnt = bench.burn(file(&image), &Options::default());
    assert_eq!(burnt.plan.as_ref().unwrap().room, SectorCount(11_826_176));
    assert_eq!(burnt.report().verdict, Verdict::Same);
    assert_eq!(bench.read(0, 100), image);
    assert_eq!(format(&mut bench, false, None).unwrap_err(), "this bd-r needs no format");
}

#[test]
fn what_has_no_meaning_on_a_disc_is_refused() {
    let refusal = |medium: &str, whole, defect_management| {
        let mut bench = Bench::with(&format!("medium = \"{medium}\""));
        let text = format(&mut bench, whole, defect_management).unwrap_err();
        assert_eq!(bench.changes(), Vec::<String>::new());
        text
    };
    let (on, off) = (Some(DefectManagement::On), Some(DefectManagement::Off));
    assert_eq!(
        refusal("dvd-ram", false, off),
        "--defect-management means nothing on a dvd-ram: it never is without spare sectors"
    );
    assert_eq!(
        refusal("dvd+rw", true, None),
        "--full means nothing on a dvd+rw: all but its beginning is formatted while it is used"
    );
    assert_eq!(
        refusal("dvd-rw", false, on),
        "--defect-management means nothing on a dvd-rw-seq: only a bd-r or bd-re can have spare sectors or not"
    );
    assert_eq!(
        refusal("bd-re", true, off),
        "--full means nothing on a bd-re: without spare sectors nothing is looked at"
    );
    assert_eq!(refusal("bd-r", false, off), "this bd-r needs no format");
    assert_eq!(refusal("cd-rw", false, None), "a cd-rw is not formatted");
}

#[test]
fn nothing_is_appended_where_nothing_is() {
    for medium in ["dvd+rw", "dvd-ram", "bd-re"] {
        let mut bench = Bench::with(&format!("medium = \"{medium}\""));
        let mut options = Options::default();
        options.wishes.append = true;
        let burnt = bench.burn(file(&any_bytes(64 * SECTOR_BYTES)), &options);
        let BurnError::Refused(refusal) = &burnt.failure().error else { panic!("{:?}", burnt.failure()) };
        assert!(
            matches!(refusal.complaint, Complaint::NothingToAppendTo | Complaint::NothingToGrow),
            "{medium}: {refusal}"
        );
        bench.burn(file(&any_bytes(64 * SECTOR_BYTES)), &Options::default()).report();
        let burnt = bench.burn(file(&any_bytes(64 * SECTOR_BYTES)), &options);
        let BurnError::Refused(refusal) = &burnt.failure().error else { panic!("{:?}", burnt.failure()) };
        assert_eq!(refusal.complaint, Complaint::NothingToGrow, "{medium}");
        assert_eq!(bench.changes(), Vec::<String>::new());
    }
}

#[test]
fn a_sector_that_takes_no_data_costs_a_spare_one_where_the_drive_is_to_look() {
    let on = Wishes { defect_management: Some(DefectManagement::On), ..Wishes::default() };
    let careful = Options { wishes: on, ..Options::default() };
    for medium in ["bd-re", "dvd-ram", "bd-r"] {
        let disc = format!("medium = \"{medium}\"");
        let fault = "kind = \"unwritable\"\nsectors = [\"500\"]";
        let image = any_bytes(640 * SECTOR_BYTES);
        let mut bench = Bench::with_faults(&disc, fault);
        assert_eq!(bench.burn(file(&image), &careful).report().verdict, Verdict::Same, "{medium}");
        let mut bench = Bench::with_faults(&disc, fault);
        assert!(bench.burn(file(&image), &Options::default()).result.is_err(), "{medium}");
    }
    // As is, where it is formatted already.
    let mut bench = Bench::with("medium = \"bd-re\"\nstate = \"formatted\"");
    assert_eq!(bench.burn(file(&any_bytes(64 * SECTOR_BYTES)), &careful).report().verdict, Verdict::Same);
    assert_eq!((bench.count(0xAA), bench.count(0x2A)), (0, 2));
}
