//! This module knows SET STREAMING: how fast a part of the disc is to be read and written.

use super::{Answer, Command};
use crate::bytes::{Composer, Cursor, Truncated, bit, bits};
use crate::scsi::Cdb;
use crate::sector::Lba;

/// SET STREAMING (B6h), MMC-5 6.39.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetStreaming {
    /// 0: what is sent is a [`Streaming`].
    pub kind: u8,
    /// Bytes sent.
    pub length: u16,
}

impl SetStreaming {
    /// For one [`Streaming`].
    pub const PERFORMANCE: Self = Self { kind: 0, length: 28 };
}

impl Command for SetStreaming {
    const OPCODE: u8 = 0xB6;

    fn cdb(&self) -> Cdb {
        let [l0, l1] = self.length.to_be_bytes();
        Cdb::new([Self::OPCODE, 0, 0, 0, 0, 0, 0, 0, self.kind, l0, l1, 0])
    }

    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        let &[Self::OPCODE, _, _, _, _, _, _, _, kind, l0, l1, _] = cdb.as_bytes() else { return None };
        Some(Self { kind, length: u16::from_be_bytes([l0, l1]) })
    }
}

/// What SET STREAMING sends: the performance descriptor, MMC-5 6.39.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Streaming {
    /// 0 to 3: write rotation control.
    pub rotation: u8,
    /// Back to what the drive does by itself; all else is ignored.
    pub defaults: bool,
    /// Refuse rather than round.
    pub exact: bool,
    pub random_access: bool,
    pub start: Lba,
    pub end: Lba,
    pub read: Rate,
    pub write: Rate,
}

/// So much in so much time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rate {
    /// 1000 bytes.
    pub kb: u32,
    /// Milliseconds.
    pub per_ms: u32,
}

impl Rate {
    pub fn kb_s(kb: u32) -> Self {
        Self { kb, per_ms: 1000 }
    }
}

impl Answer for Streaming {
    fn parse(bytes: &[u8]) -> Result<Self, Truncated> {
        let mut b = Cursor::new(bytes, "performance descriptor");
        let [flags, ..] = b.array::<4>()?;
        Ok(Self {
            rotation: bits(flags, 4, 3),
            defaults: bit(flags, 2),
            exact: bit(flags, 1),
            random_access: bit(flags, 0),
            start: Lba(b.be_u32()?),
            end: Lba(b.be_u32()?),
            read: Rate { kb: b.be_u32()?, per_ms: b.be_u32()? },
            write: Rate { kb: b.be_u32()?, per_ms: b.be_u32()? },
        })
    }

    fn emit(&self) -> Vec<u8> {
        let flags = bits(self.rotation, 1, 0) << 3
            | u8::from(self.defaults) << 2
            | u8::from(self.exact) << 1
            | u8::from(self.random_access);
        let mut out = Composer::new();
        out.u8(flags).zeros(3).be_u32(self.start.0).be_u32(self.end.0);
        out.be_u32(self.read.kb).be_u32(self.read.per_ms).be_u32(self.write.kb).be_u32(self.write.per_ms);
        out.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::super::both_ways::{answer_survives, command_survives};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_whole_disc_is_read_at_four_times() {
        assert_eq!(SetStreaming::PERFORMANCE.cdb().as_bytes(), [0xB6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x1C, 0]);
        let golden = [
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0x23, 0x12, 0x7F, // all of a DVD
            0, 0, 0x15, 0xA4, 0, 0, 3, 0xE8, 0, 0, 0x15, 0xA4, 0, 0, 3, 0xE8,
        ];
        let streaming = Streaming {
            rotation: 0,
            defaults: false,
            exact: false,
            random_access: false,
            start: Lba(0),
            end: Lba(2_298_495),
            read: Rate::kb_s(5540),
            write: Rate::kb_s(5540),
        };
        assert_eq!(Streaming::parse(&golden), Ok(streaming));
        assert_eq!(streaming.emit(), golden);
        assert!(Streaming::parse(&golden[..27]).is_err());
    }

    #[test]
    fn it_survives_the_wire() {
        command_survives(any::<(u8, u16)>().prop_map(|(kind, length)| SetStreaming { kind, length }));
        answer_survives((0..4_u8, any::<[bool; 3]>(), any::<[u32; 6]>()).prop_map(|(rotation, flags, n)| Streaming {
            rotation,
            defaults: flags[0],
            exact: flags[1],
            random_access: flags[2],
            start: Lba(n[0]),
            end: Lba(n[1]),
            read: Rate { kb: n[2], per_ms: n[3] },
            write: Rate { kb: n[4], per_ms: n[5] },
        }));
    }
}
