//! This module knows READ DISC INFORMATION: the state of the disc.

mod cd;
mod recordable;

use crate::mmc::Msf;
use crate::mmc::command::{
    BackgroundFormat, DiscInformation, DiscInformationKind, DiscStatus, ReadDiscInformation, SessionState,
};
use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::disc::{Blank, Disc, DiscState, Family, TrackMode};
use crate::virtual_drive::dispatch::{Outcome, Refusal, Request};

pub fn answer(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let ReadDiscInformation { kind, allocation } = request.parsed()?;
    match kind {
        DiscInformationKind::Standard => {
            let disc = super::loaded(drive.state.loaded())?;
            let told = disc.recordable().map_or_else(|| information(disc), recordable::information);
            if let Some(disc) = drive.state.loaded_mut().and_then(|disc| disc.recordable_mut()) {
                disc.note_told();
            }
            Ok(super::answer(&told, allocation))
        }
        DiscInformationKind::PseudoOverwriteResources => {
            let disc = super::loaded(drive.state.loaded())?;
            let told = disc.recordable().and_then(recordable::pseudo_overwrite_resources);
            Ok(super::answer(&told.ok_or(Refusal::BAD_FIELD)?, allocation))
        }
        DiscInformationKind::TrackResources | DiscInformationKind::Reserved(_) => Err(Refusal::BAD_FIELD),
    }
}

fn information(disc: &dyn Disc) -> DiscInformation {
    let layout = disc.layout();
    let (status, last_session) = match layout.state {
        DiscState::Blank => (DiscStatus::Empty, SessionState::Empty),
        DiscState::Open => (DiscStatus::Incomplete, SessionState::Incomplete),
        DiscState::Complete => (DiscStatus::Finalized, SessionState::Complete),
    };
    // An empty session counts as one, with one track to be.
    let sessions = layout.sessions().max(1);
    let number = |track: Option<&crate::virtual_drive::disc::Track>| track.map_or(1, |track| track.number.into());
    let is_cd = disc.kind().family() == Family::Cd;
    let disc_type = match layout.state {
        DiscState::Blank if is_cd => 0xFF,
        _ if layout.tracks.iter().any(|track| track.mode == TrackMode::Mode2Form1) => 0x20,
        _ => 0x00,
    };
    DiscInformation {
        erasable: false,
        last_session,
        status,
        first_track: 1,
        sessions: sessions.into(),
        first_track_in_last_session: number(layout.tracks_of(sessions).next()),
        last_track_in_last_session: number(layout.tracks_of(sessions).last()),
        unrestricted_use: false,
        dirty: false,
        background_format: BackgroundFormat::None,
        disc_type,
        disc_id: None,
        last_session_lead_in: Some(match layout.state {
            DiscState::Complete if is_cd => [0, 0xFF, 0xFF, 0xFF],
            DiscState::Complete => [0xFF; 4],
            DiscState::Blank | DiscState::Open if is_cd => [0, 97, 15, 35],
            DiscState::Blank | DiscState::Open => [0; 4],
        }),
        last_possible_lead_out: Some(match layout.state {
            DiscState::Complete if is_cd => [0, 0xFF, 0xFF, 0xFF],
            DiscState::Complete => [0xFF; 4],
            DiscState::Blank | DiscState::Open if is_cd => {
                let [m, s, f] = Msf::new(79, 59, 74).bytes();
                [0, m, s, f]
            }
            DiscState::Blank | DiscState::Open => Blank::free(disc.kind()).0.to_be_bytes(),
        }),
        bar_code: None,
        application: None,
        power_calibrations: Vec::new(),
    }
}
