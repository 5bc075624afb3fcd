//! This module knows CLOSE TRACK SESSION: which function means what on which disc, as a table.

use crate::mmc::command::{CloseFunction, CloseTrackSession};
use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::disc::{DiscKind, Recordable};
use crate::virtual_drive::dispatch::{Outcome, Refusal, Request};
use crate::virtual_drive::work::Task;
use crate::virtual_drive::writing::{Patience, recordable};

/// What a function comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Closing {
    StopFormat,
    OpenEnd,
    Track,
    Session,
    Disc,
}

/// `None` where the disc has no such function.
fn closing(disc: &Recordable, function: CloseFunction) -> Option<Closing> {
    match (disc.stock().kind, function) {
        (DiscKind::DvdRw, _) if disc.overwritable().is_some() => {
            let closes = matches!(function, CloseFunction::Session | CloseFunction::Finalize);
            closes.then_some(Closing::OpenEnd)
        }
        (DiscKind::DvdPlusRw, CloseFunction::StopFormat | CloseFunction::Session | CloseFunction::Finalize) => {
            Some(Closing::StopFormat)
        }
        (
            DiscKind::CdR
            | DiscKind::CdRw
            | DiscKind::DvdR
            | DiscKind::DvdRDl
            | DiscKind::DvdRw
            | DiscKind::DvdPlusR
            | DiscKind::DvdPlusRDl
            | DiscKind::BdR,
            CloseFunction::Track,
        ) => Some(Closing::Track),
        (
            DiscKind::CdR
            | DiscKind::CdRw
            | DiscKind::DvdR
            | DiscKind::DvdRDl
            | DiscKind::DvdRw
            | DiscKind::DvdPlusR
            | DiscKind::DvdPlusRDl
            | DiscKind::BdR,
            CloseFunction::Session,
        )
        | (DiscKind::DvdPlusRDl, CloseFunction::SessionOfDualLayer) => Some(Closing::Session),
        (DiscKind::DvdPlusR | DiscKind::DvdPlusRDl, CloseFunction::FinalizeMinimal | CloseFunction::FinalizeDisc)
        | (DiscKind::BdR, CloseFunction::FinalizeDisc) => Some(Closing::Disc),
        _ => None,
    }
}

pub fn answer(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    /// Either means the track that is not complete.
    const INCOMPLETE: [u16; 2] = [0xFF, 0xFFFF];
    let CloseTrackSession { immediate, function, track } = request.parsed()?;
    let manner = drive.manner();
    let disc = recordable(drive)?;
    let task = match closing(disc, function).ok_or(Refusal::BAD_FIELD)? {
        Closing::StopFormat => {
            disc.stop_background()?;
            Task::CloseSession
        }
        Closing::OpenEnd => {
            disc.close_overwritten()?;
            Task::CloseSession
        }
        Closing::Track => {
            let number = (!INCOMPLETE.contains(&track)).then_some(track);
            disc.close_track(number, manner)?;
            Task::CloseTrack
        }
        Closing::Session => {
            disc.close_session(manner)?;
            Task::CloseSession
        }
        Closing::Disc => {
            disc.finalize()?;
            Task::Finalize
        }
    };
    drive.truncate()?;
    drive.streaming_lost = false;
    drive.work(task, Patience::of(immediate), request.timeout)
}
