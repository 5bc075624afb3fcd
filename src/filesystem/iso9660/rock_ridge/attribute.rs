//! This module knows the attributes that libisofs keeps of a file: AL, AAIP 2.0.

use crate::bytes::{Cursor, Truncated};
use crate::filesystem::tree::Md5Array;
use crate::sector::SECTOR_BYTES;

/// The first byte of a name stands for "isofs.", the space of names of libisofs itself.
const ARRAY: &[u8] = b"\x04ca";
const INDEX: &[u8] = b"\x04cx";
/// Of a component; what is looked for is shorter.
const KEPT_BYTES: usize = 64;
const CONTINUES: u8 = 0x01;
const MD5_BYTES: u32 = 16;

/// Names and values, which follow each other and may be in pieces, as they are put together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ExtendedAttributes {
    piece: Vec<u8>,
    /// The name whose value comes next.
    name: Option<Vec<u8>>,
    pub md5_index: Option<u32>,
    pub md5_array: Option<Md5Array>,
}

impl ExtendedAttributes {
    pub fn push(&mut self, payload: &[u8]) -> Result<(), Truncated> {
        let mut b = Cursor::new(payload, "AL");
        b.skip(1)?;
        while !b.is_empty() {
            let (flags, length) = (b.u8()?, b.u8()?);
            let bytes = b.take(length.into())?;
            self.piece.extend(bytes.iter().take(KEPT_BYTES.saturating_sub(self.piece.len())));
            if flags & CONTINUES == 0 {
                self.component();
            }
        }
        Ok(())
    }

    fn component(&mut self) {
        let component = std::mem::take(&mut self.piece);
        match self.name.take().as_deref() {
            None => self.name = Some(component),
            Some(INDEX) => {
                self.md5_index = component.try_into().ok().map(u32::from_be_bytes).or(self.md5_index);
            }
            Some(ARRAY) => self.md5_array = array(&component).ok().flatten().or(self.md5_array),
            Some(_) => {}
        }
    }
}

/// First and last sector of what is summed, number and size of the sums, and their kind. The sums stand behind the last.
fn array(value: &[u8]) -> Result<Option<Md5Array>, Truncated> {
    let mut b = Cursor::new(value, "isofs.ca");
    let mut number = || {
        let length = usize::from(b.u8()?);
        let bytes = b.take(length)?;
        Ok(bytes.iter().fold(0_u32, |value, &byte| value.wrapping_shl(8) | u32::from(byte)))
    };
    let (_, end, count, size) = (number()?, number()?, number()?, number()?);
    let is_md5 = b.rest() == b"MD5" && size == MD5_BYTES;
    Ok(is_md5.then(|| Md5Array { start: u64::from(end) * SECTOR_BYTES as u64, count }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The root's attributes in an image of xorriso.
    const ROOT: &[u8] =
        b"\0\0\x03\x04nt\0\x04\x01\x01\x01\xFF\0\x03\x04ca\0\x14\x04\0\0\0\x20\x04\0\0\0\x6F\x04\0\0\0\x05\x01\x10MD5";

    #[test]
    fn the_root_tells_where_the_sums_are() {
        let mut attributes = ExtendedAttributes::default();
        attributes.push(ROOT).unwrap();
        assert_eq!(attributes.md5_array, Some(Md5Array { start: 0x6F * 2048, count: 5 }));
        assert_eq!(attributes.md5_index, None);
    }

    #[test]
    fn a_file_tells_which_is_its_sum() {
        let mut attributes = ExtendedAttributes::default();
        attributes.push(b"\0\0\x03\x04cx\0\x04\0\0\0\x02").unwrap();
        assert_eq!(attributes.md5_index, Some(2));
    }

    #[test]
    fn an_attribute_goes_on_in_the_next_entry() {
        let mut attributes = ExtendedAttributes::default();
        attributes.push(b"\x01\x01\x02\x04c").unwrap();
        attributes.push(b"\x01\0\x01x\x01\x02\0\0").unwrap();
        attributes.push(b"\0\0\x02\x01\x02").unwrap();
        assert_eq!(attributes.md5_index, Some(0x102));
    }

    proptest! {
        #[test]
        fn any_bytes_are_attributes_or_none(entries: Vec<Vec<u8>>) {
            let mut attributes = ExtendedAttributes::default();
            for entry in &entries {
                let _ = attributes.push(entry);
            }
        }
    }
}
