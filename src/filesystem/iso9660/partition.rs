//! This module knows the second set of descriptors, by which a partition is a volume of its own: `xorriso -partition_offset`.
//!
//! All addresses in it count from the start of the partition, and its directories lead to the same files.

use super::recognition::recognize;
use super::record::{Format, Record};
use super::volume::own as own_descriptors;
use crate::filesystem::reader::ReadError;
use crate::filesystem::scan::Scan;
use crate::filesystem::structure::StructureKind;
use crate::sector::{Lba, SECTOR_BYTES};

const SECTOR: u64 = SECTOR_BYTES as u64;
/// Where the first partition begins, in blocks of 512 bytes: a master boot record.
const PARTITION_START: u64 = 454;
const SIGNATURE: u64 = 510;
const BLOCKS_IN_SECTOR: u32 = 4;
/// xorriso takes no smaller offset.
const FIRST: u32 = 16;
/// Directories of millions of files.
const LARGEST: u64 = 1 << 30;

/// Adds what stands there for the partition alone.
pub(super) fn own(scan: &mut Scan<'_>) {
    let Some(start) = start(scan) else { return };
    let found = recognize(scan, start);
    let Some(primary) = found.primary() else {
        if !found.sectors.is_empty() && is_unreadable(scan, found.first) {
            scan.structures.add(StructureKind::VolumeDescriptor, found.first, found.end().saturating_sub(found.first));
        }
        return;
    };
    let block_bytes = u64::from(primary.descriptor.block_bytes());
    let at = |block: u32| start.byte_offset().saturating_add(u64::from(block).saturating_mul(block_bytes));
    let root = primary.descriptor.root_extent.value();
    let is_own = |bytes: [u8; 34]| {
        Record::parse(&bytes, Format::Iso9660).is_ok_and(|record| record.is_own() && record.extent.value() == root)
    };
    // Else it is a session, or what is left of one.
    let is_here = match scan.reader.array(at(root)) {
        Ok(bytes) => is_own(bytes),
        Err(ReadError::Unreadable { .. }) => true,
        Err(ReadError::Beyond { .. } | ReadError::Over) => false,
    };
    if !is_here {
        return;
    }
    let tables = &primary.descriptor.path_tables;
    let size = u64::from(primary.descriptor.path_table_size.value());
    let (little, big) = (at(tables.little), at(tables.big));
    own_descriptors(scan, &found);
    if !found.is_terminated && is_unreadable(scan, found.end()) {
        scan.structures.add(StructureKind::VolumeDescriptor, found.end(), SECTOR);
    }
    // Directories come first, each with its continuation area, and then both tables.
    let end = little.max(big).saturating_add(size);
    let end = end.checked_next_multiple_of(SECTOR).unwrap_or(u64::MAX);
    let length = end.saturating_sub(at(root));
    if length <= LARGEST {
        scan.structures.add(StructureKind::PartitionTree, at(root), length);
    }
}

fn is_unreadable(scan: &mut Scan<'_>, at: u64) -> bool {
    matches!(scan.reader.array::<1>(at), Err(ReadError::Unreadable { .. }))
}

fn start(scan: &mut Scan<'_>) -> Option<Lba> {
    if scan.reader.array(SIGNATURE).ok()? != [0x55, 0xAA] {
        return None;
    }
    let blocks = u32::from_le_bytes(scan.reader.array(PARTITION_START).ok()?);
    let start = blocks.checked_div(BLOCKS_IN_SECTOR).filter(|_| blocks.is_multiple_of(BLOCKS_IN_SECTOR))?;
    (start >= FIRST).then_some(Lba(start))
}

#[cfg(test)]
mod tests {
    use crate::filesystem::iso9660::writer::Disc;
    use crate::filesystem::{Image, Options, Owner, Owners, Scope, StructureKind};
    use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SectorRange, SectorSource, SourceError};

    const START: usize = 44;

    fn put(bytes: &mut [u8], at: usize, what: &[u8]) {
        bytes[at..at + what.len()].copy_from_slice(what);
    }

    /// A volume with a partition in it from sector 44 on, of which the root stands at its sector 24.
    fn image() -> Vec<u8> {
        let mut bytes = Disc { padding: 80, ..Disc::plain() }.write().bytes;
        assert!(bytes.len() > 80 * SECTOR_BYTES);
        let first = bytes[16 * SECTOR_BYTES..18 * SECTOR_BYTES].to_vec();
        let root = u32::from_le_bytes(first[158..162].try_into().unwrap()) as usize;
        let directory = bytes[root * SECTOR_BYTES..][..SECTOR_BYTES].to_vec();
        let (descriptor, at_root) = ((START + 16) * SECTOR_BYTES, (START + 24) * SECTOR_BYTES);
        put(&mut bytes, descriptor, &first);
        put(&mut bytes, descriptor + 158, &[24, 0, 0, 0, 0, 0, 0, 24]);
        put(&mut bytes, descriptor + 140, &25_u32.to_le_bytes());
        put(&mut bytes, descriptor + 148, &26_u32.to_be_bytes());
        put(&mut bytes, at_root, &directory);
        put(&mut bytes, at_root + 2, &[24, 0, 0, 0, 0, 0, 0, 24]);
        put(&mut bytes, 454, &(44_u32 * 4).to_le_bytes());
        put(&mut bytes, 510, &[0x55, 0xAA]);
        bytes
    }

    fn owners(bytes: &[u8], start: usize, end: usize) -> Vec<Owner> {
        let options = Options { scope: Scope::Judge, ..Options::default() };
        let image = Image::read(&mut &*bytes, bytes.len() as u64, &options);
        let lba = |sector: usize| Lba(u32::try_from(sector).unwrap());
        let found = Owners::of(&image).of_sectors(&[SectorRange::new(lba(start), lba(end))]);
        found.all.iter().map(|damage| damage.owner).collect()
    }

    #[test]
    fn the_descriptors_and_directories_of_a_partition_are_somebodys() {
        let bytes = image();
        assert_eq!(
            owners(&bytes, START + 16, START + 28),
            [
                Owner::Structure(StructureKind::VolumeDescriptor),
                Owner::Unused,
                Owner::Structure(StructureKind::PartitionTree),
                Owner::Unused
            ]
        );
    }

    /// An image of which one sector cannot be read.
    struct Holed<'a>(&'a [u8], u32);

    impl SectorSource for Holed<'_> {
        fn sector_count(&self) -> SectorCount {
            self.0.sector_count()
        }

        fn read_sectors(&mut self, start: Lba, buffer: &mut [u8]) -> Result<(), SourceError> {
            let end = start.0 + u32::try_from(buffer.len() / SECTOR_BYTES).unwrap();
            if (start.0..end).contains(&self.1) {
                return Err(SourceError::Unreadable { at: Lba(self.1) });
            }
            self.0.read_sectors(start, buffer)
        }
    }

    #[test]
    fn each_of_them_that_cannot_be_read_is_told_by_what_it_was() {
        let bytes = image();
        let (descriptor, tree) = (StructureKind::VolumeDescriptor, StructureKind::PartitionTree);
        for (bad, kind) in [(60, descriptor), (61, descriptor), (68, tree), (69, tree), (70, tree)] {
            let options = Options { scope: Scope::Judge, ..Options::default() };
            let image = Image::read(&mut Holed(&bytes, bad), bytes.len() as u64, &options);
            let found = Owners::of(&image).of_sectors(&[SectorRange::new(Lba(bad), Lba(bad + 1))]);
            let owners: Vec<_> = found.all.iter().map(|damage| damage.owner).collect();
            assert_eq!(owners, [Owner::Structure(kind)], "sector {bad}");
        }
    }

    #[test]
    fn a_partition_without_a_root_at_its_place_has_none() {
        let mut bytes = image();
        bytes[(START + 24) * SECTOR_BYTES + 2] = 23;
        assert_eq!(owners(&bytes, START + 16, START + 28), [Owner::Unused]);
    }
}
