//! Whole rips of discs with filesystems, which only the writers of this crate's tests can make. `tests/rip/` has the others.

mod any_order;
#[path = "../../../tests/rip/bench.rs"]
#[allow(dead_code, reason = "these tests need less of the bench than others do")]
mod bench;
mod filesystems;
mod order;
mod sessions;

use std::io::Read as _;

use super::speed_text;
use crate::drive::{Speed, SpeedOutcome};

/// One of the images that other programs made.
fn image_of_others(name: &str) -> Vec<u8> {
    let zipped: &[u8] = include_bytes!("../../../tests/image/first-look.zip");
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(zipped)).unwrap();
    let mut bytes = Vec::new();
    zip.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

#[test]
fn a_speed_is_told_where_it_is_not_the_one_asked_for() {
    let set = |asked, told| SpeedOutcome::Set { asked_kb_s: Some(asked), told_kb_s: told };
    assert_eq!(speed_text(Speed::Times(4.0), set(706, Some(706))), None);
    assert_eq!(speed_text(Speed::Times(4.0), set(706, Some(704))), None);
    assert_eq!(speed_text(Speed::Best, SpeedOutcome::Set { asked_kb_s: None, told_kb_s: Some(8467) }), None);
    let text = |asked, outcome| speed_text(asked, outcome).unwrap();
    assert_eq!(text(Speed::Times(4.0), set(706, Some(2822))), "asked for 4x, got 16x: so the drive says");
    assert_eq!(text(Speed::Times(2.4), set(3324, Some(11080))), "asked for 2.4x, got 8x: so the drive says");
    assert_eq!(text(Speed::KbS(706), set(706, Some(2822))), "asked for 706 kB/s, got 2,822 kB/s: so the drive says");
    assert!(speed_text(Speed::KbS(706), set(706, None)).is_some());
    assert!(speed_text(Speed::KbS(706), SpeedOutcome::NotSupported).is_some());
}
