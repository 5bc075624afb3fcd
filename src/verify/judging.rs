//! This module knows how a filesystem is judged, and how what is missing is told by the names of those who lost it.

use std::sync::atomic::{AtomicBool, Ordering};

use super::{FilePassError, Keeping};
use crate::drive::{Drive, DriveError};
use crate::event::{Phase, Scale, Teller};
use crate::filesystem::{
    Content, Damages, Finding, FirstLook, Image, Options, Origin, Owner, Owners, Rule, Scope, Severity, Tree, TreeKind,
};
use crate::image::HoledImage;
use crate::reading::{Sessions, TripError};
use crate::sector::{Lba, SectorCount, SectorRange, SectorSource, SourceError};

/// Of one kind, so many findings are listed.
const LISTED_OF_A_KIND: usize = 3;

/// What to judge.
#[derive(Clone, Copy)]
pub struct Judging<'a> {
    /// This tree alone; by default all.
    pub tree: Option<TreeKind>,
    /// From 1; by default the last.
    pub session: Option<u32>,
    /// Of a disc, as its drive tells of them; those of an image are searched for.
    pub sessions: &'a Sessions,
    pub stop: &'a AtomicBool,
}

/// What is known of the sessions of an image file.
pub const SESSIONS_OF_AN_IMAGE: &Sessions = &Sessions { starts: Vec::new(), between: Vec::new() };

/// How many names a tree has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TreeCount {
    pub kind: TreeKind,
    /// All that are no directories.
    pub files: u64,
    /// Without the root.
    pub directories: u64,
}

/// What judging came to.
#[derive(Debug)]
pub struct Judgement {
    /// Without its trees, which were needed only to judge, and may be large.
    pub image: Image,
    pub trees: Vec<TreeCount>,
    /// Whose the missing sectors are, and whose what lies behind the end of the image; empty where no tree was found.
    pub damage: Damages,
    /// The tree of which libisofs recorded a sum of each file.
    pub summed: Option<Tree>,
}

impl Judgement {
    /// All that is to be said, the worst first; `more` is what others than the filesystem have to say, and `unknown` how bad
    /// it is that there is no filesystem that is known here.
    pub fn findings(
        &self,
        look: &FirstLook,
        sectors: SectorCount,
        unknown: Severity,
        more: Vec<Finding>,
    ) -> Vec<Finding> {
        let mut all: Vec<Finding> = of_content(look, &self.image, sectors, unknown).into_iter().collect();
        all.extend(more);
        all.extend(self.image.findings.iter().cloned());
        all.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        all
    }
}

/// Why judging did not come to an end.
#[derive(Debug, thiserror::Error)]
pub enum JudgeError {
    #[error(transparent)]
    File(#[from] FilePassError),
    #[error(transparent)]
    Trip(#[from] TripError),
}

impl Judging<'_> {
    /// Judges an image file, and tells whose `lost` is.
    ///
    /// # Errors
    /// Where the file cannot be read, or somebody asked to stop.
    pub fn judge_file(
        &self,
        image: &mut HoledImage<'_>,
        lost: &[SectorRange],
        teller: &Teller<'_>,
    ) -> Result<Judgement, FilePassError> {
        let length = image.length();
        let judgement = self.judge(image, length, lost, teller);
        match image.take_failure() {
            Some((offset, source)) => Err(FilePassError::Read { offset, source }),
            None => judgement,
        }
    }

    /// The same of the disc in `drive`, which has `sectors`; `lost` did not read, and `kept` need not be
    /// read again.
    ///
    /// # Errors
    /// Where the drive cannot go on, or somebody asked to stop.
    pub fn judge_disc(
        &self,
        drive: &mut Drive,
        sectors: SectorCount,
        lost: &[SectorRange],
        kept: &Keeping,
        teller: &Teller<'_>,
    ) -> Result<Judgement, JudgeError> {
        let between = &self.sessions.between;
        let mut source = ReadBefore { drive, sectors, lost, between, kept, failure: None };
        let judgement = self.judge(&mut source, sectors.bytes(), lost, teller);
        match source.failure {
            Some((at, source)) => Err(TripError::Stopped { at, source }.into()),
            None => Ok(judgement?),
        }
    }

    fn judge(
        &self,
        source: &mut dyn SectorSource,
        length: u64,
        lost: &[SectorRange],
        teller: &Teller<'_>,
    ) -> Result<Judgement, FilePassError> {
        let stop = || self.stop.load(Ordering::Relaxed);
        let options = Options {
            scope: Scope::Judge,
            tree: self.tree,
            session: self.session,
            session_starts: &self.sessions.starts,
            stop: &stop,
            ..Options::default()
        };
        teller.begin(Phase::Check, SectorCount(0), SectorCount(0), Scale::default());
        let mut image = Image::read(source, length, &options);
        teller.end();
        if stop() {
            return Err(FilePassError::Interrupted);
        }
        let damage = damage(&image, length, lost);
        let trees = image.trees.iter().map(count).collect();
        let summed = std::mem::take(&mut image.trees).into_iter().find(|tree| tree.md5_array.is_some());
        Ok(Judgement { image, trees, damage, summed })
    }
}

/// Whether all names could be read, of each tree.
fn is_whole(image: &Image) -> bool {
    let is_cut = image.trees.iter().any(Tree::is_cut);
    !is_cut && !image.findings.iter().any(|finding| matches!(finding.rule, Rule::S01 | Rule::S02))
}

/// Whose `lost` is, and what lies behind the end; nothing where nothing is known of the filesystem.
fn damage(image: &Image, length: u64, lost: &[SectorRange]) -> Damages {
    if image.trees.is_empty() {
        return Damages::default();
    }
    let owners = Owners::of(image);
    let mut damage = owners.of_sectors(lost);
    let beyond = owners.of_bytes(std::slice::from_ref(&(length..u64::MAX)));
    damage.is_cut |= beyond.is_cut;
    if !is_whole(image) {
        for piece in damage.all.iter_mut().filter(|piece| piece.owner == Owner::Unused) {
            piece.owner = Owner::Unknown;
        }
    }
    damage.all.extend(beyond.all.into_iter().filter(|piece| piece.owner != Owner::Unused));
    damage
}

/// What an image or a disc of `length` bytes has, without a word on what is missing of it. Names that could not all be
/// read are not counted.
pub fn survey(source: &mut dyn SectorSource, length: u64, options: &Options<'_>) -> Judgement {
    let mut image = Image::read(source, length, options);
    let trees = image.trees.iter().filter(|_| is_whole(&image)).map(count).collect();
    image.trees = Vec::new();
    Judgement { image, trees, damage: Damages::default(), summed: None }
}

/// A disc, of which some sectors are known not to read: they are not asked for again.
struct ReadBefore<'a> {
    drive: &'a mut Drive,
    sectors: SectorCount,
    /// In order.
    lost: &'a [SectorRange],
    /// In order: zeros.
    between: &'a [SectorRange],
    kept: &'a Keeping,
    failure: Option<(Lba, DriveError)>,
}

impl SectorSource for ReadBefore<'_> {
    fn sector_count(&self) -> SectorCount {
        self.sectors
    }

    fn read_sectors(&mut self, start: Lba, buffer: &mut [u8]) -> Result<(), SourceError> {
        let count = SectorCount::whole_in(buffer.len() as u64).unwrap_or(SectorCount(u32::MAX));
        let range = SectorRange::with_count(start, count);
        if range.end().0 > self.sectors.0 {
            return Err(SourceError::Beyond { at: start });
        }
        let from = self.lost.partition_point(|lost| lost.end() <= start);
        if let Some(lost) = self.lost.get(from).and_then(|lost| lost.intersection(range)) {
            return Err(SourceError::Unreadable { at: lost.start() });
        }
        let from = self.between.partition_point(|between| between.end() <= start);
        match self.between.get(from).and_then(|between| between.intersection(range)) {
            Some(between) if between == range => {
                buffer.fill(0);
                return Ok(());
            }
            // Whoever asks will ask for each sector.
            Some(between) => return Err(SourceError::Unreadable { at: between.start() }),
            None => {}
        }
        if self.kept.read(start, buffer) {
            return Ok(());
        }
        self.drive.read_sectors(start, buffer).map_err(|error| match error {
            SourceError::Failed { at, source } => {
                let text = source.to_string();
                if let Ok(source) = source.downcast::<DriveError>() {
                    self.failure = Some((at, *source));
                }
                SourceError::Failed { at, source: text.into() }
            }
            other @ (SourceError::Beyond { .. } | SourceError::Unreadable { .. }) => other,
        })
    }
}

fn count(tree: &Tree) -> TreeCount {
    let directories = u64::from(tree.directories());
    let all = u64::try_from(tree.len()).unwrap_or(u64::MAX);
    TreeCount { kind: tree.kind, files: all.saturating_sub(directories), directories: directories.saturating_sub(1) }
}

/// That it is no image at all, or none of a filesystem that is known here, which weighs what `unknown` says.
pub fn of_content(look: &FirstLook, image: &Image, sectors: SectorCount, unknown: Severity) -> Option<Finding> {
    let is_known = !image.volumes.is_empty() || image.findings.iter().any(|finding| finding.rule == Rule::S03);
    if is_known {
        return None;
    }
    let (severity, text) = match look.content {
        Content::Filesystem => return None,
        Content::NotAnImage(kind) => (Severity::Error, format!("no image: this is {kind}")),
        Content::AllZero => (Severity::Error, "nothing but zeros".to_owned()),
        Content::Unknown if sectors.is_zero() => (Severity::Error, "no image: it has not one whole sector".to_owned()),
        Content::LeftOver { directory } => (
            Severity::Error,
            format!("a directory of ISO 9660 stands at sector {directory}, and no volume descriptor leads to it"),
        ),
        Content::Unknown => (unknown, "no filesystem that is known here".to_owned()),
    };
    let origin = if matches!(look.content, Content::LeftOver { .. }) { Origin::Damage } else { Origin::Unknown };
    Some(Finding { rule: Rule::S03, severity, origin, at: None, path: None, text, more: 0 })
}

/// How it is known that sectors are missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// They would not read just now.
    Unreadable,
    /// The map of the image says so.
    ByMap,
}

/// That sectors are missing: the first few places, and how many more there are.
pub fn of_missing(missing: &[SectorRange], how: Missing) -> Vec<Finding> {
    let text = |range: &SectorRange| match (range.count().0, how) {
        (1, Missing::Unreadable) => "the sector cannot be read".to_owned(),
        (1, Missing::ByMap) => "the sector is missing, says the map".to_owned(),
        (count, Missing::Unreadable) => format!("{count} sectors from here on cannot be read"),
        (count, Missing::ByMap) => format!("{count} sectors from here on are missing, says the map"),
    };
    let mut findings: Vec<Finding> = missing
        .iter()
        .take(LISTED_OF_A_KIND)
        .map(|range| Finding {
            rule: Rule::S04,
            severity: Rule::S04.severity(),
            origin: Origin::Damage,
            at: Some(range.start().byte_offset()),
            path: None,
            text: text(range),
            more: 0,
        })
        .collect();
    if let Some(last) = findings.last_mut() {
        last.more = u64::try_from(missing.len().saturating_sub(LISTED_OF_A_KIND)).unwrap_or(u64::MAX);
    }
    findings
}

/// How many there are of each severity, those included that are not listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub error: u64,
    pub warning: u64,
    pub info: u64,
}

impl Counts {
    pub fn of(findings: &[Finding]) -> Self {
        let mut counts = Self::default();
        for finding in findings {
            let count = match finding.severity {
                Severity::Error => &mut counts.error,
                Severity::Warning => &mut counts.warning,
                Severity::Info => &mut counts.info,
            };
            *count = count.saturating_add(1).saturating_add(finding.more);
        }
        counts
    }
}
