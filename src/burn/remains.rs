//! This module knows what a burn that did not end well leaves behind, as the drive tells it.

use super::{Job, Left, Plan, Simulation};
use crate::drive::{DiscStatus, Medium, NextTrack};
use crate::sector::{Lba, SectorCount};

/// What is on the disc now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remains {
    /// Nothing was written.
    Blank,
    /// What was written can be added to at this sector.
    Open { next: Lba, written: SectorCount },
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
    /// Saves what can be saved, and asks the drive what is there. `is_open`: sectors may be in the drive's buffer.
    pub(super) fn look_at_remains(&mut self, plan: &Plan, is_open: bool) -> Remains {
        if plan.simulation != Simulation::No {
            return Remains::Unknown;
        }
        if is_open && self.drive.synchronise(plan.kind, &mut |_| {}).is_err() {
            // Whatever it is, the drive says below what came of it.
        }
        if plan.left == Left::Rewritable {
            // A format that runs in the background is ended as if all had gone well.
            let rest = plan.finish.iter().filter(|step| matches!(step, super::plan::Step::Close(_)));
            let rest: Vec<_> = rest.cloned().collect();
            // Whatever it is, the drive says below what came of it.
            let _ = self.work(plan).carry_out_all(&rest);
        }
        let Ok(medium) = self.examine_unheeded() else { return Remains::Unknown };
        let next = self.drive.writability(&medium).ok().and_then(|disc| disc.next);
        remains(&medium, next, plan)
    }

    /// Somebody who wants to stop wants to know what is left all the same.
    fn examine_unheeded(&mut self) -> Result<Medium, crate::drive::DriveError> {
        self.drive.unheeded(|drive| {
            drive.wait_until_ready(&std::sync::atomic::AtomicBool::new(false), &mut |_| {})?;
            drive.examine()
        })
    }
}

fn remains(medium: &Medium, next: Option<NextTrack>, plan: &Plan) -> Remains {
    if plan.left == Left::Rewritable {
        return Remains::PartlyOverwritten;
    }
    let open = next.filter(|next| !next.damaged).and_then(|next| Some((next, next.next_writable?)));
    match (medium.status, open) {
        (DiscStatus::Empty, _) => Remains::Blank,
        (DiscStatus::Finalized, _) => Remains::Closed,
        (DiscStatus::Incomplete, Some((track, at))) if at > track.start => {
            Remains::Open { next: at, written: SectorCount(at.0.saturating_sub(plan.start.0)) }
        }
        (DiscStatus::Incomplete, Some(_)) => Remains::Appendable,
        (DiscStatus::Incomplete | DiscStatus::Other, _) => Remains::Unknown,
    }
}
