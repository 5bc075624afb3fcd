//! This module knows OSTA's compressed Unicode: UDF 2.1.1.

/// Why bytes are not characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Cs0Error {
    #[error("{0} is no way to keep characters")]
    Compression(u8),
    #[error("half a character stands at the end")]
    HalfUnit,
}

/// The characters as UTF-8; a surrogate alone as its three bytes, which are not UTF-8. Nothing at all is an empty name.
///
/// # Errors
/// With what can be made of the bytes all the same.
pub fn decode(field: &[u8]) -> Result<Vec<u8>, (Cs0Error, Vec<u8>)> {
    let Some((&compression, text)) = field.split_first() else { return Ok(Vec::new()) };
    match compression {
        8 | 254 if text.is_ascii() => Ok(text.to_vec()),
        8 | 254 => Ok(text.iter().map(|&unit| char::from(unit)).collect::<String>().into_bytes()),
        16 | 255 => {
            let (units, rest) = text.as_chunks::<2>();
            let name = from_utf16(units.iter().map(|&unit| u16::from_be_bytes(unit)));
            if rest.is_empty() { Ok(name) } else { Err((Cs0Error::HalfUnit, name)) }
        }
        other => Err((Cs0Error::Compression(other), text.to_vec())),
    }
}

fn from_utf16(units: impl Iterator<Item = u16>) -> Vec<u8> {
    let mut name = Vec::new();
    for unit in char::decode_utf16(units) {
        match unit {
            Ok(c) => name.extend(c.encode_utf8(&mut [0; 4]).bytes()),
            Err(alone) => {
                let [high, low] = alone.unpaired_surrogate().to_be_bytes();
                name.extend([0xE0 | high >> 4, 0x80 | (high & 0x0F) << 2 | low >> 6, 0x80 | low & 0x3F]);
            }
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn characters_are_kept_in_one_byte_or_in_two() {
        assert_eq!(decode(b"\x08Caf\xE9"), Ok("Café".as_bytes().to_vec()));
        assert_eq!(decode(b"\x10\x26\x05\0A\xD8\x3D\xDE\x00"), Ok("★A😀".as_bytes().to_vec()));
        assert_eq!(decode(b""), Ok(Vec::new()));
        assert_eq!(decode(b"\x10\xD8\x3D"), Ok(vec![0xED, 0xA0, 0xBD]));
        assert_eq!(decode(b"\x10\0AB"), Err((Cs0Error::HalfUnit, b"A".to_vec())));
        assert_eq!(decode(b"\x09AB"), Err((Cs0Error::Compression(9), b"AB".to_vec())));
    }

    proptest! {
        #[test]
        fn any_bytes_are_decoded_somehow(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = decode(&bytes);
        }
    }
}
