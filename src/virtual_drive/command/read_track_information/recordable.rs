//! This module knows what READ TRACK INFORMATION says of discs that are written here.

use crate::mmc::command::{TrackInformation, TrackSelector};
use crate::sector::{Lba, SectorCount};
use crate::virtual_drive::disc::recordable::overwritable::{FormatState, Overwritable};
use crate::virtual_drive::disc::recordable::sequential::{TrackState, TrackView};
use crate::virtual_drive::disc::{DiscKind, Recordable, Stock, recordable::Record};

/// By this number the track is asked for that is not complete, or does not exist yet.
pub(super) const INCOMPLETE: u32 = 0xFF;

/// `None` where there is no such track.
pub fn information(disc: &Recordable, of: TrackSelector, open: bool) -> Option<TrackInformation> {
    let usual = usual(disc);
    match (disc.record(), disc.sequential()) {
        (Record::Overwritable(record), _) => overwritable(disc.stock(), record, of, usual),
        (Record::Sequential(_), None) | (Record::Cd(_), _) => None,
        (Record::Sequential(_), Some((record, limits))) => {
            let tracks = record.views(limits);
            let unclosed = |track: &&TrackView| track.state != TrackState::Closed;
            let found = match of {
                TrackSelector::At(lba) => tracks.iter().rev().find(|track| track.start <= lba),
                TrackSelector::Track(INCOMPLETE) => tracks.iter().rev().find(unclosed),
                TrackSelector::Track(number) => tracks.iter().find(|track| u32::from(track.number) == number),
                TrackSelector::FirstOfSession(session) => {
                    tracks.iter().find(|track| u32::from(track.session) == session)
                }
                TrackSelector::Reserved(_) => None,
            };
            let found = match found {
                // An open track at or behind the one that was named.
                Some(named) if open => tracks.iter().find(|track| track.number >= named.number && unclosed(track)),
                found => found,
            };
            found.map(|track| sequential(disc.stock().kind, track, usual))
        }
    }
}

/// What is the same for all tracks of a disc.
pub(super) fn usual(disc: &Recordable) -> TrackInformation {
    let kind = disc.stock().kind;
    TrackInformation {
        track: 1,
        session: 1,
        layer_jump: 0,
        damaged: false,
        copy: false,
        track_mode: if matches!(kind, DiscKind::DvdPlusR | DiscKind::DvdPlusRDl | DiscKind::DvdPlusRw) { 7 } else { 4 },
        reserved: false,
        blank: false,
        packet: false,
        fixed_packet: false,
        data_mode: 1,
        start: Lba(0),
        next_writable: None,
        free: Some(SectorCount(0)),
        packet_size: Some(kind.family().ecc_block()),
        size: None,
        last_recorded: None,
        read_compatibility: None,
        next_layer_jump: None,
        last_layer_jump: None,
    }
}

/// There is one, whatever was written.
fn overwritable(
    stock: &Stock,
    record: &Overwritable,
    of: TrackSelector,
    usual: TrackInformation,
) -> Option<TrackInformation> {
    let there = match of {
        TrackSelector::At(lba) => lba.0 < stock.sectors.0,
        TrackSelector::Track(number) | TrackSelector::FirstOfSession(number) => number == 1,
        TrackSelector::Reserved(_) => false,
    };
    let blank = record.is_unformatted();
    // As if in packets of a fixed size; others have neither packets nor anything like them.
    let in_packets = matches!(stock.kind, DiscKind::DvdPlusRw | DiscKind::DvdRw);
    // On a DVD-RW there is always something that could be written next: behind an open end, or from the start.
    let next_writable = match (stock.kind, record.format) {
        (DiscKind::DvdRw, FormatState::Intermediate) => Some(Lba(record.formatted)),
        (DiscKind::DvdRw, _) => Some(Lba(0)),
        _ => None,
    };
    there.then_some(TrackInformation {
        blank,
        track_mode: if stock.kind == DiscKind::DvdRw { 5 } else { usual.track_mode },
        next_writable,
        packet: in_packets,
        fixed_packet: in_packets && !blank,
        free: Some(if blank { stock.sectors } else { SectorCount(0) }),
        size: Some(if blank { stock.sectors } else { SectorCount(record.formatted) }),
        ..usual
    })
}

fn sequential(kind: DiscKind, track: &TrackView, usual: TrackInformation) -> TrackInformation {
    let recorded_end = track.start.saturating_add(track.recorded);
    let last = Lba(recorded_end.0.saturating_sub(1));
    let told = TrackInformation {
        track: track.number,
        session: track.session,
        damaged: track.damaged,
        start: track.start,
        next_writable: track.next_writable,
        free: Some(track.free),
        size: Some(track.size),
        last_recorded: (!track.recorded.is_zero()).then_some(last),
        ..usual
    };
    match kind {
        DiscKind::DvdR | DiscKind::DvdRDl | DiscKind::DvdRw | DiscKind::BdR => {
            let untouched = track.recorded.is_zero() && track.state != TrackState::Closed;
            TrackInformation {
                reserved: untouched && track.state == TrackState::Reserved,
                blank: untouched && track.state == TrackState::Invisible,
                packet: !track.at_once,
                ..told
            }
        }
        // Two bits: blank, partly or wholly written, reserved.
        DiscKind::DvdPlusR | DiscKind::DvdPlusRDl => {
            let untouched = track.recorded.is_zero();
            TrackInformation {
                reserved: track.state != TrackState::Invisible,
                blank: untouched && track.state != TrackState::Closed,
                ..told
            }
        }
        DiscKind::CdRom
        | DiscKind::CdR
        | DiscKind::CdRw
        | DiscKind::DvdRom
        | DiscKind::DvdRam
        | DiscKind::DvdPlusRw
        | DiscKind::BdRom
        | DiscKind::BdRe => told,
    }
}
