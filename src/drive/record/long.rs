//! This module knows how a drive is waited for that works on something long: with its progress, within a bound, and
//! without taking work for failure.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::RecordError;
use crate::drive::exchange::{QUESTION, Reply, command_name};
use crate::drive::{Condition, Drive, DriveError};
use crate::mmc::command::{Command, RequestSense, TestUnitReady};
use crate::scsi::{Cdb, Data, Sense, Status, Transport};

/// Looks are far apart once it takes long.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// Some drives say that they are ready in the first moment of what they have just begun.
const SECOND_LOOK: Duration = Duration::from_secs(1);
/// News that a drive may tell before it must have told all.
const MOST_NEWS: u8 = 10;

/// Whether waiting ends when somebody wants to stop. The drive then goes on by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stoppable {
    Yes,
    No,
}

/// Something that takes long, and who hears of it.
pub(super) struct Long<'a> {
    pub limit: Duration,
    pub stoppable: Stoppable,
    /// Progress 0 to 1, where the drive tells it.
    pub told: &'a mut dyn FnMut(Option<f64>),
}

impl Drive {
    /// Sends a command that only begins something, and waits until that is done.
    pub(super) fn begin_and_wait(&mut self, cdb: &Cdb, sent: &[u8], long: &mut Long<'_>) -> Result<(), RecordError> {
        let began = self.clock.now();
        self.send_when_ready(cdb, sent, super::patience::BEGINNING, long)?;
        self.wait_until_done(cdb, began, long)
    }

    /// Sends a command until the drive has taken it: one that is still busy with what came before is waited for.
    pub(super) fn send_when_ready(
        &mut self,
        cdb: &Cdb,
        sent: &[u8],
        timeout: Duration,
        long: &mut Long<'_>,
    ) -> Result<(), RecordError> {
        let began = self.clock.now();
        let (mut pause, mut news) = (FIRST_PAUSE, 0_u8);
        loop {
            let data = if sent.is_empty() { Data::None } else { Data::Out(sent) };
            match self.attempt_with(cdb, data, timeout).map_err(|error| RecordError::of_link(cdb, error))? {
                Reply::Good { .. } | Reply::Remarked { .. } => return Ok(()),
                Reply::Reserved => return Err(DriveError::Reserved.into()),
                Reply::Busy => {}
                Reply::Refused(sense) if !sense.deferred && is_at_work(&sense) => (long.told)(sense.progress()),
                Reply::Refused(sense) if self.is_harmless_news(&sense) && news < MOST_NEWS => {
                    news = news.saturating_add(1);
                    continue;
                }
                Reply::Refused(sense) => return Err(RecordError::of_refusal(cdb, sense)),
            }
            self.nap(cdb, began, &mut pause, long)?;
        }
    }

    /// Waits until the drive is done with what `cdb` has begun.
    fn wait_until_done(&mut self, cdb: &Cdb, began: Duration, long: &mut Long<'_>) -> Result<(), RecordError> {
        let (mut pause, mut news, mut seen_at_work) = (FIRST_PAUSE, 0_u8, false);
        let mut looks = 0_u8;
        loop {
            let look = TestUnitReady.cdb();
            let reply = self.attempt_with(&look, Data::None, QUESTION);
            match reply.map_err(|error| RecordError::of_link(cdb, error))? {
                Reply::Good { .. } | Reply::Remarked { .. } if seen_at_work || looks > 0 => {
                    // What was recorded is another disc than the one that was examined.
                    self.forget_disc();
                    return Ok(());
                }
                Reply::Good { .. } | Reply::Remarked { .. } => {
                    looks = looks.saturating_add(1);
                    self.clock.sleep(SECOND_LOOK);
                    continue;
                }
                Reply::Reserved => return Err(DriveError::Reserved.into()),
                Reply::Busy => seen_at_work = true,
                Reply::Refused(sense) if !sense.deferred && is_at_work(&sense) => {
                    seen_at_work = true;
                    let progress = match sense.progress() {
                        Some(progress) => Some(progress),
                        None => self.asked_progress(),
                    };
                    (long.told)(progress);
                }
                Reply::Refused(sense) if self.is_harmless_news(&sense) && news < MOST_NEWS => {
                    news = news.saturating_add(1);
                    continue;
                }
                Reply::Refused(sense) => return Err(RecordError::of_refusal(cdb, sense)),
            }
            self.nap(cdb, began, &mut pause, long)?;
        }
    }

    /// Some drives tell their progress to this question alone.
    fn asked_progress(&mut self) -> Option<f64> {
        let mut bytes = [0; 18];
        let asked = self.transport.execute(&RequestSense { allocation: 18 }.cdb(), Data::In(&mut bytes), QUESTION);
        let came = asked.ok().filter(|c| c.status == Status::Good)?.transferred;
        bytes.get(..came).and_then(Sense::parse)?.progress()
    }

    fn nap(
        &mut self,
        cdb: &Cdb,
        began: Duration,
        pause: &mut Duration,
        long: &mut Long<'_>,
    ) -> Result<(), RecordError> {
        let after = self.clock.now().saturating_sub(began);
        if after >= long.limit {
            return Err(RecordError::TooLong { command: command_name(cdb.opcode()), after });
        }
        let stop = Arc::clone(&self.stop);
        if long.stoppable == Stoppable::Yes && stop.load(Ordering::Relaxed) {
            return Err(DriveError::Stopped.into());
        }
        self.clock.sleep(*pause);
        *pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
        Ok(())
    }

    /// What a drive tells on the side that changes nothing: recording makes another disc of the one that is in it. A
    /// reset is no such news, since what was in the buffer is lost.
    pub(super) fn is_harmless_news(&mut self, sense: &Sense) -> bool {
        !sense.deferred && Condition::of(sense) != Condition::Reset && self.note_news(sense)
    }
}

/// Whether this says that the drive is at work, rather than why it is not.
fn is_at_work(sense: &Sense) -> bool {
    matches!(
        Condition::of(sense),
        Condition::Formatting
            | Condition::Busy(_)
            | Condition::BecomingReady
            | Condition::NotReady
            | Condition::NotConfigured
    )
}
