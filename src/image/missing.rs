//! This module knows what is missing of an image by what stands beside it: a map of GNU ddrescue's, or a plain list of bad
//! sectors.

use super::{MapError, RescueMap, bad_sectors};
use crate::sector::SectorRange;

/// A map of 8 TiB with a hole in every other sector is no map that anybody has.
pub const LARGEST_MAP: u64 = 256 << 20;

/// What somebody noted of an image.
#[derive(Debug, Clone, PartialEq)]
pub enum MissingNote {
    Map(RescueMap),
    /// Bad sectors, in order and apart from each other.
    List(Vec<SectorRange>),
}

impl MissingNote {
    /// Whichever of the two `text` is; an empty text is neither.
    ///
    /// # Errors
    /// What keeps it from being a map.
    pub fn parse(text: &[u8]) -> Result<Self, MapError> {
        match (RescueMap::parse(text), bad_sectors(text)) {
            (Ok(map), _) => Ok(Self::Map(map)),
            (Err(_), Some(ranges)) if !ranges.is_empty() => Ok(Self::List(ranges)),
            (Err(error), _) => Err(error),
        }
    }

    /// The sectors that are missing, in order.
    pub fn ranges(&self) -> Vec<SectorRange> {
        match self {
            Self::Map(map) => map.missing().collect(),
            Self::List(ranges) => ranges.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_and_a_list_say_the_same() {
        let map = MissingNote::parse(b"0x0 +\n0x0 0x8000 +\n0x8000 0x1000 -\n").unwrap();
        let list = MissingNote::parse(b"16-17\n").unwrap();
        assert!(matches!((&map, &list), (MissingNote::Map(_), MissingNote::List(_))));
        assert_eq!(map.ranges(), list.ranges());
    }

    #[test]
    fn what_is_neither_is_told_as_no_map() {
        for text in [&b""[..], b"nonsense", b"0x0 +\n0x0 0x8000 ?!\n", b"\xff\xfe"] {
            assert!(MissingNote::parse(text).is_err(), "{text:?}");
        }
    }
}
