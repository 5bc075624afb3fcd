//! This module knows which files a rip writes, and what is there already.

use std::path::{Path, PathBuf};

use super::error::{NotThisDisc, RipError};
use super::image_writer::Unfinished;
use super::options::{self, Existing};
use super::resume::{self, DiscMark, Found};
use crate::checksum::{Algorithm, Digest, list_line};
use crate::drive::Drive;
use crate::image::{RescueMap, Storage, naming, storage::folder_of};
use crate::sector::{SectorCount, SectorRange};

/// Ours has one line.
const LARGEST_LIST: u64 = 64 << 10;

/// Where the image goes, and what of it is there.
#[derive(Debug)]
pub struct Target {
    pub output: PathBuf,
    pub unfinished: Unfinished,
    /// What an earlier call left of this disc.
    pub found: Option<RescueMap>,
    /// Finished images that have the names which this one would have had.
    pub namesakes: Vec<PathBuf>,
}

/// What was asked for.
#[derive(Debug)]
pub enum Place {
    File(PathBuf),
    /// There, under the label's name.
    Folder(PathBuf),
}

/// What the target is chosen by.
pub struct Wish<'a> {
    pub label: Option<&'a str>,
    pub existing: Existing,
    pub unfinished: options::Unfinished,
    pub lists: &'a [Algorithm],
    pub sectors: SectorCount,
    pub mark: &'a DiscMark,
}

/// Finds the target. Nothing is written.
///
/// # Errors
/// Where something stands in the way that was not to be overwritten.
pub fn choose(storage: &dyn Storage, drive: &mut Drive, place: &Place, wish: &Wish<'_>) -> Result<Target, RipError> {
    match place {
        Place::File(path) => named_by_user(storage, drive, path, wish),
        Place::Folder(folder) => named_by_label(storage, drive, &folder.join(naming::image_name(wish.label)), wish),
    }
}

fn target_at(output: &Path) -> Target {
    let unfinished = Unfinished { part: naming::part(output), map: naming::map(output) };
    Target { output: output.to_owned(), unfinished, found: None, namesakes: Vec::new() }
}

fn named_by_user(storage: &dyn Storage, drive: &mut Drive, output: &Path, wish: &Wish<'_>) -> Result<Target, RipError> {
    let mut target = target_at(output);
    check_folder(storage, output)?;
    let refuse_existing = |path: PathBuf| match there(storage, &path)? && wish.existing == Existing::Refuse {
        true => Err(RipError::OutputExists { path }),
        false => Ok(()),
    };
    refuse_existing(output.to_owned())?;
    if wish.unfinished == options::Unfinished::Restart {
        return foreign_list(storage, &target, wish)?.map_or(Ok(target), |path| Err(RipError::OutputExists { path }));
    }
    match look_for(storage, drive, &target, wish)? {
        Found::Nothing if wish.unfinished == options::Unfinished::MustResume => {
            return Err(RipError::NothingToResume { part: target.unfinished.part });
        }
        Found::Nothing => {}
        Found::OfThisDisc(map) => target.found = Some(map),
        Found::Other(why) => return Err(RipError::UnfinishedIsOther { part: target.unfinished.part, why }),
    }
    foreign_list(storage, &target, wish)?.map_or(Ok(target), |path| Err(RipError::OutputExists { path }))
}

/// The first name that is free, or has an unfinished rip of this disc.
fn named_by_label(storage: &dyn Storage, drive: &mut Drive, first: &Path, wish: &Wish<'_>) -> Result<Target, RipError> {
    check_folder(storage, first)?;
    let mut namesakes = Vec::new();
    let mut failure = None;
    let mut chosen = None;
    naming::first_free(first, |output| {
        let mut consider = || -> Result<bool, RipError> {
            if there(storage, output)? && wish.existing == Existing::Refuse {
                namesakes.push(output.to_owned());
                return Ok(true);
            }
            let mut target = target_at(output);
            let found = look_for(storage, drive, &target, wish)?;
            match (found, wish.unfinished) {
                (Found::Nothing, _) if foreign_list(storage, &target, wish)?.is_some() => return Ok(true),
                // Whose it is cannot be told, or it is another disc's: not even a restart may lose it.
                (Found::Other(NotThisDisc::OtherDisc | NotThisDisc::NoMap), _) => return Ok(true),
                (_, options::Unfinished::Restart) | (Found::Nothing, _) => {}
                (Found::OfThisDisc(map), _) => target.found = Some(map),
                (Found::Other(_), _) => return Ok(true),
            }
            if target.found.is_none() && wish.unfinished == options::Unfinished::MustResume {
                return Err(RipError::NothingToResume { part: target.unfinished.part });
            }
            if let Some(path) = foreign_list(storage, &target, wish)? {
                return Err(RipError::OutputExists { path });
            }
            chosen = Some(target);
            Ok(false)
        };
        match consider() {
            Ok(taken) => taken,
            Err(error) => {
                failure = Some(error);
                false
            }
        }
    });
    match (failure, chosen) {
        (Some(error), _) => Err(error),
        (None, Some(target)) => Ok(Target { namesakes, ..target }),
        (None, None) => Err(RipError::NoFreeName { path: first.to_owned() }),
    }
}

/// What is there of an earlier rip. A map beside a finished image that may be overwritten is that image's.
fn look_for(storage: &dyn Storage, drive: &mut Drive, target: &Target, wish: &Wish<'_>) -> Result<Found, RipError> {
    let found = resume::look_for(storage, drive, &target.unfinished, wish.sectors, wish.mark)?;
    let goes_too = matches!(found, Found::Other(NotThisDisc::NoPart))
        && wish.existing == Existing::Overwrite
        && there(storage, &target.output)?;
    Ok(if goes_too { Found::Nothing } else { found })
}

/// A list, not to be overwritten, that the image would have, and that is somebody's: a rip writes its own just before the
/// end, and notes in its map what it writes.
fn foreign_list(storage: &dyn Storage, target: &Target, wish: &Wish<'_>) -> Result<Option<PathBuf>, RipError> {
    for algorithm in wish.lists.iter().filter(|_| wish.existing == Existing::Refuse) {
        let list = naming::hash_list(&target.output, algorithm.name());
        if there(storage, &list)? && !is_noted(storage, target, *algorithm, &list) {
            return Ok(Some(list));
        }
    }
    Ok(None)
}

/// Whether the map says that the list has these bytes.
fn is_noted(storage: &dyn Storage, target: &Target, algorithm: Algorithm, list: &Path) -> bool {
    let map = storage.read_file(&target.unfinished.map, resume::LARGEST_MAP).ok();
    let map = map.and_then(|text| RescueMap::parse(&text).ok());
    let digest = map.and_then(|map| Digest::from_hex(algorithm, map.note(&list_note(algorithm))?).ok());
    let text = digest.map(|digest| list_text(&target.output, digest));
    text.is_some_and(|text| storage.read_file(list, LARGEST_LIST).is_ok_and(|found| found == text))
}

/// The note in the map that has the digest in a list which was about to be written.
pub fn list_note(algorithm: Algorithm) -> String {
    format!("list-{}", algorithm.name())
}

/// What is written in the list beside the image.
pub fn list_text(output: &Path, digest: Digest) -> Vec<u8> {
    let name = output.file_name().unwrap_or_default().as_encoded_bytes();
    list_line(&digest, name)
}

/// Refuses what cannot end well before the first sector is read.
///
/// # Errors
/// Where the image is too large for the filesystem, or for what is free there.
pub fn check_room(
    storage: &dyn Storage,
    target: &Target,
    sectors: SectorCount,
    ranges: &[SectorRange],
) -> Result<(), RipError> {
    let folder = folder_of(&target.output);
    let at = |source| RipError::Folder { path: folder.to_owned(), source };
    let whole = sectors.bytes();
    if let Some(most) = storage.largest_file(folder).map_err(at)?
        && whole > most
    {
        return Err(RipError::FileTooLarge { path: folder.to_owned(), needed: whole, most });
    }
    // What lies between takes no room.
    let asked = SectorRange::count_of(ranges).bytes();
    let needed = target.found.as_ref().map_or(asked, |map| missing_in(map, ranges));
    let free = storage.free_space(folder).map_err(at)?;
    if needed > free {
        return Err(RipError::NoSpace { path: folder.to_owned(), needed, free });
    }
    Ok(())
}

/// Bytes of `ranges` that are not in the image yet.
fn missing_in(map: &RescueMap, ranges: &[SectorRange]) -> u64 {
    let missing: Vec<SectorRange> = map.missing().collect();
    SectorRange::count_of(&SectorRange::common(ranges, &missing)).bytes()
}

fn check_folder(storage: &dyn Storage, output: &Path) -> Result<(), RipError> {
    let folder = folder_of(output);
    storage.check_folder(folder).map_err(|source| RipError::Folder { path: folder.to_owned(), source })
}

fn there(storage: &dyn Storage, path: &Path) -> Result<bool, RipError> {
    storage.exists(path).map_err(|source| RipError::Folder { path: folder_of(path).to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_names_the_image_without_its_folder() {
        let digest = Digest::from_hex(Algorithm::Crc32, "0123abcd").unwrap();
        assert_eq!(list_text(Path::new("/a/b/c.iso"), digest), b"0123abcd  c.iso\n");
    }
}
