//! This module knows BLANK: which discs can be blanked, how far, and how long that takes.

use std::time::Duration;

use crate::mmc::command::{Blank, BlankingType};
use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::disc::recordable::cd::CdBlanking;
use crate::virtual_drive::disc::{DiscKind, Stock};
use crate::virtual_drive::dispatch::{Outcome, Refusal, Request};
use crate::virtual_drive::work::Task;
use crate::virtual_drive::writing::{CANNOT_FORMAT, Patience, recordable};

pub fn answer(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let Blank { immediate, what, start } = request.parsed()?;
    let speed = drive.write_kb_s();
    let disc = recordable(drive)?;
    let stock = disc.stock();
    if stock.kind == DiscKind::CdRw {
        let time = if what == BlankingType::Disc { whole(stock, speed) } else { Task::Blank.usual_time(stock.kind) };
        disc.blank_cd(of_a_cd(what, start).ok_or(Refusal::BAD_FIELD)?)?;
        drive.streaming_lost = false;
        return drive.work_for(Task::Blank, time, Patience::of(immediate), request.timeout);
    }
    if stock.kind != DiscKind::DvdRw {
        return Err(Refusal::because(CANNOT_FORMAT));
    }
    let time = match what {
        BlankingType::Disc => whole(stock, speed),
        BlankingType::Minimal => Task::Blank.usual_time(stock.kind),
        // Drives know no more of a DVD-RW.
        BlankingType::Track
        | BlankingType::UnreserveTrack
        | BlankingType::TrackTail
        | BlankingType::UncloseLastSession
        | BlankingType::EraseLastSession
        | BlankingType::Reserved => return Err(Refusal::BAD_FIELD),
    };
    // What was in a hurry takes only a disc at once from then on.
    disc.erase(what == BlankingType::Minimal)?;
    drive.streaming_lost = false;
    drive.work_for(Task::Blank, time, Patience::of(immediate), request.timeout)
}

fn of_a_cd(what: BlankingType, start: u32) -> Option<CdBlanking> {
    match what {
        BlankingType::Disc | BlankingType::Minimal => Some(CdBlanking::Disc),
        BlankingType::Track => Some(CdBlanking::Track(start)),
        BlankingType::TrackTail => Some(CdBlanking::TrackTail(start)),
        BlankingType::UncloseLastSession => Some(CdBlanking::UncloseLastSession),
        BlankingType::EraseLastSession => Some(CdBlanking::LastSession),
        // No track of a CD is reserved here.
        BlankingType::UnreserveTrack | BlankingType::Reserved => None,
    }
}

/// As long as writing all of it.
fn whole(stock: &Stock, kb_s: u32) -> Duration {
    Duration::from_secs(stock.sectors.bytes() / u64::from(kb_s.max(1)).saturating_mul(1000))
}
