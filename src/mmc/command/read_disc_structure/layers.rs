//! This module knows how the sectors of a DVD follow from the numbers in its lead-in.

use super::{PhysicalFormat, TrackPath};
use crate::sector::{Lba, SectorCount};

/// Numbers of layer 1 on an opposite path are complements: 24 bits, the highest a sign.
fn signed(number: u32) -> i64 {
    const SIGN: i64 = 0x0080_0000;
    let number = i64::from(number & 0x00FF_FFFF);
    if number >= SIGN { number.saturating_sub(SIGN * 2) } else { number }
}

fn amount(sectors: i64) -> Option<SectorCount> {
    u32::try_from(sectors).ok().filter(|&sectors| sectors > 0).map(SectorCount)
}

impl PhysicalFormat {
    fn has_opposite_layers(&self) -> bool {
        self.layers > 1 && self.track_path == TrackPath::Opposite
    }

    /// Sectors of layer 0 on an opposite path.
    fn opposite_layer_0(&self) -> Option<SectorCount> {
        amount(signed(self.layer_0_end?).saturating_sub(signed(self.start?)).saturating_add(1))
    }

    /// Sectors of layer 1 on an opposite path: it begins at the complement of the last number of layer 0.
    fn opposite_layer_1(&self) -> Option<SectorCount> {
        amount(signed(self.end?).saturating_add(signed(self.layer_0_end?)).saturating_add(2))
    }

    /// Sectors of the data zone: of both layers where the path is opposite, else of the layer that was asked about.
    /// `None` where numbers are missing or make no sense.
    pub fn sectors(&self) -> Option<SectorCount> {
        if self.has_opposite_layers() {
            self.opposite_layer_0()?.0.checked_add(self.opposite_layer_1()?.0).map(SectorCount)
        } else {
            amount(signed(self.end?).saturating_sub(signed(self.start?)).saturating_add(1))
        }
    }

    /// The first sector of layer 1; `None` on a single layer, or where numbers are missing or make no sense.
    /// On a parallel path this must be the answer about layer 0.
    pub fn layer_break(&self) -> Option<Lba> {
        let layer_0 = if self.has_opposite_layers() { self.opposite_layer_0() } else { self.sectors() };
        layer_0.filter(|_| self.layers > 1).map(|sectors| Lba(sectors.0))
    }

    /// Sectors of a disc with parallel path, whose layers are asked about one by one.
    /// `None` where one of them makes no sense, or there is none.
    pub fn sectors_of_parallel(layers: &[PhysicalFormat]) -> Option<SectorCount> {
        let sum = layers.iter().try_fold(0_u32, |sum, layer| sum.checked_add(layer.sectors()?.0));
        sum.filter(|&sum| sum > 0).map(SectorCount)
    }
}

#[cfg(test)]
mod tests {
    use super::super::BookType;
    use super::*;
    use proptest::prelude::*;

    fn disc(layers: u8, track_path: TrackPath, start: u32, end: u32, layer_0_end: u32) -> PhysicalFormat {
        PhysicalFormat {
            book_type: BookType::DvdRom,
            part_version: 1,
            disc_size: 0,
            maximum_rate: 2,
            layers,
            track_path,
            layer_type: 1,
            densities: 0,
            start: Some(start),
            end: Some(end),
            layer_0_end: Some(layer_0_end),
            bca: false,
            rest: Vec::new(),
        }
    }

    #[test]
    fn a_full_single_layer_has_2298496_sectors() {
        let single = disc(1, TrackPath::Parallel, 0x03_0000, 0x26_127F, 0);
        assert_eq!((single.sectors(), single.layer_break()), (Some(SectorCount(2_298_496)), None));
    }

    #[test]
    fn an_opposite_path_counts_both_layers() {
        // Ends at -220754.
        let dual = disc(2, TrackPath::Opposite, 196_608, 0xFC_A1AE, 1_717_455);
        assert_eq!(dual.sectors(), Some(SectorCount(3_017_551)));
        assert_eq!(dual.layer_break(), Some(Lba(1_520_848)));
    }

    #[test]
    fn parallel_layers_add_up() {
        let layer_0 = disc(2, TrackPath::Parallel, 0x03_0000, 0x03_0000 + 1_999_999, 0);
        let layer_1 = disc(2, TrackPath::Parallel, 0x03_0000, 0x03_0000 + 1_499_999, 0);
        assert_eq!(layer_0.layer_break(), Some(Lba(2_000_000)));
        assert_eq!(PhysicalFormat::sectors_of_parallel(&[layer_0, layer_1]), Some(SectorCount(3_500_000)));
        assert_eq!(PhysicalFormat::sectors_of_parallel(&[]), None);
    }

    #[test]
    fn numbers_without_sense_are_no_size() {
        let one_byte_short = disc(1, TrackPath::Parallel, 0x03_0000, 0xC1_7F00, 0);
        assert_eq!(one_byte_short.sectors(), None);
        let blank = disc(1, TrackPath::Parallel, 0x03_0000, 0, 0);
        assert_eq!(blank.sectors(), None);
        let no_layer_0 = disc(2, TrackPath::Opposite, 0x03_0000, 0xFC_A1AE, 0);
        assert_eq!((no_layer_0.sectors(), no_layer_0.layer_break()), (None, None));
        let missing = PhysicalFormat { end: None, ..disc(1, TrackPath::Parallel, 0x03_0000, 0x26_127F, 0) };
        assert_eq!(missing.sectors(), None);
    }

    proptest! {
        #[test]
        fn any_numbers_are_no_panic(start: u32, end: u32, layer_0_end: u32, layers in 0..5_u8, opposite: bool) {
            let path = if opposite { TrackPath::Opposite } else { TrackPath::Parallel };
            let disc = disc(layers, path, start, end, layer_0_end);
            let (sectors, layer_break) = (disc.sectors(), disc.layer_break());
            if let (Some(sectors), Some(layer_break)) = (sectors, layer_break) {
                prop_assert!(layer_break.0 <= sectors.0);
            }
        }
    }
}
