//! What an image says of itself, and images compared with images.

use super::bench::{any_bytes, demo};
use super::{Place, verify};
use discwright::checksum::Algorithm;
use discwright::filesystem::{Content, LengthState, LengthVerdict, Origin, Severity, TreeKind};
use discwright::image::{BlockStatus, RescueMap};
use discwright::sector::{Lba, SectorCount, SectorRange};
use discwright::verify::{Against, Answer, Asked, Verdict, VerifyError};

fn length(report: &discwright::verify::ImageReport) -> &LengthVerdict {
    report.judgement.image.length_verdict.as_ref().unwrap()
}

#[test]
fn a_whole_image_fits_its_filesystem() {
    let report = Place::with(demo()).verify(vec![]).unwrap();
    assert_eq!((report.sectors, report.trailing_bytes), (SectorCount(3600), 0));
    assert_eq!(length(&report).state, LengthState::Exact);
    assert_eq!(report.look.label.as_deref(), Some("DISCWRIGHT_DEMO"));
}

#[test]
fn what_a_cut_image_lacks_is_counted() {
    let mut bytes = demo();
    bytes.truncate(3000 * 2048 + 77);
    let report = Place::with(bytes).verify(vec![]).unwrap();
    assert_eq!((length(&report).state, length(&report).missing()), (LengthState::Truncated, 600 * 2048 - 77));
    assert_eq!(report.trailing_bytes, 77);
}

#[test]
fn an_empty_file_is_no_image() {
    assert!(matches!(Place::with(vec![]).verify(vec![]), Err(VerifyError::Empty { .. })));
    assert!(matches!(verify("/nonexistent/x.iso".as_ref(), vec![]), Err(VerifyError::Open { .. })));
}

#[test]
fn zeros_and_foreign_files_are_called_so() {
    assert_eq!(Place::with(vec![0; 4 << 20]).verify(vec![]).unwrap().look.content, Content::AllZero);
    let mut gzip = any_bytes(300);
    gzip[..4].copy_from_slice(&[0x1F, 0x8B, 8, 0]);
    assert!(matches!(Place::with(gzip).verify(vec![]).unwrap().look.content, Content::NotAnImage(_)));
}

#[test]
fn an_image_whose_descriptors_are_gone_is_not_as_it_should_be() {
    for fill in [0, 0xA5] {
        // With directories left, and with nothing that is known.
        for (bytes, origin) in [(demo(), Origin::Damage), (any_bytes(300), Origin::Unknown)] {
            let mut bytes = bytes;
            bytes[16 * 2048..20 * 2048].fill(fill);
            let report = Place::with(bytes).verify(vec![]).unwrap();
            let told: Vec<_> = report.findings.iter().map(|f| (f.rule.id(), f.severity, f.origin)).collect();
            assert_eq!(told, [("S03", Severity::Error, origin)]);
        }
    }
}

#[test]
fn content_that_is_known_to_be_right_needs_no_filesystem() {
    let place = Place::with(any_bytes(300));
    let report = place.against("same.iso", &place.bytes);
    assert!(report.findings.iter().all(|finding| finding.severity == Severity::Warning));
    let report = place.against("sums", format!("{}  listed.iso\n", place.digest(Algorithm::Sha256)));
    assert!(report.findings.iter().all(|finding| finding.severity == Severity::Warning));
}

#[test]
fn the_first_piece_of_an_image_is_not_what_the_image_should_be() {
    let place = Place::with(demo());
    let report = place.against("piece.iso", &place.bytes[..1800 * 2048]);
    assert_eq!(report.comparisons[0].answer(), Answer::No);
    let mut padded = place.bytes.clone();
    padded.resize(padded.len() + 150 * 2048, 0);
    let padded = Place::with(padded);
    assert_eq!(padded.against("image.iso", &place.bytes).comparisons[0].answer(), Answer::Yes);
}

#[test]
fn the_map_beside_an_image_says_what_is_missing() {
    let place = Place::with(any_bytes(100));
    assert!(place.verify(vec![]).unwrap().map.is_none());
    let mut map = RescueMap::new(SectorCount(100));
    map.mark(SectorRange::first(SectorCount(100)), BlockStatus::Finished);
    let hole = SectorRange::new(Lba(40), Lba(43));
    map.mark(hole, BlockStatus::BadSector);
    place.write("listed.iso.map", map.emit());
    let state = place.verify(vec![]).unwrap().map.unwrap();
    assert_eq!((state.missing, state.ranges), (SectorCount(3), vec![hole]));
    let nonsense = place.write("listed.iso.map", "nonsense\n");
    assert!(place.verify(vec![]).unwrap().map.is_none(), "it only lies beside");
    let options = discwright::verify::Options { map: Some(nonsense), ..Default::default() };
    let told = super::verify_with(&place.path("listed.iso"), &options);
    assert!(matches!(told, Err(VerifyError::Map { .. })));
}

#[test]
fn images_are_compared_sector_by_sector() {
    let place = Place::with(any_bytes(500));
    let mut other = place.bytes.clone();
    let same = place.against("same.iso", &other);
    assert_eq!(same.comparisons[0].answer(), Answer::Yes);
    other[123 * 2048 + 1] ^= 1;
    let report = place.against("other.iso", &other);
    assert_eq!(report.comparisons[0].answer(), Answer::No);
    let Verdict::Image(likeness) = &report.comparisons[0].verdict else { panic!() };
    assert_eq!(likeness.differing, [SectorRange::new(Lba(123), Lba(124))]);
}

#[test]
fn a_part_of_an_image_is_digested_and_compared_alone() {
    let place = Place::with(any_bytes(500));
    let mut other = place.bytes.clone();
    other[400 * 2048] ^= 1;
    let other = place.write("other.iso", other);
    for (range, answer) in [("100..400", Answer::Yes), ("399..401", Answer::No)] {
        let options = discwright::verify::Options {
            algorithms: vec![discwright::checksum::Algorithm::Sha256],
            against: vec![Against::load(&other, Asked::ByUser).unwrap()],
            ranges: vec![range.parse().unwrap()],
            ..Default::default()
        };
        let report = super::verify_with(&place.path("listed.iso"), &options).unwrap();
        assert_eq!(report.comparisons[0].answer(), answer);
        let bytes = super::bench::sectors(&place.bytes, range.parse().unwrap());
        assert_eq!(report.digests.image, [super::digest(discwright::checksum::Algorithm::Sha256, bytes)]);
    }
}

#[test]
fn an_image_that_cannot_be_opened_is_named() {
    let place = Place::with(any_bytes(20));
    let error = Against::load(&place.path("missing.iso"), Asked::ByUser).unwrap_err();
    assert!(error.to_string().contains("missing.iso"));
}

#[test]
fn an_image_that_ends_before_the_other_is_not_the_same() {
    let place = Place::with(any_bytes(100));
    let mut longer = place.bytes.clone();
    longer.extend_from_slice(&[7; 2048]);
    let report = place.against("longer.iso", &longer);
    assert_eq!(report.comparisons[0].answer(), Answer::No);
}

/// Of each loss its owner, its path, its offset in the file, and its bytes.
fn losses(report: &discwright::verify::ImageReport) -> Vec<(String, String, Option<u64>, u64)> {
    let path = |path: &Option<Vec<u8>>| String::from_utf8(path.clone().unwrap_or_default()).unwrap();
    let all = report.judgement.damage.all.iter();
    all.map(|d| (d.owner.to_string(), path(&d.path), d.file_offset, d.length)).collect()
}

#[test]
fn what_the_map_lacks_is_told_by_the_file_that_lost_it() {
    let place = Place::with(demo());
    let mut map = RescueMap::new(SectorCount(3600));
    map.mark(SectorRange::first(SectorCount(3600)), BlockStatus::Finished);
    map.mark(SectorRange::new(Lba(100), Lba(103)), BlockStatus::BadSector);
    place.write("listed.iso.map", map.emit());
    let report = place.verify(vec![]).unwrap();
    assert_eq!(losses(&report), [("file".to_owned(), "Noise.bin".to_owned(), Some(147_456), 6144)]);
    let rules: Vec<_> = report.findings.iter().map(|finding| finding.rule.id()).collect();
    assert_eq!(rules, ["S04"]);
}

#[test]
fn a_plain_list_of_bad_sectors_does_as_well_as_a_map() {
    let place = Place::with(demo());
    place.write("listed.iso.map", "# scratched\n100-102\n");
    let report = place.verify(vec![]).unwrap();
    assert_eq!(losses(&report), [("file".to_owned(), "Noise.bin".to_owned(), Some(147_456), 6144)]);
}

#[test]
fn nobodys_sectors_are_unknown_where_a_directory_is_lost() {
    let place = Place::with(demo());
    place.write("listed.iso.map", "23 24 3000\n");
    let report = place.verify(vec![]).unwrap();
    let owners: Vec<_> = losses(&report).into_iter().map(|(owner, ..)| owner).collect();
    assert_eq!(owners, ["directory", "directory", "unknown"]);
}

#[test]
fn a_cut_image_tells_by_the_byte_what_its_files_lack() {
    let mut bytes = demo();
    bytes.truncate(3_000_001);
    let report = Place::with(bytes).verify(vec![]).unwrap();
    assert_eq!(losses(&report), [("file".to_owned(), "Noise.bin".to_owned(), Some(2_942_657), 4_372_799)]);
    assert!(report.findings.iter().any(|finding| finding.origin == discwright::filesystem::Origin::Truncation));
}

#[test]
fn a_sound_image_has_no_findings() {
    let report = Place::with(demo()).verify(vec![]).unwrap();
    assert_eq!(report.findings, []);
    let counts: Vec<_> = report.judgement.trees.iter().map(|tree| (tree.files, tree.directories)).collect();
    assert_eq!(counts, [(2, 0); 2]);
}

#[test]
fn a_tree_that_is_not_there_is_told() {
    let place = Place::with(demo());
    let judged = |kind| {
        let options = discwright::verify::Options { tree: Some(kind), ..Default::default() };
        super::verify_with(&place.path("listed.iso"), &options)
    };
    assert_eq!(judged(TreeKind::Joliet).unwrap().judgement.trees.len(), 1);
    let error = judged(TreeKind::Udf).unwrap_err();
    assert!(matches!(error, VerifyError::NoTree { asked: TreeKind::Udf, .. }), "{error}");
}

#[test]
fn a_session_that_is_not_there_is_told() {
    let place = Place::with(demo());
    let options = discwright::verify::Options { session: Some(7), ..Default::default() };
    let error = super::verify_with(&place.path("listed.iso"), &options).unwrap_err();
    assert!(matches!(error, VerifyError::NoSession { asked: 7, last: 1 }), "{error}");
}
