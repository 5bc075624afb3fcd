//! This module knows the discs that lie in the guest's drives.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

/// An ISO 9660 image of that name in `folder`, around one file of as many bytes, no two sectors of which are equal.
pub fn make_iso(folder: &Path, name: &str, label: &str, file_bytes: usize) -> PathBuf {
    let content = folder.join(name);
    fs::create_dir_all(&content).unwrap();
    fill(&content.join("numbers.bin"), file_bytes);
    let image = folder.join(format!("{name}.iso"));
    let status = Command::new("genisoimage")
        .args(["-quiet", "-J", "-r", "-V", label, "-o"])
        .args([&image, &content])
        .status()
        .expect("genisoimage is needed: ./test installs it");
    assert!(status.success(), "genisoimage: {status}");
    fs::remove_dir_all(content).unwrap();
    image
}

fn fill(path: &Path, bytes: usize) {
    let mut file = BufWriter::new(File::create(path).unwrap());
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..bytes.div_ceil(8) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        file.write_all(&state.to_le_bytes()).unwrap();
    }
    file.into_inner().unwrap().set_len(u64::try_from(bytes).unwrap()).unwrap();
}
