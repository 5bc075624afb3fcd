//! This module knows where the sums that libisofs recorded stand: its tags, and the list of the files' MD5.

use super::tag::{Line, Tag};
use crate::filesystem::scan::Scan;
use crate::filesystem::structure::StructureKind;
use crate::filesystem::tree::Md5Array;
use crate::sector::SECTOR_BYTES;

const SECTOR: u64 = SECTOR_BYTES as u64;
/// Behind the descriptors, behind the directories, and at the end.
const MOST_TAGS: usize = 4;
/// As many entries as there can be files, and a few that are no file's.
pub(super) const MOST_ENTRIES: u32 = (4 << 20) + 16;

/// Adds what a session with sums has of them; its descriptors end before byte `descriptors_end`.
pub(in crate::filesystem) fn own(scan: &mut Scan<'_>, array: Md5Array, descriptors_end: u64) {
    // The first tag tells where the next one is. Where it cannot be read, it is there all the same.
    add(scan, descriptors_end, SECTOR);
    let mut next = tag_at(scan, descriptors_end);
    for _ in 0..MOST_TAGS {
        let Some(at) = next.and_then(|tag| tag.next) else { break };
        add(scan, at.byte_offset(), SECTOR);
        next = tag_at(scan, at.byte_offset());
    }
    if array.count > MOST_ENTRIES {
        return;
    }
    let bytes = u64::from(array.count).saturating_mul(ENTRY);
    let whole = bytes.checked_next_multiple_of(SECTOR).unwrap_or(u64::MAX);
    // The last tag stands right behind the list.
    add(scan, array.start, whole.saturating_add(SECTOR));
}

/// Of a digest.
const ENTRY: u64 = 16;

fn tag_at(scan: &mut Scan<'_>, at: u64) -> Option<Tag> {
    let sector = scan.reader.bytes(at, SECTOR_BYTES).ok()?;
    match Line::read(&sector) {
        Line::Tag(tag) if tag.at.byte_offset() == at => Some(tag),
        Line::Tag(_) | Line::Broken | Line::None => None,
    }
}

/// Once each: tags and list meet at the end.
fn add(scan: &mut Scan<'_>, start: u64, length: u64) {
    let mut known = scan.structures.all().iter().filter(|found| found.kind == StructureKind::Checksums);
    let end = start.saturating_add(length);
    if !known.any(|found| found.start <= start && found.start.saturating_add(found.length) >= end) {
        scan.structures.add(StructureKind::Checksums, start, length);
    }
}

/// The same of the copies of the newest descriptors, which stand where the image begins, and have a tag of their own.
pub(in crate::filesystem) fn own_of_copies(scan: &mut Scan<'_>, descriptors_end: u64) {
    add(scan, descriptors_end, SECTOR);
}

#[cfg(test)]
mod tests {
    use super::super::tag::line;
    use super::*;
    use crate::checksum::Digest;
    use crate::filesystem::{Limits, Reader, Scope};

    const ARRAY: Md5Array = Md5Array { start: 38 * SECTOR, count: 200 };

    /// Start and end, in sectors.
    fn owned(bytes: &[u8]) -> Vec<(u64, u64)> {
        let (mut source, limits) = (bytes, Limits::default());
        let reader = Reader::new(&mut source, bytes.len() as u64, &limits);
        let mut scan = Scan::new(reader, Scope::Judge, limits, &|| false);
        own(&mut scan, ARRAY, 18 * SECTOR);
        scan.structures.all().iter().map(|s| (s.start / SECTOR, (s.start + s.length) / SECTOR)).collect()
    }

    fn image() -> Vec<u8> {
        let mut bytes = vec![0; 60 * SECTOR_BYTES];
        let md5 = Digest::Md5([7; 16]);
        let names = ["libisofs_sb_checksum_tag", "libisofs_tree_checksum_tag", "libisofs_checksum_tag"];
        for ((at, next), name) in [(18, Some(25)), (25, Some(40)), (40, None)].into_iter().zip(names) {
            bytes[at as usize * SECTOR_BYTES..][..SECTOR_BYTES].copy_from_slice(&line(name, 0, at, next, md5));
        }
        bytes
    }

    #[test]
    fn tags_and_list_belong_to_the_image() {
        assert_eq!(owned(&image()), [(18, 19), (25, 26), (40, 41), (38, 41)]);
    }

    #[test]
    fn the_tag_of_the_copies_is_there_though_it_cannot_be_read() {
        let (bytes, limits) = ([0; 60 * SECTOR_BYTES], Limits::default());
        let mut source = bytes.as_slice();
        let mut scan = Scan::new(Reader::new(&mut source, 60 * SECTOR, &limits), Scope::Judge, limits, &|| false);
        own_of_copies(&mut scan, 18 * SECTOR);
        assert_eq!(scan.structures.all().len(), 1);
    }

    #[test]
    fn tags_that_are_broken_are_there_as_far_as_it_is_known_where() {
        for (broken, left) in [(18, vec![(18, 19), (38, 41)]), (25, vec![(18, 19), (25, 26), (38, 41)])] {
            let mut bytes = image();
            bytes[broken * SECTOR_BYTES..][..SECTOR_BYTES].fill(0);
            assert_eq!(owned(&bytes), left);
        }
        assert_eq!(owned(&image()[..30 * SECTOR_BYTES]), [(18, 19), (25, 26), (40, 41), (38, 41)]);
    }
}
