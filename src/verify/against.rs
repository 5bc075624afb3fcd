//! This module knows what an image can be compared with: lists, catalogues and other images.

use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use super::comparing::Likeness;
use super::digesting::Digests;
use super::{DIGESTS_OF_CATALOGUES, raw_form};
use crate::checksum::Wanted as WantedEntries;
use crate::checksum::{
    Algorithm, Catalogue, CatalogueVerdict, Computed, DETECT_BYTES, DatError, Entry, HashList, ListError, ListVerdict,
    Reference, WhyNoRawForm, against_catalogue, against_list, candidate_sizes, zipped_catalogues,
};

/// No list of hashes that people keep is larger.
const LARGEST_LIST: u64 = 64 << 20;
/// A folder of catalogues has one for each system there ever was.
const MOST_CATALOGUES: usize = 10_000;

/// Why something cannot be compared with.
#[derive(Debug, thiserror::Error)]
pub enum AgainstError {
    #[error("cannot read {}", path.display())]
    Open { path: PathBuf, source: io::Error },
    #[error("{}: {source}", path.display())]
    List { path: PathBuf, source: ListError },
    #[error("{}: {source}", path.display())]
    Catalogue { path: PathBuf, source: DatError },
    #[error("there is no catalogue in the folder {}", path.display())]
    NoCatalogue { path: PathBuf },
    #[error("there are more than {MOST_CATALOGUES} files in the folder {}", path.display())]
    TooManyCatalogues { path: PathBuf },
}

/// Who thought of comparing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// A person: no answer is then a no.
    ByUser,
    /// It lies beside the image.
    ByPlace,
}

/// Something to compare an image with.
#[derive(Debug)]
pub struct Against {
    pub path: PathBuf,
    pub asked: Asked,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    List(Box<HashList>),
    Catalogues(Vec<PathBuf>),
    Image,
}

/// What is known of the image to compare.
#[derive(Debug, Clone, Copy)]
pub struct Compared<'a> {
    pub name: &'a [u8],
    pub bytes: u64,
    pub digests: &'a Digests,
    /// Why the raw form of a CD was not computed; `None` where it was.
    pub no_raw_form: Option<WhyNoRawForm>,
}

/// What a comparison said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    List(ListVerdict),
    Catalogue(CatalogueVerdict),
    Image(Likeness),
}

/// A verdict and who said it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    pub path: PathBuf,
    pub asked: Asked,
    pub verdict: Verdict,
}

/// What a comparison comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Yes,
    No,
    /// It could not be compared.
    Neither,
}

impl Comparison {
    pub fn answer(&self) -> Answer {
        let unknown = match self.asked {
            Asked::ByUser => Answer::No,
            Asked::ByPlace => Answer::Neither,
        };
        match &self.verdict {
            Verdict::List(ListVerdict::Match { .. }) | Verdict::Catalogue(CatalogueVerdict::Match(_)) => Answer::Yes,
            Verdict::List(ListVerdict::Mismatch { .. })
            | Verdict::Catalogue(CatalogueVerdict::SameSizeOtherContent { .. }) => Answer::No,
            Verdict::List(ListVerdict::NotListed) | Verdict::Catalogue(CatalogueVerdict::NotFound) => unknown,
            Verdict::List(ListVerdict::NotComputed { .. })
            | Verdict::Catalogue(CatalogueVerdict::NotComparable { .. }) => Answer::Neither,
            Verdict::Image(likeness) if likeness.is_same() => Answer::Yes,
            Verdict::Image(_) => Answer::No,
        }
    }
}

impl Against {
    /// Looks at what `path` is, and reads it as far as needed to know that it can be compared with.
    ///
    /// # Errors
    /// Where it cannot be read, or is a broken list or catalogue; with its line.
    pub fn load(path: &Path, asked: Asked) -> Result<Self, AgainstError> {
        let open = |source| AgainstError::Open { path: path.to_owned(), source };
        let kind = if fs::metadata(path).map_err(open)?.is_dir() {
            Kind::Catalogues(catalogues_in(path)?)
        } else {
            let mut start = Vec::new();
            let file = File::open(path).map_err(open)?;
            file.take(DETECT_BYTES as u64).read_to_end(&mut start).map_err(open)?;
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            match Reference::detect(&name, &start) {
                Reference::Dat(_) | Reference::Zip => Kind::Catalogues(vec![path.to_owned()]),
                Reference::HashList | Reference::Sfv => {
                    let mut bytes = Vec::new();
                    File::open(path).and_then(|f| f.take(LARGEST_LIST).read_to_end(&mut bytes)).map_err(open)?;
                    let list = HashList::parse(&name, &bytes)
                        .map_err(|source| AgainstError::List { path: path.to_owned(), source })?;
                    Kind::List(Box::new(list))
                }
                Reference::NotAList => Kind::Image,
            }
        };
        if let Kind::Catalogues(files) = &kind {
            // A broken catalogue is told before the disc is read, not after.
            for file in files {
                entries_of(file, WantedEntries::Sizes(&[]))?;
            }
        }
        Ok(Self { path: path.to_owned(), asked, kind })
    }

    /// The digests that a comparison needs of an image.
    pub fn algorithms(&self) -> Vec<Algorithm> {
        match &self.kind {
            Kind::List(list) => {
                let mut all: Vec<_> = list.entries().iter().map(|entry| entry.digest.algorithm()).collect();
                all.sort();
                all.dedup();
                all
            }
            Kind::Catalogues(_) => DIGESTS_OF_CATALOGUES.to_vec(),
            Kind::Image => Vec::new(),
        }
    }

    pub fn is_catalogue(&self) -> bool {
        matches!(self.kind, Kind::Catalogues(_))
    }

    /// The path, where it is an image.
    pub fn image(&self) -> Option<&Path> {
        match self.kind {
            Kind::Image => Some(&self.path),
            Kind::List(_) | Kind::Catalogues(_) => None,
        }
    }

    /// Whether it is a list that names this file.
    pub fn names(&self, image: &[u8]) -> bool {
        self.list().is_some_and(|list| !list.for_name(image).is_empty())
    }

    /// The list that it is, where it is one.
    pub fn list(&self) -> Option<&HashList> {
        match &self.kind {
            Kind::List(list) => Some(list),
            Kind::Catalogues(_) | Kind::Image => None,
        }
    }

    /// What it says; `None` for an image, which is compared while the bytes pass.
    ///
    /// # Errors
    /// Where a catalogue cannot be read any more.
    pub fn compare(&self, compared: &Compared<'_>) -> Result<Option<Comparison>, AgainstError> {
        let verdict = match &self.kind {
            Kind::List(list) => Verdict::List(against_list(list, compared.name, &compared.digests.image)),
            Kind::Catalogues(files) => {
                let sizes = candidate_sizes(compared.bytes);
                let mut entries = Vec::new();
                for file in files {
                    entries.extend(entries_of(file, WantedEntries::Sizes(&sizes))?);
                }
                let computed = Computed {
                    bytes: compared.bytes,
                    digests: compared.digests.image.clone(),
                    raw: raw_form::computed(compared.digests, compared.no_raw_form),
                };
                Verdict::Catalogue(against_catalogue(&entries, &computed))
            }
            Kind::Image => return Ok(None),
        };
        Ok(Some(Comparison { path: self.path.clone(), asked: self.asked, verdict }))
    }
}

fn entries_of(path: &Path, wanted: WantedEntries<'_>) -> Result<Vec<Entry>, AgainstError> {
    let open = |source| AgainstError::Open { path: path.to_owned(), source };
    let broken = |source| AgainstError::Catalogue { path: path.to_owned(), source };
    let mut start = Vec::new();
    File::open(path).and_then(|f| f.take(DETECT_BYTES as u64).read_to_end(&mut start)).map_err(open)?;
    let file = BufReader::new(File::open(path).map_err(open)?);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if Reference::detect(&name, &start) != Reference::Zip {
        return Catalogue::parse(file, wanted).map(|catalogue| catalogue.entries).map_err(broken);
    }
    let mut entries = Vec::new();
    for member in zipped_catalogues(file, wanted).map_err(broken)? {
        entries.extend(member.catalogue.map_err(broken)?.entries);
    }
    Ok(entries)
}

fn catalogues_in(folder: &Path) -> Result<Vec<PathBuf>, AgainstError> {
    let open = |source| AgainstError::Open { path: folder.to_owned(), source };
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(open)? {
        let path = entry.map_err(open)?.path();
        let ending = path.extension().unwrap_or_default().to_ascii_lowercase();
        if path.is_file() && ["dat", "xml", "zip"].iter().any(|known| ending == *known) {
            found.push(path);
        }
        if found.len() > MOST_CATALOGUES {
            return Err(AgainstError::TooManyCatalogues { path: folder.to_owned() });
        }
    }
    if found.is_empty() {
        return Err(AgainstError::NoCatalogue { path: folder.to_owned() });
    }
    found.sort();
    Ok(found)
}
