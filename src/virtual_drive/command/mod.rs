//! This module knows what a drive does on each command; files are named as in `mmc/command/`.

pub mod blank;
pub mod close_track_session;
pub mod format_unit;
pub mod get_configuration;
pub mod get_event_status;
pub mod get_performance;
pub mod inquiry;
pub mod mechanism_status;
pub mod mode;
pub mod prevent_allow;
pub mod read;
pub mod read_buffer_capacity;
pub mod read_capacity;
pub mod read_cd;
pub mod read_disc_information;
pub mod read_disc_structure;
pub mod read_format_capacities;
pub mod read_toc;
pub mod read_track_information;
pub mod report_key;
pub mod request_sense;
pub mod reserve_track;
pub mod seek;
pub mod send_cue_sheet;
pub mod send_disc_structure;
pub mod send_opc_information;
pub mod set_cd_speed;
pub mod set_streaming;
pub mod start_stop_unit;
pub mod synchronize_cache;
pub mod test_unit_ready;
pub mod write;
mod writing_features;

use super::disc::{Disc, DiscKind, TrackMode};
use super::dispatch::{Refusal, Reply};
use crate::mmc::Profile;
use crate::mmc::command::Answer;

/// The answer to a command that asks for `allocation` bytes at most.
fn answer(data: &impl Answer, allocation: impl Into<usize>) -> Reply {
    Reply::Answer { bytes: data.emit(), allocation: allocation.into() }
}

/// The disc, of which the gate has made sure.
fn loaded(disc: Option<&dyn Disc>) -> Result<&dyn Disc, Refusal> {
    disc.ok_or(Refusal::WRONG_MEDIUM)
}

/// What a disc is at the moment: one that is recorded in either of two ways has a profile for each.
fn profile_of(disc: &dyn Disc) -> Profile {
    let overwritten = disc.recordable().is_some_and(|disc| disc.overwritable().is_some());
    match disc.kind() {
        DiscKind::CdRom => Profile::CdRom,
        DiscKind::CdR => Profile::CdR,
        DiscKind::CdRw => Profile::CdRw,
        DiscKind::DvdRom => Profile::DvdRom,
        DiscKind::DvdR => Profile::DvdRSequential,
        DiscKind::DvdRDl => Profile::DvdRDlSequential,
        DiscKind::DvdRw if overwritten => Profile::DvdRwRestrictedOverwrite,
        DiscKind::DvdRw => Profile::DvdRwSequential,
        DiscKind::DvdRam => Profile::DvdRam,
        DiscKind::DvdPlusR => Profile::DvdPlusR,
        DiscKind::DvdPlusRDl => Profile::DvdPlusRDl,
        DiscKind::DvdPlusRw => Profile::DvdPlusRw,
        DiscKind::BdRom => Profile::BdRom,
        DiscKind::BdR => Profile::BdRSequential,
        DiscKind::BdRe => Profile::BdRe,
    }
}

/// All that a disc can be, highest first, as drives list them.
const PROFILES: [Profile; 15] = [
    Profile::BdRe,
    Profile::BdRSequential,
    Profile::BdRom,
    Profile::DvdPlusRDl,
    Profile::DvdPlusR,
    Profile::DvdPlusRw,
    Profile::DvdRDlSequential,
    Profile::DvdRwSequential,
    Profile::DvdRwRestrictedOverwrite,
    Profile::DvdRam,
    Profile::DvdRSequential,
    Profile::DvdRom,
    Profile::CdRw,
    Profile::CdR,
    Profile::CdRom,
];

/// The control field of a track in the TOC.
fn control_of(mode: TrackMode) -> u8 {
    match mode {
        TrackMode::Audio => 0,
        TrackMode::Mode1 | TrackMode::Mode2Form1 => 4,
    }
}
