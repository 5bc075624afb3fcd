//! This module knows what BLANK leaves of a CD-RW, and what it takes.

use super::cd::*;
use super::*;
use crate::mmc::feature::code;

const BLANK: &str = "100101010100 00611B00 004F3B4A";

/// Two sessions of one track each.
fn written() -> Bench {
    let mut bench = bench(CD_RW);
    bench.write_as(TRACK_AND_MORE);
    for start in [0, 11_702] {
        assert_eq!(bench.write(start, 300), "");
        assert_eq!(bench.close(2, 0), "");
    }
    bench
}

#[test]
fn new_it_is_blank_and_tells_what_it_is() {
    let mut bench = bench(CD_RW);
    assert_eq!(bench.disc_information(), BLANK);
    let atip = "001A0000D100CC00611B00004F3B4A0024";
    assert_eq!(bench.hex(&[0x43, 0, 4, 0, 0, 0, 0, 0, 28, 0]), atip.to_owned() + &"0".repeat(22));
    let configuration: Configuration =
        bench.ask(&GetConfiguration { which: Which::Current, from: 0, allocation: 4096 });
    assert_eq!(configuration.profile, crate::mmc::Profile::CdRw);
    let data = |code| configuration.feature(code).map(|feature| feature.data.clone());
    assert_eq!(data(code::CD_RW_WRITE), Some(vec![0, 0x0F, 0, 0]));
    assert_eq!(data(code::INCREMENTAL_STREAMING), Some(vec![1, 0, 1, 1, 7, 0, 0, 0]));
}

#[test]
fn blanked_it_is_as_new() {
    for kind in [0, 1] {
        let mut bench = written();
        assert_eq!(bench.disc_information(), "110103030300 00030C04 004F3B4A");
        assert_eq!(bench.blank(kind, 0), "");
        assert_eq!(bench.disc_information(), BLANK);
        assert_eq!(bench.read_fails(0, 1), "05h/21h/00h");
        assert_eq!(bench.write(0, 16), "");
        bench.synchronize();
        assert_eq!(bench.read(16, 284).unwrap(), vec![0; 284 * SECTOR_BYTES], "nothing shines through");
    }
}

#[test]
fn blanking_takes_its_time_and_tells_how_far_it_is() {
    let mut bench = bench(&format!("{CD_RW}\nspeed = \"16x\"\nspin_up = 0"));
    bench.write(0, 300);
    assert_eq!(bench.out(&[0x5B, 1, 2, 0, 0, 0, 0, 0, 0, 0], &[]), "");
    bench.clock.sleep(Duration::from_secs(60));
    bench.was_busy_with("02h/04h/07h");
    assert_eq!(bench.out(&[0xA1, 0x11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], &[]), "");
    bench.clock.sleep(Duration::from_secs(22));
    let sense = bench.sense(&TestUnitReady);
    assert_eq!(sense.to_string(), "02h/04h/07h");
    assert!((0.4..0.6).contains(&sense.progress().unwrap()), "{:?}", sense.progress());
    assert_eq!(bench.hex(&[0x51, 0, 0, 0, 0, 0, 0, 0, 34, 0]), "02h/04h/07h");
    bench.clock.sleep(Duration::from_secs(24));
    assert_eq!(bench.disc_information(), BLANK);
    let event = bench.hex(&[0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8, 0]);
    assert_eq!(event[8..10], *"02", "a new disc: {event}");
    // Without IMMED the status comes when it is done.
    let before = bench.drive.mechanics.now();
    assert_eq!(bench.out(&[0xA1, 0x01, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], &[]), "");
    assert!(bench.drive.mechanics.now() - before >= Duration::from_secs(45));
}

#[test]
fn the_last_session_alone_goes_or_is_opened_again() {
    let mut bench = written();
    assert_eq!(bench.blank(6, 0), "");
    assert_eq!(bench.disc_information(), "110102020200 00012402 004F3B4A");
    bench.reads_the_truth(0, 300);
    assert_eq!(bench.read_fails(11_702, 1), "05h/21h/00h");
    assert_eq!(bench.write(11_702, 300), "");
    bench.synchronize();
    assert_eq!(bench.blank(2, 1), "05h/24h/00h", "it is not the last");
    assert_eq!(bench.blank(2, 2), "");
    assert_eq!(bench.disc_information(), "110102020200 00012402 004F3B4A");
    assert_eq!(bench.blank(2, 1), "05h/24h/00h", "its session is closed");
    assert_eq!(bench.blank(5, 0), "");
    assert_eq!(bench.disc_information(), "150101010200 00611B00 004F3B4A");
    assert_eq!(bench.track_information(2), "0201 044F01 452 452 359395 359395");
    assert_eq!(bench.blank(5, 0), "05h/24h/00h", "it is open");
    assert_eq!(bench.blank(6, 0), "");
    assert_eq!(bench.disc_information(), BLANK);
    assert_eq!(bench.blank(6, 0), "05h/24h/00h");
    assert_eq!(bench.blank(3, 0), "05h/24h/00h");
    assert_eq!(bench.blank(7, 0), "05h/24h/00h");
}

#[test]
fn a_complete_one_and_one_that_was_cut_can_be_blanked() {
    let mut bench = bench(CD_RW);
    bench.write(0, 300);
    bench.close(2, 0);
    assert_eq!(bench.disc_information(), "1E0101010100 00FFFFFF 00FFFFFF");
    assert_eq!(bench.write(452, 16), "07h/27h/00h");
    assert_eq!(bench.blank(1, 0), "");
    bench.write_as(SESSION);
    bench.cue_sheet(&CUE_SHEET);
    bench.write_gap(-150, 150);
    bench.write(0, 400);
    assert_eq!(bench.blank(1, 0), "");
    assert_eq!(bench.disc_information(), BLANK);
    assert_eq!(bench.write(400, 16), "05h/2ch/00h", "its cue sheet is forgotten");
    bench.cue_sheet(&CUE_SHEET);
    bench.write_session();
    bench.synchronize();
    bench.reads_the_truth(0, 400);
    bench.reads_the_truth(400, 333);
}

#[test]
fn packets_are_filled_and_their_track_goes_on() {
    let mut bench = bench(CD_RW);
    assert_eq!(bench.write_as(PACKETS), "");
    assert_eq!(bench.write(0, 40), "");
    bench.synchronize();
    assert_eq!(bench.track_information(1), "0101 053101 0 64 359783 359847");
    assert_eq!(bench.hex(&[0x52, 1, 0, 0, 0, 1, 0, 0, 24, 0])[40..], *"00000020");
    assert_eq!(bench.write(64, 64), "");
    assert_eq!(bench.blank(4, 65), "05h/21h/02h", "in the middle of a packet");
    assert_eq!(bench.blank(4, 32), "");
    assert_eq!(bench.track_information(1), "0101 053101 0 32 359815 359847");
    assert_eq!(bench.write(32, 300), "");
    assert_eq!(bench.close(1, 1), "");
    assert_eq!(bench.track_information(1), "0101 053100 0 0 0 352");
    assert_eq!(bench.close(2, 0), "");
    assert_eq!(bench.capacity(), 351, "and there is no run-out");
    bench.reads_the_truth(0, 332);
    assert_eq!(bench.read(332, 20).unwrap(), vec![0; 20 * SECTOR_BYTES]);
}
