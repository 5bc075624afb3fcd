//! This module knows the way from a UDF disc's anchors to what the volume says of itself.

use std::collections::BTreeMap;

use super::descriptor::{Extent, LogicalVolume, VolumeDescriptor};
use super::tag::{TagError, Tagged};
use crate::filesystem::probe::{Probe, ProblemKind, Sector};
use crate::filesystem::volume::{SizeClaim, SizeSource, Volume, VolumeKind, sectors_for};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount};

const ANCHOR: u32 = 256;
/// That of optical discs first; the others are images of disks, or of careless writers.
const BLOCK_SIZES: [u32; 4] = [2048, 512, 1024, 4096];
/// UDF demands at least 16 blocks in a sequence; discs have 16 or 32.
const MOST_BLOCKS: u32 = 64;
/// Pointers to the next part of a sequence.
const MOST_PARTS: u32 = 4;

/// With more of it unreadable, a sequence is left for its twin.
const MOST_UNREAD: u32 = 1;

/// What the volume says.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    pub volumes: Vec<Volume>,
    pub claims: Vec<SizeClaim>,
    /// Where the descriptors stand.
    pub descriptors: Vec<Lba>,
}

/// Blocks of a size that need not be that of sectors.
struct Blocks<'a, 'b> {
    probe: &'a mut Probe<'b>,
    block_bytes: u32,
}

impl Blocks<'_, '_> {
    /// The sector in which a block begins, and the rest of it from there.
    fn read(&mut self, number: u32) -> Option<(Lba, Sector, usize)> {
        let byte = u64::from(number).checked_mul(self.block_bytes.into())?;
        let at = Lba(SectorCount::whole_in(byte)?.0);
        let offset = usize::try_from(byte % SECTOR_BYTES as u64).ok()?;
        self.probe.sector(at).map(|sector| (at, sector, offset))
    }

    fn descriptor(&mut self, number: u32, survey: &mut Survey) -> Option<VolumeDescriptor> {
        let (at, sector, offset) = self.read(number)?;
        match Tagged::parse(sector.get(offset..)?, number) {
            Ok(tagged) => {
                if !survey.descriptors.contains(&at) {
                    survey.descriptors.push(at);
                }
                VolumeDescriptor::parse(&tagged).ok()
            }
            Err(TagError::Unrecorded) => None,
            Err(TagError::Truncated(_) | TagError::Checksum | TagError::Crc | TagError::Location(_)) => {
                self.probe.problem(at, ProblemKind::BadTag);
                None
            }
        }
    }

    /// Like `descriptor`, where most often there is none.
    fn anchor(&mut self, number: u32) -> Option<(Extent, Extent)> {
        let (_, sector, offset) = self.read(number)?;
        let tagged = Tagged::parse(sector.get(offset..)?, number).ok()?;
        VolumeDescriptor::parse(&tagged).ok()?.anchor()
    }
}

/// `is_announced`: the volume recognition sequence speaks of UDF. If not, only the usual anchor is looked at.
pub(crate) fn survey(probe: &mut Probe<'_>, is_announced: bool) -> Survey {
    let mut survey = Survey::default();
    let Some((block_bytes, main, reserve)) = anchors(probe, is_announced) else {
        if is_announced {
            probe.problem(Lba(ANCHOR), ProblemKind::NoAnchor);
        }
        return survey;
    };
    let mut blocks = Blocks { probe, block_bytes };
    if let Some((at, _, _)) = blocks
        .read(ANCHOR)
        .filter(|(_, sector, offset)| sector.get(*offset..).is_some_and(|block| Tagged::parse(block, ANCHOR).is_ok()))
    {
        survey.descriptors.push(at);
    }
    let mut found = Sequence::read(&mut blocks, main, &mut survey);
    if !found.is_complete() {
        found = found.or(Sequence::read(&mut blocks, reserve, &mut survey));
    }
    if !found.is_complete() {
        probe.problem(Lba(main.location), ProblemKind::NoVolumeDescriptors);
    }
    survey.take(&found, block_bytes, reserve);
    survey
}

fn anchors(probe: &mut Probe<'_>, is_announced: bool) -> Option<(u32, Extent, Extent)> {
    let sizes = if is_announced { BLOCK_SIZES.as_slice() } else { BLOCK_SIZES.split_at(1).0 };
    let sectors = u64::from(probe.sector_count().0);
    for &block_bytes in sizes {
        let mut blocks = Blocks { probe, block_bytes };
        if let Some((main, reserve)) = blocks.anchor(ANCHOR) {
            return Some((block_bytes, main, reserve));
        }
        let count = sectors.saturating_mul(SECTOR_BYTES as u64) / u64::from(block_bytes);
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        for from_end in [1, ANCHOR + 1].into_iter().filter(|_| is_announced && block_bytes == 2048) {
            let place = count.checked_sub(from_end).filter(|&place| place > ANCHOR);
            if let Some((main, reserve)) = place.and_then(|place| blocks.anchor(place)) {
                return Some((block_bytes, main, reserve));
            }
        }
    }
    None
}

/// Those that prevail of a sequence: of each kind that with the highest sequence number.
#[derive(Debug, Default)]
struct Sequence {
    primary: Option<(u32, Option<String>)>,
    logical: Option<(u32, LogicalVolume)>,
    /// By partition number: sequence number, start and length.
    partitions: BTreeMap<u16, (u32, u32, u32)>,
}

impl Sequence {
    fn read(blocks: &mut Blocks<'_, '_>, extent: Extent, survey: &mut Survey) -> Self {
        let mut found = Self::default();
        let mut part = Some(extent);
        let mut unread = 0;
        for _ in 0..MOST_PARTS {
            let Some(extent) = part.take() else { break };
            let count = (extent.length / blocks.block_bytes).min(MOST_BLOCKS);
            for number in extent.location..extent.location.saturating_add(count) {
                if blocks.read(number).is_none() {
                    unread += 1;
                    if unread > MOST_UNREAD {
                        return found;
                    }
                }
                // What follows a damaged one may still be good.
                let Some(descriptor) = blocks.descriptor(number, survey) else { continue };
                match descriptor {
                    VolumeDescriptor::Primary { sequence, label } => {
                        if found.primary.as_ref().is_none_or(|known| known.0 <= sequence) {
                            found.primary = Some((sequence, label));
                        }
                    }
                    VolumeDescriptor::Logical { sequence, volume } => {
                        if found.logical.as_ref().is_none_or(|known| known.0 <= sequence) {
                            found.logical = Some((sequence, volume));
                        }
                    }
                    VolumeDescriptor::Partition { sequence, partition } => {
                        if found.partitions.get(&partition.number).is_none_or(|known| known.0 <= sequence) {
                            found.partitions.insert(partition.number, (sequence, partition.start, partition.length));
                        }
                    }
                    VolumeDescriptor::Pointer { next } => part = Some(next),
                    VolumeDescriptor::Terminating => break,
                    VolumeDescriptor::Anchor { .. }
                    | VolumeDescriptor::ImplementationUse { .. }
                    | VolumeDescriptor::UnallocatedSpace { .. }
                    | VolumeDescriptor::Other => {}
                }
            }
        }
        found
    }

    fn is_complete(&self) -> bool {
        self.logical.is_some() && !self.partitions.is_empty()
    }

    fn or(mut self, other: Self) -> Self {
        self.primary = self.primary.or(other.primary);
        self.logical = self.logical.or(other.logical);
        for (number, partition) in other.partitions {
            self.partitions.entry(number).or_insert(partition);
        }
        self
    }
}

impl Survey {
    fn take(&mut self, found: &Sequence, block_bytes: u32, reserve: Extent) {
        let volume = found.logical.as_ref().map(|(_, volume)| volume);
        let block_bytes = u64::from(block_bytes);
        let in_sectors = |blocks: u64| sectors_for(blocks.saturating_mul(block_bytes));
        let partition_end =
            found.partitions.values().map(|&(_, start, length)| u64::from(start) + u64::from(length)).max();
        // Its last sectors are the anchor's; on a write-once disc the partition is as long as the medium.
        let is_recorded = !volume.is_some_and(|volume| volume.has_virtual_partition());
        let partition = partition_end.filter(|_| is_recorded).map(|end| in_sectors(end.saturating_add(1)));
        let reserve_end = u64::from(reserve.location).saturating_add(u64::from(reserve.length).div_ceil(block_bytes));
        let reserve = (reserve.length > 0 && is_recorded).then(|| in_sectors(reserve_end.saturating_add(1)));
        let claims = [(SizeSource::UdfPartition, partition), (SizeSource::UdfReserve, reserve)];
        self.claims
            .extend(claims.into_iter().filter_map(|(source, sectors)| Some(SizeClaim { source, sectors: sectors? })));
        let label = volume.and_then(|volume| volume.label.clone());
        let label = label.or_else(|| found.primary.as_ref().and_then(|(_, label)| label.clone()));
        let kind = VolumeKind::Udf { revision: volume.and_then(|volume| volume.revision) };
        self.volumes.push(Volume { kind, label, sectors: partition.max(reserve) });
    }
}
