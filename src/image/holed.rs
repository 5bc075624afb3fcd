//! This module knows an image with holes: sectors that its file has bytes for, and that were never read.

use nix::errno::Errno;

use super::storage::ImageFile;
use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SectorRange, SectorSource, SourceError};

/// An image of which a map says what is missing. A missing sector cannot be read, whatever stands in the file; where the
/// file ends within a sector, the rest of that is zeros.
pub struct HoledImage<'a> {
    file: Held<'a>,
    /// In bytes, as far as the file goes.
    file_bytes: u64,
    /// In order, none touching another.
    missing: Vec<SectorRange>,
    length: u64,
    failure: Option<(u64, std::io::Error)>,
}

enum Held<'a> {
    Borrowed(&'a dyn ImageFile),
    Own(Box<dyn ImageFile>),
}

impl Held<'_> {
    fn file(&self) -> &dyn ImageFile {
        match self {
            Held::Borrowed(file) => *file,
            Held::Own(file) => file.as_ref(),
        }
    }
}

impl<'a> HoledImage<'a> {
    /// # Errors
    /// Where the file cannot be asked for its length.
    pub fn new(file: &'a dyn ImageFile, missing: &[SectorRange]) -> std::io::Result<Self> {
        let file_bytes = file.len()?;
        let missing = SectorRange::joined(missing.to_vec());
        // An unfinished image is as long as its map says, although nothing was written at its end yet.
        let end = SectorCount::whole_in(file_bytes).map_or(Lba(u32::MAX), |count| Lba(count.0));
        let beyond = missing.iter().find(|range| range.contains(end)).map(|range| range.end().byte_offset());
        Ok(Self {
            file: Held::Borrowed(file),
            file_bytes,
            missing,
            length: beyond.unwrap_or(file_bytes),
            failure: None,
        })
    }

    /// In bytes; the last sector need not be whole.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// What of it is missing, in order.
    pub fn missing(&self) -> &[SectorRange] {
        &self.missing
    }

    /// Where, and why, the file itself could not be read; that is no damage of the disc.
    pub fn take_failure(&mut self) -> Option<(u64, std::io::Error)> {
        self.failure.take()
    }

    fn first_missing(&self, range: SectorRange) -> Option<Lba> {
        let from = self.missing.partition_point(|missing| missing.end() <= range.start());
        self.missing.get(from)?.intersection(range).map(SectorRange::start)
    }
}

impl SectorSource for HoledImage<'_> {
    fn sector_count(&self) -> SectorCount {
        let up = self.length.saturating_add(SECTOR_BYTES as u64 - 1);
        SectorCount::whole_in(up).unwrap_or(SectorCount(u32::MAX))
    }

    fn read_sectors(&mut self, start: Lba, buffer: &mut [u8]) -> Result<(), SourceError> {
        let offset = start.byte_offset();
        let count = SectorCount::whole_in(buffer.len() as u64).unwrap_or(SectorCount(u32::MAX));
        let range = SectorRange::with_count(start, count);
        if range.end().0 > self.sector_count().0 {
            return Err(SourceError::Beyond { at: start });
        }
        if let Some(at) = self.first_missing(range) {
            return Err(SourceError::Unreadable { at });
        }
        let there = usize::try_from(self.file_bytes.saturating_sub(offset)).unwrap_or(usize::MAX).min(buffer.len());
        let (found, behind) = buffer.split_at_mut(there);
        behind.fill(0);
        match self.file.file().read_at(offset, found) {
            Ok(()) => Ok(()),
            Err(error) if error.raw_os_error().map(Errno::from_raw) == Some(Errno::EIO) => {
                Err(SourceError::Unreadable { at: start })
            }
            Err(error) => {
                let source = error.to_string().into();
                self.failure = Some((offset, error));
                Err(SourceError::Failed { at: start, source })
            }
        }
    }

    fn another(&self) -> Option<Box<dyn SectorSource + Send>> {
        let file = Held::Own(self.file.file().try_clone().ok()?);
        let Self { file_bytes, length, .. } = *self;
        Some(Box::new(HoledImage { file, file_bytes, missing: self.missing.clone(), length, failure: None }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::storage::{Memory, Opening, Storage};
    use super::*;
    use std::path::Path;

    fn file(bytes: &[u8]) -> Box<dyn ImageFile> {
        let file = Memory::new().open(Path::new("a.iso"), Opening::New).unwrap();
        file.write_at(0, bytes).unwrap();
        file
    }

    fn range(start: u32, end: u32) -> SectorRange {
        SectorRange::new(Lba(start), Lba(end))
    }

    #[test]
    fn what_is_missing_cannot_be_read_and_the_rest_can() {
        let file = file(&[1; 10 * SECTOR_BYTES]);
        let mut image = HoledImage::new(file.as_ref(), &[range(7, 9), range(3, 4)]).unwrap();
        let mut two = [0; 2 * SECTOR_BYTES];
        assert!(image.read_sectors(Lba(1), &mut two).is_ok());
        assert_eq!(two, [1; 2 * SECTOR_BYTES]);
        assert!(matches!(image.read_sectors(Lba(2), &mut two), Err(SourceError::Unreadable { at: Lba(3) })));
        assert!(matches!(image.read_sectors(Lba(8), &mut two), Err(SourceError::Unreadable { at: Lba(8) })));
        assert!(matches!(image.read_sectors(Lba(9), &mut two), Err(SourceError::Beyond { .. })));
    }

    #[test]
    fn an_image_that_ends_within_a_sector_is_read_to_its_end() {
        let file = file(&[1; 2 * SECTOR_BYTES + 7]);
        let mut image = HoledImage::new(file.as_ref(), &[]).unwrap();
        assert_eq!((image.length(), image.sector_count()), (2 * 2048 + 7, SectorCount(3)));
        let mut sector = [9; SECTOR_BYTES];
        image.read_sectors(Lba(2), &mut sector).unwrap();
        assert_eq!((&sector[..7], &sector[7..]), ([1; 7].as_slice(), [0; SECTOR_BYTES - 7].as_slice()));
    }

    #[test]
    fn an_unfinished_image_is_as_long_as_it_will_be() {
        let file = file(&[1; 4 * SECTOR_BYTES]);
        let mut image = HoledImage::new(file.as_ref(), &[range(4, 100)]).unwrap();
        assert_eq!(image.length(), 100 * 2048);
        assert!(matches!(image.read_sectors(Lba(99), &mut [0; 2048]), Err(SourceError::Unreadable { .. })));
        let mut complete = HoledImage::new(file.as_ref(), &[range(1, 2)]).unwrap();
        assert_eq!(complete.length(), 4 * 2048);
        assert!(matches!(complete.read_sectors(Lba(4), &mut [0; 2048]), Err(SourceError::Beyond { .. })));
    }
}
