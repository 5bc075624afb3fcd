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

/// So much of a stream is looked at before it is burnt: more than its descriptors and, mostly, its root directory need.
const HEAD_BYTES: usize = 4 << 20;

/// The beginning of an image, or all of it.
pub(super) enum Head<'a> {
    /// With its length.
    File(&'a dyn ImageFile, u64),
    Stream(Vec<u8>),
}

impl Head<'_> {
    /// Of as many as `most` those that are there.
    pub(super) fn sectors_up_to(&self, at: Lba, most: SectorCount) -> Option<Vec<u8>> {
        let length = match self {
            Head::File(_, length) => *length,
            Head::Stream(bytes) => bytes.len() as u64,
        };
        let there = SectorCount::whole_in(length.saturating_sub(at.byte_offset()))?;
        self.sectors(at, there.min(most))
    }

    /// `None` where the image, or what is known of it, does not go so far.
    pub(super) fn sectors(&self, at: Lba, count: SectorCount) -> Option<Vec<u8>> {
        let length = usize::try_from(count.bytes()).ok()?;
        match self {
            Head::File(file, _) => {
                let mut bytes = vec![0; length];
                file.read_at(at.byte_offset(), &mut bytes).ok().map(|()| bytes)
            }
            Head::Stream(bytes) => {
                let from = usize::try_from(at.byte_offset()).ok()?;
                bytes.get(from..from.checked_add(length)?).map(<[u8]>::to_vec)
            }
        }
    }
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

    /// Waits for the first byte of a stream.
    ///
    /// # Errors
    /// Where there is none, and not because it ends.
    pub(super) fn is_empty(&mut self) -> Result<bool, SourceError> {
        let stream = match self {
            Source::File { bytes, .. } => return Ok(*bytes == 0),
            Source::Stream(stream) => stream,
        };
        let mut first = [0];
        if fill(stream.as_mut(), &mut first).map_err(|source| SourceError { at: 0, source })? == 0 {
            return Ok(true);
        }
        let rest = std::mem::replace(stream, Box::new(io::empty()));
        *stream = Box::new(io::Cursor::new(first).chain(rest));
        Ok(false)
    }

    /// The file, where it is one.
    pub(super) fn file(&self) -> Option<&dyn ImageFile> {
        match self {
            Source::File { file, .. } => Some(file.as_ref()),
            Source::Stream(_) => None,
        }
    }

    /// What can be looked at before it is burnt. Of a stream that is read, and burnt all the same.
    pub(super) fn head(&mut self) -> Result<Head<'_>, SourceError> {
        match self {
            Source::File { file, bytes, .. } => Ok(Head::File(&**file, *bytes)),
            Source::Stream(stream) => {
                let mut bytes = vec![0; HEAD_BYTES];
                let length = fill(stream.as_mut(), &mut bytes).map_err(|source| SourceError { at: 0, source })?;
                bytes.truncate(length);
                let rest = std::mem::replace(stream, Box::new(io::empty()));
                *stream = Box::new(io::Cursor::new(bytes.clone()).chain(rest));
                Ok(Head::Stream(bytes))
            }
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
