//! This module knows how one session follows another on a CD.

use super::cd::*;
use super::*;

#[test]
fn a_second_session_begins_11400_sectors_behind_the_first_and_a_third_6900() {
    let mut bench = bench(CD_R);
    assert_eq!(bench.write_as(TRACK_AND_MORE), "");
    bench.write(0, 300);
    bench.synchronize();
    assert_eq!(bench.close(2, 0), "");
    // Lead-out at 302, lead-in 6750 behind it: 01:36:02.
    assert_eq!(bench.disc_information(), "010102020200 00012402 004F3B4A");
    assert_eq!(bench.track_information(0xFF), "0202 044F01 11702 11702 348145 348145");
    assert_eq!(bench.capacity(), 301);
    assert_eq!(bench.write(11_702, 300), "");
    assert_eq!(bench.close(2, 0), "");
    // Lead-out at 12004, lead-in 2250 behind it: 03:12:04.
    assert_eq!(bench.disc_information(), "010103030300 00030C04 004F3B4A");
    assert_eq!(bench.track_information(3), "0303 044F01 18904 18904 340943 340943");
    assert_eq!(bench.write_as(TRACK), "");
    assert_eq!(bench.write(18_904, 300), "");
    assert_eq!(bench.close(2, 0), "");
    assert_eq!(bench.disc_information(), "0E0103030300 00FFFFFF 00FFFFFF");
    for start in [0, 11_702, 18_904] {
        bench.reads_the_truth(start, 300);
    }
    assert_eq!(bench.read_fails(302, 1), "05h/64h/00h");
    // So the kernel, and so others, ask where the last session begins.
    assert_eq!(bench.hex(&[0x43, 0, 0, 0, 0, 0, 0, 0, 12, 0x40]), "000A0103001403000000".to_owned() + "49D8");
}

#[test]
fn the_lead_in_says_where_a_next_session_may_begin() {
    let mut bench = bench(CD_R);
    bench.write_as(TRACK_AND_MORE);
    bench.write(0, 300);
    bench.close(2, 0);
    let row = |entry: &str| entry.replace(' ', "");
    let first = [
        "01 14 00 A0 000000 00 010000",
        "01 14 00 A1 000000 00 010000",
        // 302, and from there two and a half minutes on.
        "01 14 00 A2 000000 00 000602",
        "01 14 00 01 000000 00 000200",
        "01 54 00 B0 022402 02 4F3B4A",
        "01 54 00 C0 400098 00 610F23",
    ]
    .map(row)
    .concat();
    let full = |bench: &mut Bench| bench.hex(&[0x43, 2, 2, 0, 0, 0, 0, 4, 0, 0]);
    assert_eq!(full(&mut bench), format!("00440101{first}"));
    bench.write_as(TRACK);
    bench.write(11_702, 300);
    bench.close(2, 0);
    let last = [
        "02 14 00 A0 000000 00 020000",
        "02 14 00 A1 000000 00 020000",
        "02 14 00 A2 000000 00 022A04",
        "02 14 00 02 000000 00 022602",
    ]
    .map(row)
    .concat();
    assert_eq!(full(&mut bench), format!("00700102{first}{last}"));
}

#[test]
fn a_session_that_is_not_closed_is_not_in_the_table() {
    let mut bench = bench(CD_R);
    bench.write_as(TRACK_AND_MORE);
    bench.write(0, 300);
    bench.close(2, 0);
    bench.write(11_702, 300);
    bench.synchronize();
    assert_eq!(bench.disc_information(), "050102020300 00012402 004F3B4A");
    assert_eq!(bench.track_information(2), "0202 040100 11702 0 0 302");
    assert_eq!(bench.capacity(), 301);
    bench.reads_the_truth(11_702, 300);
}

#[test]
fn closing_nothing_changes_nothing() {
    let mut bench = bench(CD_R);
    assert_eq!(bench.close(2, 0), "");
    assert_eq!(bench.disc_information(), "000101010100 00610F23 004F3B4A");
    bench.write_as(TRACK_AND_MORE);
    bench.write(0, 300);
    bench.close(2, 0);
    bench.write_as(TRACK);
    assert_eq!(bench.close(2, 0), "");
    assert_eq!(bench.disc_information(), "010102020200 00012402 004F3B4A", "there was no session to close for good");
}
