//! This module knows how a line of a hash list is written so that `sha256sum -c` and its sisters take it.

use super::escape;
use crate::checksum::Digest;

/// `digest  name` with the end of the line; a leading backslash says that the name is escaped. A file called `-` is
/// written `./-`, since `-` alone is the standard input.
pub fn list_line(digest: &Digest, name: &[u8]) -> Vec<u8> {
    let escaped = escape::escaped(name);
    let mark: &[u8] = if escaped.is_some() { b"\\" } else { b"" };
    let name = match escaped.as_deref().unwrap_or(name) {
        b"-" => b"./-",
        name => name,
    };
    [mark, digest.to_string().as_bytes(), b"  ", name, b"\n"].concat()
}
