//! This module knows an image as the sectors of a disc.

use std::io;
use std::path::Path;

use nix::errno::Errno;

use super::storage::{Disk, ImageFile, Opening, Storage};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SectorSource, SourceError};

/// An image: the user data of a disc, sector after sector.
pub struct ImageSource {
    file: Box<dyn ImageFile>,
    sectors: SectorCount,
    trailing_bytes: u64,
}

impl ImageSource {
    /// An image file. [`io::ErrorKind::InvalidInput`] where `path` is no regular file.
    pub fn open(path: &Path) -> io::Result<Self> {
        // Opening a pipe would wait for its other end.
        let metadata = std::fs::metadata(path)?;
        if metadata.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if !metadata.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
        }
        Self::new(Disk.open(path, Opening::Reading)?)
    }

    /// What `file` has now; [`io::ErrorKind::FileTooLarge`] beyond 8 TiB.
    pub fn new(file: Box<dyn ImageFile>) -> io::Result<Self> {
        let bytes = file.len()?;
        let sectors = SectorCount::whole_in(bytes).ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(Self { file, sectors, trailing_bytes: bytes % SECTOR_BYTES as u64 })
    }

    /// Bytes after the last whole sector. A disc has none.
    pub fn trailing_bytes(&self) -> u64 {
        self.trailing_bytes
    }
}

impl SectorSource for ImageSource {
    fn sector_count(&self) -> SectorCount {
        self.sectors
    }

    fn read_sectors(&mut self, start: Lba, buffer: &mut [u8]) -> Result<(), SourceError> {
        let end = start.byte_offset().saturating_add(buffer.len() as u64);
        if end > self.sectors.bytes() {
            return Err(SourceError::Beyond { at: start });
        }
        self.file.read_at(start.byte_offset(), buffer).map_err(|error| {
            if error.raw_os_error().map(Errno::from_raw) == Some(Errno::EIO) {
                SourceError::Unreadable { at: start }
            } else {
                SourceError::Failed { at: start, source: error.into() }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_may_end_within_a_sector() {
        let storage = crate::image::Memory::new();
        let file = storage.open(Path::new("a.iso"), Opening::New).unwrap();
        file.write_at(0, &[1; 2 * SECTOR_BYTES + 7]).unwrap();
        let mut image = ImageSource::new(file).unwrap();
        assert_eq!((image.sector_count(), image.trailing_bytes()), (SectorCount(2), 7));
        let mut buffer = [0; SECTOR_BYTES];
        image.read_sectors(Lba(1), &mut buffer).unwrap();
        assert_eq!(buffer, [1; SECTOR_BYTES]);
        assert!(matches!(image.read_sectors(Lba(2), &mut buffer), Err(SourceError::Beyond { at: Lba(2) })));
        assert!(image.read_sectors(Lba(u32::MAX), &mut buffer).is_err());
    }

    #[test]
    fn a_file_that_shrank_is_no_bad_sector() {
        let storage = crate::image::Memory::new();
        let file = storage.open(Path::new("a.iso"), Opening::New).unwrap();
        file.set_len(2 * 2048).unwrap();
        let mut image = ImageSource::new(file.try_clone().unwrap()).unwrap();
        file.set_len(2048).unwrap();
        assert!(matches!(image.read_sectors(Lba(1), &mut [0; SECTOR_BYTES]), Err(SourceError::Failed { .. })));
    }

    #[test]
    fn a_folder_is_no_image() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(ImageSource::open(folder.path()).err().map(|e| e.kind()), Some(io::ErrorKind::IsADirectory));
    }
}
