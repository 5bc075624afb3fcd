//! This module knows a trip over an image file: its bytes in order, to as many consumers as there are.

use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use super::digesting::{Digesting, Digests, Wanted};
use crate::clock::Clock;
use crate::event::{Phase, Scale, Teller};
use crate::image::ImageFile;
use crate::pipeline::{Consumer, RingShape, fan_out};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount};

/// 256 KiB: large enough to make the calls cheap, small enough that two threads find it in the cache.
const SHAPE: RingShape = RingShape { buffers: 16, sectors: SectorCount(128) };

/// Why a file was not read to its end.
#[derive(Debug, thiserror::Error)]
pub enum FilePassError {
    #[error("interrupted")]
    Interrupted,
    #[error("the file cannot be read at byte {offset}")]
    Read { offset: u64, source: io::Error },
    /// Of an image that it is compared with.
    #[error("the other image cannot be read at byte {offset}")]
    Other { offset: u64, source: io::Error },
}

/// With what a pass over a file works.
#[derive(Clone, Copy)]
pub struct FilePass<'a> {
    pub clock: &'a dyn Clock,
    pub teller: &'a Teller<'a>,
    pub stop: &'a AtomicBool,
    pub phase: Phase,
}

impl FilePass<'_> {
    /// Reads these bytes of the file, in order, into `consumers`; each stretch begins where a sector does.
    ///
    /// # Errors
    /// Where the file cannot be read, a consumer failed, or the job was stopped.
    pub fn run(
        &self,
        file: &dyn ImageFile,
        stretches: &[Range<u64>],
        consumers: Vec<&mut dyn Consumer<FilePassError>>,
    ) -> Result<(), FilePassError> {
        let bytes = stretches.iter().map(|s| s.end.saturating_sub(s.start)).fold(0, u64::saturating_add);
        let total =
            SectorCount::whole_in(bytes.saturating_add(SECTOR_BYTES as u64 - 1)).unwrap_or(SectorCount(u32::MAX));
        self.teller.begin(self.phase, SectorCount(0), total, Scale::default());
        let (read, consumed) = fan_out(SHAPE, self.clock, consumers, |feed| {
            for stretch in stretches {
                let mut offset = stretch.start;
                while offset < stretch.end {
                    if self.stop.load(Ordering::Relaxed) {
                        return Err(FilePassError::Interrupted);
                    }
                    // A consumer that stopped has its own error.
                    let Ok(mut buffer) = feed.buffer() else { return Ok(()) };
                    let left = usize::try_from(stretch.end.saturating_sub(offset)).unwrap_or(usize::MAX);
                    let room = buffer.len().min(left);
                    file.read_at(offset, buffer.get_mut(..room).unwrap_or_default())
                        .map_err(|source| FilePassError::Read { offset, source })?;
                    let start = Lba(u32::try_from(offset / SECTOR_BYTES as u64).unwrap_or(u32::MAX));
                    if feed.send(start, buffer, room).is_err() {
                        return Ok(());
                    }
                    offset = offset.saturating_add(room as u64);
                    let sectors = u32::try_from(room.div_ceil(SECTOR_BYTES)).unwrap_or(u32::MAX);
                    self.teller.advance(SectorCount(sectors));
                }
            }
            self.teller.done(total);
            Ok(())
        });
        self.teller.end();
        consumed.and(read)
    }

    /// The digests of `length` bytes.
    ///
    /// # Errors
    /// As [`FilePass::run`].
    pub fn digests(&self, file: &dyn ImageFile, length: u64, wanted: &Wanted) -> Result<Digests, FilePassError> {
        let mut digesting = Digesting::new(wanted);
        self.run(file, std::slice::from_ref(&(0..length)), digesting.consumers().collect())?;
        Ok(digesting.finish())
    }
}
