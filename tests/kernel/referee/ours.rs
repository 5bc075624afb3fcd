//! This module knows a tree of ours as a listing.

use discwright::filesystem::content::{Content, Part, Sectors};
use discwright::filesystem::{NodeId, NodeKind, Tree, TreeKind};
use sha2::{Digest, Sha256};

use super::entry::{Entry, Listing};

pub fn listing(tree: &Tree, sectors: &mut Sectors<'_>) -> Listing {
    tree.ids().filter(|id| *id != Tree::ROOT).map(|id| (tree.path(id), entry(tree, id, sectors))).collect()
}

fn entry(tree: &Tree, id: NodeId, sectors: &mut Sectors<'_>) -> Entry {
    let node = tree.node(id);
    Entry {
        kind: letter(node.kind),
        size: node.size,
        modified: node.modified.map(|modified| (modified.seconds, modified.nanoseconds)),
        mode: node.posix.map(|posix| posix.mode),
        links: node.posix.map(|posix| posix.links),
        target: tree.target(id).map(<[u8]>::to_vec),
        digest: (node.kind == NodeKind::File).then(|| digest(tree, id, sectors)),
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

fn digest(tree: &Tree, id: NodeId, sectors: &mut Sectors<'_>) -> String {
    let mut content = Content::of(tree, id);
    let mut sum = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    let mut at = 0;
    while let Some(part) = content.part_at(at, sectors, &mut buffer).unwrap() {
        match part {
            Part::Bytes(count) => sum.update(buffer.get(..count).unwrap()),
            Part::Zeros(count) => sum.update(vec![0; usize::try_from(count).unwrap()]),
            Part::Lost { length, why } => return format!("{length} bytes at {at}: {why}"),
        }
        at += part.length();
    }
    data_encoding::HEXLOWER.encode(&sum.finalize())
}
