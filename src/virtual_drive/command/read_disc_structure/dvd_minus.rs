//! This module knows what the lead-in of a DVD-R or DVD-RW tells before anything is written: how large it is, and who made it.

use crate::bytes::Composer;
use crate::mmc::command::DiscStructure;
use crate::virtual_drive::disc::{Disc, DiscKind, Stock};

/// What control data tell is a little more than what can be written.
const BEYOND: u32 = 608;

/// `None` of other discs.
pub fn stock(disc: &dyn Disc) -> Option<&Stock> {
    let stock = disc.recordable()?.stock();
    match stock.kind {
        DiscKind::DvdR | DiscKind::DvdRDl | DiscKind::DvdRw => Some(stock),
        DiscKind::CdRom
        | DiscKind::CdR
        | DiscKind::CdRw
        | DiscKind::DvdRom
        | DiscKind::DvdRam
        | DiscKind::DvdPlusR
        | DiscKind::DvdPlusRDl
        | DiscKind::DvdPlusRw
        | DiscKind::BdRom
        | DiscKind::BdR
        | DiscKind::BdRe => None,
    }
}

/// Sectors that the control data tell of.
pub fn control_data_sectors(stock: &Stock) -> u32 {
    stock.sectors.0.saturating_add(BEYOND)
}

/// Fields of eight bytes: a number, six bytes, and one that is not used. The maker's text is in the third and the fourth.
pub fn pre_recorded(stock: &Stock) -> DiscStructure {
    let mut out = Composer::new();
    let maker: Vec<u8> = stock.media_id.bytes().chain(std::iter::repeat(0)).take(12).collect();
    let mut texts = maker.chunks(6);
    for field in 1..=5_u8 {
        out.u8(field);
        let text = if matches!(field, 3 | 4) { texts.next().unwrap_or_default() } else { &[0; 6] };
        out.bytes(text).u8(0);
    }
    DiscStructure { data: out.finish() }
}
