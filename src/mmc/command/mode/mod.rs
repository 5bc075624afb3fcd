//! This module knows MODE SENSE and MODE SELECT: pages of settings, read and set.

mod capabilities;
mod error_recovery;
mod page;
mod six;
mod write_parameters;

pub use capabilities::{Capabilities, RotationSpeed};
pub use error_recovery::ErrorRecovery;
pub use page::{ModePage, ModePageData, ModePages};
pub use six::{ModeSelect6, ModeSense6, ShortModePages};
pub use write_parameters::{MultiSession, WriteParameters, WriteType};

use super::{Answer, Command, length};
use crate::bytes::{bit, bits};
use crate::scsi::Cdb;

/// MODE SENSE (10) (5Ah), MMC-5 6.13. The answer is [`ModePages`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModeSense10 {
    /// Wants no block descriptors; some come nevertheless.
    pub without_block_descriptors: bool,
    pub control: PageControl,
    /// 0 to 63; 3Fh is all.
    pub page: u8,
    pub subpage: u8,
    /// Bytes.
    pub allocation: u16,
}

/// Which values of a page are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageControl {
    Current,
    /// A bit set for each that can be changed.
    Changeable,
    Default,
    Saved,
}

impl PageControl {
    fn from_number(number: u8) -> Self {
        match number {
            0 => PageControl::Current,
            1 => PageControl::Changeable,
            2 => PageControl::Default,
            _ => PageControl::Saved,
        }
    }
}

impl ModeSense10 {
    /// The current values of one page.
    pub const fn current(page: u8, allocation: u16) -> Self {
        Self { without_block_descriptors: true, control: PageControl::Current, page, subpage: 0, allocation }
    }
}

impl Command for ModeSense10 {
    const OPCODE: u8 = 0x5A;

    fn cdb(&self) -> Cdb {
        let [a0, a1] = self.allocation.to_be_bytes();
        let page = (self.control as u8) << 6 | bits(self.page, 5, 0);
        let without = u8::from(self.without_block_descriptors) << 3;
        Cdb::new([Self::OPCODE, without, page, self.subpage, 0, 0, 0, a0, a1, 0])
    }

    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        let &[Self::OPCODE, without, page, subpage, _, _, _, a0, a1, _] = cdb.as_bytes() else { return None };
        Some(Self {
            without_block_descriptors: bit(without, 3),
            control: PageControl::from_number(bits(page, 7, 6)),
            page: bits(page, 5, 0),
            subpage,
            allocation: u16::from_be_bytes([a0, a1]),
        })
    }
}

/// MODE SELECT (10) (55h), MMC-5 6.12. What is sent is [`ModePages::parameter_list`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModeSelect10 {
    /// Pages as the standard has them.
    pub page_format: bool,
    /// Keep them over a power cycle.
    pub save: bool,
    /// Bytes sent.
    pub length: u16,
}

impl Command for ModeSelect10 {
    const OPCODE: u8 = 0x55;

    fn cdb(&self) -> Cdb {
        let [l0, l1] = self.length.to_be_bytes();
        let how = u8::from(self.page_format) << 4 | u8::from(self.save);
        Cdb::new([Self::OPCODE, how, 0, 0, 0, 0, 0, l0, l1, 0])
    }

    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        let &[Self::OPCODE, how, _, _, _, _, _, l0, l1, _] = cdb.as_bytes() else { return None };
        Some(Self { page_format: bit(how, 4), save: bit(how, 0), length: u16::from_be_bytes([l0, l1]) })
    }
}

#[cfg(test)]
mod tests {
    use super::super::both_ways::command_survives;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_page_is_asked_for_and_set() {
        assert_eq!(ModeSense10::current(0x2A, 256).cdb().as_bytes(), [0x5A, 8, 0x2A, 0, 0, 0, 0, 1, 0, 0]);
        let changeable = Cdb::new([0x5A, 0, 0x41, 0, 0, 0, 0, 0, 20, 0]);
        assert_eq!(
            ModeSense10::from_cdb(&changeable).map(|sense| (sense.control, sense.page)),
            Some((PageControl::Changeable, 1))
        );
        let select = ModeSelect10 { page_format: true, save: false, length: 20 };
        assert_eq!(select.cdb().as_bytes(), [0x55, 0x10, 0, 0, 0, 0, 0, 0, 20, 0]);
    }

    #[test]
    fn both_survive_the_wire() {
        let control = (0..4_u8).prop_map(PageControl::from_number);
        command_survives((any::<bool>(), control, 0..64_u8, any::<u8>(), any::<u16>()).prop_map(
            |(without_block_descriptors, control, page, subpage, allocation)| ModeSense10 {
                without_block_descriptors,
                control,
                page,
                subpage,
                allocation,
            },
        ));
        command_survives(any::<(bool, bool, u16)>().prop_map(|(page_format, save, length)| ModeSelect10 {
            page_format,
            save,
            length,
        }));
    }
}
