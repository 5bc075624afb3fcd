//! This module knows what is done to discs besides burning: one that was left open is closed, one that can be written
//! again is erased or formatted.

mod formatting;
mod plan;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

pub use plan::{Upkeep, UpkeepPlan, upkeep_plan};

use super::steps::{DiscAtWork, DriveWork};
use super::{BurnError, hold};
use crate::clock::Clock;
use crate::drive::{DiscStatus, Drive, Identity, Medium, Stoppable};
use crate::event::{About, Listener, telling};
use crate::reading::{DriveWatch, tell_notes};

/// What came of it.
#[derive(Debug)]
pub struct UpkeepReport {
    pub drive: Identity,
    /// As it was before.
    pub before: Medium,
    /// As it is now.
    pub after: Medium,
    pub plan: UpkeepPlan,
    pub elapsed: Duration,
}

impl UpkeepReport {
    /// Whether the drive says of the disc what it should be now.
    pub fn is_as_it_should_be(&self) -> bool {
        if self.plan.steps.is_empty() || self.plan.stays_writable {
            return true;
        }
        match self.plan.what {
            Upkeep::Close => self.after.status != DiscStatus::Incomplete,
            Upkeep::Blank { .. } => self.after.status == DiscStatus::Empty,
            Upkeep::Format { .. } => true,
        }
    }
}

/// It did not come to its end.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub struct UpkeepFailure {
    #[source]
    pub error: BurnError,
    /// The drive goes on by itself with what was begun.
    pub goes_on: bool,
}

impl<E: Into<BurnError>> From<E> for UpkeepFailure {
    fn from(error: E) -> Self {
        Self { error: error.into(), goes_on: false }
    }
}

/// What is put before whoever has to agree.
#[derive(Debug)]
pub struct UpkeepProposal<'a> {
    pub drive: &'a Identity,
    pub medium: &'a Medium,
    pub plan: &'a UpkeepPlan,
}

/// Does `what` to the disc in `drive`, once `agree` does.
///
/// # Errors
/// Where it cannot be, or did not come to its end.
pub fn keep_up(
    drive: &mut Drive,
    clock: &dyn Clock,
    what: Upkeep,
    stop: &AtomicBool,
    listener: &mut dyn Listener,
    agree: &mut dyn FnMut(&UpkeepProposal<'_>) -> bool,
) -> Result<UpkeepReport, UpkeepFailure> {
    let watch = DriveWatch(drive.meter());
    let began = clock.now();
    telling(listener, clock, &watch, stop, |teller| {
        let identity = drive.identify()?;
        drive.wait_until_ready(stop, &mut |awaiting| {
            teller.notice(About::Waiting, format!("waiting for {awaiting}"));
        })?;
        let medium = drive.examine()?;
        let disc = drive.writability(&medium)?;
        tell_notes(drive, teller);
        let plan = upkeep_plan(&disc, what)?;
        let agreed = agree(&UpkeepProposal { drive: &identity, medium: &medium, plan: &plan });
        if stop.load(Ordering::Relaxed) {
            return Err(BurnError::Interrupted.into());
        }
        if !agreed {
            return Err(BurnError::Declined.into());
        }
        if let Err(error) = hold(drive, teller) {
            drive.unlock();
            return Err(error.into());
        }
        let at_work = DiscAtWork {
            kind: plan.kind,
            sectors: plan.sectors,
            stoppable: Stoppable::Yes,
            slower: None,
            slowed: None,
        };
        let done = DriveWork { drive, teller, clock, disc: at_work }.prepare(&plan.steps, stop);
        drive.unlock();
        if let Err(error) = done {
            let goes_on = error.has_let_the_drive_go_on();
            return Err(UpkeepFailure { error, goes_on });
        }
        let after = drive.unheeded(|drive| {
            drive.wait_until_ready(&AtomicBool::new(false), &mut |_| {})?;
            drive.examine()
        })?;
        let elapsed = clock.now().saturating_sub(began);
        Ok(UpkeepReport { drive: identity, before: medium, after, plan, elapsed })
    })
}
