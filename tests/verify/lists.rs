//! Hash lists of every form.

use super::Place;
use super::bench::any_bytes;
use discwright::checksum::{Algorithm, ListVerdict};
use discwright::verify::{Against, Answer, Asked, Verdict, list_beside};

#[test]
fn the_right_digest_in_any_form_is_a_yes() {
    let place = Place::with(any_bytes(50));
    let (sha256, md5) = (place.digest(Algorithm::Sha256), place.digest(Algorithm::Md5));
    let crc32 = place.digest(Algorithm::Crc32).to_string();
    let other = "00".repeat(32);
    let lists = [
        ("SHA256SUMS", format!("{sha256}  listed.iso\n{other}  other.iso\n")),
        ("SHA256SUMS", format!("{other}  other.iso\r\n{sha256} *listed.iso\r\n")),
        ("sums", format!("SHA256 (listed.iso) = {sha256}\n")),
        ("sums", format!("SHA2-256(listed.iso)= {sha256}\n")),
        ("sums", format!("MD5 (./folder/listed.iso) = {md5}\n")),
        ("listed.md5", format!("{}\n", md5.to_string().to_uppercase())),
        ("disc.sfv", format!("; a comment\r\nlisted.iso {}\r\n", crc32.to_uppercase())),
    ];
    for (name, list) in lists {
        let report = place.against(name, &list);
        assert_eq!(report.comparisons[0].answer(), Answer::Yes, "{list}: {:?}", report.comparisons);
    }
}

#[test]
fn one_digit_makes_a_no_with_both_digests() {
    let place = Place::with(any_bytes(50));
    let right = place.digest(Algorithm::Sha256).to_string();
    let wrong = format!("{}{}", if right.starts_with('0') { '1' } else { '0' }, &right[1..]);
    let report = place.against("sums", format!("{wrong}  listed.iso\n"));
    assert_eq!(report.comparisons[0].answer(), Answer::No);
    let Verdict::List(ListVerdict::Mismatch { expected, computed, .. }) = &report.comparisons[0].verdict else {
        panic!("{:?}", report.comparisons);
    };
    assert_eq!((expected.to_string(), computed.to_string()), (wrong, right));
}

#[test]
fn the_right_content_under_another_name_is_a_yes_that_tells_it() {
    let place = Place::with(any_bytes(50));
    let report = place.against("sums", format!("{}  renamed.iso\n", place.digest(Algorithm::Sha1)));
    let Verdict::List(ListVerdict::Match { other_name, .. }) = &report.comparisons[0].verdict else {
        panic!("{:?}", report.comparisons);
    };
    assert_eq!(other_name.as_deref(), Some(b"renamed.iso".as_slice()));
}

#[test]
fn a_list_that_was_asked_for_and_does_not_know_the_image_is_a_no() {
    let place = Place::with(any_bytes(50));
    let list = place.write("sums", format!("{}  other.iso\n", "ab".repeat(32)));
    for (asked, answer) in [(Asked::ByUser, Answer::No), (Asked::ByPlace, Answer::Neither)] {
        let report = place.verify(vec![Against::load(&list, asked).unwrap()]).unwrap();
        assert_eq!(report.comparisons[0].answer(), answer);
    }
}

#[test]
fn a_malformed_list_is_told_with_its_line() {
    let place = Place::with(any_bytes(20));
    let list = place.write("listed.sha256", "# a comment\n\nthis is no digest\n");
    let error = Against::load(&list, Asked::ByUser).unwrap_err().to_string();
    assert!(error.contains("line 3"), "{error}");
}

#[test]
fn a_list_beside_an_image_that_does_not_name_it_hides_none_that_does() {
    let place = Place::with(any_bytes(20));
    let image = place.path("listed.iso");
    place.write("listed.iso.sha256", format!("{}  older.iso\n", place.digest(Algorithm::Sha256)));
    assert_eq!(list_beside(&image).unwrap().unwrap().path, place.path("listed.iso.sha256"));
    place.write("SHA1SUMS", format!("{}  listed.iso\n", place.digest(Algorithm::Sha1)));
    assert_eq!(list_beside(&image).unwrap().unwrap().path, place.path("SHA1SUMS"));
    place.write("listed.md5", format!("{}  listed.iso\n", place.digest(Algorithm::Md5)));
    assert_eq!(list_beside(&image).unwrap().unwrap().path, place.path("listed.md5"));
}

#[test]
fn the_list_beside_an_image_is_found() {
    let place = Place::with(any_bytes(20));
    let image = place.path("listed.iso");
    assert!(list_beside(&image).unwrap().is_none());
    place.write("MD5SUMS", format!("{}  another.iso\n", "0".repeat(32)));
    assert!(list_beside(&image).unwrap().is_none(), "it does not name the image");
    place.write("SHA1SUMS", format!("{}  listed.iso\n", place.digest(Algorithm::Sha1)));
    assert_eq!(list_beside(&image).unwrap().unwrap().path, place.path("SHA1SUMS"));
    place.write("listed.iso.sha256", format!("{}  listed.iso\n", place.digest(Algorithm::Sha256)));
    assert_eq!(list_beside(&image).unwrap().unwrap().path, place.path("listed.iso.sha256"));
}
