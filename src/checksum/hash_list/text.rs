//! This module knows how a hash list falls into numbered lines, also within a clear signature (RFC 9580, section 7).

use super::Signature;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The lines that say something: without their ends, empty ones, and what belongs to a signature.
pub(super) struct Lines<'a> {
    rest: Option<&'a [u8]>,
    number: usize,
    place: Place,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Unsigned,
    /// Between the line that begins a signed text, and the empty one before the text.
    Headers,
    Signed,
    /// In the signature or behind it.
    Behind,
}

impl<'a> Lines<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
        Self { rest: Some(text), number: 0, place: Place::Unsigned }
    }

    pub fn signature(&self) -> Signature {
        match self.place {
            Place::Unsigned => Signature::Absent,
            Place::Headers | Place::Signed | Place::Behind => Signature::Unchecked,
        }
    }

    fn next_line(&mut self) -> Option<&'a [u8]> {
        let rest = self.rest?;
        self.number = self.number.saturating_add(1);
        let mut parts = rest.splitn(2, |byte| *byte == b'\n');
        let line = parts.next()?;
        self.rest = parts.next();
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = (usize, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let line = self.next_line()?;
            let blank = line.trim_ascii().is_empty();
            match (self.place, line.trim_ascii_end()) {
                (Place::Unsigned, b"-----BEGIN PGP SIGNED MESSAGE-----") => self.place = Place::Headers,
                (Place::Unsigned, _) if !blank => return Some((self.number, line)),
                (Place::Headers, b"") => self.place = Place::Signed,
                (Place::Signed, b"-----BEGIN PGP SIGNATURE-----") => self.place = Place::Behind,
                (Place::Signed, _) if !blank => {
                    return Some((self.number, line.strip_prefix(b"- ").unwrap_or(line)));
                }
                (Place::Behind, _) => return None,
                (Place::Unsigned | Place::Headers | Place::Signed, _) => {}
            }
        }
    }
}

/// `# NAME: 123 bytes`, as Fedora writes it.
pub(super) fn size_comment(line: &[u8]) -> Option<(&[u8], u64)> {
    let text = line.strip_prefix(b"# ")?.strip_suffix(b" bytes")?;
    let colon = text.iter().rposition(|byte| *byte == b':')?;
    let (name, size) = (text.get(..colon)?, text.get(colon..)?.strip_prefix(b": ")?);
    Some((name, str::from_utf8(size).ok()?.parse().ok()?))
}
