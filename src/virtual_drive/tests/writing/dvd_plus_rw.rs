//! This module knows what is true of DVD+RW in each of its states, byte by byte.

use super::*;
use crate::mmc::feature::code;

const NEW: &str = "medium = \"dvd+rw\"";
const LIST: [u8; 12] = [0, 2, 0, 8, 0x00, 0x23, 0x05, 0x40, 0x98, 0, 0, 0];

fn format(bench: &mut Bench, list: &[u8]) -> String {
    let said = bench.out(&[0x04, 0x11, 0, 0, 0, 0], list);
    if said.is_empty() {
        bench.was_busy_with("02h/04h/04h");
    }
    said
}

#[test]
fn new_it_is_blank_and_wants_to_be_formatted() {
    let mut bench = bench(NEW);
    assert_eq!(bench.disc_information(), "100101010100 00000000 00000000");
    assert_eq!(bench.track_information(1), "0101 076100 0 0 2295104 2295104");
    assert_eq!(
        bench.hex(&[0x23, 0, 0, 0, 0, 0, 0, 0, 252, 0]),
        "00000010002305400100080000230540".to_owned() + "98000000"
    );
    assert_eq!(bench.hex(&[0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0]), "0000000000000800");
    assert_eq!(bench.write(0, 16), "02h/30h/10h");
    assert_eq!(bench.read_fails(0, 16), "05h/21h/00h");
    let configuration: Configuration =
        bench.ask(&GetConfiguration { which: Which::Current, from: 0, allocation: 4096 });
    assert_eq!(configuration.profile, crate::mmc::Profile::DvdPlusRw);
    let codes = [code::RANDOM_WRITABLE, code::FORMATTABLE, code::DVD_PLUS_RW];
    assert!(codes.into_iter().all(|code| configuration.feature(code).is_some()));
}

#[test]
fn it_is_written_anywhere_while_it_is_formatted_behind() {
    let mut bench = bench(NEW);
    assert_eq!(format(&mut bench, &LIST), "");
    // From sector 32 to the end, and what lies before it last: so one program does it.
    assert_eq!(bench.write(32, 32), "");
    assert_eq!(bench.write(0, 32), "");
    assert_eq!(bench.write(7, 1), "", "a single sector will do");
    bench.synchronize();
    assert_eq!(bench.close(0, 0), "");
    assert_eq!(bench.close(2, 0), "");
    assert_eq!(bench.disc_information(), "1E0101010101 00000000 00000000");
    assert_eq!(bench.track_information(1), "0101 073100 0 0 0 64");
    assert_eq!(bench.capacity(), 63);
    bench.reads_the_truth(0, 64);
    assert_eq!(bench.hex(&[0x23, 0, 0, 0, 0, 0, 0, 0, 12, 0]), "000000100000004002000800");
    assert_eq!(bench.write(64, 16), "05h/21h/00h", "formatting stands still");
    let restart = [0, 2, 0, 8, 0, 0, 0, 0, 0x98, 0, 0, 1];
    assert_eq!(format(&mut bench, &restart), "");
    assert_eq!(bench.write(64, 16), "");
    bench.reads_the_truth(0, 80);
}

#[test]
fn formatting_is_seen_to_run_and_then_is_done() {
    let mut bench = bench(NEW);
    assert_eq!(format(&mut bench, &LIST), "");
    assert_eq!(bench.disc_information(), "1E0101010102 00000000 00000000");
    assert_eq!(bench.disc_information(), "1E0101010103 00000000 00000000");
    assert_eq!(bench.capacity(), 2_295_103);
    assert_eq!(bench.read(2_295_103, 1).unwrap(), vec![0; SECTOR_BYTES]);
    assert_eq!(bench.write(2_295_103, 1), "");
    assert_eq!(bench.write(2_295_103, 2), "05h/21h/00h");
    bench.reads_the_truth(2_295_103, 1);
    assert_eq!(bench.close(2, 0), "");
    assert_eq!(bench.disc_information(), "1E0101010103 00000000 00000000");
}

#[test]
fn a_new_format_forgets_everything() {
    let mut bench = bench(NEW);
    format(&mut bench, &LIST);
    bench.write(0, 16);
    assert_eq!(format(&mut bench, &[0, 2, 0, 8, 0xFF, 0xFF, 0xFF, 0xFF, 0x98, 0, 0, 0]), "");
    bench.disc_information();
    assert_eq!(bench.read(0, 16).unwrap(), vec![0; 16 * SECTOR_BYTES]);
}

#[test]
fn other_formats_and_other_lists_are_refused() {
    let mut bench = bench(NEW);
    for (what, list, said) in [
        ("a full format", [0, 2, 0, 8, 0x00, 0x23, 0x05, 0x40, 0x00, 0, 0, 0], "05h/26h/00h"),
        ("a size of its own", [0, 2, 0, 8, 0x00, 0x00, 0x05, 0x40, 0x98, 0, 0, 0], "05h/26h/00h"),
        ("no size", [0, 2, 0, 8, 0, 0, 0, 0, 0x98, 0, 0, 0], "05h/26h/00h"),
        ("two descriptors", [0, 2, 0, 16, 0x00, 0x23, 0x05, 0x40, 0x98, 0, 0, 0], "05h/26h/00h"),
    ] {
        assert_eq!(format(&mut bench, &list), said, "{what}");
    }
    assert_eq!(bench.out(&[0x04, 0x11, 0, 0, 0, 0], &LIST[..8]), "05h/1ah/00h");
    assert_eq!(bench.out(&[0x04, 0x01, 0, 0, 0, 0], &LIST), "05h/24h/00h");
    assert_eq!(bench.close(1, 1), "05h/24h/00h");
    assert_eq!(bench.out(&[0x53, 0, 0, 0, 0, 0, 0, 0, 16, 0], &[]), "05h/30h/05h");
    assert_eq!(bench.disc_information(), "100101010100 00000000 00000000");
}

#[test]
fn with_a_speed_formatting_goes_on_while_nothing_else_is_to_be_done() {
    let mut bench = bench(&format!("{NEW}\nspeed = \"16x\"\nspin_up = 0"));
    assert_eq!(bench.out(&[0x04, 0x11, 0, 0, 0, 0], &LIST), "");
    bench.clock.sleep(Duration::from_secs(29));
    assert_eq!(bench.refusal(&TestUnitReady), "02h/04h/04h");
    bench.clock.sleep(Duration::from_secs(1));
    assert_eq!(bench.disc_information(), "1E0101010102 00000000 00000000");
    // At 4x, 5540 kB/s, the disc takes 848 seconds.
    bench.clock.sleep(Duration::from_secs(424));
    let capacity = bench.capacity();
    assert!((1_140_000..1_155_000).contains(&capacity), "{capacity}");
    let sense = Sense::parse(&bench.bytes(&RequestSense { allocation: 18 })).unwrap();
    assert_eq!(sense.to_string(), "00h/04h/04h");
    assert!((0.49..0.51).contains(&sense.progress().unwrap()), "{:?}", sense.progress());
    // While something is written it stands still.
    for start in (0..51_200).step_by(512) {
        assert_eq!(bench.write(start, 512), "");
    }
    assert!(bench.capacity() - capacity < 1000, "{}", bench.capacity());
    bench.clock.sleep(Duration::from_secs(430));
    assert_eq!(bench.disc_information(), "1E0101010103 00000000 00000000");
    assert_eq!(bench.capacity(), 2_295_103);
    let sense = Sense::parse(&bench.bytes(&RequestSense { allocation: 18 })).unwrap();
    assert_eq!(sense.to_string(), "00h/00h/00h");
}

#[test]
fn formatting_stops_with_the_tray_and_goes_on_when_it_is_told_to() {
    let mut bench = bench(&format!("{NEW}\nspeed = \"16x\"\nspin_up = 0"));
    assert_eq!(bench.out(&[0x04, 0x11, 0, 0, 0, 0], &LIST), "");
    bench.clock.sleep(Duration::from_secs(30));
    assert_eq!(bench.refusal(&TestUnitReady), "02h/04h/04h");
    assert_eq!(bench.out(&[0; 6], &[]), "");
    bench.clock.sleep(Duration::from_secs(100));
    assert_eq!(bench.write(0, 16), "");
    bench.out(&[0x1B, 0, 0, 0, 2, 0], &[]);
    bench.out(&[0x1B, 0, 0, 0, 3, 0], &[]);
    assert_eq!(bench.refusal(&TestUnitReady), "06h/28h/00h");
    assert_eq!(bench.disc_information(), "1E0101010101 00000000 00000000");
    let capacity = bench.capacity();
    bench.clock.sleep(Duration::from_secs(100));
    assert_eq!(bench.capacity(), capacity);
    assert_eq!(bench.out(&[0x04, 0x11, 0, 0, 0, 0], &[0, 2, 0, 8, 0, 0, 0, 0, 0x98, 0, 0, 1]), "");
    bench.clock.sleep(Duration::from_secs(30));
    assert_eq!(bench.refusal(&TestUnitReady), "02h/04h/04h");
    assert_eq!(bench.out(&[0; 6], &[]), "");
    bench.clock.sleep(Duration::from_secs(100));
    assert!(bench.capacity() > capacity + 200_000);
}
