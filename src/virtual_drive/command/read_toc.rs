//! This module knows READ TOC/PMA/ATIP: true for CDs, emulated for the others.

mod cd;

use crate::mmc::Msf;
use crate::mmc::command::{
    FullToc, FullTocEntry, LEAD_OUT, ReadToc, SessionInformation, Toc, TocAddressing, TocEntry, TocFormat,
};
use crate::sector::Lba;
use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::disc::{Disc, DiscState, Family, Layout, Track, TrackMode};
use crate::virtual_drive::dispatch::{Outcome, Refusal, Request};

pub fn answer(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let command: ReadToc = request.parsed()?;
    let disc = super::loaded(drive.state.loaded())?;
    let lead_out = drive.claims.toc.map_or(disc.layout().end, |claim| Lba(claim.0));
    let allocation = command.allocation;
    Ok(match command.format {
        TocFormat::Toc => super::answer(&toc(disc.layout(), lead_out, command)?, allocation),
        TocFormat::Sessions => super::answer(&sessions(disc.layout(), command.addressing)?, allocation),
        TocFormat::Full => super::answer(&full(disc, lead_out, command.number)?, allocation),
        TocFormat::Atip => super::answer(&cd::atip(disc).ok_or(Refusal::BAD_FIELD)?, allocation),
        TocFormat::Pma => super::answer(&cd::pma(disc).ok_or(Refusal::BAD_FIELD)?, allocation),
        TocFormat::CdText | TocFormat::Reserved(_) => {
            return Err(Refusal::BAD_FIELD);
        }
    })
}

/// A disc on which nothing is complete has no TOC.
fn complete(layout: &Layout) -> Result<&Layout, Refusal> {
    match layout.state {
        DiscState::Complete => Ok(layout),
        DiscState::Blank | DiscState::Open => Err(Refusal::BAD_FIELD),
    }
}

fn address(lba: Lba, addressing: TocAddressing) -> [u8; 4] {
    match addressing {
        TocAddressing::Lba => lba.0.to_be_bytes(),
        TocAddressing::Msf => {
            // Where a time has no room for it, drives tell the last that has.
            let [m, s, f] = Msf::from_lba(lba).unwrap_or(Msf::new(89, 59, 74)).bytes();
            [0, m, s, f]
        }
    }
}

fn entry(track: &Track, addressing: TocAddressing) -> TocEntry {
    let address = address(track.start, addressing);
    TocEntry { adr: 1, control: super::control_of(track.mode), track: track.number, address }
}

fn toc(layout: &Layout, lead_out: Lba, command: ReadToc) -> Result<Toc, Refusal> {
    let layout = complete(layout)?;
    let (first, last) = ends(layout)?;
    if command.number > last.number && command.number != LEAD_OUT {
        return Err(Refusal::BAD_FIELD);
    }
    let tracks = layout.tracks.iter().filter(|track| track.number >= command.number);
    let mut entries: Vec<TocEntry> = tracks.map(|track| entry(track, command.addressing)).collect();
    let address = address(lead_out, command.addressing);
    entries.push(TocEntry { adr: 1, control: super::control_of(last.mode), track: LEAD_OUT, address });
    Ok(Toc { first_track: first.number, last_track: last.number, entries })
}

fn ends(layout: &Layout) -> Result<(&Track, &Track), Refusal> {
    layout.tracks.first().zip(layout.tracks.last()).ok_or(Refusal::BAD_FIELD)
}

fn sessions(layout: &Layout, addressing: TocAddressing) -> Result<SessionInformation, Refusal> {
    let layout = complete(layout)?;
    let last_session = layout.sessions();
    let track = layout.tracks_of(last_session).next().map(|track| entry(track, addressing));
    Ok(SessionInformation { first_session: 1, last_session, track })
}

fn full(disc: &dyn Disc, lead_out: Lba, from: u8) -> Result<FullToc, Refusal> {
    let layout = complete(disc.layout())?;
    if disc.kind().family() != Family::Cd || from > layout.sessions() {
        return Err(Refusal::BAD_FIELD);
    }
    let time = |lba: Lba| Msf::from_lba(lba).unwrap_or(Msf::new(89, 59, 74));
    let disc_type = if layout.tracks.iter().any(|track| track.mode == TrackMode::Mode2Form1) { 0x20 } else { 0x00 };
    let mut entries = Vec::new();
    for session in from.max(1)..=layout.sessions() {
        let tracks: Vec<&Track> = layout.tracks_of(session).collect();
        let Some((first, last)) = tracks.first().zip(tracks.last()) else { continue };
        let mut point = |point: u8, mode: TrackMode, pmsf: Msf| {
            let (control, msf) = (super::control_of(mode), Msf::default());
            entries.push(FullTocEntry { session, adr: 1, control, tno: 0, point, msf, zero: 0, pmsf });
        };
        point(FullTocEntry::FIRST_TRACK, first.mode, Msf::new(first.number, disc_type, 0));
        point(FullTocEntry::LAST_TRACK, last.mode, Msf::new(last.number, 0, 0));
        let end = if session == layout.sessions() { lead_out } else { layout.lead_out(session) };
        point(FullTocEntry::LEAD_OUT, last.mode, time(end));
        for track in tracks {
            point(track.number, track.mode, time(track.start));
        }
        entries.extend(cd::next_session(disc, session));
    }
    Ok(FullToc { first_session: 1, last_session: layout.sessions(), entries })
}
