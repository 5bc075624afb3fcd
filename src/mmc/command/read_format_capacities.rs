//! This module knows READ FORMAT CAPACITIES: how a disc is formatted, and how it could be.

use super::format_unit::FormatDescriptor;
use super::{Answer, Command};
use crate::bytes::{Composer, Cursor, Truncated, bits};
use crate::scsi::Cdb;
use crate::sector::SectorCount;

/// READ FORMAT CAPACITIES (23h), MMC-5 6.24.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadFormatCapacities {
    /// Bytes.
    pub allocation: u16,
}

impl Command for ReadFormatCapacities {
    const OPCODE: u8 = 0x23;

    fn cdb(&self) -> Cdb {
        let [a0, a1] = self.allocation.to_be_bytes();
        Cdb::new([Self::OPCODE, 0, 0, 0, 0, 0, 0, a0, a1, 0])
    }

    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        let &[Self::OPCODE, _, _, _, _, _, _, a0, a1, _] = cdb.as_bytes() else { return None };
        Some(Self { allocation: u16::from_be_bytes([a0, a1]) })
    }
}

/// The answer to READ FORMAT CAPACITIES, MMC-5 6.24.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormatCapacities {
    pub state: FormatState,
    /// What `state` says of.
    pub blocks: SectorCount,
    /// Bytes, 24 bits.
    pub block_bytes: u32,
    /// What FORMAT UNIT would take; at most 31.
    pub offers: Vec<FormatDescriptor>,
}

/// Of what the number of blocks is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FormatState {
    Reserved,
    /// The most that the unformatted or blank medium could hold.
    Unformatted,
    /// What the medium holds as it is formatted.
    Formatted,
    /// The most that any medium could hold: there is none, or its format is not finished.
    Unknown,
}

impl FormatState {
    fn from_number(number: u8) -> Self {
        match bits(number, 1, 0) {
            1 => FormatState::Unformatted,
            2 => FormatState::Formatted,
            3 => FormatState::Unknown,
            _ => FormatState::Reserved,
        }
    }
}

impl Answer for FormatCapacities {
    fn parse(bytes: &[u8]) -> Result<Self, Truncated> {
        let mut b = Cursor::new(bytes, "READ FORMAT CAPACITIES");
        let [_, _, _, length] = b.array()?;
        let mut b = b.sub(usize::from(length).min(b.rest().len()))?;
        let (blocks, state, block_bytes) = (SectorCount(b.be_u32()?), b.u8()?, b.be_u24()?);
        let mut offers = Vec::new();
        while let Ok(offer) = FormatDescriptor::parse(&mut b) {
            offers.push(offer);
        }
        Ok(Self { state: FormatState::from_number(state), blocks, block_bytes, offers })
    }

    fn emit(&self) -> Vec<u8> {
        let mut list = Composer::new();
        list.be_u32(self.blocks.0).u8(self.state as u8).be_u24(self.block_bytes);
        // One byte tells the length.
        for offer in self.offers.iter().take(30) {
            offer.emit(&mut list);
        }
        let mut out = Composer::new();
        out.zeros(3).u8(u8::try_from(list.len()).unwrap_or(u8::MAX)).bytes(&list.finish());
        out.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::super::both_ways::{answer_survives, command_survives};
    use super::*;
    use crate::mmc::command::format_type;
    use proptest::prelude::*;

    #[test]
    fn a_blank_bd_r_can_be_formatted_in_four_ways() {
        let golden = [
            0, 0, 0, 16, 0x00, 0xBA, 0x74, 0x00, 1, 0, 8, 0, // 12219392, unformatted
            0x00, 0xB4, 0x74, 0x00, 0x00, 0, 0x30, 0, // 11826176 with 3000h clusters to spare
        ];
        let capacities = FormatCapacities::parse(&golden).unwrap();
        assert_eq!((capacities.state, capacities.blocks), (FormatState::Unformatted, SectorCount(12_219_392)));
        let kind = format_type::FULL;
        let offer = FormatDescriptor { blocks: SectorCount(11_826_176), kind, sub_type: 0, parameter: 0x3000 };
        assert_eq!(capacities.offers, [offer]);
        assert_eq!(capacities.emit(), golden);
        assert_eq!(FormatCapacities::parse(&golden[..12]).unwrap().offers, []);
        assert!(FormatCapacities::parse(&golden[..11]).is_err());
    }

    #[test]
    fn it_survives_the_wire() {
        command_survives(any::<u16>().prop_map(|allocation| ReadFormatCapacities { allocation }));
        let offer =
            (any::<u32>(), 0..64_u8, 0..4_u8, 0..1_u32 << 24).prop_map(|(blocks, kind, sub_type, parameter)| {
                FormatDescriptor { blocks: SectorCount(blocks), kind, sub_type, parameter }
            });
        let offers = proptest::collection::vec(offer, 0..=30);
        answer_survives((0..4_u8, any::<u32>(), 0..1_u32 << 24, offers).prop_map(
            |(state, blocks, block_bytes, offers)| FormatCapacities {
                state: FormatState::from_number(state),
                blocks: SectorCount(blocks),
                block_bytes,
                offers,
            },
        ));
    }
}
