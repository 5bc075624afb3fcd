//! This module knows a rip to a file: two trips over the disc, and a state on the disk that is right at every moment.

use std::io;
use std::time::Duration;

use super::error::NotThisDisc;
use super::image_writer::{ImageWriter, WriteError, checkpointing, save_map};
use super::resume;
use super::retry_pass::RetryPass;
use super::target::Target;
use super::{Damage, Files, Job, Outcome, Plan, Report, RipError, RipFailure, failure_of};
use crate::event::{About, Phase, Scale, grouped};
use crate::filesystem::{Content, Severity};
use crate::image::{BlockStatus, HoledImage, ImageFile, Phase as MapPhase, RescueMap};
use crate::pipeline::{Consumer, fan_out};
use crate::reading::{Lap, PassEnd, RING, Stopwatch, Subject, Tally};
use crate::sector::{Lba, SectorCount, SectorRange};
use crate::verify::{Digesting, Digests, Judging, Summing};

/// The image as it is on the disk while it is made.
pub(super) struct Image {
    pub file: Box<dyn ImageFile>,
    pub map: RescueMap,
    pub files: Files,
    /// Digests of all sectors in order, where this call read them so.
    pub digests: Option<Digests>,
    /// The sums that the disc carries within itself, of the same sectors.
    pub summing: Option<Summing>,
}

/// What the two trips came to.
struct Trips {
    end: PassEnd,
    tally: Tally,
    lap: Lap,
    stalled: Duration,
    read_size: SectorCount,
    /// Whether nothing but zeros came.
    all_zero: bool,
    /// Whether the image could be written.
    written: Result<(), WriteError>,
}

impl Job<'_> {
    pub(super) fn rip_to_file(&mut self, subject: Subject, plan: &Plan, target: Target) -> Result<Report, RipFailure> {
        let resumed = target.found.as_ref().map_or(SectorCount(0), |map| map.count(BlockStatus::Finished));
        if target.found.is_some() {
            let (part, there) = (target.unfinished.part.display(), sectors_are(resumed, "there"));
            let text = format!("going on with {part}: {there}");
            self.teller.notice(About::Resume, text);
        }
        let namesakes = target.namesakes.clone();
        let mut image = self.open(plan, target)?;
        let trips = self.trips(plan, &mut image, resumed);
        if matches!(trips.end, PassEnd::Done) {
            image.map.set_progress(Lba(plan.sectors.0), MapPhase::Finished, 1);
        }
        let written = trips.written.and_then(|()| self.lengthen(plan, &image, &trips.end));
        let saved = self.keep(&mut image, written);
        let ended = failure_of(trips.end);
        let mut report = Report {
            outcome: Outcome::Failed,
            all_zero: trips.all_zero && subject.look.content == Content::AllZero,
            subject,
            sectors: plan.sectors,
            order: plan.order,
            bad: image.map.ranges(BlockStatus::BadSector).collect(),
            missing: image.map.missing_count(),
            resumed,
            read: trips.tally.read,
            recovered: trips.tally.recovered,
            judgement: None,
            sums: None,
            findings: Vec::new(),
            digests: Digests::default(),
            no_raw_form: plan.no_raw_form,
            comparisons: Vec::new(),
            reading: trips.lap.elapsed,
            drive_time: trips.lap.drive_time,
            stalled: trips.stalled,
            read_size: trips.read_size,
            elapsed: Duration::ZERO,
            files: Some(image.files.clone()),
        };
        let outcome = match (saved, ended) {
            (Err(error), _) => Err(error.into()),
            (Ok(()), Err(error)) => Err(error),
            (Ok(()), Ok(Some(early @ Outcome::GaveUp(_)))) => self.judge(plan, &mut image, &mut report).map(|()| early),
            (Ok(()), Ok(Some(early))) => Ok(early),
            (Ok(()), Ok(None)) => match self.judge(plan, &mut image, &mut report) {
                Ok(()) => self.finish(plan, image, &namesakes, &mut report),
                Err(error) => Err(error),
            },
        };
        report.elapsed = self.clock.now().saturating_sub(self.began);
        match outcome {
            Ok(outcome) => {
                report.outcome = outcome;
                Ok(report)
            }
            Err(error) => Err(RipFailure { error, report: Some(Box::new(report)) }),
        }
    }

    /// An image that is all that will come of it for now is as long as the disc, whatever is missing at its end. Where there
    /// is no room for zeros, it can do without.
    fn lengthen(&self, plan: &Plan, image: &Image, end: &PassEnd) -> Result<(), WriteError> {
        match end {
            PassEnd::Done | PassEnd::GaveUp(_) => match image.file.set_len(plan.sectors.bytes()) {
                Err(source) if source.kind() != io::ErrorKind::StorageFull => {
                    Err(WriteError::Image { path: image.files.unfinished.part.clone(), source })
                }
                Ok(()) | Err(_) => Ok(()),
            },
            PassEnd::Interrupted | PassEnd::ConsumerStopped | PassEnd::Failed(_) => Ok(()),
        }
    }

    /// Judges the filesystem in what is there of the image, where all that it can be about was asked for.
    fn judge(&self, plan: &Plan, image: &mut Image, report: &mut Report) -> Result<(), RipError> {
        let is_part = report.missing > report.bad_count() && !self.options.ranges.is_empty();
        if is_part {
            return Ok(());
        }
        let missing: Vec<SectorRange> = image.map.missing().collect();
        // What no filesystem uses, and nobody wanted, is zeros to it.
        let missing = SectorRange::common(&plan.ranges, &missing);
        let failed = |source| WriteError::Image { path: image.files.unfinished.part.clone(), source };
        let mut source = HoledImage::new(image.file.as_ref(), &missing).map_err(failed)?;
        let judging = Judging { tree: None, session: None, sessions: &report.subject.sessions, stop: self.stop };
        let judgement = judging.judge_file(&mut source, &report.bad, self.teller)?;
        report.findings = judgement.findings(&report.subject.look, report.sectors, Severity::Warning, Vec::new());
        report.judgement = Some(judgement);
        match image.summing.take() {
            Some(summing) => self.conclude_sums(summing, image, report),
            None => Ok(()),
        }
    }

    /// Whatever happened, what was read is kept: as far as it is known to be on stable storage.
    fn keep(&self, image: &mut Image, written: Result<(), WriteError>) -> Result<(), WriteError> {
        let unfinished = &image.files.unfinished;
        let kept = match written {
            Err(WriteError::Sync { .. }) => written,
            _ => written.and(unfinished.save(self.storage, image.file.as_ref(), &image.map)),
        };
        if let Err(WriteError::Sync { .. }) = kept {
            // The last map that was saved is the truth.
            let text = self.storage.read_file(&unfinished.map, resume::LARGEST_MAP).ok();
            if let Some(map) = text.and_then(|text| RescueMap::parse(&text).ok()) {
                image.map = map;
            }
        }
        kept
    }

    /// Opens the image; a new one begins with a map that claims nothing.
    fn open(&mut self, plan: &Plan, target: Target) -> Result<Image, RipError> {
        let Target { output, unfinished, found, .. } = target;
        let failed = |source| WriteError::Image { path: unfinished.part.clone(), source };
        let file = match self.storage.open_part(&unfinished.part) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                return Err(RipError::UnfinishedIsOther { part: unfinished.part, why: NotThisDisc::InUse });
            }
            Err(error) => return Err(failed(error).into()),
        };
        let map = match found {
            Some(map) => {
                // Whoever had the lock while we looked may have ended well, and taken the file with them.
                let end = map.ranges(BlockStatus::Finished).map(SectorRange::end).last().unwrap_or(Lba(0));
                if file.len().map_err(failed)? < end.byte_offset() {
                    return Err(RipError::UnfinishedIsOther { part: unfinished.part, why: NotThisDisc::ShortPart });
                }
                map
            }
            None => {
                let map = plan.mark.new_map(plan.sectors);
                save_map(self.storage, &unfinished.map, &map)?;
                file.set_len(0).map_err(failed)?;
                map
            }
        };
        let files = Files { output, unfinished, lists: Vec::new(), same_as: None };
        Ok(Image { file, map, files, digests: None, summing: None })
    }

    /// Both trips.
    fn trips(&mut self, plan: &Plan, image: &mut Image, resumed: SectorCount) -> Trips {
        let mut trips = self.first_trip(plan, image, resumed);
        if !matches!(trips.end, PassEnd::Done) || trips.written.is_err() {
            return trips;
        }
        // What failed in this call has had one try already.
        let tries = if resumed.is_zero() { self.options.tries.saturating_sub(1) } else { self.options.tries };
        let watch = Stopwatch::start(self.clock, self.drive);
        let retried = RetryPass {
            drive: self.drive,
            clock: self.clock,
            teller: self.teller,
            stop: self.stop,
            storage: self.storage,
            file: image.file.as_ref(),
            unfinished: &image.files.unfinished,
            tries,
            sector_timeout: self.options.sector_timeout,
            give_up: self.options.give_up,
        }
        .run(&mut image.map, &plan.route, &mut trips.tally);
        trips.lap = trips.lap.and(watch.read_off());
        match retried {
            Ok((end, brought)) => {
                trips.end = end;
                trips.tally.read = SectorCount(trips.tally.read.0.saturating_add(brought.0));
                if !brought.is_zero() {
                    (image.digests, image.summing) = (None, None);
                    let text = match brought.0 {
                        1 => "a sector that had failed was read after all".to_owned(),
                        _ => format!("{} sectors that had failed were read after all", grouped(brought.0.into())),
                    };
                    self.teller.notice(About::Recovered, text);
                }
            }
            Err(error) => trips.written = Err(error),
        }
        trips
    }

    /// Along the route, everything that was not tried yet.
    fn first_trip(&mut self, plan: &Plan, image: &mut Image, resumed: SectorCount) -> Trips {
        let untried: Vec<SectorRange> = image.map.untried().collect();
        let todo = SectorRange::common(&plan.route, &untried);
        let total = match plan.is_whole() {
            true => plan.sectors,
            false => SectorCount(resumed.0.saturating_add(SectorRange::count_of(&todo).0)),
        };
        let in_order = todo == [SectorRange::first(plan.sectors)];
        let mut digesting = in_order.then(|| Digesting::new(&plan.wanted));
        let mut summing = in_order.then(Summing::default);
        let (clock, teller, ring) = (self.clock, self.teller, RING);
        let (storage, known_bad) = (self.storage, image.map.count(BlockStatus::BadSector));
        let watch = Stopwatch::start(clock, self.drive);
        let mut pass = self.read_pass(plan);
        pass.tally.bad = known_bad;
        teller.begin(Phase::Read, resumed, total, plan.scale);
        let Files { unfinished, .. } = &image.files;
        let map = std::mem::replace(&mut image.map, RescueMap::new(SectorCount(0)));
        let file = image.file.as_ref();
        let ((map, (end, stalled, lap), written), saved) = checkpointing(storage, unfinished, file, |checkpoints| {
            let mut writer = ImageWriter::new(map, file, &unfinished.part, checkpoints, clock);
            let mut consumers: Vec<&mut dyn Consumer<WriteError>> = vec![&mut writer];
            if let Some(digesting) = &mut digesting {
                consumers.extend(digesting.consumers());
            }
            consumers.extend(summing.iter_mut().map(|s| s as &mut dyn Consumer<_>));
            let (produced, written) = fan_out(ring, clock, consumers, |feed| {
                let end = pass.run(&todo, feed);
                // What is on its way to the disk when the drive is done is not the drive's time.
                (end, feed.stalled(), watch.read_off())
            });
            (writer.map, produced, written)
        });
        teller.end();
        image.map = map;
        if matches!(end, PassEnd::Done) {
            image.digests = digesting.map(Digesting::finish);
            image.summing = summing;
        }
        let (tally, read_size, all_zero) = (pass.tally.clone(), pass.size.current(), pass.all_zero);
        Trips { end, tally, lap, stalled, read_size, written: written.and(saved), all_zero }
    }

    /// Whether a rip with this map is one that gets its name.
    pub(super) fn is_to_be_named(&self, plan: &Plan, map: &RescueMap) -> Result<Outcome, Outcome> {
        let never_tried = map.missing_count().0.saturating_sub(map.count(BlockStatus::BadSector).0);
        match (map.is_complete(), self.options.damage) {
            (true, _) => Ok(Outcome::Complete),
            (false, _) if never_tried > 0 && !plan.is_whole() => Err(Outcome::PartOfDisc),
            (false, Damage::Accepted) => Ok(Outcome::DamageAccepted),
            (false, Damage::StaysUnfinished) => Err(Outcome::Damaged),
        }
    }

    pub(super) fn sync_phase<R>(&self, job: impl FnOnce() -> R) -> R {
        self.teller.begin(Phase::Sync, SectorCount(0), SectorCount(0), Scale::default());
        let result = job();
        self.teller.end();
        result
    }
}

fn sectors_are(count: SectorCount, what: &str) -> String {
    match count.0 {
        1 => format!("1 sector is {what}"),
        many => format!("{} sectors are {what}", grouped(many.into())),
    }
}
