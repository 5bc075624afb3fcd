//! This module knows who says how large a disc is.

use std::fmt;

use crate::sector::SectorCount;

/// One voice on how many sectors the disc has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Claim {
    pub source: ClaimSource,
    pub sectors: SectorCount,
}

/// Whose voice it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClaimSource {
    /// The answer to READ CAPACITY.
    ReadCapacity,
    /// The lead-out in the table of contents.
    TableOfContents,
    /// The last track's start and size.
    Track,
    /// The last track's last recorded address.
    LastRecorded,
    /// Where the last track would be written next.
    NextWritable,
    /// DVD: physical format information; BD: disc information.
    Structure,
    /// What the filesystem needs.
    Filesystem,
    /// What the kernel believes.
    Kernel,
    /// What reading showed.
    Trial,
}

impl ClaimSource {
    /// The word of the JSON output.
    pub fn name(self) -> &'static str {
        match self {
            Self::ReadCapacity => "read_capacity",
            Self::TableOfContents => "toc",
            Self::Track | Self::LastRecorded | Self::NextWritable => "track",
            Self::Structure => "structure",
            Self::Filesystem => "filesystem",
            Self::Kernel => "kernel",
            Self::Trial => "trial",
        }
    }
}

/// As in "{source} says 4,000 sectors".
impl fmt::Display for ClaimSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ReadCapacity => "the drive's capacity",
            Self::TableOfContents => "the table of contents",
            Self::Track => "the last track's size",
            Self::LastRecorded => "the last track's last recorded sector",
            Self::NextWritable => "the last track's next writable sector",
            Self::Structure => "the disc's own description",
            Self::Filesystem => "the filesystem",
            Self::Kernel => "the kernel",
            Self::Trial => "reading",
        })
    }
}
