//! This module knows why a catalogue cannot be read.

use std::io;

/// Why a catalogue cannot be read. Lines are counted from 1.
#[derive(Debug, thiserror::Error)]
pub enum DatError {
    #[error("line {line} (byte {byte}): {problem}")]
    Malformed { line: u64, byte: u64, problem: String },
    #[error("line {line}: a name or value of more than {limit} bytes")]
    TooLong { line: u64, limit: usize },
    #[error("line {line}: more than {limit} levels, one in the other")]
    TooDeep { line: u64, limit: usize },
    #[error("the end is missing: what line {line} opens is never closed")]
    Truncated { line: u64 },
    #[error("no catalogue: it begins with {found}")]
    NotACatalogue { found: String },
    #[error("larger than {limit} bytes")]
    TooLarge { limit: u64 },
    #[error("more than {limit} entries have the size of the image")]
    TooMany { limit: usize },
    #[error("not a usable zip archive: {0}")]
    Zip(String),
    #[error("the zip archive has no catalogue in it (.dat or .xml)")]
    NothingZipped,
    #[error("reading failed")]
    Io(#[source] io::Error),
}
