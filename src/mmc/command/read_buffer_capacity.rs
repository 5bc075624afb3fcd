//! This module knows READ BUFFER CAPACITY: how large the drive's buffer is.

use super::{
    Answer, Command,
    length::{Tail, after_u16_length, u16_counted},
};
use crate::bytes::{Composer, Truncated, bit};
use crate::scsi::Cdb;

/// READ BUFFER CAPACITY (5Ch), MMC-5 6.18.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadBufferCapacity {
    /// Blocks instead of bytes.
    pub in_blocks: bool,
    /// Bytes; 12 is all.
    pub allocation: u16,
}

impl Command for ReadBufferCapacity {
    const OPCODE: u8 = 0x5C;

    fn cdb(&self) -> Cdb {
        let [a0, a1] = self.allocation.to_be_bytes();
        Cdb::new([Self::OPCODE, u8::from(self.in_blocks), 0, 0, 0, 0, 0, a0, a1, 0])
    }

    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        let &[Self::OPCODE, in_blocks, _, _, _, _, _, a0, a1, _] = cdb.as_bytes() else { return None };
        Some(Self { in_blocks: bit(in_blocks, 0), allocation: u16::from_be_bytes([a0, a1]) })
    }
}

/// The answer to READ BUFFER CAPACITY, MMC-5 6.18.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BufferCapacity {
    /// What `free` is counted in; `length` then means nothing.
    pub in_blocks: bool,
    /// Bytes.
    pub length: u32,
    pub free: Option<u32>,
}

impl Answer for BufferCapacity {
    fn parse(bytes: &[u8]) -> Result<Self, Truncated> {
        let mut b = u16_counted(bytes, "READ BUFFER CAPACITY")?;
        let [_, in_blocks] = b.array()?;
        let length = b.be_u32()?;
        Ok(Self { in_blocks: bit(in_blocks, 0), length, free: Tail::of(b).be_u32() })
    }

    fn emit(&self) -> Vec<u8> {
        let mut out = Composer::new();
        out.u8(0).u8(u8::from(self.in_blocks)).be_u32(self.length).be_u32(self.free.unwrap_or(0));
        after_u16_length(&out.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::super::both_ways::{answer_survives, command_survives};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_bd_drive_has_a_buffer_of_one_and_a_half_mib() {
        let golden = [0, 10, 0, 0, 0, 0x18, 0, 0, 0, 0x18, 0, 0];
        let capacity = BufferCapacity { in_blocks: false, length: 0x18_0000, free: Some(0x18_0000) };
        assert_eq!(BufferCapacity::parse(&golden), Ok(capacity));
        assert_eq!(capacity.emit(), golden);
        assert_eq!(BufferCapacity::parse(&golden[..11]).unwrap().free, None);
        assert!(BufferCapacity::parse(&golden[..7]).is_err());
    }

    #[test]
    fn it_survives_the_wire() {
        let ask = ReadBufferCapacity { in_blocks: false, allocation: 12 };
        assert_eq!(ask.cdb().as_bytes(), [0x5C, 0, 0, 0, 0, 0, 0, 0, 0x0C, 0]);
        command_survives(
            any::<(bool, u16)>().prop_map(|(in_blocks, allocation)| ReadBufferCapacity { in_blocks, allocation }),
        );
        answer_survives(any::<(bool, u32, u32)>().prop_map(|(in_blocks, length, free)| BufferCapacity {
            in_blocks,
            length,
            free: Some(free),
        }));
    }
}
