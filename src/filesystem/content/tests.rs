use proptest::prelude::*;

use super::*;
use crate::filesystem::tree::{Entry, NodeKind, TreeKind, Zisofs};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SectorRange, SectorSource};

/// A byte for each place, so that nothing can be taken for something else.
fn image(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|at| u8::try_from((at / 7 + at / 2048) % 251).unwrap()).collect()
}

/// Bytes of which some sectors cannot be read.
#[derive(Default)]
struct Scratched {
    bytes: Vec<u8>,
    bad: Vec<SectorRange>,
    /// Says only that something cannot be read, and not what.
    is_vague: bool,
    reads: usize,
    failures: usize,
}

impl SectorSource for Scratched {
    fn sector_count(&self) -> SectorCount {
        SectorCount::whole_in(self.bytes.len() as u64).unwrap()
    }

    fn read_sectors(&mut self, start: Lba, buffer: &mut [u8]) -> Result<(), SourceError> {
        self.reads += 1;
        let count = SectorCount::whole_in(buffer.len() as u64).unwrap();
        let range = SectorRange::with_count(start, count);
        if let Some(bad) = self.bad.iter().find_map(|bad| bad.intersection(range)) {
            self.failures += 1;
            return Err(SourceError::Unreadable { at: if self.is_vague { start } else { bad.start() } });
        }
        self.bytes.as_slice().read_sectors(start, buffer)
    }
}

/// All parts of a file, neighbours of one kind put together, and its bytes with zeros for what is not there.
fn read(mut content: Content<'_>, source: &mut dyn SectorSource, length: u64, room: usize) -> (Vec<Part>, Vec<u8>) {
    let mut sectors = Sectors::new(source, length);
    let mut buffer = vec![0xEE; room];
    let (mut parts, mut bytes) = (Vec::<Part>::new(), Vec::new());
    while let Some(part) = content.part_at(bytes.len() as u64, &mut sectors, &mut buffer).unwrap() {
        assert!(part.length() > 0);
        match part {
            Part::Bytes(count) => bytes.extend(&buffer[..count]),
            Part::Zeros(count) | Part::Lost { length: count, .. } => {
                bytes.resize(bytes.len() + usize::try_from(count).unwrap(), 0);
            }
        }
        match (parts.last_mut(), part) {
            (Some(Part::Bytes(before)), Part::Bytes(count)) => *before += count,
            (Some(Part::Lost { length: before, why }), Part::Lost { length, why: same }) if *why == same => {
                *before += length;
            }
            _ => parts.push(part),
        }
    }
    (parts, bytes)
}

fn plain(extents: &[Extent], size: u64) -> Content<'_> {
    Content::new(extents.into(), size, Encoding::Plain)
}

#[test]
fn extents_are_read_one_behind_the_other() {
    let image = image(20 * SECTOR_BYTES);
    // The middle one begins within a sector, as one of UDF may.
    let extents = [Extent::recorded(10 * 2048, 4096), Extent::recorded(2 * 2048 + 512, 1536), Extent::recorded(0, 9)];
    let (parts, bytes) = read(plain(&extents, 5641), &mut image.as_slice(), image.len() as u64, LEAST_BUFFER);
    assert_eq!(parts, [Part::Bytes(5641)]);
    assert_eq!(bytes, [&image[20480..24576], &image[4608..6144], &image[..9]].concat());
}

#[test]
fn holes_are_zeros_and_cost_nothing() {
    let image = image(4 * SECTOR_BYTES);
    let hole = |kind| Extent { start: 0, length: 1 << 40, kind };
    let extents = [hole(ExtentKind::Hole), Extent::recorded(2048, 5), hole(ExtentKind::Unrecorded)];
    let mut content = plain(&extents, (1 << 41) + 5);
    let mut source = image.as_slice();
    let mut sectors = Sectors::new(&mut source, 8192);
    let mut buffer = [0; LEAST_BUFFER];
    assert_eq!(content.part_at(7, &mut sectors, &mut buffer).unwrap(), Some(Part::Zeros((1 << 40) - 7)));
    assert_eq!(content.part_at(1 << 40, &mut sectors, &mut buffer).unwrap(), Some(Part::Bytes(5)));
    assert_eq!(content.part_at((1 << 40) + 5, &mut sectors, &mut buffer).unwrap(), Some(Part::Zeros(1 << 40)));
    assert_eq!(content.part_at((1 << 41) + 5, &mut sectors, &mut buffer).unwrap(), None);
    assert_eq!((content.cost(), content.start()), (5, Some(2048)));
}

#[test]
fn what_lies_beyond_the_end_is_lost() {
    let image = image(4 * SECTOR_BYTES);
    let extents = [Extent::recorded(3 * 2048, 5000)];
    let (parts, bytes) = read(plain(&extents, 5000), &mut image.as_slice(), 4 * 2048, 65536);
    assert_eq!(parts, [Part::Bytes(2048), Part::Lost { length: 2952, why: Lost::BeyondEnd }]);
    assert_eq!(bytes[..2048], image[3 * 2048..]);
}

#[test]
fn a_file_longer_than_its_extents_is_lost_behind_them() {
    let image = image(4 * SECTOR_BYTES);
    let extents = [Extent::recorded(2048, 2048)];
    let (parts, _) = read(plain(&extents, u64::from(u16::MAX)), &mut image.as_slice(), 8192, 65536);
    assert_eq!(parts, [Part::Bytes(2048), Part::Lost { length: 65535 - 2048, why: Lost::Nowhere }]);
}

#[test]
fn around_a_bad_sector_all_is_read() {
    let bad = vec![SectorRange::new(Lba(5), Lba(7))];
    let mut source = Scratched { bytes: image(64 * SECTOR_BYTES), bad, ..Scratched::default() };
    let extents = [Extent::recorded(2 * 2048, 50 * 2048 + 3)];
    let (parts, bytes) = read(plain(&extents, 50 * 2048 + 3), &mut source, 64 * 2048, 1 << 20);
    let lost = Part::Lost { length: 4096, why: Lost::Unreadable };
    assert_eq!(parts, [Part::Bytes(3 * 2048), lost, Part::Bytes(45 * 2048 + 3)]);
    assert_eq!(bytes[5 * 2048..], source.bytes[7 * 2048..52 * 2048 + 3]);
}

#[test]
fn small_neighbours_are_read_together() {
    let mut source = Scratched { bytes: image(64 * SECTOR_BYTES), ..Scratched::default() };
    let extents: Vec<Extent> = (0..64).map(|at| Extent::recorded(at * 2048, 100)).collect();
    let (parts, _) = read(plain(&extents, 6400), &mut source, 64 * 2048, 1 << 20);
    assert_eq!((parts, source.reads), (vec![Part::Bytes(6400)], 2));
}

#[test]
fn small_files_around_a_bad_sector_do_not_ask_for_it_again() {
    for (is_vague, most_reads) in [(false, 6), (true, 12)] {
        let bad = vec![SectorRange::new(Lba(40), Lba(41))];
        let mut source = Scratched { bytes: image(60 * SECTOR_BYTES), bad, is_vague, ..Scratched::default() };
        let extents: Vec<Extent> = (0..60).map(|at| Extent::recorded(at * 2048, 100)).collect();
        let (parts, _) = read(plain(&extents, 6000), &mut source, 60 * 2048, 1 << 20);
        let lost = Part::Lost { length: 100, why: Lost::Unreadable };
        assert_eq!(parts, [Part::Bytes(4000), lost, Part::Bytes(1900)]);
        // Once with its neighbours, and once alone.
        assert_eq!(source.failures, 2);
        assert!(source.reads <= most_reads, "{}", source.reads);
    }
}

#[test]
fn a_file_of_a_tree_has_the_bytes_that_the_tree_says() {
    let image = image(8 * SECTOR_BYTES);
    let mut tree = Tree::new(TreeKind::Iso9660, Entry::new(b"", NodeKind::Directory, 0));
    let extents = [Extent::recorded(4096, 10)];
    let entry = Entry { extents: &extents, size: 10, ..Entry::new(b"A", NodeKind::File, 0) };
    let id = tree.add(Tree::ROOT, entry).unwrap();
    let (_, bytes) = read(Content::of(&tree, id), &mut image.as_slice(), 8 * 2048, LEAST_BUFFER);
    assert_eq!(bytes, image[4096..4106]);
}

/// 70,000 bytes in blocks of 32 KiB, the second of them zeros; and what is stored.
fn packed() -> (Vec<u8>, Vec<u8>) {
    use std::io::Write;
    let content: Vec<u8> =
        (0..70_000_u32).map(|at| if at >> 15 == 1 { 0 } else { (at % 97).to_le_bytes()[0] }).collect();
    let (mut table, mut data) = (Vec::new(), Vec::new());
    let pointer = |data: &[u8]| u32::try_from(16 + 16 + data.len()).unwrap().to_le_bytes();
    table.extend(pointer(&data));
    for block in content.chunks(1 << 15) {
        if block.iter().any(|&byte| byte != 0) {
            let mut zlib = flate2::write::ZlibEncoder::new(&mut data, flate2::Compression::fast());
            zlib.write_all(block).unwrap();
            zlib.finish().unwrap();
        }
        table.extend(pointer(&data));
    }
    let header = b"\x37\xE4\x53\x96\xC9\xDB\xD6\x07\x70\x11\x01\0\x04\x0F\0\0".to_vec();
    (content, [header, table, data].concat())
}

#[test]
fn a_compressed_file_is_read_as_any_other() {
    let (expected, stored) = packed();
    let length = stored.len() as u64;
    let zisofs = Zisofs { version: 1, header: 16, block_log2: 15, stored: length };
    let mut image = [vec![0; 4096], stored].concat();
    image.resize(image.len().next_multiple_of(2048), 0);
    let extents = [Extent::recorded(4096, 100), Extent::recorded(4196, length - 100)];
    let content = || Content::new(extents.as_slice().into(), 70_000, Encoding::Zisofs(zisofs));
    let (parts, bytes) = read(content(), &mut image.as_slice(), image.len() as u64, LEAST_BUFFER);
    assert_eq!(parts, [Part::Bytes(70_000)]);
    assert!(bytes == expected);
    // The last block is damaged, and costs no other.
    let last = 4096 + stored_end(&image);
    image[last] ^= 0x55;
    let (parts, bytes) = read(content(), &mut image.as_slice(), image.len() as u64, 1 << 20);
    assert_eq!(parts, [Part::Bytes(65_536), Part::Lost { length: 4464, why: Lost::NotUnpacked }]);
    assert!(bytes[..65_536] == expected[..65_536]);
}

/// Some byte of the last block.
fn stored_end(image: &[u8]) -> usize {
    u32::from_le_bytes(image[4096 + 16 + 8..][..4].try_into().unwrap()) as usize + 9
}

#[test]
fn a_compressed_file_of_more_blocks_than_pointers_is_lost_at_once() {
    for (block_log2, size) in [(15, u64::MAX), (255, 10)] {
        let zisofs = Zisofs { version: 1, header: 16, block_log2, stored: 4096 };
        let extents = [Extent::recorded(0, 4096)];
        let mut content = Content::new(extents.as_slice().into(), size, Encoding::Zisofs(zisofs));
        let image = image(8192);
        let mut source = image.as_slice();
        let part = content.part_at(3, &mut Sectors::new(&mut source, 8192), &mut [0; LEAST_BUFFER]).unwrap();
        assert_eq!(part, Some(Part::Lost { length: size - 3, why: Lost::NotUnpacked }));
    }
}

proptest! {
    #[test]
    fn every_byte_is_had_or_lost_wherever_it_lies(
        extents in prop::collection::vec((0..40_000_u64, 0..9_000_u64), 0..6),
        bad in prop::collection::vec(0..20_u32, 0..5),
        size in 0..30_000_u64,
        length in 0..40_960_u64,
        room in LEAST_BUFFER..80_000,
    ) {
        let bytes = image(40_960);
        let bad: Vec<_> = bad.into_iter().map(|at| SectorRange::with_count(Lba(at), SectorCount(1))).collect();
        let extents: Vec<_> = extents.into_iter().map(|(start, length)| Extent::recorded(start, length)).collect();
        let mut source = Scratched { bytes: bytes.clone(), bad: bad.clone(), ..Scratched::default() };
        let (_, read) = read(plain(&extents, size), &mut source, length, room);
        let is_bad = |at: u64| bad.iter().any(|range| range.contains(Lba(u32::try_from(at / 2048).unwrap())));
        let mut expected: Vec<u8> = extents
            .iter()
            .flat_map(|extent| extent.start..extent.end())
            .map(|at| if at >= length || is_bad(at) { 0 } else { bytes[usize::try_from(at).unwrap()] })
            .collect();
        expected.resize(usize::try_from(size).unwrap(), 0);
        prop_assert_eq!(read, expected);
    }
}
