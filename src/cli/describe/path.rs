//! This module knows how a path on a disc, which is any bytes, is told.

use std::fmt::Write;

use crate::cli::escape::escaped;

/// Paths have no slash in front; the root's would be empty.
const ROOT: &str = "/";

/// To read on a terminal: bytes that are no UTF-8 as `\xe9`, the rest as [`escaped`] has it.
pub fn path_words(path: &[u8]) -> String {
    if path.is_empty() {
        return ROOT.to_owned();
    }
    let mut out = String::new();
    for chunk in path.utf8_chunks() {
        out.push_str(&escaped(chunk.valid()));
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out
}

/// For JSON: as valid UTF-8, and where that lost something, the bytes in hexadecimal.
pub fn path_fields(path: &[u8]) -> (String, Option<String>) {
    match std::str::from_utf8(path) {
        Ok("") => (ROOT.to_owned(), None),
        Ok(text) => (text.to_owned(), None),
        Err(_) => {
            let raw = path.iter().map(|byte| format!("{byte:02x}")).collect();
            (String::from_utf8_lossy(path).into_owned(), Some(raw))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_bytes_can_be_told() {
        let name = b"caf\xE9 \x20\x8F.txt\x1b";
        assert_eq!(path_words(name), "caf\\xe9  \\x8f.txt\\x1b");
        assert_eq!(path_words("Æ/b".as_bytes()), "Æ/b");
        assert_eq!(path_words(b""), "/");
        assert_eq!(path_fields(b"a/b"), ("a/b".to_owned(), None));
        assert_eq!(path_fields(b"\xE9"), ("\u{FFFD}".to_owned(), Some("e9".to_owned())));
    }
}
