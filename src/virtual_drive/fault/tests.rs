//! This module knows what must meet a head on its way over faulty sectors.

use super::*;

fn range(text: &str) -> SectorRange {
    text.parse().unwrap()
}

fn faults(list: &[(&[&str], Trouble)]) -> Faults {
    let fault = |(ranges, trouble): &(&[&str], Trouble)| Fault::Sectors {
        ranges: ranges.iter().map(|text| range(text)).collect(),
        trouble: *trouble,
    };
    Faults::new(list.iter().map(fault).collect(), SectorCount(16))
}

fn stops_at(faults: &mut Faults, text: &str) -> Option<u32> {
    faults.pass(range(text), Cache::Allowed).stop.map(|(at, _)| at.0)
}

const FAILURE: Failure = Failure {
    sense: UNREADABLE,
    information: Information::Sector,
    extent: Extent::Sector,
    reach: SectorCount(0),
    time: Duration::from_secs(2),
};

#[test]
fn a_passage_ends_at_the_first_bad_sector() {
    let mut faults = faults(&[(&["100..112", "50..51"], Trouble::Unreadable(FAILURE))]);
    assert!(faults.is_clean(range("0..50")));
    assert!(!faults.is_clean(range("0..51")));
    assert_eq!(stops_at(&mut faults, "0..200"), Some(50));
    assert_eq!(stops_at(&mut faults, "51..200"), Some(100));
    assert_eq!(stops_at(&mut faults, "111..200"), Some(111));
    assert_eq!(stops_at(&mut faults, "112..200"), None);
    let passage = faults.pass(range("100..101"), Cache::Allowed);
    assert_eq!(passage.time, Duration::from_secs(2));
    assert_eq!(passage.stop, Some((Lba(100), Stop::Failed(UNREADABLE.with_information(100)))));
}

#[test]
fn a_long_place_is_found_behind_short_ones() {
    let mut faults = faults(&[
        (&["10..1000", "20..21", "30..31"], Trouble::Unreadable(FAILURE)),
        (&["5..6"], Trouble::Slow { time: Duration::from_secs(1) }),
    ]);
    assert_eq!(stops_at(&mut faults, "900..901"), Some(900));
    assert_eq!(stops_at(&mut faults, "1000..1001"), None);
}

#[test]
fn one_bad_sector_takes_its_ecc_block_along() {
    let failure = Failure { extent: Extent::EccBlock, information: Information::EccBlock, ..FAILURE };
    let mut faults = faults(&[(&["20..21"], Trouble::Unreadable(failure))]);
    assert_eq!(stops_at(&mut faults, "0..40"), Some(16));
    assert_eq!(stops_at(&mut faults, "32..40"), None);
    let Some((_, Stop::Failed(sense))) = faults.pass(range("31..32"), Cache::Allowed).stop else { panic!() };
    assert_eq!(sense.information, Some(16));
}

#[test]
fn information_can_be_absent_or_wrong() {
    for (information, told) in [
        (Information::Absent, None),
        (Information::EccBlock, Some(96)),
        (Information::Command, Some(90)),
        (Information::Zero, Some(0)),
    ] {
        let mut faults = faults(&[(&["100..101"], Trouble::Unreadable(Failure { information, ..FAILURE }))]);
        let Some((_, Stop::Failed(sense))) = faults.pass(range("90..110"), Cache::Allowed).stop else { panic!() };
        assert_eq!(sense.information, told, "{information:?}");
    }
}

#[test]
fn a_flaky_sector_reads_at_last() {
    let flaky = |retries| Trouble::Flaky { failure: FAILURE, attempts: 2, retries };
    let mut faults = faults(&[(&["5..7"], flaky(Retries::FromDisc))]);
    assert_eq!(stops_at(&mut faults, "0..16"), Some(5));
    assert_eq!(stops_at(&mut faults, "6..7"), Some(6));
    assert_eq!(stops_at(&mut faults, "0..16"), Some(5));
    assert_eq!(stops_at(&mut faults, "0..16"), Some(6), "6 has failed once only");
    assert_eq!(stops_at(&mut faults, "0..16"), None);
}

#[test]
fn a_cached_failure_stays_one_until_the_cache_is_bypassed() {
    let twice = Trouble::Flaky { failure: FAILURE, attempts: 2, retries: Retries::FromCache };
    let mut faults = faults(&[(&["5..6"], twice)]);
    for _ in 0..5 {
        assert_eq!(stops_at(&mut faults, "5..6"), Some(5));
    }
    assert!(faults.pass(range("5..6"), Cache::Bypassed).stop.is_some());
    assert!(faults.pass(range("5..6"), Cache::Bypassed).stop.is_none());
    assert_eq!(stops_at(&mut faults, "5..6"), None);
}

#[test]
fn lies_are_told_so_often_and_then_no_more() {
    let mut faults = faults(&[(&["5..7"], Trouble::Lying { attempts: 1 })]);
    assert_eq!(faults.pass(range("0..6"), Cache::Allowed).lies, [Lba(5)]);
    assert_eq!(faults.pass(range("0..16"), Cache::Allowed).lies, [Lba(6)]);
    assert_eq!(faults.pass(range("0..16"), Cache::Allowed), Passage::default());
}

#[test]
fn slow_sectors_cost_their_time_each() {
    let slow = Trouble::Slow { time: Duration::from_secs(1) };
    let recovered = Trouble::Recovered { sense: RECOVERED, time: Duration::from_secs(3) };
    let mut faults = faults(&[(&["10..20"], slow), (&["15..16"], recovered)]);
    let passage = faults.pass(range("12..18"), Cache::Allowed);
    assert_eq!(passage.time, Duration::from_secs(9));
    assert_eq!(passage.recovered, Some(RECOVERED.with_information(15)));
}

#[test]
fn incidents_happen_once_and_before_a_bad_sector() {
    let once = |when, what| Fault::Once { when, what };
    let bad = Fault::Sectors { ranges: vec![range("8..9")], trouble: Trouble::Unreadable(FAILURE) };
    let list = vec![
        bad,
        once(When::Sector(Lba(8)), Incident::TrayOpens),
        once(When::Elapsed(Duration::from_secs(5)), Incident::Gone),
        once(When::Command(3), Incident::Attention(RESET)),
    ];
    let mut faults = Faults::new(list, SectorCount(1));
    assert_eq!(faults.due(Duration::ZERO, 2), []);
    assert_eq!(faults.due(Duration::ZERO, 3), [Incident::Attention(RESET)]);
    assert_eq!(faults.due(Duration::from_secs(6), 4), [Incident::Gone]);
    assert_eq!(faults.due(Duration::from_secs(7), 5), []);
    let stop = faults.pass(range("0..16"), Cache::Allowed).stop;
    assert_eq!(stop, Some((Lba(8), Stop::Happened(Incident::TrayOpens))));
    assert_eq!(stops_at(&mut faults, "0..16"), Some(8));
    assert!(faults.is_clean(range("0..8")), "nothing is pending any more");
}

#[test]
fn a_read_of_several_sectors_fails_with_what_is_read_ahead() {
    let failure = Failure { reach: SectorCount(16), ..FAILURE };
    let mut faults = faults(&[(&["100..102"], Trouble::Unreadable(failure))]);
    assert_eq!(stops_at(&mut faults, "68..84"), None);
    let passage = faults.pass(range("69..85"), Cache::Allowed);
    assert_eq!(passage.stop, Some((Lba(69), Stop::Failed(UNREADABLE.with_information(100)))));
    assert!(!faults.is_clean(range("84..100")));
    assert_eq!(stops_at(&mut faults, "99..100"), None, "a single sector comes");
    assert_eq!(stops_at(&mut faults, "99..101"), Some(100));
    assert_eq!(stops_at(&mut faults, "102..110"), None);
}
