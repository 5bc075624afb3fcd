//! This module knows how long stretches of bytes are read from sectors, around those that cannot be.

use std::ops::Range;

use super::{Lost, Part};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SectorSource, SourceError};

/// Small files are read together with their neighbours: a drive takes a command for each, and a millisecond.
const WINDOW_SECTORS: usize = 32;

/// The sectors of an image, by bytes.
pub struct Sectors<'a> {
    source: &'a mut dyn SectorSource,
    /// In bytes; the last sector need not be whole.
    length: u64,
    window: Vec<u8>,
    /// The sector with which the window begins.
    window_start: u64,
    /// Where the last window that could not be read has a bad sector: no window goes there again, since a drive may
    /// take seconds each time.
    avoided: Range<u64>,
    /// The last one that was found bad, which is asked for once.
    bad: Option<(u64, Lost)>,
}

impl<'a> Sectors<'a> {
    /// `length` is that of the image in bytes. Where that is no multiple of 2048, the source has one sector more than
    /// whole ones, filled up with anything, or else the rest cannot be read.
    pub fn new(source: &'a mut dyn SectorSource, length: u64) -> Self {
        Self { source, length, window: Vec::new(), window_start: 0, avoided: 0..0, bad: None }
    }

    /// Of the image, in bytes.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// `wanted` bytes of the image from byte `at` on, or less, but never none.
    pub(super) fn read(&mut self, at: u64, wanted: u64, buffer: &mut [u8]) -> Result<Part, SourceError> {
        let Some(there) = self.length.checked_sub(at).filter(|there| *there > 0) else {
            return Ok(Part::Lost { length: wanted, why: Lost::BeyondEnd });
        };
        let wanted = wanted.min(there);
        let sector_bytes = SECTOR_BYTES as u64;
        let (first, lead) = (at / sector_bytes, usize::try_from(at % sector_bytes).unwrap_or(0));
        let needed = wanted.saturating_add(lead as u64).div_ceil(sector_bytes);
        let count = usize::try_from(needed).unwrap_or(usize::MAX).min(buffer.len() / SECTOR_BYTES);
        let Some(room) = buffer.get_mut(..count.saturating_mul(SECTOR_BYTES)) else {
            return Ok(Part::Lost { length: wanted, why: Lost::Unreadable });
        };
        let cut = |sectors: usize| {
            let bytes = sectors.saturating_mul(SECTOR_BYTES).saturating_sub(lead);
            bytes.min(usize::try_from(wanted).unwrap_or(usize::MAX))
        };
        match self.sectors(first, room)? {
            Ok(good) => {
                if lead > 0 {
                    room.copy_within(lead.min(room.len()).., 0);
                }
                Ok(Part::Bytes(cut(good)))
            }
            Err((bad, why)) => Ok(Part::Lost { length: cut(bad) as u64, why }),
        }
    }

    /// So many sectors at the front of `room` are good; or else so many there cannot be had.
    fn sectors(&mut self, first: u64, room: &mut [u8]) -> Result<Result<usize, (usize, Lost)>, SourceError> {
        let count = room.len() / SECTOR_BYTES;
        if self.bad.is_none_or(|(bad, _)| bad != first)
            && (self.by_window(first, room)? || count > 1 && self.whole(first, room)?.is_ok())
        {
            return Ok(Ok(count));
        }
        let mut good = 0;
        let mut lost: Option<(usize, Lost)> = None;
        for (sector, number) in room.chunks_mut(SECTOR_BYTES).zip(first..) {
            match (self.one(number, sector)?, &mut lost) {
                (None, None) => good += 1,
                (None, Some(_)) => break,
                (Some(why), None) if good == 0 => lost = Some((1, why)),
                (Some(why), Some((bad, before))) if why == *before => *bad += 1,
                (Some(_), _) => break,
            }
        }
        Ok(lost.map_or(Ok(good), Err))
    }

    /// Whether all of `room` came, which is false too where it is no small piece.
    fn by_window(&mut self, first: u64, room: &mut [u8]) -> Result<bool, SourceError> {
        if room.len() >= WINDOW_SECTORS * SECTOR_BYTES {
            return Ok(false);
        }
        if self.copy_from_window(first, room) {
            return Ok(true);
        }
        let end = match &self.avoided {
            avoided if avoided.contains(&first) => return Ok(false),
            avoided if avoided.start > first => avoided.start,
            _ => u64::MAX,
        };
        let left = self.length.div_ceil(SECTOR_BYTES as u64).min(end).saturating_sub(first);
        let sectors = usize::try_from(left).unwrap_or(usize::MAX).min(WINDOW_SECTORS);
        if sectors < 2 || sectors < room.len() / SECTOR_BYTES {
            return Ok(false);
        }
        let mut window = std::mem::take(&mut self.window);
        window.resize(sectors * SECTOR_BYTES, 0);
        match self.whole(first, &mut window)? {
            Ok(()) => (self.window, self.window_start) = (window, first),
            Err(at) => {
                let end = first.saturating_add(sectors as u64);
                self.avoided = u64::from(at.0).clamp(first, end.saturating_sub(1))..end;
            }
        }
        Ok(self.copy_from_window(first, room))
    }

    fn copy_from_window(&self, first: u64, room: &mut [u8]) -> bool {
        let found = first.checked_sub(self.window_start).and_then(|skip| {
            let start = usize::try_from(skip).ok()?.checked_mul(SECTOR_BYTES)?;
            self.window.get(start..start.checked_add(room.len())?)
        });
        found.map(|found| room.copy_from_slice(found)).is_some()
    }

    /// All of it at once; or else a sector that is in the way, though some sources say the first one for any.
    fn whole(&mut self, first: u64, room: &mut [u8]) -> Result<Result<(), Lba>, SourceError> {
        let Ok(start) = u32::try_from(first).map(Lba) else { return Ok(Err(Lba(u32::MAX))) };
        match self.source.read_sectors(start, room) {
            Ok(()) => Ok(Ok(())),
            Err(error @ SourceError::Failed { .. }) => Err(error),
            Err(SourceError::Beyond { at } | SourceError::Unreadable { at }) => Ok(Err(at)),
        }
    }

    /// Why this sector cannot be had.
    fn one(&mut self, number: u64, sector: &mut [u8]) -> Result<Option<Lost>, SourceError> {
        if let Some((_, why)) = self.bad.filter(|(bad, _)| *bad == number) {
            return Ok(Some(why));
        }
        let why = match SectorCount::whole_in(number.saturating_mul(SECTOR_BYTES as u64)) {
            None => Lost::BeyondEnd,
            Some(at) => match self.source.read_sectors(Lba(at.0), sector) {
                Ok(()) => return Ok(None),
                Err(error @ SourceError::Failed { .. }) => return Err(error),
                Err(SourceError::Beyond { .. }) => Lost::BeyondEnd,
                Err(SourceError::Unreadable { .. }) => Lost::Unreadable,
            },
        };
        self.bad = Some((number, why));
        if self.avoided.contains(&number) {
            self.avoided = number..number.saturating_add(1);
        }
        Ok(Some(why))
    }
}
