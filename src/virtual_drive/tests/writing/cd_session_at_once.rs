//! This module knows a CD whose session is written at once, from the pre-gap to the lead-out.

use super::cd::*;
use super::*;

#[test]
fn a_session_is_promised_and_then_written_to_the_sector() {
    let mut bench = bench(CD_R);
    assert_eq!(bench.write_as(SESSION), "");
    assert_eq!(bench.track_information(0xFF), "0101 044F01 0 4294967146 359847 359847", "before sector 0");
    assert_eq!(bench.write_gap(-150, 31), "05h/2ch/00h", "without a cue sheet");
    assert_eq!(bench.cue_sheet(&CUE_SHEET), "");
    assert_eq!(bench.write(0, 31), "05h/21h/02h", "the gap comes first");
    bench.write_session();
    assert_eq!(bench.disc_information(), "050101010100 00610F23 004F3B4A");
    assert_eq!(bench.write(733, 1), "05h/63h/00h");
    bench.synchronize();
    assert_eq!(bench.disc_information(), "0E0101010100 00FFFFFF 00FFFFFF");
    assert_eq!(bench.track_information(1), "0101 040100 0 0 0 733");
    assert_eq!(bench.capacity(), 732);
    bench.reads_the_truth(0, 400);
    bench.reads_the_truth(400, 333);
    assert_eq!(bench.read_fails(733, 1), "05h/21h/00h", "there is no run-out");
    bench.synchronize();
}

#[test]
fn more_sessions_may_follow_where_that_was_said_and_not_at_once() {
    let mut bench = bench(CD_R);
    bench.write_as(SESSION_AND_MORE);
    bench.cue_sheet(&CUE_SHEET);
    bench.write_session();
    bench.synchronize();
    assert_eq!(bench.disc_information(), "010102020200 0001293A 004F3B4A");
    assert_eq!(bench.cue_sheet(&CUE_SHEET), "05h/30h/05h");
    bench.write_as(TRACK);
    assert_eq!(bench.write(12_133, 300), "");
    assert_eq!(bench.close(2, 0), "");
    assert_eq!(bench.disc_information(), "0E0102020200 00FFFFFF 00FFFFFF");
}

#[test]
fn a_session_that_was_cut_is_lost() {
    let mut bench = bench(CD_R);
    bench.write_as(SESSION);
    bench.cue_sheet(&CUE_SHEET);
    bench.write_gap(-150, 150);
    bench.write(0, 400);
    bench.synchronize();
    assert_eq!(bench.track_information(0xFF), "0101 040101 0 400 0 400");
    for action in [2, 3] {
        bench.out(&[0x1B, 0, 0, 0, action, 0], &[]);
    }
    assert_eq!(bench.refusal(&TestUnitReady), "06h/28h/00h");
    assert_eq!(bench.disc_information(), "050101010100 00610F23 004F3B4A");
    assert_eq!(bench.track_information(0xFF), "0101 040100 0 0 0 400");
    assert_eq!(bench.write(400, 31), "05h/64h/00h", "a track cannot go on with it");
    assert_eq!(bench.close(2, 0), "05h/72h/03h");
    assert_eq!(bench.cue_sheet(&CUE_SHEET), "05h/2ch/00h", "the settings are forgotten");
    bench.write_as(SESSION);
    assert_eq!(bench.cue_sheet(&CUE_SHEET), "05h/30h/05h");
    assert_eq!(bench.write(400, 31), "05h/2ch/00h");
    bench.reads_the_truth(0, 400);
}

#[test]
fn sheets_that_cannot_be_are_refused() {
    let mut bench = bench(CD_R);
    bench.write_as(SESSION);
    let mut audio = CUE_SHEET;
    (audio[16], audio[19]) = (0x01, 0x00);
    assert_eq!(bench.cue_sheet(&audio), "05h/26h/00h");
    assert_eq!(bench.cue_sheet(&CUE_SHEET[..24]), "05h/26h/00h", "no lead-out");
    assert_eq!(bench.cue_sheet(&CUE_SHEET[..31]), "05h/1ah/00h");
    assert_eq!(bench.out(&[0x5D, 0, 0, 0, 0, 0, 0, 0, 40, 0], &CUE_SHEET), "05h/1ah/00h");
    let mut large = CUE_SHEET;
    large[29..].copy_from_slice(&[80, 0, 0]);
    assert_eq!(bench.cue_sheet(&large), "05h/21h/00h", "a frame more than there is");
    large[29..].copy_from_slice(&[79, 59, 74]);
    assert_eq!(bench.cue_sheet(&large), "");
    assert_eq!(bench.disc_information(), "000101010100 00610F23 004F3B4A");
}
