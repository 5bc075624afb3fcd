use super::*;
use crate::checksum::{Catalogue, Digester, RawCd, Wanted};
use crate::sector::Lba;
use Algorithm::{Crc32, Md5, Sha1, Sha256, Sha512};

const SECTORS: usize = 20;
const BYTES: u64 = 2048 * SECTORS as u64;

fn image() -> Vec<u8> {
    (0..=u8::MAX).cycle().take(2048 * SECTORS).collect()
}

fn digests(bytes: &[u8]) -> Vec<Digest> {
    let of = |algorithm| {
        let mut digester = Digester::new(algorithm);
        digester.update(bytes);
        digester.finish()
    };
    Algorithm::DEFAULT.map(of).to_vec()
}

fn raw_digests() -> Vec<Digest> {
    let mut raw = RawCd::new(Lba(0), &[Crc32, Md5, Sha1]);
    raw.update(&image());
    raw.finish().unwrap()
}

fn computed(raw: RawForm) -> Computed {
    Computed { bytes: BYTES, digests: digests(&image()), raw }
}

fn entry(title: &str, size: u64, digests: &[Digest], algorithms: &[Algorithm]) -> Entry {
    Entry {
        title: title.into(),
        rom: format!("{title}.iso"),
        size: Some(size),
        digests: algorithms.iter().filter_map(|a| of(*a, digests).copied()).collect(),
        status: Status::Good,
        track: None,
    }
}

fn iso(title: &str, bytes: &[u8]) -> Entry {
    entry(title, BYTES, &digests(bytes), &[Crc32, Md5, Sha1])
}

fn raw(title: &str) -> Entry {
    entry(title, 2352 * SECTORS as u64, &raw_digests(), &[Crc32, Md5, Sha1])
}

fn titles(names: &[&str]) -> Vec<Arc<str>> {
    names.iter().map(|name| Arc::from(*name)).collect()
}

/// `(title, form, strength)` of each that was found.
fn found(entries: &[Entry], image: &Computed) -> Vec<(String, Form, Strength)> {
    match against_catalogue(entries, image) {
        CatalogueVerdict::Match(found) => {
            found.into_iter().map(|f| (f.title.to_string(), f.form, f.strength)).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_title_with_the_content_is_told_strong_ones_first() {
    let entries = [
        entry("crc only", BYTES, &digests(&image()), &[Crc32]),
        iso("other", b"x"),
        iso("box 1", &image()),
        iso("box 2", &image()),
    ];
    let expected = [("box 1", Strength::Strong), ("box 2", Strength::Strong), ("crc only", Strength::Weak)];
    let expected = expected.map(|(title, strength)| (title.to_owned(), Form::Iso, strength));
    assert_eq!(found(&entries, &computed(RawForm::Missing(WhyNoRawForm::NotACd))), expected);
}

#[test]
fn a_cd_is_found_by_its_computed_raw_form() {
    let cd = computed(RawForm::Computed(raw_digests()));
    assert_eq!(found(&[raw("cd")], &cd), [("cd".to_owned(), Form::Raw, Strength::Strong)]);
    let unsized_entry = Entry { size: None, ..raw("cd") };
    assert_eq!(found(&[unsized_entry], &cd), [("cd".to_owned(), Form::Raw, Strength::Strong)]);
}

#[test]
fn a_raw_form_that_cannot_be_had_is_not_no_match() {
    for why in [WhyNoRawForm::Mode2, WhyNoRawForm::SeveralTracks, WhyNoRawForm::SectorsMissing] {
        let reason = NotComparable::NoRawForm(why);
        let expected = CatalogueVerdict::NotComparable { titles: titles(&["cd"]), reason };
        let image = computed(RawForm::Missing(why));
        assert_eq!(against_catalogue(&[iso("chance", b"x"), raw("cd"), raw("cd")], &image), expected);
        assert_eq!(
            against_catalogue(&[iso("chance", b"x")], &image),
            CatalogueVerdict::SameSizeOtherContent { titles: titles(&["chance"]) }
        );
    }
    let dvd = computed(RawForm::Missing(WhyNoRawForm::NotACd));
    assert_eq!(against_catalogue(&[raw("cd")], &dvd), CatalogueVerdict::NotFound);
}

#[test]
fn one_digest_that_differs_spoils_the_match() {
    let mut entry = iso("almost", &image());
    entry.digests[2] = digests(b"x")[1];
    assert_eq!(entry.digests[2].algorithm(), Sha1);
    let expected = CatalogueVerdict::SameSizeOtherContent { titles: titles(&["almost"]) };
    assert_eq!(against_catalogue(&[entry], &computed(RawForm::Missing(WhyNoRawForm::NotACd))), expected);
}

#[test]
fn size_alone_is_never_a_match() {
    let image = computed(RawForm::Missing(WhyNoRawForm::NotACd));
    let nothing_known = entry("nodump", BYTES, &[], &[]);
    let expected = |reason| CatalogueVerdict::NotComparable { titles: titles(&["nodump"]), reason };
    assert_eq!(against_catalogue([&nothing_known], &image), expected(NotComparable::NoDigest));
    let foreign = Entry { digests: vec![Digest::Sha512([0; 64])], ..nothing_known.clone() };
    assert_eq!(against_catalogue([&foreign], &image), expected(NotComparable::NotComputed));
    let other = CatalogueVerdict::SameSizeOtherContent { titles: titles(&["other"]) };
    assert_eq!(against_catalogue(&[nothing_known.clone(), iso("other", b"x")], &image), other);
    assert_eq!(against_catalogue([&Entry { size: None, ..nothing_known }], &image), CatalogueVerdict::NotFound);
    assert_eq!(against_catalogue(&[Entry { size: Some(1), ..iso("longer", &[]) }], &image), CatalogueVerdict::NotFound);
}

#[test]
fn what_has_to_be_computed_follows_from_the_entries_sizes() {
    let entries = [
        entry("iso", BYTES, &digests(b""), &[Sha256, Crc32]),
        entry("iso too", BYTES, &digests(b""), &[Crc32]),
        raw("cd"),
        entry("elsewhere", 1, &[Digest::Sha512([0; 64])], &[Sha512]),
    ];
    let wanted = wanted_by_catalogue(&entries, BYTES);
    assert_eq!(wanted, WantedAlgorithms { iso: vec![Crc32, Sha256], raw: vec![Crc32, Md5, Sha1] });
    assert_eq!(wanted_by_catalogue(&entries, 0), WantedAlgorithms::default());
}

#[test]
fn only_what_fits_a_cd_has_a_raw_size() {
    assert_eq!(candidate_sizes(2048), [2048, 2352]);
    assert_eq!(candidate_sizes(449_850 * 2048), [449_850 * 2048, 449_850 * 2352]);
    assert_eq!(candidate_sizes(449_851 * 2048), [449_851 * 2048]);
    assert_eq!(candidate_sizes(2049), [2049]);
    assert_eq!(candidate_sizes(0), [0]);
    assert_eq!(candidate_sizes(u64::MAX), [u64::MAX]);
}

/// A catalogue with a document type, two titles, and entities in the name of the right one.
#[test]
fn a_title_with_entities_is_found_through_the_whole_way() {
    let digests = digests(&image());
    let [sha1, md5, crc] = [Sha1, Md5, Crc32].map(|algorithm| of(algorithm, &digests).unwrap());
    let text = format!(
        "<?xml version=\"1.0\"?>\n<!DOCTYPE datafile PUBLIC \"-//Logiqx//DTD ROM Management Datafile//EN\" \"x.dtd\">\n<datafile>\
        <game name=\"Wrong\"><rom name=\"w.iso\" size=\"{BYTES}\" crc=\"00000000\"/></game>\
        <game name=\"Tom &amp; Jerry &quot;X&quot; (Europe) (Disc 1)\"><rom name=\"t.iso\" size=\"{BYTES}\" crc=\"{crc}\" md5=\"{md5}\" sha1=\"{sha1}\"/></game></datafile>"
    );
    let catalogue = Catalogue::parse(text.as_bytes(), Wanted::Sizes(&candidate_sizes(BYTES))).unwrap();
    let found = found(&catalogue.entries, &computed(RawForm::Missing(WhyNoRawForm::NotAskedFor)));
    assert_eq!(found, [(r#"Tom & Jerry "X" (Europe) (Disc 1)"#.to_owned(), Form::Iso, Strength::Strong)]);
}
