//! This module knows how an identifier of a directory record becomes the name that people see.

/// A file's version, as nearly every disc has it.
const VERSION: &[u8] = b";1";

/// Without the version, and without a dot that has nothing behind it.
pub(super) fn without_version(identifier: &[u8]) -> &[u8] {
    let Some(stem) = identifier.strip_suffix(VERSION) else { return identifier };
    let stem = stem.strip_suffix(b".").unwrap_or(stem);
    if stem.is_empty() { identifier } else { stem }
}

/// Adds a Joliet identifier to `out`: UCS-2, in practice UTF-16, becomes UTF-8, a surrogate alone its three bytes.
/// A last byte that is half a character is left out.
pub(super) fn push_joliet(identifier: &[u8], out: &mut Vec<u8>) {
    let (units, _) = identifier.as_chunks::<2>();
    // Nearly all names are ASCII: looking at each unit to the end is faster than stopping at the first that is not.
    if units.iter().fold(0, |bits, &unit| bits | u16::from_be_bytes(unit)) < 0x80 {
        out.extend(units.iter().map(|&[_, low]| low));
        return;
    }
    let units = units.iter().map(|&unit| u16::from_be_bytes(unit));
    for decoded in char::decode_utf16(units) {
        match decoded {
            Ok(c) => out.extend(c.encode_utf8(&mut [0; 4]).as_bytes()),
            Err(alone) => {
                let unit = alone.unpaired_surrogate();
                let [high, low] = unit.to_be_bytes();
                let middle = (high & 0x0F) << 2 | low >> 6;
                out.extend([0xE0 | high >> 4, 0x80 | middle, 0x80 | (low & 0x3F)]);
            }
        }
    }
}

/// Without the version that a few writers give to names of Joliet.
pub(super) fn strip_joliet_version(name: &mut Vec<u8>) {
    if let Some(stem) = name.strip_suffix(VERSION).filter(|stem| !stem.is_empty()) {
        name.truncate(stem.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn joliet(units: &[u16]) -> Vec<u8> {
        let bytes: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        let mut name = Vec::new();
        push_joliet(&bytes, &mut name);
        name
    }

    #[test]
    fn a_version_and_the_dot_before_it_are_dropped() {
        for (identifier, name) in [
            ("A.B;1", "A.B"),
            ("A.;1", "A"),
            ("A;1", "A"),
            ("A.B", "A.B"),
            ("A.", "A."),
            ("A.B;2", "A.B;2"),
            (".;1", ".;1"),
        ] {
            assert_eq!(without_version(identifier.as_bytes()), name.as_bytes());
        }
    }

    #[test]
    fn a_surrogate_alone_keeps_its_bytes() {
        assert_eq!(joliet(&[0x41, 0xD800, 0x42]), b"A\xED\xA0\x80B");
        assert_eq!(joliet(&[0xDFFF]), b"\xED\xBF\xBF");
        assert_eq!(joliet(&[0xD83D, 0xDE00]), "😀".as_bytes());
    }

    proptest! {
        #[test]
        fn a_joliet_name_is_what_it_was(name in "\\PC{0,64}") {
            let units: Vec<u16> = name.encode_utf16().collect();
            prop_assert_eq!(joliet(&units), name.as_bytes());
        }
    }
}
