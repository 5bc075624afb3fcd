//! This module knows what a command descriptor block is: 6 to 16 bytes that ask a drive for something.

use std::fmt;

/// A command descriptor block, SPC-4 4.2.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cdb {
    bytes: [u8; 16],
    length: u8,
}

impl Cdb {
    /// A block of `N` bytes; `N` is 6, 10, 12 or 16, which the compiler checks.
    pub fn new<const N: usize>(block: [u8; N]) -> Self {
        const { assert!(N == 6 || N == 10 || N == 12 || N == 16, "no such command length") };
        let mut bytes = [0; 16];
        for (to, from) in bytes.iter_mut().zip(block) {
            *to = from;
        }
        #[expect(clippy::cast_possible_truncation, reason = "16 at most")]
        Self { bytes, length: N as u8 }
    }

    /// The same from a slice; `None` where its length is not one of those.
    pub fn from_slice(block: &[u8]) -> Option<Self> {
        match block.len() {
            6 => <[u8; 6]>::try_from(block).ok().map(Self::new),
            10 => <[u8; 10]>::try_from(block).ok().map(Self::new),
            12 => <[u8; 12]>::try_from(block).ok().map(Self::new),
            16 => <[u8; 16]>::try_from(block).ok().map(Self::new),
            _ => None,
        }
    }

    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.length)).unwrap_or(&self.bytes)
    }

    /// The first byte: which command it is.
    pub fn opcode(&self) -> u8 {
        let [opcode, ..] = self.bytes;
        opcode
    }
}

impl fmt::Debug for Cdb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cdb({self})")
    }
}

/// Bytes in hexadecimal with spaces between, as standards print them.
impl fmt::Display for Cdb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, byte) in self.as_bytes().iter().enumerate() {
            let space = if i == 0 { "" } else { " " };
            write!(f, "{space}{byte:02x}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_shows_its_bytes() {
        let read = Cdb::new([0x28, 0, 0, 0, 0, 16, 0, 0, 32, 0]);
        assert_eq!(read.to_string(), "28 00 00 00 00 10 00 00 20 00");
        assert_eq!(read.opcode(), 0x28);
        assert_eq!(Cdb::from_slice(read.as_bytes()), Some(read));
        assert_eq!(Cdb::from_slice(&[0; 7]), None);
    }
}
