//! This module knows format FFh: which other formats the drive can read from this disc.

use super::{Answer, answer, data};
use crate::bytes::{Composer, Truncated, bit};

/// Format FFh, MMC-5 6.23.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadableFormats(pub Vec<ReadableFormat>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ReadableFormat {
    pub format: u8,
    /// SEND DISC STRUCTURE takes it.
    pub sendable: bool,
    pub readable: bool,
    /// Bytes, with the head.
    pub length: u16,
}

impl ReadableFormats {
    pub fn can_read(&self, format: u8) -> bool {
        self.0.iter().any(|listed| listed.format == format && listed.readable)
    }
}

impl Answer for ReadableFormats {
    fn parse(bytes: &[u8]) -> Result<Self, Truncated> {
        let mut b = data(bytes, "list of disc structures")?;
        let mut formats = Vec::new();
        while let Ok([format, flags, high, low]) = b.array() {
            let length = u16::from_be_bytes([high, low]);
            formats.push(ReadableFormat { format, sendable: bit(flags, 7), readable: bit(flags, 6), length });
        }
        Ok(Self(formats))
    }

    fn emit(&self) -> Vec<u8> {
        let mut out = Composer::new();
        for listed in &self.0 {
            let flags = u8::from(listed.sendable) << 7 | u8::from(listed.readable) << 6;
            out.u8(listed.format).u8(flags).be_u16(listed.length);
        }
        answer(&out.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::both_ways::answer_survives;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_drive_lists_what_it_can_read() {
        let golden = [0, 10, 0, 0, 0x00, 0x40, 0x08, 0x04, 0xBF, 0x80, 0x00, 0x10];
        let formats = ReadableFormats::parse(&golden).unwrap();
        assert_eq!(formats.0.len(), 2);
        assert_eq!(formats.0[0].length, 2052);
        assert!(formats.can_read(0x00) && !formats.can_read(0xBF) && !formats.can_read(0x80));
        assert_eq!(formats.emit(), golden);
        assert_eq!(ReadableFormats::parse(&golden[..11]).unwrap().0.len(), 1);
    }

    #[test]
    fn it_survives_the_wire() {
        let format = any::<(u8, bool, bool, u16)>().prop_map(|(format, sendable, readable, length)| ReadableFormat {
            format,
            sendable,
            readable,
            length,
        });
        answer_survives(proptest::collection::vec(format, 0..40).prop_map(ReadableFormats));
    }
}
