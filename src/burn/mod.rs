//! This module knows how an image gets onto a disc, and how it is proven to be there.
//!
//! The order of things: learn what can be written, plan, let whoever asked agree, prepare the drive, write without ever
//! waiting for anything but the drive and the source, bring it to an end, load the disc anew, read all of it back.

mod blocks;
mod error;
mod growing;
mod options;
pub mod plan;
mod read_back;
mod remains;
mod report;
mod resume;
mod source;
mod steps;
pub mod upkeep;
mod write_pass;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

pub use error::{BurnError, BurnFailure};
pub use options::{Options, Reload, Verification};
pub use plan::{Afterwards, DefectManagement, Left, Mode, Plan, Refusal, Simulation, Size, Wishes, plan};
pub use remains::Remains;
pub use report::{Pace, ReadBack, Report, Verdict};
pub use source::Source;

use crate::clock::Clock;
use crate::drive::{DiscStatus, Drive, Identity, Lock, Medium};
use crate::event::{About, Listener, Phase, Scale, Teller, telling};
use crate::reading::{DriveWatch, tell_notes};
use crate::verify::Digesting;
use blocks::BlockSums;
use growing::NewDescriptors;
use plan::Complaint;
use remains::Taken;
use steps::{DiscAtWork, DriveWork};
use write_pass::{WriteEnd, WritePass, Written};

/// What is put before whoever has to agree.
#[derive(Debug)]
pub struct Proposal<'a> {
    pub drive: &'a Identity,
    pub medium: &'a Medium,
    pub plan: &'a Plan,
}

/// Burns the image in `source` onto the disc in `drive`, once `agree` does.
///
/// # Errors
/// Where it cannot be, or did not come to its end; what is known all the same comes with the error.
pub fn burn(
    drive: &mut Drive,
    clock: &dyn Clock,
    source: Source,
    options: &Options,
    stop: &AtomicBool,
    listener: &mut dyn Listener,
    agree: &mut dyn FnMut(&Proposal<'_>) -> bool,
) -> Result<Report, BurnFailure> {
    let watch = DriveWatch(drive.meter());
    telling(listener, clock, &watch, stop, |teller| {
        let mut job = Job { drive, clock, options, stop, teller, began: clock.now() };
        let ended = job.run(source, agree);
        job.drive.unlock();
        ended
    })
}

/// Locks the tray. What was agreed to is agreed for the disc that was in it then, and no other.
fn hold(drive: &mut Drive, teller: &Teller<'_>) -> Result<(), BurnError> {
    match drive.lock()? {
        Lock::Locked | Lock::NotSupported => {}
        Lock::NotAllowed => teller.notice(About::Lock, "the tray cannot be locked: do not open it"),
    }
    if drive.may_have_another_disc()? { Err(BurnError::DiscChanged) } else { Ok(()) }
}

/// What every part of a burn works with.
struct Job<'a> {
    drive: &'a mut Drive,
    clock: &'a dyn Clock,
    options: &'a Options,
    stop: &'a AtomicBool,
    teller: &'a Teller<'a>,
    began: Duration,
}

impl Job<'_> {
    fn run(&mut self, mut source: Source, agree: &mut dyn FnMut(&Proposal<'_>) -> bool) -> Result<Report, BurnFailure> {
        let identity = self.drive.identify()?;
        self.wait_until_ready()?;
        let medium = self.drive.examine()?;
        let mut disc = self.drive.writability(&medium)?;
        tell_notes(self.drive, self.teller);
        let volume = self.look_at_volume(&medium, &mut disc);
        let plan = plan(&disc, source.size(), &self.options.wishes)?;
        let new = self.settle_place(&mut source, &plan, &medium, volume)?;
        let agreed = agree(&Proposal { drive: &identity, medium: &medium, plan: &plan });
        if self.stop.load(Ordering::Relaxed) {
            return Err(BurnError::Interrupted.into());
        }
        if !agreed {
            return Err(BurnError::Declined.into());
        }
        let mut report = Report::new(identity, medium, plan);
        if report.plan.simulation == Simulation::PlanAlone {
            report.verdict = Verdict::PlanAlone;
            return Ok(report);
        }
        match self.carry_out(&mut source, new, &mut report) {
            Ok(()) => {
                report.elapsed = self.clock.now().saturating_sub(self.began);
                Ok(report)
            }
            Err(error) => {
                report.elapsed = self.clock.now().saturating_sub(self.began);
                Err(BurnFailure { error, report: Some(Box::new(report)) })
            }
        }
    }

    fn wait_until_ready(&mut self) -> Result<(), BurnError> {
        let teller = self.teller;
        self.drive.wait_until_ready(self.stop, &mut |awaiting| {
            teller.notice(About::Waiting, format!("waiting for {awaiting}"));
        })?;
        Ok(())
    }

    fn carry_out(
        &mut self,
        source: &mut Source,
        new: Option<NewDescriptors>,
        report: &mut Report,
    ) -> Result<(), BurnError> {
        hold(self.drive, self.teller)?;
        let plan = report.plan.clone();
        // Of a program that failed at once nothing comes, and nothing is done to the disc then.
        if source.is_empty().map_err(|error| self.interrupted_or(error.into()))? {
            return Err(Refusal { kind: plan.kind, complaint: Complaint::EmptyImage }.into());
        }
        if let Some(there) = plan.resumes {
            self.is_beginning_of(source, &plan, there)?;
        }
        let stop = self.stop;
        let mut work = self.work(&plan);
        let prepared = work.prepare(&plan.prepare, stop);
        if let Some(slowed) = work.disc.slowed {
            (report.plan.speed, report.plan.slower) = (Some(slowed), None);
        }
        if let Err(failed) = prepared {
            report.remains = Some(self.look_at_remains(&plan, Taken::of(report.written, false, &failed)));
            return Err(failed);
        }
        let (written, blocks) = self.write(source, report)?;
        report.written = written.sectors;
        if let Err(error) = self.end_of_writing(&plan, written.end) {
            report.remains = Some(self.look_at_remains(&plan, Taken::of(report.written, true, &error)));
            return Err(error);
        }
        let shown = match new.map(|new| self.show_on_disc(new, &plan, report.image_bytes)).transpose() {
            Ok(shown) => shown,
            Err(error) => {
                // What can be made readable is, and what the descriptors are nobody knows.
                self.look_at_remains(&plan, Taken::of(report.written, false, &error));
                report.remains = Some(Remains::Unknown);
                return Err(error);
            }
        };
        if let Err(error) = self.work(&plan).carry_out_all(&plan.finish) {
            let remains = match self.look_at_remains(&plan, Taken::of(report.written, false, &error)) {
                // The descriptors went the same way, and nobody knows how far.
                Remains::AsBefore => Remains::Unknown,
                remains => remains,
            };
            report.remains = Some(remains);
            // There is nothing to close where nothing was recorded, whatever was said.
            return Err(if remains == Remains::Blank { BurnError::StillBlank } else { error });
        }
        report.finished = true;
        if plan.simulation == Simulation::LaserOff {
            report.verdict = Verdict::Simulated;
            return Ok(());
        }
        match self.options.verification {
            Verification::ReadBack => self.read_back(source, report, &blocks, shown.as_deref()),
            Verification::None if self.drive.examine()?.status == DiscStatus::Empty => Err(BurnError::StillBlank),
            Verification::None => Ok(()),
        }
    }

    /// Everything from the source onto the disc; what was written, also where that is not all.
    fn write(&mut self, source: &mut Source, report: &mut Report) -> Result<(Written, BlockSums), BurnError> {
        let plan = &report.plan;
        let scale = Scale { one_x: Some(report.medium.one_x_bytes_per_second()), layer_break: None };
        self.teller.begin(Phase::Write, plan.resumes.unwrap_or_default(), plan.sectors.unwrap_or(plan.room), scale);
        let mut digesting = Digesting::new(&self.options.wanted());
        let mut blocks = BlockSums::default();
        let mut consumers: Vec<_> = digesting.consumers::<std::convert::Infallible>().collect();
        consumers.push(&mut blocks);
        let (stop, clock) = (self.stop, self.clock);
        let stopwatch = crate::reading::Stopwatch::start(clock, self.drive);
        let mut pass = WritePass::new(self.drive, clock, self.teller, stop, plan, self.options.slow_after);
        let (read, written, _) = crate::pipeline::convey(
            source::RING,
            clock,
            consumers,
            |feed| source.read_into(feed, stop),
            |pieces| pass.run(pieces),
        );
        let slowed = pass.slowed();
        report.pace = Pace { lap: stopwatch.read_off(), ..pass.pace() };
        self.teller.end();
        report.written = written.sectors;
        report.image_bytes = written.bytes;
        if slowed.is_some() {
            (report.plan.speed, report.plan.slower) = (slowed, None);
        }
        // What ended the writing itself is the first thing to tell.
        match (&written.end, read) {
            (WriteEnd::Done, Err(error)) => {
                let error = error.into();
                report.remains = Some(self.look_at_remains(&report.plan, Taken::of(report.written, true, &error)));
                return Err(error);
            }
            (WriteEnd::Done | WriteEnd::Full | WriteEnd::Interrupted | WriteEnd::Failed { .. }, _) => {}
        }
        report.digests = digesting.finish();
        Ok((written, blocks))
    }

    fn interrupted_or(&self, error: BurnError) -> BurnError {
        if self.stop.load(Ordering::Relaxed) { BurnError::Interrupted } else { error }
    }

    fn end_of_writing(&mut self, plan: &Plan, end: WriteEnd) -> Result<(), BurnError> {
        match end {
            WriteEnd::Done => Ok(()),
            WriteEnd::Interrupted => Err(BurnError::Interrupted),
            WriteEnd::Full => Err(BurnError::Full { room: plan.room }),
            WriteEnd::Failed { at, error } => Err(BurnError::Write { at, source: error }),
        }
    }

    fn work(&mut self, plan: &Plan) -> DriveWork<'_> {
        DriveWork { drive: self.drive, teller: self.teller, clock: self.clock, disc: DiscAtWork::of(plan) }
    }
}
