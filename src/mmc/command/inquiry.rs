//! This module knows INQUIRY: what kind of device this is, and what it calls itself.

use super::{
    Answer, Command,
    length::{Tail, within},
};
use crate::bytes::{Composer, Cursor, Truncated, bit, bits};
use crate::mmc::text::{name, padded};
use crate::scsi::Cdb;

/// INQUIRY (12h), MMC-5 6.9.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inquiry {
    /// A page of vital product data instead of [`InquiryData`].
    pub page: Option<u8>,
    /// Bytes; 36 is what every device answers.
    pub allocation: u16,
}

impl Command for Inquiry {
    const OPCODE: u8 = 0x12;

    fn cdb(&self) -> Cdb {
        let [a0, a1] = self.allocation.to_be_bytes();
        Cdb::new([Self::OPCODE, u8::from(self.page.is_some()), self.page.unwrap_or(0), a0, a1, 0])
    }

    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        let &[Self::OPCODE, vital, page, a0, a1, _] = cdb.as_bytes() else { return None };
        // A page without the bit that says that there is one is a mistake, SPC-4 6.6.
        let sound = bit(vital, 0) || page == 0;
        sound.then_some(Self { page: bit(vital, 0).then_some(page), allocation: u16::from_be_bytes([a0, a1]) })
    }
}

/// The standard answer to INQUIRY, MMC-5 6.9. A name that did not come is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InquiryData {
    /// 0 where a device is there.
    pub qualifier: u8,
    /// 05h for what reads discs.
    pub device_type: u8,
    pub removable: bool,
    /// Of the standard that it follows; 0 from ATAPI drives.
    pub version: u8,
    /// Byte 3: the lower four bits are 2 with modern devices.
    pub response_format: u8,
    /// Bytes 5 to 7, for which a reader has no use.
    pub flags: [u8; 3],
    /// At most 8 characters of printable ASCII, without the spaces around them; others have become `?`.
    pub vendor: String,
    /// At most 16.
    pub product: String,
    /// At most 4: the version of the firmware.
    pub revision: String,
    /// From byte 36 on: 20 bytes as the vendor likes, then what the standard adds.
    pub rest: Vec<u8>,
}

impl InquiryData {
    /// The device type of CD, DVD and BD drives.
    pub const OPTICAL: u8 = 0x05;
    const NAMED_BYTES: usize = 36;
    const LENGTH_OFFSET: usize = 5;
}

impl Answer for InquiryData {
    fn parse(bytes: &[u8]) -> Result<Self, Truncated> {
        let mut head = Cursor::new(bytes, "INQUIRY");
        let (kind, removable, version, format) = (head.u8()?, head.u8()?, head.u8()?, head.u8()?);
        let told = usize::from(head.u8()?) + Self::LENGTH_OFFSET;
        // Some devices tell less than the 36 bytes that all must have.
        let mut b = within(&mut Cursor::new(bytes, "INQUIRY"), told.max(Self::NAMED_BYTES))?;
        b.skip(Self::LENGTH_OFFSET)?;
        let mut tail = Tail::of(b);
        Ok(Self {
            qualifier: bits(kind, 7, 5),
            device_type: bits(kind, 4, 0),
            removable: bit(removable, 7),
            version,
            response_format: format,
            flags: tail.array().unwrap_or_default(),
            vendor: tail.take(8).map(name).unwrap_or_default(),
            product: tail.take(16).map(name).unwrap_or_default(),
            revision: tail.take(4).map(name).unwrap_or_default(),
            rest: tail.rest().to_vec(),
        })
    }

    fn emit(&self) -> Vec<u8> {
        let told = (Self::NAMED_BYTES - Self::LENGTH_OFFSET).saturating_add(self.rest.len());
        let mut out = Composer::new();
        out.u8(self.qualifier << 5 | bits(self.device_type, 4, 0)).u8(u8::from(self.removable) << 7);
        out.u8(self.version).u8(self.response_format).u8(u8::try_from(told).unwrap_or(u8::MAX)).bytes(&self.flags);
        out.bytes(&padded::<8>(&self.vendor)).bytes(&padded::<16>(&self.product));
        out.bytes(&padded::<4>(&self.revision)).bytes(&self.rest);
        out.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::super::both_ways::{answer_survives, command_survives};
    use super::*;
    use proptest::prelude::*;

    fn golden() -> Vec<u8> {
        let mut bytes = vec![0x05, 0x80, 0x00, 0x32, 0x1F, 0, 0, 0];
        bytes.extend(b"PIONEER BD-RW   BDR-203 1.12");
        bytes
    }

    #[test]
    fn a_drive_tells_its_names() {
        let data = InquiryData::parse(&golden()).unwrap();
        assert_eq!((data.device_type, data.removable), (InquiryData::OPTICAL, true));
        assert_eq!(
            (data.vendor.as_str(), data.product.as_str(), data.revision.as_str()),
            ("PIONEER", "BD-RW   BDR-203", "1.12")
        );
        assert_eq!(data.emit(), golden());
    }

    #[test]
    fn a_length_told_too_short_hides_no_name() {
        let mut bytes = golden();
        bytes[4] = 0;
        assert_eq!(InquiryData::parse(&bytes).unwrap().revision, "1.12");
        let cut = InquiryData::parse(&bytes[..20]).unwrap();
        assert_eq!((cut.vendor.as_str(), cut.product.as_str(), cut.revision.as_str()), ("PIONEER", "", ""));
        assert!(InquiryData::parse(&bytes[..4]).is_err());
    }

    #[test]
    fn what_cannot_be_printed_is_a_question_mark() {
        let mut bytes = golden();
        bytes[8..16].copy_from_slice(b"A\x1b[2J\xFF\0x");
        assert_eq!(InquiryData::parse(&bytes).unwrap().vendor, "A?[2J?");
    }

    #[test]
    fn it_survives_the_wire() {
        let ask = Inquiry { page: None, allocation: 36 };
        assert_eq!(ask.cdb().as_bytes(), [0x12, 0, 0, 0, 0x24, 0]);
        command_survives(any::<(Option<u8>, u16)>().prop_map(|(page, allocation)| Inquiry { page, allocation }));
        let name = |most: usize| {
            let letters = proptest::collection::vec(0x20..0x7F_u8, 0..=most);
            letters.prop_map(|bytes| String::from_utf8(bytes).unwrap().trim().to_owned())
        };
        let any_data = (
            (0..8_u8, 0..32_u8, any::<bool>(), any::<u8>(), any::<u8>(), any::<[u8; 3]>()),
            (name(8), name(16), name(4), proptest::collection::vec(any::<u8>(), 0..=224)),
        );
        answer_survives(any_data.prop_map(
            |(
                (qualifier, device_type, removable, version, response_format, flags),
                (vendor, product, revision, rest),
            )| {
                InquiryData {
                    qualifier,
                    device_type,
                    removable,
                    version,
                    response_format,
                    flags,
                    vendor,
                    product,
                    revision,
                    rest,
                }
            },
        ));
    }
}
