//! This module knows how the bytes of a catalogue become text: counted, limited, and made UTF-8 where they are not.

use super::DatError;
use std::io::{self, BufRead, Read};

/// The largest catalogues have some 100 MB.
pub(super) const FILE_BYTES: u64 = 512 << 20;
/// A tag with all its attributes, or a text between two tags.
const ITEM_BYTES: usize = 1 << 20;
const CHUNK_BYTES: usize = 64 << 10;
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Text with the place where reading it stands.
pub(super) struct Source<R> {
    input: R,
    limit: u64,
    taken: u64,
    /// Bytes that may be the beginning of a letter.
    begun: Vec<u8>,
    text: Vec<u8>,
    /// Of `text`, what was consumed.
    consumed: usize,
    place: Place,
    item: Item,
}

/// Line, counted from 1, and byte, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub line: u64,
    pub byte: u64,
}

/// The tag, text or word that is being read.
struct Item {
    start: Place,
    bytes: usize,
}

/// What [`Source`] refuses, on its way through readers that know only [`io::Error`].
#[derive(Debug, Clone, Copy, thiserror::Error)]
enum Refusal {
    #[error("larger than {limit} bytes")]
    File { limit: u64 },
    #[error("an item that is too long, in line {line}")]
    Item { line: u64 },
}

impl<R: Read> Source<R> {
    pub fn new(input: R) -> Self {
        Self::with_limit(input, FILE_BYTES)
    }

    /// `limit` is the most bytes that the input may have.
    pub fn with_limit(input: R, limit: u64) -> Self {
        let place = Place { line: 1, byte: 0 };
        let item = Item { start: place, bytes: 0 };
        let (begun, text) = (Vec::new(), Vec::with_capacity(CHUNK_BYTES));
        Self { input, limit, taken: 0, begun, text, consumed: 0, place, item }
    }

    /// Says that what comes now is a thing of its own.
    pub fn begin_item(&mut self) {
        self.item = Item { start: self.place, bytes: 0 };
    }

    /// Where the item begins.
    pub fn place(&self) -> Place {
        self.item.start
    }

    /// Skips a byte order mark and white space, and looks at what follows.
    pub fn first_letter(&mut self) -> Result<Option<u8>, DatError> {
        if self.fill_buf().map_err(into_dat_error)?.starts_with(BYTE_ORDER_MARK) {
            self.consume(BYTE_ORDER_MARK.len());
        }
        self.letter()
    }

    /// Skips white space, and looks at what follows.
    pub fn letter(&mut self) -> Result<Option<u8>, DatError> {
        loop {
            self.begin_item();
            let text = self.fill_buf().map_err(into_dat_error)?;
            let (blanks, next) = match text.iter().position(|byte| !byte.is_ascii_whitespace()) {
                Some(at) => (at, text.get(at).copied()),
                None => (text.len(), None),
            };
            self.consume(blanks);
            if next.is_some() || blanks == 0 {
                self.begin_item();
                return Ok(next);
            }
        }
    }

    /// The next byte, consumed.
    pub fn byte(&mut self) -> Result<Option<u8>, DatError> {
        let next = self.fill_buf().map_err(into_dat_error)?.first().copied();
        self.consume(usize::from(next.is_some()));
        Ok(next)
    }

    fn refill(&mut self) -> io::Result<()> {
        self.text.clear();
        self.consumed = 0;
        let mut raw = std::mem::take(&mut self.begun);
        loop {
            let begun = raw.len();
            let got = self.input.by_ref().take(CHUNK_BYTES as u64).read_to_end(&mut raw)?;
            self.taken = self.taken.saturating_add(got as u64);
            if self.taken > self.limit {
                return Err(io::Error::other(Refusal::File { limit: self.limit }));
            }
            let end = if raw.len() == begun { End::OfFile } else { End::OfChunk };
            self.begun = repair(&raw, end, &mut self.text);
            if !self.text.is_empty() || end == End::OfFile {
                return Ok(());
            }
            raw = std::mem::take(&mut self.begun);
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    OfChunk,
    OfFile,
}

/// Appends `raw` to `text`; a byte that is no UTF-8 is taken for Latin-1, which older catalogues are written in. What
/// may be the beginning of a letter comes back, unless nothing can follow.
fn repair(raw: &[u8], end: End, text: &mut Vec<u8>) -> Vec<u8> {
    let mut chunks = raw.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        text.extend_from_slice(chunk.valid().as_bytes());
        let broken = chunk.invalid();
        let cut_off = chunks.peek().is_none() && end == End::OfChunk;
        if cut_off && str::from_utf8(broken).is_err_and(|error| error.error_len().is_none()) {
            return broken.to_vec();
        }
        let mut letter = [0; 2];
        broken.iter().for_each(|byte| text.extend_from_slice(char::from(*byte).encode_utf8(&mut letter).as_bytes()));
    }
    Vec::new()
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: Read> BufRead for Source<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.item.bytes > ITEM_BYTES {
            return Err(io::Error::other(Refusal::Item { line: self.item.start.line }));
        }
        if self.consumed >= self.text.len() {
            self.refill()?;
        }
        Ok(self.text.get(self.consumed..).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        let rest = self.text.get(self.consumed..).unwrap_or_default();
        let consumed = rest.get(..amount).unwrap_or(rest);
        let lines = consumed.iter().filter(|byte| **byte == b'\n').count();
        self.place.line = self.place.line.saturating_add(lines as u64);
        self.place.byte = self.place.byte.saturating_add(consumed.len() as u64);
        self.item.bytes = self.item.bytes.saturating_add(consumed.len());
        self.consumed = self.consumed.saturating_add(consumed.len());
    }
}

pub(super) fn into_dat_error(error: io::Error) -> DatError {
    known(&error).unwrap_or(DatError::Io(error))
}

/// What [`Source`] itself has refused.
pub(super) fn known(error: &io::Error) -> Option<DatError> {
    match error.get_ref()?.downcast_ref()? {
        Refusal::File { limit } => Some(DatError::TooLarge { limit: *limit }),
        Refusal::Item { line } => Some(DatError::TooLong { line: *line, limit: ITEM_BYTES }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(bytes: &[u8]) -> String {
        let mut text = String::new();
        Source::new(bytes).read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn latin_1_becomes_utf_8_and_utf_8_stays() {
        assert_eq!(text_of(b"Pok\xE9mon \xC3\xA9 \xE2\x82"), "Pokémon é â\u{82}");
    }

    #[test]
    fn a_letter_may_be_cut_off_before_anything_else() {
        assert_eq!(text_of(b"\xEF"), "ï");
        assert_eq!(text_of(b"\xE2\x82"), "â\u{82}");
    }

    #[test]
    fn a_letter_may_lie_across_two_chunks() {
        for padding in CHUNK_BYTES - 4..CHUNK_BYTES + 1 {
            let text = format!("{}é€😀 ende", "x".repeat(padding));
            assert_eq!(text_of(text.as_bytes()), text);
        }
    }

    #[test]
    fn lines_and_limits_are_counted() {
        let mut source = Source::with_limit(b"\xEF\xBB\xBF\n\n  a".as_slice(), 8);
        assert_eq!(source.first_letter().unwrap(), Some(b'a'));
        assert_eq!(source.place(), Place { line: 3, byte: 7 });
        let mut source = Source::with_limit(b"123456789".as_slice(), 8);
        assert!(matches!(source.first_letter(), Err(DatError::TooLarge { limit: 8 })));
    }
}
