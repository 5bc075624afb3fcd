//! This module knows what discs hold that are sold, to say which one would do.

use crate::sector::SectorCount;

const SOLD: &[(&str, u32)] = &[
    ("a CD of 80 minutes", 359_847),
    ("a DVD", 2_295_104),
    ("a dual-layer DVD", 4_171_712),
    ("a Blu-ray disc of 25 GB", 12_219_392),
    ("a Blu-ray disc of 50 GB", 24_438_784),
    ("a Blu-ray disc of 100 GB", 48_878_592),
    ("a Blu-ray disc of 128 GB", 62_500_864),
];

/// The smallest kind of disc that takes so many sectors.
pub(super) fn enough_for(sectors: SectorCount) -> Option<&'static str> {
    SOLD.iter().find(|(_, most)| sectors.0 <= *most).map(|(name, _)| *name)
}
