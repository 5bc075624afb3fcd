//! This module knows how coreutils writes names that hold a backslash or the end of a line.

use super::ListProblem;

/// The name with escapes, where it needs any.
pub(super) fn escaped(name: &[u8]) -> Option<Vec<u8>> {
    name.iter().any(|byte| matches!(byte, b'\\' | b'\n' | b'\r')).then(|| {
        let mut out = Vec::with_capacity(name.len().saturating_add(8));
        for byte in name {
            match byte {
                b'\\' => out.extend(b"\\\\"),
                b'\n' => out.extend(b"\\n"),
                b'\r' => out.extend(b"\\r"),
                other => out.push(*other),
            }
        }
        out
    })
}

pub(super) fn unescaped(text: &[u8]) -> Result<Vec<u8>, ListProblem> {
    let mut bytes = text.iter();
    let mut name = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        name.push(match byte {
            b'\\' => match bytes.next() {
                Some(b'\\') => b'\\',
                Some(b'n') => b'\n',
                Some(b'r') => b'\r',
                Some(_) | None => return Err(ListProblem::Escape),
            },
            other => *other,
        });
    }
    Ok(name)
}
