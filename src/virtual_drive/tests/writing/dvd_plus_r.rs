//! This module knows what is true of DVD+R in each of its states, byte by byte.

use super::*;
use crate::mmc::feature::code;

const BLANK: &str = "medium = \"dvd+r\"\nstate = \"blank\"";

#[test]
fn blank_it_tells_its_capacity_its_maker_and_its_speeds() {
    let mut bench = bench(BLANK);
    assert_eq!(bench.disc_information(), "000101010100 00000000 00230540");
    assert_eq!(bench.track_information(1), "0101 074101 0 0 2295104 2295104");
    assert_eq!(bench.track_information(0xFF), "0101 074101 0 0 2295104 2295104");
    assert_eq!(bench.track_information(2), "05h/24h/00h");
    assert_eq!(bench.hex(&[0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0]), "0000000000000800");
    assert_eq!(bench.hex(&[0x43, 0, 0, 0, 0, 0, 0, 0, 12, 0]), "05h/24h/00h");
    assert_eq!(bench.hex(&[0x23, 0, 0, 0, 0, 0, 0, 0, 252, 0]), "000000080023054001000800");
    // Physical format: A1 0F 02 00, sectors 030000h to 26053Fh, and the copy of what the groove says.
    let structure = bench.hex(&[0xAD, 0, 0, 0, 0, 0, 0, 0, 0, 36, 0, 0]);
    assert_eq!(
        structure,
        "08020000A10F0200000300000026053F000000000000005955".to_owned() + "44454E303030" + "543033" + "0000"
    );
    let adip = bench.hex(&[0xAD, 0, 0, 0, 0, 0, 0, 0x11, 1, 4, 0, 0]);
    assert_eq!((adip.len(), &adip[..8]), (520, "01020000"));
    assert_eq!(adip[8..70], structure[8..70]);
    let speeds: WriteSpeeds = bench.ask(&GetPerformance { data_type: 0, start: Lba(0), descriptors: 16, kind: 3 });
    let speeds: Vec<u32> = speeds.speeds.iter().map(|speed| speed.write_kb_s).collect();
    assert_eq!(speeds, [22_160, 16_620, 11_080, 8310, 5540, 3324]);
    let configuration: Configuration =
        bench.ask(&GetConfiguration { which: Which::Current, from: 0, allocation: 4096 });
    assert_eq!(configuration.profile, crate::mmc::Profile::DvdPlusR);
    assert!(configuration.feature(code::DVD_PLUS_R).is_some() && configuration.feature(code::DVD_PLUS_RW).is_none());
}

#[test]
fn a_fragment_is_written_closed_and_read() {
    let mut bench = bench(BLANK);
    // 31 sectors at a time are no multiple of anything, and other programs write so.
    for start in [0, 31, 62] {
        assert_eq!(bench.write(start, 31), "");
    }
    assert_eq!(bench.disc_information(), "050101010100 00000000 00230540");
    assert_eq!(bench.track_information(1), "0101 078103 0 93 2295011 2295104");
    bench.synchronize();
    assert_eq!(bench.track_information(1), "0101 078103 0 96 2295008 2295104");
    assert_eq!(bench.capacity(), 0);
    assert_eq!(bench.close(1, 1), "");
    assert_eq!(bench.disc_information(), "050101010200 00000000 00230540");
    assert_eq!(bench.track_information(1), "0101 078102 0 0 0 96");
    assert_eq!(bench.track_information(0xFF), "0201 074101 96 96 2295008 2295008");
    assert_eq!(bench.close(2, 0), "");
    assert_eq!(bench.disc_information(), "010102020200 00000860 00230540");
    assert_eq!(bench.track_information(2), "0202 074101 2144 2144 2292960 2292960");
    assert_eq!(bench.capacity(), 95);
    assert_eq!(
        bench.hex(&[0x43, 0, 0, 0, 0, 0, 0, 0, 20, 0]),
        "00120101001401000000000000".to_owned() + "14AA0000000060"
    );
    bench.reads_the_truth(0, 93);
    assert_eq!(bench.read(93, 3).unwrap(), vec![0; 3 * SECTOR_BYTES]);
    assert_eq!(bench.read_fails(96, 1), "05h/21h/00h");
}

#[test]
fn a_second_session_follows_and_then_nothing_more() {
    let mut bench = bench(BLANK);
    bench.write(0, 16);
    assert_eq!(bench.close(2, 0), "", "an open track is closed with its session");
    assert_eq!(bench.write(16, 16), "05h/21h/02h");
    assert_eq!(bench.write(2064, 16), "");
    assert_eq!(bench.disc_information(), "050102020200 00000810 00230540");
    assert_eq!(bench.hex(&[0x43, 0, 1, 0, 0, 0, 0, 0, 12, 0]), "000A01010014010000000000");
    assert_eq!(bench.close(6, 0), "");
    assert_eq!(bench.disc_information(), "0E0102020200 FFFFFFFF FFFFFFFF");
    assert_eq!(bench.hex(&[0x43, 0, 0, 0, 0, 0, 0, 0, 0, 0x40]), "");
    assert_eq!(bench.hex(&[0x43, 0, 0, 0, 0, 0, 0, 0, 12, 0x40]), "000A01020014020000000810");
    assert_eq!(bench.capacity(), 2079);
    bench.reads_the_truth(2064, 16);
    assert_eq!(bench.read_fails(16, 1), "08h/00h/00h");
    assert_eq!(bench.write(2080, 16), "07h/27h/00h");
    assert_eq!(bench.track_information(3), "05h/24h/00h");
    let configuration: Configuration =
        bench.ask(&GetConfiguration { which: Which::Current, from: 0, allocation: 4096 });
    assert_eq!(configuration.profile, crate::mmc::Profile::DvdPlusR, "or nobody could tell what it was");
}

#[test]
fn a_reserved_track_has_its_room_and_no_more() {
    let mut bench = bench(BLANK);
    assert_eq!(bench.out(&[0x53, 0, 0, 0, 0, 0, 0, 0, 40, 0], &[]), "");
    assert_eq!(bench.track_information(1), "0101 07C101 0 0 48 48");
    assert_eq!(bench.track_information(2), "0201 074101 48 48 2295056 2295056");
    assert_eq!(bench.write(0, 64), "05h/63h/00h");
    assert_eq!(bench.write(0, 16), "");
    assert_eq!(bench.write(48, 16), "", "behind the reserved track another can begin");
    assert_eq!(bench.out(&[0x53, 0, 0, 0, 0, 0, 0, 0, 16, 0], &[]), "05h/72h/03h");
    assert_eq!(bench.track_information(1), "0101 078103 0 16 32 48");
    assert_eq!(bench.write(16, 16), "");
    assert_eq!(bench.close(1, 1), "");
    assert_eq!(bench.track_information(1), "0101 078102 0 0 0 48");
    assert_eq!(bench.read(32, 16).unwrap(), vec![0; 16 * SECTOR_BYTES]);
    bench.reads_the_truth(48, 16);
}

#[test]
fn what_cannot_be_is_refused_and_changes_nothing() {
    let mut bench = bench(BLANK);
    for (what, cdb, said) in [
        ("not the next sector", [0x2A, 0, 0, 0, 0, 16, 0, 0, 16, 0], "05h/21h/02h"),
        ("fewer bytes than sectors", [0x2A, 0, 0, 0, 0, 0, 0, 0, 33, 0], "05h/24h/00h"),
        ("stop a format", [0x5B, 1, 0, 0, 0, 0, 0, 0, 0, 0], "05h/24h/00h"),
        ("finalize as a DVD+RW", [0x5B, 1, 3, 0, 0, 0, 0, 0, 0, 0], "05h/24h/00h"),
        ("a session of a dual layer", [0x5B, 1, 4, 0, 0, 0, 0, 0, 0, 0], "05h/24h/00h"),
        ("a reserved function", [0x5B, 1, 7, 0, 0, 0, 0, 0, 0, 0], "05h/24h/00h"),
        ("a track that is not there", [0x5B, 1, 1, 0, 0, 2, 0, 0, 0, 0], "05h/24h/00h"),
        ("an empty track", [0x5B, 1, 1, 0, 0, 1, 0, 0, 0, 0], "05h/72h/04h"),
        ("a disc with nothing on it", [0x5B, 1, 6, 0, 0, 0, 0, 0, 0, 0], "05h/72h/04h"),
        ("room for nothing", [0x53, 0, 0, 0, 0, 0, 0, 0, 0, 0], "05h/21h/00h"),
        ("more room than there is", [0x53, 0, 0, 0, 0, 0, 0x23, 0x05, 0x41, 0], "05h/21h/00h"),
    ] {
        assert_eq!(bench.out(&cdb, &vec![0; 32 * SECTOR_BYTES]), said, "{what}");
    }
    assert_eq!(bench.out(&[0xA1, 0x11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], &[]), "05h/30h/06h");
    let list = [0, 2, 0, 8, 0x00, 0x23, 0x05, 0x40, 0x98, 0, 0, 0];
    assert_eq!(bench.out(&[0x04, 0x11, 0, 0, 0, 0], &list), "05h/30h/06h");
    assert_eq!(bench.disc_information(), "000101010100 00000000 00230540");
    assert_eq!(bench.write(0, 0), "");
}

#[test]
fn the_last_sector_can_be_written_and_no_other() {
    let mut bench = bench(&format!("{BLANK}\ncapacity = 64"));
    assert_eq!(bench.write(0, 48), "");
    assert_eq!(bench.write(48, 32), "05h/21h/00h");
    assert_eq!(bench.write(48, 16), "");
    assert_eq!(bench.track_information(1), "0101 078102 0 0 0 64");
    assert_eq!(bench.write(64, 16), "05h/21h/00h");
    assert_eq!(bench.close(2, 0), "");
    assert_eq!(bench.disc_information(), "010102020200 00000840 00000040");
    assert_eq!(bench.track_information(2), "0202 074100 2112 0 0 0");
    assert_eq!(bench.write(2112, 16), "05h/21h/00h");
}

#[test]
fn pressed_discs_are_not_written() {
    let mut bench = bench(DVD);
    assert_eq!(bench.write(0, 16), "05h/30h/05h");
    assert_eq!(bench.out(&[0x5B, 1, 1, 0, 0, 1, 0, 0, 0, 0], &[]), "05h/30h/05h");
    assert_eq!(bench.out(&[0x35, 0, 0, 0, 0, 0, 0, 0, 0, 0], &[]), "");
    assert_eq!(bench.hex(&[0xAC, 4, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0]), "05h/24h/00h");
}
