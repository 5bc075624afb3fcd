//! The same image on every kind of disc.

use discwright::burn::upkeep::{Upkeep, keep_up};
use discwright::burn::{BurnError, Left, Mode, Options, Verdict};
use discwright::drive::DiscStatus;
use discwright::sector::SECTOR_BYTES;

use crate::bench::{Bench, any_bytes, file, stream};

#[test]
fn every_kind_of_disc_takes_an_image_and_proves_it() {
    let table = [
        ("dvd-r", Mode::Increments, Left::Closed),
        ("dvd-r-dl", Mode::Increments, Left::Closed),
        ("dvd-rw", Mode::Increments, Left::Closed),
        ("dvd-ram", Mode::InPlace, Left::Rewritable),
        ("dvd+r", Mode::Increments, Left::Closed),
        ("dvd+r-dl", Mode::Increments, Left::Closed),
        ("dvd+rw", Mode::InPlace, Left::Rewritable),
        ("bd-r", Mode::Increments, Left::Closed),
        ("bd-re", Mode::InPlace, Left::Rewritable),
    ];
    for (medium, mode, left) in table {
        let image = any_bytes(200 * SECTOR_BYTES + 77);
        for from_a_stream in [false, true] {
            let mut bench = Bench::with(&format!("medium = \"{medium}\""));
            let source = if from_a_stream { stream(&image) } else { file(&image) };
            let burnt = bench.burn(source, &Options::default());
            let plan = burnt.plan.as_ref().unwrap_or_else(|| panic!("{medium}: {:?}", burnt.failure()));
            assert_eq!((plan.mode, plan.left), (mode, left), "{medium}");
            let report = match &burnt.result {
                Ok(report) => report,
                Err(failure) => panic!("{medium}: {failure}: {:?}", failure.error),
            };
            assert_eq!(report.verdict, Verdict::Same, "{medium}");
            assert_eq!(bench.read(0, 201)[..image.len()], image, "{medium}");
            if left == Left::Closed {
                assert_eq!(bench.disc_state(), (DiscStatus::Finalized, 1), "{medium}");
            }
        }
    }
}

#[test]
fn a_rewritable_disc_takes_one_image_after_the_other() {
    for medium in ["dvd-ram", "dvd+rw", "bd-re"] {
        let mut bench = Bench::with(&format!("medium = \"{medium}\""));
        for skip in 0..3 {
            let image = any_bytes(100 * SECTOR_BYTES + skip)[skip..].to_vec();
            let burnt = bench.burn(file(&image), &Options::default());
            assert_eq!(burnt.report().verdict, Verdict::Same, "{medium}");
            assert_eq!(bench.read(0, 100), image, "{medium}");
        }
    }
}

#[test]
fn a_dvd_rw_that_was_erased_in_a_minute_is_written_at_once() {
    let mut bench = Bench::with("medium = \"dvd-rw\"");
    bench.burn(file(&any_bytes(64 * SECTOR_BYTES)), &Options::default()).report();
    let (clock, stop, mut events) = (bench.clock.clone(), std::sync::atomic::AtomicBool::new(false), Vec::new());
    let what = Upkeep::Blank { whole: false };
    let kept = keep_up(&mut bench.drive, &clock, what, &stop, &mut events, &mut |_| true).unwrap();
    assert_eq!(kept.after.status, DiscStatus::Empty);
    let image = any_bytes(100 * SECTOR_BYTES + 5)[5..].to_vec();
    let burnt = bench.burn(stream(&image), &Options::default());
    assert!(matches!(burnt.failure().error, BurnError::Refused(_)), "{:?}", burnt.failure());
    let burnt = bench.burn(file(&image), &Options::default());
    assert_eq!(burnt.plan.as_ref().unwrap().mode, Mode::DiscAtOnce);
    assert_eq!(burnt.report().verdict, Verdict::Same);
}

#[test]
fn the_second_layer_begins_in_the_middle_of_the_image() {
    let mut bench = Bench::with("medium = \"dvd+r-dl\"");
    let image = any_bytes(320 * SECTOR_BYTES);
    let burnt = bench.burn(file(&image), &Options::default());
    assert_eq!(burnt.report().verdict, Verdict::Same);
    let sent = bench.changes().into_iter().filter(|cdb| cdb.starts_with("bf")).collect::<Vec<_>>();
    assert_eq!(sent, ["bf 00 00 00 00 00 00 20 00 0c 00 00"]);
    bench.disc_state();
    let medium = bench.drive.examine().unwrap();
    assert_eq!(medium.layer_break.map(|at| at.0), Some(160));
}
