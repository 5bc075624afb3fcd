//! This module knows how sectors reach the image file, and how the map is kept from ever claiming too much.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crossbeam_channel::{Sender, TrySendError, bounded};

use crate::clock::Clock;
use crate::image::{BlockStatus, ImageFile, RescueMap, Storage};
use crate::pipeline::{Consumer, Piece};
use crate::sector::{SECTOR_BYTES, SectorCount, SectorRange};

/// After a power cut, no more than this is lost.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(5);

/// What could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("cannot write {}", path.display())]
    Image { path: PathBuf, source: io::Error },
    /// What was written since the last checkpoint may be lost, and no later sync will say so.
    #[error("cannot bring {} to stable storage", path.display())]
    Sync { path: PathBuf, source: io::Error },
    #[error("cannot write the map {}", path.display())]
    Map { path: PathBuf, source: io::Error },
    #[error("cannot write to the output")]
    Stream { source: io::Error },
}

impl WriteError {
    pub fn io(&self) -> &io::Error {
        match self {
            Self::Image { source, .. }
            | Self::Sync { source, .. }
            | Self::Map { source, .. }
            | Self::Stream { source } => source,
        }
    }
}

/// Where an unfinished rip is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    pub part: PathBuf,
    pub map: PathBuf,
}

impl Unfinished {
    /// Data to stable storage first, then the map that tells of it.
    ///
    /// # Errors
    /// Where either cannot be written.
    pub fn save(&self, storage: &dyn Storage, file: &dyn ImageFile, map: &RescueMap) -> Result<(), WriteError> {
        file.sync_data().map_err(|source| WriteError::Sync { path: self.part.clone(), source })?;
        save_map(storage, &self.map, map)
    }
}

/// Writes the map alone: for one that claims nothing new.
///
/// # Errors
/// Where it cannot be written.
pub fn save_map(storage: &dyn Storage, path: &Path, map: &RescueMap) -> Result<(), WriteError> {
    storage.write_durably(path, &map.emit()).map_err(|source| WriteError::Map { path: path.to_owned(), source })
}

/// The writer's end of [`checkpointing`].
pub struct Checkpoints<'a> {
    snapshots: Sender<RescueMap>,
    failure: &'a Mutex<Option<WriteError>>,
}

impl Checkpoints<'_> {
    /// Has this map saved, unless the one before is still on its way: the writer does not wait for a disk's sync.
    fn offer(&self, map: &RescueMap) -> Result<(), WriteError> {
        match self.snapshots.try_send(map.clone()) {
            Ok(()) | Err(TrySendError::Full(_)) => Ok(()),
            Err(TrySendError::Disconnected(_)) => match self.taken_failure() {
                Some(failure) => Err(failure),
                None => Ok(()),
            },
        }
    }

    fn taken_failure(&self) -> Option<WriteError> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Runs `job` while a thread of its own brings what was written, and then the map of it, to stable storage.
/// A map is handed over as it was before its sync begins, so it claims nothing that the sync does not cover.
///
/// # Errors
/// Beside what the job returns: what went wrong with a checkpoint of which the writer has not heard.
pub fn checkpointing<R>(
    storage: &dyn Storage,
    unfinished: &Unfinished,
    file: &dyn ImageFile,
    job: impl FnOnce(&Checkpoints<'_>) -> R,
) -> (R, Result<(), WriteError>) {
    let failure = Mutex::new(None);
    let (snapshots, taken) = bounded::<RescueMap>(1);
    let result = thread::scope(|scope| {
        let failure = &failure;
        scope.spawn(move || {
            // Moved in, so that it is dropped on an error: that is how the writer hears of it.
            let taken = taken;
            for map in &taken {
                if let Err(error) = unfinished.save(storage, file, &map) {
                    *failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                    return;
                }
            }
        });
        let checkpoints = Checkpoints { snapshots, failure };
        let result = job(&checkpoints);
        drop(checkpoints);
        result
    });
    let failure = failure.into_inner().unwrap_or_else(PoisonError::into_inner);
    (result, failure.map_or(Ok(()), Err))
}

/// Writes each sector to its place, and marks it in the map.
pub struct ImageWriter<'a> {
    pub map: RescueMap,
    file: &'a dyn ImageFile,
    path: &'a Path,
    checkpoints: &'a Checkpoints<'a>,
    clock: &'a dyn Clock,
    last_checkpoint: Duration,
    /// Up to here the file may have bytes of an earlier call that its map did not claim.
    written_before: u64,
}

impl<'a> ImageWriter<'a> {
    pub fn new(
        map: RescueMap,
        file: &'a dyn ImageFile,
        path: &'a Path,
        checkpoints: &'a Checkpoints<'a>,
        clock: &'a dyn Clock,
    ) -> Self {
        let written_before = file.len().unwrap_or(u64::MAX);
        Self { map, file, path, checkpoints, clock, last_checkpoint: clock.now(), written_before }
    }

    /// What could not be read is zeros, in the file as for the digests.
    fn clear(&self, range: SectorRange) -> io::Result<()> {
        const ZEROS: [u8; SECTOR_BYTES] = [0; SECTOR_BYTES];
        for sector in range.pieces(SectorCount(1)) {
            let offset = sector.start().byte_offset();
            if offset >= self.written_before {
                break;
            }
            self.file.write_at(offset, &ZEROS)?;
        }
        Ok(())
    }
}

impl Consumer<WriteError> for ImageWriter<'_> {
    fn take(&mut self, piece: &Piece) -> Result<(), WriteError> {
        match piece {
            Piece::Data(block) => {
                self.file
                    .write_at(block.start().byte_offset(), block.bytes())
                    .map_err(|source| WriteError::Image { path: self.path.to_owned(), source })?;
                let sectors = u32::try_from(block.bytes().len() / SECTOR_BYTES).unwrap_or(0);
                let range = SectorRange::with_count(block.start(), SectorCount(sectors));
                self.map.mark(range, BlockStatus::Finished);
            }
            Piece::Gap(range) => {
                self.clear(*range).map_err(|source| WriteError::Image { path: self.path.to_owned(), source })?;
                self.map.mark(*range, BlockStatus::BadSector);
            }
        }
        let now = self.clock.now();
        if now.saturating_sub(self.last_checkpoint) >= CHECKPOINT_EVERY {
            self.last_checkpoint = now;
            self.checkpoints.offer(&self.map)?;
        }
        Ok(())
    }
}

/// Writes sectors to a stream, in order, with zeros where they could not be read.
pub struct StreamWriter<W> {
    pub stream: W,
}

/// The error of whoever runs the pipeline: others take the sectors beside this.
impl<W: Write + Send, E: From<WriteError>> Consumer<E> for StreamWriter<W> {
    fn take(&mut self, piece: &Piece) -> Result<(), E> {
        let written = match piece {
            Piece::Data(block) => self.stream.write_all(block.bytes()),
            Piece::Gap(range) => {
                io::copy(&mut io::Read::take(io::repeat(0), range.count().bytes()), &mut self.stream).map(|_| ())
            }
        };
        written.map_err(|source| WriteError::Stream { source }.into())
    }

    fn finish(&mut self) -> Result<(), E> {
        self.stream.flush().map_err(|source| WriteError::Stream { source }.into())
    }
}
