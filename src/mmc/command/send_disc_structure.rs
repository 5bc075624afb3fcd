//! This module knows SEND DISC STRUCTURE: what a host settles of a disc before it is written.

use super::{Command, MediaClass};
use crate::bytes::bits;
use crate::scsi::Cdb;

/// SEND DISC STRUCTURE (BFh), MMC-5 6.35. What is sent along is as READ DISC STRUCTURE brings it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SendDiscStructure {
    pub media: MediaClass,
    /// See [`super::structure_format`].
    pub format: u8,
    /// Bytes sent.
    pub length: u16,
}

impl Command for SendDiscStructure {
    const OPCODE: u8 = 0xBF;

    fn cdb(&self) -> Cdb {
        let [l0, l1] = self.length.to_be_bytes();
        Cdb::new([Self::OPCODE, self.media.number(), 0, 0, 0, 0, 0, self.format, l0, l1, 0, 0])
    }

    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        let &[Self::OPCODE, media, _, _, _, _, _, format, l0, l1, _, _] = cdb.as_bytes() else { return None };
        let media = MediaClass::from_number(bits(media, 3, 0));
        Some(Self { media, format, length: u16::from_be_bytes([l0, l1]) })
    }
}

#[cfg(test)]
mod tests {
    use super::super::both_ways::command_survives;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_layer_break_is_sent_in_twelve_bytes() {
        let send = SendDiscStructure { media: MediaClass::Dvd, format: 0x20, length: 12 };
        assert_eq!(send.cdb().as_bytes(), [0xBF, 0, 0, 0, 0, 0, 0, 0x20, 0, 12, 0, 0]);
    }

    #[test]
    fn it_survives_the_wire() {
        command_survives((0..16_u8, any::<u8>(), any::<u16>()).prop_map(|(media, format, length)| SendDiscStructure {
            media: MediaClass::from_number(media),
            format,
            length,
        }));
    }
}
