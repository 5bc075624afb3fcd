//! This module knows how the steps of a plan are carried out, and how a drive's own work is told.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::plan::Step;
use super::{BurnError, Plan};
use crate::clock::Clock;
use crate::drive::{Drive, MediumKind, RecordError, Stoppable, WriteSpeedStep, WriteTrouble};
use crate::event::{About, Phase, Scale, Teller, grouped};
use crate::sector::{Lba, SectorCount};

/// Progress that stands still for so long is no progress, and time is told instead.
const STANDSTILL: Duration = Duration::from_secs(10);

/// A drive that is told what to do besides writing.
pub(super) struct DriveWork<'a> {
    pub drive: &'a mut Drive,
    pub teller: &'a Teller<'a>,
    pub clock: &'a dyn Clock,
    pub disc: DiscAtWork,
}

/// What has to be known of the disc for any step.
#[derive(Debug, Clone, Copy)]
pub(super) struct DiscAtWork {
    pub kind: MediumKind,
    /// Sectors that there can be.
    pub sectors: SectorCount,
    /// Whether somebody who wants to stop need not wait for it to be formatted or erased.
    pub stoppable: Stoppable,
    /// What is tried where the laser cannot be calibrated.
    pub slower: Option<WriteSpeedStep>,
    /// What was set then.
    pub slowed: Option<WriteSpeedStep>,
}

impl DiscAtWork {
    pub(super) fn of(plan: &Plan) -> Self {
        let sectors = SectorCount(plan.start.0.saturating_add(plan.room.0));
        Self { kind: plan.kind, sectors, stoppable: Stoppable::Yes, slower: plan.slower, slowed: None }
    }
}

impl DriveWork<'_> {
    /// What comes before anything is written. It ends between two steps where somebody wants to stop.
    pub(super) fn prepare(&mut self, steps: &[Step], stop: &AtomicBool) -> Result<(), BurnError> {
        steps.iter().try_for_each(|step| match stop.load(Ordering::Relaxed) {
            true => Err(BurnError::Interrupted),
            false => self.carry_out(step),
        })
    }

    pub(super) fn carry_out_all(&mut self, steps: &[Step]) -> Result<(), BurnError> {
        steps.iter().try_for_each(|step| self.carry_out(step))
    }

    pub(super) fn carry_out(&mut self, step: &Step) -> Result<(), BurnError> {
        let DiscAtWork { kind, sectors, stoppable, .. } = self.disc;
        let failed = |source| BurnError::Step { doing: step.doing(), source };
        match step {
            Step::WriteParameters(parameters) => self.drive.set_write_parameters(parameters).map_err(failed),
            Step::Speed(speed) => self.set_speed(*speed),
            Step::Calibrate => self.calibrate(failed),
            Step::Format(descriptor, certification) => {
                let how = |drive: &mut Drive, told: &mut dyn FnMut(Option<f64>)| {
                    drive.format(*descriptor, *certification, kind, stoppable, told)
                };
                self.told(Phase::Format, how).map_err(failed)
            }
            Step::Blank(what) => {
                let how = |drive: &mut Drive, told: &mut dyn FnMut(Option<f64>)| {
                    drive.blank(*what, kind, sectors, stoppable, told)
                };
                self.told(Phase::Blank, how).map_err(failed)
            }
            Step::Reserve(sectors) => self.drive.reserve_track(*sectors).map_err(failed),
            Step::LayerBreak(sectors) => {
                if !self.drive.set_layer_break(*sectors).map_err(failed)? {
                    let text = "where the second layer begins was settled before, and stays so";
                    self.teller.notice(About::Drive, text);
                }
                Ok(())
            }
            Step::CueSheet(sectors) => self.drive.send_cue_sheet(*sectors).map_err(failed),
            Step::Synchronise => self.told(Phase::Close, |drive, told| drive.synchronise(kind, told)).map_err(failed),
            Step::CloseTrack(number) => self.close(crate::drive::CloseFunction::Track, *number).map_err(failed),
            Step::Close(function) => self.close(*function, 0).map_err(failed),
        }
    }

    /// Once more at the next speed below, where the laser cannot be calibrated: not every disc takes every speed that it
    /// is offered at, and nothing is written yet.
    fn calibrate(&mut self, failed: impl Fn(RecordError) -> BurnError) -> Result<(), BurnError> {
        let first = self.calibrated();
        let cannot = |error: &RecordError| error.trouble() == Some(WriteTrouble::CalibrationFailed);
        let slower = first.as_ref().err().filter(|error| cannot(error)).and(self.disc.slower.take());
        let Some(slower) = slower else { return first.map_err(failed) };
        let kb_s = grouped(slower.write_kb_s.into());
        let text = format!("the drive cannot calibrate its laser for this disc: once more, at {kb_s} kB/s");
        self.teller.notice(About::Speed, text);
        self.set_speed(slower)?;
        self.disc.slowed = Some(slower);
        self.calibrated().map_err(failed)
    }

    fn calibrated(&mut self) -> Result<(), RecordError> {
        self.teller.begin(Phase::Calibrate, SectorCount(0), SectorCount(0), Scale::default());
        let outcome = self.drive.calibrate();
        self.teller.end();
        outcome
    }

    fn close(&mut self, function: crate::drive::CloseFunction, track: u16) -> Result<(), RecordError> {
        let kind = self.disc.kind;
        self.told(Phase::Close, |drive, told| drive.close(function, track, kind, told))
    }

    fn set_speed(&mut self, speed: WriteSpeedStep) -> Result<(), BurnError> {
        let end = Lba(self.disc.sectors.0.saturating_sub(1));
        let wanted = speed.write_kb_s;
        match self.drive.set_write_speed(speed, end, self.disc.kind.family())? {
            // Drives round.
            Some(told) if wanted.abs_diff(told) > wanted / 20 => {
                let (wanted, told) = (grouped(wanted.into()), grouped(told.into()));
                let text = format!("asked for {wanted} kB/s, got {told} kB/s: so the drive says");
                self.teller.notice(About::Speed, text);
            }
            Some(_) => {}
            None => self.teller.notice(About::Speed, "the drive does not let its speed be set"),
        }
        Ok(())
    }

    /// Something that the drive does by itself, with its progress where it tells that.
    fn told<R>(&mut self, phase: Phase, work: impl FnOnce(&mut Drive, &mut dyn FnMut(Option<f64>)) -> R) -> R {
        let mut telling = Telling::new(self.teller, self.clock, phase);
        let result = work(self.drive, &mut |progress| telling.hear(progress));
        self.teller.end();
        result
    }
}

/// What a drive says of its progress, as a phase.
pub(super) struct Telling<'a> {
    teller: &'a Teller<'a>,
    clock: &'a dyn Clock,
    phase: Phase,
    /// Parts, and since when.
    last: Option<(u32, Duration)>,
    in_parts: bool,
}

impl<'a> Telling<'a> {
    pub(super) fn new(teller: &'a Teller<'a>, clock: &'a dyn Clock, phase: Phase) -> Self {
        teller.begin(phase, SectorCount(0), SectorCount(0), Scale::default());
        Self { teller, clock, phase, last: None, in_parts: false }
    }

    pub(super) fn hear(&mut self, progress: Option<f64>) {
        let Some(progress) = progress else { return };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
        let parts = (progress.clamp(0.0, 1.0) * f64::from(Phase::WHOLE.0)) as u32;
        let now = self.clock.now();
        match self.last {
            Some((before, since)) if before == parts => {
                if self.in_parts && now.saturating_sub(since) >= STANDSTILL {
                    self.in_parts = false;
                    self.teller.begin(self.phase, SectorCount(0), SectorCount(0), Scale::default());
                }
                return;
            }
            Some(_) | None => self.last = Some((parts, now)),
        }
        if !self.in_parts {
            self.in_parts = true;
            self.teller.begin(self.phase, SectorCount(parts), Phase::WHOLE, Scale::default());
        }
        self.teller.done(SectorCount(parts));
    }
}
