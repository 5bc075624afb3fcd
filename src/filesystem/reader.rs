//! This module knows how a parser reads: by bytes, a little at a time, from a source that may be damaged or cut.

use super::limits::Limits;
use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SectorSource, SourceError};

/// Directories and tables are asked for piece by piece; a drive would move its head for each.
const LINE_SECTORS: u32 = 32;
const LINE_BYTES: u64 = LINE_SECTORS as u64 * SECTOR_BYTES as u64;
/// 1 MiB in all: directories are read once, so that more would only be more memory to touch.
const MOST_LINES: usize = 16;

/// Why bytes could not be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The image ends before them; `at` is the first byte that is not there.
    #[error("the image ends at byte {at}")]
    Beyond { at: u64 },
    /// The sector that begins at this byte cannot be read.
    #[error("the sector at byte {at} cannot be read")]
    Unreadable { at: u64 },
    /// More was read than any filesystem needs, or the source failed altogether.
    #[error("nothing more is read")]
    Over,
}

/// Reads any bytes of a source, and remembers the sectors they came from for a while.
pub struct Reader<'a> {
    source: &'a mut dyn SectorSource,
    /// In bytes; the last sector need not be whole.
    length: u64,
    lines: Vec<Line>,
    /// Where among the lines the last bytes stood.
    latest: usize,
    uses: u64,
    bytes_left: u64,
    is_over: bool,
}

#[derive(Default)]
struct Line {
    /// `None` where nothing of it means anything.
    number: Option<u64>,
    /// Of whole sectors,
    bytes: Vec<u8>,
    /// of which so much belongs to the image.
    length: usize,
    /// By sector of the line.
    sectors: Vec<Had>,
    used: u64,
}

/// Whether a sector's bytes could be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Had {
    Yes,
    No,
    /// The line as a whole could not be read; each sector is asked for when it is needed, since on a damaged disc what nobody
    /// needs may cost a minute.
    Untried,
}

impl<'a> Reader<'a> {
    /// `length` is that of the image in bytes. Where that is no multiple of 2048, the source has one sector more than
    /// whole ones, filled up with anything, or else the rest cannot be read.
    pub fn new(source: &'a mut dyn SectorSource, length: u64, limits: &Limits) -> Self {
        Self {
            source,
            length,
            lines: Vec::new(),
            latest: 0,
            uses: 0,
            bytes_left: limits.metadata_bytes,
            is_over: false,
        }
    }

    /// The same source for another reader, where it costs nothing to read in two places.
    pub fn another(&self) -> Option<Box<dyn SectorSource + Send>> {
        self.source.another()
    }

    /// What may be read yet, in bytes.
    pub fn bytes_left(&self) -> u64 {
        self.bytes_left
    }

    /// Counts bytes that another reader read in place of this one.
    pub fn spend(&mut self, bytes: u64) {
        self.bytes_left = self.bytes_left.saturating_sub(bytes);
    }

    /// Of the image, in bytes.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Whether nothing more will be read, so that what was found is not all there is.
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// The `N` bytes at `at`.
    pub fn array<const N: usize>(&mut self, at: u64) -> Result<[u8; N], ReadError> {
        let mut bytes = [0; N];
        self.read(at, &mut bytes)?;
        Ok(bytes)
    }

    /// `length` bytes at `at`. Ask for no more than a sector or a block: what a length field says is not to be believed.
    pub fn bytes(&mut self, at: u64, length: usize) -> Result<Vec<u8>, ReadError> {
        let fits = at.checked_add(length as u64).is_some_and(|end| end <= self.length);
        if !fits {
            return Err(ReadError::Beyond { at: self.length });
        }
        let mut bytes = Vec::with_capacity(length);
        while bytes.len() < length {
            let found = self.piece(at.saturating_add(bytes.len() as u64), length.saturating_sub(bytes.len()))?;
            bytes.extend_from_slice(found);
        }
        Ok(bytes)
    }

    /// Fills `buffer` from byte `at` on. After an error nothing in it means anything.
    pub fn read(&mut self, at: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
        let end = at.checked_add(buffer.len() as u64).filter(|end| *end <= self.length);
        if end.is_none() {
            return Err(ReadError::Beyond { at: self.length });
        }
        let mut at = at;
        let mut rest = buffer;
        while !rest.is_empty() {
            let found = self.piece(at, rest.len())?;
            let Some((head, tail)) = rest.split_at_mut_checked(found.len()) else { break };
            head.copy_from_slice(found);
            at = at.saturating_add(found.len() as u64);
            rest = tail;
        }
        Ok(())
    }

    /// As many of the `most` bytes from `at` on as stand in one line: at least one.
    fn piece(&mut self, at: u64, most: usize) -> Result<&[u8], ReadError> {
        let number = at / LINE_BYTES;
        let offset = usize::try_from(at % LINE_BYTES).unwrap_or(0);
        let count = most.min(self.line(number)?.length.saturating_sub(offset));
        let Some(last_byte) = count.checked_sub(1) else { return Err(ReadError::Beyond { at }) };
        let (first, last) = (offset / SECTOR_BYTES, offset.saturating_add(last_byte) / SECTOR_BYTES);
        if let Some(bad) = self.first_bad(number, first, last)? {
            let start = at - offset as u64;
            return Err(ReadError::Unreadable { at: start + (bad * SECTOR_BYTES) as u64 });
        }
        self.line(number)?.bytes.get(offset..offset.saturating_add(count)).ok_or(ReadError::Beyond { at })
    }

    /// Of the sectors from `first` to `last` of a line, the first that cannot be read.
    fn first_bad(&mut self, number: u64, first: usize, last: usize) -> Result<Option<usize>, ReadError> {
        let is_bad = |line: &Line| (first..=last).find(|&sector| line.sectors.get(sector) != Some(&Had::Yes));
        let Some(bad) = is_bad(self.line(number)?) else { return Ok(None) };
        if self.line(number)?.sectors.get(bad) != Some(&Had::Untried) {
            return Ok(Some(bad));
        }
        self.try_sectors(first, last)?;
        Ok(is_bad(self.line(number)?))
    }

    fn line(&mut self, number: u64) -> Result<&Line, ReadError> {
        let is_it = |line: &Line| line.number == Some(number);
        if !self.lines.get(self.latest).is_some_and(is_it) {
            self.latest = match self.lines.iter().position(is_it) {
                Some(there) => there,
                None => self.load(number)?,
            };
        }
        self.uses += 1;
        let line = self.lines.get_mut(self.latest).ok_or(ReadError::Over)?;
        line.used = self.uses;
        Ok(line)
    }

    /// Asks for sectors of the latest line, which could not be read as a whole, from `first` to `last`: none of them is
    /// untried then.
    fn try_sectors(&mut self, first: usize, last: usize) -> Result<(), ReadError> {
        let line = self.lines.get_mut(self.latest).ok_or(ReadError::Over)?;
        let start = line.number.and_then(|number| SectorCount::whole_in(number.saturating_mul(LINE_BYTES)));
        let start = start.ok_or(ReadError::Over)?;
        let (each, _) = line.bytes.as_chunks_mut::<SECTOR_BYTES>();
        for ((sector, had), index) in
            each.iter_mut().zip(&mut line.sectors).zip(0_u32..).take(last.saturating_add(1)).skip(first)
        {
            if *had != Had::Untried {
                continue;
            }
            match self.source.read_sectors(Lba(start.0).saturating_add(SectorCount(index)), sector) {
                Ok(()) => *had = Had::Yes,
                Err(SourceError::Beyond { .. } | SourceError::Unreadable { .. }) => *had = Had::No,
                Err(SourceError::Failed { .. }) => {
                    line.number = None;
                    self.is_over = true;
                    return Err(ReadError::Over);
                }
            }
        }
        Ok(())
    }

    /// Its place among the lines.
    fn load(&mut self, number: u64) -> Result<usize, ReadError> {
        if self.is_over {
            return Err(ReadError::Over);
        }
        let start = number.saturating_mul(LINE_BYTES);
        let Some(at) = SectorCount::whole_in(start).map(|count| Lba(count.0)) else {
            return Err(ReadError::Beyond { at: start });
        };
        let left = self.length.saturating_sub(start).min(LINE_BYTES);
        let Some(left_after) = self.bytes_left.checked_sub(left) else {
            self.is_over = true;
            return Err(ReadError::Over);
        };
        self.bytes_left = left_after;
        let sectors = usize::try_from(left.div_ceil(SECTOR_BYTES as u64)).unwrap_or(0);
        let place = self.place_for_another();
        let line = self.lines.get_mut(place).ok_or(ReadError::Over)?;
        line.number = None;
        line.bytes.resize(sectors * SECTOR_BYTES, 0);
        line.length = usize::try_from(left).unwrap_or(0);
        let had = match self.source.read_sectors(at, &mut line.bytes) {
            Ok(()) => Had::Yes,
            Err(SourceError::Failed { .. }) => {
                self.is_over = true;
                return Err(ReadError::Over);
            }
            Err(SourceError::Beyond { .. } | SourceError::Unreadable { .. }) => Had::Untried,
        };
        line.sectors.clear();
        line.sectors.resize(sectors, had);
        line.number = Some(number);
        Ok(place)
    }

    /// A new line, or that whose last use is longest ago.
    fn place_for_another(&mut self) -> usize {
        let oldest = self.lines.iter().enumerate().min_by_key(|(_, line)| line.used);
        match oldest {
            Some((oldest, _)) if self.lines.len() >= MOST_LINES => oldest,
            Some(_) | None => {
                self.lines.push(Line::default());
                self.lines.len() - 1
            }
        }
    }
}

#[cfg(test)]
mod tests;
