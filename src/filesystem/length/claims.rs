//! This module knows how far an image must reach by what was found in it: files, structures, anchors.

use super::Known;
use crate::filesystem::extent::{Extent, ExtentKind};
use crate::filesystem::scan::Scan;
use crate::filesystem::structure::{Structure, StructureKind};
use crate::filesystem::sums;
use crate::filesystem::tree::{Tree, TreeKind};
use crate::filesystem::udf::{self, Geometry};
use crate::filesystem::volume::SizeSource;
use crate::sector::{Lba, SECTOR_BYTES};

const SECTOR: u64 = SECTOR_BYTES as u64;
/// Behind the last file: 150 sectors mostly, 575 by Nero; programs that make an image look like a disk fill up a
/// cylinder of a mebibyte. What is more may have been something.
pub(super) const MOST_PADDING: u64 = 600 * SECTOR;
/// From an anchor to the one in the last block: ECMA-167, 3/8.4.2.1.
const FROM_END: u32 = 256;
/// Nero fills the end of an image with so many anchors, the first of them just behind the partition, and has
/// ISO 9660 end among them.
const NERO_RUN: u64 = 257;
/// genisoimage has fewer, and ISO 9660 ends with the last of them.
const GENISOIMAGE_RUN: u64 = 151;

/// Adds to `scan.claims` what files and structures say.
pub(super) fn collect(scan: &mut Scan<'_>, known: &Known<'_>) {
    // What a damaged record says of a place far away is no word on how long the image was.
    let limit = scan.claims.iter().map(|(_, bytes)| *bytes).max().and_then(|end| end.checked_next_multiple_of(SECTOR));
    let limit = limit.unwrap_or(u64::MAX);
    let (iso, udf): (Vec<&Tree>, Vec<&Tree>) = known.trees.iter().partition(|tree| tree.kind != TreeKind::Udf);
    let ends = [
        (SizeSource::Files, end_of(&iso, scan.structures.all(), false, limit)),
        (SizeSource::UdfFiles, end_of(&udf, scan.structures.all(), true, limit)),
    ];
    scan.claims.extend(ends.into_iter().filter(|(_, end)| *end > 0));
    let start = known.session.map_or(Lba(0), |session| session.start);
    let end = sums::told_end(&mut |at| scan.reader.array(at.byte_offset()).ok(), start);
    scan.claims.extend(end.map(|end| (SizeSource::Checksums, end.byte_offset())));
    let is_first = known.session.is_none_or(|session| session.start == Lba(0));
    if let Some(geometry) = known.udf.filter(|geometry| !geometry.is_growing && is_first) {
        anchors(scan, geometry);
    }
}

/// The end of the last that lies within `limit`.
fn end_of(trees: &[&Tree], structures: &[Structure], is_udf: bool, limit: u64) -> u64 {
    let is_recorded = |extent: &Extent| extent.kind == ExtentKind::Recorded && extent.length > 0;
    let files = trees.iter().flat_map(|tree| {
        // Mostly that is all to be known.
        let last = Some(tree.end()).filter(|end| *end <= limit);
        let each = last.is_none().then(|| tree.places()).into_iter().flatten();
        last.into_iter().chain(each.map(|(_, extent)| extent).filter(is_recorded).map(|extent| extent.end()))
    });
    let structures = structures.iter().filter(|structure| is_of_udf(structure.kind) == Some(is_udf));
    let ends = files.chain(structures.map(|structure| structure.start.saturating_add(structure.length)));
    ends.filter(|end| *end <= limit).max().unwrap_or(0)
}

/// `None`: it says nothing of how long the filesystem is.
fn is_of_udf(kind: StructureKind) -> Option<bool> {
    use StructureKind as Kind;
    match kind {
        Kind::SystemArea | Kind::PartitionTable | Kind::MacintoshHeader | Kind::MacintoshVolume => None,
        Kind::VolumeDescriptor
        | Kind::PathTable { .. }
        | Kind::ContinuationArea
        | Kind::RelocationDirectory
        | Kind::ExtendedAttributes
        | Kind::PartitionTree
        | Kind::AssociatedFile
        | Kind::BootCatalogue
        | Kind::BootImage
        | Kind::AppendedPartition
        | Kind::Checksums => Some(false),
        Kind::Anchor
        | Kind::VolumeSequence { .. }
        | Kind::IntegritySequence
        | Kind::FileSet
        | Kind::FileEntry
        | Kind::AllocationExtent
        | Kind::SpaceBitmap
        | Kind::SparingTable
        | Kind::SparePackets
        | Kind::VirtualAllocationTable
        | Kind::MetadataFile { .. }
        | Kind::MetadataBitmap
        | Kind::SystemStream => Some(true),
    }
}

/// Where the last anchor is, or should be. One in the last block of a cut image proves nothing where many follow each
/// other.
fn anchors(scan: &mut Scan<'_>, geometry: Geometry) {
    let block = u64::from(geometry.block_bytes);
    let is_recorded = |source| matches!(source, SizeSource::UdfPartition | SizeSource::UdfReserve);
    let of_volume = scan.claims.iter().filter(|(source, _)| is_recorded(*source));
    let structures = scan.structures.all().iter();
    let spare = structures.clone().filter(|found| found.kind == StructureKind::SparePackets);
    let end = of_volume
        .map(|(_, bytes)| *bytes)
        .chain(spare.map(|found| found.start.saturating_add(found.length)))
        .max()
        .unwrap_or(0);
    let last = structures.filter(|found| found.kind == StructureKind::Anchor && found.start >= end);
    let last = last.max_by_key(|found| found.start.saturating_add(found.length)).copied();
    let place = last.map_or(end, |last| last.start);
    let claim = match (behind(scan, place, geometry), last) {
        (Some(claim), _) => claim,
        (None, Some(last)) => run(scan, last, block),
        (None, None) => match before(scan, geometry, end).or_else(|| between(scan, geometry, end)) {
            Some(third) => third.saturating_add(u64::from(FROM_END).saturating_add(1).saturating_mul(block)),
            // A partition does not reach into the last block.
            None => end.saturating_add(block),
        },
    };
    scan.claims.push((SizeSource::UdfAnchor, claim));
}

/// How far the anchors behind a partition should reach.
fn run(scan: &Scan<'_>, found: Structure, block: u64) -> u64 {
    let end = found.start.saturating_add(found.length);
    let count = found.length.checked_div(block).unwrap_or(1);
    let iso = scan.claims.iter().filter(|(source, _)| *source == SizeSource::Iso9660).map(|(_, bytes)| *bytes).max();
    let is_behind_iso = iso.is_some_and(|iso| iso > found.start && iso < end);
    let is_of_nero = (GENISOIMAGE_RUN + 1..NERO_RUN).contains(&count) && is_behind_iso && end == scan.reader.length();
    if is_of_nero { found.start.saturating_add(NERO_RUN.saturating_mul(block)) } else { end }
}

/// The end of the anchor in the last block, where the one at byte `place` is that which stands 256 blocks in front of it.
fn behind(scan: &mut Scan<'_>, place: u64, geometry: Geometry) -> Option<u64> {
    let block = u64::from(geometry.block_bytes);
    let number = place.checked_div(block)?.saturating_add(FROM_END.into());
    let at = number.saturating_mul(block);
    let bytes = scan.reader.bytes(at, geometry.block_bytes as usize).ok()?;
    udf::is_anchor(&bytes, number).then(|| at.saturating_add(block))
}

/// The byte of an anchor near the end that is not the last one, since the volume goes on behind it.
fn before(scan: &mut Scan<'_>, geometry: Geometry, end: u64) -> Option<u64> {
    let block = u64::from(geometry.block_bytes);
    let blocks = scan.reader.length().checked_div(block)?;
    let first = blocks.saturating_sub(FROM_END.into()).max(u64::from(FROM_END) + 1);
    let found = (first..blocks).rev().find(|&number| {
        let at = number.saturating_mul(block);
        at < end
            && scan.reader.bytes(at, geometry.block_bytes as usize).is_ok_and(|bytes| udf::is_anchor(&bytes, number))
    });
    found.map(|number| number.saturating_mul(block))
}

/// The byte of an anchor behind the last partition and in front of `end`, where the reserve descriptors are: it stands 256
/// blocks in front of the last one, however much follows that.
fn between(scan: &mut Scan<'_>, geometry: Geometry, end: u64) -> Option<u64> {
    let block = u64::from(geometry.block_bytes);
    let partitions = scan.claims.iter().filter(|(source, _)| *source == SizeSource::UdfPartition);
    let first = partitions.map(|(_, bytes)| *bytes).max()?.checked_div(block)?;
    let behind = end.checked_div(block)?.min(first.saturating_add(FROM_END.into()));
    let found = (first..behind).find(|&number| {
        let at = number.saturating_mul(block);
        scan.reader.bytes(at, geometry.block_bytes as usize).is_ok_and(|bytes| udf::is_anchor(&bytes, number))
    });
    found.map(|number| number.saturating_mul(block))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filesystem::{Limits, Reader, Scope};
    use crate::sector::{SectorCount, SectorSource, SourceError};

    struct Nothing;

    impl SectorSource for Nothing {
        fn sector_count(&self) -> SectorCount {
            SectorCount(u32::MAX)
        }

        fn read_sectors(&mut self, start: Lba, _: &mut [u8]) -> Result<(), SourceError> {
            Err(SourceError::Beyond { at: start })
        }
    }

    /// How far anchors from block 5000 on should reach, where an image ends with so many, and ISO 9660 at that block.
    fn reaches(count: u64, iso_end: u64) -> u64 {
        let (mut source, limits) = (Nothing, Limits::default());
        let reader = Reader::new(&mut source, (5000 + count) * SECTOR, &limits);
        let mut scan = Scan::new(reader, Scope::Judge, limits, &|| false);
        scan.claims.push((SizeSource::Iso9660, iso_end * SECTOR));
        let found = Structure { kind: StructureKind::Anchor, start: 5000 * SECTOR, length: count * SECTOR };
        run(&scan, found, SECTOR) / SECTOR
    }

    #[test]
    fn a_run_of_anchors_that_was_cut_should_be_longer() {
        // Nero: ISO 9660 ends 154 blocks behind the partition, and the anchors go on for 103 more.
        assert_eq!(reaches(257, 5154), 5257);
        assert_eq!(reaches(200, 5154), 5257);
        // genisoimage, whole: ISO 9660 ends with them, and says what is missing where they are cut.
        assert_eq!(reaches(151, 5151), 5151);
        assert_eq!(reaches(100, 5151), 5100);
        // Some other program.
        assert_eq!(reaches(20, 4000), 5020);
    }
}
