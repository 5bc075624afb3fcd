//! This module knows how to look at a few sectors of a source that may be damaged, and when to stop looking.

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use crate::bytes::Cursor;
use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SectorSource, SourceError};

/// A first look reads no more than this: a second or two on a drive.
const MOST_READS: usize = 200;
/// A drive may take half a minute over a sector that it then gives up.
const MOST_FAILURES: usize = 6;
/// A disc that is wrong everywhere would be told for ever.
const MOST_PROBLEMS: usize = 32;

pub(super) type Sector = Rc<[u8; SECTOR_BYTES]>;

/// Something that was not as it should be; the look went on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Problem {
    pub at: Lba,
    pub kind: ProblemKind,
}

/// What is wrong there. `Display` is a phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProblemKind {
    Unreadable,
    /// The source as a whole failed: nothing was read after this.
    SourceFailed,
    /// So many sectors were unreadable, or so many would have to be read, that the rest was left alone.
    LookedEnough,
    /// A number that is recorded in both byte orders, or twice, differs from itself.
    Contradiction,
    /// The volume descriptors have no end.
    NoTerminator,
    /// A UDF descriptor whose checksum, CRC or place is not what its tag says.
    BadTag,
    /// UDF is announced, but no anchor leads to its descriptors.
    NoAnchor,
    /// Neither sequence of UDF volume descriptors is complete.
    NoVolumeDescriptors,
}

impl fmt::Display for ProblemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ProblemKind::Unreadable => "cannot be read",
            ProblemKind::SourceFailed => "reading failed altogether",
            ProblemKind::LookedEnough => "too much is unreadable, or too much to look at: the rest was left alone",
            ProblemKind::Contradiction => "a number that is recorded twice differs from itself",
            ProblemKind::NoTerminator => "the volume descriptors have no end",
            ProblemKind::BadTag => "a UDF descriptor is damaged or misplaced",
            ProblemKind::NoAnchor => "no anchor leads to the UDF volume descriptors",
            ProblemKind::NoVolumeDescriptors => "the UDF volume descriptors are incomplete",
        })
    }
}

/// A source, read sector by sector, each at most once.
pub(super) struct Probe<'a> {
    source: &'a mut dyn SectorSource,
    seen: BTreeMap<Lba, Option<Sector>>,
    failures: usize,
    is_over: bool,
    pub problems: Vec<Problem>,
}

impl<'a> Probe<'a> {
    pub fn new(source: &'a mut dyn SectorSource) -> Self {
        Self { source, seen: BTreeMap::new(), failures: 0, is_over: false, problems: Vec::new() }
    }

    pub fn sector_count(&self) -> SectorCount {
        self.source.sector_count()
    }

    /// `None` where there is none, where it cannot be read, and once enough was looked at.
    pub fn sector(&mut self, at: Lba) -> Option<Sector> {
        if let Some(known) = self.seen.get(&at) {
            return known.clone();
        }
        if self.is_over {
            return None;
        }
        if self.seen.len() >= MOST_READS || self.failures >= MOST_FAILURES {
            self.is_over = true;
            self.problem(at, ProblemKind::LookedEnough);
            return None;
        }
        let mut bytes = [0; SECTOR_BYTES];
        let found = match self.source.read_sectors(at, &mut bytes) {
            Ok(()) => Some(Rc::new(bytes)),
            Err(SourceError::Beyond { .. }) => None,
            Err(SourceError::Unreadable { .. }) => {
                self.failures = self.failures.saturating_add(1);
                self.problem(at, ProblemKind::Unreadable);
                None
            }
            Err(SourceError::Failed { .. }) => {
                self.is_over = true;
                self.problem(at, ProblemKind::SourceFailed);
                None
            }
        };
        self.seen.insert(at, found.clone());
        found
    }

    /// The `N` bytes from byte `at` on, a sector at most.
    pub fn bytes<const N: usize>(&mut self, at: u64) -> Option<[u8; N]> {
        let lba = SectorCount::whole_in(at).map(|count| Lba(count.0))?;
        let offset = usize::try_from(at % SECTOR_BYTES as u64).ok()?;
        let first = self.sector(lba)?;
        if let Some(found) = first.get(offset..)?.first_chunk() {
            return Some(*found);
        }
        let second = self.sector(lba.checked_add(SectorCount(1))?)?;
        [first.as_slice(), second.as_slice()].concat().get(offset..)?.first_chunk().copied()
    }

    /// Whether all that was asked for could be read.
    pub fn is_whole(&self) -> bool {
        self.failures == 0 && !self.is_over
    }

    pub fn problem(&mut self, at: Lba, kind: ProblemKind) {
        let problem = Problem { at, kind };
        if self.problems.len() < MOST_PROBLEMS && !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// Everything that was read so far has only zeros in it; `None` where nothing was read, or not all could be.
    pub fn is_all_zero(&self) -> Option<bool> {
        if self.failures > 0 || self.is_over || self.seen.values().all(Option::is_none) {
            return None;
        }
        Some(self.seen.values().flatten().all(|sector| sector.iter().all(|&byte| byte == 0)))
    }
}

/// A reader that begins at `offset` of a structure.
pub(super) fn cursor_at<'a>(bytes: &'a [u8], offset: usize, what: &'static str) -> Cursor<'a> {
    Cursor::new(bytes.get(offset..).unwrap_or_default(), what)
}

/// Whether `magic` stands at `offset`.
pub(super) fn has(bytes: &[u8], offset: usize, magic: &[u8]) -> bool {
    bytes.get(offset..).is_some_and(|rest| rest.starts_with(magic))
}
