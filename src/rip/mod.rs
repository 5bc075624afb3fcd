//! This module knows how a disc becomes an image.
//!
//! The order of things: learn all of the disc, choose the files, read what reads, try again what does not, then hash,
//! compare, and only when every byte is on stable storage give the image its name.

mod error;
mod finish;
mod image_writer;
mod options;
mod order;
mod report;
mod resume;
mod retry_pass;
mod sums;
mod target;
mod to_file;
mod to_stream;
mod used;

use std::sync::atomic::AtomicBool;
use std::time::Duration;

pub use error::{NotThisDisc, RipError, RipFailure};
pub use image_writer::{Unfinished as UnfinishedFiles, WriteError};
pub use options::{Damage, End, Existing, Options, Order, Output, Unfinished};
pub use report::{Files, Outcome, Report, Status};

use crate::checksum::WhyNoRawForm;
use crate::clock::Clock;
use crate::drive::{Drive, Lock, Speed, SpeedOutcome};
use crate::event::{About, Listener, Scale, Teller, grouped, telling};
use crate::image::Storage;
use crate::reading::{DriveWatch, PassEnd, ReadPass, Subject, TripError, prepare, sectors_asked_for};
use crate::sector::{Lba, SectorCount, SectorRange};
use crate::verify::{DIGESTS_OF_CATALOGUES, Wanted, why_not_of_disc, with_needed};
use resume::DiscMark;

/// Makes an image of the disc in `drive`.
///
/// # Errors
/// Where it cannot be, or cannot go on; what is known and kept all the same comes with the error.
pub fn rip(
    drive: &mut Drive,
    storage: &dyn Storage,
    clock: &dyn Clock,
    output: Output,
    options: &Options,
    stop: &AtomicBool,
    listener: &mut dyn Listener,
) -> Result<Report, RipFailure> {
    rip_and_introduce(drive, storage, clock, output, options, stop, listener, &mut |_| {})
}

/// The same; `introduce` hears what drive and disc it is before anything is read for good.
///
/// # Errors
/// As [`rip`].
#[expect(clippy::too_many_arguments, reason = "what a job works with, each of its own kind")]
pub fn rip_and_introduce(
    drive: &mut Drive,
    storage: &dyn Storage,
    clock: &dyn Clock,
    output: Output,
    options: &Options,
    stop: &AtomicBool,
    listener: &mut dyn Listener,
    introduce: &mut dyn FnMut(&Subject),
) -> Result<Report, RipFailure> {
    let watch = DriveWatch(drive.meter());
    telling(listener, clock, &watch, stop, |teller| {
        let mut job = Job { drive, storage, clock, options, stop, teller, began: clock.now() };
        let ended = job.run(output, introduce);
        job.drive.unlock();
        ended
    })
}

/// What every part of a rip works with.
struct Job<'a> {
    drive: &'a mut Drive,
    storage: &'a dyn Storage,
    clock: &'a dyn Clock,
    options: &'a Options,
    stop: &'a AtomicBool,
    teller: &'a Teller<'a>,
    began: Duration,
}

/// What is decided before the first sector is read for good.
struct Plan {
    /// What the image has.
    sectors: SectorCount,
    mark: DiscMark,
    /// What to read of the disc, by place.
    ranges: Vec<SectorRange>,
    /// The same in the order in which it is read.
    route: Vec<SectorRange>,
    /// What the route follows, which need not be what was asked for.
    order: Order,
    wanted: Wanted,
    /// Why the raw form of a CD is not computed.
    no_raw_form: Option<WhyNoRawForm>,
    scale: Scale,
    /// Sectors to ask for one by one.
    singly: Option<SectorRange>,
    /// Between sessions: it is not asked for, and zeros stand for it.
    unrecorded: Vec<SectorRange>,
    /// A sector that the first look at the filesystem has read.
    known_good: Option<Lba>,
}

impl Plan {
    /// Whether the whole disc was asked for.
    fn is_whole(&self) -> bool {
        self.ranges == [SectorRange::first(self.sectors)]
    }
}

impl Job<'_> {
    fn run(&mut self, output: Output, introduce: &mut dyn FnMut(&Subject)) -> Result<Report, RipFailure> {
        let subject = prepare(self.drive, self.options.kernel_claim, self.teller, self.stop)?;
        introduce(&subject);
        let mut plan = self.plan(&subject)?;
        let place = match output {
            Output::Stream(stream) => {
                self.lock_and_set_speed()?;
                return self.rip_to_stream(subject, &plan, stream);
            }
            Output::File(path) => target::Place::File(path),
            Output::Folder(folder) => target::Place::Folder(folder),
        };
        let wish = target::Wish {
            label: subject.look.label.as_deref(),
            existing: self.options.existing,
            unfinished: self.options.unfinished,
            lists: &self.options.lists,
            sectors: plan.sectors,
            mark: &plan.mark,
        };
        let target = target::choose(self.storage, self.drive, &place, &wish)?;
        self.order(&subject, &mut plan, &target)?;
        target::check_room(self.storage, &target, plan.sectors, &plan.ranges)?;
        self.lock_and_set_speed()?;
        self.rip_to_file(subject, &plan, target)
    }

    /// What the image is to have.
    fn sectors(&mut self, subject: &Subject) -> Result<SectorCount, TripError> {
        let disc = subject.size.sectors;
        let needed = match (self.options.end, subject.look.needed) {
            (End::OfFilesystem, Some(needed)) if needed < disc => needed,
            (End::OfFilesystem | End::OfDisc, _) => return Ok(disc),
        };
        // What the volume at the beginning claims is not all: files, sessions, anchors and partitions can lie behind it.
        let Some(end) = self.end_of_content(disc, &subject.sessions.starts)? else {
            let text = "not all directories could be read: the image is as long as the disc".to_owned();
            self.teller.notice(About::Size, text);
            return Ok(disc);
        };
        let (end, what) = match end > needed {
            true => {
                (end, "the image ends behind the end that the volume claims, with the last that is used or claimed")
            }
            false => (needed, "the image ends where its filesystem does"),
        };
        if end < disc {
            let text = format!("{what}, {} sectors before the disc", grouped((disc.0 - end.0).into()));
            self.teller.notice(About::Size, text);
        }
        Ok(end.min(disc))
    }

    fn plan(&mut self, subject: &Subject) -> Result<Plan, RipError> {
        let sectors = self.sectors(subject)?;
        let ranges = sectors_asked_for(&self.options.ranges, sectors)?;
        let no_raw_form = why_not_of_disc(&subject.medium);
        let image = with_needed(&self.options.algorithms, &self.options.against);
        let raw = match no_raw_form {
            None => image.iter().copied().filter(|a| DIGESTS_OF_CATALOGUES.contains(a)).collect(),
            Some(_) => Vec::new(),
        };
        let medium = &subject.medium;
        let scale = Scale { one_x: Some(medium.one_x_bytes_per_second()), layer_break: medium.layer_break };
        let mark = DiscMark::new(self.drive.recognise(), &subject.look.descriptors);
        let singly = subject.size.singly;
        let known_good = subject.look.descriptors.first().map(|d| d.at);
        let wanted = Wanted { image, raw };
        let (route, order) = (ranges.clone(), Order::Sequential);
        let unrecorded = subject.sessions.between.clone();
        Ok(Plan { sectors, mark, ranges, route, order, wanted, no_raw_form, scale, singly, unrecorded, known_good })
    }

    fn lock_and_set_speed(&mut self) -> Result<(), RipFailure> {
        match self.drive.lock()? {
            Lock::Locked | Lock::NotSupported => {}
            Lock::NotAllowed => self.teller.notice(
                About::Lock,
                "the tray cannot be locked without the right to write to the drive: do not open it",
            ),
        }
        if self.options.speed != Speed::Best {
            let outcome = self.drive.set_speed(self.options.speed)?;
            if let Some(text) = speed_text(self.options.speed, outcome) {
                self.teller.notice(About::Speed, text);
            }
        }
        Ok(())
    }

    fn read_pass<'p>(&'p mut self, plan: &'p Plan) -> ReadPass<'p> {
        let mut pass = ReadPass::new(self.drive, self.clock, self.teller, self.stop, plan.sectors);
        pass.sector_timeout = self.options.sector_timeout;
        pass.give_up = self.options.give_up;
        pass.singly = plan.singly;
        pass.unrecorded = &plan.unrecorded;
        pass.known_good = plan.known_good;
        pass
    }
}

/// What is not as it was asked for.
fn speed_text(asked: Speed, outcome: SpeedOutcome) -> Option<String> {
    match outcome {
        SpeedOutcome::Set { asked_kb_s: Some(wanted), told_kb_s: Some(told) } => {
            // Drives round.
            let is_other = wanted.abs_diff(told) > wanted / 20;
            is_other.then(|| match asked {
                Speed::Times(times) => {
                    let got = f64::from(told) * times / f64::from(wanted);
                    format!("asked for {}, got {}: so the drive says", multiple(times), multiple(got))
                }
                Speed::KbS(_) | Speed::Best => {
                    let (wanted, told) = (grouped(wanted.into()), grouped(told.into()));
                    format!("asked for {wanted} kB/s, got {told} kB/s: so the drive says")
                }
            })
        }
        SpeedOutcome::Set { asked_kb_s: None, .. } => None,
        SpeedOutcome::Set { asked_kb_s: Some(_), told_kb_s: None } => {
            Some("the speed is set; the drive does not say to what".to_owned())
        }
        SpeedOutcome::NotAllowed => Some("the speed cannot be set without the right to write to the drive".to_owned()),
        SpeedOutcome::NotSupported => Some("the drive does not let its speed be set".to_owned()),
    }
}

/// `4x`, `2.4x`.
fn multiple(times: f64) -> String {
    let text = format!("{times:.1}");
    format!("{}x", text.strip_suffix(".0").unwrap_or(&text))
}

/// The error that a trip's end is, where it is one.
fn failure_of(end: PassEnd) -> Result<Option<Outcome>, RipError> {
    match end {
        PassEnd::Done | PassEnd::ConsumerStopped => Ok(None),
        PassEnd::Interrupted => Ok(Some(Outcome::Interrupted)),
        PassEnd::GaveUp(limit) => Ok(Some(Outcome::GaveUp(limit))),
        PassEnd::Failed(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests;
