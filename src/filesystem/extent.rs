//! This module knows where the bytes of a file lie in an image.

use std::ops::Deref;

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

/// Those of one file, in the order of its bytes.
#[derive(Debug, Clone, Copy)]
pub enum Extents<'a> {
    Alone([Extent; 1]),
    Many(&'a [Extent]),
}

impl Deref for Extents<'_> {
    type Target = [Extent];

    fn deref(&self) -> &[Extent] {
        match self {
            Extents::Alone(alone) => alone,
            Extents::Many(many) => many,
        }
    }
}

impl<'a> From<&'a [Extent]> for Extents<'a> {
    fn from(extents: &'a [Extent]) -> Self {
        Extents::Many(extents)
    }
}

impl PartialEq for Extents<'_> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Extents<'_> {}

impl<'a> IntoIterator for Extents<'a> {
    type Item = Extent;
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        match self {
            Extents::Alone([alone]) => Iter { first: Some(alone), rest: [].iter() },
            Extents::Many(many) => Iter { first: None, rest: many.iter() },
        }
    }
}

/// Goes through [`Extents`].
#[derive(Debug, Clone)]
pub struct Iter<'a> {
    first: Option<Extent>,
    rest: std::slice::Iter<'a, Extent>,
}

impl Iterator for Iter<'_> {
    type Item = Extent;

    fn next(&mut self) -> Option<Extent> {
        self.first.take().or_else(|| self.rest.next().copied())
    }
}
