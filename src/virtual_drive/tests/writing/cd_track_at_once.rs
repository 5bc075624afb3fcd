//! This module knows what is true of a CD-R that is written track by track, byte by byte.

use super::cd::*;
use super::*;
use crate::mmc::feature::code;

const BLANK: &str = "000101010100 00610F23 004F3B4A";

#[test]
fn blank_it_tells_its_groove_and_its_speeds() {
    let mut bench = bench(CD_R);
    assert_eq!(bench.disc_information(), BLANK);
    assert_eq!(bench.hex(&[0x51, 0, 0, 0, 0, 0, 0, 0, 9, 0])[16..], *"FF", "nobody knows of what type it will be");
    assert_eq!(bench.track_information(1), "0101 044F01 0 0 359847 359847");
    assert_eq!(bench.track_information(0xFF), "0101 044F01 0 0 359847 359847");
    assert_eq!(bench.track_information(2), "05h/24h/00h");
    assert_eq!(bench.hex(&[0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0]), "0000000000000800");
    assert_eq!(bench.hex(&[0x43, 0, 0, 0, 0, 0, 0, 0, 12, 0]), "05h/24h/00h");
    let atip = "001A0000C0009800610F23004F3B4A00";
    assert_eq!(bench.hex(&[0x43, 2, 4, 0, 0, 0, 0, 0, 28, 0]), atip.to_owned() + &"0".repeat(24));
    assert_eq!(bench.hex(&[0x43, 2, 3, 0, 0, 0, 0, 0, 28, 0]), "00020000");
    assert_eq!(bench.hex(&[0xAD, 0, 0, 0, 0, 0, 0, 0, 0, 36, 0, 0]), "05h/30h/02h", "a CD is no DVD");
    let speeds: WriteSpeeds = bench.ask(&GetPerformance { data_type: 0, start: Lba(0), descriptors: 16, kind: 3 });
    let speeds: Vec<u32> = speeds.speeds.iter().map(|speed| speed.write_kb_s).collect();
    assert_eq!(speeds, [8467, 7056, 5645, 4234, 2822, 1411, 706]);
    let configuration: Configuration =
        bench.ask(&GetConfiguration { which: Which::Current, from: 0, allocation: 4096 });
    assert_eq!(configuration.profile, crate::mmc::Profile::CdR);
    let data = |code| configuration.feature(code).map(|feature| feature.data.clone());
    assert_eq!(data(code::CD_TRACK_AT_ONCE), Some(vec![0x46, 0, 5, 0]));
    assert_eq!(data(code::CD_MASTERING), Some(vec![0x66, 0, 0x0C, 0x70]));
    assert_eq!(data(code::CD_RW_WRITE), None);
    // Page 2Ah, byte 3: CD-R, CD-RW and test writing; DVD-R and DVD-RAM besides.
    assert_eq!(bench.hex(&[0x5A, 8, 0x2A, 0, 0, 0, 0, 0, 12, 0])[20..], *"3F37");
}

#[test]
fn the_speed_of_a_program_is_rounded_down() {
    let mut bench = bench(CD_R);
    let [high, low] = (16_u16 * 177).to_be_bytes();
    assert_eq!(bench.out(&[0xBB, 0, 0xFF, 0xFF, high, low, 0, 0, 0, 0, 0, 0], &[]), "");
    let speed: Performance = bench.ask(&GetPerformance { data_type: 4, start: Lba(0), descriptors: 1, kind: 0 });
    assert_eq!(speed.stretches[0].start_kb_s, 2822);
    assert_eq!(bench.out(&[0x54, 1, 0, 0, 0, 0, 0, 0, 0, 0], &[]), "", "the power is found");
}

#[test]
fn a_track_ends_with_the_cache_and_has_run_out_behind_it() {
    let mut bench = bench(CD_R);
    for start in [0, 31, 62] {
        assert_eq!(bench.write(start, 31), "");
    }
    assert_eq!(bench.disc_information(), "050101010100 00610F23 004F3B4A");
    assert_eq!(bench.track_information(1), "0101 040101 0 93 359754 359847");
    bench.synchronize();
    // What is shorter than four seconds is filled.
    assert_eq!(bench.track_information(1), "0101 040100 0 0 0 302");
    assert_eq!(bench.disc_information(), "050101010200 00610F23 004F3B4A");
    assert_eq!(bench.track_information(0xFF), "0201 044F01 452 452 359395 359395");
    assert_eq!(bench.capacity(), 0);
    // The PMA knows the track already: from 00:02:00 to 00:06:02.
    assert_eq!(
        bench.hex(&[0x43, 0, 3, 0, 0, 0, 0, 0, 28, 0]),
        "000D0000".to_owned() + "00140001" + "000602" + "00" + "000200"
    );
    assert_eq!(bench.close(2, 0), "");
    assert_eq!(bench.disc_information(), "0E0101010100 00FFFFFF 00FFFFFF");
    assert_eq!(bench.capacity(), 301);
    assert_eq!(
        bench.hex(&[0x43, 0, 0, 0, 0, 0, 0, 0, 20, 0]),
        "00120101001401000000000000".to_owned() + "14AA000000012E"
    );
    bench.reads_the_truth(0, 93);
    assert_eq!(bench.read(93, 207).unwrap(), vec![0; 207 * SECTOR_BYTES]);
    assert_eq!(bench.read_fails(299, 2), "05h/64h/00h", "the two run-out sectors do not read");
    assert_eq!(bench.read_fails(302, 1), "05h/21h/00h");
    assert_eq!(bench.write(452, 31), "07h/27h/00h");
    assert_eq!(bench.track_information(2), "05h/24h/00h");
    let configuration: Configuration =
        bench.ask(&GetConfiguration { which: Which::Current, from: 0, allocation: 4096 });
    assert_eq!(configuration.profile, crate::mmc::Profile::CdR);
    assert!(configuration.feature(code::CD_TRACK_AT_ONCE).is_none(), "nothing can be added");
}

#[test]
fn a_second_track_has_a_pause_before_it() {
    let mut bench = bench(CD_R);
    bench.write(0, 400);
    bench.synchronize();
    assert_eq!(bench.track_information(2), "0201 044F01 552 552 359295 359295");
    assert_eq!(bench.write(402, 31), "05h/21h/02h");
    assert_eq!(bench.write(552, 400), "");
    assert_eq!(bench.close(2, 0), "", "an open track is closed with its session");
    assert_eq!(bench.disc_information(), "0E0101010200 00FFFFFF 00FFFFFF");
    bench.reads_the_truth(0, 400);
    bench.reads_the_truth(552, 400);
    assert_eq!(bench.read_fails(402, 1), "05h/64h/00h");
    let toc: Toc =
        bench.ask(&ReadToc { addressing: TocAddressing::Lba, format: TocFormat::Toc, number: 0, allocation: 804 });
    let starts: Vec<u32> = toc.entries.iter().map(|entry| entry.lba().0).collect();
    assert_eq!(starts, [0, 552, 954]);
}

#[test]
fn what_cannot_be_is_refused_and_changes_nothing() {
    let mut bench = bench(CD_R);
    for (what, cdb, said) in [
        ("not the next sector", [0x2A, 0, 0, 0, 0, 16, 0, 0, 16, 0], "05h/21h/02h"),
        ("a gap before a track", [0x2A, 0, 0xFF, 0xFF, 0xFF, 0x6A, 0, 0, 16, 0], "05h/21h/02h"),
        ("fewer bytes than sectors", [0x2A, 0, 0, 0, 0, 0, 0, 0, 33, 0], "05h/24h/00h"),
        ("finalize as a DVD+R", [0x5B, 1, 6, 0, 0, 0, 0, 0, 0, 0], "05h/24h/00h"),
        ("stop a format", [0x5B, 1, 0, 0, 0, 0, 0, 0, 0, 0], "05h/24h/00h"),
        ("a track that is not there", [0x5B, 1, 1, 0, 0, 2, 0, 0, 0, 0], "05h/24h/00h"),
        ("an empty track", [0x5B, 1, 1, 0, 0, 1, 0, 0, 0, 0], "05h/72h/04h"),
        ("a cue sheet for a track", [0x5D, 0, 0, 0, 0, 0, 0, 0, 32, 0], "05h/2ch/00h"),
        ("room for a track", [0x53, 0, 0, 0, 0, 0, 0, 0, 40, 0], "05h/30h/05h"),
    ] {
        assert_eq!(bench.out(&cdb, &vec![0; 32 * SECTOR_BYTES]), said, "{what}");
    }
    assert_eq!(bench.blank(1, 0), "05h/30h/06h");
    assert_eq!(bench.disc_information(), BLANK);
}

#[test]
fn the_run_out_of_the_last_track_needs_its_room() {
    let mut bench = bench(&format!("{CD_R}\ncapacity = 402"));
    assert_eq!(bench.track_information(1), "0101 044F01 0 0 400 400");
    assert_eq!(bench.write(0, 401), "05h/21h/00h");
    assert_eq!(bench.write(0, 400), "");
    assert_eq!(bench.track_information(1), "0101 040100 0 0 0 400");
    assert_eq!(bench.close(2, 0), "");
    assert_eq!(bench.capacity(), 401);
}

#[test]
fn another_mode_is_another_track() {
    let mut bench = bench(CD_R);
    assert_eq!(bench.write_as([0x41, 0xC4, 0x0A]), "");
    assert_eq!(bench.write(0, 300), "");
    assert_eq!(bench.write_as(TRACK), "");
    assert_eq!(bench.write(300, 16), "05h/64h/00h");
    bench.synchronize();
    assert_eq!(bench.write(452, 300), "");
    assert_eq!(bench.close(2, 0), "");
    assert_eq!(bench.hex(&[0x51, 0, 0, 0, 0, 0, 0, 0, 9, 0])[16..], *"20");
    assert_eq!(bench.track_information(1), "0101 040200 0 0 0 302");
    bench.reads_the_truth(0, 300);
    let form_1: Vec<u8> = bench.bytes(&ReadCd::user_data(ExpectedSector::Mode2Form1, Lba(0), 1));
    assert_eq!(form_1, truth(0, 1));
    assert_eq!(bench.refusal(&ReadCd::user_data(ExpectedSector::Mode2Form1, Lba(452), 1)), "05h/64h/00h");
}

#[test]
fn a_tray_that_opens_ends_the_track() {
    let mut bench = bench(CD_R);
    bench.write(0, 300);
    for action in [2, 3] {
        bench.out(&[0x1B, 0, 0, 0, action, 0], &[]);
    }
    assert_eq!(bench.refusal(&TestUnitReady), "06h/28h/00h");
    assert_eq!(bench.track_information(1), "0101 040100 0 0 0 302");
}
