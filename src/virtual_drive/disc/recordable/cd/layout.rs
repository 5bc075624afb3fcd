//! This module knows what a reader meets on a CD that is recorded here.

use super::{CdRecord, CdTrack};
use crate::sector::{Lba, SectorCount};
use crate::virtual_drive::disc::{DiscState, Layout, SectorKind, Stretch, Track, TrackMode};

/// The sessions that are closed, as their lead-ins tell of them.
pub fn laid_out(record: &CdRecord) -> Layout {
    let byte = |number: u16| u8::try_from(number).unwrap_or(u8::MAX);
    let closed = record.tracks().filter(|(_, session, _)| *session <= record.closed_sessions());
    let tracks: Vec<Track> = closed
        .map(|(number, session, track)| Track {
            number: byte(number),
            session: byte(session),
            start: Lba(track.start),
            sectors: SectorCount(track.end().saturating_sub(track.start)),
            mode: track.mode,
        })
        .collect();
    let end = tracks.last().map_or(Lba(0), |track| track.range().end());
    let state = match tracks.is_empty() {
        true if record.is_blank() => DiscState::Blank,
        true => DiscState::Open,
        false => DiscState::Complete,
    };
    Layout { state, tracks, end }
}

/// What the sectors are from `at` on: between tracks, and behind what is recorded of them, there is run-out.
pub fn stretch(record: &CdRecord, at: Lba) -> Option<Stretch> {
    let (_, _, track): (_, _, &CdTrack) = record.tracks().find(|(_, _, track)| at.0 < track.end())?;
    let kind = match track.mode {
        TrackMode::Audio => SectorKind::Audio,
        TrackMode::Mode1 => SectorKind::Mode1,
        TrackMode::Mode2Form1 => SectorKind::Mode2Form1,
    };
    Some(if at.0 < track.start {
        Stretch { kind: SectorKind::RunOut, end: Lba(track.start) }
    } else if at.0 < track.recorded_end() {
        Stretch { kind, end: Lba(track.recorded_end()) }
    } else {
        Stretch { kind: SectorKind::RunOut, end: Lba(track.end()) }
    })
}
