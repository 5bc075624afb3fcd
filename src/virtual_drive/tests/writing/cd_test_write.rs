//! This module knows what a CD is after it was written with everything but the laser: as before.

use super::cd::*;
use super::*;

fn tested(bytes: [u8; 3]) -> [u8; 3] {
    let [how, track, block] = bytes;
    [how | TEST, track, block]
}

#[test]
fn a_track_is_tested_and_not_recorded() {
    let mut bench = bench(CD_R);
    assert_eq!(bench.write_as(tested(TRACK)), "");
    assert_eq!(bench.write(0, 300), "");
    assert_eq!(bench.write(0, 300), "05h/21h/02h", "it goes on where it would");
    assert_eq!(bench.write(300, 300), "");
    bench.synchronize();
    assert_eq!(bench.close(2, 0), "");
    assert_eq!(bench.disc_information(), "000101010100 00610F23 004F3B4A");
    assert_eq!(bench.read_fails(0, 1), "05h/21h/00h");
    assert_eq!(bench.write(0, 300), "", "the next begins where this one did");
    assert_eq!(bench.write_as(TRACK), "");
    assert_eq!(bench.write(0, 300), "", "and so does one in earnest");
    bench.close(2, 0);
    bench.reads_the_truth(0, 300);
}

#[test]
fn a_session_is_tested_and_not_recorded() {
    let mut bench = bench(CD_R);
    assert_eq!(bench.write_as(tested(SESSION)), "");
    assert_eq!(bench.cue_sheet(&CUE_SHEET), "");
    bench.write_session();
    assert_eq!(bench.write(733, 1), "05h/63h/00h");
    bench.synchronize();
    assert_eq!(bench.disc_information(), "000101010100 00610F23 004F3B4A");
    assert_eq!(bench.write_as(SESSION), "");
    assert_eq!(bench.cue_sheet(&CUE_SHEET), "");
    bench.write_session();
    bench.synchronize();
    bench.reads_the_truth(0, 400);
    bench.reads_the_truth(400, 333);
}
