//! This module knows how to find out what is used of a disc before the disc is read: from its structures and directories,
//! with few reads, each tried once, and none of content.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::Job;
use super::target::Target;
use crate::clock::Clock;
use crate::drive::{Cache, Drive, DriveError, ReadFailure, ReadHow};
use crate::event::{Phase, Scale};
use crate::filesystem::{Image, Options, Owners, Rule, Scope, Severity, TailKind, Tree, VolumeKind};
use crate::image::{BlockStatus, ImageFile, Opening, RescueMap};
use crate::reading::{Subject, TripError, tell_notes};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SectorRange, SectorSource, SourceError};

/// What stands here belongs to no file, and is not told by every walk: the system area, and how a volume is recognised.
const BEGINNING: SectorCount = SectorCount(32);
/// When reads that fail have cost this much, the look ends with what is known by then.
const MOST_LOST_TIME: Duration = Duration::from_secs(120);

/// What the filesystem uses.
pub(super) struct Used {
    /// In order, none touching another.
    pub ranges: Vec<SectorRange>,
    /// Whether nothing else is used.
    pub is_all: bool,
}

impl Job<'_> {
    /// `None` where there is no filesystem, or none that can be read. What an earlier call has read is not read again.
    pub(super) fn look_for_what_is_used(
        &mut self,
        subject: &Subject,
        sectors: SectorCount,
        target: &Target,
    ) -> Result<Option<Used>, TripError> {
        let earlier = target.found.as_ref().and_then(|map| {
            let file = self.storage.open(&target.unfinished.part, Opening::Reading).ok()?;
            Some(Earlier { map, file })
        });
        let (image, was_cut) = self.look_at_all_names(sectors, &subject.sessions.starts, earlier)?;
        if image.trees.is_empty() {
            return Ok(None);
        }
        let beginning = SectorRange::first(BEGINNING);
        let ranges = SectorRange::joined([vec![beginning], Owners::of(&image).used()].concat());
        Ok(Some(Used { ranges, is_all: !was_cut && is_all_known(subject, &image) }))
    }

    /// The end of all that anybody uses or claims on a disc of so many sectors; `None` where not all could be looked at.
    pub(super) fn end_of_content(
        &mut self,
        sectors: SectorCount,
        session_starts: &[Lba],
    ) -> Result<Option<SectorCount>, TripError> {
        let (image, was_cut) = self.look_at_all_names(sectors, session_starts, None)?;
        Ok((!was_cut && has_all_names(&image)).then(|| end_of_content(&image, sectors)))
    }

    /// Reads all structures and directories; whether it ended too early, too.
    fn look_at_all_names(
        &mut self,
        sectors: SectorCount,
        session_starts: &[Lba],
        earlier: Option<Earlier<'_>>,
    ) -> Result<(Image, bool), TripError> {
        let mut look = Look {
            drive: self.drive,
            clock: self.clock,
            stop: self.stop,
            sectors,
            earlier,
            timeout: self.options.sector_timeout,
            bad: BTreeSet::new(),
            lost_time: Duration::ZERO,
            failure: None,
        };
        let stop = || self.stop.load(Ordering::Relaxed);
        // Copies and sums are used, too.
        let options = Options { scope: Scope::Judge, session_starts, stop: &stop, ..Options::default() };
        self.teller.begin(Phase::Check, SectorCount(0), SectorCount(0), Scale::default());
        let image = Image::read(&mut look, sectors.bytes(), &options);
        self.teller.end();
        let (failure, was_cut) = (look.failure.take(), look.is_over());
        tell_notes(self.drive, self.teller);
        if let Some((at, source)) = failure {
            return Err(TripError::Stopped { at, source });
        }
        Ok((image, was_cut))
    }
}

/// What is behind the end of the newest session's files, of its claims, and of whatever else somebody looks for.
fn end_of_content(image: &Image, disc: SectorCount) -> SectorCount {
    let used = Owners::of(image).used();
    // What a damaged record says of a place beyond the end is nothing to be read.
    let used = used.iter().filter_map(|range| range.intersection(SectorRange::first(disc))).map(|range| range.end().0);
    let verdict = image.length_verdict.iter();
    let tail = verdict.clone().flat_map(|verdict| &verdict.tail).filter(|part| is_somebodys(part.kind));
    let claimed =
        verdict.map(|verdict| verdict.declared).chain(tail.map(|part| part.start.saturating_add(part.length)));
    let claimed = claimed.map(|bytes| {
        let up = bytes.checked_next_multiple_of(SECTOR_BYTES as u64).unwrap_or(u64::MAX);
        SectorCount::whole_in(up).map_or(disc.0, |count| count.0)
    });
    SectorCount(used.chain(claimed).max().unwrap_or(0).min(disc.0))
}

fn is_somebodys(kind: TailKind) -> bool {
    match kind {
        TailKind::Anchors | TailKind::Files | TailKind::Session | TailKind::Partition => true,
        TailKind::Zeros | TailKind::Unreadable | TailKind::Data => false,
    }
}

/// Whether each directory and descriptor could be read.
fn has_all_names(image: &Image) -> bool {
    let is_unread = image.findings.iter().any(|finding| matches!(finding.rule, Rule::S01 | Rule::S02));
    !is_unread && !image.trees.is_empty() && !image.trees.iter().any(Tree::is_cut)
}

/// Whether no file can be missing from what was found.
fn is_all_known(subject: &Subject, image: &Image) -> bool {
    let is_read_here = subject.look.volumes.iter().all(|volume| match volume.kind {
        VolumeKind::HighSierra
        | VolumeKind::Iso9660 { .. }
        | VolumeKind::Enhanced
        | VolumeKind::Joliet { .. }
        | VolumeKind::RockRidge
        | VolumeKind::Udf { .. } => true,
        VolumeKind::Hfs | VolumeKind::HfsPlus => false,
    });
    let has_errors = image.findings.iter().any(|finding| finding.severity == Severity::Error);
    is_read_here && !has_errors && has_all_names(image)
}

/// What an earlier call left.
struct Earlier<'a> {
    map: &'a RescueMap,
    file: Box<dyn ImageFile>,
}

impl Earlier<'_> {
    fn is(&self, range: SectorRange, status: BlockStatus) -> bool {
        range.pieces(SectorCount(1)).all(|sector| self.map.status_at(sector.start()) == Some(status))
    }
}

/// A disc that is only looked at: each sector that fails is tried once, and not for ever.
struct Look<'a> {
    drive: &'a mut Drive,
    clock: &'a dyn Clock,
    stop: &'a AtomicBool,
    sectors: SectorCount,
    earlier: Option<Earlier<'a>>,
    timeout: Option<Duration>,
    bad: BTreeSet<Lba>,
    lost_time: Duration,
    failure: Option<(Lba, DriveError)>,
}

impl Look<'_> {
    fn is_over(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || self.failure.is_some() || self.lost_time >= MOST_LOST_TIME
    }

    fn piece(&mut self, range: SectorRange, buffer: &mut [u8]) -> Result<(), SourceError> {
        let at = range.start();
        if self.is_over() {
            return Err(SourceError::Failed { at, source: "the look has ended".into() });
        }
        if let Some(earlier) = &self.earlier {
            if earlier.is(range, BlockStatus::Finished) && earlier.file.read_at(at.byte_offset(), buffer).is_ok() {
                return Ok(());
            }
            if range.count().0 == 1 && earlier.is(range, BlockStatus::BadSector) {
                return Err(SourceError::Unreadable { at });
            }
        }
        if let Some(&bad) = self.bad.range(at..range.end()).next() {
            return Err(SourceError::Unreadable { at: bad });
        }
        let before = self.clock.now();
        let failure = match self.drive.read(at, buffer, &ReadHow { cache: Cache::Allowed, timeout: self.timeout }) {
            Ok(_) => return Ok(()),
            Err(failure) => failure,
        };
        self.lost_time = self.lost_time.saturating_add(self.clock.now().saturating_sub(before));
        if let ReadFailure::Stopped(error) = failure {
            let text = error.to_string();
            self.failure = Some((at, error));
            return Err(SourceError::Failed { at, source: text.into() });
        }
        if range.count().0 == 1 {
            self.bad.insert(at);
        }
        Err(SourceError::Unreadable { at })
    }
}

impl SectorSource for Look<'_> {
    fn sector_count(&self) -> SectorCount {
        self.sectors
    }

    fn read_sectors(&mut self, start: Lba, buffer: &mut [u8]) -> Result<(), SourceError> {
        let count = SectorCount::whole_in(buffer.len() as u64).unwrap_or(SectorCount(u32::MAX));
        if start.checked_add(count).is_none_or(|end| end.0 > self.sectors.0) {
            return Err(SourceError::Beyond { at: start });
        }
        let most = self.drive.max_read();
        let bytes = usize::try_from(most.bytes()).unwrap_or(SECTOR_BYTES).max(SECTOR_BYTES);
        let pieces = SectorRange::with_count(start, count).pieces(most);
        pieces.zip(buffer.chunks_mut(bytes)).try_for_each(|(range, buffer)| self.piece(range, buffer))
    }
}
