//! This module knows which title of a catalogue an image is.

use super::{Form, Strength};
use crate::checksum::{Algorithm, Digest, Entry, Status, Track, raw_bytes};
use crate::sector::{SECTOR_BYTES, SectorCount};
use std::fmt;
use std::sync::Arc;

/// An address on a CD has two digits for the minute.
const CD_SECTORS: SectorCount = SectorCount(449_850);

/// What was computed of an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Computed {
    /// Bytes of the image.
    pub bytes: u64,
    pub digests: Vec<Digest>,
    pub raw: RawForm,
}

/// The form that catalogues have CDs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RawForm {
    Computed(Vec<Digest>),
    Missing(WhyNoRawForm),
}

/// Why there are no digests of a CD's whole sectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyNoRawForm {
    /// The disc is no CD, so that it has no such form.
    NotACd,
    /// A sector has eight bytes more that user data does not tell.
    Mode2,
    SeveralTracks,
    /// The catalogue has what lies between the first sector and the lead-out.
    SectorsMissing,
    /// The image ends within a sector.
    HalfASector,
    NotAskedFor,
}

impl fmt::Display for WhyNoRawForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotACd => "the disc is no CD",
            Self::Mode2 => "the track is of mode 2, whose subheaders are not in the image",
            Self::SeveralTracks => "the disc has several tracks",
            Self::SectorsMissing => "the image lacks sectors",
            Self::HalfASector => "the image ends within a sector",
            Self::NotAskedFor => "the digests of whole sectors were not computed",
        })
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CatalogueVerdict {
    /// All that have the image's content, at least one; the strongest first.
    Match(Vec<Found>),
    /// Another pressing, or a bad copy.
    SameSizeOtherContent {
        titles: Vec<Arc<str>>,
    },
    /// Neither yes nor no: these have the size, but nothing that could be compared.
    NotComparable {
        titles: Vec<Arc<str>>,
        reason: NotComparable,
    },
    NotFound,
}

/// A file of the catalogue that has the image's content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub title: Arc<str>,
    pub rom: String,
    pub form: Form,
    pub strength: Strength,
    pub track: Option<Track>,
    pub status: Status,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotComparable {
    /// The catalogue has the CD's whole sectors.
    NoRawForm(WhyNoRawForm),
    /// The catalogue knows no digest.
    NoDigest,
    /// The catalogue's digests are none of those that were computed.
    NotComputed,
}

impl fmt::Display for NotComparable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRawForm(why) => why.fmt(f),
            Self::NoDigest => f.write_str("the catalogue has no digest of it"),
            Self::NotComputed => f.write_str("none of the catalogue's digests was computed"),
        }
    }
}

/// The sizes that an entry for an image of this size can have: its own, and that of a CD's raw form.
pub fn candidate_sizes(image_bytes: u64) -> Vec<u64> {
    [image_bytes].into_iter().chain(raw_size(image_bytes)).collect()
}

/// `None` where it is no CD's.
fn raw_size(image_bytes: u64) -> Option<u64> {
    let sectors = SectorCount::whole_in(image_bytes)?;
    let cd = image_bytes.is_multiple_of(SECTOR_BYTES as u64) && sectors <= CD_SECTORS && !sectors.is_zero();
    cd.then(|| raw_bytes(sectors))
}

/// What has to be computed so that an image can be compared, weakest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WantedAlgorithms {
    pub iso: Vec<Algorithm>,
    pub raw: Vec<Algorithm>,
}

pub fn wanted_by_catalogue<'e>(entries: impl IntoIterator<Item = &'e Entry>, image_bytes: u64) -> WantedAlgorithms {
    let raw_bytes = raw_size(image_bytes);
    let mut wanted = WantedAlgorithms::default();
    for entry in entries {
        let algorithms = || entry.digests.iter().map(Digest::algorithm);
        if entry.size.is_none_or(|size| size == image_bytes) {
            wanted.iso.extend(algorithms());
        }
        if raw_bytes.is_some() && (entry.size.is_none() || entry.size == raw_bytes) {
            wanted.raw.extend(algorithms());
        }
    }
    for list in [&mut wanted.iso, &mut wanted.raw] {
        list.sort_unstable();
        list.dedup();
    }
    wanted
}

/// Looks for the image among the entries of one or many catalogues.
pub fn against_catalogue<'e>(entries: impl IntoIterator<Item = &'e Entry>, image: &Computed) -> CatalogueVerdict {
    let raw_bytes = raw_size(image.bytes);
    let mut found = Vec::new();
    let mut other_content = Vec::new();
    let mut undecided = Vec::new();
    for entry in entries {
        let forms = match entry.size {
            Some(size) if size == image.bytes => [Some(Form::Iso), None],
            Some(size) if Some(size) == raw_bytes => [Some(Form::Raw), None],
            Some(_) => continue,
            None => [Some(Form::Iso), Some(Form::Raw)],
        };
        for form in forms.into_iter().flatten() {
            match (agreement(entry, form, image), entry.size) {
                (Agreement::Full(strength), _) => found.push(Found {
                    title: entry.title.clone(),
                    rom: entry.rom.clone(),
                    form,
                    strength,
                    track: entry.track,
                    status: entry.status,
                }),
                (Agreement::Differs, Some(_)) => other_content.push(entry.title.clone()),
                (Agreement::Unknown(reason), Some(_)) => undecided.push((reason, entry.title.clone())),
                (Agreement::Differs | Agreement::Unknown(_), None) | (Agreement::Impossible, _) => {}
            }
        }
    }
    found.sort_by_key(|found| std::cmp::Reverse(found.strength));
    let first_reason = undecided.iter().map(|(reason, _)| *reason).min_by_key(|reason| match reason {
        NotComparable::NoRawForm(_) => 0,
        NotComparable::NotComputed => 1,
        NotComparable::NoDigest => 2,
    });
    let titles_for = |wanted| {
        undecided.iter().filter(|(reason, _)| *reason == wanted).map(|(_, title)| title.clone()).collect::<Vec<_>>()
    };
    match first_reason {
        _ if !found.is_empty() => CatalogueVerdict::Match(found),
        Some(reason @ (NotComparable::NoRawForm(_) | NotComparable::NotComputed)) => {
            CatalogueVerdict::NotComparable { titles: without_doubles(titles_for(reason)), reason }
        }
        _ if !other_content.is_empty() => {
            CatalogueVerdict::SameSizeOtherContent { titles: without_doubles(other_content) }
        }
        Some(reason @ NotComparable::NoDigest) => {
            CatalogueVerdict::NotComparable { titles: without_doubles(titles_for(reason)), reason }
        }
        None => CatalogueVerdict::NotFound,
    }
}

fn without_doubles(mut titles: Vec<Arc<str>>) -> Vec<Arc<str>> {
    titles.sort();
    titles.dedup();
    titles
}

fn of(algorithm: Algorithm, digests: &[Digest]) -> Option<&Digest> {
    digests.iter().find(|digest| digest.algorithm() == algorithm)
}

enum Agreement {
    /// All digests that both sides have agree.
    Full(Strength),
    Differs,
    Unknown(NotComparable),
    /// The image has no such form, and that says all.
    Impossible,
}

fn agreement(entry: &Entry, form: Form, image: &Computed) -> Agreement {
    let digests = match (form, &image.raw) {
        (Form::Iso, _) => &image.digests,
        (Form::Raw, RawForm::Computed(digests)) => digests,
        (Form::Raw, RawForm::Missing(WhyNoRawForm::NotACd)) => return Agreement::Impossible,
        (Form::Raw, RawForm::Missing(why)) => return Agreement::Unknown(NotComparable::NoRawForm(*why)),
    };
    let mut strength = None;
    for listed in &entry.digests {
        match of(listed.algorithm(), digests) {
            Some(computed) if computed == listed => strength = strength.max(Some(listed.algorithm().into())),
            Some(_) => return Agreement::Differs,
            None => {}
        }
    }
    match strength {
        Some(strength) => Agreement::Full(strength),
        None if entry.digests.is_empty() => Agreement::Unknown(NotComparable::NoDigest),
        None => Agreement::Unknown(NotComparable::NotComputed),
    }
}

#[cfg(test)]
mod tests;
