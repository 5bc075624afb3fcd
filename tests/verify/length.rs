//! Images that are too short, too long, or odd at one byte.

use super::bench::any_bytes;
use super::plain::{Plain, put};
use super::{Place, verify_with};
use discwright::filesystem::{Content, LengthState, LengthVerdict, Origin, Severity, TailKind, Tree};
use discwright::verify::{Counts, ImageReport, Options};

const PVD: usize = 16 * 2048;

fn verified(bytes: Vec<u8>) -> ImageReport {
    Place::with(bytes).verify(vec![]).unwrap()
}

fn length(report: &ImageReport) -> &LengthVerdict {
    report.judgement.image.length_verdict.as_ref().unwrap()
}

fn told(report: &ImageReport) -> Vec<(&'static str, Severity, Option<u64>)> {
    report.findings.iter().map(|finding| (finding.rule.id(), finding.severity, finding.at)).collect()
}

fn errors(report: &ImageReport) -> u64 {
    Counts::of(&report.findings).error
}

#[test]
fn the_plain_image_has_nothing_wrong() {
    assert_eq!(told(&verified(Plain::default().session())), []);
}

/// C26.
#[test]
fn a_file_loses_what_is_cut_off_before_its_end_and_padding_counts_as_missing() {
    let plain = Plain { b: any_bytes(342)[..700_001].to_vec(), padding: 150, ..Plain::default() };
    let mut bytes = plain.session();
    let whole = bytes.len() as u64;
    let end = (25 * 2048 + 700_001) as u64;
    bytes.truncate(25 * 2048 + 400_001);
    let report = verified(bytes);
    assert_eq!(length(&report).state, LengthState::Truncated);
    assert_eq!((length(&report).missing(), length(&report).needed_missing()), (whole - end + 300_000, 300_000));
    let lost = report.judgement.damage.all.iter();
    let lost: Vec<_> = lost.map(|d| (d.path.clone().unwrap_or_default(), d.file_offset, d.length)).collect();
    assert_eq!(lost, [(b"SUB/B.BIN".to_vec(), Some(400_001), 300_000)]);
    assert!(report.findings.iter().any(|finding| finding.rule.id() == "V11"
        && finding.severity == Severity::Error
        && finding.origin == Origin::Truncation));
}

/// C27.
#[test]
fn random_bytes_behind_the_end_are_a_warning_with_place_and_length() {
    let mut bytes = Plain::default().session();
    let end = bytes.len() as u64;
    bytes.extend(any_bytes(150));
    let report = verified(bytes);
    assert_eq!(told(&report), [("V12", Severity::Warning, Some(end))]);
    assert_eq!(length(&report).tail.iter().map(|part| part.length).collect::<Vec<_>>(), [307_200]);
    assert!(report.findings[0].text.contains("307200 bytes"), "{}", report.findings[0].text);
}

/// C29.
#[test]
fn zeros_behind_the_end_are_information() {
    let mut bytes = Plain { padding: 150, ..Plain::default() }.session();
    let end = bytes.len() as u64;
    bytes.extend([0; 150 * 2048]);
    assert_eq!(told(&verified(bytes)), [("V12", Severity::Info, Some(end))]);
}

/// C46.
#[test]
fn of_three_sessions_in_a_row_the_newest_ends_the_image() {
    let mut bytes = Vec::new();
    for _ in 0..3 {
        bytes.resize(bytes.len().next_multiple_of(16 * 2048), 0);
        let start = u32::try_from(bytes.len() / 2048).unwrap();
        bytes.extend(Plain { start, padding: 9, ..Plain::default() }.session());
    }
    let starts = [0, 48, 96];
    let place = Place::with(bytes);
    let report = place.verify(vec![]).unwrap();
    let sessions = &report.judgement.image.sessions;
    assert_eq!(sessions.iter().map(|session| session.start.0).collect::<Vec<_>>(), starts);
    assert_eq!((told(&report), length(&report).state), (vec![], LengthState::Exact));
    let options = Options { session: Some(2), ..Options::default() };
    let second = verify_with(&place.path("listed.iso"), &options).unwrap();
    assert_eq!(length(&second).tail.last().map(|part| part.kind), Some(TailKind::Session));
    assert_eq!((errors(&second), second.judgement.image.session.unwrap().start.0), (0, 48));
}

/// D29.
#[test]
fn a_file_beyond_the_declared_end_is_whole_and_a_warning() {
    let mut bytes = Plain::default().session();
    let sectors = u32::try_from(bytes.len() / 2048).unwrap() - 1;
    put(&mut bytes, PVD + 80, &[sectors.to_le_bytes(), sectors.to_be_bytes()].concat());
    let report = verified(bytes);
    assert_eq!(
        report.findings.iter().map(|f| (f.rule.id(), f.severity)).collect::<Vec<_>>(),
        [("D04", Severity::Warning)]
    );
    assert_eq!((report.judgement.damage.all.len(), length(&report).missing()), (0, 0));
    assert!(length(&report).tail.iter().all(|part| part.kind == TailKind::Files));
}

/// C03, C04, C06.
#[test]
fn one_odd_field_is_told_and_the_content_is_right() {
    for (at, odd, rule, severity) in [
        (17 * 2048 + 6, &[0][..], "V03", Severity::Info),
        (PVD + 813, &[0; 68], "V10", Severity::Info),
        (PVD + 120, &[0; 8], "V14", Severity::Warning),
    ] {
        let mut bytes = Plain::default().session();
        put(&mut bytes, at, odd);
        let place = Place::with(bytes);
        let report = place.verify(vec![]).unwrap();
        let rules: Vec<_> = report.findings.iter().map(|finding| (finding.rule.id(), finding.severity)).collect();
        // A set of no volumes has no number that records could have.
        let (first, others) = rules.split_first().unwrap();
        assert_eq!(*first, (rule, severity));
        assert!(others.iter().all(|(_, severity)| *severity == Severity::Info), "{rules:?}");
        let counts: Vec<_> = report.judgement.trees.iter().map(|tree| (tree.files, tree.directories)).collect();
        assert_eq!(counts, [(2, 1)]);
        let mut source = discwright::image::ImageSource::open(&place.path("listed.iso")).unwrap();
        let length = place.bytes.len() as u64;
        let image =
            discwright::filesystem::Image::read(&mut source, length, &discwright::filesystem::Options::default());
        let tree: &Tree = image.tree(None).unwrap();
        let file = tree.find(b"SUB/B.BIN").unwrap();
        assert_eq!((tree.node(file).size, tree.extents(file)[0].start), (3000, 25 * 2048));
    }
}

/// C41.
#[test]
fn zeros_alone_are_no_image() {
    let report = verified(vec![0; 4 << 20]);
    assert_eq!((report.look.content, errors(&report)), (Content::AllZero, 1));
    assert_eq!(length(&report).state, LengthState::Unknown);
}
