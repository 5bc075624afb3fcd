//! This module knows symbolic links of UDF: path components, ECMA-167, 4/14.16.1.

use super::cs0;
use crate::bytes::Cursor;

/// The path that components come to; `None` where they are none, or end in the middle.
pub fn target(components: &[u8]) -> Option<Vec<u8>> {
    let mut b = Cursor::new(components, "path component");
    let mut path: Vec<u8> = Vec::new();
    while !b.is_empty() {
        let (kind, length) = (b.u8().ok()?, b.u8().ok()?);
        b.skip(2).ok()?;
        let name = b.take(length.into()).ok()?;
        let step = match kind {
            // The root of whatever this volume is mounted in, and that of the system.
            1 | 2 => {
                path = b"/".to_vec();
                continue;
            }
            3 => b"..".to_vec(),
            4 => b".".to_vec(),
            5 => cs0::decode(name).unwrap_or_else(|(_, name)| name),
            _ => return None,
        };
        if !path.is_empty() && path != b"/" {
            path.push(b'/');
        }
        path.extend(step);
    }
    (!path.is_empty()).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_become_a_path() {
        let target = |parts: &[&[u8]]| target(&parts.concat());
        let up: &[u8] = &[3, 0, 0, 0];
        let name: &[u8] = &[5, 4, 0, 0, 8, b'a', b'b', b'c'];
        assert_eq!(target(&[up, name]), Some(b"../abc".to_vec()));
        assert_eq!(target(&[&[2, 0, 0, 0], name, &[4, 0, 0, 0]]), Some(b"/abc/.".to_vec()));
        assert_eq!(target(&[]), None);
        assert_eq!(target(&[&[5, 9, 0, 0, 8]]), None);
        assert_eq!(target(&[&[9, 0, 0, 0]]), None);
    }
}
