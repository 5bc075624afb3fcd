//! This module knows when an image is what somebody says it is: computed digests against lists and catalogues.

mod catalogue;
mod list;

pub use catalogue::{
    CatalogueVerdict, Computed, Found, NotComparable, RawForm, WantedAlgorithms, WhyNoRawForm, against_catalogue,
    candidate_sizes, wanted_by_catalogue,
};
pub use list::{ListVerdict, against_list};

use super::Algorithm;

/// Which bytes of a disc a digest is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// 2048 bytes of user data a sector.
    Iso,
    /// All 2352 bytes of a CD's sector.
    Raw,
}

/// How much it says that digests agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// CRC-32 alone: it proves a copy against accident only.
    Weak,
    Strong,
}

impl From<Algorithm> for Strength {
    fn from(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Crc32 => Self::Weak,
            Algorithm::Md5 | Algorithm::Sha1 | Algorithm::Sha256 | Algorithm::Sha512 => Self::Strong,
        }
    }
}
