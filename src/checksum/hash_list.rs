//! This module knows hash lists: files that name files and say which digests they have.

mod emit;
mod escape;
mod foreign;
mod hashdeep;
mod line;
mod problem;
mod text;

pub use emit::list_line;
pub use problem::{ListError, ListProblem, ListWarning};

use super::{Algorithm, Digest};
use std::collections::HashMap;

/// Warnings kept; what comes after is counted only, so that a file which is no list does not fill the memory.
const WARNINGS: usize = 100;

/// What a hash list says, in the order of its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HashList {
    file_name: String,
    entries: Vec<ListEntry>,
    warnings: Vec<ListWarning>,
    bad_lines: usize,
    signature: Signature,
}

/// A digest, and the file that has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListEntry {
    /// Raw bytes as they stood in the list, path included, escapes undone: never open what they name.
    /// `None` for a digest that stands alone, and for one of a standard input.
    pub name: Option<Vec<u8>>,
    pub digest: Digest,
    /// Bytes, where the list tells.
    pub size: Option<u64>,
    /// Counted from 1.
    pub line: usize,
    separators: Separators,
}

/// Whether somebody signed the list. The signature itself is not checked here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signature {
    Absent,
    /// In clear around the lines, as of PGP.
    Unchecked,
}

/// What parts a path in a name. Windows' programs write `\`, which is a letter like others elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Separators {
    Slash,
    SlashAndBackslash,
}

impl HashList {
    /// `file_name` is the list's own: its ending tells SFV from the other forms, and SHA-256 from what is as long.
    ///
    /// # Errors
    /// With the number of the first line that is not understood, where no line is.
    pub fn parse(file_name: &str, bytes: &[u8]) -> Result<Self, ListError> {
        let reader = line::LineReader::of(file_name);
        let mut lines = text::Lines::new(bytes);
        let mut list = Self {
            file_name: file_name.to_owned(),
            entries: Vec::new(),
            warnings: Vec::new(),
            bad_lines: 0,
            signature: Signature::Absent,
        };
        let mut columns = None;
        let mut sizes = HashMap::new();
        for (number, line) in &mut lines {
            let understood = if let Some(header) = line.strip_prefix(b"%%%% ") {
                hashdeep::Columns::of(header).map(|named| columns = named.or(columns.take()))
            } else if reader.is_comment(line) {
                sizes.extend(text::size_comment(line));
                Ok(())
            } else if let Some(columns) = &columns {
                hashdeep::entries(columns, number, line).map(|found| list.entries.extend(found))
            } else {
                reader.entry(number, line).map(|found| list.entries.push(found))
            };
            if let Err(problem) = understood {
                list.warn(ListWarning { line: number, problem });
            }
        }
        list.signature = lines.signature();
        for entry in &mut list.entries {
            entry.size = entry.size.or_else(|| sizes.get(entry.name.as_deref()?).copied());
        }
        match list.warnings.first() {
            _ if !list.entries.is_empty() => Ok(list),
            Some(first) => Err(ListError::NoUsableLine(first.clone())),
            None => Err(ListError::Empty),
        }
    }

    fn warn(&mut self, warning: ListWarning) {
        self.bad_lines = self.bad_lines.saturating_add(1);
        if self.warnings.len() < WARNINGS {
            self.warnings.push(warning);
        }
    }

    pub fn file_name(&self) -> &str {
        &self.file_name
    }

    pub fn entries(&self) -> &[ListEntry] {
        &self.entries
    }

    /// The first hundred lines that were not understood, among others that were.
    pub fn warnings(&self) -> &[ListWarning] {
        &self.warnings
    }

    /// All lines that were not understood.
    pub fn bad_lines(&self) -> usize {
        self.bad_lines
    }

    pub fn signature(&self) -> Signature {
        self.signature
    }

    /// What the list says of a file of this name, whatever folder it stands in there. A digest without a name belongs
    /// to the file that the list is called after, and to any where the list has no names at all.
    pub fn for_name(&self, image_name: &[u8]) -> Vec<&ListEntry> {
        let image_name = last_part(image_name, Separators::Slash);
        let called_after =
            self.file_name.rsplit_once('.').map(|(stem, _)| last_part(stem.as_bytes(), Separators::Slash));
        let nameless = called_after == Some(image_name) || self.entries.iter().all(|entry| entry.name.is_none());
        self.entries
            .iter()
            .filter(|entry| match &entry.name {
                Some(name) => {
                    last_part(name, Separators::Slash) == image_name || last_part(name, entry.separators) == image_name
                }
                None => nameless,
            })
            .collect()
    }

    /// Where the list has this digest, under whatever name.
    pub fn by_digest(&self, digest: &Digest) -> impl Iterator<Item = &ListEntry> {
        self.entries.iter().filter(move |entry| entry.digest == *digest)
    }

    /// What has to be computed of a file of this name, weakest first: what the list says of it, or anything that the
    /// list has where it does not name it, since it may be there under another name.
    pub fn wanted_algorithms(&self, image_name: &[u8]) -> Vec<Algorithm> {
        let named = self.for_name(image_name);
        let digests: Vec<&Digest> = match named.is_empty() {
            true => self.entries.iter().map(|entry| &entry.digest).collect(),
            false => named.iter().map(|entry| &entry.digest).collect(),
        };
        Algorithm::ALL.into_iter().filter(|a| digests.iter().any(|digest| digest.algorithm() == *a)).collect()
    }
}

/// The file's own name at the end of a path.
fn last_part(path: &[u8], separators: Separators) -> &[u8] {
    let parts = |byte: &u8| *byte == b'/' || (*byte == b'\\' && separators == Separators::SlashAndBackslash);
    path.rsplit(parts).next().unwrap_or(path)
}

#[cfg(test)]
mod tests;
