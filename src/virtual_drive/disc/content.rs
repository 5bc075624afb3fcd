//! This module knows where the user data of a virtual disc comes from: a file, memory, or nothing but a number.

use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SectorRange, SectorSource, SourceError};

/// The user data of a disc, whatever holds it.
pub type Content = Box<dyn SectorSource + Send>;

/// Why a file cannot be the content of a disc.
#[derive(Debug, thiserror::Error)]
pub enum ContentError {
    #[error("cannot read the image {}", path.display())]
    Io { path: PathBuf, source: std::io::Error },
    #[error("the image {} is empty", path.display())]
    Empty { path: PathBuf },
    #[error(
        "the image {} has {bytes} bytes, which is no multiple of {SECTOR_BYTES}: its last sector is cut, or it is no image of user data",
        path.display()
    )]
    CutSector { path: PathBuf, bytes: u64 },
    #[error("the image {} has {bytes} bytes, more than any disc can hold", path.display())]
    TooLarge { path: PathBuf, bytes: u64 },
}

/// An image file. A read goes straight from the file into the caller's buffer.
#[derive(Debug)]
pub struct ImageFile {
    file: File,
    sectors: SectorCount,
}

impl ImageFile {
    /// # Errors
    /// Where the file cannot be opened, is empty, or has a size that no disc has.
    pub fn open(path: &Path) -> Result<Self, ContentError> {
        let io = |source| ContentError::Io { path: path.to_owned(), source };
        let mut file = File::open(path).map_err(io)?;
        // Not the length of the metadata, which is 0 for a block device.
        let bytes = file.seek(SeekFrom::End(0)).map_err(io)?;
        let path = || path.to_owned();
        let sectors = SectorCount::whole_in(bytes).ok_or_else(|| ContentError::TooLarge { path: path(), bytes })?;
        if sectors.bytes() != bytes {
            return Err(ContentError::CutSector { path: path(), bytes });
        }
        if sectors.is_zero() {
            return Err(ContentError::Empty { path: path() });
        }
        Ok(Self { file, sectors })
    }
}

impl SectorSource for ImageFile {
    fn sector_count(&self) -> SectorCount {
        self.sectors
    }

    fn read_sectors(&mut self, start: Lba, buffer: &mut [u8]) -> Result<(), SourceError> {
        within(self.sectors, start, buffer)?;
        let failed = |source: std::io::Error| SourceError::Failed { at: start, source: Box::new(source) };
        self.file.read_exact_at(buffer, start.byte_offset()).map_err(failed)
    }
}

/// Bytes in memory; what is left of the last sector does not count.
#[derive(Debug, Clone)]
pub struct Memory(Vec<u8>);

impl Memory {
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl SectorSource for Memory {
    fn sector_count(&self) -> SectorCount {
        self.0.as_slice().sector_count()
    }

    fn read_sectors(&mut self, start: Lba, buffer: &mut [u8]) -> Result<(), SourceError> {
        self.0.as_slice().read_sectors(start, buffer)
    }
}

/// Sectors computed from their address and a seed: a disc of any size without a file. No two sectors are alike.
#[derive(Debug, Clone, Copy)]
pub struct Synthetic {
    sectors: SectorCount,
    seed: u64,
}

impl Synthetic {
    pub fn new(sectors: SectorCount, seed: u64) -> Self {
        Self { sectors, seed }
    }

    /// The content of one sector.
    pub fn fill(self, at: Lba, sector: &mut [u8]) {
        const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
        let mut word = mixed(self.seed.wrapping_add(u64::from(at.0).wrapping_mul(GOLDEN)));
        for eight in sector.chunks_mut(8) {
            word = word.wrapping_add(GOLDEN);
            for (to, from) in eight.iter_mut().zip((word ^ (word >> 29)).to_le_bytes()) {
                *to = from;
            }
        }
    }
}

/// Every bit of the result depends on every bit of `word` (the finish of splitmix64).
fn mixed(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ (word >> 31)
}

impl SectorSource for Synthetic {
    fn sector_count(&self) -> SectorCount {
        self.sectors
    }

    fn read_sectors(&mut self, start: Lba, buffer: &mut [u8]) -> Result<(), SourceError> {
        within(self.sectors, start, buffer)?;
        for (lba, sector) in (start.0..=u32::MAX).zip(buffer.chunks_mut(SECTOR_BYTES)) {
            self.fill(Lba(lba), sector);
        }
        Ok(())
    }
}

/// Whether `buffer` can be filled from `start` on with what has `sectors`.
fn within(sectors: SectorCount, start: Lba, buffer: &[u8]) -> Result<(), SourceError> {
    let wanted = u32::try_from(buffer.len().div_ceil(SECTOR_BYTES)).map_or(u32::MAX, |count| count);
    match start.checked_add(SectorCount(wanted)) {
        Some(end) if end.0 <= sectors.0 => Ok(()),
        _ => Err(SourceError::Beyond { at: start.max(SectorRange::first(sectors).end()) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn file_of(bytes: &[u8]) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        file
    }

    #[test]
    fn a_file_is_read_where_its_sectors_lie() {
        let bytes: Vec<u8> = (0..3_u8).flat_map(|n| [n; SECTOR_BYTES]).collect();
        let file = file_of(&bytes);
        let mut image = ImageFile::open(file.path()).unwrap();
        assert_eq!(image.sector_count(), SectorCount(3));
        let mut buffer = vec![0xEE; 2 * SECTOR_BYTES];
        image.read_sectors(Lba(1), &mut buffer).unwrap();
        assert_eq!(buffer, bytes[SECTOR_BYTES..]);
        assert!(matches!(image.read_sectors(Lba(2), &mut buffer), Err(SourceError::Beyond { at: Lba(3) })));
    }

    #[test]
    fn the_largest_disc_there_can_be_ends_with_its_last_sector() {
        let mut disc = Synthetic::new(SectorCount(u32::MAX), 1);
        let mut buffer = vec![0; SECTOR_BYTES];
        assert!(disc.read_sectors(Lba(u32::MAX - 1), &mut buffer).is_ok());
        assert!(disc.read_sectors(Lba(u32::MAX), &mut buffer).is_err());
    }

    #[test]
    fn a_file_with_half_a_sector_is_refused_with_its_size() {
        let file = file_of(&[0; 5000]);
        let error = ImageFile::open(file.path()).unwrap_err().to_string();
        assert!(error.contains("5000 bytes"), "{error}");
        assert!(matches!(ImageFile::open(file_of(&[]).path()), Err(ContentError::Empty { .. })));
        assert!(matches!(ImageFile::open(Path::new("/nowhere/at/all")), Err(ContentError::Io { .. })));
    }

    #[test]
    fn a_synthetic_disc_of_128_gb_takes_no_memory() {
        let mut disc = Synthetic::new(SectorCount(62_500_864), 7);
        let (mut last, mut again) = (vec![0; SECTOR_BYTES], vec![0; 2 * SECTOR_BYTES]);
        disc.read_sectors(Lba(62_500_863), &mut last).unwrap();
        disc.read_sectors(Lba(62_500_862), &mut again).unwrap();
        assert_eq!(last, again[SECTOR_BYTES..]);
        assert_ne!(again[..SECTOR_BYTES], again[SECTOR_BYTES..]);
        assert!(disc.read_sectors(Lba(62_500_863), &mut again).is_err());
    }
}
