//! This module knows how a disc is closed, erased or formatted, kind by kind: a table, and a value.

use crate::burn::plan::{
    Complaint, DefectManagement, Refusal, Step, increments_to_close, is_unfinished, track_at_once_to_close,
};
use crate::drive::{
    BackgroundFormat, BlankingType, CloseFunction, DiscStatus, FormatState, MediumKind, SessionState, Writability,
};
use crate::sector::SectorCount;

/// What is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upkeep {
    /// What was left open is closed, so that it reads everywhere.
    Close,
    /// `whole`: all of the disc, and not what tells of its contents alone.
    Blank { whole: bool },
    /// `whole`: all of it, and not what makes it writable alone.
    Format { whole: bool, defect_management: Option<DefectManagement> },
}

/// What will be done.
#[derive(Debug, Clone, PartialEq)]
pub struct UpkeepPlan {
    pub kind: MediumKind,
    pub what: Upkeep,
    /// None where nothing has to be done.
    pub steps: Vec<Step>,
    /// What is on the disc is lost.
    pub loses: bool,
    /// It can be written over afterwards.
    pub stays_writable: bool,
    pub sectors: SectorCount,
}

/// What to do to have it so.
///
/// # Errors
/// Where such a disc cannot be treated so.
pub fn upkeep_plan(disc: &Writability, what: Upkeep) -> Result<UpkeepPlan, Refusal> {
    if let Some(by) = disc.protected_by {
        return Err(Refusal { kind: disc.kind, complaint: Complaint::WriteProtected { by } });
    }
    let steps = match what {
        Upkeep::Close => closing(disc),
        Upkeep::Blank { whole } => blanking(disc, whole),
        Upkeep::Format { whole, defect_management } => super::formatting::formatting(disc, whole, defect_management),
    };
    let steps = steps.map_err(|complaint| Refusal { kind: disc.kind, complaint })?;
    let offers = disc.format.iter().flat_map(|format| &format.offers).map(|offer| offer.blocks);
    let lead_out = disc.last_lead_out.map(|at| SectorCount(at.0));
    let sectors =
        offers.chain(disc.next.map(|next| next.size)).chain(disc.capacity).chain(lead_out).max().unwrap_or_default();
    let loses = what != Upkeep::Close && has_something(disc);
    let stays_writable = what == Upkeep::Close && matches!(disc.kind, MediumKind::DvdPlusRw | MediumKind::DvdRw);
    Ok(UpkeepPlan { kind: disc.kind, what, steps, loses, stays_writable, sectors })
}

fn has_something(disc: &Writability) -> bool {
    disc.status != DiscStatus::Empty
}

fn closing(disc: &Writability) -> Result<Vec<Step>, Complaint> {
    let is_open = matches!(disc.last_session, SessionState::Incomplete | SessionState::Damaged);
    let track = disc.next.filter(|next| next.next_writable != Some(next.start) || next.damaged);
    // A track that nothing was written to is none.
    let track = track.filter(|_| is_open).map(|next| Step::CloseTrack(next.number));
    match (disc.kind, disc.status) {
        (MediumKind::DvdPlusRw, _) => match disc.background {
            BackgroundFormat::Running | BackgroundFormat::Interrupted => {
                Ok(vec![Step::Close(CloseFunction::StopFormat), Step::Close(CloseFunction::Session)])
            }
            BackgroundFormat::None => Err(Complaint::NothingToClose),
            BackgroundFormat::Complete => Ok(Vec::new()),
        },
        (MediumKind::DvdRw, _) => {
            let is_intermediate = disc.format.as_ref().is_some_and(|format| format.state == FormatState::Unknown);
            Ok(if is_intermediate { vec![Step::Close(CloseFunction::Session)] } else { Vec::new() })
        }
        (MediumKind::DvdRam | MediumKind::BdRe, _) => Ok(Vec::new()),
        (_, DiscStatus::Empty) => Err(Complaint::NothingToClose),
        (_, DiscStatus::Finalized | DiscStatus::Other) => Ok(Vec::new()),
        _ if is_unfinished(disc) => Err(Complaint::LeftUnfinished),
        (MediumKind::DvdPlusR | MediumKind::DvdPlusRDl, _) => {
            Ok(track.into_iter().chain([Step::Close(CloseFunction::FinalizeMinimal)]).collect())
        }
        // Formatted, and that is all.
        (MediumKind::BdR, _) if track.is_none() && !is_open && disc.sessions <= 1 => Err(Complaint::NothingToClose),
        (MediumKind::BdR, _) => Ok(track.into_iter().chain([Step::Close(CloseFunction::FinalizeDisc)]).collect()),
        (MediumKind::DvdR | MediumKind::DvdRDl | MediumKind::DvdRwSequential, _) => {
            let parameters = Step::WriteParameters(Box::new(increments_to_close()));
            Ok([parameters].into_iter().chain(track).chain([Step::Close(CloseFunction::Session)]).collect())
        }
        (MediumKind::CdR | MediumKind::CdRw, _) if !is_open => Err(Complaint::SessionsClosed),
        (MediumKind::CdR | MediumKind::CdRw, _) => Ok(vec![
            Step::WriteParameters(Box::new(track_at_once_to_close())),
            Step::Synchronise,
            Step::Close(CloseFunction::Session),
        ]),
        _ => Err(Complaint::NotRecordable),
    }
}

fn blanking(disc: &Writability, whole: bool) -> Result<Vec<Step>, Complaint> {
    let what = if whole { BlankingType::Disc } else { BlankingType::Minimal };
    match disc.kind {
        MediumKind::CdRw | MediumKind::DvdRwSequential | MediumKind::DvdRw => Ok(vec![Step::Blank(what)]),
        MediumKind::DvdPlusRw | MediumKind::DvdRam | MediumKind::BdRe => Err(Complaint::NotErased),
        _ => Err(Complaint::NotRewritable),
    }
}
