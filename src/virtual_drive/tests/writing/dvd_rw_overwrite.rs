//! This module knows what is true of a DVD-RW that is overwritten, in each of its states, byte by byte.

use super::*;
use crate::mmc::Profile;
use crate::mmc::feature::code;

const NEW: &str = "medium = \"dvd-rw\"";
const FORMATTED: &str = "medium = \"dvd-rw\"\nstate = \"formatted\"";

/// FORMAT UNIT with so many blocks, and a type.
fn format(bench: &mut Bench, blocks: u32, kind: u8) -> String {
    let [b0, b1, b2, b3] = blocks.to_be_bytes();
    let said = bench.out(&[0x04, 0x11, 0, 0, 0, 0], &[0, 2, 0, 8, b0, b1, b2, b3, kind << 2, 0, 0, 0x10]);
    if said.is_empty() {
        bench.was_busy_with("02h/04h/04h");
    }
    said
}

fn capacities(bench: &mut Bench) -> String {
    bench.hex(&[0x23, 0, 0, 0, 0, 0, 0, 0, 252, 0])
}

const WHOLE: u32 = 2_297_888;
/// 00h, 10h and 15h, all of it.
const ALWAYS: &str = "002310200000080000231020400000100023102054000010";

#[test]
fn formatted_at_full_length_it_is_written_in_blocks_of_16() {
    let mut bench = bench(FORMATTED);
    assert_eq!(bench.disc_information(), "1E0101010100 00000000 00000000");
    assert_eq!(bench.track_information(1), "0101 053101 0 0 0 2297888");
    assert_eq!(bench.capacity(), WHOLE - 1);
    assert_eq!(capacities(&mut bench), format!("00000028{}{ALWAYS}{}", "0023102002000800", "000000004C000010"));
    assert_eq!(bench.write(16, 32), "");
    assert_eq!(bench.write(0, 16), "");
    assert_eq!(bench.write(8, 16), "05h/21h/02h");
    assert_eq!(bench.write(16, 8), "05h/21h/02h");
    assert_eq!(bench.write(WHOLE - 16, 16), "");
    assert_eq!(bench.write(WHOLE - 16, 32), "05h/21h/00h");
    bench.synchronize();
    bench.reads_the_truth(0, 48);
    assert_eq!(bench.close(2, 0), "");
    let configuration: Configuration =
        bench.ask(&GetConfiguration { which: Which::Current, from: 0, allocation: 4096 });
    assert_eq!(configuration.profile, Profile::DvdRwRestrictedOverwrite);
    let has = |code| configuration.feature(code).is_some();
    let codes = [code::FORMATTABLE, code::RIGID_RESTRICTED_OVERWRITE, code::RESTRICTED_OVERWRITE];
    assert!(codes.into_iter().all(has));
    assert!(!has(code::RANDOM_WRITABLE) && !has(code::INCREMENTAL_STREAMING));
}

#[test]
fn formatted_in_a_moment_it_grows_until_it_is_closed() {
    let mut bench = bench(NEW);
    assert_eq!(format(&mut bench, 0, 0x15), "");
    assert_eq!(bench.disc_information(), "150101010100 00000000 00000000");
    assert_eq!(capacities(&mut bench), format!("00000020{}{ALWAYS}", "0000000003000800"));
    assert_eq!(bench.write(16, 16), "05h/21h/02h", "nothing is left out");
    assert_eq!(bench.write(0, 32), "");
    assert_eq!(bench.write(32, 32), "");
    assert_eq!(bench.write(0, 16), "", "what is there can be overwritten");
    assert_eq!(bench.close(2, 0), "");
    assert_eq!(bench.disc_information(), "1E0101010100 00000000 00000000");
    assert_eq!(bench.capacity(), 63);
    bench.reads_the_truth(0, 64);
    assert_eq!(bench.write(64, 16), "05h/21h/00h");
    // 2297824 more could be formatted.
    let rest = "00230FE04C000010".to_owned() + "00230FE044000010";
    assert_eq!(capacities(&mut bench), format!("00000030{}{ALWAYS}{rest}", "0000004002000800"));
    assert_eq!(format(&mut bench, 0, 0x13), "");
    assert_eq!(bench.write(64, 16), "");
    assert_eq!(bench.close(3, 0), "");
    assert_eq!(bench.capacity(), 79);
    bench.reads_the_truth(0, 80);
    assert_eq!(format(&mut bench, 160, 0x11), "");
    assert_eq!(bench.capacity(), 239);
    bench.reads_the_truth(0, 80);
    assert_eq!(bench.read(80, 160).unwrap(), vec![0; 160 * SECTOR_BYTES]);
}

#[test]
fn what_cannot_be_formatted_is_refused() {
    let mut bench = bench(NEW);
    for (what, blocks, kind) in [
        ("no size", 0, 0x10),
        ("part of an ECC block", 1000, 0x10),
        ("more than there is", WHOLE + 16, 0x10),
        ("to grow what is not formatted", 0, 0x13),
        ("the same at length", 16, 0x11),
        ("as a DVD+RW", WHOLE, 0x26),
    ] {
        assert_eq!(format(&mut bench, blocks, kind), "05h/26h/00h", "{what}");
    }
    let mut bench = super::bench(FORMATTED);
    assert_eq!(format(&mut bench, 0, 0x13), "05h/26h/00h", "there is nothing to add");
    assert_eq!(format(&mut bench, 16, 0x11), "05h/26h/00h");
    assert_eq!(bench.close(1, 1), "05h/24h/00h");
    assert_eq!(bench.close(6, 0), "05h/24h/00h");
}

#[test]
fn it_becomes_sequential_again_when_it_is_blanked() {
    let mut bench = bench(FORMATTED);
    assert_eq!(bench.write(0, 32), "");
    assert_eq!(bench.out(&[0xA1, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], &[]), "");
    bench.was_busy_with("02h/04h/07h");
    let configuration: Configuration =
        bench.ask(&GetConfiguration { which: Which::Current, from: 0, allocation: 4096 });
    assert_eq!(configuration.profile, Profile::DvdRwSequential);
    assert_eq!(bench.capacity(), 0);
    assert_eq!(bench.write(0, 16), "");
    assert_eq!(format(&mut bench, WHOLE, 0x10), "");
    assert_eq!(bench.read(0, 16).unwrap(), vec![0; 16 * SECTOR_BYTES]);
    assert_eq!(bench.write(160, 16), "");
}

#[test]
fn a_format_at_full_length_takes_as_long_as_writing() {
    let mut bench = bench(&format!("{NEW}\nspeed = \"16x\""));
    let whole = [0, 2, 0, 8, 0x00, 0x23, 0x10, 0x20, 0x40, 0, 0, 0x10];
    assert_eq!(bench.out(&[0x04, 0x11, 0, 0, 0, 0], &whole), "");
    bench.clock.sleep(Duration::from_secs(900));
    assert_eq!(bench.refusal(&TestUnitReady), "02h/04h/04h");
    bench.clock.sleep(Duration::from_secs(20));
    assert_eq!(bench.out(&[0; 6], &[]), "");
}
