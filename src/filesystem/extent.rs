//! This module knows where the bytes of a file lie in an image.

/// Consecutive bytes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Position in the image, in bytes; meaningless where nothing is recorded.
    pub start: u64,
    /// In bytes, of the file.
    pub length: u64,
    pub kind: ExtentKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExtentKind {
    Recorded,
    /// Space is set aside, and reads as zeros whatever stands there: UDF's type 1.
    Unrecorded,
    /// There is no space: UDF's type 2.
    Hole,
}

impl Extent {
    pub fn recorded(start: u64, length: u64) -> Self {
        Self { start, length, kind: ExtentKind::Recorded }
    }

    /// The first byte behind it.
    pub fn end(&self) -> u64 {
        self.start.saturating_add(self.length)
    }
}
