//! This module knows GET PERFORMANCE: how fast the drive says that it is.

use super::{
    Answer, Command,
    length::{after_u32_length, u32_counted},
};
use crate::bytes::{Composer, Truncated, bit, bits};
use crate::scsi::Cdb;
use crate::sector::Lba;

/// GET PERFORMANCE (ACh), MMC-5 6.8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GetPerformance {
    /// Byte 1: with kind 0, [`GetPerformance::NOMINAL`], and bit 2 for writing.
    pub data_type: u8,
    pub start: Lba,
    /// Descriptors wanted at most; with kinds 0 and 3 they have 16 bytes, behind a head of 8.
    pub descriptors: u16,
    /// 0: the answer is [`Performance`]; 3: it is [`WriteSpeeds`].
    pub kind: u8,
}

impl GetPerformance {
    /// The speeds that the drive is set to, with a tolerance of 10 %.
    pub const NOMINAL: u8 = 0x10;
}

impl Command for GetPerformance {
    const OPCODE: u8 = 0xAC;

    fn cdb(&self) -> Cdb {
        let ([s0, s1, s2, s3], [d0, d1]) = (self.start.0.to_be_bytes(), self.descriptors.to_be_bytes());
        Cdb::new([Self::OPCODE, bits(self.data_type, 4, 0), s0, s1, s2, s3, 0, 0, d0, d1, self.kind, 0])
    }

    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        let &[Self::OPCODE, data_type, s0, s1, s2, s3, _, _, d0, d1, kind, _] = cdb.as_bytes() else { return None };
        Some(Self {
            data_type: bits(data_type, 4, 0),
            start: Lba(u32::from_be_bytes([s0, s1, s2, s3])),
            descriptors: u16::from_be_bytes([d0, d1]),
            kind,
        })
    }
}

/// The answer of kind 0 with nominal speeds, MMC-5 6.8.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Performance {
    /// Of writing, not of reading.
    pub write: bool,
    pub stretches: Vec<Stretch>,
}

/// Between two sectors the speed changes evenly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    pub start: Lba,
    /// 1000 bytes a second.
    pub start_kb_s: u32,
    pub end: Lba,
    pub end_kb_s: u32,
}

impl Performance {
    /// The fastest of all stretches.
    pub fn fastest_kb_s(&self) -> Option<u32> {
        self.stretches.iter().map(|stretch| stretch.start_kb_s.max(stretch.end_kb_s)).max()
    }
}

impl Answer for Performance {
    fn parse(bytes: &[u8]) -> Result<Self, Truncated> {
        let mut b = u32_counted(bytes, "GET PERFORMANCE")?;
        let [flags, ..] = b.array::<4>()?;
        let mut stretches = Vec::new();
        // Exceptions have another layout, and nobody asked for them.
        while !bit(flags, 0) && b.rest().len() >= 16 {
            let (start, start_kb_s) = (Lba(b.be_u32()?), b.be_u32()?);
            stretches.push(Stretch { start, start_kb_s, end: Lba(b.be_u32()?), end_kb_s: b.be_u32()? });
        }
        Ok(Self { write: bit(flags, 1), stretches })
    }

    fn emit(&self) -> Vec<u8> {
        let mut out = Composer::new();
        out.u8(u8::from(self.write) << 1).zeros(3);
        for stretch in &self.stretches {
            out.be_u32(stretch.start.0).be_u32(stretch.start_kb_s).be_u32(stretch.end.0).be_u32(stretch.end_kb_s);
        }
        after_u32_length(&out.finish())
    }
}

/// The answer of kind 3, MMC-5 6.8.5.3.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteSpeeds {
    pub speeds: Vec<WriteSpeed>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WriteSpeed {
    /// 0 to 3: write rotation control.
    pub rotation: u8,
    /// What the drive does by itself.
    pub default: bool,
    /// Holds over the whole disc.
    pub exact: bool,
    /// For reading and writing at the same time.
    pub mixed: bool,
    pub end: Lba,
    /// 1000 bytes a second.
    pub read_kb_s: u32,
    pub write_kb_s: u32,
}

impl Answer for WriteSpeeds {
    fn parse(bytes: &[u8]) -> Result<Self, Truncated> {
        let mut b = u32_counted(bytes, "write speeds")?;
        b.skip(4)?;
        let mut speeds = Vec::new();
        while b.rest().len() >= 16 {
            let [flags, ..] = b.array::<4>()?;
            speeds.push(WriteSpeed {
                rotation: bits(flags, 4, 3),
                default: bit(flags, 2),
                exact: bit(flags, 1),
                mixed: bit(flags, 0),
                end: Lba(b.be_u32()?),
                read_kb_s: b.be_u32()?,
                write_kb_s: b.be_u32()?,
            });
        }
        Ok(Self { speeds })
    }

    fn emit(&self) -> Vec<u8> {
        let mut out = Composer::new();
        out.zeros(4);
        for speed in &self.speeds {
            let flags = bits(speed.rotation, 1, 0) << 3
                | u8::from(speed.default) << 2
                | u8::from(speed.exact) << 1
                | u8::from(speed.mixed);
            out.u8(flags).zeros(3).be_u32(speed.end.0).be_u32(speed.read_kb_s).be_u32(speed.write_kb_s);
        }
        after_u32_length(&out.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::super::both_ways::{answer_survives, command_survives};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_dvd_gets_faster_towards_the_rim() {
        let golden = [
            0, 0, 0, 20, 0, 0, 0, 0, // head
            0, 0, 0, 0, 0, 0, 0x23, 0x2A, 0, 0x23, 0x12, 0x7F, 0, 0, 0x56, 0x90,
        ];
        let performance = Performance::parse(&golden).unwrap();
        assert_eq!((performance.write, performance.stretches.len()), (false, 1));
        assert_eq!(performance.stretches[0].start_kb_s, 9002);
        assert_eq!(performance.fastest_kb_s(), Some(22_160));
        assert_eq!(performance.emit(), golden);
        assert_eq!(Performance::parse(&golden[..23]).unwrap().stretches, []);
        assert!(Performance::parse(&golden[..7]).is_err());
    }

    #[test]
    fn write_speeds_come_with_read_speeds() {
        let golden = [0, 0, 0, 20, 0, 0, 0, 0, 0x0A, 0, 0, 0, 0, 0x23, 0x05, 0x3F, 0, 0, 0x15, 0xA4, 0, 0, 0x0A, 0xD2];
        let speeds = WriteSpeeds::parse(&golden).unwrap();
        assert_eq!((speeds.speeds[0].rotation, speeds.speeds[0].exact), (1, true));
        assert_eq!((speeds.speeds[0].read_kb_s, speeds.speeds[0].write_kb_s), (5540, 2770));
        assert_eq!(speeds.emit(), golden);
    }

    #[test]
    fn both_survive_the_wire() {
        let nominal = GetPerformance { data_type: GetPerformance::NOMINAL, start: Lba(0), descriptors: 16, kind: 0 };
        assert_eq!(nominal.cdb().as_bytes(), [0xAC, 0x10, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0]);
        command_survives((0..32_u8, any::<u32>(), any::<u16>(), any::<u8>()).prop_map(
            |(data_type, start, descriptors, kind)| GetPerformance { data_type, start: Lba(start), descriptors, kind },
        ));
        let stretch = any::<[u32; 4]>().prop_map(|[start, start_kb_s, end, end_kb_s]| Stretch {
            start: Lba(start),
            start_kb_s,
            end: Lba(end),
            end_kb_s,
        });
        answer_survives(
            (any::<bool>(), proptest::collection::vec(stretch, 0..20))
                .prop_map(|(write, stretches)| Performance { write, stretches }),
        );
        let speed =
            (0..4_u8, any::<[bool; 3]>(), any::<[u32; 3]>()).prop_map(|(rotation, flags, numbers)| WriteSpeed {
                rotation,
                default: flags[0],
                exact: flags[1],
                mixed: flags[2],
                end: Lba(numbers[0]),
                read_kb_s: numbers[1],
                write_kb_s: numbers[2],
            });
        answer_survives(proptest::collection::vec(speed, 0..20).prop_map(|speeds| WriteSpeeds { speeds }));
    }
}
