//! This module knows what is missing of an image by what stands beside it: a map of GNU ddrescue's, or a plain list of bad
//! sectors.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::{MapError, RescueMap, Storage, bad_sectors, naming};
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

/// What lies beside an image under the name of a map of it.
#[derive(Debug, Default)]
pub struct Beside {
    /// The first that is one.
    pub note: Option<(PathBuf, MissingNote)>,
    /// Those before it that are none, and why.
    pub others: Vec<(PathBuf, String)>,
}

impl Beside {
    /// Looks at every name that a map of `image` may have. Whoever put something else there is nobody's error.
    pub fn of(storage: &dyn Storage, image: &Path) -> Self {
        let mut beside = Self::default();
        for path in naming::maps_of(image) {
            let note = match storage.read_file(&path, LARGEST_MAP) {
                Ok(text) => MissingNote::parse(&text).map_err(|error| error.to_string()),
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                Err(error) => Err(error.to_string()),
            };
            match note {
                Ok(note) => {
                    beside.note = Some((path, note));
                    return beside;
                }
                Err(why) => beside.others.push((path, why)),
            }
        }
        beside
    }

    /// A sentence on each that is no map.
    pub fn notices(&self) -> impl Iterator<Item = String> {
        self.others.iter().map(|(path, why)| format!("{} is no map, and not used: {why}", path.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Memory;

    #[test]
    fn a_map_and_a_list_say_the_same() {
        let map = MissingNote::parse(b"0x0 +\n0x0 0x8000 +\n0x8000 0x1000 -\n").unwrap();
        let list = MissingNote::parse(b"16-17\n").unwrap();
        assert!(matches!((&map, &list), (MissingNote::Map(_), MissingNote::List(_))));
        assert_eq!(map.ranges(), list.ranges());
    }

    #[test]
    fn what_only_lies_beside_an_image_is_passed_over() {
        let storage = Memory::new();
        storage.write_durably(Path::new("/a/disc.iso.map"), b"a map of the city").unwrap();
        let image = Path::new("/a/disc.iso.part");
        let none = Beside::of(&storage, image);
        assert!(none.note.is_none());
        assert_eq!(none.notices().count(), 1);
        storage.write_durably(Path::new("/a/disc.map"), b"16-17\n").unwrap();
        let beside = Beside::of(&storage, image);
        assert_eq!(beside.note.map(|(path, _)| path), Some("/a/disc.map".into()));
        assert_eq!(beside.others.len(), 1);
        let nothing = Beside::of(&storage, Path::new("/b/disc.iso"));
        assert!(nothing.note.is_none() && nothing.others.is_empty());
    }

    #[test]
    fn what_is_neither_is_told_as_no_map() {
        for text in [&b""[..], b"nonsense", b"0x0 +\n0x0 0x8000 ?!\n", b"\xff\xfe"] {
            assert!(MissingNote::parse(text).is_err(), "{text:?}");
        }
    }
}
