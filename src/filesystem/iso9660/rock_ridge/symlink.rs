//! This module knows where a symbolic link of Rock Ridge points: SL, IEEE P1282 (RRIP 1.12), 4.1.3.

use crate::bytes::Cursor;

const CONTINUES: u8 = 0x01;
const OWN: u8 = 0x02;
const PARENT: u8 = 0x04;
const ROOT: u8 = 0x08;

/// A path as it is put together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Link {
    target: Option<Vec<u8>>,
    /// The last entry says that another one follows.
    is_open: bool,
    /// The last component goes on in the next one.
    is_inside: bool,
    needs_slash: bool,
    problem: Option<Problem>,
}

/// What is wrong with a link. `Display` is a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Problem {
    #[error("a symbolic link has an entry that is too short for its flags")]
    Short,
    #[error("a component of a symbolic link has {length} bytes, and its entry {left}")]
    Component { length: u8, left: usize },
    #[error("a component of a symbolic link has the flags {0:02X}h, which there are not, or not any more")]
    Flags(u8),
    #[error("a symbolic link goes on in an entry that is not there")]
    Unfinished,
    #[error("a symbolic link has more than {0} bytes")]
    Long(usize),
    #[error("an entry of a symbolic link says it has {length} bytes, and has {real}: its length was cut to 8 bits")]
    Wrapped { length: u8, real: usize },
}

impl Link {
    /// `behind` is what follows the entry in its area. Returns how much of that belongs to the entry nevertheless:
    /// genisoimage writes entries that are longer than their length can say.
    pub fn push(&mut self, length: u8, payload: &[u8], behind: &[u8], most_bytes: usize) -> usize {
        let Some((&flags, components)) = payload.split_first() else {
            self.note(Problem::Short);
            return 0;
        };
        self.is_open = flags & CONTINUES != 0;
        let Some(problem) = misfit(components) else {
            self.components(components, most_bytes);
            return 0;
        };
        let whole = behind.get(..256).map(|more| [components, more].concat());
        if let Some(whole) = whole.filter(|whole| misfit(whole).is_none()) {
            self.components(&whole, most_bytes);
            self.note(Problem::Wrapped { length, real: usize::from(length) + 256 });
            return 256;
        }
        self.components(components, most_bytes);
        self.note(problem);
        0
    }

    /// Takes all of them, up to the first that is not whole.
    fn components(&mut self, components: &[u8], most_bytes: usize) {
        let mut b = Cursor::new(components, "symbolic link");
        while let (Ok(flags), Ok(length)) = (b.u8(), b.u8()) {
            let Ok(bytes) = b.take(length.into()) else { return };
            let target = self.target.get_or_insert_default();
            if target.len().saturating_add(bytes.len()) > most_bytes {
                return self.note(Problem::Long(most_bytes));
            }
            if self.needs_slash && !self.is_inside {
                target.push(b'/');
            }
            match flags & !CONTINUES {
                0 => target.extend(bytes),
                OWN => target.push(b'.'),
                PARENT => target.extend(b".."),
                ROOT => *target = b"/".to_vec(),
                _ => return self.note(Problem::Flags(flags)),
            }
            self.is_inside = flags & CONTINUES != 0;
            self.needs_slash = flags & ROOT == 0;
        }
    }

    fn note(&mut self, problem: Problem) {
        self.problem.get_or_insert(problem);
    }

    /// The path, where there is a link, and what is wrong with it.
    pub fn finish(self) -> (Option<Vec<u8>>, Option<Problem>) {
        let is_unfinished = self.is_open || self.is_inside;
        let problem = self.problem.or_else(|| is_unfinished.then_some(Problem::Unfinished));
        (self.target, problem)
    }
}

/// Whether the components end where they should.
fn misfit(components: &[u8]) -> Option<Problem> {
    let mut b = Cursor::new(components, "symbolic link");
    while !b.is_empty() {
        let (Ok(_), Ok(length)) = (b.u8(), b.u8()) else { return Some(Problem::Short) };
        let left = b.rest().len();
        if b.skip(length.into()).is_err() {
            return Some(Problem::Component { length, left });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(entries: &[&[u8]]) -> (Option<Vec<u8>>, Option<Problem>) {
        let mut link = Link::default();
        for entry in entries {
            link.push(u8::try_from(entry.len() + 4).unwrap(), entry, b"", 1000);
        }
        link.finish()
    }

    fn path(entries: &[&[u8]]) -> String {
        let (target, problem) = read(entries);
        assert_eq!(problem, None);
        String::from_utf8(target.unwrap()).unwrap()
    }

    #[test]
    fn components_make_a_path() {
        assert_eq!(path(&[b"\0\0\x01a"]), "a");
        assert_eq!(path(&[b"\0\x04\0\x02\0\0\x02bc\0\x01d"]), ".././bc/d");
        assert_eq!(path(&[b"\0\x08\0\0\x03usr\0\x03lib"]), "/usr/lib");
        assert_eq!(path(&[b"\0\x08\0"]), "/");
        assert_eq!(read(&[]), (None, None));
    }

    #[test]
    fn a_component_and_a_link_go_on_in_the_next_entry() {
        assert_eq!(path(&[b"\x01\x01\x02ab", b"\0\0\x02cd\0\x01e"]), "abcd/e");
        assert_eq!(path(&[b"\x01\0\x02ab", b"\0\0\x02cd"]), "ab/cd");
    }

    #[test]
    fn each_fault_is_told() {
        assert_eq!(read(&[b""]).1, Some(Problem::Short));
        assert_eq!(read(&[b"\0\0"]).1, Some(Problem::Short));
        assert_eq!(read(&[b"\0\0\x05ab"]).1, Some(Problem::Component { length: 5, left: 2 }));
        assert_eq!(read(&[b"\0\x40\0"]).1, Some(Problem::Flags(0x40)));
        assert_eq!(read(&[b"\x01\0\x01a"]), (Some(b"a".to_vec()), Some(Problem::Unfinished)));
        assert_eq!(read(&[b"\0\x01\x01a"]).1, Some(Problem::Unfinished));
        let long = [b"\0\0\xF0".as_slice(), &[b'x'; 240]].concat();
        assert_eq!(read(&[long.as_slice(); 5]).1, Some(Problem::Long(1000)));
    }

    #[test]
    fn a_length_that_was_cut_to_eight_bits_is_seen_through() {
        let whole = [b"\0\0\xB4".as_slice(), &[b'a'; 180], b"\0\xC8", &[b'b'; 200]].concat();
        let real = whole.len() + 4;
        let length = u8::try_from(real - 256).unwrap();
        let (inside, behind) = whole.split_at(usize::from(length) - 4);
        let mut link = Link::default();
        assert_eq!(link.push(length, inside, &[behind, b"RE\x04\x01"].concat(), 1000), 256);
        let (target, problem) = link.finish();
        assert_eq!(target, Some([[b'a'; 180].as_slice(), b"/", &[b'b'; 200]].concat()));
        assert_eq!(problem, Some(Problem::Wrapped { length, real }));
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_link_or_none(entries: Vec<Vec<u8>>, behind: Vec<u8>) {
            let mut link = Link::default();
            for entry in &entries {
                link.push(9, entry, &behind, 500);
            }
            let length = link.finish().0.map_or(0, |target| target.len());
            prop_assert!(length <= 510);
        }
    }
}
