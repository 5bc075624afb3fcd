//! Burns that go well.

use discwright::burn::{Afterwards, Left, Options, Simulation, Verdict, Verification, Wishes};
use discwright::checksum::Algorithm;
use discwright::drive::DiscStatus;
use discwright::sector::{SECTOR_BYTES, SectorCount};

use crate::bench::{Bench, any_bytes, demo, file, stream};

const DVD_PLUS_R: &str = "medium = \"dvd+r\"";
const DVD_PLUS_RW: &str = "medium = \"dvd+rw\"";

fn without_verification() -> Options {
    Options { verification: Verification::None, ..Options::default() }
}

#[test]
fn an_image_is_on_the_disc_byte_for_byte_and_proven_to_be() {
    for disc in [DVD_PLUS_R, DVD_PLUS_RW] {
        let mut bench = Bench::with(disc);
        let image = demo();
        let burnt = bench.burn(file(&image), &Options::default());
        let report = burnt.report();
        assert_eq!(report.verdict, Verdict::Same, "{disc}");
        assert_eq!((report.written, report.image_bytes), (SectorCount(3600), 3600 * 2048));
        assert_eq!(report.read_back.as_ref().unwrap().digests, report.digests);
        assert!(report.digests.of(Algorithm::Sha256).is_some());
        assert_eq!(bench.read(0, 3600), image, "{disc}");
    }
}

#[test]
fn a_dvd_plus_r_is_burnt_with_these_commands_and_no_others() {
    let mut bench = Bench::with(DVD_PLUS_R);
    let burnt = bench.burn(file(&any_bytes(100 * SECTOR_BYTES)), &Options::default());
    assert_eq!(burnt.report().plan.left, Left::Closed);
    let expected = [
        "b6 00 00 00 00 00 00 00 00 00 1c 00",
        "2a 00 00 00 00 00 00 00 20 00",
        "2a 00 00 00 00 20 00 00 20 00",
        "2a 00 00 00 00 40 00 00 20 00",
        "2a 00 00 00 00 60 00 00 10 00",
        "35 02 00 00 00 00 00 00 00 00",
        "35 00 00 00 00 00 00 00 00 00",
        "5b 01 01 00 00 01 00 00 00 00",
        "5b 01 05 00 00 00 00 00 00 00",
        // The tray goes out and in.
        "1b 00 00 00 02 00",
        "1b 00 00 00 03 00",
    ];
    assert_eq!(bench.changes(), expected);
    assert!(bench.count(0x28) > 0, "the READs of the proof");
    assert_eq!(bench.disc_state(), (DiscStatus::Finalized, 1));
}

#[test]
fn a_new_dvd_plus_rw_is_formatted_first_and_the_format_is_stopped_behind() {
    let mut bench = Bench::with(DVD_PLUS_RW);
    bench.burn(file(&any_bytes(32 * SECTOR_BYTES)), &Options::default()).report();
    let expected = [
        "b6 00 00 00 00 00 00 00 00 00 1c 00",
        "04 11 00 00 00 00",
        "35 02 00 00 00 00 00 00 00 00",
        "35 00 00 00 00 00 00 00 00 00",
        "2a 00 00 00 00 00 00 00 20 00",
        "35 02 00 00 00 00 00 00 00 00",
        "35 00 00 00 00 00 00 00 00 00",
        "5b 01 00 00 00 00 00 00 00 00",
        "5b 01 02 00 00 00 00 00 00 00",
        "1b 00 00 00 02 00",
        "1b 00 00 00 03 00",
    ];
    assert_eq!(bench.changes(), expected);
    // A second one writes over the first.
    let second = any_bytes(64 * SECTOR_BYTES + 1)[1..].to_vec();
    let burnt = bench.burn(file(&second), &Options::default());
    assert!(burnt.plan.as_ref().unwrap().overwrites);
    assert_eq!(burnt.report().verdict, Verdict::Same);
    assert_eq!(bench.read(0, 64), second);
}

#[test]
fn an_image_that_ends_within_a_sector_is_padded_and_compared_as_far_as_it_goes() {
    let mut bench = Bench::with(DVD_PLUS_R);
    let image = any_bytes(70 * SECTOR_BYTES + 1234);
    let burnt = bench.burn(file(&image), &Options::default());
    let report = burnt.report();
    assert_eq!((report.written, report.image_bytes), (SectorCount(80), image.len() as u64));
    assert_eq!(report.verdict, Verdict::Same);
    let disc = bench.read(0, 80);
    assert_eq!(disc[..image.len()], image);
    assert!(disc[image.len()..].iter().all(|byte| *byte == 0));
}

#[test]
fn a_stream_of_unknown_length_is_burnt_and_proven() {
    for disc in [DVD_PLUS_R, DVD_PLUS_RW] {
        let mut bench = Bench::with(disc);
        let image = any_bytes(300 * SECTOR_BYTES + 7);
        let burnt = bench.burn(stream(&image), &Options::default());
        let report = burnt.report();
        assert_eq!((report.plan.image_bytes, report.image_bytes), (None, image.len() as u64));
        assert_eq!(report.verdict, Verdict::Same);
        assert_eq!(bench.read(0, 301)[..image.len()], image);
    }
}

#[test]
fn a_disc_that_was_kept_open_takes_another_session() {
    let mut bench = Bench::with(DVD_PLUS_R);
    let wishes = Wishes { afterwards: Afterwards::KeepOpen, ..Wishes::default() };
    let first = any_bytes(64 * SECTOR_BYTES);
    bench.burn(file(&first), &Options { wishes, ..Options::default() }).report();
    assert_eq!(bench.disc_state(), (DiscStatus::Incomplete, 1));
    let wishes = Wishes { append: true, ..Wishes::default() };
    let second = any_bytes(32 * SECTOR_BYTES + 3)[3..].to_vec();
    let burnt = bench.burn(file(&second), &Options { wishes, ..Options::default() });
    let report = burnt.report();
    assert_eq!(report.verdict, Verdict::Same);
    assert_eq!(bench.disc_state(), (DiscStatus::Finalized, 2));
    assert_eq!(bench.read(0, 64), first);
    let start = burnt.plan.as_ref().unwrap().start;
    assert_eq!(bench.read(start.0, 32), second);
}

#[test]
fn a_simulation_that_the_disc_does_not_have_touches_nothing() {
    let mut bench = Bench::with(DVD_PLUS_R);
    let wishes = Wishes { simulate: true, ..Wishes::default() };
    let burnt = bench.burn(file(&any_bytes(32 * SECTOR_BYTES)), &Options { wishes, ..Options::default() });
    let report = burnt.report();
    assert_eq!((&report.verdict, report.plan.simulation), (&Verdict::PlanAlone, Simulation::PlanAlone));
    assert_eq!(bench.changes(), Vec::<String>::new());
    assert_eq!(bench.disc_state().0, DiscStatus::Empty);
}

#[test]
fn who_does_not_want_a_proof_gets_none() {
    let mut bench = Bench::with(DVD_PLUS_R);
    let burnt = bench.burn(file(&any_bytes(32 * SECTOR_BYTES)), &without_verification());
    assert_eq!(burnt.report().verdict, Verdict::NotVerified);
    assert_eq!(bench.changes().iter().filter(|cdb| cdb.starts_with("1b")).count(), 0);
}

#[test]
fn a_disc_is_full_to_its_last_sector_and_no_further() {
    let disc = format!("{DVD_PLUS_R}\ncapacity = 64");
    let mut bench = Bench::with(&disc);
    let image = any_bytes(64 * SECTOR_BYTES);
    assert_eq!(bench.burn(file(&image), &Options::default()).report().verdict, Verdict::Same);
    let mut bench = Bench::with(&disc);
    let burnt = bench.burn(file(&any_bytes(65 * SECTOR_BYTES)), &Options::default());
    assert_eq!(
        burnt.failure().to_string(),
        "the image has 65 sectors, and the disc (dvd+r) has room for 64: 1 too many"
    );
    assert_eq!(bench.changes(), Vec::<String>::new());
}

#[test]
fn a_drive_in_time_is_kept_busy_and_its_buffer_full() {
    let mut bench = Bench::with(&format!("{DVD_PLUS_R}\nspeed = \"16x\""));
    let burnt = bench.burn(file(&any_bytes(40_000 * SECTOR_BYTES)), &Options::default());
    let report = burnt.report();
    assert!(report.drive_busy().unwrap() > 0.99, "{:?}", report.pace);
    assert!(report.pace.least_fill.unwrap() > 0.5, "{:?}", report.pace);
    let told = report.bytes_per_second().unwrap();
    assert!((15e6..25e6).contains(&told), "{told}");
}
