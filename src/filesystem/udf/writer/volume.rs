//! This module knows what stands around a partition: recognition, anchors, both sequences, integrity, file set.

use super::emit::{TIME, charspec, domain, dstring, extent, long_ad, regid, short_ad, tagged};
use super::files::{self, Counts};
use super::partitions::{self, Facts, PARTITION_NUMBER};
use super::space::{PARTITION_START, Space};
use super::{Item, Layout, Place, Recipe, Role, Written};
use crate::bytes::Composer;

const MAIN: u32 = 96;
const RESERVE: u32 = 112;
const SEQUENCE_BLOCKS: usize = 16;
const INTEGRITY: u32 = 128;
const INTEGRITY_BLOCKS: usize = 2;
const ANCHOR: u32 = 256;
/// The image that a recipe gives.
pub fn write(recipe: &Recipe) -> Written {
    let block = recipe.block_bytes;
    let mut space = Space::new(recipe);
    let version = space.version();
    let mut counts = Counts::of(&recipe.items);
    let bitmap = recipe.has_bitmap.then(|| reserve_bitmap(&mut space));
    let set = space.structures(2);
    let root = space.structure();
    let streams = recipe.has_system_streams.then(|| space.structure());
    files::root(&mut space, root, &recipe.items, &mut counts);
    if let Some(icb) = streams {
        files::system_streams(&mut space, icb, &[Item::file("*UDF Backup", b"never")], &mut counts);
    }
    let block_length = u32::try_from(block).unwrap();
    let streams = streams.map(|icb| long_ad(block_length, 0, icb, 0)).unwrap_or_default();
    let mut fsd = Composer::new();
    fsd.bytes(&TIME).le_u16(3).le_u16(3).le_u32(1).le_u32(1).le_u32(0).le_u32(0);
    fsd.bytes(&charspec()).bytes(&dstring(recipe.label, 128)).bytes(&charspec()).bytes(&dstring("FILES", 32));
    fsd.zeros(64).bytes(&long_ad(block_length, 0, root, 0)).bytes(&domain(recipe.revision)).zeros(16);
    fsd.bytes(&streams).pad_to(512 - 16);
    space.put(set, &tagged(256, version, set.1, &fsd.finish()), "FSD", Role::Structure);
    space.put((set.0, set.1 + 1), &tagged(8, version, set.1 + 1, &[0; 496]), "end of FSD", Role::Structure);

    let mut facts = partitions::finish(&mut space, set);
    let used = space.used();
    if let Some(at) = bitmap {
        let map = partitions::bitmap(version, at.1, facts.size as usize, |block| block >= used as usize);
        assert!(map.len() <= MOST_MAPPED_BYTES, "a test with fewer blocks, please");
        space.put(at, &map, "bitmap", Role::Structure);
    }
    let Space { blocks: content, places, .. } = space;
    let mut out = Image { recipe, version, bytes: Vec::new(), places };
    out.recognise();
    let partition = PartitionFacts { bitmap: bitmap.map(|(_, block)| block), set, facts: &facts };
    out.sequence("main", MAIN, &partition);
    out.sequence("reserve", RESERVE, &partition);
    out.put(INTEGRITY, &integrity(recipe, &counts, &facts, used, version), "LVID");
    out.anchor(ANCHOR);
    for (at, of, bytes) in std::mem::take(&mut facts.elsewhere) {
        out.put(at, &bytes, &of);
    }
    let start = PARTITION_START as usize * block;
    out.grow(start);
    if matches!(recipe.layout, Layout::Virtual { .. }) {
        // What was written last is the end.
        out.bytes.extend(content);
        return out.written();
    }
    out.grow((PARTITION_START + facts.size) as usize * block);
    out.bytes[start..start + content.len()].copy_from_slice(&content);
    out.bytes.extend(&facts.behind);
    // The last block ends where a sector ends.
    let sectors = (out.bytes.len() + block).next_multiple_of(crate::sector::SECTOR_BYTES);
    let last = u32::try_from(sectors / block - 1).unwrap();
    let last = last + if recipe.third_anchor { ANCHOR } else { 0 };
    if recipe.third_anchor {
        out.anchor(last - ANCHOR);
    }
    if recipe.last_anchor {
        out.anchor(last);
    }
    out.written()
}

struct PartitionFacts<'a> {
    bitmap: Option<u32>,
    set: (u16, u32),
    facts: &'a Facts,
}

struct Image<'r> {
    recipe: &'r Recipe,
    version: u16,
    bytes: Vec<u8>,
    places: Vec<Place>,
}

impl Image<'_> {
    fn written(self) -> Written {
        Written { bytes: self.bytes, block_bytes: self.recipe.block_bytes, places: self.places }
    }

    fn grow(&mut self, length: usize) {
        self.bytes.resize(self.bytes.len().max(length), 0);
    }

    fn put(&mut self, block: u32, bytes: &[u8], of: &str) {
        let start = block as usize * self.recipe.block_bytes;
        self.grow((start + bytes.len()).next_multiple_of(self.recipe.block_bytes));
        self.bytes[start..start + bytes.len()].copy_from_slice(bytes);
        self.places.push(Place { of: of.to_owned(), role: Role::Structure, start, length: bytes.len() });
    }

    /// ECMA-167, 2/9.
    fn recognise(&mut self) {
        let step = self.recipe.block_bytes.max(2048);
        let nsr = if self.version == 3 { b"NSR03" } else { b"NSR02" };
        for (index, id) in [b"BEA01", nsr, b"TEA01"].into_iter().enumerate() {
            let start = 32_768 + index * step;
            self.grow(start + step);
            self.bytes[start + 1..start + 6].copy_from_slice(id);
            self.bytes[start + 6] = 1;
            let of = String::from_utf8_lossy(id).into_owned();
            self.places.push(Place { of, role: Role::Structure, start, length: 2048 });
        }
    }

    fn anchor(&mut self, at: u32) {
        let block = self.recipe.block_bytes;
        let mut out = Composer::new();
        out.bytes(&extent(SEQUENCE_BLOCKS * block, MAIN)).bytes(&extent(SEQUENCE_BLOCKS * block, RESERVE));
        out.pad_to(512 - 16);
        self.put(at, &tagged(2, self.version, at, &out.finish()), &format!("anchor {at}"));
    }

    fn sequence(&mut self, name: &str, start: u32, partition: &PartitionFacts<'_>) {
        let recipe = self.recipe;
        let descriptors = [
            ("PVD", 1, primary(recipe)),
            ("LVD", 6, logical(recipe, partition)),
            ("PD", 5, partition_descriptor(recipe, partition)),
            ("USD", 7, vec![4, 0, 0, 0, 0, 0, 0, 0]),
            ("IUVD", 4, implementation(recipe)),
            ("TD", 8, vec![0; 496]),
        ];
        for (at, (what, identifier, body)) in (start..).zip(descriptors) {
            self.put(at, &tagged(identifier, self.version, at, &body), &format!("{name} {what}"));
        }
    }
}

/// ECMA-167, 3/10.1.
fn primary(recipe: &Recipe) -> Vec<u8> {
    let mut out = Composer::new();
    out.le_u32(0).le_u32(0).bytes(&dstring(recipe.label, 32)).le_u16(1).le_u16(1).le_u16(2).le_u16(3);
    out.le_u32(1).le_u32(1).bytes(&dstring("65E07B40DISCWRIGHT", 128)).bytes(&charspec()).bytes(&charspec());
    out.zeros(16).bytes(&regid(b"", &[])).bytes(&TIME).bytes(&regid(b"*discwright test", &[])).pad_to(512 - 16);
    out.finish()
}

/// ECMA-167, 3/10.6.
fn logical(recipe: &Recipe, partition: &PartitionFacts<'_>) -> Vec<u8> {
    let block = recipe.block_bytes;
    let (maps, count) = (&partition.facts.maps, partition.facts.map_count);
    let mut out = Composer::new();
    out.le_u32(1).bytes(&charspec()).bytes(&dstring(recipe.label, 128)).le_u32(u32::try_from(block).unwrap());
    out.bytes(&domain(recipe.revision)).bytes(&long_ad(u32::try_from(2 * block).unwrap(), 0, partition.set, 0));
    out.le_u32(u32::try_from(maps.len()).unwrap()).le_u32(count).bytes(&regid(b"*discwright test", &[])).zeros(128);
    out.bytes(&extent(INTEGRITY_BLOCKS * block, INTEGRITY)).bytes(maps);
    out.finish()
}

/// ECMA-167, 3/10.5.
fn partition_descriptor(recipe: &Recipe, partition: &PartitionFacts<'_>) -> Vec<u8> {
    let identifier: &[u8] = if recipe.revision >= 0x0200 { b"+NSR03" } else { b"+NSR02" };
    let bitmap = partition.bitmap.map_or_else(
        || vec![0; 8],
        |block| short_ad(u32::try_from(bitmap_bytes(partition.facts.size)).unwrap(), 0, block),
    );
    let access = if recipe.has_bitmap { 4 } else { 1 };
    let mut out = Composer::new();
    out.le_u32(2).le_u16(1).le_u16(PARTITION_NUMBER).bytes(&regid(identifier, &[])).zeros(8).bytes(&bitmap);
    out.pad_to(184 - 16).le_u32(access).le_u32(PARTITION_START).le_u32(partition.facts.size);
    out.bytes(&regid(b"*discwright test", &[])).pad_to(512 - 16);
    out.finish()
}

/// UDF 2.2.7.
fn implementation(recipe: &Recipe) -> Vec<u8> {
    let mut out = Composer::new();
    out.le_u32(3).bytes(&regid(b"*UDF LV Info", &recipe.revision.to_le_bytes()));
    out.bytes(&charspec()).bytes(&dstring(recipe.label, 128)).zeros(3 * 36).bytes(&regid(b"*discwright test", &[]));
    out.pad_to(512 - 16);
    out.finish()
}

/// ECMA-167, 3/10.10, and UDF 2.2.6.
fn integrity(recipe: &Recipe, counts: &Counts, facts: &Facts, used: u32, version: u16) -> Vec<u8> {
    let free = if recipe.has_bitmap { facts.size - used } else { 0 };
    let is_open = matches!(recipe.layout, Layout::Virtual { .. });
    let mut out = Composer::new();
    out.bytes(&TIME).le_u32(u32::from(!is_open)).zeros(8).le_u64(counts.next).zeros(24);
    out.le_u32(facts.map_count).le_u32(46).le_u32(free);
    if facts.second_size.is_some() {
        out.le_u32(u32::MAX);
    }
    out.le_u32(facts.size);
    if let Some(size) = facts.second_size {
        out.le_u32(size);
    }
    out.bytes(&regid(b"*discwright test", &[])).le_u32(counts.files).le_u32(counts.directories);
    out.le_u16(recipe.revision).le_u16(recipe.revision).le_u16(recipe.revision);
    tagged(9, version, INTEGRITY, &out.finish())
}

/// ECMA-167, 4/14.12, for a partition of so many blocks.
fn bitmap_bytes(blocks: u32) -> usize {
    24 + blocks.div_ceil(8) as usize
}

/// Room for a map of more blocks than any test has.
const MOST_MAPPED_BYTES: usize = 4096;

fn reserve_bitmap(space: &mut Space<'_>) -> (u16, u32) {
    let blocks = MOST_MAPPED_BYTES.div_ceil(space.block_bytes());
    space.content(blocks)
}
