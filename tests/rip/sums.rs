//! Discs that carry a sum of themselves.

use super::bench::*;
use discwright::filesystem::sums::SumState;
use discwright::image::Memory;
use discwright::rip::{Options, Outcome, Output, Report, Status};
use discwright::virtual_drive::fault::{Failure, Fault, Trouble};

fn states(report: &Report) -> Vec<String> {
    report.sums.iter().flat_map(|sums| &sums.all).map(|sum| sum.state.to_string()).collect()
}

#[test]
fn a_sum_is_checked_while_the_disc_is_read() {
    let storage = Memory::new();
    let ripped = rip_to(&storage, dvd(&implanted()), &Options::default());
    assert_eq!((states(ripped.report()), ripped.report().status()), (vec!["holds".to_owned()], Status::Ok));
}

#[test]
fn a_drive_that_lies_is_found_out_by_the_disc_itself() {
    for options in [Options::default(), Options { algorithms: vec![], lists: vec![], ..Options::default() }] {
        let mut setup = dvd(&implanted());
        setup.faults =
            vec![Fault::Sectors { ranges: ranges_of(&[(777, 778)]), trouble: Trouble::Lying { attempts: 1 } }];
        let ripped = rip_to(&Memory::new(), setup, &options);
        let report = ripped.report();
        assert_eq!((report.outcome, report.status()), (Outcome::Complete, Status::Damaged));
        assert_eq!(report.findings.iter().map(|f| f.rule.id()).collect::<Vec<_>>(), ["C01"]);
        assert!(matches!(report.sums.as_ref().unwrap().all[0].state, SumState::Differs { .. }));
    }
}

#[test]
fn a_stream_is_checked_too() {
    let output = Output::Stream(Box::new(Sink::default()));
    let ripped = rip_with(&Memory::new(), dvd(&implanted()), output, &Options::default());
    assert_eq!(states(ripped.report()), ["holds"]);
}

#[test]
fn what_came_in_pieces_is_checked_in_the_file() {
    let storage = Memory::new();
    let mut setup = dvd(&implanted());
    setup.faults = vec![unreadable(&[(100, 110)], Failure::default())];
    let first = rip_to(&storage, setup, &Options::default());
    assert_eq!((first.report().outcome, states(first.report())), (Outcome::Damaged, vec!["not-checked".to_owned()]));
    let second = rip_to(&storage, dvd(&implanted()), &Options::default());
    assert_eq!((states(second.report()), second.report().status()), (vec!["holds".to_owned()], Status::Ok));

    let storage = Memory::new();
    let mut setup = dvd(&implanted());
    setup.faults = vec![unreadable(&[(100, 110)], Failure::default())];
    let no_hash = || Options { algorithms: vec![], lists: vec![], ..Options::default() };
    rip_to(&storage, setup, &no_hash());
    let second = rip_to(&storage, dvd(&implanted()), &no_hash());
    assert_eq!((states(second.report()), second.report().status()), (vec!["holds".to_owned()], Status::Ok));

    let mut setup = dvd(&implanted());
    let flaky = Trouble::Flaky { failure: Failure::default(), attempts: 2, retries: Default::default() };
    setup.faults = vec![Fault::Sectors { ranges: ranges_of(&[(100, 110)]), trouble: flaky }];
    let recovered = rip_to(&Memory::new(), setup, &Options::default());
    assert_eq!((states(recovered.report()), recovered.report().status()), (vec!["holds".to_owned()], Status::Ok));
}
