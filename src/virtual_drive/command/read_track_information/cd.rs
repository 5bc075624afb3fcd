//! This module knows what READ TRACK INFORMATION says of a CD that is written here.

use super::recordable::{INCOMPLETE, usual};
use crate::mmc::command::{TrackInformation, TrackSelector, WriteParameters, WriteType};
use crate::sector::{Lba, SectorCount};
use crate::virtual_drive::disc::recordable::cd::{CdRecord, CdTrackView, PRE_GAP};
use crate::virtual_drive::disc::recordable::sequential::TrackState;
use crate::virtual_drive::disc::{Recordable, TrackMode};

/// `None` where there is no such track.
pub fn information(
    disc: &Recordable,
    record: &CdRecord,
    parameters: &WriteParameters,
    of: TrackSelector,
    open: bool,
) -> Option<TrackInformation> {
    let tracks = record.views(disc.stock().sectors.0);
    let unclosed = |track: &&CdTrackView| track.state != TrackState::Closed;
    let found = match of {
        TrackSelector::At(lba) => tracks.iter().rev().find(|track| track.start <= lba.0),
        TrackSelector::Track(INCOMPLETE) => tracks.iter().rev().find(unclosed),
        TrackSelector::Track(number) => tracks.iter().find(|track| u32::from(track.number) == number),
        TrackSelector::FirstOfSession(session) => tracks.iter().find(|track| u32::from(track.session) == session),
        TrackSelector::Reserved(_) => None,
    };
    let found = match found {
        // An open track at or behind the one that was named.
        Some(named) if open => tracks.iter().find(|track| track.number >= named.number && unclosed(track)),
        found => found,
    }?;
    let told = told(found, usual(disc));
    Some(if found.state == TrackState::Closed { told } else { at_once(disc, record, parameters, told) })
}

fn told(track: &CdTrackView, usual: TrackInformation) -> TrackInformation {
    let to_be = track.state == TrackState::Invisible;
    TrackInformation {
        track: track.number,
        session: track.session,
        damaged: track.damaged,
        track_mode: if track.packet.is_some() { 5 } else { 4 },
        blank: to_be,
        packet: track.packet.is_some(),
        fixed_packet: track.packet.is_some(),
        data_mode: match track.mode {
            _ if to_be => 0x0F,
            TrackMode::Mode2Form1 => 2,
            TrackMode::Mode1 | TrackMode::Audio => 1,
        },
        start: Lba(track.start),
        next_writable: track.next_writable.map(Lba),
        free: Some(SectorCount(track.free)),
        packet_size: Some(SectorCount(track.packet.unwrap_or(0))),
        size: Some(SectorCount(track.size)),
        ..usual
    }
}

/// A session at once begins with the pre-gap, before sector 0.
fn at_once(
    disc: &Recordable,
    record: &CdRecord,
    parameters: &WriteParameters,
    told: TrackInformation,
) -> TrackInformation {
    let wanted = parameters.write_type == WriteType::SessionAtOnce;
    let next = match disc.cue() {
        Some(cue) => (!cue.is_complete()).then_some(cue.next()),
        None if wanted && record.is_blank() => Some(-i64::from(PRE_GAP)),
        None => return told,
    };
    let address = |lba: i64| i32::try_from(lba).ok().map(|lba| Lba(u32::from_be_bytes(lba.to_be_bytes())));
    TrackInformation { next_writable: next.and_then(address), ..told }
}
