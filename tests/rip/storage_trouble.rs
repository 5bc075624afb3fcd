//! Disks that are full, break, or lose their power; the map is never a lie.

use super::bench::*;
use discwright::image::storage::{Fault as StorageFault, Unsynced};
use discwright::image::{BlockStatus, Memory, RescueMap};
use discwright::rip::{Options, Outcome, RipError};
use discwright::virtual_drive::mechanics::{Pace, Rotation};
use std::time::Duration;

#[test]
fn a_disk_too_small_is_told_before_the_first_read() {
    let storage = Memory::new().with_capacity(100 * 2048);
    let ripped = rip_to(&storage, dvd(&any_bytes(1000)), &Options::default());
    assert!(matches!(ripped.failure().error, RipError::NoSpace { .. }));
    assert!(storage.names().is_empty());
}

#[test]
fn a_filesystem_that_cannot_hold_the_image_is_told_before_the_first_read() {
    let storage = Memory::new().with_largest_file(100 * 2048);
    let ripped = rip_to(&storage, dvd(&any_bytes(1000)), &Options::default());
    assert!(matches!(ripped.failure().error, RipError::FileTooLarge { .. }));
    assert!(storage.names().is_empty());
}

/// Whatever is there says nothing that is not true, and going on with it ends well.
fn assert_true_and_resumable(storage: &Memory, bytes: &[u8], what: &str) {
    if let Some(image) = content(storage, OUTPUT) {
        assert!(image == bytes, "{what}: a file under its final name is whole");
        return;
    }
    if let (Some(map), Some(part)) =
        (content(storage, "/images/disc.iso.map"), content(storage, "/images/disc.iso.part"))
    {
        let map = RescueMap::parse(&map).unwrap();
        for range in map.ranges(BlockStatus::Finished) {
            assert!(part.len() as u64 >= range.end().byte_offset(), "{what}: the map claims what is not there");
            assert!(sectors(&part, range) == sectors(bytes, range), "{what}: the map lies");
        }
    }
    let ripped = rip_to(storage, slow_dvd(bytes), &Options::default());
    assert_eq!(ripped.report().outcome, Outcome::Complete, "{what}");
    assert!(content(storage, OUTPUT).as_deref() == Some(bytes), "{what}");
}

/// Slow enough for several checkpoints.
fn slow_dvd(bytes: &[u8]) -> discwright::virtual_drive::Setup {
    let mut setup = dvd(bytes);
    setup.pace = Pace::Throttled {
        bytes_per_second: 100_000.0,
        rotation: Rotation::Clv,
        full_seek: Duration::ZERO,
        layer_change: Duration::ZERO,
    };
    setup
}

#[test]
fn at_whatever_step_the_power_goes_the_map_is_true() {
    let bytes = any_bytes(1500);
    let storage = Memory::new();
    rip_to(&storage, slow_dvd(&bytes), &Options::default()).report();
    let steps = storage.steps();
    assert!(steps > 30, "{steps} steps are too few to say much");
    for step in 0..steps {
        let storage = Memory::new();
        storage.fail_at(step, StorageFault::Stop);
        let _ = rip_to(&storage, slow_dvd(&bytes), &Options::default());
        for unsynced in [Unsynced::Kept, Unsynced::Lost, Unsynced::Mixed(step)] {
            let after = storage.after_power_cut(unsynced);
            assert_true_and_resumable(&after, &bytes, &format!("step {step} of {steps}, {unsynced:?}"));
        }
    }
}

#[test]
fn at_whatever_step_the_disk_fails_nothing_is_lost() {
    let bytes = any_bytes(1500);
    let storage = Memory::new();
    rip_to(&storage, slow_dvd(&bytes), &Options::default()).report();
    for fault in [StorageFault::Broken, StorageFault::Full] {
        for step in 0..storage.steps() {
            let storage = Memory::new();
            storage.fail_at(step, fault);
            let _ = rip_to(&storage, slow_dvd(&bytes), &Options::default());
            let after = storage.after_power_cut(Unsynced::Lost);
            assert_true_and_resumable(&storage, &bytes, &format!("{fault:?} at step {step}"));
            assert_true_and_resumable(&after, &bytes, &format!("{fault:?} at step {step}, then a power cut"));
        }
    }
}
