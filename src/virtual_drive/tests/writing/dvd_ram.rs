//! This module knows what is true of DVD-RAM in each of its states, byte by byte.

use super::*;
use crate::mmc::Profile;
use crate::mmc::feature::code;

const NEW: &str = "medium = \"dvd-ram\"";

/// FORMAT UNIT with flags, so many blocks and a type.
fn format(bench: &mut Bench, flags: u8, blocks: u32, kind: u8) -> String {
    let [b0, b1, b2, b3] = blocks.to_be_bytes();
    let said = bench.out(&[0x04, 0x11, 0, 0, 0, 0], &[0, flags, 0, 8, b0, b1, b2, b3, kind << 2, 0, 8, 0]);
    if said.is_empty() {
        bench.was_busy_with("02h/04h/04h");
    }
    said
}

fn spare_area(bench: &mut Bench) -> String {
    bench.hex(&[0xAD, 0, 0, 0, 0, 0, 0, 0x0A, 0, 16, 0, 0])
}

#[test]
fn new_it_is_formatted_and_has_something_to_spare() {
    let mut bench = bench(NEW);
    assert_eq!(bench.disc_information(), "1F0101010100 00000000 00000000");
    assert_eq!(bench.track_information(1), "0101 040100 0 0 0 2236704");
    assert_eq!(bench.capacity(), 2_236_703);
    let formats = concat!("00000020", "0022212002000800", "0022212000000800", "0023052000000800", "0021872004000800");
    assert_eq!(bench.hex(&[0x23, 0, 0, 0, 0, 0, 0, 0, 252, 0]), formats);
    // 12800 sectors in the primary spare area, all 58368 of the supplementary one.
    assert_eq!(spare_area(&mut bench), "000E0000".to_owned() + "00003200" + "0000E400" + "0000E400");
    assert_eq!(&bench.hex(&[0xAD, 0, 0, 0, 0, 0, 0, 8, 8, 4, 0, 0])[..32], "080200000A0A00010000000000010023");
    assert_eq!(bench.hex(&[0xAD, 0, 0, 0, 0, 0, 0, 9, 0, 8, 0, 0]), "0006000000100000");
    assert_eq!(bench.hex(&[0xAD, 0, 0, 0, 0, 0, 0, 0xC0, 0, 8, 0, 0]), "0006000000000000");
    // Physical format: book 1, rewritable, from sector 031000h on.
    let structure = bench.hex(&[0xAD, 0, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0]);
    assert_eq!(structure, "08020000".to_owned() + "120F0400" + "00031000" + "0026151F" + "00000000");
    let configuration: Configuration =
        bench.ask(&GetConfiguration { which: Which::Current, from: 0, allocation: 4096 });
    assert_eq!(configuration.profile, Profile::DvdRam);
    let has = |code| configuration.feature(code).is_some();
    assert!([code::RANDOM_WRITABLE, code::FORMATTABLE, code::DEFECT_MANAGEMENT].into_iter().all(has));
    let random = &configuration.feature(code::RANDOM_WRITABLE).unwrap().data;
    assert_eq!(random[..], [0x00, 0x22, 0x21, 0x1F, 0, 0, 8, 0, 0, 16, 1, 0]);
    assert_eq!(configuration.feature(code::DEFECT_MANAGEMENT).unwrap().data, [0x80, 0, 0, 0]);
}

#[test]
fn it_is_written_anywhere_without_more_ado() {
    let mut bench = bench(NEW);
    assert_eq!(bench.write(100, 33), "");
    assert_eq!(bench.write(2_236_703, 1), "");
    assert_eq!(bench.write(2_236_703, 2), "05h/21h/00h");
    bench.synchronize();
    bench.reads_the_truth(100, 33);
    assert_eq!(bench.read(0, 16).unwrap(), vec![0; 16 * SECTOR_BYTES]);
    assert_eq!(bench.close(2, 0), "05h/24h/00h");
    assert_eq!(bench.out(&[0xA1, 0x11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], &[]), "05h/30h/06h");
}

#[test]
fn unformatted_it_takes_nothing_before_it_is_formatted() {
    let mut bench = bench(&format!("{NEW}\nstate = \"blank\""));
    assert_eq!(bench.disc_information(), "100101010100 00000000 00000000");
    assert_eq!(&bench.hex(&[0x23, 0, 0, 0, 0, 0, 0, 0, 252, 0])[..24], "000000180023052001000800");
    assert_eq!(bench.write(0, 16), "02h/30h/10h");
    assert_eq!(format(&mut bench, 0xA2, 2_295_072, 0x00), "");
    assert_eq!(bench.capacity(), 2_295_071);
    assert_eq!(spare_area(&mut bench), "000E0000".to_owned() + "00003200" + &"0".repeat(16));
    assert_eq!(bench.write(2_295_071, 1), "");
}

#[test]
fn more_can_be_spared_later_and_what_is_on_it_stays() {
    let mut bench = bench(NEW);
    assert_eq!(bench.write(0, 16), "");
    for (what, blocks, kind, said) in [
        ("a size of its own", 2_200_000, 0x00, "05h/26h/00h"),
        ("more than there is", 2_295_088, 0x00, "05h/26h/00h"),
        ("less to spare", 2_236_720, 0x01, "05h/26h/00h"),
        ("more than can be spared", 2_190_000, 0x01, "05h/26h/00h"),
        ("part of an ECC block", 2_200_001, 0x01, "05h/26h/00h"),
        ("as a BD-RE", 2_236_704, 0x30, "05h/26h/00h"),
        ("a little more", 2_200_000, 0x01, ""),
        ("as much as can be", 2_197_280, 0x01, ""),
    ] {
        assert_eq!(format(&mut bench, 0x02, blocks, kind), said, "{what}");
    }
    assert_eq!(bench.capacity(), 2_197_279);
    bench.reads_the_truth(0, 16);
    assert_eq!(format(&mut bench, 0x02, 2_236_704, 0x00), "");
    assert_eq!(bench.read(0, 16).unwrap(), vec![0; 16 * SECTOR_BYTES], "a new format forgets everything");
}

#[test]
fn a_look_at_all_of_it_takes_long_and_can_be_left_out() {
    let mut bench = bench(&format!("{NEW}\nspeed = \"16x\""));
    let with_defects = |bench: &mut Bench, flags: u8| {
        bench.out(&[0x04, 0x19, 0, 0, 0, 0], &[0, flags, 0, 8, 0x00, 0x22, 0x21, 0x20, 0, 0, 8, 0])
    };
    assert_eq!(with_defects(&mut bench, 0x02), "05h/24h/00h", "a list of all defects, and a look for more");
    assert_eq!(with_defects(&mut bench, 0xA2), "");
    assert_eq!(bench.refusal(&TestUnitReady), "02h/04h/04h");
    bench.clock.sleep(Duration::from_secs(21));
    assert_eq!(bench.out(&[0; 6], &[]), "");
    assert_eq!(bench.out(&[0x04, 0x11, 0, 0, 0, 0], &[0, 2, 0, 8, 0x00, 0x22, 0x21, 0x20, 0, 0, 8, 0]), "");
    bench.clock.sleep(Duration::from_secs(1300));
    assert_eq!(bench.refusal(&TestUnitReady), "02h/04h/04h");
    bench.clock.sleep(Duration::from_secs(100));
    assert_eq!(bench.out(&[0; 6], &[]), "");
}

#[test]
fn what_protects_it_is_told_and_holds() {
    for (protection, status, bits, said) in
        [("cartridge", "84100000", "04000000", "07h/27h/00h"), ("persistent", "02100000", "02000000", "07h/27h/04h")]
    {
        let mut bench = bench(&format!("{NEW}\nwrite_protection = \"{protection}\""));
        assert_eq!(bench.hex(&[0xAD, 0, 0, 0, 0, 0, 0, 9, 0, 8, 0, 0]), format!("00060000{status}"));
        assert_eq!(bench.hex(&[0xAD, 0, 0, 0, 0, 0, 0, 0xC0, 0, 8, 0, 0]), format!("00060000{bits}"));
        assert_eq!(bench.disc_information(), "1E0101010100 00000000 00000000");
        assert_eq!(bench.write(0, 16), said);
        assert_eq!(format(&mut bench, 0xA2, 2_236_704, 0x00), said);
        assert_eq!(bench.read(0, 16).unwrap(), vec![0; 16 * SECTOR_BYTES]);
        bench.synchronize();
    }
}
