//! This module knows bytes as people read them: sixteen a line, with an offset before and the letters behind.

use std::fmt;

/// Lines of a dump, each with two spaces before it and a newline behind; several of zeros are one.
pub(super) struct Dump<'a>(pub &'a [u8]);

const A_LINE: usize = 16;

impl fmt::Display for Dump<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        let offset = |rest: &[u8]| self.0.len().saturating_sub(rest.len());
        while !rest.is_empty() {
            let zeros = rest.iter().take_while(|&&byte| byte == 0).count();
            // Up to the end, or to the line in which something else comes.
            let zeros = if zeros == rest.len() { zeros } else { zeros / A_LINE * A_LINE };
            let count = if zeros > A_LINE { zeros } else { rest.len().min(A_LINE) };
            let (head, tail) = rest.split_at_checked(count).unwrap_or((rest, &[]));
            if zeros > A_LINE {
                writeln!(f, "  {:04x}  zeros to {:04x}", offset(rest), offset(tail))?;
            } else {
                write_line(f, offset(rest), head)?;
            }
            rest = tail;
        }
        Ok(())
    }
}

fn write_line(f: &mut fmt::Formatter<'_>, offset: usize, line: &[u8]) -> fmt::Result {
    write!(f, "  {offset:04x} ")?;
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
    f.write_str("|\n")
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

/// One line of a dump.
pub(super) enum DumpLine {
    Bytes(Vec<u8>),
    /// Up to this offset.
    Zeros(usize),
}

/// One line of a dump, and its offset. What stands behind the bar is for people.
pub(super) fn dump_line(line: &str) -> Option<(usize, DumpLine)> {
    let digits = line.split_once('|').map_or(line, |(digits, _)| digits).trim();
    let (offset, what) = digits.split_once(' ')?;
    let offset_in = |text: &str| usize::from_str_radix(text, 16).ok();
    let what = match what.trim().strip_prefix("zeros to ") {
        Some(end) => DumpLine::Zeros(offset_in(end)?),
        None => DumpLine::Bytes(spaced(what).filter(|bytes| bytes.len() <= A_LINE)?),
    };
    Some((offset_in(offset)?, what))
}
