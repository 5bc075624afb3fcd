//! This module knows that a disc which was burnt in one run is read in the next, wherever the first one ended.

use std::path::Path;

use super::*;

const DISC: &str = "medium = \"dvd+r\"\nrecording = \"disc.iso\"";

pub fn drive_in(folder: &Path, text: &str) -> Result<Bench, SceneError> {
    let clock = SimulatedClock::new();
    let drive = Scene::parse(text, folder)?.build(Arc::new(clock.clone()))?;
    Ok(Bench { drive, clock })
}

/// What would be there if the process were killed now.
pub fn as_if_killed(folder: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, copy.path().join(path.file_name().unwrap())).unwrap();
    }
    copy
}

#[test]
fn what_was_burnt_is_read_in_the_next_run() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = drive_in(folder.path(), DISC).unwrap();
    assert_eq!(bench.write(0, 100), "");
    bench.synchronize();
    assert_eq!(bench.close(2, 0), "");
    drop(bench);
    let mut bench = drive_in(folder.path(), DISC).unwrap();
    assert_eq!(bench.disc_information(), "010102020200 00000870 00230540");
    bench.reads_the_truth(0, 100);
    let image = std::fs::read(folder.path().join("disc.iso")).unwrap();
    assert_eq!(image.len(), 112 * SECTOR_BYTES, "the data is an image");
    assert!(image[..100 * SECTOR_BYTES] == truth(0, 100));
}

#[test]
fn a_disc_that_was_only_looked_at_leaves_no_files() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = drive_in(folder.path(), DISC).unwrap();
    bench.disc_information();
    bench.synchronize();
    drop(bench);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_kill_loses_at_most_the_buffer() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = drive_in(folder.path(), DISC).unwrap();
    let mut written = 0;
    for _ in 0..50 {
        assert_eq!(bench.write(written, 32), "");
        written += 32;
        let killed = as_if_killed(folder.path());
        let mut next = drive_in(killed.path(), DISC).unwrap();
        let first: TrackInformation =
            next.ask(&ReadTrackInformation { of: TrackSelector::Track(1), open: false, allocation: 36 });
        let kept = first.next_writable.unwrap().0;
        let lost = SectorCount(written - kept).bytes();
        assert!(lost <= 0x11_8000 + 32 * 2048, "{lost} bytes lost");
        for start in (0..kept).step_by(64) {
            next.reads_the_truth(start, u16::try_from((kept - start).min(64)).unwrap());
        }
        assert_eq!(next.write(kept, 16), "", "and it goes on");
    }
}

#[test]
fn what_keeps_a_disc_that_is_in_a_drive_is_refused_to_another() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = drive_in(folder.path(), DISC).unwrap();
    bench.write(0, 16);
    let error = drive_in(folder.path(), DISC).err().unwrap().to_string();
    assert!(error.ends_with("disc.iso is in use: another virtual drive has this disc in it"), "{error}");
    drop(bench);
    let error = drive_in(folder.path(), &DISC.replace("dvd+r", "dvd+rw")).err().unwrap().to_string();
    assert!(error.contains("disc.iso.state: it is of a dvd+r YUDEN000-T03"), "{error}");
}

#[test]
fn an_image_is_not_taken_for_a_recording() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("disc.iso"), [7; 4096]).unwrap();
    let error = drive_in(folder.path(), DISC).err().unwrap().to_string();
    assert!(error.ends_with("it is not overwritten"), "{error}");
}
