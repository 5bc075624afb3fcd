//! This module knows what there is to say of a rip, well ended or not.

use std::path::PathBuf;
use std::time::Duration;

use super::Order;
use super::image_writer::Unfinished;
use crate::checksum::WhyNoRawForm;
use crate::filesystem::{Finding, LengthState};
use crate::reading::{GiveUp, Subject};
use crate::sector::{SectorCount, SectorRange};
use crate::verify::{Answer, Comparison, Counts, Digests, EmbeddedSums, Judgement};

/// How a rip ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Outcome {
    /// Every sector was read.
    Complete,
    /// Sectors are missing; the image stays unfinished.
    Damaged,
    /// Sectors are missing and have zeros; the image has its final name all the same.
    DamageAccepted,
    /// The sectors asked for were read; others of the disc were not asked for.
    PartOfDisc,
    Interrupted,
    GaveUp(GiveUp),
    /// The error that comes with the report says why.
    Failed,
}

/// What a rip comes to, all in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// All that was asked for was read, and all that was checked holds.
    Ok,
    /// Sectors are missing, or what came cannot be a disc's content.
    Damaged,
    /// The sectors are not those that they were compared with.
    Mismatch,
    /// It did not come to its end.
    Interrupted,
}

/// The files of a rip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    pub output: PathBuf,
    pub unfinished: Unfinished,
    /// Written beside the finished image.
    pub lists: Vec<PathBuf>,
    /// An image of the same content that was here already.
    pub same_as: Option<PathBuf>,
}

/// An account of a rip.
#[derive(Debug)]
pub struct Report {
    pub outcome: Outcome,
    pub subject: Subject,
    /// `None` for a rip to a stream.
    pub files: Option<Files>,
    /// What the image has, or will have.
    pub sectors: SectorCount,
    /// In which order they were read, which need not be what was asked for.
    pub order: Order,
    /// Sectors that could not be read.
    pub bad: Vec<SectorRange>,
    /// Bad sectors, and those that were never tried.
    pub missing: SectorCount,
    /// Sectors that were here from an earlier call.
    pub resumed: SectorCount,
    /// Sectors that this call read.
    pub read: SectorCount,
    /// Of those, the ones that the drive had to read more than once, by its own account.
    pub recovered: SectorCount,
    /// Nothing but zeros came, and the first look at the disc found nothing else either.
    pub all_zero: bool,
    /// What the filesystem came to; `None` where not all was tried.
    pub judgement: Option<Judgement>,
    /// The sums that the disc carries within itself; `None` where they were not asked, as where not all was tried.
    pub sums: Option<EmbeddedSums>,
    /// All that was found wrong, the worst first; that sectors are missing is not among it.
    pub findings: Vec<Finding>,
    /// Of the finished image or the stream; empty otherwise.
    pub digests: Digests,
    /// Why the raw form of a CD was not computed.
    pub no_raw_form: Option<WhyNoRawForm>,
    pub comparisons: Vec<Comparison>,
    /// The whole rip.
    pub elapsed: Duration,
    /// Reading and retrying alone.
    pub reading: Duration,
    /// Time of that in which the drive had a command to work on.
    pub drive_time: Duration,
    /// Time of that in which reading waited for the disk or the digests.
    pub stalled: Duration,
    /// Sectors in one READ, where it was settled.
    pub read_size: SectorCount,
}

impl Report {
    /// 0 to 1; `None` where nothing was read.
    pub fn drive_busy(&self) -> Option<f64> {
        let reading = self.reading.as_secs_f64();
        (reading > 0.0).then(|| (self.drive_time.as_secs_f64() / reading).min(1.0))
    }

    pub fn status(&self) -> Status {
        match self.outcome {
            Outcome::Interrupted | Outcome::Failed => return Status::Interrupted,
            Outcome::Damaged | Outcome::DamageAccepted | Outcome::GaveUp(_) => return Status::Damaged,
            Outcome::PartOfDisc if !self.bad.is_empty() => return Status::Damaged,
            Outcome::Complete | Outcome::PartOfDisc => {}
        }
        if self.all_zero || self.lacking().is_some() {
            return Status::Damaged;
        }
        match self.comparisons.iter().any(|comparison| comparison.answer() == Answer::No) {
            true => Status::Mismatch,
            false if self.errors() > 0 => Status::Damaged,
            false => Status::Ok,
        }
    }

    /// Findings that say that content cannot be reached, or is wrong.
    pub fn errors(&self) -> u64 {
        Counts::of(&self.findings).error
    }

    /// How much the disc is shorter than its filesystem, in bytes; padding that is missing does not count. Before the
    /// filesystem is judged, by the first look.
    pub fn lacking(&self) -> Option<u64> {
        let judged = self.judgement.as_ref().and_then(|judgement| judgement.image.length_verdict.as_ref());
        match judged.map(|verdict| (verdict.state, verdict.missing())) {
            Some((LengthState::Truncated | LengthState::TailMissing { is_padding: false }, missing)) => Some(missing),
            Some((LengthState::TailMissing { is_padding: true } | LengthState::Exact | LengthState::Longer, _)) => None,
            Some((LengthState::Unknown, _)) | None => self.subject.size.missing.map(SectorCount::bytes),
        }
    }

    /// Adds what the sums say to what the filesystem said.
    pub(super) fn add_sums(&mut self, sums: EmbeddedSums) {
        self.findings.extend(sums.findings());
        self.findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        self.sums = Some(sums);
    }

    pub fn bad_count(&self) -> SectorCount {
        SectorCount(self.bad.iter().map(|range| range.count().0).fold(0, u32::saturating_add))
    }
}
