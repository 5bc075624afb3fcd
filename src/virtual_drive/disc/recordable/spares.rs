//! This module knows how much of a disc can be kept to replace what does not take data, as a table.

use crate::sector::SectorCount;
use crate::virtual_drive::disc::{DiscKind, Stock};

/// Sectors to replace others: at least where there are any, as usual, and at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spares {
    pub least: SectorCount,
    pub usual: SectorCount,
    pub most: SectorCount,
    /// So many of them are none of those that the disc is said to have.
    pub beyond: SectorCount,
}

impl Spares {
    /// `None` of discs that replace nothing.
    pub fn of(stock: &Stock) -> Option<Self> {
        match stock.kind {
            DiscKind::DvdRam => Some(of_dvd_ram(stock.sectors)),
            DiscKind::BdR => Some(of_bd(stock.sectors, 0x3_1000)),
            DiscKind::BdRe => Some(of_bd(stock.sectors, 0x5000)),
            DiscKind::CdRom
            | DiscKind::CdR
            | DiscKind::CdRw
            | DiscKind::DvdRom
            | DiscKind::DvdR
            | DiscKind::DvdRDl
            | DiscKind::DvdRw
            | DiscKind::DvdPlusR
            | DiscKind::DvdPlusRDl
            | DiscKind::DvdPlusRw
            | DiscKind::BdRom => None,
        }
    }

    /// All sectors of a disc, those for nothing but replacing as well.
    pub fn room(stock: &Stock) -> SectorCount {
        let beyond = Self::of(stock).map_or(0, |spares| spares.beyond.0);
        SectorCount(stock.sectors.0.saturating_add(beyond))
    }

    /// What is left of a disc with so many to spare.
    pub fn left(self, stock: &Stock, spare: SectorCount) -> SectorCount {
        SectorCount(stock.sectors.0.saturating_add(self.beyond.0).saturating_sub(spare.0))
    }
}

/// A primary area, which is always there, and a supplementary one.
fn of_dvd_ram(sectors: SectorCount) -> Spares {
    const WHOLE: u32 = 2_295_072;
    let blocks = |share: u32| (sectors.0 / 16 / share).saturating_mul(16);
    let (primary, usual, most) = if sectors.0 < WHOLE { (16, blocks(8), blocks(4)) } else { (12_800, 58_368, 97_792) };
    let with = |supplementary: u32| SectorCount(supplementary.saturating_add(primary));
    Spares { least: with(0), usual: with(usual), most: with(most), beyond: with(0) }
}

/// So many clusters for each 25 GB, and at most `most`.
fn of_bd(sectors: SectorCount, most: u32) -> Spares {
    const LAYER: u32 = 12_219_392;
    // Of discs that are smaller than any, shares that are much alike.
    let clusters = |of_25_gb: u32, share: u32| match sectors.0.saturating_add(LAYER / 2) / LAYER {
        0 => sectors.0 / 32 / share,
        layers => of_25_gb.saturating_mul(layers),
    };
    let of = |of_25_gb, share| SectorCount(clusters(of_25_gb, share).saturating_mul(32));
    Spares { least: of(0x1000, 8), usual: of(0x3000, 4), most: of(most, 2), beyond: SectorCount(0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_follow_from_the_spares() {
        let of_kind = |kind, sectors| {
            let stock = Stock { sectors: SectorCount(sectors), ..Stock::usual(kind).unwrap() };
            let spares = Spares::of(&stock).unwrap();
            [spares.least, spares.usual, spares.most].map(|spare| spares.left(&stock, spare).0)
        };
        let of = |sectors| of_kind(DiscKind::BdRe, sectors);
        assert_eq!(of_kind(DiscKind::BdR, 12_219_392), [12_088_320, 11_826_176, 5_796_864]);
        assert_eq!(of(12_219_392), [12_088_320, 11_826_176, 11_564_032]);
        assert_eq!(of(24_438_784)[1], 23_652_352);
        assert_eq!(of(48_878_592)[1], 47_305_728);
        assert_eq!(of(256), [224, 192, 128]);
        assert_eq!(of_kind(DiscKind::DvdRam, 2_295_072)[..2], [2_295_072, 2_236_704]);
        assert_eq!(of_kind(DiscKind::DvdRam, 256), [256, 224, 192]);
        assert_eq!(Spares::of(&Stock::usual(DiscKind::DvdPlusRw).unwrap()), None);
    }
}
