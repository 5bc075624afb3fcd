//! This module knows READ DISC STRUCTURE: what a disc says about itself outside of its user data.

mod bd_disc_information;
mod copyright;
mod formats;
mod layer_boundary;
mod layers;
mod physical_format;
mod write_protection;

pub use bd_disc_information::{BdDiscInformation, BdMaker, BdUnit};
pub use copyright::{Copyright, CopyrightSystem};
pub use formats::{ReadableFormat, ReadableFormats};
pub use layer_boundary::LayerBoundary;
pub use physical_format::{BookType, PhysicalFormat, TrackPath};
pub use write_protection::WriteProtectionStatus;

use super::{
    Answer, Command,
    length::{Tail, after_u16_length, u16_counted},
};
use crate::bytes::{Composer, Cursor, Truncated, bits};
use crate::scsi::Cdb;

/// READ DISC STRUCTURE (ADh), MMC-5 6.23.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadDiscStructure {
    pub media: MediaClass,
    pub address: u32,
    pub layer: u8,
    /// See [`structure_format`].
    pub format: u8,
    /// Bytes.
    pub allocation: u16,
    /// Of an authentication, 0 to 3; only for keys.
    pub agid: u8,
}

/// Whose formats are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaClass {
    /// DVD and HD DVD.
    Dvd,
    Bd,
    /// 2 to 15.
    Reserved(u8),
}

impl MediaClass {
    pub(super) fn from_number(number: u8) -> Self {
        match number {
            0 => MediaClass::Dvd,
            1 => MediaClass::Bd,
            number => MediaClass::Reserved(number),
        }
    }

    pub(super) fn number(self) -> u8 {
        match self {
            MediaClass::Dvd => 0,
            MediaClass::Bd => 1,
            MediaClass::Reserved(number) => bits(number, 3, 0),
        }
    }
}

/// The format codes that a reader wants.
pub mod structure_format {
    /// DVD: the answer is [`super::PhysicalFormat`].
    pub const PHYSICAL: u8 = 0x00;
    /// BD: the answer is [`super::BdDiscInformation`].
    pub const DISC_INFORMATION: u8 = 0x00;
    /// DVD: the answer is [`super::Copyright`].
    pub const COPYRIGHT: u8 = 0x01;
    /// DVD: 2048 bytes of the manufacturer.
    pub const MANUFACTURER: u8 = 0x04;
    /// DVD-RAM: the disc definition structure.
    pub const DISC_DEFINITION: u8 = 0x08;
    /// DVD-RAM: the cartridge, and what of the disc is protected.
    pub const MEDIUM_STATUS: u8 = 0x09;
    /// DVD-RAM and BD: what there is to replace sectors with.
    pub const SPARE_AREA: u8 = 0x0A;
    /// DVD-R and -RW: pre-recorded information in the lead-in, with the maker.
    pub const PRE_RECORDED: u8 = 0x0E;
    /// DVD-R and -RW: as [`PHYSICAL`], of the disc as it was made.
    pub const CONTROL_DATA: u8 = 0x10;
    /// DVD+R and +RW: ADIP, with the maker.
    pub const ADIP: u8 = 0x11;
    /// Recordable dual layer: the answer is [`super::LayerBoundary`].
    pub const LAYER_BOUNDARY: u8 = 0x20;
    /// Any: the answer is [`super::WriteProtectionStatus`].
    pub const WRITE_PROTECTION: u8 = 0xC0;
    /// Any: the answer is [`super::ReadableFormats`].
    pub const LIST: u8 = 0xFF;
}

impl Command for ReadDiscStructure {
    const OPCODE: u8 = 0xAD;

    fn cdb(&self) -> Cdb {
        let media = self.media.number();
        let ([d0, d1, d2, d3], [a0, a1]) = (self.address.to_be_bytes(), self.allocation.to_be_bytes());
        let agid = bits(self.agid, 1, 0) << 6;
        Cdb::new([Self::OPCODE, media, d0, d1, d2, d3, self.layer, self.format, a0, a1, agid, 0])
    }

    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        let &[Self::OPCODE, media, d0, d1, d2, d3, layer, format, a0, a1, agid, _] = cdb.as_bytes() else {
            return None;
        };
        let media = MediaClass::from_number(bits(media, 3, 0));
        Some(Self {
            media,
            address: u32::from_be_bytes([d0, d1, d2, d3]),
            layer,
            format,
            allocation: u16::from_be_bytes([a0, a1]),
            agid: bits(agid, 7, 6),
        })
    }
}

/// The answer in any format, its data without a meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscStructure {
    /// What follows the four bytes of the head; 65533 bytes at most.
    pub data: Vec<u8>,
}

impl Answer for DiscStructure {
    fn parse(bytes: &[u8]) -> Result<Self, Truncated> {
        Ok(Self { data: data(bytes, "disc structure")?.rest().to_vec() })
    }

    fn emit(&self) -> Vec<u8> {
        answer(&self.data)
    }
}

/// What follows the head.
fn data<'a>(bytes: &'a [u8], what: &'static str) -> Result<Cursor<'a>, Truncated> {
    let mut b = u16_counted(bytes, what)?;
    b.skip(2)?;
    Ok(b)
}

/// `data` after a head.
fn answer(data: &[u8]) -> Vec<u8> {
    let mut out = Composer::new();
    out.be_u16(0).bytes(data);
    after_u16_length(&out.finish())
}

#[cfg(test)]
mod tests {
    use super::super::both_ways::{answer_survives, command_survives};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn structures_are_asked_for_by_format() {
        let physical = ReadDiscStructure {
            media: MediaClass::Dvd,
            address: 0,
            layer: 1,
            format: structure_format::PHYSICAL,
            allocation: 2052,
            agid: 0,
        };
        assert_eq!(physical.cdb().as_bytes(), [0xAD, 0, 0, 0, 0, 0, 1, 0, 8, 4, 0, 0]);
        let bd = Cdb::new([0xAD, 1, 0, 0, 0, 0, 0, 0, 0x10, 4, 0, 0]);
        assert_eq!(ReadDiscStructure::from_cdb(&bd).map(|r| (r.media, r.allocation)), Some((MediaClass::Bd, 4100)));
    }

    #[test]
    fn any_structure_has_a_head_and_data() {
        let golden = [0, 5, 0, 0, 7, 8, 9];
        assert_eq!(DiscStructure::parse(&golden), Ok(DiscStructure { data: vec![7, 8, 9] }));
        assert_eq!(DiscStructure { data: vec![7, 8, 9] }.emit(), golden);
        assert!(DiscStructure::parse(&golden[..3]).is_err());
    }

    #[test]
    fn it_survives_the_wire() {
        let media = prop_oneof![Just(MediaClass::Dvd), Just(MediaClass::Bd), (2..16_u8).prop_map(MediaClass::Reserved)];
        command_survives((media, any::<u32>(), any::<u8>(), any::<u8>(), any::<u16>(), 0..4_u8).prop_map(
            |(media, address, layer, format, allocation, agid)| ReadDiscStructure {
                media,
                address,
                layer,
                format,
                allocation,
                agid,
            },
        ));
        answer_survives(proptest::collection::vec(any::<u8>(), 0..100).prop_map(|data| DiscStructure { data }));
    }
}
