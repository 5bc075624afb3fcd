//! Discs read once more, and compared while they pass.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::Place;
use super::bench::any_bytes;
use discwright::checksum::Algorithm;
use discwright::clock::SimulatedClock;
use discwright::drive::Drive;
use discwright::image::Disk;
use discwright::reading::TripError;
use discwright::sector::SectorCount;
use discwright::verify::{Against, Answer, Asked, DiscReport, Options, Verdict, VerifyError, verify_disc};
use discwright::virtual_drive::Scene;

pub fn verify(scene: &str, against: &[&Path]) -> Result<DiscReport, VerifyError> {
    let clock = SimulatedClock::new();
    let drive = Scene::parse(scene, Path::new("")).unwrap().build(Arc::new(clock.clone())).unwrap();
    let mut drive = Drive::new(Box::new(drive), Arc::new(clock.clone()));
    let against = against.iter().map(|path| Against::load(path, Asked::ByUser).unwrap()).collect();
    let options = Options { algorithms: vec![Algorithm::Sha256], against, ..Options::default() };
    let mut introduced = 0;
    let mut introduce = |_: &_| introduced += 1;
    let stop = AtomicBool::new(false);
    let report = verify_disc(&mut drive, &Disk, &options, 3, None, &clock, &stop, &mut Vec::new(), &mut introduce);
    assert!(introduced <= 1 && (introduced == 1 || report.is_err()), "told {introduced} times what disc it is");
    report
}

pub fn scene(place: &Place, more: &str) -> String {
    format!("image = '{}'\nmedium = 'dvd-rom'\n{more}", place.path("listed.iso").display())
}

#[test]
fn a_disc_is_compared_with_its_image() {
    let place = Place::with(any_bytes(1000));
    let image = place.path("listed.iso");
    let report = verify(&scene(&place, ""), &[&image]).unwrap();
    assert_eq!(report.comparisons[0].answer(), Answer::Yes);
    assert_eq!(report.digests.of(Algorithm::Sha256), Some(&place.digest(Algorithm::Sha256)));
}

#[test]
fn a_lie_is_found_by_its_sector() {
    let place = Place::with(any_bytes(1000));
    let image = place.path("listed.iso");
    let lying = scene(&place, "[[fault]]\nkind = 'lying'\nsectors = [777]\n");
    let report = verify(&lying, &[&image]).unwrap();
    assert_eq!(report.comparisons[0].answer(), Answer::No);
    let Verdict::Image(likeness) = &report.comparisons[0].verdict else { panic!() };
    assert_eq!(likeness.differing.iter().map(|r| (r.start().0, r.end().0)).collect::<Vec<_>>(), [(777, 778)]);
}

#[test]
fn a_disc_may_go_on_behind_the_image_with_zeros_and_with_nothing_else() {
    for (padding, answer) in [(0, Answer::Yes), (7, Answer::No)] {
        let mut bytes = any_bytes(1000);
        bytes[990 * 2048..].fill(padding);
        let place = Place::with(bytes);
        let shorter = place.write("shorter.iso", &place.bytes[..990 * 2048]);
        let report = verify(&scene(&place, ""), &[&shorter]).unwrap();
        let Verdict::Image(likeness) = &report.comparisons[0].verdict else { panic!() };
        assert_eq!(likeness.ours - likeness.theirs, 10 * 2048);
        assert_eq!(report.comparisons[0].answer(), answer);
    }
}

#[test]
fn what_does_not_read_is_told_and_is_not_the_same() {
    let place = Place::with(any_bytes(1000));
    let image = place.path("listed.iso");
    let bad = scene(&place, "[[fault]]\nkind = 'unreadable'\nsectors = ['100..103']\n");
    let report = verify(&bad, &[&image]).unwrap();
    assert_eq!(report.bad_count, SectorCount(3));
    assert_eq!(report.comparisons[0].answer(), Answer::No);
}

#[test]
fn a_drive_that_goes_is_no_verdict() {
    let place = Place::with(any_bytes(3000));
    let gone = scene(&place, "[[fault]]\nkind = 'gone'\nat = 2000\n");
    assert!(matches!(verify(&gone, &[]), Err(VerifyError::Trip(TripError::Stopped { .. }))));
}
