//! Sums that an image carries within itself.

use super::bench::{any_bytes, implanted};
use super::{Place, discs, verify_with};
use discwright::checksum::Algorithm;
use discwright::filesystem::Severity;
use discwright::filesystem::sums::{EmbeddedSum, SumKind, SumState, Unchecked};
use discwright::image::{BlockStatus, RescueMap};
use discwright::sector::{Lba, SectorCount, SectorRange};
use discwright::verify::{EmbeddedSums, Options};

const SUMMED: SectorCount = SectorCount(3585);

fn isomd5(state: SumState) -> Vec<EmbeddedSum> {
    vec![EmbeddedSum { kind: SumKind::IsoMd5, range: SectorRange::first(SUMMED), state }]
}

fn all(sums: Option<EmbeddedSums>) -> Vec<EmbeddedSum> {
    sums.unwrap().all
}

#[test]
fn a_sum_that_holds_is_told_and_no_finding() {
    let report = Place::with(implanted()).verify(vec![]).unwrap();
    assert_eq!(report.findings, []);
    assert_eq!(all(report.sums), isomd5(SumState::Holds));
}

#[test]
fn zeros_behind_the_volume_are_not_of_the_sum() {
    let mut bytes = implanted();
    bytes.resize(bytes.len() + 150 * 2048, 0);
    let report = Place::with(bytes).verify(vec![]).unwrap();
    assert_eq!(report.findings.iter().map(|finding| finding.severity).collect::<Vec<_>>(), [Severity::Info]);
    assert_eq!(all(report.sums), isomd5(SumState::Holds));
}

#[test]
fn one_bit_in_a_file_is_an_error() {
    let mut bytes = implanted();
    bytes[200 * 2048 + 3] ^= 0x10;
    let report = Place::with(bytes).verify(vec![]).unwrap();
    let found: Vec<_> = report.findings.iter().map(|f| (f.rule.id(), f.severity)).collect();
    assert_eq!(found, [("C01", Severity::Error)]);
}

#[test]
fn what_is_missing_is_told_once_and_the_sum_is_not_checked() {
    let place = Place::with(implanted());
    let mut map = RescueMap::new(SectorCount(3600));
    map.mark(SectorRange::first(SectorCount(3600)), BlockStatus::Finished);
    map.mark(SectorRange::new(Lba(100), Lba(103)), BlockStatus::BadSector);
    place.write("listed.iso.map", map.emit());
    let report = place.verify(vec![]).unwrap();
    let found: Vec<_> = report.findings.iter().map(|f| (f.rule.id(), f.severity)).collect();
    assert_eq!(found, [("S04", Severity::Error), ("C01", Severity::Info)]);
    assert_eq!(all(report.sums), isomd5(SumState::NotChecked(Unchecked::SectorsMissing)));
}

#[test]
fn an_image_that_is_not_read_has_its_sum_told_and_not_checked() {
    let mut bytes = implanted();
    bytes[200 * 2048 + 3] ^= 0x10;
    let place = Place::with(bytes);
    let report = verify_with(&place.path("listed.iso"), &Options::default()).unwrap();
    assert_eq!(report.findings, []);
    assert_eq!(all(report.sums), isomd5(SumState::NotChecked(Unchecked::NotAsked)));
}

#[test]
fn of_a_part_nothing_is_said() {
    let place = Place::with(implanted());
    let ranges = vec!["0..3000".parse().unwrap()];
    let options = Options { algorithms: vec![Algorithm::Sha256], ranges, ..Options::default() };
    assert!(verify_with(&place.path("listed.iso"), &options).unwrap().sums.is_none());
}

#[test]
fn where_there_is_none_there_is_none() {
    let report = Place::with(any_bytes(300)).verify(vec![]).unwrap();
    assert_eq!(all(report.sums), []);
}

#[test]
fn a_disc_is_checked_while_it_is_read() {
    let place = Place::with(implanted());
    let clean = discs::verify(&discs::scene(&place, ""), &[]).unwrap();
    assert_eq!(all(clean.sums), isomd5(SumState::Holds));
    let lying = discs::scene(&place, "[[fault]]\nkind = 'lying'\nsectors = [777]\n");
    let report = discs::verify(&lying, &[]).unwrap();
    let found: Vec<_> = report.findings.iter().map(|f| (f.rule.id(), f.severity)).collect();
    assert_eq!(found, [("C01", Severity::Error)]);
    let bad = discs::scene(&place, "[[fault]]\nkind = 'unreadable'\nsectors = [777]\n");
    let report = discs::verify(&bad, &[]).unwrap();
    assert_eq!(all(report.sums), isomd5(SumState::NotChecked(Unchecked::SectorsMissing)));
}
