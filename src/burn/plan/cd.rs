//! This module knows how CD-R and CD-RW are written.

use std::time::Duration;

use super::{Afterwards, Complaint, Left, Mode, Recipe, Size, Step, Wishes, next_on, parameters};
use crate::drive::{CloseFunction, DiscStatus, Writability};
use crate::sector::{Lba, SectorCount};

/// Four seconds: a shorter track is none.
const LEAST: u32 = 300;
/// Two seconds before sector 0, which the host writes as well.
const PRE_GAP: u32 = 150;
/// Behind a track at once.
const RUN_OUT: u32 = 2;

/// A session at once where the size is known and the disc blank: it leaves no sectors behind that do not read. Else a
/// track at once.
pub(super) fn track(disc: &Writability, size: Size, wishes: &Wishes) -> Result<Recipe, Complaint> {
    // A track at once that was cut off is closed by its end: there is nothing to go on with.
    let is_cut = disc.status == DiscStatus::Incomplete && disc.last_session != crate::drive::SessionState::Empty;
    if is_cut {
        return Err(Complaint::LeftOpen);
    }
    let place = next_on(disc, size, 1, wishes)?;
    let at_once = disc.abilities.session_at_once && disc.status == DiscStatus::Empty;
    let mode = match (wishes.mode, size, at_once) {
        (None, Size::Known(_), true) => Mode::SessionAtOnce,
        (Some(Mode::SessionAtOnce), Size::Known(_), true) => Mode::SessionAtOnce,
        (Some(Mode::SessionAtOnce), Size::Unknown, true) => return Err(Complaint::SizeMustBeKnown),
        (None | Some(Mode::TrackAtOnce), _, _) if disc.abilities.track_at_once => Mode::TrackAtOnce,
        (Some(mode), _, _) => return Err(Complaint::ModeNotThere { mode }),
        (None, _, _) => return Err(Complaint::DriveDoesNotWrite),
    };
    let left = match wishes.afterwards {
        Afterwards::KeepOpen => Left::Open,
        Afterwards::Close => Left::Closed,
    };
    let simulates = disc.abilities.test_write;
    let closing = Duration::from_secs(60);
    if mode == Mode::SessionAtOnce {
        let sectors = size.sectors().ok_or(Complaint::SizeMustBeKnown)?;
        let sectors = sectors.max(SectorCount(LEAST));
        // Drives keep room for run-out in what they say is free; a session at once has none.
        let room = disc.last_lead_out.map_or(place.room, |lead_out| place.room.max(SectorCount(lead_out.0)));
        return Ok(Recipe {
            least: LEAST,
            pre_gap: PRE_GAP,
            prepare: vec![
                Step::WriteParameters(Box::new(parameters::session_at_once(wishes.afterwards, wishes.simulate))),
                Step::Calibrate,
                Step::CueSheet(sectors),
            ],
            left,
            simulates,
            closing,
            ..Recipe::new(mode, Lba(0), room, 1)
        });
    }
    // Asked while they think of a session at once, some drives tell of the pre-gap.
    let start = if disc.status == DiscStatus::Empty { Lba(0) } else { place.start };
    let room = match disc.last_lead_out {
        Some(lead_out) => {
            let most = lead_out.0.saturating_sub(start.0).saturating_sub(RUN_OUT);
            place.room.min(SectorCount(most))
        }
        None => SectorCount(place.room.0.saturating_sub(RUN_OUT)),
    };
    // Synchronising closes a track at once.
    let mut finish = vec![Step::Synchronise];
    if !wishes.simulate {
        finish.push(Step::Close(CloseFunction::Session));
    }
    Ok(Recipe {
        least: LEAST,
        prepare: vec![
            Step::WriteParameters(Box::new(parameters::track_at_once(wishes.afterwards, wishes.simulate))),
            Step::Calibrate,
        ],
        finish,
        run_out: RUN_OUT,
        left,
        simulates,
        closing,
        ..Recipe::new(mode, start, room, 1)
    })
}
