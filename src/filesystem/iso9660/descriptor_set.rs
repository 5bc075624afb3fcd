//! This module knows the volume descriptors of a session as a whole: for which place on a disc it was made, and how its
//! descriptors take the place of older ones.

use super::descriptor::{Recognized, VolumeDescriptor};
use super::record::{Format, Record};
use crate::bytes::Composer;
use crate::sector::{Lba, SECTOR_BYTES, SectorCount};

/// The descriptors of ISO 9660 from the first to their terminator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescriptorSet {
    sectors: Vec<[u8; SECTOR_BYTES]>,
    primary: VolumeDescriptor,
    /// The first of the sectors behind, of those that the volumes need.
    first_needed: Lba,
    is_bridge: bool,
}

impl DescriptorSet {
    /// Where they begin, counted from the session's first sector.
    pub const AT: Lba = Lba(16);
    /// As many sectors are looked at.
    pub const AREA: SectorCount = SectorCount(16);

    /// Those in `area`, which are the sectors of a session from [`DescriptorSet::AT`] on. `None` where no volume of 2048-byte
    /// blocks, or no terminator, is there.
    pub fn read(area: &[u8]) -> Option<Self> {
        let (all, _) = area.as_chunks::<SECTOR_BYTES>();
        let mut found: Option<VolumeDescriptor> = None;
        let mut needed = Vec::new();
        let mut count = None;
        let mut is_bridge = false;
        for (sector, index) in all.iter().zip(1_usize..) {
            match Recognized::parse(sector).ok().flatten() {
                Some(Recognized::Primary(descriptor)) if count.is_none() => {
                    needed.extend(places(&descriptor));
                    found = found.or(Some(descriptor));
                }
                Some(Recognized::Supplementary(descriptor)) if count.is_none() => needed.extend(places(&descriptor)),
                Some(Recognized::Terminator) if count.is_none() => count = Some(index),
                Some(Recognized::Extended(_)) => is_bridge = true,
                Some(
                    Recognized::Boot(_)
                    | Recognized::Other
                    | Recognized::Primary(_)
                    | Recognized::Supplementary(_)
                    | Recognized::Terminator,
                ) => {}
                Some(Recognized::HighSierra(_)) => return None,
                None if count.is_none() => return None,
                None => {}
            }
        }
        let primary = found.filter(|primary| primary.block_bytes() == 2048)?;
        let first_needed = needed.into_iter().filter(|at| *at > 0).min().map(Lba)?;
        Some(Self { sectors: all.get(..count?)?.to_vec(), primary, first_needed, is_bridge })
    }

    /// With the terminator.
    pub fn count(&self) -> SectorCount {
        SectorCount(u32::try_from(self.sectors.len()).unwrap_or(u32::MAX))
    }

    /// What the primary volume says that it occupies, counted from the first sector of the disc.
    pub fn space(&self) -> SectorCount {
        SectorCount(self.primary.volume_space_size.value())
    }

    /// Where the root directory is, counted from the first sector of the disc.
    pub fn root(&self) -> Lba {
        Lba(self.primary.root_extent.value())
    }

    /// The first sector behind the descriptors that the volumes need, counted from the first sector of the disc: a path
    /// table, mostly.
    pub fn first_needed(&self) -> Lba {
        self.first_needed
    }

    /// UDF is there as well.
    pub fn is_bridge(&self) -> bool {
        self.is_bridge
    }

    /// The same descriptors, of volumes that occupy `space`.
    pub fn with_space(&self, space: SectorCount) -> Vec<u8> {
        const SPACE: usize = 80;
        const VOLUMES: [u8; 2] = [1, 2];
        let mut size = Composer::new();
        size.le_u32(space.0).be_u32(space.0);
        let size = size.finish();
        let mut out = Composer::new();
        for sector in &self.sectors {
            let at = out.len();
            out.bytes(sector);
            if sector.first().is_some_and(|kind| VOLUMES.contains(kind)) {
                out.overwrite(at.saturating_add(SPACE), &size);
            }
        }
        out.finish()
    }
}

fn places(descriptor: &VolumeDescriptor) -> [u32; 5] {
    let tables = descriptor.path_tables;
    [tables.little, tables.little_copy, tables.big, tables.big_copy, descriptor.root_extent.value()]
}

/// Whether a directory begins with this sector that says of itself that it is at `at`.
pub fn is_directory_at(sector: &[u8], at: Lba) -> bool {
    let record = sector.get(..34).and_then(|bytes| Record::parse(bytes, Format::Iso9660).ok());
    record.is_some_and(|record| record.is_own() && record.flags.is_directory() && record.extent.value() == at.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn descriptor(kind: u8, space: u32, root: u32) -> Vec<u8> {
        let mut sector = vec![0; SECTOR_BYTES];
        sector[0] = kind;
        sector[1..7].copy_from_slice(b"CD001\x01");
        sector[80..84].copy_from_slice(&space.to_le_bytes());
        sector[84..88].copy_from_slice(&space.to_be_bytes());
        sector[128..132].copy_from_slice(&[0, 8, 8, 0]);
        sector[140..144].copy_from_slice(&(root - 4).to_le_bytes());
        sector[148..152].copy_from_slice(&(root - 2).to_be_bytes());
        sector[156] = 34;
        sector[158..162].copy_from_slice(&root.to_le_bytes());
        sector[162..166].copy_from_slice(&root.to_be_bytes());
        sector
    }

    fn area(sectors: &[Vec<u8>]) -> Vec<u8> {
        let mut area = sectors.concat();
        area.resize(16 * SECTOR_BYTES, 0);
        area
    }

    #[test]
    fn the_descriptors_up_to_the_terminator_get_another_size_and_nothing_else() {
        let sectors = [descriptor(1, 400, 24), descriptor(2, 401, 30), descriptor(255, 0, 4)];
        let set = DescriptorSet::read(&area(&sectors)).unwrap();
        assert_eq!((set.count(), set.space(), set.root()), (SectorCount(3), SectorCount(400), Lba(24)));
        assert_eq!((set.first_needed(), set.is_bridge()), (Lba(20), false));
        let grown = set.with_space(SectorCount(0x0102_0304));
        let mut expected = sectors.concat();
        for at in [80, SECTOR_BYTES + 80] {
            expected[at..at + 8].copy_from_slice(&[4, 3, 2, 1, 1, 2, 3, 4]);
        }
        assert_eq!(grown, expected);
    }

    #[test]
    fn udf_beside_it_is_seen_behind_the_terminator_too() {
        let mut udf = vec![0; SECTOR_BYTES];
        udf[1..7].copy_from_slice(b"NSR02\x01");
        let set = DescriptorSet::read(&area(&[descriptor(1, 400, 24), descriptor(255, 0, 4), udf])).unwrap();
        assert!(set.is_bridge());
        assert_eq!(set.count(), SectorCount(2));
    }

    #[test]
    fn what_is_no_whole_set_is_none() {
        assert_eq!(DescriptorSet::read(&area(&[])), None);
        assert_eq!(DescriptorSet::read(&area(&[descriptor(1, 400, 24)])), None, "no terminator");
        assert_eq!(DescriptorSet::read(&area(&[descriptor(255, 0, 4)])), None, "no volume");
        let mut small = descriptor(1, 400, 24);
        small[128..132].copy_from_slice(&[0, 2, 2, 0]);
        assert_eq!(DescriptorSet::read(&area(&[small, descriptor(255, 0, 4)])), None, "blocks of 512");
    }

    #[test]
    fn a_directory_says_where_it_is() {
        let mut sector = vec![0; SECTOR_BYTES];
        sector[0] = 34;
        sector[2..6].copy_from_slice(&1234_u32.to_le_bytes());
        sector[6..10].copy_from_slice(&1234_u32.to_be_bytes());
        sector[25] = 2;
        sector[32] = 1;
        assert!(is_directory_at(&sector, Lba(1234)));
        assert!(!is_directory_at(&sector, Lba(1235)));
        sector[25] = 0;
        assert!(!is_directory_at(&sector, Lba(1234)), "a file");
        assert!(!is_directory_at(&[], Lba(0)));
    }
}
