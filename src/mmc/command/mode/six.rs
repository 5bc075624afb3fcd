//! This module knows the forms of MODE SENSE and MODE SELECT with six bytes: older, and what Linux asks a drive first.

use super::{ModePages, PageControl};
use crate::bytes::{Composer, Cursor, Truncated, bit, bits};
use crate::mmc::command::length::within;
use crate::mmc::command::{Answer, Command};
use crate::scsi::Cdb;

/// MODE SENSE (6) (1Ah), SPC-3 6.9. The answer is [`ShortModePages`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModeSense6 {
    /// Wants no block descriptors; some come nevertheless.
    pub without_block_descriptors: bool,
    pub control: PageControl,
    /// 0 to 63; 3Fh is all.
    pub page: u8,
    pub subpage: u8,
    /// Bytes.
    pub allocation: u8,
}

impl Command for ModeSense6 {
    const OPCODE: u8 = 0x1A;

    fn cdb(&self) -> Cdb {
        let page = (self.control as u8) << 6 | bits(self.page, 5, 0);
        let without = u8::from(self.without_block_descriptors) << 3;
        Cdb::new([Self::OPCODE, without, page, self.subpage, self.allocation, 0])
    }

    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        let &[Self::OPCODE, without, page, subpage, allocation, _] = cdb.as_bytes() else { return None };
        Some(Self {
            without_block_descriptors: bit(without, 3),
            control: PageControl::from_number(bits(page, 7, 6)),
            page: bits(page, 5, 0),
            subpage,
            allocation,
        })
    }
}

/// MODE SELECT (6) (15h), SPC-3 6.7. What is sent is [`ShortModePages::parameter_list`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModeSelect6 {
    /// Pages as the standard has them.
    pub page_format: bool,
    /// Keep them over a power cycle.
    pub save: bool,
    /// Bytes sent.
    pub length: u8,
}

impl Command for ModeSelect6 {
    const OPCODE: u8 = 0x15;

    fn cdb(&self) -> Cdb {
        let how = u8::from(self.page_format) << 4 | u8::from(self.save);
        Cdb::new([Self::OPCODE, how, 0, 0, self.length, 0])
    }

    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        let &[Self::OPCODE, how, _, _, length, _] = cdb.as_bytes() else { return None };
        Some(Self { page_format: bit(how, 4), save: bit(how, 0), length })
    }
}

/// The same pages behind a head of four bytes, SPC-3 7.4.3.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShortModePages(pub ModePages);

impl ShortModePages {
    /// What MODE SELECT (6) sends to set these pages.
    pub fn parameter_list(&self) -> Vec<u8> {
        let mut out = Composer::new();
        out.u8(0).bytes(&Self(self.0.unsaved()).body());
        out.finish()
    }

    /// The twin of [`Self::parameter_list`].
    ///
    /// # Errors
    /// Where a part of the head is missing.
    pub fn parse_parameter_list(bytes: &[u8]) -> Result<Self, Truncated> {
        let mut b = Cursor::new(bytes, "MODE SELECT (6)");
        b.skip(1)?;
        Self::parse_body(b)
    }

    fn parse_body(mut b: Cursor<'_>) -> Result<Self, Truncated> {
        let [medium_type, device_specific, length] = b.array()?;
        let block_descriptors = within(&mut b, length.into())?.rest().to_vec();
        let pages = ModePages::following(&mut b);
        Ok(Self(ModePages { medium_type, device_specific, block_descriptors, pages }))
    }

    fn body(&self) -> Vec<u8> {
        let pages = &self.0;
        let descriptors = pages.block_descriptors.get(..usize::from(u8::MAX)).unwrap_or(&pages.block_descriptors);
        let mut out = Composer::new();
        out.u8(pages.medium_type).u8(pages.device_specific).u8(as_u8(descriptors.len())).bytes(descriptors);
        pages.emit_pages(&mut out);
        out.finish()
    }
}

impl Answer for ShortModePages {
    fn parse(bytes: &[u8]) -> Result<Self, Truncated> {
        let mut b = Cursor::new(bytes, "MODE SENSE (6)");
        let told = usize::from(b.u8()?);
        Self::parse_body(within(&mut b, told)?)
    }

    /// Of what one byte cannot tell the length, the length is 255 and the rest comes nevertheless.
    fn emit(&self) -> Vec<u8> {
        let body = self.body();
        let mut out = Composer::new();
        out.u8(as_u8(body.len())).bytes(&body);
        out.finish()
    }
}

fn as_u8(length: usize) -> u8 {
    u8::try_from(length).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::super::both_ways::{answer_survives, command_survives};
    use super::super::ModePage;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn linux_asks_for_page_2a() {
        let asked = Cdb::new([0x1A, 0, 0x2A, 0, 128, 0]);
        let sense = ModeSense6::from_cdb(&asked).unwrap();
        assert_eq!((sense.page, sense.control, sense.allocation), (0x2A, PageControl::Current, 128));
        assert_eq!(sense.cdb(), asked);
        let select = ModeSelect6 { page_format: true, save: false, length: 24 };
        assert_eq!(select.cdb().as_bytes(), [0x15, 0x10, 0, 0, 24, 0]);
    }

    #[test]
    fn block_descriptors_are_stepped_over() {
        let golden = [15, 0x41, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0x88, 2, 9, 9];
        let pages = ShortModePages::parse(&golden).unwrap();
        assert_eq!((pages.0.medium_type, pages.0.block_descriptors.len()), (0x41, 8));
        assert_eq!(pages.0.page(8).map(|page| page.data.as_slice()), Some([9, 9].as_slice()));
        assert_eq!(pages.emit(), golden);
        assert!(ShortModePages::parse(&golden[..3]).is_err());
    }

    #[test]
    fn what_is_set_has_neither_length_nor_savable_bit() {
        let page = ModePage { code: 1, savable: true, subpage: None, data: vec![0x20, 0] };
        let pages = ModePages { medium_type: 0, device_specific: 0, block_descriptors: vec![], pages: vec![page] };
        let list = ShortModePages(pages).parameter_list();
        assert_eq!(list, [0, 0, 0, 0, 1, 2, 0x20, 0]);
        assert_eq!(ShortModePages::parse_parameter_list(&list).unwrap().0.pages[0].data, [0x20, 0]);
    }

    #[test]
    fn all_survive_the_wire() {
        let control = (0..4_u8).prop_map(PageControl::from_number);
        command_survives((any::<bool>(), control, 0..64_u8, any::<u8>(), any::<u8>()).prop_map(
            |(without_block_descriptors, control, page, subpage, allocation)| ModeSense6 {
                without_block_descriptors,
                control,
                page,
                subpage,
                allocation,
            },
        ));
        command_survives(any::<(bool, bool, u8)>().prop_map(|(page_format, save, length)| ModeSelect6 {
            page_format,
            save,
            length,
        }));
        let page = (0..64_u8, any::<bool>(), any::<Option<u8>>(), proptest::collection::vec(any::<u8>(), 0..50))
            .prop_map(|(code, savable, subpage, data)| ModePage { code, savable, subpage, data });
        let descriptors = proptest::collection::vec(any::<u8>(), 0..16);
        let all = (any::<[u8; 2]>(), descriptors, proptest::collection::vec(page, 0..4));
        answer_survives(all.prop_map(|(head, block_descriptors, pages)| {
            ShortModePages(ModePages { medium_type: head[0], device_specific: head[1], block_descriptors, pages })
        }));
    }
}
