//! This module knows digests: computing many in one pass, and the lists and catalogues that name them.

mod algorithm;
mod compare;
mod dat;
mod digests;
mod hash_list;
mod raw_cd;
mod reference;

pub use algorithm::{Algorithm, UnknownAlgorithm, share_out};
pub use compare::{
    CatalogueVerdict, Computed, Form, Found, ListVerdict, NotComparable, RawForm, Strength, WantedAlgorithms,
    WhyNoRawForm, against_catalogue, against_list, candidate_sizes, wanted_by_catalogue,
};
pub use dat::{
    Catalogue, DatError, Entry, Header, Status, Track, Wanted, ZippedCatalogue, visit_catalogue, zipped_catalogues,
};
pub use digests::{Digest, Digester, NotADigest};
pub use hash_list::{HashList, ListEntry, ListError, ListProblem, ListWarning, Signature, list_line};
pub use raw_cd::{RAW_SECTOR_BYTES, RawCd, raw_bytes, raw_sector};
pub use reference::{DETECT_BYTES, DatForm, Reference};
