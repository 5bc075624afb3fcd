use super::*;
use proptest::prelude::*;

/// Of nothing.
const SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const MD5: &str = "d41d8cd98f00b204e9800998ecf8427e";
const SHA1: &str = "da39a3ee5e6b4b0d3255bfef95601890afd80709";

fn sha256() -> Digest {
    Digest::from_hex(Algorithm::Sha256, SHA256).unwrap()
}

fn list(file_name: &str, text: &str) -> HashList {
    HashList::parse(file_name, text.as_bytes()).unwrap()
}

/// Name and digest of the only entry.
fn only(file_name: &str, text: &[u8]) -> (Option<Vec<u8>>, String) {
    let list = HashList::parse(file_name, text).unwrap();
    let [entry] = list.entries() else { panic!("{:?}", list.entries()) };
    (entry.name.clone(), entry.digest.to_string())
}

fn refused(file_name: &str, text: &[u8]) -> String {
    HashList::parse(file_name, text).unwrap_err().to_string()
}

#[test]
fn every_form_in_use_is_read() {
    let upper = SHA256.to_ascii_uppercase();
    for line in [
        format!("{SHA256}  listed.iso"),
        format!("{SHA256} *listed.iso"),
        format!("{SHA256} listed.iso"),
        format!("{SHA256}\tlisted.iso"),
        format!("  {SHA256}  listed.iso"),
        format!("{upper}  listed.iso\r"),
        format!("SHA256 (listed.iso) = {SHA256}"),
        format!("SHA256(listed.iso)= {SHA256}"),
        format!("SHA2-256(listed.iso)= {upper}"),
        format!("SHA-256 (listed.iso) = {SHA256}\r\n"),
        format!("\u{FEFF}{SHA256}  listed.iso"),
        format!("# comment\n; comment\n\n{SHA256}  listed.iso\n\n"),
    ] {
        assert_eq!(only("SHA256SUMS", line.as_bytes()), (Some(b"listed.iso".to_vec()), SHA256.to_owned()), "{line:?}");
    }
}

#[test]
fn a_folder_in_front_of_the_name_does_not_matter() {
    for name in ["./listed.iso", "/abs/listed.iso", "../../listed.iso", "a b/listed.iso"] {
        assert_eq!(list("SHA256SUMS", &format!("{SHA256}  {name}\n")).for_name(b"listed.iso").len(), 1, "{name}");
    }
    let not = list("SHA256SUMS", &format!("{SHA256}  unlisted.iso\n{SHA256}  listed.iso/x\n"));
    assert!(not.for_name(b"listed.iso").is_empty());
    assert_eq!(not.by_digest(&sha256()).count(), 2);
}

#[test]
fn lines_for_other_files_are_not_asked_for() {
    let list = list("SHA256SUMS", &format!("{SHA256}  listed.iso\n{}  elsewhere.iso\n", "1".repeat(64)));
    assert_eq!(list.for_name(b"listed.iso").len(), 1);
    assert_eq!(list.wanted_algorithms(b"listed.iso"), [Algorithm::Sha256]);
}

#[test]
fn the_end_of_a_line_may_be_of_windows() {
    let list = list("x.md5", &format!("{MD5} *listed.iso\r\n{SHA1} *other.iso\r\n"));
    assert_eq!(list.for_name(b"listed.iso")[0].digest.to_string(), MD5);
    assert_eq!(list.entries()[1].line, 2);
}

#[test]
fn escapes_are_undone_where_the_line_announces_them() {
    let read = |line: &str| only("x.sha256", line.as_bytes()).0.unwrap();
    assert_eq!(read(&format!("\\{SHA256}  new\\nline\\\\\\r.iso")), b"new\nline\\\r.iso");
    assert_eq!(read(&format!("\\SHA256 (back\\\\slash.iso) = {SHA256}")), b"back\\slash.iso");
    assert_eq!(read(&format!("{SHA256}  not\\nescaped.iso")), b"not\\nescaped.iso");
    for wrong in [r"\t.iso", r"end\"] {
        let line = format!("\\{SHA256}  {wrong}");
        assert_eq!(refused("x", line.as_bytes()), "line 1: a backslash in the name begins no escape");
    }
}

#[test]
fn names_are_bytes_and_may_look_like_other_forms() {
    let line = [SHA256.as_bytes(), b"  \xFFa (b) = c(.iso "].concat();
    assert_eq!(only("x.sha256", &line).0.unwrap(), b"\xFFa (b) = c(.iso ");
    let line = format!("{SHA256}  (b) = deadbeef");
    assert_eq!(only("x.sha256", line.as_bytes()).0.unwrap(), b"(b) = deadbeef");
    let line = format!("SHA256 (a) = b (c).iso) = {SHA256}");
    assert_eq!(only("x.sha256", line.as_bytes()).0.unwrap(), b"a) = b (c).iso");
    assert_eq!(only("x.sha256", format!("{SHA256}  *star").as_bytes()).0.unwrap(), b"*star");
    assert_eq!(only("x.sha256", format!("{SHA256} *").as_bytes()).0.unwrap(), b"*");
    assert_eq!(only("x.sha256", format!("{SHA256}   ").as_bytes()).0.unwrap(), b" ");
}

#[test]
fn a_bare_digest_belongs_to_the_file_that_the_list_is_called_after() {
    assert_eq!(only("x.iso.sha256", SHA256.as_bytes()), (None, SHA256.to_owned()));
    assert_eq!(only("x.iso.sha256", format!("{SHA256}  -\n").as_bytes()), (None, SHA256.to_owned()));
    let mixed = list("listed.iso.sha1", &format!("{SHA1}\n{SHA1}  other.iso\n"));
    assert_eq!(mixed.for_name(b"listed.iso").len(), 1);
    assert_eq!(mixed.for_name(b"third.iso").len(), 0);
    assert_eq!(list("any.sha1", SHA1).for_name(b"listed.iso").len(), 1);
}

#[test]
fn length_tells_the_algorithm_unless_the_lists_name_says_more() {
    for algorithm in Algorithm::ALL {
        let hex = "ab".repeat(algorithm.digest_bytes());
        assert_eq!(list("checksums.txt", &format!("{hex}  x")).entries()[0].digest.algorithm(), algorithm);
    }
    for (file_name, digits, name) in [
        ("B3SUMS", 64, "BLAKE3"),
        ("x.iso.b3", 64, "BLAKE3"),
        ("b2sums.txt", 128, "BLAKE2b"),
        ("checksums.txt", 56, "SHA-224"),
        ("checksums.sha384", 96, "SHA-384"),
    ] {
        let text = format!("{}  x.iso", "0".repeat(digits));
        let expected = format!("line 1: {name} is not among the digests this program computes");
        assert_eq!(refused(file_name, text.as_bytes()), expected);
    }
    assert_eq!(list("x.sha384", &format!("{SHA256}  x")).entries()[0].digest, sha256());
    assert_eq!(
        refused("x", format!("BLAKE2b-256 (x) = {SHA256}").as_bytes()),
        "line 1: BLAKE2b-256 is not among the digests this program computes"
    );
}

#[test]
fn sfv_has_the_name_first() {
    let text = "; Generated by example\r\n;  4096  12:00.00 2026-11-25 listed.iso\r\nlisted.iso 352441C2\r\n";
    let sfv = list("x.SFV", text);
    assert_eq!(sfv.for_name(b"listed.iso")[0].digest.to_string(), "352441c2");
    assert_eq!(only("x.sfv", b" sp ace.iso   352441C2  ").0.unwrap(), b" sp ace.iso");
    assert_eq!(only("x.sfv", b"#1 deadbeef 352441C2").0.unwrap(), b"#1 deadbeef");
    assert_eq!(list("x.sfv", "folder\\listed.iso 352441C2").for_name(b"listed.iso").len(), 1);
    assert_eq!(refused("x.sfv", b"; only\n\nlisted.iso 352441C\n"), "line 3: not a line of a hash list");
    assert_eq!(refused("x.txt", b"listed.iso 352441C2\n"), "line 1: not a line of a hash list");
}

#[test]
fn a_backslash_parts_a_path_where_no_escape_was_announced() {
    assert_eq!(list("x.md5", &format!("{MD5} *C:\\discs\\listed.iso")).for_name(b"listed.iso").len(), 1);
    let escaped = list("x.md5", &format!("\\{MD5}  discs\\\\listed.iso"));
    assert!(escaped.for_name(b"listed.iso").is_empty());
    assert_eq!(escaped.for_name(b"discs\\listed.iso").len(), 1);
}

#[test]
fn no_file_of_hashdeep_has_a_zero_byte_in_its_name() {
    let text = b"%%%% HASHDEEP-1.0\n%%%% crc32,filename\n0ddba11f,a\0b\n";
    let error = HashList::parse("x.hashdeep", text).unwrap_err();
    assert!(error.to_string().starts_with("line 3"), "{error}");
}

#[test]
fn hashdeep_names_its_columns() {
    let text = format!(
        "%%%% HASHDEEP-1.0\n%%%% size,md5,tiger,sha256,filename\n## Invoked from: /folder\n## # hashdeep -c md5\n##\n\
         4096,{MD5},0000,{SHA256},/folder/listed, too.iso\n7,{MD5},00,{MD5},/x\nseven,{MD5},00,{SHA256},/x\n1,2\n"
    );
    let list = list("x.hashdeep", &text);
    let entries = list.for_name(b"listed, too.iso");
    assert_eq!(entries.iter().map(|e| e.digest.to_string()).collect::<Vec<_>>(), [MD5, SHA256]);
    assert_eq!(entries[0].size, Some(4096));
    let warnings: Vec<_> = list.warnings().iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "line 7: a sha256 digest has 64 hex digits, not 32",
            "line 8: \"seven\" is not a size in bytes",
            "line 9: a md5 digest has 32 hex digits, not 1",
        ]
    );
    assert_eq!(
        refused("x", b"%%%% HASHDEEP-1.0\n%%%% size,md5\n"),
        "line 2: hashdeep's line of column names has to end with \"filename\""
    );
}

#[test]
fn of_a_clear_signed_list_only_what_is_signed_counts() {
    let text = format!(
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n# listed.iso: 123 bytes\nSHA256 (listed.iso) = {SHA256}\n\
         - -----\n- {SHA1}  second.iso\n-----BEGIN PGP SIGNATURE-----\n\n{MD5}  smuggled.iso\n-----END PGP SIGNATURE-----\n\
         {MD5}  smuggled.iso\n"
    );
    let list = list("x-CHECKSUM", &text);
    assert_eq!(list.signature(), Signature::Unchecked);
    assert_eq!(list.entries().iter().map(|e| e.line).collect::<Vec<_>>(), [5, 7]);
    assert_eq!(list.for_name(b"listed.iso")[0].size, Some(123));
    assert_eq!(list.warnings().len(), 1);
}

#[test]
fn bad_lines_among_good_ones_are_warnings() {
    let long = "0".repeat(65);
    let text = format!(
        "certutil says\n{SHA256}  good.iso\n{long}  long.iso\nSHA1 (short.iso) = 12ab\n{SHA256}X  glued.iso\nMD5 () = {MD5}\n"
    );
    let list = list("x.sha256", &text);
    assert_eq!(list.entries().len(), 1);
    assert_eq!(
        list.warnings().iter().map(ToString::to_string).collect::<Vec<_>>(),
        [
            "line 1: not a line of a hash list",
            "line 3: no digest has 65 hex digits",
            "line 4: a sha1 digest has 40 hex digits, not 4",
            "line 5: not a line of a hash list",
            "line 6: a digest without a name",
        ]
    );
}

#[test]
fn a_list_without_a_usable_line_is_an_error() {
    assert_eq!(refused("x.sha256", b""), "the list has no line with a digest");
    assert_eq!(refused("x.sha256", b"# only\n\n\n"), "the list has no line with a digest");
    assert_eq!(refused("x.sha256", b"\n# text\n12345  x\n"), "line 3: not a line of a hash list");
    let utf_16 = SHA256.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    assert!(refused("x.sha256", &utf_16).starts_with("line 1: a zero byte"));
}

#[test]
fn warnings_do_not_fill_the_memory() {
    let list = list("x", &format!("{}{SHA1}", "?\n".repeat(5000)));
    assert_eq!((list.warnings().len(), list.bad_lines()), (WARNINGS, 5000));
}

#[test]
fn what_is_written_is_what_coreutils_writes() {
    assert_eq!(list_line(&sha256(), b"plain.iso"), format!("{SHA256}  plain.iso\n").as_bytes());
    assert_eq!(list_line(&sha256(), b"-"), format!("{SHA256}  ./-\n").as_bytes());
    assert_eq!(list_line(&sha256(), b"a\\b\nc\rd"), format!("\\{SHA256}  a\\\\b\\nc\\rd\n").as_bytes());
}

proptest! {
    #[test]
    fn names_survive_a_list(
        names in prop::collection::vec(prop::collection::vec(1..=u8::MAX, 1..20), 1..8),
        seed in any::<[u8; 32]>(),
    ) {
        let digest = Digest::Sha256(seed);
        let text: Vec<u8> = names.iter().flat_map(|name| list_line(&digest, name)).collect();
        let list = HashList::parse("SHA256SUMS", &text).unwrap();
        let expected: Vec<_> = names.iter().map(|name| Some(if name == b"-" { b"./-".to_vec() } else { name.clone() })).collect();
        prop_assert_eq!(list.entries().iter().map(|e| e.name.clone()).collect::<Vec<_>>(), expected);
        prop_assert!(list.entries().iter().all(|e| e.digest == digest));
    }

    #[test]
    fn any_bytes_are_a_list_or_an_error(
        bytes in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(b"\n\\ (=)*;#%,aA09-".to_vec())], 0..400),
        sfv in any::<bool>(),
    ) {
        if let Ok(list) = HashList::parse(if sfv { "x.sfv" } else { "x" }, &bytes) {
            prop_assert!(!list.entries().is_empty());
        }
    }
}
