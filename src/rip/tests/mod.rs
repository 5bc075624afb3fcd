//! Whole rips of discs with filesystems, which only the writers of this crate's tests can make. `tests/rip/` has the others.

#[path = "../../../tests/rip/bench.rs"]
#[allow(dead_code, reason = "these tests need less of the bench than others do")]
mod bench;
mod order;

use std::io::Read as _;

/// One of the images that other programs made.
fn image_of_others(name: &str) -> Vec<u8> {
    let zipped: &[u8] = include_bytes!("../../../tests/image/first-look.zip");
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(zipped)).unwrap();
    let mut bytes = Vec::new();
    zip.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}
