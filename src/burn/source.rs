//! This module knows where an image comes from: a file, or a stream that ends when it ends.

use std::fmt;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use super::Size;
use crate::image::{ImageFile, Opening, Storage};
use crate::pipeline::{Feed, RingShape};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount};

/// 32 MiB: a second and a half of the fastest writer, so that a disk that hesitates is no underrun.
pub(super) const RING: RingShape = RingShape { buffers: 128, sectors: SectorCount(128) };

/// An image to burn.
pub enum Source {
    File { path: PathBuf, file: Box<dyn ImageFile>, bytes: u64 },
    Stream(Box<dyn Read + Send>),
}

/// The source could not be read to its end.
#[derive(Debug, thiserror::Error)]
#[error("the image cannot be read at byte {at}")]
pub struct SourceError {
    pub at: u64,
    #[source]
    pub source: io::Error,
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::File { path, bytes, .. } => {
                f.debug_struct("File").field("path", path).field("bytes", bytes).finish()
            }
            Source::Stream(_) => f.write_str("Stream"),
        }
    }
}

impl Source {
    /// # Errors
    /// Where the file cannot be read.
    pub fn open(storage: &dyn Storage, path: &Path) -> io::Result<Self> {
        let file = storage.open(path, Opening::Reading)?;
        let bytes = file.len()?;
        Ok(Source::File { path: path.to_owned(), file, bytes })
    }

    pub fn size(&self) -> Size {
        match self {
            Source::File { bytes, .. } => Size::Known(*bytes),
            Source::Stream(_) => Size::Unknown,
        }
    }

    /// The file, where it is one.
    pub(super) fn file(&self) -> Option<&dyn ImageFile> {
        match self {
            Source::File { file, .. } => Some(file.as_ref()),
            Source::Stream(_) => None,
        }
    }

    /// Reads all of it into the pipeline, in whole buffers but for the last; addresses count from the image's beginning.
    pub(super) fn read_into(&mut self, feed: &mut Feed<'_>, stop: &AtomicBool) -> Result<(), SourceError> {
        let mut at = 0_u64;
        loop {
            // Who writes has ended, and says why.
            let Ok(mut buffer) = feed.buffer() else { return Ok(()) };
            if stop.load(Ordering::Relaxed) {
                return Ok(());
            }
            let read = match self {
                Source::File { file, bytes, .. } => {
                    let left = usize::try_from(bytes.saturating_sub(at)).unwrap_or(usize::MAX);
                    let room = buffer.len().min(left);
                    file.read_at(at, buffer.get_mut(..room).unwrap_or_default()).map(|()| room)
                }
                Source::Stream(stream) => fill(stream.as_mut(), &mut buffer),
            };
            let length = match read {
                Ok(length) => length,
                // A stream that was asked to stop is cut, and nobody wonders.
                Err(_) if stop.load(Ordering::Relaxed) => return Ok(()),
                Err(source) => return Err(SourceError { at, source }),
            };
            if length == 0 {
                feed.give_back(buffer);
                return Ok(());
            }
            let is_last = length < buffer.len();
            let start = Lba(u32::try_from(at / SECTOR_BYTES as u64).unwrap_or(u32::MAX));
            if feed.send(start, buffer, length).is_err() || is_last {
                return Ok(());
            }
            at = at.saturating_add(length as u64);
        }
    }
}

/// As much as there is, up to all of `buffer`.
fn fill(stream: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0_usize;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match stream.read(rest) {
            Ok(0) => break,
            Ok(count) => filled = filled.saturating_add(count),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
