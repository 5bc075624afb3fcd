//! This module knows READ CD: sectors of a CD with as much around the user data as wanted.

use super::Command;
use crate::bytes::{bit, bits};
use crate::scsi::Cdb;
use crate::sector::Lba;

/// READ CD (BEh), MMC-5 6.20.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadCd {
    pub expected: ExpectedSector,
    /// Digital audio play: errors in audio may be concealed.
    pub dap: bool,
    /// Before sector 0 drives take the two's complement.
    pub start: Lba,
    /// Sectors, 24 bits.
    pub count: u32,
    /// 12 bytes of synchronisation.
    pub sync: bool,
    /// 4 bytes of header.
    pub header: bool,
    /// 8 bytes of sub-header, mode 2 only.
    pub sub_header: bool,
    pub user_data: bool,
    pub edc_ecc: bool,
    /// Error flags: 1 is 294 bytes, 2 is 296 with a byte for the whole sector first.
    pub c2: u8,
    /// 1 raw P to W (96 bytes), 2 Q (16), 4 R to W (96).
    pub sub_channel: u8,
}

/// Which sectors are to be delivered; the first of another kind ends the command with 5/64/00.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpectedSector {
    Any,
    Audio,
    Mode1,
    Mode2Formless,
    Mode2Form1,
    Mode2Form2,
    Reserved(u8),
}

impl ExpectedSector {
    fn from_number(number: u8) -> Self {
        match number {
            0 => ExpectedSector::Any,
            1 => ExpectedSector::Audio,
            2 => ExpectedSector::Mode1,
            3 => ExpectedSector::Mode2Formless,
            4 => ExpectedSector::Mode2Form1,
            5 => ExpectedSector::Mode2Form2,
            other => ExpectedSector::Reserved(other),
        }
    }

    fn number(self) -> u8 {
        match self {
            ExpectedSector::Any => 0,
            ExpectedSector::Audio => 1,
            ExpectedSector::Mode1 => 2,
            ExpectedSector::Mode2Formless => 3,
            ExpectedSector::Mode2Form1 => 4,
            ExpectedSector::Mode2Form2 => 5,
            ExpectedSector::Reserved(number) => bits(number, 2, 0),
        }
    }
}

impl ReadCd {
    /// User data alone; with [`ExpectedSector::Any`] its length changes from sector to sector.
    pub fn user_data(expected: ExpectedSector, start: Lba, count: u32) -> Self {
        Self {
            expected,
            dap: false,
            start,
            count,
            sync: false,
            header: false,
            sub_header: false,
            user_data: true,
            edc_ecc: false,
            c2: 0,
            sub_channel: 0,
        }
    }

    /// All 2352 bytes of each sector, of any kind.
    pub fn raw(start: Lba, count: u32) -> Self {
        Self {
            sync: true,
            header: true,
            sub_header: true,
            edc_ecc: true,
            ..Self::user_data(ExpectedSector::Any, start, count)
        }
    }
}

impl Command for ReadCd {
    const OPCODE: u8 = 0xBE;

    fn cdb(&self) -> Cdb {
        let kind = self.expected.number() << 2 | u8::from(self.dap) << 1;
        let fields = u8::from(self.sync) << 7
            | u8::from(self.sub_header) << 6
            | u8::from(self.header) << 5
            | u8::from(self.user_data) << 4
            | u8::from(self.edc_ecc) << 3
            | bits(self.c2, 1, 0) << 1;
        let ([s0, s1, s2, s3], [_, c0, c1, c2]) = (self.start.0.to_be_bytes(), self.count.to_be_bytes());
        Cdb::new([Self::OPCODE, kind, s0, s1, s2, s3, c0, c1, c2, fields, bits(self.sub_channel, 2, 0), 0])
    }

    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        let &[Self::OPCODE, kind, s0, s1, s2, s3, c0, c1, c2, fields, sub_channel, _] = cdb.as_bytes() else {
            return None;
        };
        Some(Self {
            expected: ExpectedSector::from_number(bits(kind, 4, 2)),
            dap: bit(kind, 1),
            start: Lba(u32::from_be_bytes([s0, s1, s2, s3])),
            count: u32::from_be_bytes([0, c0, c1, c2]),
            sync: bit(fields, 7),
            sub_header: bit(fields, 6),
            header: bit(fields, 5),
            user_data: bit(fields, 4),
            edc_ecc: bit(fields, 3),
            c2: bits(fields, 2, 1),
            sub_channel: bits(sub_channel, 2, 0),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::both_ways::command_survives;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn user_data_and_whole_sectors_are_asked_for() {
        let mode1 = ReadCd::user_data(ExpectedSector::Mode1, Lba(16), 1);
        assert_eq!(mode1.cdb().as_bytes(), [0xBE, 0x08, 0, 0, 0, 16, 0, 0, 1, 0x10, 0, 0]);
        let form1 = ReadCd::user_data(ExpectedSector::Mode2Form1, Lba(16), 1);
        assert_eq!(form1.cdb().as_bytes(), [0xBE, 0x10, 0, 0, 0, 16, 0, 0, 1, 0x10, 0, 0]);
        let raw = Cdb::new([0xBE, 0, 0xFF, 0xFF, 0xFF, 0x6A, 0, 0, 27, 0xF8, 0, 0]);
        assert_eq!(ReadCd::from_cdb(&raw), Some(ReadCd::raw(Lba(u32::MAX - 149), 27)));
    }

    #[test]
    fn it_survives_the_wire() {
        let any_read = (any::<[bool; 6]>(), 0..8_u8, any::<u32>(), 0..0x0100_0000_u32, 0..4_u8, 0..8_u8);
        command_survives(any_read.prop_map(|(flags, expected, start, count, c2, sub_channel)| ReadCd {
            expected: ExpectedSector::from_number(expected),
            dap: flags[0],
            start: Lba(start),
            count,
            sync: flags[1],
            header: flags[2],
            sub_header: flags[3],
            user_data: flags[4],
            edc_ecc: flags[5],
            c2,
            sub_channel,
        }));
    }
}
