//! This module knows how Rock Ridge spells a name: NM, IEEE P1282 (RRIP 1.12), 4.1.4.

/// Bytes that a name may have on Linux, and that are kept of one: hostile discs have names of megabytes.
const MOST_BYTES: usize = 255;
const KEPT_BYTES: usize = 1024;

const CONTINUES: u8 = 0x01;
const OWN: u8 = 0x02;
const PARENT: u8 = 0x04;
const HOST: u8 = 0x20;

/// A name as it is put together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Name {
    bytes: Option<Vec<u8>>,
    /// To put it into.
    spare: Vec<u8>,
    length: usize,
    /// The last piece says that another one follows.
    is_open: bool,
    special: u8,
    problem: Option<Problem>,
}

/// What is wrong with a name. `Display` is a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Problem {
    #[error("a name entry has no byte for its flags")]
    Short,
    #[error("a name entry has the flags {0:02X}h, which there are not")]
    Flags(u8),
    #[error("a name goes on in an entry that is not there")]
    Unfinished,
    #[error("a name was finished, and goes on in another entry")]
    Resumed,
    #[error("a name has {0} bytes, and 255 are possible")]
    Long(usize),
    #[error("a name has a slash or a NUL in it")]
    Impossible,
}

impl Name {
    /// In `spare`, whatever stands in it: a disc has hundreds of thousands of names, and each would need memory of its own.
    pub fn within(spare: Vec<u8>) -> Self {
        Self { spare, ..Self::default() }
    }

    pub fn push(&mut self, payload: &[u8]) {
        let Some((&flags, piece)) = payload.split_first() else { return self.note(Problem::Short) };
        if flags & !(CONTINUES | OWN | PARENT | HOST) != 0 {
            self.note(Problem::Flags(flags));
        }
        if flags & (OWN | PARENT) != 0 {
            self.special = flags & (OWN | PARENT);
            return;
        }
        // The name of the host: nobody uses it.
        if flags & HOST != 0 {
            return;
        }
        if self.bytes.is_some() && !self.is_open {
            self.note(Problem::Resumed);
        }
        self.is_open = flags & CONTINUES != 0;
        self.length = self.length.saturating_add(piece.len());
        let bytes = self.bytes.get_or_insert_with(|| {
            let mut bytes = std::mem::take(&mut self.spare);
            bytes.clear();
            bytes
        });
        let most = KEPT_BYTES.saturating_sub(bytes.len());
        bytes.extend_from_slice(piece.get(..most).unwrap_or(piece));
    }

    fn note(&mut self, problem: Problem) {
        self.problem.get_or_insert(problem);
    }

    /// Whether the record names itself "." or "..".
    pub fn is_special(&self) -> bool {
        self.special != 0
    }

    /// What is wrong with it.
    pub fn problem(&self) -> Option<Problem> {
        if self.bytes.as_deref().is_some_and(has_separator) {
            return Some(Problem::Impossible);
        }
        match () {
            () if self.is_open => Some(Problem::Unfinished),
            () if self.length > MOST_BYTES => Some(Problem::Long(self.length)),
            () => self.problem,
        }
    }

    /// The name, where there is one.
    pub fn finish(self) -> Option<Vec<u8>> {
        self.bytes.filter(|bytes| !bytes.is_empty())
    }
}

/// Looking at each byte to the end is faster than stopping at the first.
fn has_separator(name: &[u8]) -> bool {
    name.iter().fold(0, |any, &byte| any | u8::from(byte == b'/') | u8::from(byte == 0)) != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pieces: &[&[u8]]) -> (Option<Vec<u8>>, Option<Problem>) {
        let mut name = Name::default();
        for piece in pieces {
            name.push(piece);
        }
        let problem = name.problem();
        (name.finish(), problem)
    }

    #[test]
    fn a_name_in_pieces_is_one() {
        assert_eq!(read(&[b"\x01long ", b"\0name"]), (Some(b"long name".to_vec()), None));
        assert_eq!(read(&[b"\0caf\xE9"]), (Some(b"caf\xE9".to_vec()), None));
        assert_eq!(read(&[b"\x02"]), (None, None));
        assert_eq!(read(&[b"\x20host", b"\0name"]), (Some(b"name".to_vec()), None));
        assert_eq!(read(&[]), (None, None));
    }

    #[test]
    fn each_fault_is_told() {
        assert_eq!(read(&[b""]).1, Some(Problem::Short));
        assert_eq!(read(&[b"\x08a"]).1, Some(Problem::Flags(8)));
        assert_eq!(read(&[b"\x01a"]), (Some(b"a".to_vec()), Some(Problem::Unfinished)));
        assert_eq!(read(&[b"\0a", b"\0b"]), (Some(b"ab".to_vec()), Some(Problem::Resumed)));
        assert_eq!(read(&[b"\0../a"]).1, Some(Problem::Impossible));
        assert_eq!(read(&[b"\0a\0"]).1, Some(Problem::Impossible));
    }

    #[test]
    fn of_a_name_without_end_the_beginning_is_kept() {
        let piece = [b"\x01".as_slice(), &[b'x'; 250]].concat();
        let (name, _) = read(&vec![piece.as_slice(); 100]);
        assert_eq!(name.unwrap().len(), KEPT_BYTES);
        let long = [b"\x01".as_slice(), &[b'x'; 250]].concat();
        assert_eq!(read(&[long.as_slice(), b"\x00123456"]).1, Some(Problem::Long(256)));
    }
}
