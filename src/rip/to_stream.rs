//! This module knows a rip to a stream: in order, with every try at once, and nothing to resume from.

use std::io::Write;

use super::finish::by_user;
use super::image_writer::StreamWriter;
use super::{Job, Order, Outcome, Plan, Report, RipError, RipFailure, failure_of};
use crate::event::Phase;
use crate::filesystem::{Content, Severity};
use crate::pipeline::{Consumer, fan_out};
use crate::reading::{PassEnd, RING, Stopwatch, Subject};
use crate::sector::{SectorCount, SectorRange};
use crate::verify::{Digesting, Digests, Judging, Keeping, Summing};

impl Job<'_> {
    pub(super) fn rip_to_stream(
        &mut self,
        subject: Subject,
        plan: &Plan,
        stream: Box<dyn Write + Send>,
    ) -> Result<Report, RipFailure> {
        let mut writer = StreamWriter { stream };
        let mut keeping = Keeping::default();
        let mut summing = Summing::default();
        let mut digesting = Digesting::new(&plan.wanted);
        // A part of a disc is no image to compare.
        let mut comparing = if plan.is_whole() { self.images_to_compare_with()? } else { Vec::new() };
        let total = SectorRange::count_of(&plan.ranges);
        let (clock, teller, ring, tries) = (self.clock, self.teller, RING, self.options.tries);
        let watch = Stopwatch::start(clock, self.drive);
        let mut pass = self.read_pass(plan);
        pass.tries = tries;
        teller.begin(Phase::Read, SectorCount(0), total, plan.scale);
        let mut consumers: Vec<&mut dyn Consumer<RipError>> = vec![&mut writer];
        consumers.push(&mut keeping);
        consumers.push(&mut summing);
        consumers.extend(digesting.consumers());
        consumers.extend(comparing.iter_mut().map(|(_, c)| c as &mut dyn Consumer<_>));
        let ((end, stalled, lap), written) =
            fan_out(ring, clock, consumers, |feed| (pass.run(&plan.ranges, feed), feed.stalled(), watch.read_off()));
        let (tally, bad, read_size) = (pass.tally.clone(), std::mem::take(&mut pass.lost), pass.size.current());
        let all_zero = pass.all_zero && subject.look.content == Content::AllZero;
        teller.end();
        let interrupted = matches!(end, PassEnd::Interrupted);
        let mut report = Report {
            outcome: if tally.bad.is_zero() { Outcome::Complete } else { Outcome::Damaged },
            subject,
            files: None,
            sectors: total,
            order: Order::Sequential,
            missing: tally.bad,
            bad,
            resumed: SectorCount(0),
            read: tally.read,
            recovered: tally.recovered,
            all_zero,
            judgement: None,
            sums: None,
            findings: Vec::new(),
            digests: Digests::default(),
            no_raw_form: plan.no_raw_form,
            comparisons: Vec::new(),
            reading: lap.elapsed,
            drive_time: lap.drive_time,
            stalled,
            read_size,
            elapsed: clock.now().saturating_sub(self.began),
        };
        let failure = match (written, failure_of(end)) {
            (Err(error), _) => Some(error),
            (Ok(()), Err(error)) => Some(error),
            (Ok(()), Ok(early)) => {
                report.outcome = early.unwrap_or(report.outcome);
                None
            }
        };
        if let Some(error) = failure {
            report.outcome = Outcome::Failed;
            return Err(RipFailure { error, report: Some(Box::new(report)) });
        }
        if !interrupted && plan.is_whole() {
            let judging = Judging { tree: None, session: None, sessions: &report.subject.sessions, stop: self.stop };
            match judging.judge_disc(self.drive, plan.sectors, &report.bad, &keeping, self.teller) {
                Ok(judgement) => {
                    report.findings =
                        judgement.findings(&report.subject.look, report.sectors, Severity::Warning, Vec::new());
                    report.add_sums(summing.finish(&judgement));
                    report.judgement = Some(judgement);
                }
                Err(error) => return Err(RipFailure { error: error.into(), report: Some(Box::new(report)) }),
            }
            report.digests = digesting.finish();
            self.compare(plan, &mut report)?;
            report.comparisons.extend(comparing.into_iter().map(|(path, c)| by_user(path, c)));
        }
        Ok(report)
    }
}
