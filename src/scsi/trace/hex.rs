//! This module knows bytes as people read them: sixteen a line, with an offset before and the letters behind.

use std::fmt;

/// Lines of a dump, each with two spaces before it and a newline behind.
pub(super) struct Dump<'a>(pub &'a [u8]);

const A_LINE: usize = 16;

impl fmt::Display for Dump<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, line) in self.0.chunks(A_LINE).enumerate() {
            write!(f, "  {:04x} ", number.saturating_mul(A_LINE))?;
            for at in 0..A_LINE {
                let gap = if at % 8 == 0 { " " } else { "" };
                match line.get(at) {
                    Some(byte) => write!(f, "{gap}{byte:02x} ")?,
                    None => write!(f, "{gap}   ")?,
                }
            }
            f.write_str(" |")?;
            for &byte in line {
                let shown = if byte == b' ' || byte.is_ascii_graphic() { char::from(byte) } else { '.' };
                write!(f, "{shown}")?;
            }
            f.write_str("|\n")?;
        }
        Ok(())
    }
}

/// Bytes with spaces between them.
pub(super) struct Spaced<'a>(pub &'a [u8]);

impl fmt::Display for Spaced<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, byte) in self.0.iter().enumerate() {
            let space = if i == 0 { "" } else { " " };
            write!(f, "{space}{byte:02x}")?;
        }
        Ok(())
    }
}

/// The byte that two digits stand for.
pub(super) fn byte(digits: &str) -> Option<u8> {
    let two = digits.len() == 2 && digits.bytes().all(|c| c.is_ascii_hexdigit());
    two.then(|| u8::from_str_radix(digits, 16).ok()).flatten()
}

/// Bytes with spaces between them; at least one.
pub(super) fn spaced(text: &str) -> Option<Vec<u8>> {
    let bytes: Option<Vec<u8>> = text.split_whitespace().map(byte).collect();
    bytes.filter(|bytes| !bytes.is_empty())
}

/// One line of a dump: its offset and its bytes. What stands behind the bar is for people.
pub(super) fn dump_line(line: &str) -> Option<(usize, Vec<u8>)> {
    let digits = line.split_once('|').map_or(line, |(digits, _)| digits).trim();
    let (offset, bytes) = digits.split_once(' ')?;
    let offset = usize::from_str_radix(offset, 16).ok()?;
    Some((offset, spaced(bytes).filter(|bytes| bytes.len() <= A_LINE)?))
}
