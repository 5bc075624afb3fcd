//! This module knows how mode pages follow one another behind a head of eight bytes.

use super::{
    Answer,
    length::{after_u16_length, as_u16, u16_counted, within},
};
use crate::bytes::{Composer, Cursor, Truncated, bit, bits};

/// What MODE SENSE (10) answers and MODE SELECT (10) sends, SPC-3 7.4.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModePages {
    pub medium_type: u8,
    pub device_specific: u8,
    /// Raw; mostly none.
    pub block_descriptors: Vec<u8>,
    pub pages: Vec<ModePage>,
}

/// One page, SPC-3 7.4.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModePage {
    /// 0 to 63.
    pub code: u8,
    /// The drive can keep it over a power cycle.
    pub savable: bool,
    /// Pages with a subpage have a length of two bytes.
    pub subpage: Option<u8>,
    /// What follows the head of the page: byte 2 of the standard is the first. At most 255 bytes without subpage.
    pub data: Vec<u8>,
}

/// What the data of one page means.
pub trait ModePageData: Sized {
    const CODE: u8;

    /// # Errors
    /// Where a field is missing without which the page means nothing.
    fn parse(data: &[u8]) -> Result<Self, Truncated>;

    fn emit(&self) -> Vec<u8>;
}

impl ModePage {
    pub fn of<D: ModePageData>(data: &D) -> Self {
        Self { code: D::CODE, savable: false, subpage: None, data: data.emit() }
    }

    /// The meaning of its data; `None` where it is another page, or its data is too short.
    pub fn read<D: ModePageData>(&self) -> Option<D> {
        if self.code == D::CODE && self.subpage.is_none() { D::parse(&self.data).ok() } else { None }
    }

    fn parse(b: &mut Cursor<'_>) -> Result<Self, Truncated> {
        let head = b.u8()?;
        let (subpage, length) =
            if bit(head, 6) { (Some(b.u8()?), usize::from(b.be_u16()?)) } else { (None, usize::from(b.u8()?)) };
        let data = within(b, length)?.rest().to_vec();
        Ok(Self { code: bits(head, 5, 0), savable: bit(head, 7), subpage, data })
    }

    fn emit(&self, out: &mut Composer) {
        let head = u8::from(self.savable) << 7 | bits(self.code, 5, 0);
        match self.subpage {
            Some(subpage) => out.u8(head | 1 << 6).u8(subpage).be_u16(as_u16(self.data.len())).bytes(&self.data),
            None => {
                let data = self.data.get(..usize::from(u8::MAX)).unwrap_or(&self.data);
                out.u8(head).u8(u8::try_from(data.len()).unwrap_or(u8::MAX)).bytes(data)
            }
        };
    }
}

impl ModePages {
    pub fn page(&self, code: u8) -> Option<&ModePage> {
        self.pages.iter().find(|page| page.code == code && page.subpage.is_none())
    }

    pub fn read<D: ModePageData>(&self) -> Option<D> {
        self.page(D::CODE)?.read()
    }

    /// What MODE SELECT (10) sends to set these pages: the length, and whether they can be saved, are 0 there.
    pub fn parameter_list(&self) -> Vec<u8> {
        let mut out = Composer::new();
        out.be_u16(0).bytes(&self.unsaved().body());
        out.finish()
    }

    pub(super) fn unsaved(&self) -> Self {
        let unsaved = |page: &ModePage| ModePage { savable: false, ..page.clone() };
        Self { pages: self.pages.iter().map(unsaved).collect(), ..self.clone() }
    }

    /// The twin of [`Self::parameter_list`].
    ///
    /// # Errors
    /// Where a part of the head is missing.
    pub fn parse_parameter_list(bytes: &[u8]) -> Result<Self, Truncated> {
        let mut b = Cursor::new(bytes, "MODE SELECT");
        b.skip(2)?;
        Self::parse_body(b)
    }

    fn parse_body(mut b: Cursor<'_>) -> Result<Self, Truncated> {
        let [medium_type, device_specific, _, _] = b.array()?;
        let length = usize::from(b.be_u16()?);
        let block_descriptors = within(&mut b, length)?.rest().to_vec();
        let pages = Self::following(&mut b);
        Ok(Self { medium_type, device_specific, block_descriptors, pages })
    }

    /// All pages that came.
    pub(super) fn following(b: &mut Cursor<'_>) -> Vec<ModePage> {
        std::iter::from_fn(|| ModePage::parse(b).ok()).collect()
    }

    fn body(&self) -> Vec<u8> {
        let mut out = Composer::new();
        out.u8(self.medium_type).u8(self.device_specific).be_u16(0).be_u16(as_u16(self.block_descriptors.len()));
        out.bytes(&self.block_descriptors);
        self.emit_pages(&mut out);
        out.finish()
    }

    /// How long the pages are, as they came or would be sent.
    pub fn page_bytes(&self) -> usize {
        let mut out = Composer::new();
        self.emit_pages(&mut out);
        out.len()
    }

    pub(super) fn emit_pages(&self, out: &mut Composer) {
        for page in &self.pages {
            page.emit(out);
        }
    }
}

impl Answer for ModePages {
    fn parse(bytes: &[u8]) -> Result<Self, Truncated> {
        Self::parse_body(u16_counted(bytes, "MODE SENSE")?)
    }

    fn emit(&self) -> Vec<u8> {
        after_u16_length(&self.body())
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::both_ways::answer_survives;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn block_descriptors_are_stepped_over() {
        let golden = [0, 22, 0x41, 0, 0, 0, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0x88, 2, 9, 9, 0x5A, 3, 0, 0];
        let pages = ModePages::parse(&golden).unwrap();
        assert_eq!((pages.medium_type, pages.block_descriptors.len(), pages.pages.len()), (0x41, 8, 2));
        assert_eq!(pages.page(8).map(|page| (page.savable, page.data.as_slice())), Some((true, [9, 9].as_slice())));
        assert_eq!(pages.pages[1].subpage, Some(3));
        assert_eq!(pages.emit(), golden);
    }

    #[test]
    fn what_is_set_has_neither_length_nor_savable_bit() {
        let page = ModePage { code: 1, savable: true, subpage: None, data: vec![0x20, 0] };
        let pages = ModePages { medium_type: 0, device_specific: 0, block_descriptors: vec![], pages: vec![page] };
        let list = pages.parameter_list();
        assert_eq!(list, [0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 0x20, 0]);
        assert_eq!(ModePages::parse_parameter_list(&list).unwrap().pages[0].data, [0x20, 0]);
    }

    #[test]
    fn a_cut_page_has_the_data_that_came() {
        let cut = ModePages::parse(&[0, 18, 0, 0, 0, 0, 0, 0, 1, 10, 0x20]).unwrap();
        assert_eq!(cut.pages[0].data, [0x20]);
        assert!(ModePages::parse(&[0, 18, 0, 0, 0, 0, 0]).is_err());
    }

    #[test]
    fn it_survives_the_wire() {
        let bytes = |most: usize| proptest::collection::vec(any::<u8>(), 0..=most);
        let page = (0..64_u8, any::<bool>(), any::<Option<u8>>(), bytes(255))
            .prop_map(|(code, savable, subpage, data)| ModePage { code, savable, subpage, data });
        let all = (any::<[u8; 2]>(), bytes(16), proptest::collection::vec(page, 0..6));
        answer_survives(all.prop_map(|(head, block_descriptors, pages)| ModePages {
            medium_type: head[0],
            device_specific: head[1],
            block_descriptors,
            pages,
        }));
    }
}
