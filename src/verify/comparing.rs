//! This module knows how sectors are compared with those of another image while they stream past.

use std::io;

use super::FilePassError;
use super::file_pass::FilePassError as Error;
use crate::image::ImageFile;
use crate::pipeline::{Consumer, Piece};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SectorRange};

/// So many places are kept by their address; more are counted.
const MOST_RANGES: usize = 1000;

/// Of an image file that is longer than the other, so many bytes of zeros may be padding.
const MOST_IN_FILE: u64 = 600 * SECTOR_BYTES as u64;

/// How much longer ours may be by zeros, and still be the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Padding {
    /// A disc: writers pad, and some media report all that they can hold.
    OfDisc,
    /// An image: 600 sectors, which is more than programs pad with.
    OfFile,
}

/// How two images compare, sector by sector, as far as both go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likeness {
    /// Where they differ; the first thousand places.
    pub differing: Vec<SectorRange>,
    /// Sectors that differ, in all.
    pub differing_count: SectorCount,
    /// Sectors that both have, and that were compared.
    pub compared: SectorCount,
    /// Sectors of ours that could not be read, and so were not compared.
    pub unread: SectorCount,
    /// Bytes of ours and of the other.
    pub ours: u64,
    pub theirs: u64,
    /// The first byte of ours behind the end of the other that is no zero.
    pub data_behind: Option<u64>,
    pub padding: Padding,
}

impl Likeness {
    /// Whether all of the other is here, and nothing more than padding.
    pub fn is_same(&self) -> bool {
        self.differing_count.is_zero() && self.unread.is_zero() && !self.compared.is_zero() && self.is_as_long()
    }

    fn is_as_long(&self) -> bool {
        let Some(longer) = self.ours.checked_sub(self.theirs) else { return false };
        let is_padding = match self.padding {
            Padding::OfDisc => true,
            Padding::OfFile => longer <= MOST_IN_FILE,
        };
        self.data_behind.is_none() && is_padding
    }
}

/// Compares what passes with another image.
pub struct Comparing {
    other: Box<dyn ImageFile>,
    theirs: Vec<u8>,
    likeness: Likeness,
}

impl Comparing {
    /// # Errors
    /// Where the other image cannot be asked for its length.
    pub fn with(other: Box<dyn ImageFile>, padding: Padding) -> io::Result<Self> {
        let theirs = other.len()?;
        let likeness = Likeness {
            differing: Vec::new(),
            differing_count: SectorCount(0),
            compared: SectorCount(0),
            unread: SectorCount(0),
            ours: 0,
            theirs,
            data_behind: None,
            padding,
        };
        Ok(Self { other, theirs: Vec::new(), likeness })
    }

    /// What the other has from `end` on was not asked for.
    #[must_use]
    pub fn up_to(mut self, end: Lba) -> Self {
        self.likeness.theirs = self.likeness.theirs.min(end.byte_offset());
        self
    }

    pub fn finish(self) -> Likeness {
        self.likeness
    }

    fn compare(&mut self, start: Lba, ours: &[u8]) -> Result<(), FilePassError> {
        let offset = start.byte_offset();
        self.likeness.ours = self.likeness.ours.max(offset.saturating_add(ours.len() as u64));
        let there = self.likeness.theirs.saturating_sub(offset);
        let common = usize::try_from(there).unwrap_or(usize::MAX).min(ours.len());
        if self.likeness.data_behind.is_none() {
            let behind = ours.iter().skip(common).position(|&byte| byte != 0);
            let at = behind.map(|index| offset.saturating_add(common.saturating_add(index) as u64));
            self.likeness.data_behind = at;
        }
        if common == 0 {
            return Ok(());
        }
        self.theirs.resize(common, 0);
        self.other.read_at(offset, &mut self.theirs).map_err(|source| Error::Other { offset, source })?;
        let sectors = u32::try_from(common.div_ceil(SECTOR_BYTES)).unwrap_or(u32::MAX);
        self.likeness.compared = SectorCount(self.likeness.compared.0.saturating_add(sectors));
        let ours = ours.get(..common).unwrap_or_default();
        if ours == self.theirs {
            return Ok(());
        }
        let mut at = start;
        for (a, b) in ours.chunks(SECTOR_BYTES).zip(self.theirs.chunks(SECTOR_BYTES)) {
            if a != b {
                self.likeness.differs(at);
            }
            at = at.saturating_add(SectorCount(1));
        }
        Ok(())
    }
}

impl Likeness {
    fn differs(&mut self, at: Lba) {
        self.differing_count = SectorCount(self.differing_count.0.saturating_add(1));
        let one = SectorRange::with_count(at, SectorCount(1));
        let has_room = self.differing.len() < MOST_RANGES;
        match self.differing.last_mut() {
            Some(last) if last.end() == at => *last = SectorRange::new(last.start(), one.end()),
            _ if has_room => self.differing.push(one),
            _ => {}
        }
    }
}

/// The error of whoever runs the pipeline, which knows what it means that the other image cannot be read.
impl<E: From<FilePassError>> Consumer<E> for Comparing {
    fn take(&mut self, piece: &Piece) -> Result<(), E> {
        match piece {
            Piece::Data(block) => self.compare(block.start(), block.bytes())?,
            Piece::Gap(range) => {
                self.likeness.unread = SectorCount(self.likeness.unread.0.saturating_add(range.count().0));
                self.likeness.ours = self.likeness.ours.max(range.end().byte_offset());
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{Memory, Opening, Storage};
    use std::path::Path;

    fn comparing_with(bytes: &[u8], padding: Padding) -> Comparing {
        let storage = Memory::new();
        let file = storage.open(Path::new("/other"), Opening::New).unwrap();
        file.write_at(0, bytes).unwrap();
        Comparing::with(file, padding).unwrap()
    }

    #[test]
    fn differing_sectors_are_found() {
        let theirs = vec![1; 10 * SECTOR_BYTES];
        let mut ours = theirs.clone();
        for at in [2, 3, 7] {
            ours[at * SECTOR_BYTES + 5] = 9;
        }
        let mut comparing = comparing_with(&theirs, Padding::OfFile);
        comparing.compare(Lba(0), &ours).unwrap();
        let likeness = comparing.finish();
        assert_eq!(likeness.differing, [SectorRange::new(Lba(2), Lba(4)), SectorRange::new(Lba(7), Lba(8))]);
        assert_eq!(likeness.differing_count, SectorCount(3));
        assert!(!likeness.is_same());
    }

    /// Whether ours is the same that goes on like this behind the end of the other.
    fn is_same(padding: Padding, behind: &[u8]) -> bool {
        let mut comparing = comparing_with(&[1; 2 * SECTOR_BYTES], padding);
        comparing.compare(Lba(0), &[&[1; 2 * SECTOR_BYTES], behind].concat()).unwrap();
        comparing.finish().is_same()
    }

    #[test]
    fn a_disc_may_be_longer_by_zeros_and_by_nothing_else() {
        let mut comparing = comparing_with(&[1; 2 * SECTOR_BYTES], Padding::OfDisc);
        comparing.compare(Lba(0), &[[1; 2 * SECTOR_BYTES], [0; 2 * SECTOR_BYTES]].concat()).unwrap();
        comparing.compare(Lba(4), &[0; SECTOR_BYTES]).unwrap();
        let likeness = comparing.finish();
        assert!(likeness.is_same());
        assert_eq!((likeness.ours, likeness.theirs, likeness.data_behind), (5 * 2048, 2 * 2048, None));
        assert!(is_same(Padding::OfDisc, &[0; 700 * SECTOR_BYTES]));
        assert!(!is_same(Padding::OfDisc, &[7; SECTOR_BYTES]));
    }

    #[test]
    fn an_image_may_be_longer_by_as_many_zeros_as_programs_pad_with() {
        assert!(is_same(Padding::OfFile, &[]) && is_same(Padding::OfFile, &[0; 600 * SECTOR_BYTES]));
        assert!(!is_same(Padding::OfFile, &[0; 601 * SECTOR_BYTES]));
        let mut behind = [0; 3 * SECTOR_BYTES];
        behind[2 * SECTOR_BYTES + 5] = 1;
        assert!(!is_same(Padding::OfFile, &behind));
        let mut comparing = comparing_with(&[1; 2 * SECTOR_BYTES], Padding::OfFile);
        comparing.compare(Lba(0), &[[1; 2 * SECTOR_BYTES], [0; 2 * SECTOR_BYTES]].concat()).unwrap();
        comparing.compare(Lba(4), &behind).unwrap();
        assert_eq!(comparing.finish().data_behind, Some(6 * 2048 + 5));
    }

    #[test]
    fn the_first_piece_of_an_image_is_not_that_image() {
        let mut comparing = comparing_with(&[1; SECTOR_BYTES], Padding::OfFile);
        comparing.compare(Lba(0), &[1; 4 * SECTOR_BYTES]).unwrap();
        assert!(!comparing.finish().is_same());
    }
}
