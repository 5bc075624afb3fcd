//! This module knows whether an unfinished rip is of the disc in the drive.

use std::io;

use super::error::{NotThisDisc, RipError};
use super::image_writer::Unfinished;
use crate::drive::{DiscFingerprint, Drive};
use crate::filesystem::DescriptorSector;
use crate::image::{BlockStatus, ImageFile, Opening, RescueMap, Storage, storage::folder_of};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SectorSource};

/// No map that any program writes is larger.
pub const LARGEST_MAP: u64 = 256 << 20;
/// The note in the map that tells whose it is.
const NOTE: &str = "disc";
/// Where another program rewrote the map and lost the note, so many sectors are compared.
const SAMPLES: u32 = 8;
/// The first descriptor of most volumes, with their name, size and dates.
const DESCRIPTOR: Lba = Lba(16);
/// What tells the disc in the drive from another.
#[derive(Debug, Clone)]
pub struct DiscMark {
    fingerprint: DiscFingerprint,
    descriptors: Vec<DescriptorSector>,
}

impl DiscMark {
    pub fn new(fingerprint: DiscFingerprint, descriptors: &[DescriptorSector]) -> Self {
        Self { fingerprint, descriptors: descriptors.to_vec() }
    }

    /// A map in which nothing was tried yet.
    pub fn new_map(&self, sectors: SectorCount) -> RescueMap {
        let mut map = RescueMap::new(sectors);
        map.set_note(NOTE, &self.fingerprint.to_string());
        map
    }

    /// Whether the image has the disc's descriptors, as far as it has any.
    fn agrees_with(&self, file: &dyn ImageFile, map: &RescueMap) -> io::Result<bool> {
        let mut ours = [0; SECTOR_BYTES];
        for descriptor in &self.descriptors {
            if map.status_at(descriptor.at) == Some(BlockStatus::Finished) {
                file.read_at(descriptor.at.byte_offset(), &mut ours)?;
                if ours != *descriptor.bytes {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }
}

/// What is there of an earlier rip.
pub enum Found {
    Nothing,
    OfThisDisc(RescueMap),
    Other(NotThisDisc),
}

/// Looks, and writes nothing.
///
/// # Errors
/// Where the files cannot be looked at.
pub fn look_for(
    storage: &dyn Storage,
    drive: &mut Drive,
    unfinished: &Unfinished,
    sectors: SectorCount,
    mark: &DiscMark,
) -> Result<Found, RipError> {
    let folder = |source: io::Error| RipError::Folder { path: folder_of(&unfinished.part).to_owned(), source };
    let part = storage.exists(&unfinished.part).map_err(folder)?;
    let text = match storage.read_file(&unfinished.map, LARGEST_MAP) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            // An image without a byte is one that was opened a moment before the machine stopped.
            let is_empty =
                !part || storage.open(&unfinished.part, Opening::Reading).and_then(|f| f.len()).map_err(folder)? == 0;
            return Ok(if is_empty { Found::Nothing } else { Found::Other(NotThisDisc::NoMap) });
        }
        Err(error) => return Ok(Found::Other(NotThisDisc::BadMap(error.to_string()))),
    };
    let mut map = match RescueMap::parse(&text) {
        Ok(map) => map,
        Err(error) => return Ok(Found::Other(NotThisDisc::BadMap(error.to_string()))),
    };
    if !part {
        // A map that claims nothing lacks nothing.
        let is_empty = map.count(BlockStatus::Finished).is_zero() && map.note(NOTE).is_some();
        return Ok(if is_empty { Found::Nothing } else { Found::Other(NotThisDisc::NoPart) });
    }
    let noted: Option<DiscFingerprint> = map.note(NOTE).and_then(|note| note.parse().ok());
    if noted.is_some_and(|noted| !noted.is_same_disc(&mark.fingerprint)) {
        return Ok(Found::Other(NotThisDisc::OtherDisc));
    }
    let claims_more = map.blocks().any(|b| b.status == BlockStatus::Finished && b.range.end().0 > sectors.0);
    if claims_more {
        return Ok(Found::Other(NotThisDisc::OtherSize { map: map.sectors(), disc: sectors }));
    }
    map.fit(sectors);
    map.set_note(NOTE, &mark.fingerprint.to_string());
    let file = storage.open(&unfinished.part, Opening::Reading).map_err(folder)?;
    let last = map.ranges(BlockStatus::Finished).map(|range| range.end()).max().unwrap_or(Lba(0));
    if file.len().map_err(folder)? < last.byte_offset() {
        return Ok(Found::Other(NotThisDisc::ShortPart));
    }
    let is_same = mark.agrees_with(file.as_ref(), &map).map_err(folder)?
        && (noted.is_some() || samples_agree(file.as_ref(), drive, &map).map_err(folder)?);
    if !is_same {
        return Ok(Found::Other(NotThisDisc::OtherDisc));
    }
    Ok(Found::OfThisDisc(map))
}

/// Compares a few sectors that the map says are there with the disc's.
fn samples_agree(file: &dyn ImageFile, drive: &mut Drive, map: &RescueMap) -> io::Result<bool> {
    let (mut ours, mut theirs) = ([0; SECTOR_BYTES], [0; SECTOR_BYTES]);
    for at in samples(map) {
        file.read_at(at.byte_offset(), &mut ours)?;
        // A sector that does not read now tells nothing.
        if drive.read_sectors(at, &mut theirs).is_ok() && ours != theirs {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Finished sectors, evenly spread; the one in which most volumes have their name and dates among them.
fn samples(map: &RescueMap) -> Vec<Lba> {
    let stride = map.count(BlockStatus::Finished).0.div_ceil(SAMPLES).max(1);
    let mut samples = Vec::new();
    let mut passed = 0_u32;
    for range in map.ranges(BlockStatus::Finished) {
        let behind = passed.saturating_add(range.count().0);
        let first = passed.div_ceil(stride);
        for index in first..behind.div_ceil(stride) {
            samples
                .push(range.start().saturating_add(SectorCount(index.saturating_mul(stride).saturating_sub(passed))));
        }
        passed = behind;
    }
    let descriptor = map.status_at(DESCRIPTOR) == Some(BlockStatus::Finished);
    samples.extend(descriptor.then_some(DESCRIPTOR));
    samples
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sector::SectorRange;

    #[test]
    fn samples_are_spread_over_what_is_finished() {
        let mut map = RescueMap::new(SectorCount(1000));
        for (start, end) in [(10, 110), (500, 510), (600, 650)] {
            map.mark(SectorRange::new(Lba(start), Lba(end)), BlockStatus::Finished);
        }
        let samples = samples(&map);
        assert_eq!(samples.len(), 9);
        assert!(samples.iter().all(|&at| map.status_at(at) == Some(BlockStatus::Finished)));
        assert!(samples.contains(&DESCRIPTOR));
        assert!(samples.iter().any(|at| at.0 >= 600));
    }
}
