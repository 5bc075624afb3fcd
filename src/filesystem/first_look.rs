//! This module knows what can be told of a disc's content from a few sectors: enough to name it, and to weigh its size.

use super::foreign::ForeignKind;
use super::hybrid::{self, PartitionTableKind};
use super::iso9660::el_torito::Boot;
use super::probe::{Probe, Problem};
use super::volume::{SizeClaim, Volume, VolumeKind};
use super::{iso9660, udf};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SectorSource};

/// Sectors spread over the whole that are looked at before it is called all zero.
const SAMPLES: u32 = 32;

/// What a disc or an image holds, at first sight.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FirstLook {
    pub content: Content,
    /// In the order in which they were found.
    pub volumes: Vec<Volume>,
    /// The best name for the whole, not yet made safe.
    pub label: Option<String>,
    pub claims: Vec<SizeClaim>,
    /// The sectors that must be there for ISO 9660 and UDF to be whole, as they say.
    pub needed: Option<SectorCount>,
    pub boot: Option<Boot>,
    pub partition_tables: Vec<PartitionTableKind>,
    /// What was wrong on the way, in the order in which it was met.
    pub problems: Vec<Problem>,
    /// The volume descriptors that could be read. Two discs with equal ones hold the same.
    pub descriptors: Vec<DescriptorSector>,
}

/// What kind of content it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Content {
    /// A filesystem of optical discs.
    Filesystem,
    /// Something that is no image, by its first bytes.
    NotAnImage(ForeignKind),
    /// Every sector that was looked at, all over it, has only zeros in it.
    AllZero,
    /// Directories of ISO 9660, the first of them there, and no volume descriptor that leads to them.
    LeftOver { directory: Lba },
    /// Data that is not known here, or nothing that can be read.
    #[default]
    Unknown,
}

/// A sector that holds a volume descriptor.
#[derive(Clone, PartialEq, Eq)]
pub struct DescriptorSector {
    pub at: Lba,
    pub bytes: Box<[u8; SECTOR_BYTES]>,
}

impl std::fmt::Debug for DescriptorSector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DescriptorSector").field("at", &self.at).finish_non_exhaustive()
    }
}

impl FirstLook {
    /// A number that tells one content from another, the same on every machine: FNV-1a over place and bytes of each
    /// descriptor. `None` where there is none.
    pub fn fingerprint(&self) -> Option<u64> {
        let bytes =
            self.descriptors.iter().flat_map(|sector| sector.at.0.to_be_bytes().into_iter().chain(*sector.bytes));
        let hash = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
        (!self.descriptors.is_empty()).then(|| bytes.fold(0xCBF2_9CE4_8422_2325, hash))
    }
}

/// Looks at 200 sectors at most, a dozen or two on most discs. What cannot be read becomes a problem, and the look goes on.
pub fn first_look(source: &mut dyn SectorSource) -> FirstLook {
    look(source, None)
}

/// The same of an image file of `length` bytes, which may be anything. Where its last sector is not whole, the source fills it
/// up, or does not have it.
pub fn first_look_at_file(source: &mut dyn SectorSource, length: u64) -> FirstLook {
    look(source, Some(length))
}

fn look(source: &mut dyn SectorSource, file: Option<u64>) -> FirstLook {
    let mut probe = Probe::new(source);
    let iso9660 = iso9660::survey(&mut probe);
    let udf = udf::survey(&mut probe, iso9660.announces_udf);
    let tables = hybrid::survey(&mut probe);
    let mut look = FirstLook {
        volumes: [iso9660.volumes, udf.volumes, tables.volumes].concat(),
        claims: [iso9660.claims, udf.claims, tables.claims].concat(),
        boot: iso9660.boot,
        partition_tables: tables.tables,
        ..FirstLook::default()
    };
    look.needed = look.claims.iter().filter(|claim| claim.source.is_of_volume()).map(|claim| claim.sectors).max();
    look.label = best_label(&look.volumes);
    look.content = content(&mut probe, &look.volumes, file);
    let places = iso9660.descriptors.into_iter().chain(udf.descriptors);
    look.descriptors = places
        .filter_map(|at| probe.sector(at).map(|sector| DescriptorSector { at, bytes: Box::new(*sector) }))
        .collect();
    look.problems = probe.problems;
    look
}

/// The longest one, since shorter ones were cut; of equally long ones that which may have small letters. A Mac's own name is
/// the last choice: the others are those that everyone sees.
fn best_label(volumes: &[Volume]) -> Option<String> {
    let rank = |kind: VolumeKind| match kind {
        VolumeKind::HighSierra | VolumeKind::RockRidge | VolumeKind::Iso9660 { .. } => 1,
        VolumeKind::Enhanced => 2,
        VolumeKind::Joliet { .. } => 3,
        VolumeKind::Udf { .. } => 4,
        VolumeKind::Hfs | VolumeKind::HfsPlus => 0,
    };
    let labels = volumes.iter().filter_map(|volume| Some((rank(volume.kind), volume.label.as_ref()?)));
    labels.max_by_key(|(rank, label)| (*rank > 0, label.chars().count(), *rank)).map(|(_, label)| label.clone())
}

fn content(probe: &mut Probe<'_>, volumes: &[Volume], file: Option<u64>) -> Content {
    if !volumes.is_empty() {
        return Content::Filesystem;
    }
    if let Some(kind) = ForeignKind::of(probe, file) {
        return Content::NotAnImage(kind);
    }
    let step = SectorCount(probe.sector_count().0 / SAMPLES);
    let mut at = Lba(0);
    for _ in 0..SAMPLES {
        if probe.is_all_zero() != Some(true) {
            break;
        }
        at = at.saturating_add(step);
        probe.sector(at);
    }
    if probe.is_all_zero() == Some(true) {
        return Content::AllZero;
    }
    iso9660::directory_left_over(probe).map_or(Content::Unknown, |directory| Content::LeftOver { directory })
}

#[cfg(test)]
mod tests;
