//! DAT catalogues, in which CDs stand in their raw form.

use std::io::Write;

use super::bench::any_bytes;
use super::{Place, digest};
use discwright::checksum::{Algorithm, CatalogueVerdict, Form, NotComparable, WhyNoRawForm, raw_sector};
use discwright::sector::Lba;
use discwright::verify::{Against, AgainstError, Answer, Asked, Verdict};

fn entry(title: &str, rom: &str, bytes: &[u8]) -> String {
    format!(
        "<game name=\"{title}\"><description>{title}</description><rom name=\"{rom}\" size=\"{}\" crc=\"{}\" md5=\"{}\" sha1=\"{}\"/></game>",
        bytes.len(),
        digest(Algorithm::Crc32, bytes),
        digest(Algorithm::Md5, bytes),
        digest(Algorithm::Sha1, bytes),
    )
}

fn catalogue(entries: &[String]) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<!DOCTYPE datafile PUBLIC \"-//Logiqx//DTD ROM Management Datafile//EN\" \"http://www.logiqx.com/Dats/datafile.dtd\">\n<datafile><header><name>Example System</name></header>\n{}\n</datafile>\n",
        entries.join("\n")
    )
}

fn raw(bytes: &[u8]) -> Vec<u8> {
    let sectors = bytes.chunks_exact(2048).enumerate();
    sectors.flat_map(|(lba, data)| raw_sector(Lba(u32::try_from(lba).unwrap()), data.try_into().unwrap())).collect()
}

const TITLE: &str = "Tom &amp; Jerry &quot;X&quot; (Europe) (Disc 1)";
const OTHER: &str = "Another (World)";

fn titles(place: &Place, catalogue: &str) -> CatalogueVerdict {
    let report = place.against("system.dat", catalogue);
    match &report.comparisons[0].verdict {
        Verdict::Catalogue(verdict) => verdict.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_title_is_found_by_the_image() {
    let place = Place::with(any_bytes(60));
    let text = catalogue(&[entry(OTHER, "a.iso", &any_bytes(61)), entry(TITLE, "t.iso", &place.bytes)]);
    let CatalogueVerdict::Match(found) = titles(&place, &text) else { panic!() };
    assert_eq!(&*found[0].title, "Tom & Jerry \"X\" (Europe) (Disc 1)");
    assert_eq!(found[0].form, Form::Iso);
}

#[test]
fn a_cd_is_found_by_its_raw_form() {
    let place = Place::with(any_bytes(60));
    let CatalogueVerdict::Match(found) = titles(&place, &catalogue(&[entry(TITLE, "t.bin", &raw(&place.bytes))]))
    else {
        panic!()
    };
    assert_eq!(found[0].form, Form::Raw);
}

#[test]
fn another_pressing_is_told_from_an_unknown_disc() {
    let place = Place::with(any_bytes(60));
    let mut other = place.bytes.clone();
    other[5] ^= 1;
    let same_size = titles(&place, &catalogue(&[entry(TITLE, "t.iso", &other)]));
    assert!(matches!(same_size, CatalogueVerdict::SameSizeOtherContent { .. }), "{same_size:?}");
    let unknown = titles(&place, &catalogue(&[entry(TITLE, "t.iso", &any_bytes(59))]));
    assert_eq!(unknown, CatalogueVerdict::NotFound);
}

#[test]
fn half_a_sector_has_no_raw_form() {
    let mut bytes = any_bytes(60);
    let whole = raw(&bytes);
    bytes.extend([0; 100]);
    let place = Place::with(bytes);
    let report = place.against("system.dat", catalogue(&[entry(TITLE, "t.bin", &whole)]));
    assert_eq!(report.trailing_bytes, 100);
    assert_ne!(report.comparisons[0].answer(), Answer::Yes);
}

#[test]
fn a_cd_of_mode_2_cannot_be_compared_and_that_is_no_no() {
    use super::bench::{disc, rip_to};
    use discwright::virtual_drive::Setup;
    use discwright::virtual_drive::disc::{DiscKind, Pressed, Tail, TrackMode, content};
    let bytes = any_bytes(600);
    let folder = tempfile::tempdir().unwrap();
    let dat = folder.path().join("system.dat");
    std::fs::write(&dat, catalogue(&[entry(TITLE, "t.bin", &raw(&bytes))])).unwrap();
    let rip = |setup: Setup| {
        let against = vec![Against::load(&dat, Asked::ByUser).unwrap()];
        let options = discwright::rip::Options { against, ..Default::default() };
        let ripped = rip_to(&discwright::image::Memory::new(), setup, &options);
        let report = ripped.result.unwrap();
        (report.comparisons[0].verdict.clone(), report.status())
    };
    let content = Box::new(content::Memory::new(bytes.clone()));
    let form_1 = Pressed::new(DiscKind::CdRom, TrackMode::Mode2Form1, content, Tail::LeadOut).unwrap();
    let (verdict, status) = rip(Setup::with(Some(Box::new(form_1))));
    let Verdict::Catalogue(CatalogueVerdict::NotComparable { reason, .. }) = verdict else { panic!("{verdict:?}") };
    assert_eq!(reason, NotComparable::NoRawForm(WhyNoRawForm::Mode2));
    assert_eq!(status, discwright::rip::Status::Ok);
    let (verdict, _) = rip(disc(DiscKind::CdRom, &bytes, Tail::LeadOut));
    assert!(matches!(verdict, Verdict::Catalogue(CatalogueVerdict::Match(_))));
}

#[test]
fn zips_and_folders_of_catalogues_are_searched() {
    let place = Place::with(any_bytes(60));
    let (right, wrong) = (catalogue(&[entry(TITLE, "t.iso", &place.bytes)]), catalogue(&[entry(OTHER, "o.iso", b"x")]));
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in [("a.dat", &wrong), ("b.dat", &right)] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    let report = place.against("dats.zip", zip.finish().unwrap().into_inner());
    assert_eq!(report.comparisons[0].answer(), Answer::Yes);

    let folder = place.path("dats");
    std::fs::create_dir(&folder).unwrap();
    assert!(matches!(Against::load(&folder, Asked::ByUser), Err(AgainstError::NoCatalogue { .. })));
    std::fs::write(folder.join("one.dat"), wrong).unwrap();
    std::fs::write(folder.join("two.xml"), right).unwrap();
    let report = place.verify(vec![Against::load(&folder, Asked::ByUser).unwrap()]).unwrap();
    assert_eq!(report.comparisons[0].answer(), Answer::Yes);
}

#[test]
fn a_broken_catalogue_is_told_before_anything_is_read() {
    let place = Place::with(any_bytes(20));
    let dat = place.write("broken.dat", "<?xml version=\"1.0\"?><datafile><game name=\"a\"><rom size=\"1\"");
    assert!(matches!(Against::load(&dat, Asked::ByUser), Err(AgainstError::Catalogue { .. })));
}
