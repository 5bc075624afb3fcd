//! This module knows FORMAT UNIT: how a disc is made ready to be written anywhere.

use super::{Answer, Command};
use crate::bytes::{Composer, Cursor, Truncated, bit, bits};
use crate::scsi::Cdb;
use crate::sector::SectorCount;

/// FORMAT UNIT (04h), MMC-5 6.5. What is sent along is a [`FormatList`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormatUnit {
    /// A list is sent; without one there is nothing that an MMC drive would do.
    pub with_list: bool,
    /// 1 on all that MMC knows.
    pub format_code: u8,
    /// The list of defects is complete: DVD-RAM only.
    pub complete_list: bool,
}

impl FormatUnit {
    pub const WITH_LIST: Self = Self { with_list: true, format_code: 1, complete_list: false };
}

impl Command for FormatUnit {
    const OPCODE: u8 = 0x04;

    fn cdb(&self) -> Cdb {
        let how = u8::from(self.with_list) << 4 | u8::from(self.complete_list) << 3 | bits(self.format_code, 2, 0);
        Cdb::new([Self::OPCODE, how, 0, 0, 0, 0])
    }

    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        let &[Self::OPCODE, how, _, _, _, _] = cdb.as_bytes() else { return None };
        Some(Self { with_list: bit(how, 4), format_code: bits(how, 2, 0), complete_list: bit(how, 3) })
    }
}

/// What FORMAT UNIT sends: a head and one descriptor, 12 bytes, MMC-5 6.5.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormatList {
    pub immediate: bool,
    /// The options of the head hold; without it the drive does as it likes.
    pub options_valid: bool,
    /// No certification.
    pub no_certification: bool,
    pub descriptor: FormatDescriptor,
}

/// A way to format: as READ FORMAT CAPACITIES offers it, and as FORMAT UNIT asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FormatDescriptor {
    pub blocks: SectorCount,
    /// 0 to 63, see [`format_type`].
    pub kind: u8,
    /// 0 to 3.
    pub sub_type: u8,
    /// 24 bits: a block length, a packet size, a number of spare clusters, or bit 0 to go on with a format.
    pub parameter: u32,
}

/// The format types, MMC-5 6.24.
pub mod format_type {
    pub const FULL: u8 = 0x00;
    pub const SPARE_EXPANSION: u8 = 0x01;
    /// CD-RW and DVD-RW.
    pub const FULL_RW: u8 = 0x10;
    pub const GROW: u8 = 0x11;
    pub const QUICK_GROW: u8 = 0x13;
    pub const QUICK: u8 = 0x15;
    /// DVD+RW: the basic format, the rest of it in the background.
    pub const DVD_PLUS_RW: u8 = 0x26;
    pub const BD_RE_WITH_SPARES: u8 = 0x30;
    pub const BD_RE_WITHOUT_SPARES: u8 = 0x31;
    pub const BD_R_WITH_SPARES: u8 = 0x32;
}

impl FormatDescriptor {
    pub(super) fn parse(b: &mut Cursor<'_>) -> Result<Self, Truncated> {
        let blocks = SectorCount(b.be_u32()?);
        let kind = b.u8()?;
        Ok(Self { blocks, kind: bits(kind, 7, 2), sub_type: bits(kind, 1, 0), parameter: b.be_u24()? })
    }

    pub(super) fn emit(&self, out: &mut Composer) {
        out.be_u32(self.blocks.0).u8(bits(self.kind, 5, 0) << 2 | bits(self.sub_type, 1, 0)).be_u24(self.parameter);
    }
}

impl Answer for FormatList {
    fn parse(bytes: &[u8]) -> Result<Self, Truncated> {
        let mut b = Cursor::new(bytes, "FORMAT UNIT");
        let [_, flags, _, _] = b.array()?;
        Ok(Self {
            immediate: bit(flags, 1),
            options_valid: bit(flags, 7),
            no_certification: bit(flags, 5),
            descriptor: FormatDescriptor::parse(&mut b)?,
        })
    }

    fn emit(&self) -> Vec<u8> {
        let flags =
            u8::from(self.options_valid) << 7 | u8::from(self.no_certification) << 5 | u8::from(self.immediate) << 1;
        let mut out = Composer::new();
        out.u8(0).u8(flags).be_u16(8);
        self.descriptor.emit(&mut out);
        out.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::super::both_ways::{answer_survives, command_survives};
    use super::*;
    use proptest::prelude::*;

    fn any_descriptor() -> impl Strategy<Value = FormatDescriptor> {
        (any::<u32>(), 0..64_u8, 0..4_u8, 0..1_u32 << 24).prop_map(|(blocks, kind, sub_type, parameter)| {
            FormatDescriptor { blocks: SectorCount(blocks), kind, sub_type, parameter }
        })
    }

    #[test]
    fn a_dvd_plus_rw_is_formatted_in_the_background() {
        assert_eq!(FormatUnit::WITH_LIST.cdb().as_bytes(), [0x04, 0x11, 0, 0, 0, 0]);
        let golden = [0, 2, 0, 8, 0x00, 0x23, 0x05, 0x40, 0x98, 0, 0, 0];
        let list = FormatList::parse(&golden).unwrap();
        let kind = format_type::DVD_PLUS_RW;
        let descriptor = FormatDescriptor { blocks: SectorCount(2_295_104), kind, sub_type: 0, parameter: 0 };
        assert_eq!(list, FormatList { immediate: true, options_valid: false, no_certification: false, descriptor });
        assert_eq!(list.emit(), golden);
        assert!(FormatList::parse(&golden[..11]).is_err());
    }

    #[test]
    fn it_survives_the_wire() {
        command_survives(
            (any::<bool>(), 0..8_u8, any::<bool>()).prop_map(|(with_list, format_code, complete_list)| FormatUnit {
                with_list,
                format_code,
                complete_list,
            }),
        );
        answer_survives((any::<[bool; 3]>(), any_descriptor()).prop_map(
            |([immediate, options_valid, no_certification], descriptor)| FormatList {
                immediate,
                options_valid,
                no_certification,
                descriptor,
            },
        ));
    }
}
