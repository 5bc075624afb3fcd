//! This module knows what is true of DVD-R in each of its states and ways to be written, byte by byte.

use super::*;
use crate::mmc::Profile;
use crate::mmc::feature::code;

const BLANK: &str = "medium = \"dvd-r\"\nstate = \"blank\"";

#[test]
fn blank_it_tells_its_capacity_its_maker_and_both_ways_to_write_it() {
    let mut bench = bench(&format!("{BLANK}\nmedia_id = \"MCC 03RG20\""));
    assert_eq!(bench.disc_information(), "000101010100 00000000 00231020");
    assert_eq!(bench.track_information(1), "0101 046101 0 0 2297888 2297888");
    assert_eq!(bench.track_information(2), "05h/24h/00h");
    assert_eq!(bench.capacity(), 0);
    assert_eq!(bench.hex(&[0x23, 0, 0, 0, 0, 0, 0, 0, 252, 0]), "000000080023102001000800");
    // Control data tell of 2298496 sectors: 030000h to 26127Fh.
    let control = bench.hex(&[0xAD, 0, 0, 0, 0, 0, 0, 0x10, 0, 21, 0, 0]);
    assert_eq!(control, "08020000250F0200000300000026127F0000000000");
    let pre_recorded = bench.hex(&[0xAD, 0, 0, 0, 0, 0, 0, 0x0E, 1, 0, 0, 0]);
    assert_eq!(
        pre_recorded,
        "002A0000".to_owned()
            + "0100000000000000"
            + "0200000000000000"
            + "034D434320303300"
            + "0452473230000000"
            + "0500000000000000"
    );
    assert_eq!(bench.hex(&[0xAD, 0, 0, 0, 0, 0, 0, 0x11, 1, 0, 0, 0]), "05h/24h/00h", "that is DVD+R");
    let configuration = bench.configuration();
    assert_eq!(configuration.profile, Profile::DvdRSequential);
    let data = |code| configuration.feature(code).map(|feature| feature.data.clone());
    assert_eq!(data(code::INCREMENTAL_STREAMING), Some(vec![1, 0, 1, 1, 16, 0, 0, 0]));
    assert_eq!(data(code::DVD_R_WRITE), Some(vec![0x4E, 0, 0, 0]));
    assert_eq!(data(code::DVD_PLUS_R), None);
}

#[test]
fn increments_make_a_border_behind_which_another_can_follow() {
    let mut bench = bench(BLANK);
    assert_eq!(bench.write_parameters(KEEP_OPEN), "");
    assert_eq!(bench.out(&[0x54, 1, 0, 0, 0, 0, 0, 0, 0, 0], &[]), "");
    assert_eq!(bench.write(0, 80), "");
    assert_eq!(bench.track_information(1), "0101 042103 0 80 2297808 2297888");
    assert_eq!(bench.disc_information(), "050101010100 00000000 00231020");
    assert_eq!(bench.write(80, 13), "");
    bench.synchronize();
    assert_eq!(bench.track_information(1), "0101 042103 0 96 2297792 2297888");
    assert_eq!(bench.close(2, 0), "05h/72h/03h", "a track is closed before its border is");
    assert_eq!(bench.close(1, 1), "");
    assert_eq!(bench.track_information(1), "0101 042102 0 0 0 96");
    assert_eq!(bench.close(2, 0), "");
    assert_eq!(bench.disc_information(), "010102020200 00006060 00231020");
    assert_eq!(bench.track_information(2), "0202 046101 24672 24672 2273216 2273216");
    assert_eq!(bench.capacity(), 95);
    bench.reads_the_truth(0, 93);
    assert_eq!(bench.write(24_672, 16), "");
    assert_eq!(bench.close(1, 2), "");
    assert_eq!(bench.close(2, 0), "");
    assert_eq!(bench.track_information(3), "0303 046101 29808 29808 2268080 2268080");
    assert_eq!(bench.hex(&[0x43, 0, 1, 0, 0, 0, 0, 0, 12, 0]), "000A01020014020000006060");
    bench.reads_the_truth(24_672, 16);
}

#[test]
fn without_another_session_to_come_the_border_ends_the_disc() {
    let mut bench = bench(BLANK);
    assert_eq!(bench.write_parameters(CLOSE_DISC), "");
    bench.write(0, 32);
    assert_eq!(bench.close(1, 1), "");
    assert_eq!(bench.close(2, 0), "");
    assert_eq!(bench.disc_information(), "0E0101010100 FFFFFFFF FFFFFFFF");
    assert_eq!(bench.track_information(2), "05h/24h/00h");
    assert_eq!(bench.write(24_608, 16), "07h/27h/00h");
    let configuration = bench.configuration();
    assert_eq!(configuration.profile, Profile::DvdRSequential);
    assert!(configuration.feature(code::INCREMENTAL_STREAMING).is_none());
    assert!(configuration.feature(code::DVD_R_WRITE).is_none());
    bench.reads_the_truth(0, 32);
}

#[test]
fn a_disc_at_once_is_as_long_as_was_said_and_then_complete() {
    let mut bench = bench(BLANK);
    assert_eq!(bench.write_parameters(AT_ONCE), "");
    assert_eq!(bench.write(0, 16), "05h/2ch/00h", "how long it will be has to be said before");
    assert_eq!(bench.out(&[0x53, 0, 0, 0, 0, 0, 0, 0, 45, 0], &[]), "");
    assert_eq!(bench.track_information(1), "0101 048101 0 0 45 45");
    assert_eq!(bench.write(0, 31), "");
    bench.synchronize();
    assert_eq!(bench.disc_information(), "050101010100 00000000 00231020", "it goes on");
    assert_eq!(bench.write(31, 15), "05h/63h/00h");
    assert_eq!(bench.write(31, 14), "");
    let event = [0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8, 0];
    assert_eq!(bench.hex(&event), "0006041000020000");
    bench.synchronize();
    assert_eq!(bench.hex(&event), "0006041002020000", "a new medium to the host");
    assert_eq!(bench.disc_information(), "0E0101010100 FFFFFFFF FFFFFFFF");
    assert_eq!(bench.track_information(1), "0101 040102 0 0 0 45");
    assert_eq!(bench.capacity(), 44);
    bench.reads_the_truth(0, 45);
    assert_eq!(bench.read_fails(45, 1), "05h/21h/00h");
}

#[test]
fn one_way_to_write_does_not_go_on_with_the_other() {
    let mut bench = bench(BLANK);
    bench.write_parameters(AT_ONCE);
    bench.out(&[0x53, 0, 0, 0, 0, 0, 0, 0, 64, 0], &[]);
    assert_eq!(bench.write(0, 16), "");
    bench.write_parameters(KEEP_OPEN);
    assert_eq!(bench.write(16, 16), "05h/64h/00h");
    bench.write_parameters(AT_ONCE);
    assert_eq!(bench.write(16, 16), "");
    let mut bench = super::bench(BLANK);
    bench.write_parameters(KEEP_OPEN);
    bench.write(0, 16);
    bench.close(1, 1);
    bench.close(2, 0);
    bench.write_parameters(AT_ONCE);
    assert_eq!(bench.out(&[0x53, 0, 0, 0, 0, 0, 0, 0, 64, 0], &[]), "05h/2ch/00h", "only of a blank disc");
}

#[test]
fn a_test_leaves_the_disc_as_it_was() {
    for (page, function) in [(AT_ONCE, None), (KEEP_OPEN, Some(2))] {
        let mut bench = bench(BLANK);
        let mut test = page;
        test[0] |= 0x10;
        for _ in 0..2 {
            assert_eq!(bench.write_parameters(test), "");
            assert_eq!(bench.out(&[0x53, 0, 0, 0, 0, 0, 0, 0, 32, 0], &[]), "");
            assert_eq!(bench.write(0, 16), "");
            assert_eq!(bench.write(64, 16), "05h/21h/02h", "a test is as strict");
            assert_eq!(bench.write(16, 16), "");
            bench.synchronize();
            if let Some(function) = function {
                assert_eq!(bench.close(1, 1), "");
                assert_eq!(bench.close(function, 0), "");
            }
            assert_eq!(bench.disc_information(), "000101010100 00000000 00231020");
            assert_eq!(bench.read_fails(0, 1), "05h/21h/00h");
        }
        assert_eq!(bench.write_parameters(KEEP_OPEN), "");
        assert_eq!(bench.write(0, 16), "");
        bench.reads_the_truth(0, 16);
    }
}

#[test]
fn what_page_05h_cannot_be_on_a_dvd_is_refused() {
    let mut bench = bench(BLANK);
    for (what, page) in [
        ("a track at once", [0x41, 0xC4, 0x08, 0x10]),
        ("raw", [0x43, 0x04, 0x08, 0x10]),
        ("mode 2", [0x40, 0x05, 0x0A, 0x10]),
        ("a link as on a CD", [0x60, 0x05, 0x08, 0x07]),
    ] {
        assert_eq!(bench.write_parameters(page), "05h/26h/00h", "{what}");
    }
    let sense = bench.hex(&[0x5A, 8, 5, 0, 0, 0, 0, 0, 14, 0]);
    assert_eq!(&sense[16..28], "053260250810", "it is as it was");
}
