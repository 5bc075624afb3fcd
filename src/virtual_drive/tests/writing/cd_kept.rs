//! This module knows that a CD which was burnt in one run is read in the next, wherever the first one ended.

use super::cd::*;
use super::kept::{as_if_killed, drive_in};
use super::*;

const DISC: &str = "medium = \"cd-r\"\nrecording = \"disc.iso\"";

#[test]
fn a_track_that_was_killed_in_the_middle_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = drive_in(folder.path(), DISC).unwrap();
    for start in (0..1600).step_by(32) {
        assert_eq!(bench.write(start, 32), "");
    }
    let killed = as_if_killed(folder.path());
    let mut next = drive_in(killed.path(), DISC).unwrap();
    let track: TrackInformation =
        next.ask(&ReadTrackInformation { of: TrackSelector::Track(1), open: false, allocation: 36 });
    let kept = track.next_writable.unwrap().0;
    assert!((1..=1600).contains(&kept), "{kept}");
    assert_eq!(next.write(kept, 16), "");
    assert_eq!(next.close(2, 0), "");
    for start in (0..kept).step_by(64) {
        next.reads_the_truth(start, u16::try_from((kept - start).min(64)).unwrap());
    }
}

#[test]
fn its_state_is_a_text_that_people_can_read() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = drive_in(folder.path(), DISC).unwrap();
    bench.write_as(TRACK_AND_MORE);
    bench.write(0, 400);
    bench.close(2, 0);
    drop(bench);
    let state = std::fs::read_to_string(folder.path().join("disc.iso.state")).unwrap();
    let expected = "version = 1
medium = \"cd-r\"
media_id = \"97m15s35f\"
sectors = 359849

[recorded.cd]
finalized = false

[[recorded.cd.session]]
closed = true

[[recorded.cd.session.track]]
start = 0
recorded = 400
closed = true
mode = \"mode1\"
run_out = 2
";
    assert_eq!(state, expected);
    let mut bench = drive_in(folder.path(), DISC).unwrap();
    assert_eq!(bench.disc_information(), "010102020200 0001251B 004F3B4A");
    bench.reads_the_truth(0, 400);
    assert_eq!(std::fs::metadata(folder.path().join("disc.iso")).unwrap().len(), 400 * 2048, "the data is an image");
}

#[test]
fn a_state_that_cannot_be_is_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = drive_in(folder.path(), DISC).unwrap();
    bench.write(0, 400);
    bench.close(2, 0);
    drop(bench);
    let path = folder.path().join("disc.iso.state");
    let state = std::fs::read_to_string(&path).unwrap();
    for (from, to) in [
        ("recorded = 400", "recorded = 359848"),
        ("mode1", "audio"),
        ("run_out = 2", "run_out = 3"),
        ("closed = true\nmode", "closed = false\nmode"),
        ("[[recorded.cd.session.track]]", "[[recorded.cd.session]]\nclosed = false\n\n[[recorded.cd.session.track]]"),
        ("recorded.cd", "recorded.sequential"),
    ] {
        assert!(state.contains(from), "{from}");
        std::fs::write(&path, state.replace(from, to)).unwrap();
        assert!(drive_in(folder.path(), DISC).is_err(), "{to}");
    }
}

#[test]
fn a_session_at_once_is_kept_as_far_as_it_came() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = drive_in(folder.path(), DISC).unwrap();
    bench.write_as(SESSION);
    bench.cue_sheet(&CUE_SHEET);
    bench.write_gap(-150, 150);
    assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none(), "a gap holds nothing");
    bench.write(0, 400);
    bench.synchronize();
    let killed = as_if_killed(folder.path());
    let mut next = drive_in(killed.path(), DISC).unwrap();
    assert_eq!(next.disc_information(), "050101010100 00610F23 004F3B4A");
    next.reads_the_truth(0, 400);
    bench.write(400, 333);
    bench.synchronize();
    drop(bench);
    let mut bench = drive_in(folder.path(), DISC).unwrap();
    assert_eq!(bench.disc_information(), "0E0101010100 00FFFFFF 00FFFFFF");
    bench.reads_the_truth(400, 333);
}
