//! This module knows how a disc is verified: read once from end to end, digested, and compared while it passes.

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::against::{Asked, Compared, Comparison, Verdict};
use super::comparing::Padding;
use super::digesting::{Digesting, Digests, Wanted};
use super::image::{Options, comparing_with_images, session_is_there, tree_is_there};
use super::judging::{Judgement, Judging, Missing, of_missing};
use super::summing::{EmbeddedSums, Summing};
use super::{DIGESTS_OF_CATALOGUES, FilePassError, Keeping, VerifyError, why_not_of_disc, with_needed};
use crate::checksum::WhyNoRawForm;
use crate::clock::Clock;
use crate::drive::Drive;
use crate::event::{Listener, Phase, Scale, telling};
use crate::filesystem::{Finding, Severity};
use crate::pipeline::{Consumer, fan_out};
use crate::reading::{DriveWatch, PassEnd, RING, ReadPass, Stopwatch, Subject, prepare, sectors_asked_for};
use crate::sector::{SectorCount, SectorRange};

/// All that was found out.
#[derive(Debug)]
pub struct DiscReport {
    pub subject: Subject,
    pub judgement: Judgement,
    /// The sums that it carries within itself; `None` where only a part of it was asked for.
    pub sums: Option<EmbeddedSums>,
    /// All that was found wrong, the worst first.
    pub findings: Vec<Finding>,
    /// What could not be read.
    pub bad: Vec<SectorRange>,
    pub bad_count: SectorCount,
    /// Of the sectors as they were read, with zeros for what could not be.
    pub digests: Digests,
    /// Why the raw form of a CD was not computed.
    pub no_raw_form: Option<WhyNoRawForm>,
    pub comparisons: Vec<Comparison>,
    pub elapsed: Duration,
    pub drive_time: Duration,
}

/// Verifies the disc in `drive`; each sector that will not read is tried `tries` times. `introduce` hears what drive and
/// disc it is before anything is read for good.
///
/// # Errors
/// Where the disc cannot be read at all, the drive failed, or something to compare with cannot be read.
#[expect(clippy::too_many_arguments, reason = "what a job works with, each of its own kind")]
pub fn verify_disc(
    drive: &mut Drive,
    storage: &dyn crate::image::Storage,
    options: &Options,
    tries: u32,
    kernel_claim: Option<SectorCount>,
    clock: &dyn Clock,
    stop: &AtomicBool,
    listener: &mut dyn Listener,
    introduce: &mut dyn FnMut(&Subject),
) -> Result<DiscReport, VerifyError> {
    let watch = DriveWatch(drive.meter());
    telling(listener, clock, &watch, stop, |teller| {
        let subject = prepare(drive, kernel_claim, teller, stop)?;
        introduce(&subject);
        let sectors = subject.size.sectors;
        let no_raw_form = why_not_of_disc(&subject.medium);
        let image = with_needed(&options.algorithms, &options.against);
        let raw = if no_raw_form.is_none() { DIGESTS_OF_CATALOGUES.to_vec() } else { Vec::new() };
        let raw = if image.is_empty() || !options.ranges.is_empty() { Vec::new() } else { raw };
        let ranges = sectors_asked_for(&options.ranges, sectors)?;
        let total = SectorCount(ranges.iter().map(|range| range.count().0).fold(0, u32::saturating_add));
        let mut keeping = Keeping::default();
        let mut summing = options.ranges.is_empty().then(Summing::default);
        let mut digesting = Digesting::new(&Wanted { image, raw });
        let mut comparing = comparing_with_images(storage, options, Padding::OfDisc)?;
        let stopwatch = Stopwatch::start(clock, drive);
        let ring = RING;
        let scale =
            Scale { one_x: Some(subject.medium.one_x_bytes_per_second()), layer_break: subject.medium.layer_break };
        teller.begin(Phase::Read, SectorCount(0), total, scale);
        let mut pass = ReadPass::new(drive, clock, teller, stop, sectors);
        pass.tries = tries;
        pass.singly = subject.size.singly;
        pass.unrecorded = &subject.sessions.between;
        pass.known_good = subject.look.descriptors.first().map(|d| d.at);
        let mut consumers: Vec<&mut dyn Consumer<FilePassError>> = digesting.consumers().collect();
        consumers.push(&mut keeping);
        consumers.extend(summing.iter_mut().map(|s| s as &mut dyn Consumer<_>));
        consumers.extend(comparing.iter_mut().map(|(_, c)| c as &mut dyn Consumer<_>));
        let (end, compared) = fan_out(ring, clock, consumers, |feed| pass.run(&ranges, feed));
        let (bad, bad_count) = (std::mem::take(&mut pass.lost), pass.tally.bad);
        teller.end();
        compared?;
        match end {
            PassEnd::Done | PassEnd::ConsumerStopped | PassEnd::GaveUp(_) => {}
            PassEnd::Interrupted => return Err(FilePassError::Interrupted.into()),
            PassEnd::Failed(error) => return Err(error.into()),
        }
        let digests = digesting.finish();
        let judging = Judging { tree: options.tree, session: options.session, sessions: &subject.sessions, stop };
        let judgement = judging.judge_disc(drive, sectors, &bad, &keeping, teller)?;
        session_is_there(options.session, &judgement)?;
        tree_is_there(options.tree, &judgement)?;
        let mut others = of_missing(&bad, Missing::Unreadable);
        let sums = summing.map(|summing| summing.finish(&judgement));
        others.extend(sums.iter().flat_map(EmbeddedSums::findings));
        let findings = judgement.findings(&subject.look, sectors, Severity::Warning, others);
        let compared = Compared { name: b"", bytes: sectors.bytes(), digests: &digests, no_raw_form };
        let mut comparisons = Vec::new();
        for against in options.against.iter().filter(|_| options.ranges.is_empty()) {
            comparisons.extend(against.compare(&compared)?);
        }
        comparisons.extend(comparing.into_iter().map(|(path, c)| Comparison {
            path,
            asked: Asked::ByUser,
            verdict: Verdict::Image(c.finish()),
        }));
        let (elapsed, drive_time) = (stopwatch.elapsed(), stopwatch.drive_time());
        Ok(DiscReport {
            subject,
            judgement,
            sums,
            findings,
            bad,
            bad_count,
            digests,
            no_raw_form,
            comparisons,
            elapsed,
            drive_time,
        })
    })
}
