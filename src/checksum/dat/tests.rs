use super::*;
use proptest::prelude::*;
use std::fmt::Write as _;

const REDUMP: &str = r#"<?xml version="1.0"?>
<!DOCTYPE datafile PUBLIC "-//Logiqx//DTD ROM Management Datafile//EN" "http://www.logiqx.com/Dats/datafile.dtd">
<datafile>
  <header>
    <name>Example &amp; System</name>
    <description>Example System - Discs (2) (2026-11-25 10-00-00)</description>
    <version>2026-11-25 10-00-00</version> <date>2026-11-25 10-00-00</date>
    <author>a</author> <homepage>b</homepage> <url>c</url>
  </header>
  <game name="Example Almanac 97 (USA)">
    <category>Multimedia</category>
    <description>Example Almanac 97 (USA)</description>
    <rom name="Example Almanac 97 (USA).cue" size="92" crc="0123abcd" md5="900150983cd24fb0d6963f7d28e17f72" sha1="a9993e364706816aba3e25717850c26c9cd0d89d"/>
    <rom name="Example Almanac 97 (USA).bin" size="746609920" crc="0123ABCE" md5="D41D8CD98F00B204E9800998ECF8427E" sha1="da39a3ee5e6b4b0d3255bfef95601890afd80709"/>
  </game>
  <game name="Tom &amp; Jerry &quot;X&quot; (Europe) (Disc 1)">
    <category>Video</category>
    <rom name="Tom &amp; Jerry &quot;X&quot; (Europe) (Disc 1).iso" size="4698669056" crc="12345678" md5="d41d8cd98f00b204e9800998ecf8427e" sha1="da39a3ee5e6b4b0d3255bfef95601890afd80709"/>
  </game>
</datafile>
"#;

fn parse(text: &str) -> Catalogue {
    Catalogue::parse(text.as_bytes(), Wanted::All).unwrap()
}

fn refused(text: impl AsRef<[u8]>) -> String {
    Catalogue::parse(text.as_ref(), Wanted::All).unwrap_err().to_string()
}

fn in_datafile(inside: &str) -> String {
    format!("<datafile>{inside}</datafile>")
}

#[test]
fn a_catalogue_as_redump_gives_it_out_is_read() {
    let catalogue = parse(REDUMP);
    assert_eq!(catalogue.header.name, "Example & System");
    assert_eq!(catalogue.header.version, "2026-11-25 10-00-00");
    assert_eq!((catalogue.titles, catalogue.files), (2, 3));
    let [cue, bin, iso] = catalogue.entries.as_slice() else { panic!("{catalogue:?}") };
    assert_eq!((cue.size, bin.size, iso.size), (Some(92), Some(746_609_920), Some(4_698_669_056)));
    assert_eq!(&*iso.title, r#"Tom & Jerry "X" (Europe) (Disc 1)"#);
    assert_eq!(iso.rom, r#"Tom & Jerry "X" (Europe) (Disc 1).iso"#);
    assert_eq!(bin.digest(Algorithm::Crc32).unwrap().to_string(), "0123abce");
    assert_eq!(bin.digest(Algorithm::Md5).unwrap().to_string(), "d41d8cd98f00b204e9800998ecf8427e");
    assert_eq!(bin.digest(Algorithm::Sha256), None);
    assert_eq!((bin.track, iso.track), (None, None));
}

#[test]
fn only_wanted_sizes_are_kept_but_all_are_counted() {
    let sized = Catalogue::parse(REDUMP.as_bytes(), Wanted::Sizes(&[7, 4_698_669_056])).unwrap();
    assert_eq!((sized.entries.len(), sized.titles, sized.files), (1, 2, 3));
    let text = in_datafile(r#"<game name="a"><rom name="b" crc="12345678"/><rom name="c"/></game>"#);
    let unsized_kept = Catalogue::parse(text.as_bytes(), Wanted::Sizes(&[])).unwrap();
    assert_eq!(unsized_kept.entries.iter().map(|e| e.rom.as_str()).collect::<Vec<_>>(), ["b"]);
}

#[test]
fn what_others_made_of_the_format_is_tolerated() {
    let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let text = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><datafile xmlns:xsi="x" xsi:schemaLocation="y"><header><id>1</id><name>N</name>
        <clrmamepro forcenodump="required" header="x.xml"/></header>
        <machine name="M" id="0001" cloneof="X" isbios="no"><release name="M" region="EUR"/><archive name="a"/><disk name="d" sha1="1"/>
        <rom name="good" size="1" sha256="{sha256}" status="verified" serial="S" header="0" mia="yes"></rom>
        <rom name="bad" size="x" crc="" md5="-" sha1="12" status="baddump"/>
        <rom name="none" size="3" crc="12345678" status="nodump"/></machine>
        <dir name="D"><game name="G"><rom name="g" size="4"/></game></dir></datafile>"#
    );
    let catalogue = parse(&text);
    let [good, bad, none, inside] = catalogue.entries.as_slice() else { panic!("{catalogue:?}") };
    assert_eq!(good.digest(Algorithm::Sha256).unwrap().to_string(), sha256);
    assert_eq!((good.status, bad.status, none.status), (Status::Verified, Status::BadDump, Status::NoDump));
    assert_eq!((bad.size, bad.digests.len(), none.digests.len()), (None, 0, 0));
    assert_eq!(good.track, Some(Track { number: 1, of: 3 }));
    assert_eq!(&*inside.title, "G");
}

#[test]
fn entities_that_are_not_of_xml_stay_and_are_never_expanded() {
    let text = r#"<!DOCTYPE datafile [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>
        <datafile><header><name>x&b;&#x41;&#66;</name></header><game name="&b;&amp;"><rom name="&#65;"/></game></datafile>"#;
    let catalogue = parse(text);
    assert_eq!(catalogue.header.name, "x&b;AB");
    assert_eq!(&*catalogue.entries[0].title, "&b;&amp;");
    assert_eq!(catalogue.entries[0].rom, "A");
}

#[test]
fn tracks_are_counted_without_what_describes_them() {
    let text = in_datafile(
        r#"<game name="a"><rom name="x.CUE"/><rom name="x (Track 1).bin"/><rom name="x (Track 2).bin"/></game>"#,
    );
    let tracks: Vec<_> = parse(&text).entries.iter().map(|e| e.track).collect();
    assert_eq!(tracks, [None, Some(Track { number: 1, of: 2 }), Some(Track { number: 2, of: 2 })]);
}

#[test]
fn latin_1_and_a_byte_order_mark_do_no_harm() {
    let text = b"\xEF\xBB\xBF<datafile><game name=\"Pok\xE9\"><rom name=\"\xC3\xA9\"/></game></datafile>";
    let catalogue = Catalogue::parse(text.as_slice(), Wanted::All).unwrap();
    assert_eq!((&*catalogue.entries[0].title, catalogue.entries[0].rom.as_str()), ("Poké", "é"));
}

#[test]
fn malformed_xml_is_told_with_its_line() {
    assert!(
        refused("<datafile>\n <game name=\"a\">\n  <rom name=\"b\"/>\n </machine>\n</datafile>")
            .starts_with("line 4 (byte 47): ")
    );
    assert!(refused("<datafile>\n<game name=\"a>\n</game>\n").starts_with("line 2 (byte 11): "));
    assert!(refused("<datafile>\n\n<game name=a></game></datafile>").starts_with("line 3 (byte 12): "));
    assert_eq!(refused("<datafile>\n<game name=\"a\">\n"), "the end is missing: what line 2 opens is never closed");
    assert_eq!(refused("<html><body>no</body></html>"), "no catalogue: it begins with <html>");
    assert_eq!(refused("<!-- only -->"), "no catalogue: it begins with no element of XML");
    assert_eq!(refused(" \n"), "no catalogue: it begins with nothing");
}

#[test]
fn hostile_xml_meets_limits() {
    let long = "x".repeat(70_000);
    assert!(
        refused(in_datafile(&format!("\n<game name=\"{long}\"/>")))
            .starts_with("line 2: a name or value of more than 65536")
    );
    let endless = format!("<datafile>\n<game name=\"{}", "x".repeat(3 << 20));
    assert!(refused(endless).starts_with("line 2: a name or value of more than 1048576"));
    let text = format!("<datafile><header><name>{}</name></header></datafile>", "&lt;".repeat(70_000));
    assert!(refused(text).starts_with("line 1: a name or value of more than 65536"));
    assert!(refused("<a>".repeat(17)).starts_with("line 1: more than 16 levels"));
    assert!(refused("<a>".repeat(1 << 20)).starts_with("line 1: more than 16 levels"));
    let many: String = (0..300).fold(String::new(), |mut text, i| {
        let _ = write!(text, " a{i}=\"\"");
        text
    });
    assert!(refused(in_datafile(&format!("<game{many}/>"))).ends_with("a tag with more than 256 attributes"));
    let source = Source::with_limit(REDUMP.as_bytes(), 1000);
    let limited = Catalogue::from_source(source, Wanted::All).unwrap_err();
    assert_eq!(limited.to_string(), "larger than 1000 bytes");
}

#[test]
fn a_title_with_too_many_files_is_told_in_parts() {
    let file = format!("<rom name=\"{}\"/>", "n".repeat(60_000));
    let catalogue = parse(&in_datafile(&format!("<game name=\"a\">{}</game>", file.repeat(100))));
    assert_eq!((catalogue.entries.len(), catalogue.titles), (100, 1));
    assert_eq!(catalogue.entries[0].track, None);
}

#[test]
fn clrmamepro_text_is_read() {
    let text = "clrmamepro (\n\tname \"Example System\"\n\tdescription \"Example System (2026)\"\n\tversion 20261125\n)\n\n\
        game (\n\tname \"Example Almanac (97) (USA)\"\n\tdescription \"Example\"\n\trelease ( name x region y )\n\
        \trom ( name \"Example Almanac (97) (USA).iso\" size 650117120 crc 0123abcd \
        md5 d41d8cd98f00b204e9800998ecf8427e sha1 da39a3ee5e6b4b0d3255bfef95601890afd80709 flags verified )\n)\n\
        game ( name plain rom ( name a.bin size 1 ) rom ( name b.bin flags nodump crc 00000000 ) )";
    let catalogue = parse(text);
    assert_eq!((catalogue.header.name.as_str(), catalogue.header.version.as_str()), ("Example System", "20261125"));
    let [iso, a, b] = catalogue.entries.as_slice() else { panic!("{catalogue:?}") };
    assert_eq!((&*iso.title, iso.size), ("Example Almanac (97) (USA)", Some(650_117_120)));
    assert_eq!(iso.rom, "Example Almanac (97) (USA).iso");
    assert_eq!((iso.digests.len(), iso.status), (3, Status::Verified));
    assert_eq!(
        (&*a.title, a.track, b.track),
        ("plain", Some(Track { number: 1, of: 2 }), Some(Track { number: 2, of: 2 }))
    );
    assert!(b.digests.is_empty());
    assert!(parse("emulator ( name x )\ngame ( name y )").entries.is_empty());
}

#[test]
fn bad_clrmamepro_text_is_told_with_its_line() {
    assert_eq!(refused("game (\n name \"a\n"), "the end is missing: what line 2 opens is never closed");
    assert_eq!(refused("game (\n name a\n"), "the end is missing: what line 1 opens is never closed");
    assert_eq!(refused("game ( name a )\n )"), "line 2 (byte 17): a closing parenthesis too many");
    assert_eq!(refused("this is prose"), "no catalogue: it begins with \"this\"");
    assert_eq!(refused("other ( name a )"), "no catalogue: it begins with \"other\"");
    assert!(refused("a ( ".repeat(20)).starts_with("line 1: more than 16 levels"));
    assert!(
        refused(format!("game (\nname \"{}", "x".repeat(1 << 20)))
            .starts_with("line 2: a name or value of more than 65536")
    );
    assert!(refused([b'x'; 100_000]).starts_with("line 1: a name or value"));
}

proptest! {
    #[test]
    fn names_survive_xml(names in prop::collection::vec("[ -~é€]{1,30}", 1..20)) {
        let mut text = String::from("<datafile>");
        for name in &names {
            let name = quick_xml::escape::escape(name.as_str());
            let _ = write!(text, "<game name=\"{name}\"><rom name=\"{name}\" size=\"7\"/></game>");
        }
        text.push_str("</datafile>");
        let catalogue = Catalogue::parse(text.as_bytes(), Wanted::Sizes(&[7])).unwrap();
        prop_assert_eq!(catalogue.entries.iter().map(|e| e.title.to_string()).collect::<Vec<_>>(), names.clone());
        prop_assert_eq!(catalogue.entries.into_iter().map(|e| e.rom).collect::<Vec<_>>(), names);
    }

    #[test]
    fn a_damaged_catalogue_never_panics(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>()) {
        let mut bytes = REDUMP.as_bytes().to_vec();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let cut = cut.index(bytes.len());
        let _ = Catalogue::parse(bytes.as_slice(), Wanted::All);
        let _ = Catalogue::parse(&bytes[cut..], Wanted::All);
        prop_assert!(cut == 0 || Catalogue::parse(&bytes[..cut.min(REDUMP.len() - 20)], Wanted::All).is_err());
    }

    #[test]
    fn any_words_are_a_catalogue_or_an_error(text in "(game|rom|name|\\(|\\)|\"|clrmamepro|x|[ \n]){0,60}") {
        let _ = Catalogue::parse(text.as_bytes(), Wanted::All);
    }
}
