//! This module knows how a drive is a source of sectors for those who just want to look.

use super::read::{Cache, ReadHow};
use super::{Drive, DriveError, ReadFailure};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SectorSource, SourceError};

/// Plain reads, with a second try of each sector past the drive's memory. No account is kept.
impl SectorSource for Drive {
    fn sector_count(&self) -> SectorCount {
        self.size_so_far()
    }

    fn read_sectors(&mut self, start: Lba, buffer: &mut [u8]) -> Result<(), SourceError> {
        let mut at = start;
        let mut rest = buffer;
        while !rest.is_empty() {
            let most = usize::try_from(self.max_read().bytes()).unwrap_or(SECTOR_BYTES).min(rest.len());
            let (piece, behind) = rest.split_at_mut(most);
            self.read_piece(at, piece)?;
            let read = SectorCount::whole_in(piece.len() as u64).unwrap_or_default();
            at = at.checked_add(read).ok_or(SourceError::Beyond { at })?;
            rest = behind;
        }
        Ok(())
    }
}

impl Drive {
    fn read_piece(&mut self, start: Lba, piece: &mut [u8]) -> Result<(), SourceError> {
        match self.read(start, piece, &ReadHow::default()) {
            Ok(_) => return Ok(()),
            Err(ReadFailure::Stopped(error)) => return Err(failed(start, error)),
            Err(_) => {}
        }
        let mut at = start;
        for sector in piece.chunks_mut(SECTOR_BYTES) {
            self.read_one(at, sector)?;
            at = at.saturating_add(SectorCount(1));
        }
        Ok(())
    }

    fn read_one(&mut self, at: Lba, sector: &mut [u8]) -> Result<(), SourceError> {
        const LOOKS: [Cache; 2] = [Cache::Allowed, Cache::Bypassed];
        for cache in LOOKS {
            match self.read(at, sector, &ReadHow { cache, timeout: None }) {
                Ok(_) => return Ok(()),
                Err(ReadFailure::Beyond) => return Err(SourceError::Beyond { at }),
                Err(ReadFailure::Stopped(error)) => return Err(failed(at, error)),
                Err(ReadFailure::WrongKind | ReadFailure::Blank | ReadFailure::Protected(_)) => break,
                Err(ReadFailure::Unreadable { .. } | ReadFailure::TimedOut { .. } | ReadFailure::TooLarge) => {}
            }
        }
        Err(SourceError::Unreadable { at })
    }
}

fn failed(at: Lba, error: DriveError) -> SourceError {
    SourceError::Failed { at, source: Box::new(error) }
}
