//! This module knows the tags in which libisofs records the MD5 of what it wrote: a line of text at the start of a sector.

use crate::checksum::{Algorithm, Digest, Digester};
use crate::sector::{Lba, SECTOR_BYTES, SectorRange};

/// What a line begins with, whatever tag it is.
const PREFIX: &[u8] = b"libisofs_";
/// All numbers at their longest, and no more.
const LONGEST_LINE: usize = 320;

/// Which tag. Each sums up everything from the start of its session to itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TagKind {
    /// Behind the copy of the newest descriptors at sector 16, on media that can be overwritten.
    Relocated,
    /// Behind the volume descriptors.
    Superblock,
    /// Behind directories and path tables.
    Tree,
    /// At the end.
    Session,
}

const NAMES: [(&str, TagKind); 4] = [
    ("libisofs_rlsb32_checksum_tag_v1", TagKind::Relocated),
    ("libisofs_sb_checksum_tag_v1", TagKind::Superblock),
    ("libisofs_tree_checksum_tag_v1", TagKind::Tree),
    ("libisofs_checksum_tag_v1", TagKind::Session),
];

/// A tag whose own sum holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag {
    pub kind: TagKind,
    /// Where it says that it stands.
    pub at: Lba,
    pub range: SectorRange,
    /// Where the next tag of its session stands.
    pub next: Option<Lba>,
    pub md5: Digest,
}

/// What a sector says of sums.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    None,
    /// It has the name of a tag, and is none, or not the one that was written.
    Broken,
    Tag(Tag),
}

impl Line {
    pub fn read(sector: &[u8]) -> Line {
        if !sector.starts_with(PREFIX) {
            return Line::None;
        }
        let line = sector.get(..SECTOR_BYTES.min(LONGEST_LINE)).unwrap_or(sector);
        let end = line.iter().position(|byte| matches!(byte, b'\n' | 0)).unwrap_or(line.len());
        let text = line.get(..end).and_then(|line| std::str::from_utf8(line).ok());
        match text.and_then(kind_and_fields) {
            None if NAMES.iter().any(|(name, _)| sector.starts_with(name.as_bytes())) => Line::Broken,
            None => Line::None,
            Some((kind, line)) => tag(kind, line).map_or(Line::Broken, Line::Tag),
        }
    }
}

/// The kind, and the whole line.
fn kind_and_fields(line: &str) -> Option<(TagKind, &str)> {
    let name = line.split(' ').next()?;
    NAMES.iter().find(|(known, _)| *known == name).map(|&(_, kind)| (kind, line))
}

fn tag(kind: TagKind, line: &str) -> Option<Tag> {
    let (summed, own) = line.split_once(" self=")?;
    let mut digester = Digester::new(Algorithm::Md5);
    digester.update(summed.as_bytes());
    if Digest::from_hex(Algorithm::Md5, own.get(..32)?).ok()? != digester.finish() {
        return None;
    }
    let field = |name: &str| {
        let mut fields = summed.split(' ').skip(1);
        fields.find_map(|field| field.strip_prefix(name)?.strip_prefix('='))
    };
    let number = |name: &str| field(name)?.parse::<u32>().ok();
    let (at, start, size) = (number("pos")?, number("range_start")?, number("range_size")?);
    // Each sums up what stands before it, and nothing else.
    if size == 0 || start.checked_add(size)? != at {
        return None;
    }
    Some(Tag {
        kind,
        at: Lba(at),
        range: SectorRange::new(Lba(start), Lba(at)),
        next: number("next").filter(|next| *next > at).map(Lba),
        md5: Digest::from_hex(Algorithm::Md5, field("md5")?).ok()?,
    })
}

#[cfg(test)]
pub(super) fn line(name: &str, start: u32, at: u32, next: Option<u32>, md5: Digest) -> Vec<u8> {
    let next = next.map(|next| format!(" next={next}")).unwrap_or_default();
    let size = at - start;
    let mut text = format!("{name}_v1 pos={at} range_start={start} range_size={size}{next} md5={md5}");
    let mut own = Digester::new(Algorithm::Md5);
    own.update(text.as_bytes());
    text.push_str(&format!(" self={}\n", own.finish()));
    let mut sector = text.into_bytes();
    sector.resize(SECTOR_BYTES, 0);
    sector
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// As xorriso 1.5.4 wrote it.
    const TREE: &[u8] = b"libisofs_tree_checksum_tag_v1 pos=56 range_start=32 range_size=24 next=1528 \
                          md5=77c84e5a8e8ec09f91457b3613067a32 self=10f060b473779c00fc72a235cb2cf9a1\n";
    const SESSION: &[u8] = b"libisofs_checksum_tag_v1 pos=1528 range_start=32 range_size=1496 \
                             md5=9fbe21d767d2831f8694af1053f7227a self=84391117a2bcf5fe11a73b368e406c80\n";

    fn sector(line: &[u8]) -> Vec<u8> {
        let mut sector = line.to_vec();
        sector.resize(SECTOR_BYTES, 0);
        sector
    }

    #[test]
    fn tags_of_xorriso_are_read() {
        let Line::Tag(tree) = Line::read(&sector(TREE)) else { panic!() };
        assert_eq!((tree.kind, tree.at, tree.next), (TagKind::Tree, Lba(56), Some(Lba(1528))));
        assert_eq!(tree.range, SectorRange::new(Lba(32), Lba(56)));
        assert_eq!(tree.md5.to_string(), "77c84e5a8e8ec09f91457b3613067a32");
        let Line::Tag(session) = Line::read(&sector(SESSION)) else { panic!() };
        assert_eq!((session.kind, session.next), (TagKind::Session, None));
    }

    #[test]
    fn a_tag_with_another_byte_in_it_is_broken() {
        let whole = sector(TREE);
        for at in 29..TREE.len() - 1 {
            let mut broken = whole.clone();
            broken[at] ^= 1;
            assert_eq!(Line::read(&broken), Line::Broken, "byte {at}");
        }
    }

    #[test]
    fn content_is_no_tag() {
        for content in [&b""[..], b"libisofs", b"libisofs_ is a library", b"libisofs_checksum_tags_v1 pos=1"] {
            assert_eq!(Line::read(&sector(content)), Line::None);
            assert_eq!(Line::read(content), Line::None);
        }
    }

    #[test]
    fn numbers_that_contradict_each_other_make_no_tag() {
        let md5 = Digest::Md5([7; 16]);
        let good = line("libisofs_checksum_tag", 32, 100, None, md5);
        assert!(matches!(Line::read(&good), Line::Tag(_)));
        for wrong in
            ["range_size=67", "range_size=4294967295", "range_size=99999999999", "range_size=-68", "range_size="]
        {
            let text = String::from_utf8(good.clone()).unwrap().replace("range_size=68", wrong);
            let (summed, _) = text.split_once(" self=").unwrap();
            let mut own = Digester::new(Algorithm::Md5);
            own.update(summed.as_bytes());
            let text = format!("{summed} self={}\n", own.finish());
            assert_eq!(Line::read(&sector(text.as_bytes())), Line::Broken, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(tail in prop::collection::vec(any::<u8>(), 0..400), which in 0..4_usize) {
            let bytes = [NAMES[which].0.as_bytes(), b" ", &tail].concat();
            let _ = Line::read(&bytes);
            let _ = Line::read(&tail);
        }
    }
}
