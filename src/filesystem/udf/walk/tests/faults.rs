//! Each fault of a file by itself: the rule that it fires, and at which byte.

use super::*;

/// What a fault does to an image, and the byte at which it is to be told.
type Fault<'a> = (&'a str, &'a dyn Fn(&mut Written) -> usize, Rule, Severity);

#[test]
fn each_fault_of_a_file_alone_fires_its_rule_at_its_byte() {
    use Rule as R;
    use Severity::{Error, Info, Warning};
    fn edit(w: &mut Written, at: usize, offset: usize, bytes: &[u8]) -> usize {
        w.edit(at, offset, bytes);
        at
    }
    let entry = |w: &Written, path: &str| w.entry(path);
    let faults: &[Fault<'_>] = &[
        (
            "CRC",
            &|w| {
                let at = entry(w, "A.BIN");
                w.bytes[at + 100] ^= 1;
                at
            },
            R::U03,
            Error,
        ),
        (
            "checksum",
            &|w| {
                let at = entry(w, "A.BIN");
                w.bytes[at + 4] ^= 1;
                at
            },
            R::U03,
            Error,
        ),
        (
            "location",
            &|w| {
                let at = entry(w, "A.BIN");
                edit(w, at, 12, &[99])
            },
            R::U03,
            Error,
        ),
        (
            "tag version",
            &|w| {
                let at = entry(w, "A.BIN");
                edit(w, at, 2, &[7])
            },
            R::U03,
            Warning,
        ),
        (
            "reserved byte of the tag",
            &|w| {
                let at = entry(w, "SUB");
                edit(w, at, 5, &[1])
            },
            R::U03,
            Warning,
        ),
        (
            "zeroed",
            &|w| {
                let at = entry(w, "SUB");
                w.bytes[at..at + 2048].fill(0);
                at
            },
            R::U03,
            Error,
        ),
        (
            "identifier",
            &|w| {
                let at = entry(w, "A.BIN");
                edit(w, at, 0, &[0, 1])
            },
            R::U09,
            Error,
        ),
        (
            "type",
            &|w| {
                let at = entry(w, "A.BIN");
                edit(w, at, 27, &[77])
            },
            R::U09,
            Warning,
        ),
        (
            "strategy",
            &|w| {
                let at = entry(w, "A.BIN");
                edit(w, at, 20, &[5])
            },
            R::U09,
            Warning,
        ),
        (
            "form",
            &|w| {
                let at = entry(w, "A.BIN");
                edit(w, at, 34, &[5])
            },
            R::U09,
            Error,
        ),
        (
            "short",
            &|w| {
                let at = entry(w, "A.BIN");
                edit(w, at, 56, &[0, 0x40])
            },
            R::U09,
            Error,
        ),
        (
            "huge",
            &|w| {
                let at = entry(w, "A.BIN");
                edit(w, at, 63, &[0x80])
            },
            R::U09,
            Error,
        ),
        (
            "inline",
            &|w| {
                let at = entry(w, "I.TXT");
                edit(w, at, 56, &[7])
            },
            R::U09,
            Error,
        ),
        (
            "inline and more",
            &|w| {
                let at = entry(w, "I.TXT");
                edit(w, at, 56, &[5])
            },
            R::U09,
            Warning,
        ),
        (
            "blocks",
            &|w| {
                let at = entry(w, "A.BIN");
                edit(w, at, 64, &[9])
            },
            R::U09,
            Warning,
        ),
        (
            "outside",
            &|w| {
                let at = entry(w, "A.BIN");
                edit(w, at, 180, &[0, 0, 9])
            },
            R::U09,
            Error,
        ),
        (
            "lengths",
            &|w| {
                let at = entry(w, "A.BIN");
                edit(w, at, 172, &[0, 0, 1])
            },
            R::U09,
            Error,
        ),
        (
            "links",
            &|w| {
                let at = entry(w, "A.BIN");
                edit(w, at, 48, &[2])
            },
            R::U10,
            Warning,
        ),
        (
            "unique id",
            &|w| {
                let at = entry(w, "A.BIN");
                edit(w, at, 160, &[0; 8])
            },
            R::U19,
            Info,
        ),
        (
            "another id",
            &|w| {
                let at = entry(w, "A.BIN");
                edit(w, at, 160, &[200])
            },
            R::U19,
            Info,
        ),
        (
            "list",
            &|w| {
                let at = w.place("C.BIN", Role::List).start;
                edit(w, at, 0, &[0, 1]);
                w.entry("C.BIN")
            },
            R::U09,
            Error,
        ),
        (
            "place of a list",
            &|w| {
                let at = w.place("C.BIN", Role::List).start;
                edit(w, at, 12, &[0, 1])
            },
            R::U03,
            Warning,
        ),
        (
            "name's CRC",
            &|w| {
                let at = name_at(w, "", 2);
                w.bytes[at + 34] ^= 1;
                at
            },
            R::U03,
            Error,
        ),
        (
            "name's checksum",
            &|w| {
                let at = name_at(w, "", 2);
                w.bytes[at + 4] ^= 1;
                at
            },
            R::U03,
            Error,
        ),
        (
            "name's place",
            &|w| {
                let at = name_at(w, "", 2);
                edit(w, at, 12, &[99])
            },
            R::U03,
            Error,
        ),
        (
            "name's version",
            &|w| {
                let at = name_at(w, "", 2);
                edit(w, at, 16, &[2])
            },
            R::U10,
            Warning,
        ),
        (
            "name's flags",
            &|w| {
                let at = name_at(w, "", 1);
                edit(w, at, 18, &[0x80])
            },
            R::U10,
            Warning,
        ),
        (
            "kind",
            &|w| {
                let at = name_at(w, "", 1);
                edit(w, at, 18, &[2])
            },
            R::U10,
            Error,
        ),
        (
            "no ICB",
            &|w| {
                let at = name_at(w, "", 1);
                edit(w, at, 20, &[0; 4])
            },
            R::U10,
            Error,
        ),
        (
            "no parent",
            &|w| {
                let at = name_at(w, "SUB", 0);
                edit(w, at, 18, &[6])
            },
            R::U10,
            Error,
        ),
        (
            "parent's ICB",
            &|w| {
                let at = name_at(w, "SUB", 0);
                edit(w, at, 24, &[9])
            },
            R::U10,
            Error,
        ),
        (
            "garbage",
            &|w| {
                let at = name_at(w, "", 2);
                w.bytes[at..at + 40].fill(0xAA);
                at
            },
            R::U10,
            Error,
        ),
        (
            "slash",
            &|w| {
                let at = name_at(w, "", 1);
                edit(w, at, 39, b"/")
            },
            R::U12,
            Error,
        ),
        (
            "NUL",
            &|w| {
                let at = name_at(w, "", 1);
                edit(w, at, 39, &[0])
            },
            R::U12,
            Error,
        ),
        (
            "compression",
            &|w| {
                let at = name_at(w, "", 1);
                edit(w, at, 38, &[9])
            },
            R::U12,
            Warning,
        ),
        (
            "half",
            &|w| {
                let at = name_at(w, "", 1);
                edit(w, at, 38, &[16, 0])
            },
            R::U12,
            Warning,
        ),
        (
            "deleted",
            &|w| {
                let at = name_at(w, "", 1);
                edit(w, at, 38, &[254])
            },
            R::U12,
            Warning,
        ),
        (
            "twice",
            &|w| {
                let at = name_at(w, "", 3);
                edit(w, at, 39, b"A")
            },
            R::U10,
            Warning,
        ),
        (
            "set's tag",
            &|w| {
                let at = w.structure("FSD");
                w.bytes[at + 4] ^= 1;
                at
            },
            R::U03,
            Error,
        ),
        (
            "set's identifier",
            &|w| {
                let at = w.structure("FSD");
                edit(w, at, 0, &[5])
            },
            R::U17,
            Error,
        ),
        (
            "set's volume",
            &|w| {
                let at = w.structure("FSD");
                edit(w, at, 114, b"X")
            },
            R::U17,
            Warning,
        ),
        (
            "set's name",
            &|w| {
                let at = w.structure("FSD");
                edit(w, at, 335, &[40]) + 304
            },
            R::U12,
            Warning,
        ),
        (
            "abstract's name",
            &|w| {
                let at = w.structure("FSD");
                edit(w, at, 399, &[32]) + 368
            },
            R::U12,
            Warning,
        ),
        (
            "set's domain",
            &|w| {
                let at = w.structure("FSD");
                edit(w, at, 418, b"X")
            },
            R::U17,
            Warning,
        ),
        (
            "set's revision",
            &|w| {
                let at = w.structure("FSD");
                edit(w, at, 440, &[0])
            },
            R::U17,
            Warning,
        ),
    ];
    assert_eq!(found(&judged(&write(&plain()).bytes, Scope::Judge)), []);
    for (of, fault, rule, severity) in faults {
        let mut written = write(&plain());
        let at = fault(&mut written) as u64;
        let image = judged(&written.bytes, Scope::Judge);
        let told = found(&image);
        assert!(told.contains(&(*rule, *severity, at)), "{of}: {told:?}, {at} expected: {:?}", image.findings);
        let others = told.iter().filter(|(other, severity, _)| *other != *rule && *severity == Error).count();
        assert!(*severity == Error || others == 0, "{of}: {told:?}");
    }
}
