//! This module knows READ TRACK INFORMATION: tracks that are written, and the one that could be.

mod cd;
mod recordable;

use crate::mmc::command::{ReadTrackInformation, TrackInformation, TrackSelector};
use crate::sector::{Lba, SectorCount};
use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::disc::{Blank, Disc, DiscKind, DiscState, Family, Track, TrackMode};
use crate::virtual_drive::dispatch::{Outcome, Refusal, Request};

/// The number by which the track that could be written is asked for.
const INVISIBLE: u32 = 0xFF;

pub fn answer(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let ReadTrackInformation { of, open, allocation } = request.parsed()?;
    let disc = super::loaded(drive.state.loaded())?;
    if let Some(disc) = disc.recordable() {
        if let Some(record) = disc.cd() {
            let told = cd::information(disc, record, &drive.write_parameters, of, open).ok_or(Refusal::BAD_FIELD)?;
            return Ok(super::answer(&told, allocation));
        }
        let told = recordable::information(disc, of, open).ok_or(Refusal::BAD_FIELD)?;
        return Ok(super::answer(&told, allocation));
    }
    let layout = disc.layout();
    if layout.state == DiscState::Blank {
        let first =
            matches!(of, TrackSelector::At(_) | TrackSelector::Track(1 | INVISIBLE) | TrackSelector::FirstOfSession(1));
        return if first { Ok(super::answer(&blank(disc.kind()), allocation)) } else { Err(Refusal::BAD_FIELD) };
    }
    let track = match of {
        TrackSelector::At(lba) => layout.track_at(lba).filter(|_| lba < layout.end),
        TrackSelector::Track(number) => u8::try_from(number).ok().and_then(|number| layout.track(number)),
        TrackSelector::FirstOfSession(session) => {
            u8::try_from(session).ok().and_then(|session| layout.tracks_of(session).next())
        }
        TrackSelector::Reserved(_) => None,
    };
    let track = track.filter(|_| !open || layout.state == DiscState::Open).ok_or(Refusal::BAD_FIELD)?;
    let is_last = layout.tracks.last() == Some(track);
    let claim = drive.claims.track.filter(|_| is_last);
    Ok(super::answer(&written(disc, track, is_last, claim), allocation))
}

fn written(disc: &dyn Disc, track: &Track, is_last: bool, claim: Option<SectorCount>) -> TrackInformation {
    let layout = disc.layout();
    let family = disc.kind().family();
    // A track written at once counts its run-out as its own.
    let end = claim.map_or(if is_last { layout.end } else { track.range().end() }, |claim| Lba(claim.0));
    let recorded = SectorCount(end.0.saturating_sub(track.start.0));
    let block = family.ecc_block();
    let next = Lba(end.0.checked_next_multiple_of(block.0).unwrap_or(end.0));
    let open = layout.state == DiscState::Open && is_last;
    let free = SectorCount(Blank::free(disc.kind()).0.saturating_sub(next.0));
    let tells_last = !matches!(disc.kind(), DiscKind::CdRom | DiscKind::CdR);
    TrackInformation {
        track: track.number.into(),
        session: track.session.into(),
        layer_jump: 0,
        damaged: false,
        copy: false,
        track_mode: super::control_of(track.mode),
        reserved: false,
        blank: false,
        packet: family != Family::Cd && Blank::exists(disc.kind()),
        fixed_packet: false,
        data_mode: if track.mode == TrackMode::Mode2Form1 { 2 } else { 1 },
        start: track.start,
        next_writable: open.then_some(next),
        free: Some(if open { free } else { SectorCount(0) }),
        packet_size: Some(if family == Family::Cd { SectorCount(0) } else { block }),
        size: Some(if open { SectorCount(recorded.0.saturating_add(free.0)) } else { recorded }),
        last_recorded: tells_last.then_some(Lba(end.0.saturating_sub(1))),
        read_compatibility: None,
        next_layer_jump: None,
        last_layer_jump: None,
    }
}

fn blank(kind: DiscKind) -> TrackInformation {
    let free = Blank::free(kind);
    let family = kind.family();
    TrackInformation {
        track: 1,
        session: 1,
        layer_jump: 0,
        damaged: false,
        copy: false,
        track_mode: if kind == DiscKind::DvdPlusR { 7 } else { 4 },
        reserved: false,
        blank: true,
        packet: matches!(kind, DiscKind::DvdR | DiscKind::BdR),
        fixed_packet: false,
        data_mode: if kind == DiscKind::CdR { 0x0F } else { 1 },
        start: Lba(0),
        next_writable: Some(Lba(0)),
        free: Some(free),
        packet_size: Some(if family == Family::Cd { SectorCount(0) } else { family.ecc_block() }),
        size: Some(free),
        last_recorded: None,
        read_compatibility: None,
        next_layer_jump: None,
        last_layer_jump: None,
    }
}
