//! This module knows what a maker was given, where the kernel cannot say what came of it.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::entry::{Entry, Listing};

pub fn listing(folder: &Path) -> Listing {
    let mut listing = Listing::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(current) = folders.pop() {
        for found in fs::read_dir(current).unwrap() {
            let path = found.unwrap().path();
            let about = fs::symlink_metadata(&path).unwrap();
            let digest = about.is_file().then(|| fs::read(&path).unwrap());
            let entry = Entry {
                kind: if about.is_dir() {
                    'd'
                } else if about.is_file() {
                    'f'
                } else {
                    'l'
                },
                size: about.len(),
                modified: None,
                mode: None,
                links: None,
                target: about.is_symlink().then(|| target(&path)),
                digest: digest.map(|bytes| data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))),
                file: None,
            };
            listing.insert(path.strip_prefix(folder).unwrap().as_os_str().as_bytes().to_vec(), entry);
            if about.is_dir() {
                folders.push(path);
            }
        }
    }
    listing
}

/// Rock Ridge keeps the parts of a path, and no slash behind the last one.
fn target(link: &Path) -> Vec<u8> {
    let target = fs::read_link(link).unwrap();
    let bytes = target.as_os_str().as_bytes();
    bytes.strip_suffix(b"/").unwrap_or(bytes).to_vec()
}
