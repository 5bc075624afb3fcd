//! This module knows what READ DISC INFORMATION says of discs that are written here.

use crate::mmc::command::{BackgroundFormat, DiscInformation, DiscStatus, PseudoOverwriteResources, SessionState};
use crate::sector::SectorCount;
use crate::virtual_drive::disc::recordable::overwritable::{FormatState, Overwritable};
use crate::virtual_drive::disc::recordable::sequential::{Limits, Sequential};
use crate::virtual_drive::disc::{DiscKind, Made, Recordable, Stock, WriteProtection, recordable::Record};

pub fn information(disc: &Recordable) -> DiscInformation {
    let erasable = disc.stock().kind.made() == Made::Rewritable;
    match (disc.record(), disc.sequential()) {
        (Record::Cd(record), _) => super::cd::information(disc.stock(), record),
        (Record::Overwritable(record), _) => DiscInformation { erasable, ..overwritable(disc.stock(), record) },
        (Record::Sequential(_), Some((record, limits))) => DiscInformation { erasable, ..sequential(record, limits) },
        (Record::Sequential(_), None) => DiscInformation { erasable, ..empty() },
    }
}

/// How often something can still be written over: of a BD-R that was formatted for that, else `None`.
pub fn pseudo_overwrite_resources(disc: &Recordable) -> Option<PseudoOverwriteResources> {
    let (record, limits) = disc.sequential()?;
    let formatted = record.formatted.filter(|formatted| formatted.pseudo_overwrite)?;
    let replacements = formatted.free_blocks(SectorCount(limits.sectors), limits.rules.granule);
    Some(PseudoOverwriteResources { replacements, map_entries: replacements, updates: replacements })
}

/// One session with one track, and nothing in it.
pub(super) fn empty() -> DiscInformation {
    DiscInformation {
        erasable: false,
        last_session: SessionState::Empty,
        status: DiscStatus::Empty,
        first_track: 1,
        sessions: 1,
        first_track_in_last_session: 1,
        last_track_in_last_session: 1,
        unrestricted_use: false,
        dirty: false,
        background_format: BackgroundFormat::None,
        disc_type: 0,
        disc_id: None,
        last_session_lead_in: Some([0; 4]),
        last_possible_lead_out: Some([0; 4]),
        bar_code: None,
        application: None,
        power_calibrations: Vec::new(),
    }
}

fn overwritable(stock: &Stock, record: &Overwritable) -> DiscInformation {
    if record.is_unformatted() {
        return empty();
    }
    let open = record.format == FormatState::Intermediate;
    DiscInformation {
        last_session: if open { SessionState::Incomplete } else { SessionState::Complete },
        status: match (stock.kind, stock.protection) {
            _ if open => DiscStatus::Incomplete,
            (DiscKind::DvdRam, WriteProtection::None) => DiscStatus::Other,
            _ => DiscStatus::Finalized,
        },
        background_format: match record.format {
            FormatState::Never | FormatState::Broken | FormatState::Complete | FormatState::Intermediate => {
                BackgroundFormat::None
            }
            FormatState::Stopped => BackgroundFormat::Interrupted,
            FormatState::Running => BackgroundFormat::Running,
            FormatState::CompleteBehind => BackgroundFormat::Complete,
        },
        ..empty()
    }
}

fn sequential(record: &Sequential, limits: Limits) -> DiscInformation {
    const NEVER: [u8; 4] = [0xFF; 4];
    let session = record.current_session();
    let tracks = record.views(limits);
    let of_last_session = tracks.iter().filter(|track| track.session == session).map(|track| track.number);
    // Where nothing more fits there is no track to be, and the last one stands for it.
    let last_number = tracks.last().map_or(1, |track| track.number);
    let (first, last) = (of_last_session.clone().min(), of_last_session.max());
    let (status, last_session) = match (record.finalized, record.open_session()) {
        (true, _) => (DiscStatus::Finalized, SessionState::Complete),
        (false, Some(_)) => (DiscStatus::Incomplete, SessionState::Incomplete),
        (false, None) if record.is_untouched() => (DiscStatus::Empty, SessionState::Empty),
        (false, None) => (DiscStatus::Incomplete, SessionState::Empty),
    };
    let lead_in = tracks.iter().find(|track| track.session == session).map_or(0, |track| track.start.0);
    DiscInformation {
        last_session,
        status,
        sessions: session,
        first_track_in_last_session: first.unwrap_or(last_number),
        last_track_in_last_session: last.unwrap_or(last_number),
        last_session_lead_in: Some(if record.finalized { NEVER } else { lead_in.to_be_bytes() }),
        last_possible_lead_out: Some(if record.finalized { NEVER } else { limits.end.to_be_bytes() }),
        ..empty()
    }
}
