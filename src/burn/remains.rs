//! This module knows what a burn that did not end well leaves behind, as the drive tells it.

use super::{BurnError, Job, Left, Mode, Plan, Simulation};
use crate::drive::{DiscStatus, Medium, RecordError, SessionState, Writability, WriteTrouble};
use crate::sector::{Lba, SectorCount};

/// What is on the disc now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remains {
    /// Nothing was written.
    Blank,
    /// The laser was off: it is as it was.
    Untouched,
    /// The drive goes on by itself with what was begun before the first sector.
    AtWork,
    /// There is no room left, and nothing is closed.
    Full,
    /// What was written can be added to at this sector.
    Open { next: Lba, written: SectorCount },
    /// Some of what is there is not the image's, so that nothing goes on; `good` sectors at the beginning are, where that is
    /// known.
    Torn { good: Option<SectorCount> },
    /// A track of a session that is still open; so many sectors of the image, where the drive took them all.
    Track { written: Option<SectorCount> },
    /// It was to be written at once, and was not: it does not read, and nothing can go on.
    Unfinished,
    /// Sessions are closed, and another can follow.
    Appendable,
    /// Nothing can be added any more.
    Closed,
    /// What was there before is there, and what was written behind it does not count.
    AsBefore,
    /// What was there before is partly overwritten, and it can be written over again.
    PartlyOverwritten,
    /// No sector of the image was written, and it can be written to again.
    Unwritten,
    /// The drive does not say.
    Unknown,
}

/// What the drive took before the burn ended, as far as it said so.
#[derive(Debug, Clone, Copy)]
pub(super) struct Taken {
    /// Of the image, with padding.
    pub sectors: SectorCount,
    /// Some of them may be in its buffer.
    pub is_open: bool,
    /// Some of them did not get to the disc, and nobody knows which.
    pub some_failed: bool,
    /// What the drive had in its buffer may be lost.
    pub buffer_lost: bool,
    /// The laser may have been where the first one goes.
    pub touched: bool,
    /// There was no room for more.
    pub is_full: bool,
    /// The drive was let go on with what it had begun before.
    pub goes_on: bool,
}

impl Taken {
    pub(super) fn of(sectors: SectorCount, is_open: bool, error: &BurnError) -> Self {
        let (failed, touched) = match error {
            BurnError::Write { source, .. } => (Some(source), records(source)),
            BurnError::Step { source, .. } => (Some(source), false),
            _ => (None, false),
        };
        Self {
            sectors,
            is_open,
            some_failed: failed.is_some_and(is_deferred),
            buffer_lost: failed.is_some_and(loses_buffer),
            touched: touched || !sectors.is_zero(),
            is_full: matches!(error, BurnError::Full { .. }),
            goes_on: error.has_let_the_drive_go_on(),
        }
    }
}

fn is_deferred(error: &RecordError) -> bool {
    matches!(error, RecordError::Deferred { .. })
}

fn loses_buffer(error: &RecordError) -> bool {
    matches!(error, RecordError::Drive(_)) || error.trouble() == Some(WriteTrouble::Reset)
}

/// Whether a write that ended so may have recorded something.
fn records(error: &RecordError) -> bool {
    use WriteTrouble::{
        CalibrationFailed, CalibrationRoomUsedUp, NotFormatted, WriteProtected, WrongMedium, WrongMode,
    };
    !matches!(
        error.trouble(),
        Some(CalibrationFailed | CalibrationRoomUsedUp | NotFormatted | WriteProtected | WrongMedium | WrongMode)
    )
}

impl Job<'_> {
    /// Saves what can be saved, and asks the drive what is there.
    pub(super) fn look_at_remains(&mut self, plan: &Plan, mut taken: Taken) -> Remains {
        if plan.simulation != Simulation::No {
            return Remains::Untouched;
        }
        if taken.goes_on {
            return Remains::AtWork;
        }
        // Where that fails, the drive says below what came of it.
        if taken.is_open && self.drive.synchronise(plan.kind, &mut |_| {}).is_err_and(|error| is_deferred(&error)) {
            taken.some_failed = true;
        }
        if plan.left == Left::Rewritable {
            // A format that runs in the background is ended as if all had gone well.
            let rest = plan.finish.iter().filter(|step| matches!(step, super::plan::Step::Close(_)));
            let rest: Vec<_> = rest.cloned().collect();
            // Whatever it is, the drive says below what came of it.
            let _ = self.work(plan).carry_out_all(&rest);
        }
        let Ok(medium) = self.examine_unheeded() else { return Remains::Unknown };
        let disc = self.drive.writability(&medium).ok();
        remains(&medium, disc.as_ref(), plan, taken)
    }

    /// Somebody who wants to stop wants to know what is left all the same.
    fn examine_unheeded(&mut self) -> Result<Medium, crate::drive::DriveError> {
        self.drive.unheeded(|drive| {
            drive.wait_until_ready(&std::sync::atomic::AtomicBool::new(false), &mut |_| {})?;
            drive.examine()
        })
    }
}

fn remains(medium: &Medium, disc: Option<&Writability>, plan: &Plan, taken: Taken) -> Remains {
    if plan.left == Left::Rewritable {
        return match (plan.grows, taken.touched) {
            (true, _) => Remains::AsBefore,
            (false, true) => Remains::PartlyOverwritten,
            (false, false) => Remains::Unwritten,
        };
    }
    let known = (!taken.some_failed).then_some(taken.sectors);
    let has_open_session = disc.is_some_and(|disc| disc.last_session != SessionState::Empty);
    let next = disc.and_then(|disc| disc.next);
    let open = next.and_then(|next| Some((next, next.next_writable?)));
    match (medium.status, open) {
        (DiscStatus::Empty, _) => Remains::Blank,
        (DiscStatus::Finalized, _) => Remains::Closed,
        (DiscStatus::Incomplete, _) if matches!(plan.mode, Mode::SessionAtOnce | Mode::DiscAtOnce) => {
            Remains::Unfinished
        }
        (DiscStatus::Incomplete, _) if plan.mode == Mode::TrackAtOnce && has_open_session => {
            Remains::Track { written: known.filter(|_| !taken.buffer_lost) }
        }
        (DiscStatus::Incomplete, Some((track, at))) if at > track.start => {
            let there = SectorCount(at.0.saturating_sub(plan.start.0));
            // What the drive did not take, and what failed behind its back, is something else.
            match known {
                Some(known) if there <= known => Remains::Open { next: at, written: there },
                good => Remains::Torn { good },
            }
        }
        (DiscStatus::Incomplete, Some(_)) => Remains::Appendable,
        (DiscStatus::Incomplete, None) if taken.is_full => Remains::Full,
        (DiscStatus::Incomplete | DiscStatus::Other, _) => Remains::Unknown,
    }
}
