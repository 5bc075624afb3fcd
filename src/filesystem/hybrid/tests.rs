#![expect(clippy::cast_possible_truncation, reason = "all of it is small")]

use super::super::finding::{Finding, Origin, Severity};
use super::super::limits::Limits;
use super::super::reader::Reader;
use super::super::rule::Rule;
use super::super::scan::Scope;
use super::super::structure::Structure;
use super::super::volume::VolumeKind;
use super::*;
use crate::bytes::Composer;
use proptest::prelude::*;

const BLOCKS: u64 = 1024;
const LENGTH: u64 = BLOCKS * BLOCK;
const FIRST_ENTRIES: u64 = 2;
const SECOND_ENTRIES: u64 = BLOCKS - 3;
const DATA: [u8; 16] = *b"\xA2\xA0\xD0\xEB\xE5\xB9\x33\x44\x87\xC0\x68\xB6\xB7\x26\x99\xC7";

/// An image of half a MiB in which each block is different.
struct Disc {
    bytes: Vec<u8>,
}

struct Read {
    hybrid: Hybrid,
    findings: Vec<Finding>,
    structures: Vec<Structure>,
    claims: Vec<(SizeSource, u64)>,
}

impl Disc {
    fn new() -> Self {
        let mut bytes: Vec<u8> = (0..LENGTH).map(|at| (at / BLOCK % 251 + 1) as u8).collect();
        bytes[..SYSTEM_AREA_BYTES as usize].fill(0);
        Self { bytes }
    }

    fn put(&mut self, at: u64, bytes: &[u8]) -> &mut Self {
        self.bytes[at as usize..][..bytes.len()].copy_from_slice(bytes);
        self
    }

    /// A partition of the master boot record, by its number, flag, type, start and count.
    fn mbr(&mut self, number: u64, flag: u8, kind: u8, start: u32, count: u32) -> &mut Self {
        let mut out = Composer::new();
        out.u8(flag).zeros(3).u8(kind).zeros(3).le_u32(start).le_u32(count);
        self.put(446 + 16 * number, &out.finish()).put(510, b"\x55\xAA")
    }

    /// Both copies, with one partition of blocks 64 to 127.
    fn gpt(&mut self) -> &mut Self {
        let mut entry = Composer::new();
        entry.bytes(&DATA).bytes(&[7; 16]).le_u64(64).le_u64(127).pad_to(256);
        let entries = entry.finish();
        self.put(FIRST_ENTRIES * BLOCK, &entries).put(SECOND_ENTRIES * BLOCK, &entries);
        self.header(1, BLOCKS - 1, FIRST_ENTRIES).header(BLOCKS - 1, 1, SECOND_ENTRIES)
    }

    /// A header with the sum of the two entries that stand at `entries`.
    fn header(&mut self, own: u64, other: u64, entries: u64) -> &mut Self {
        let array = &self.bytes[(entries * BLOCK) as usize..][..256];
        let mut out = Composer::new();
        out.bytes(b"EFI PART").le_u32(0x10000).le_u32(92).le_u32(0).le_u32(0).le_u64(own).le_u64(other);
        out.le_u64(64).le_u64(SECOND_ENTRIES - 1).bytes(&[9; 16]).le_u64(entries).le_u32(2).le_u32(128);
        out.le_u32(crc32fast::hash(array));
        let crc = crc32fast::hash(&out.clone().finish());
        out.overwrite(16, &crc.to_le_bytes()).pad_to(512);
        self.put(own * BLOCK, &out.finish())
    }

    fn apple(&mut self, entries: &[(u32, u32, &[u8])]) -> &mut Self {
        self.put(0, b"ER\x02\0");
        for (number, (start, count, kind)) in (1..).zip(entries) {
            let mut out = Composer::new();
            out.bytes(b"PM\0\0").be_u32(entries.len() as u32).be_u32(*start).be_u32(*count).zeros(32).bytes(kind);
            self.put(number * 512, &out.pad_to(512).clone().finish());
        }
        self
    }

    /// A volume of HFS+ with 32 blocks of 4096 bytes, and its copy.
    fn hfs_plus(&mut self, start: u64) -> &mut Self {
        let mut out = Composer::new();
        out.bytes(b"H+").be_u16(4).zeros(36).be_u32(4096).be_u32(32).pad_to(512);
        let header = out.finish();
        self.put(start + 1024, &header).put(start + 32 * 4096 - 1024, &header)
    }

    /// A volume of HFS with 100 blocks of 2048 bytes from its byte 4096 on, and its copy behind them.
    fn hfs(&mut self, start: u64) -> &mut Self {
        let mut out = Composer::new();
        out.bytes(b"BD").zeros(16).be_u16(100).be_u32(2048).zeros(4).be_u16(8).zeros(6).u8(3).bytes(b"Mac").pad_to(512);
        let header = out.finish();
        self.put(start + 1024, &header).put(start + 4096 + 100 * 2048, &header)
    }

    fn read_as(&self, scope: Scope, disc_end: u64) -> Read {
        let length = self.bytes.len() as u64;
        let mut source = self.bytes.as_slice();
        let limits = Limits::default();
        let mut scan = Scan::new(Reader::new(&mut source, length, &limits), scope, limits, &|| false);
        scan.claims.push((SizeSource::Iso9660, disc_end));
        let hybrid = read(&mut scan);
        let structures = scan.structures.all().to_vec();
        let claims = scan.claims.split_off(1);
        Read { hybrid, findings: scan.findings.into_sorted(), structures, claims }
    }

    fn read(&self) -> Read {
        self.read_as(Scope::Judge, LENGTH)
    }

    fn findings(&self) -> Vec<(Rule, Severity, Origin, u64)> {
        let found = self.read().findings;
        found.iter().map(|f| (f.rule, f.severity, f.origin, f.at.unwrap())).collect()
    }

    fn kinds(&self) -> Vec<PartitionTableKind> {
        self.read().hybrid.tables.iter().map(|table| table.kind).collect()
    }
}

fn partition(start: u64, bytes: u64, kind: PartitionKind) -> Partition {
    Partition { start, bytes, kind }
}

#[test]
fn an_image_without_any_of_it_is_silent() {
    let read = Disc::new().read();
    assert_eq!((read.hybrid.tables, read.hybrid.volumes, read.findings), (vec![], vec![], vec![]));
    assert_eq!((read.structures, read.claims), (vec![], vec![]));
}

#[test]
fn a_master_boot_record_names_its_partitions() {
    let mut disc = Disc::new();
    disc.mbr(0, 0x80, 0x17, 0, 1024).mbr(1, 0, 0xEF, 140, 20);
    let read = disc.read();
    assert_eq!(read.findings, []);
    let partitions =
        vec![partition(0, LENGTH, PartitionKind::Mbr(0x17)), partition(140 * 512, 20 * 512, PartitionKind::Mbr(0xEF))];
    assert_eq!(read.hybrid.tables, [PartitionTable { kind: PartitionTableKind::Mbr, partitions }]);
    assert_eq!(read.claims, [(SizeSource::MasterBootRecord, LENGTH)]);
    let structures: Vec<_> = read.structures.iter().map(|s| (s.kind, s.start, s.length)).collect();
    assert_eq!(
        structures,
        [(StructureKind::PartitionTable, 0, 512), (StructureKind::SystemArea, 0, SYSTEM_AREA_BYTES)]
    );
}

#[test]
fn boot_code_that_ends_like_one_is_no_master_boot_record() {
    let mut disc = Disc::new();
    disc.put(446, b"Missing operating system\0Error loading\0").put(510, b"\x55\xAA");
    assert_eq!((disc.kinds(), disc.findings()), (vec![], vec![]));
    disc.put(446, &[0; 64]);
    assert_eq!(disc.kinds(), []);
}

#[test]
fn a_partition_that_is_not_all_there_was_cut() {
    let mut disc = Disc::new();
    disc.mbr(0, 0x80, 0, 0, 1000).mbr(1, 0, 0xEF, 1000, 25);
    assert_eq!(disc.findings(), [(Rule::H01, Severity::Error, Origin::Truncation, 446 + 16)]);
    let text = disc.read().findings.remove(0).text;
    assert!(text.ends_with("ends at byte 524800, and the image has 524288 bytes: 512 are missing"), "{text}");
    disc.mbr(1, 0x42, 0xEF, 1000, 24);
    assert_eq!(disc.findings(), [(Rule::H01, Severity::Warning, Origin::Unknown, 446 + 16)]);
}

#[test]
fn what_protects_may_be_as_large_as_it_likes() {
    let mut disc = Disc::new();
    disc.mbr(0, 0, 0xEE, 1, u32::MAX).gpt();
    let read = disc.read();
    assert_eq!(read.findings, []);
    assert_eq!(read.claims, [(SizeSource::GuidPartitionTable, LENGTH)]);
    let table = read.hybrid.tables.last().unwrap();
    assert_eq!(table.partitions, [partition(64 * 512, 64 * 512, PartitionKind::Gpt(DATA))]);
    disc.put(BLOCK, &[0; 8]).put(LENGTH - BLOCK, &[0; 8]);
    assert_eq!(disc.findings(), [(Rule::H02, Severity::Warning, Origin::Unknown, 446)]);
}

#[test]
fn each_copy_of_a_guid_partition_table_is_judged_and_the_other_used() {
    let of = |at: u64, bytes: &[u8]| {
        let mut disc = Disc::new();
        disc.gpt().put(at, bytes);
        let read = disc.read();
        let partitions = read.hybrid.tables.first().map(|table| table.partitions.len());
        assert_eq!((partitions, &read.claims[..]), (Some(1), &[(SizeSource::GuidPartitionTable, LENGTH)][..]), "{at}");
        let [finding] = read.findings.as_slice() else { panic!("{at}: {:?}", read.findings) };
        assert!(finding.text.contains("used"), "{}", finding.text);
        (finding.rule, finding.severity, finding.at.unwrap())
    };
    let error = |at: u64| (Rule::H02, Severity::Error, at);
    let last = LENGTH - BLOCK;
    for header in [BLOCK, last] {
        for field in [0, 8, 12, 16, 24, 32, 40, 56, 72, 80, 84, 88] {
            assert_eq!(of(header + field, &[0x55]), error(header), "field at {field}");
        }
    }
    assert_eq!(of(FIRST_ENTRIES * BLOCK + 32, &[65]), error(FIRST_ENTRIES * BLOCK));
    assert_eq!(of(SECOND_ENTRIES * BLOCK + 200, &[1]), error(SECOND_ENTRIES * BLOCK));
}

#[test]
fn both_headers_may_be_lost() {
    let mut disc = Disc::new();
    disc.gpt().put(BLOCK + 40, &[1]).put(LENGTH - BLOCK + 40, &[1]);
    assert_eq!(disc.findings(), [(Rule::H02, Severity::Error, Origin::Unknown, BLOCK)]);
    assert_eq!(disc.read().claims, []);
    assert_eq!(disc.read().hybrid.tables[0].partitions.len(), 1, "what is there is told");
}

#[test]
fn headers_that_contradict_each_other_are_told() {
    let mut disc = Disc::new();
    disc.gpt().put(SECOND_ENTRIES * BLOCK + 32, &[65]).header(BLOCKS - 1, 1, SECOND_ENTRIES);
    assert_eq!(disc.findings(), [(Rule::H02, Severity::Warning, Origin::Unknown, LENGTH - BLOCK)]);
}

#[test]
fn a_second_header_that_is_not_there_any_more_was_cut_off() {
    let mut disc = Disc::new();
    disc.gpt();
    disc.bytes.truncate(LENGTH as usize - 2048);
    assert_eq!(disc.findings(), [(Rule::H02, Severity::Error, Origin::Truncation, BLOCK + 32)]);
    assert_eq!(disc.read().claims, [(SizeSource::GuidPartitionTable, LENGTH)]);
    disc.bytes.truncate(100 * 512);
    let cut = (Rule::H02, Severity::Error, Origin::Truncation, FIRST_ENTRIES * BLOCK);
    assert!(disc.findings().contains(&cut), "the partition, too: {:?}", disc.findings());
}

#[test]
fn a_second_header_should_be_the_last_block() {
    let mut disc = Disc::new();
    disc.gpt();
    disc.bytes.resize(LENGTH as usize + 4096, 0);
    assert_eq!(disc.findings(), [(Rule::H02, Severity::Info, Origin::Mastering, BLOCK + 32)]);
    disc.put(LENGTH + 4000, b"x");
    assert_eq!(disc.findings(), [(Rule::H02, Severity::Warning, Origin::Mastering, BLOCK + 32)]);
}

#[test]
fn a_table_without_its_first_header_is_only_searched_for_by_who_judges() {
    let mut disc = Disc::new();
    disc.gpt().put(BLOCK, &[0; 512]);
    assert_eq!(disc.read_as(Scope::Names, LENGTH).hybrid.tables, []);
    assert_eq!(disc.findings(), [(Rule::H02, Severity::Error, Origin::Unknown, BLOCK)]);
}

#[test]
fn an_apple_partition_map_is_judged() {
    let mut disc = Disc::new();
    disc.apple(&[(1, 3, b"Apple_partition_map"), (16, 20, b"Apple_HFS"), (40, 984, b"ISO9660_data")]);
    let read = disc.read();
    assert_eq!((read.findings, read.claims), (vec![], vec![(SizeSource::ApplePartitionMap, LENGTH)]));
    assert_eq!(read.hybrid.tables[0].partitions.len(), 3);
    disc.put(1024, b"xx");
    assert_eq!(disc.findings(), [(Rule::H03, Severity::Warning, Origin::Unknown, 1024)]);
    disc.put(1024, &[0; 512]);
    assert_eq!(disc.findings(), [], "a blank slot needs no signature");
    disc.put(1536 + 14, &[4]);
    assert_eq!(disc.findings(), [(Rule::H03, Severity::Warning, Origin::Truncation, 1536)]);
}

#[test]
fn an_apple_partition_map_may_have_blocks_as_large_as_sectors() {
    let mut disc = Disc::new();
    disc.put(0, b"ER\x08\0").put(2048, b"PM\0\0\0\0\0\x01\0\0\0\x01\0\0\0\x03");
    let read = disc.read();
    assert_eq!(read.hybrid.tables[0].partitions.first().map(|p| (p.start, p.bytes)), Some((2048, 3 * 2048)));
    let mut disc = Disc::new();
    disc.put(2048, b"PM\0\0\0\0\0\x01\0\0\0\x01\0\0\0\x03");
    assert_eq!(disc.kinds(), [], "two letters are no map");
}

#[test]
fn isohybrids_boot_code_finds_isolinux() {
    let mut disc = Disc::new();
    disc.mbr(0, 0x80, 0x17, 0, 1024)
        .put(0, b"\x33\xED\x90\x90")
        .put(432, &[200])
        .put(200 * 512 + 64, b"\xFB\xC0\x78\x70");
    assert_eq!(disc.findings(), []);
    disc.put(432, &[201]);
    assert_eq!(disc.findings(), [(Rule::H04, Severity::Warning, Origin::Unknown, 432)]);
    disc.put(0, b"\xEB\x63\x90\x90");
    assert_eq!(disc.findings(), [], "that is GRUB");
}

#[test]
fn macintosh_volumes_are_found_and_have_two_headers() {
    let mut disc = Disc::new();
    disc.apple(&[(1, 2, b"Apple_partition_map"), (128, 256, b"Apple_HFS")]).hfs_plus(65536);
    let read = disc.read();
    let [volume] = read.hybrid.volumes.as_slice() else { panic!() };
    assert_eq!((volume.kind, &volume.label), (VolumeKind::HfsPlus, &None));
    assert_eq!(read.findings, []);
    assert!(read.claims.contains(&(SizeSource::Macintosh, 65536 + 131_072)));
    let copy = 65536 + 131_072 - 1024;
    disc.put(copy + 47, &[33]);
    assert_eq!(disc.findings(), [(Rule::H05, Severity::Warning, Origin::Unknown, copy)]);
    disc.put(copy, &[0, 0]);
    assert_eq!(disc.findings(), [(Rule::H05, Severity::Warning, Origin::Unknown, copy)]);
    disc.hfs_plus(65536).put(65536 + 1024, b"xx");
    assert_eq!(disc.findings(), [(Rule::H05, Severity::Warning, Origin::Unknown, 65536 + 1024)]);
    assert_eq!(disc.read().hybrid.volumes.len(), 1, "the copy was used");
    disc.hfs_plus(65536).put(65536 + 1024 + 46, &[0xFF]);
    assert_eq!(disc.findings(), [(Rule::H05, Severity::Warning, Origin::Truncation, 65536 + 1024)]);
    disc.put(65536 + 1024, b"FA").put(copy, b"FA");
    assert_eq!(disc.findings(), [], "isohybrid calls a FAT partition so");
}

#[test]
fn the_macintosh_volume_of_a_hybrid_begins_with_the_image() {
    let mut disc = Disc::new();
    disc.hfs(0);
    let read = disc.read();
    assert_eq!(read.hybrid.volumes.first().and_then(|v| v.label.as_deref()), Some("Mac"));
    assert_eq!((read.hybrid.tables, read.findings), (vec![], vec![]));
    disc.put(4096 + 204_800, &[0]);
    assert_eq!(disc.findings(), [(Rule::H05, Severity::Warning, Origin::Unknown, 4096 + 204_800)]);
    let header: Vec<u8> = disc.bytes[1024..1536].to_vec();
    disc.put(204_800, &header);
    assert_eq!(disc.findings(), [], "where genisoimage has it");
}

#[test]
fn only_what_lies_behind_the_disc_was_appended() {
    let mut disc = Disc::new();
    disc.mbr(0, 0x80, 0, 0, 512).mbr(1, 0, 0xEF, 512, 512).mbr(2, 0, 0x83, 100, 10);
    let appended = |disc_end| {
        let read = disc.read_as(Scope::Judge, disc_end);
        let all = read.structures.iter().filter(|s| s.kind == StructureKind::AppendedPartition);
        all.map(|s| (s.start, s.length)).collect::<Vec<_>>()
    };
    assert_eq!(appended(512 * 512), [(512 * 512, 512 * 512)]);
    assert_eq!(appended(513 * 512), []);
}

/// What a whole one reads like, so that what is changed is met.
fn all_at_once() -> Disc {
    let mut disc = Disc::new();
    disc.gpt().mbr(0, 0, 0xEE, 1, 1023).mbr(1, 0x80, 0xAF, 128, 256).put(0, b"\x33\xED\x90\x90").put(432, &[200]);
    disc.hfs_plus(65536);
    disc
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..6000), scope in any::<bool>()) {
        let disc = Disc { bytes };
        disc.read_as(if scope { Scope::Judge } else { Scope::Names }, 2048);
    }

    #[test]
    fn no_change_makes_it_panic_or_read_what_is_not_there(
        changes in prop::collection::vec((0..4_u64, 0..2048_u64, any::<u8>()), 0..40),
        cut in 0..LENGTH,
    ) {
        let mut disc = all_at_once();
        let places = [0, 65536, LENGTH - 2048, 65536 + 131_072 - 2048];
        for (place, offset, value) in changes {
            disc.put(places[place as usize] + offset, &[value]);
        }
        disc.bytes.truncate((LENGTH - cut / 8) as usize);
        let read = disc.read();
        prop_assert!(read.findings.iter().all(|finding| finding.at.is_some()));
    }

    #[test]
    fn every_byte_of_a_guid_partition_table_counts(at in 0..92_u64, bit in 0..8_u32, second in any::<bool>()) {
        let mut disc = Disc::new();
        disc.gpt();
        let header = if second { LENGTH - BLOCK } else { BLOCK };
        // The four reserved bytes of the header are part of its sum as well.
        disc.bytes[(header + at) as usize] ^= 1 << bit;
        prop_assert_eq!(disc.findings(), vec![(Rule::H02, Severity::Error, Origin::Unknown, header)]);
    }
}
