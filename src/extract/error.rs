//! This module knows why an extraction cannot go on.

use std::io;

use crate::sector::SourceError;

/// Why no more is extracted.
#[derive(Debug, thiserror::Error)]
pub enum ExtractError {
    #[error("interrupted")]
    Interrupted,
    /// The image or the drive.
    #[error("nothing more can be read")]
    Read { source: SourceError },
    /// The disk is full, say; `path` as it would be made, from the directory that is extracted to.
    #[error("cannot write {}", String::from_utf8_lossy(path))]
    Write { path: Vec<u8>, source: io::Error },
    /// In bytes. A few kilobytes can claim to be terabytes, by saying the same ones again and again.
    #[error("the files come to {files} bytes, and the image has {image}")]
    Swollen { files: u64, image: u64 },
}
