//! This module knows a tree of ours as a listing.

use std::fs::File;
use std::os::unix::fs::FileExt;

use discwright::filesystem::{ExtentKind, NodeId, NodeKind, Tree, TreeKind};
use sha2::{Digest, Sha256};

use super::entry::{Entry, Listing};

pub fn listing(tree: &Tree, file: &File) -> Listing {
    tree.ids().filter(|id| *id != Tree::ROOT).map(|id| (tree.path(id), entry(tree, id, file))).collect()
}

fn entry(tree: &Tree, id: NodeId, file: &File) -> Entry {
    let node = tree.node(id);
    Entry {
        kind: letter(node.kind),
        size: node.size,
        modified: node.modified.map(|modified| (modified.seconds, modified.nanoseconds)),
        mode: node.posix.map(|posix| posix.mode),
        links: node.posix.map(|posix| posix.links),
        target: tree.target(id).map(<[u8]>::to_vec),
        digest: (node.kind == NodeKind::File).then(|| digest(tree, id, file)),
        file: tree.file_number(id).filter(|_| tree.kind == TreeKind::Udf),
    }
}

fn letter(kind: NodeKind) -> char {
    match kind {
        NodeKind::Directory => 'd',
        NodeKind::File => 'f',
        NodeKind::Symlink => 'l',
        NodeKind::BlockDevice => 'b',
        NodeKind::CharacterDevice => 'c',
        NodeKind::Fifo => 'p',
        NodeKind::Socket => 's',
    }
}

fn digest(tree: &Tree, id: NodeId, file: &File) -> String {
    let mut sum = Sha256::new();
    let mut left = tree.node(id).size;
    for extent in tree.extents(id) {
        let mut bytes = vec![0; usize::try_from(extent.length.min(left)).unwrap()];
        left -= bytes.len() as u64;
        if extent.kind == ExtentKind::Recorded {
            if let Err(error) = file.read_exact_at(&mut bytes, extent.start) {
                return error.to_string();
            }
        }
        sum.update(&bytes);
    }
    if left > 0 {
        return format!("{left} bytes have no extent");
    }
    data_encoding::HEXLOWER.encode(&sum.finalize())
}
