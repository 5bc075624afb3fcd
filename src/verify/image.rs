//! This module knows how an image file is verified: its size, its filesystem, its map, its digests, and whatever it
//! can be compared with.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use super::against::{Against, Answer, Asked, Compared, Comparison, Verdict};
use super::comparing::{Comparing, Padding};
use super::digesting::{Digesting, Digests, Wanted};
use super::file_pass::FilePass;
use super::judging::{Judgement, Judging, Missing, SESSIONS_OF_AN_IMAGE, of_missing};
use super::summing::{EmbeddedSums, Summing};
use super::{VerifyError, why_not_of_image, with_needed};
use crate::checksum::{Algorithm, WhyNoRawForm};
use crate::clock::Clock;
use crate::event::{About, Listener, NoDrive, Phase, Teller, telling};
use crate::filesystem::{Finding, FirstLook, Severity, TreeKind, first_look_at_file};
use crate::image::{Beside, HoledImage, ImageFile, LARGEST_MAP, MissingNote, Opening, Storage};
use crate::reading::sectors_asked_for;
use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SectorRange};

/// What can be asked of a verification.
#[derive(Debug, Default)]
pub struct Options {
    /// The digests to compute; what `against` needs is added.
    pub algorithms: Vec<Algorithm>,
    pub against: Vec<Against>,
    /// Where the map lies, if not beside the image.
    pub map: Option<PathBuf>,
    /// Only these sectors; empty for all. The digests are then of them, in order, and only images are compared with.
    pub ranges: Vec<SectorRange>,
    /// Judge this tree of names alone; by default all.
    pub tree: Option<TreeKind>,
    /// Judge this session, counted from 1; by default the last.
    pub session: Option<u32>,
}

/// What the map of an image says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapState {
    pub path: PathBuf,
    pub missing: SectorCount,
    pub ranges: Vec<SectorRange>,
}

/// All that was found out.
#[derive(Debug)]
pub struct ImageReport {
    pub path: PathBuf,
    pub bytes: u64,
    pub sectors: SectorCount,
    /// Bytes behind the last whole sector.
    pub trailing_bytes: u64,
    pub look: FirstLook,
    pub judgement: Judgement,
    /// The sums that it carries within itself; `None` where only a part of it was asked for.
    pub sums: Option<EmbeddedSums>,
    /// All that was found wrong, the worst first.
    pub findings: Vec<Finding>,
    pub map: Option<MapState>,
    pub digests: Digests,
    pub comparisons: Vec<Comparison>,
}

/// Verifies the image at `path`.
///
/// # Errors
/// Where the file cannot be read, or something that it is to be compared with cannot.
pub fn verify_image(
    storage: &dyn Storage,
    path: &Path,
    options: &Options,
    clock: &dyn Clock,
    stop: &AtomicBool,
    listener: &mut dyn Listener,
) -> Result<ImageReport, VerifyError> {
    let open = |source| VerifyError::Open { path: path.to_owned(), source };
    let file = storage.open(path, Opening::Reading).map_err(open)?;
    let bytes = file.len().map_err(open)?;
    if bytes == 0 {
        return Err(VerifyError::Empty { path: path.to_owned() });
    }
    let (map, no_maps) = map_of(storage, path, options.map.as_deref())?;
    let missing = map.as_ref().map_or(&[][..], |map| &map.ranges);
    let sectors = SectorCount::whole_in(bytes).ok_or_else(|| open(std::io::ErrorKind::FileTooLarge.into()))?;
    let trailing_bytes = bytes % SECTOR_BYTES as u64;
    let no_raw_form = why_not_of_image(sectors, trailing_bytes);
    let wanted = wanted(options, no_raw_form);
    let stretches: Vec<_> = match options.ranges.is_empty() {
        true => std::iter::once(0..bytes).collect(),
        false => {
            let ranges = sectors_asked_for(&options.ranges, sectors)?;
            ranges.iter().map(|range| range.start().byte_offset()..range.end().byte_offset()).collect()
        }
    };
    let (look, judgement, sums, digests, likenesses) = telling(listener, clock, &NoDrive, stop, |teller| {
        no_maps.iter().for_each(|text| teller.notice(About::Map, text.clone()));
        let (look, judgement) = judge(file.as_ref(), path, missing, options, stop, teller)?;
        let pass = FilePass { clock, teller, stop, phase: Phase::Hash };
        let mut digesting = Digesting::new(&wanted);
        let mut comparing = comparing_with_images(storage, options, Padding::OfFile)?;
        let mut consumers: Vec<_> = digesting.consumers().collect();
        consumers.extend(comparing.iter_mut().map(|(_, c)| c as &mut dyn crate::pipeline::Consumer<_>));
        let is_whole = options.ranges.is_empty();
        let mut summing = (is_whole && !consumers.is_empty()).then(|| Summing::without(missing));
        consumers.extend(summing.iter_mut().map(|s| s as &mut dyn crate::pipeline::Consumer<_>));
        if !consumers.is_empty() {
            pass.run(file.as_ref(), &stretches, consumers)?;
        }
        let likenesses = comparing.into_iter().map(|(path, c)| (path, c.finish())).collect::<Vec<_>>();
        let mut image = holed(file.as_ref(), path, missing)?;
        let sums = match summing {
            Some(summing) => {
                let mut sums = summing.finish(&judgement);
                sums.check_files(&judgement, &mut image, stop, teller)?;
                Some(sums)
            }
            None => is_whole.then(|| EmbeddedSums::announced(&mut image, &judgement)),
        };
        Ok::<_, VerifyError>((look, judgement, sums, digesting.finish(), likenesses))
    })?;
    let compared = Compared {
        name: path.file_name().unwrap_or_default().as_encoded_bytes(),
        bytes,
        digests: &digests,
        no_raw_form,
    };
    let mut comparisons = Vec::new();
    for against in options.against.iter().filter(|_| options.ranges.is_empty()) {
        comparisons.extend(against.compare(&compared)?);
    }
    comparisons.extend(likenesses.into_iter().map(|(path, likeness)| Comparison {
        path,
        asked: Asked::ByUser,
        verdict: Verdict::Image(likeness),
    }));
    // What is known to be right need not have a filesystem that is known here.
    let is_right = comparisons.iter().any(|comparison| comparison.answer() == Answer::Yes);
    let unknown = if is_right { Severity::Warning } else { Severity::Error };
    let mut others = of_missing(missing, Missing::ByMap);
    others.extend(sums.iter().flat_map(EmbeddedSums::findings));
    Ok(ImageReport {
        path: path.to_owned(),
        bytes,
        sectors,
        trailing_bytes,
        findings: judgement.findings(&look, sectors, unknown, others),
        look,
        judgement,
        sums,
        map,
        digests,
        comparisons,
    })
}

/// What the filesystem comes to, with the map's holes in it.
fn judge(
    file: &dyn ImageFile,
    path: &Path,
    missing: &[SectorRange],
    options: &Options,
    stop: &AtomicBool,
    teller: &Teller<'_>,
) -> Result<(FirstLook, Judgement), VerifyError> {
    let mut source = holed(file, path, missing)?;
    let length = source.length();
    let look = first_look_at_file(&mut source, length);
    let judging = Judging { tree: options.tree, session: options.session, sessions: SESSIONS_OF_AN_IMAGE, stop };
    let judgement = judging.judge_file(&mut source, missing, teller)?;
    session_is_there(options.session, &judgement)?;
    tree_is_there(options.tree, &judgement)?;
    Ok((look, judgement))
}

fn holed<'a>(file: &'a dyn ImageFile, path: &Path, missing: &[SectorRange]) -> Result<HoledImage<'a>, VerifyError> {
    HoledImage::new(file, missing).map_err(|source| VerifyError::Open { path: path.to_owned(), source })
}

/// Whether the session that was asked for is one.
pub(super) fn session_is_there(asked: Option<u32>, judgement: &Judgement) -> Result<(), VerifyError> {
    let last = judgement.image.sessions.last().map_or(0, |session| session.number);
    match asked {
        Some(asked) if judgement.image.session.is_none() => Err(VerifyError::NoSession { asked, last }),
        _ => Ok(()),
    }
}

/// Whether the tree that was asked for can be there, as the volumes say. Where nothing says what is there, it is not known.
pub(super) fn tree_is_there(asked: Option<TreeKind>, judgement: &Judgement) -> Result<(), VerifyError> {
    let volumes = || judgement.image.volumes.iter().map(|volume| volume.kind);
    let is_judged = |asked| judgement.trees.iter().any(|tree| tree.kind == asked);
    match asked {
        Some(asked) if volumes().next().is_some() && !is_judged(asked) && !volumes().any(|kind| asked.is_of(kind)) => {
            Err(VerifyError::NoTree { asked, volumes: volumes().collect() })
        }
        _ => Ok(()),
    }
}

/// A comparison for each image that was named.
pub(super) fn comparing_with_images(
    storage: &dyn Storage,
    options: &Options,
    padding: Padding,
) -> Result<Vec<(PathBuf, Comparing)>, VerifyError> {
    let images = options.against.iter().filter_map(Against::image);
    let end = options.ranges.iter().map(|range| range.end()).max().unwrap_or(Lba(u32::MAX));
    images
        .map(|path| {
            let open = |source| VerifyError::Open { path: path.to_owned(), source };
            let file = storage.open(path, Opening::Reading).map_err(open)?;
            Ok((path.to_owned(), Comparing::with(file, padding).map_err(open)?.up_to(end)))
        })
        .collect()
}

/// Raw digests are computed where a catalogue may ask for them.
fn wanted(options: &Options, no_raw_form: Option<WhyNoRawForm>) -> Wanted {
    let image = with_needed(&options.algorithms, &options.against);
    let for_catalogue = options.against.iter().any(Against::is_catalogue);
    let raw = if for_catalogue && no_raw_form.is_none() && options.ranges.is_empty() {
        super::DIGESTS_OF_CATALOGUES.to_vec()
    } else {
        Vec::new()
    };
    Wanted { image, raw }
}

/// The map, and a sentence on each file beside the image that has the name of one, and is none.
fn map_of(
    storage: &dyn Storage,
    image: &Path,
    told: Option<&Path>,
) -> Result<(Option<MapState>, Vec<String>), VerifyError> {
    let state = |(path, note): (PathBuf, MissingNote)| {
        let ranges = note.ranges();
        MapState { path, missing: total(&ranges), ranges }
    };
    let Some(path) = told.map(Path::to_owned) else {
        let beside = Beside::of(storage, image);
        let notices = beside.notices().collect();
        return Ok((beside.note.map(state), notices));
    };
    match storage.read_file(&path, LARGEST_MAP).map(|text| MissingNote::parse(&text)) {
        Ok(Ok(note)) => Ok((Some(state((path, note))), Vec::new())),
        Ok(Err(source)) => Err(VerifyError::Map { path, source }),
        Err(source) => Err(VerifyError::Open { path, source }),
    }
}

fn total(ranges: &[SectorRange]) -> SectorCount {
    SectorCount(ranges.iter().map(|range| range.count().0).fold(0, u32::saturating_add))
}

/// So that who reads the report need not know the map's states.
impl MapState {
    /// Whether nothing is missing.
    pub fn is_complete(&self) -> bool {
        self.missing.is_zero()
    }
}
