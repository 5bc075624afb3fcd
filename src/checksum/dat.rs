//! This module knows catalogues: DAT files, which say what the files of known discs are called and which digests they
//! have. They are read as a stream, since some have hundreds of thousands of files.

mod clrmamepro;
mod error;
mod source;
mod title;
mod xml;
mod zipped;

pub use error::DatError;
pub use zipped::{ZippedCatalogue, zipped_catalogues};

use super::{Algorithm, Digest};
use source::Source;
use std::io::Read;
use std::sync::Arc;

/// One file of a title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What the disc is called in the catalogue.
    pub title: Arc<str>,
    /// The file's name.
    pub rom: String,
    /// Bytes; some catalogues do not tell.
    pub size: Option<u64>,
    /// At most one of a kind; none where nobody has a good copy.
    pub digests: Vec<Digest>,
    pub status: Status,
    /// Where the title has several files that are not mere descriptions of others.
    pub track: Option<Track>,
}

/// What the catalogue says of its own knowledge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Status {
    #[default]
    Good,
    /// Several copies agreed.
    Verified,
    /// Known to be wrong, but nobody has better.
    BadDump,
    /// Nobody has it.
    NoDump,
}

/// One of a title's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Track {
    /// Counted from 1, in the catalogue's order.
    pub number: usize,
    pub of: usize,
}

/// What a catalogue says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Header {
    pub name: String,
    pub version: String,
}

/// Which entries are worth keeping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted<'a> {
    All,
    /// Those of one of these sizes in bytes, and those that have digests but tell no size.
    Sizes(&'a [u64]),
}

/// A catalogue, as far as it was wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Catalogue {
    pub header: Header,
    pub entries: Vec<Entry>,
    /// How many titles there are, wanted or not.
    pub titles: u64,
    /// How many files there are, wanted or not.
    pub files: u64,
}

/// Entries of one size are few in a catalogue of discs.
const KEPT: usize = 65_536;

impl Catalogue {
    /// Reads XML as of Logiqx, or the text of ClrMamePro; the first letter tells which.
    pub fn parse(input: impl Read, wanted: Wanted<'_>) -> Result<Self, DatError> {
        Self::from_source(Source::new(input), wanted)
    }

    fn from_source(source: Source<impl Read>, wanted: Wanted<'_>) -> Result<Self, DatError> {
        let mut catalogue = Self::default();
        let mut last: Option<Arc<str>> = None;
        let mut left_out: usize = 0;
        catalogue.header = visit_source(source, &mut |entry| {
            catalogue.files = catalogue.files.saturating_add(1);
            if last.as_ref().is_none_or(|title| !Arc::ptr_eq(title, &entry.title)) {
                catalogue.titles = catalogue.titles.saturating_add(1);
                last = Some(entry.title.clone());
            }
            if wanted.has(&entry) {
                match catalogue.entries.len() < KEPT {
                    true => catalogue.entries.push(entry),
                    false => left_out = left_out.saturating_add(1),
                }
            }
        })?;
        match left_out {
            0 => Ok(catalogue),
            _ => Err(DatError::TooMany { limit: KEPT }),
        }
    }
}

impl Wanted<'_> {
    fn has(self, entry: &Entry) -> bool {
        match (self, entry.size) {
            (Self::All, _) => true,
            (Self::Sizes(sizes), Some(size)) => sizes.contains(&size),
            (Self::Sizes(_), None) => !entry.digests.is_empty(),
        }
    }
}

/// Hands every entry of a catalogue to `visitor`, in order, and keeps none.
pub fn visit_catalogue(input: impl Read, visitor: &mut dyn FnMut(Entry)) -> Result<Header, DatError> {
    visit_source(Source::new(input), visitor)
}

fn visit_source<R: Read>(mut source: Source<R>, visitor: &mut dyn FnMut(Entry)) -> Result<Header, DatError> {
    match source.first_letter()? {
        Some(b'<') => xml::visit(source, visitor),
        Some(_) => clrmamepro::visit(source, visitor),
        None => Err(DatError::NotACatalogue { found: "nothing".to_owned() }),
    }
}

impl Entry {
    pub fn digest(&self, algorithm: Algorithm) -> Option<&Digest> {
        self.digests.iter().find(|digest| digest.algorithm() == algorithm)
    }
}

#[cfg(test)]
mod tests;
