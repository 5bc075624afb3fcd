//! This module knows how digests are told.

use std::collections::BTreeMap;

use crate::checksum::WhyNoRawForm;
use crate::cli::sheet::Sheet;
use crate::verify::Digests;

/// The strongest first, then those of the raw form, where they were computed.
pub fn digest_rows(digests: &Digests, sheet: &mut Sheet) {
    for digest in &digests.image {
        sheet.row(digest.algorithm().to_string(), digest.to_string());
    }
    for digest in &digests.raw {
        sheet.row(format!("raw {}", digest.algorithm()), digest.to_string());
    }
}

/// By their names; those of a CD's raw sectors begin with `raw_`.
pub fn digest_map(digests: &Digests) -> BTreeMap<String, String> {
    let image = digests.image.iter().map(|d| (d.algorithm().to_string(), d.to_string()));
    let raw = digests.raw.iter().map(|d| (format!("raw_{}", d.algorithm()), d.to_string()));
    image.chain(raw).collect()
}

/// Why catalogues of CDs cannot be asked; `None` where they can, or where the disc is no CD anyway.
pub fn no_raw_form_words(why: Option<WhyNoRawForm>) -> Option<String> {
    match why? {
        WhyNoRawForm::NotACd | WhyNoRawForm::NotAskedFor => None,
        why @ (WhyNoRawForm::Mode2
        | WhyNoRawForm::SeveralTracks
        | WhyNoRawForm::SectorsMissing
        | WhyNoRawForm::HalfASector) => Some(format!("not computed: {why}")),
    }
}
