//! DVD-R.

use discwright::burn::{Mode, Options, Verdict, Wishes};
use discwright::drive::DiscStatus;
use discwright::sector::SECTOR_BYTES;

use crate::bench::{Bench, any_bytes, file, stream};

const DVD_R: &str = "medium = \"dvd-r\"";

fn with(wishes: Wishes) -> Options {
    Options { wishes, ..Options::default() }
}

#[test]
fn a_dvd_r_is_written_in_increments_and_closed() {
    let mut bench = Bench::with(DVD_R);
    let image = any_bytes(100 * SECTOR_BYTES);
    let burnt = bench.burn(stream(&image), &Options::default());
    assert_eq!(burnt.report().verdict, Verdict::Same);
    let changes = bench.changes();
    let expected = [
        "55 10",
        "b6 00",
        "54 01",
        "2a 00 00 00 00 00 00 00 20 00",
        "2a 00 00 00 00 20 00 00 20 00",
        "2a 00 00 00 00 40 00 00 20 00",
        "2a 00 00 00 00 60 00 00 10 00",
        "35 02",
        "35 00",
        "5b 01 01 00 00 01",
        "5b 01 02 00 00 00",
        "1b 00 00 00 02",
        "1b 00 00 00 03",
    ];
    assert_eq!(changes.len(), expected.len(), "{changes:#?}");
    for (sent, expected) in changes.iter().zip(expected) {
        assert!(sent.starts_with(expected), "{sent}: {expected}");
    }
    assert_eq!(bench.disc_state(), (DiscStatus::Finalized, 1));
    assert_eq!(bench.read(0, 100), image);
}

#[test]
fn a_dvd_r_at_once_is_closed_by_being_written() {
    let mut bench = Bench::with(DVD_R);
    let image = any_bytes(100 * SECTOR_BYTES);
    let burnt = bench.burn(file(&image), &with(Wishes { mode: Some(Mode::SessionAtOnce), ..Wishes::default() }));
    assert_eq!(burnt.plan.as_ref().unwrap().mode, Mode::DiscAtOnce);
    assert_eq!(burnt.report().verdict, Verdict::Same);
    assert!(bench.changes().iter().any(|cdb| cdb.starts_with("53 00 00 00 00 00 00 00 70")), "{:?}", bench.changes());
    assert_eq!(bench.count(0x5B), 0);
    assert_eq!(bench.disc_state(), (DiscStatus::Finalized, 1));
}

#[test]
fn a_simulation_leaves_a_dvd_r_blank() {
    let mut bench = Bench::with(DVD_R);
    let burnt = bench.burn(file(&any_bytes(64 * SECTOR_BYTES)), &with(Wishes { simulate: true, ..Wishes::default() }));
    assert_eq!(burnt.report().verdict, Verdict::Simulated);
    assert_eq!(bench.disc_state().0, DiscStatus::Empty);
}
