//! This module knows how the guest writes down what its kernel lists.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use discwright::filesystem::TreeKind;

use super::entry::{Entry, Listing};

/// What stands in `folder` as the listing of that name; an error where the kernel mounted nothing.
pub fn listing(folder: &Path, name: &str, tree: TreeKind) -> Result<Listing, String> {
    if let Ok(why) = fs::read_to_string(folder.join(format!("{name}.failed"))) {
        return Err(format!("the kernel does not mount it: {why}"));
    }
    let mut digests = digests(&fs::read(folder.join(format!("{name}.sums"))).unwrap());
    let errors = fs::read_to_string(folder.join(format!("{name}.errors"))).unwrap();
    let list = fs::read(folder.join(format!("{name}.list"))).unwrap();
    let mut fields = list.split(|byte| *byte == 0);
    let mut listing = Listing::new();
    while let Some(kind) = fields.next().filter(|kind| !kind.is_empty()) {
        let mut text = || String::from_utf8(fields.next().unwrap().to_vec()).unwrap();
        let (size, modified, mode, links, inode) = (text(), text(), text(), text(), text());
        let (target, path) = (fields.next().unwrap(), fields.next().unwrap().to_vec());
        let kind = char::from(*kind.first().unwrap());
        let digest = (kind == 'f').then(|| digests.remove(&path).unwrap_or_else(|| errors.clone()));
        let entry = Entry {
            kind,
            size: size.parse().unwrap(),
            modified: Some(moment(&modified)),
            mode: Some(u16::from_str_radix(&mode, 8).unwrap()),
            links: Some(links.parse().unwrap()),
            target: (kind == 'l').then(|| target.to_vec()),
            digest,
            file: (tree == TreeKind::Udf).then(|| inode.parse().unwrap()),
        };
        listing.insert(path, entry);
    }
    Ok(match tree {
        TreeKind::Iso9660 => listing.into_iter().map(|(path, entry)| (without_versions(&path), entry)).collect(),
        TreeKind::RockRidge => without_the_place_for_deep_ones(listing),
        TreeKind::HighSierra | TreeKind::Enhanced | TreeKind::Joliet | TreeKind::Udf => listing,
    })
}

/// `;1` goes, and a dot that stood before it.
fn without_versions(path: &[u8]) -> Vec<u8> {
    let plain = |name: &[u8]| {
        let name = name.strip_suffix(b";1").unwrap_or(name);
        name.strip_suffix(b".").unwrap_or(name).to_vec()
    };
    path.split(|byte| *byte == b'/').map(plain).collect::<Vec<_>>().join(&b'/')
}

/// The kernel shows the folder that directories were moved out of, which is empty then. It is no part of what was recorded.
fn without_the_place_for_deep_ones(mut listing: Listing) -> Listing {
    if !listing.keys().any(|path| path.starts_with(b"rr_moved/")) {
        listing.remove(b"rr_moved".as_slice());
    }
    listing
}

/// Seconds with ten digits behind the dot, of which the last is always 0. Before 1970 find counts the fraction upwards all the same.
fn moment(text: &str) -> (i64, u32) {
    let (seconds, fraction) = text.split_once('.').unwrap();
    (seconds.parse().unwrap(), fraction[..9].parse().unwrap())
}

/// As `sha256sum -z` writes them: digest, two blanks, path.
fn digests(sums: &[u8]) -> BTreeMap<Vec<u8>, String> {
    let lines = sums.split(|byte| *byte == 0).filter(|line| !line.is_empty());
    let parts = lines.map(|line| line.split_at(64));
    parts
        .map(|(sum, path)| (path.strip_prefix(b"  ").unwrap().to_vec(), String::from_utf8(sum.to_vec()).unwrap()))
        .collect()
}
