//! This module knows what partitions that are more than blocks in a row need besides their files.

use super::emit::{FileEntry, IcbTag, dstring, short_ad, tagged, udf_regid};
use super::space::{Address, PARTITION_START, Space};
use super::{Layout, Place, Role, VirtualTable};
use crate::bytes::Composer;
use crate::sector::SECTOR_BYTES;

/// Of an ordinary Windows: a partition's number need not be that of its map.
pub const PARTITION_NUMBER: u16 = 7;
/// Absolute blocks of the sparing tables.
pub const SPARING_TABLES: [u32; 2] = [136, 144];
/// Of a metadata partition, in blocks.
const ALLOCATION_UNIT: u32 = 4;
/// Blocks that the partition of a write-once disc has beyond those that were written.
pub const BLANK_BLOCKS: u32 = 5000;

/// What the rest of the volume must know.
#[derive(Debug, Default)]
pub struct Facts {
    /// Blocks of the physical partition.
    pub size: u32,
    pub maps: Vec<u8>,
    pub map_count: u32,
    /// What the integrity descriptor says of the second map.
    pub second_size: Option<u32>,
    /// Bytes behind the partition: spare packets.
    pub behind: Vec<u8>,
    /// What stands elsewhere: an absolute block, what for, and the bytes.
    pub elsewhere: Vec<(u32, String, Vec<u8>)>,
}

/// Writes tables and files of the partition's own. `set` is the file set's place, of so many blocks.
pub fn finish(space: &mut Space<'_>, set: Address) -> Facts {
    let mut maps = Composer::new();
    let mut facts = Facts { map_count: 1, ..Facts::default() };
    let physical = |maps: &mut Composer| {
        maps.u8(1).u8(6).le_u16(1).le_u16(PARTITION_NUMBER);
    };
    let revision = space.recipe.revision;
    let named = |maps: &mut Composer, name: &[u8]| {
        maps.u8(2).u8(64).le_u16(0).bytes(&udf_regid(name, revision)).le_u16(1).le_u16(PARTITION_NUMBER);
    };
    let spare = space.recipe.spare_blocks;
    match &space.recipe.layout {
        Layout::Physical => {
            physical(&mut maps);
            facts.size = space.used() + spare;
        }
        Layout::Virtual { table, sessions } => {
            physical(&mut maps);
            named(&mut maps, b"*UDF Virtual Partition");
            maps.zeros(64 - 40);
            facts.map_count = 2;
            facts.second_size = Some(u32::MAX);
            virtual_tables(space, *table, *sessions, set);
            facts.size = space.used() + BLANK_BLOCKS;
        }
        Layout::Sparable { packet_blocks, spared } => {
            named(&mut maps, b"*UDF Sparable Partition");
            let tables = u8::try_from(SPARING_TABLES.len()).unwrap();
            maps.le_u16(*packet_blocks).u8(tables).u8(0);
            maps.le_u32(u32::try_from(space.block_bytes()).unwrap());
            maps.le_u32(SPARING_TABLES[0]).le_u32(SPARING_TABLES[1]).zeros(8);
            facts.size = (space.used() + spare).next_multiple_of((*packet_blocks).into());
            sparing(space, *packet_blocks, spared, &mut facts);
        }
        Layout::Metadata { is_duplicated } => {
            physical(&mut maps);
            named(&mut maps, b"*UDF Metadata Partition");
            let files = metadata_files(space, *is_duplicated);
            maps.le_u32(files.main).le_u32(files.mirror).le_u32(files.bitmap.unwrap_or(u32::MAX));
            maps.le_u32(ALLOCATION_UNIT).le_u16(1).u8(u8::from(*is_duplicated)).zeros(5);
            facts.map_count = 2;
            facts.second_size = Some(files.blocks);
            facts.size = space.used() + spare;
        }
    }
    facts.maps = maps.finish();
    facts
}

/// An entry of a file that no path leads to.
fn own_entry(space: &Space<'_>, file_type: u8, size: usize, form: u16, allocation: &[u8], block: u32) -> Vec<u8> {
    let blocks = if form == 3 { 0 } else { size.div_ceil(space.block_bytes()) as u64 };
    let entry = FileEntry {
        icb: IcbTag { strategy: 4, file_type, parent: (0, 0), flags: form },
        is_extended: space.recipe.revision >= 0x0200,
        permissions: 0,
        links: 0,
        size: size as u64,
        blocks,
        unique: 0,
        streams: None,
        attributes: &[],
        allocation,
    };
    entry.emit(space.version(), block)
}

/// UDF 2.2.11 (1.50) and 2.2.10 (2.00): one table a session, the newest in the last block.
fn virtual_tables(space: &mut Space<'_>, kind: VirtualTable, sessions: u32, set: Address) {
    let mut previous = u32::MAX;
    for session in 0..sessions {
        if session > 0 {
            let old = space.table[set.1 as usize];
            let start = old as usize * space.block_bytes();
            let bytes = space.blocks[start..start + space.block_bytes()].to_vec();
            let (_, new) = space.content(1);
            space.table[set.1 as usize] = new;
            space.put((0, new), &bytes, "newer FSD", Role::Structure);
        }
        let mut table = Composer::new();
        if kind == VirtualTable::Revision200 {
            table.le_u16(152).le_u16(0).bytes(&dstring(space.recipe.label, 128)).le_u32(previous);
            table.le_u32(u32::MAX).le_u32(u32::MAX).le_u16(0x0200).le_u16(0x0200).le_u16(0x0200).zeros(2);
        }
        for &block in &space.table {
            table.le_u32(block);
        }
        if kind == VirtualTable::Revision150 {
            table.bytes(&udf_regid(b"*UDF Virtual Alloc Tbl", 0x0150)).le_u32(previous);
        }
        let table = table.finish();
        let file_type = if kind == VirtualTable::Revision150 { 0 } else { 248 };
        let name = if session + 1 == sessions { "VAT" } else { "older VAT" };
        let is_inline = table.len() + 216 <= space.block_bytes();
        let (form, allocation) = if is_inline {
            (3, table.clone())
        } else {
            let at = space.content(table.len().div_ceil(space.block_bytes()));
            space.put(at, &table, &format!("{name} content"), Role::Structure);
            (0, short_ad(u32::try_from(table.len()).unwrap(), 0, at.1))
        };
        // Its block is the image's last, and ends where a sector ends.
        while !((PARTITION_START + space.used() + 1) as usize * space.block_bytes()).is_multiple_of(SECTOR_BYTES) {
            space.content(1);
        }
        let (_, icb) = space.content(1);
        let entry = own_entry(space, file_type, table.len(), form, &allocation, icb);
        space.put((0, icb), &entry, name, Role::Structure);
        previous = icb;
    }
}

/// UDF 2.2.12.
fn sparing(space: &mut Space<'_>, packet_blocks: u16, spared: &[u32], facts: &mut Facts) {
    let block = space.block_bytes();
    let packet = usize::from(packet_blocks) * block;
    let behind = PARTITION_START + facts.size;
    space.blocks.resize(facts.size as usize * block, 0);
    let mut entries = Composer::new();
    // One spare packet more than is needed.
    let count = spared.len() + 1;
    for index in 0..count {
        let mapped = behind + u32::try_from(index).unwrap() * u32::from(packet_blocks);
        let original = spared.get(index).map_or(u32::MAX, |number| number * u32::from(packet_blocks));
        entries.le_u32(original).le_u32(mapped);
        facts.behind.resize((index + 1) * packet, 0);
        if let Some(&number) = spared.get(index) {
            let start = number as usize * packet;
            let worn = &mut space.blocks[start..start + packet];
            facts.behind[index * packet..].copy_from_slice(worn);
            worn.fill(0xA5);
            let from = PARTITION_START as usize * block + start;
            let to = mapped as usize * block;
            move_places(&mut space.places, from, packet, to);
        }
    }
    let mut body = Composer::new();
    body.bytes(&udf_regid(b"*UDF Sparing Table", space.recipe.revision)).le_u16(u16::try_from(count).unwrap());
    body.zeros(2).le_u32(1).bytes(&entries.finish());
    let body = body.finish();
    for (index, at) in SPARING_TABLES.into_iter().enumerate() {
        facts.elsewhere.push((at, format!("sparing table {index}"), tagged(0, space.version(), at, &body)));
    }
}

/// Places in a packet lie in another one from now on; one that reaches beyond its packet is cut.
fn move_places(places: &mut Vec<Place>, from: usize, length: usize, to: usize) {
    let mut moved = Vec::new();
    for place in places.iter() {
        let end = place.start + place.length;
        let (first, last) = (place.start.max(from), end.min(from + length));
        let part = |start, end| Place { start, length: end - start, ..place.clone() };
        if first >= last {
            moved.push(place.clone());
            continue;
        }
        if place.start < first {
            moved.push(part(place.start, first));
        }
        moved.push(part(to + first - from, to + last - from));
        if last < end {
            moved.push(part(last, end));
        }
    }
    *places = moved;
}

struct MetadataFiles {
    main: u32,
    mirror: u32,
    bitmap: Option<u32>,
    /// Of the file.
    blocks: u32,
}

/// UDF 2.2.13.
fn metadata_files(space: &mut Space<'_>, is_duplicated: bool) -> MetadataFiles {
    let block = space.block_bytes();
    let used = space.metadata.len() / block;
    let count = used.next_multiple_of(ALLOCATION_UNIT as usize).max(2 * ALLOCATION_UNIT as usize);
    let mut bytes = std::mem::take(&mut space.metadata);
    bytes.resize(count * block, 0);
    // Not where it would be by chance: two extents, the later half first.
    let half = count / 2;
    let (_, second) = space.content(count - half);
    space.content(1);
    let (_, first) = space.content(half);
    let physical = |index: usize| {
        let (start, offset) = if index < half { (first, index) } else { (second, index - half) };
        start + u32::try_from(offset).unwrap()
    };
    let bytes_of = |blocks: usize| u32::try_from(blocks * block).unwrap();
    let extents = [short_ad(bytes_of(half), 0, first), short_ad(bytes_of(count - half), 0, second)].concat();
    for (index, part) in bytes.chunks(block).enumerate() {
        let start = physical(index) as usize * block;
        space.blocks[start..start + block].copy_from_slice(part);
    }
    for (of, role, at, length) in std::mem::take(&mut space.told) {
        space.tell(&of, role, physical(at as usize), length);
    }
    let mirror_extents = if is_duplicated {
        let at = space.content(count);
        space.put(at, &bytes, "mirror content", Role::Structure);
        short_ad(bytes_of(count), 0, at.1)
    } else {
        extents.clone()
    };
    let mut own = |file_type, name: &str, size, allocation: &[u8]| {
        let (_, icb) = space.content(1);
        let entry = own_entry(space, file_type, size, 0, allocation, icb);
        space.put((0, icb), &entry, name, Role::Structure);
        icb
    };
    let main = own(250, "metadata file", bytes.len(), &extents);
    let mirror = own(251, "metadata mirror", bytes.len(), &mirror_extents);
    let bitmap = space.recipe.has_bitmap.then(|| {
        let mut map = bitmap(space.version(), 0, count, |index| index >= used);
        let at = space.content(map.len().div_ceil(block));
        map = bitmap(space.version(), at.1, count, |index| index >= used);
        space.put(at, &map, "metadata bitmap content", Role::Structure);
        let allocation = short_ad(u32::try_from(map.len()).unwrap(), 0, at.1);
        let (_, icb) = space.content(1);
        let entry = own_entry(space, 252, map.len(), 0, &allocation, icb);
        space.put((0, icb), &entry, "metadata bitmap", Role::Structure);
        icb
    });
    MetadataFiles { main, mirror, bitmap, blocks: u32::try_from(count).unwrap() }
}

/// ECMA-167, 4/14.12: a bit a block, set where it is free.
pub fn bitmap(version: u16, location: u32, blocks: usize, is_free: impl Fn(usize) -> bool) -> Vec<u8> {
    let mut map = vec![0_u8; blocks.div_ceil(8)];
    for index in (0..blocks).filter(|&index| is_free(index)) {
        map[index / 8] |= 1 << (index % 8);
    }
    let mut out = Composer::new();
    out.le_u32(u32::try_from(blocks).unwrap()).le_u32(u32::try_from(map.len()).unwrap());
    let mut bytes = tagged(264, version, location, &out.finish());
    bytes.extend(map);
    bytes
}
