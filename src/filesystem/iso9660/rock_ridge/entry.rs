//! This module knows how System Use entries follow each other: IEEE P1281 (SUSP 1.12), clause 4.

use crate::bytes::Cursor;

/// One entry of an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    pub signature: [u8; 2],
    /// As it says itself, its four bytes of header included.
    pub length: u8,
    pub payload: &'a [u8],
    /// From the start of the area, in bytes.
    pub offset: usize,
}

/// An entry that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Malformed {
    pub length: u8,
    /// Bytes of the area from where it begins.
    pub left: usize,
    /// From the start of the area, in bytes.
    pub offset: usize,
}

const HEADER: usize = 4;

/// The entries of an area, one after the other.
#[derive(Debug, Clone)]
pub(super) struct Entries<'a> {
    b: Cursor<'a>,
}

impl<'a> Entries<'a> {
    pub fn new(area: &'a [u8]) -> Self {
        Self { b: Cursor::new(area, "System Use area") }
    }

    /// What stands behind the entry that was handed out last.
    pub fn rest(&self) -> &'a [u8] {
        self.b.rest()
    }

    /// Bytes that belong to the last entry, whatever it says.
    pub fn skip(&mut self, count: usize) {
        let count = count.min(self.b.rest().len());
        // It cannot fail: there are so many.
        let _ = self.b.skip(count);
    }

    /// `None` where fewer than four bytes are left, or padding.
    pub fn next(&mut self) -> Option<Result<Entry<'a>, Malformed>> {
        let offset = self.b.position();
        let &[first, second, length, _, ..] = self.b.rest() else { return None };
        let signature = [first, second];
        if signature == [0, 0] {
            return None;
        }
        let left = self.b.rest().len();
        let malformed = Malformed { length, left, offset };
        let Some(payload_length) = usize::from(length).checked_sub(HEADER) else { return Some(Err(malformed)) };
        let payload = self.b.skip(HEADER).and_then(|()| self.b.take(payload_length));
        Some(payload.map(|payload| Entry { signature, length, payload, offset }).map_err(|_| malformed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn entries_follow_each_other_up_to_the_padding() {
        let mut entries = Entries::new(b"NM\x06\x01\0aRE\x04\x01\0");
        let name = Entry { signature: *b"NM", length: 6, payload: b"\0a", offset: 0 };
        assert_eq!(entries.next(), Some(Ok(name)));
        assert_eq!(entries.next(), Some(Ok(Entry { signature: *b"RE", length: 4, payload: b"", offset: 6 })));
        assert_eq!(entries.next(), None);
    }

    #[test]
    fn an_entry_that_is_too_short_or_too_long_is_none() {
        assert_eq!(Entries::new(b"NM\x03\x01\0a").next(), Some(Err(Malformed { length: 3, left: 6, offset: 0 })));
        assert_eq!(Entries::new(b"NM\x07\x01\0a").next(), Some(Err(Malformed { length: 7, left: 6, offset: 0 })));
    }

    proptest! {
        #[test]
        fn each_entry_stands_behind_the_one_before(area: Vec<u8>) {
            let mut entries = Entries::new(&area);
            let mut end = 0;
            while let Some(Ok(entry)) = entries.next() {
                prop_assert_eq!(entry.offset, end);
                end = entry.offset + usize::from(entry.length);
            }
        }
    }
}
