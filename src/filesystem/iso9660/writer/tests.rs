use super::*;
use crate::filesystem::{VolumeKind, first_look};

fn long_names() -> Disc {
    let mut disc = Disc::with_all_names();
    disc.enhanced = true;
    disc.file("a long name, with ünïcode in it.text", noise(100, 3));
    disc.file(&"n".repeat(180), noise(10, 4));
    disc.symlink("SUB/link", "../A.BIN");
    disc.file_of("M.BIN", vec![noise(6144, 5), noise(2048, 6), noise(777, 7)]);
    disc.file("EMPTY", b"");
    disc
}

#[test]
fn what_is_written_has_the_volumes_that_were_asked_for() {
    let written = long_names().write();
    let look = first_look(&mut written.bytes.as_slice());
    let kinds: Vec<VolumeKind> = look.volumes.iter().map(|volume| volume.kind).collect();
    let primary = VolumeKind::Iso9660 { set_size: 1, sequence: 1 };
    assert_eq!(kinds, [primary, VolumeKind::Enhanced, VolumeKind::Joliet { level: 3 }, VolumeKind::RockRidge]);
    assert_eq!(look.needed.map(|count| count.0), Some(written.sectors));
    assert_eq!(look.problems, []);
}

#[test]
fn the_places_are_those_of_the_bytes() {
    let written = long_names().write();
    let at = usize::try_from(written.start(Part::Joliet, "SUB/B.BIN")).unwrap();
    assert_eq!(written.bytes[at..at + 3000], noise(3000, 2));
    let record = usize::try_from(written.record(Part::Primary, "SUB/B.BIN")).unwrap();
    assert_eq!(written.bytes[record + 2..record + 6], u32::try_from(at / 2048).unwrap().to_le_bytes());
    assert_eq!(&written.bytes[record + 33..record + 40], b"B.BIN;1");
}
