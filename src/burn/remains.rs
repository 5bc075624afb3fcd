//! This module knows what a burn that did not end well leaves behind, as the drive tells it.

use super::{Job, Left, Mode, Plan, Simulation};
use crate::drive::{DiscStatus, Medium, SessionState, Writability};
use crate::sector::{Lba, SectorCount};

/// What is on the disc now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remains {
    /// Nothing was written.
    Blank,
    /// What was written can be added to at this sector.
    Open { next: Lba, written: SectorCount },
    /// A track of a session that is still open; so many sectors of the image, where the drive took them all.
    Track { written: Option<SectorCount> },
    /// It was to be written at once, and was not: it does not read, and nothing can go on.
    Unfinished,
    /// Sessions are closed, and another can follow.
    Appendable,
    /// Nothing can be added any more.
    Closed,
    /// What was there before is partly overwritten, and it can be written over again.
    PartlyOverwritten,
    /// The drive does not say.
    Unknown,
}

impl Job<'_> {
    /// Saves what can be saved, and asks the drive what is there. The drive took `written` sectors;
    /// `is_open`: some of them may be in its buffer.
    pub(super) fn look_at_remains(&mut self, plan: &Plan, written: SectorCount, is_open: bool) -> Remains {
        if plan.simulation != Simulation::No {
            return Remains::Unknown;
        }
        // Where that fails, the drive says below what came of it.
        let is_whole = !is_open || self.drive.synchronise(plan.kind, &mut |_| {}).is_ok();
        if plan.left == Left::Rewritable {
            // A format that runs in the background is ended as if all had gone well.
            let rest = plan.finish.iter().filter(|step| matches!(step, super::plan::Step::Close(_)));
            let rest: Vec<_> = rest.cloned().collect();
            // Whatever it is, the drive says below what came of it.
            let _ = self.work(plan).carry_out_all(&rest);
        }
        let Ok(medium) = self.examine_unheeded() else { return Remains::Unknown };
        let disc = self.drive.writability(&medium).ok();
        remains(&medium, disc.as_ref(), plan, is_whole.then_some(written))
    }

    /// Somebody who wants to stop wants to know what is left all the same.
    fn examine_unheeded(&mut self) -> Result<Medium, crate::drive::DriveError> {
        self.drive.unheeded(|drive| {
            drive.wait_until_ready(&std::sync::atomic::AtomicBool::new(false), &mut |_| {})?;
            drive.examine()
        })
    }
}

fn remains(medium: &Medium, disc: Option<&Writability>, plan: &Plan, written: Option<SectorCount>) -> Remains {
    if plan.left == Left::Rewritable {
        return Remains::PartlyOverwritten;
    }
    let has_open_session = disc.is_some_and(|disc| disc.last_session != SessionState::Empty);
    let next = disc.and_then(|disc| disc.next);
    let open = next.filter(|next| !next.damaged).and_then(|next| Some((next, next.next_writable?)));
    match (medium.status, open) {
        (DiscStatus::Empty, _) => Remains::Blank,
        (DiscStatus::Finalized, _) => Remains::Closed,
        (DiscStatus::Incomplete, _) if matches!(plan.mode, Mode::SessionAtOnce | Mode::DiscAtOnce) => {
            Remains::Unfinished
        }
        (DiscStatus::Incomplete, _) if plan.mode == Mode::TrackAtOnce && has_open_session => Remains::Track { written },
        (DiscStatus::Incomplete, Some((track, at))) if at > track.start => {
            Remains::Open { next: at, written: SectorCount(at.0.saturating_sub(plan.start.0)) }
        }
        (DiscStatus::Incomplete, Some(_)) => Remains::Appendable,
        (DiscStatus::Incomplete | DiscStatus::Other, _) => Remains::Unknown,
    }
}
