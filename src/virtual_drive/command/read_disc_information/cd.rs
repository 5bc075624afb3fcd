//! This module knows what READ DISC INFORMATION says of a CD that is written here: places are times.

use super::recordable::empty;
use crate::mmc::Msf;
use crate::mmc::command::{DiscInformation, DiscStatus, SessionState};
use crate::sector::Lba;
use crate::virtual_drive::disc::recordable::cd::CdRecord;
use crate::virtual_drive::disc::{Made, Stock, TrackMode};

pub fn information(stock: &Stock, record: &CdRecord) -> DiscInformation {
    const NEVER: Msf = Msf::new(0xFF, 0xFF, 0xFF);
    let session = record.current_session();
    let tracks = record.views(stock.sectors.0);
    let of_last_session = tracks.iter().filter(|track| track.session == session).map(|track| track.number);
    // Where nothing more fits there is no track to be, and the last one stands for it.
    let last_number = tracks.last().map_or(1, |track| track.number);
    let (status, last_session) = match (record.finalized, record.open_session()) {
        (true, _) => (DiscStatus::Finalized, SessionState::Complete),
        (false, Some(_)) => (DiscStatus::Incomplete, SessionState::Incomplete),
        (false, None) if record.is_blank() => (DiscStatus::Empty, SessionState::Empty),
        (false, None) => (DiscStatus::Incomplete, SessionState::Empty),
    };
    let (lead_in, lead_out) = if record.finalized {
        (NEVER, NEVER)
    } else {
        let next = record.next_lead_in().map(|lba| Msf::from_lba(Lba(lba)).unwrap_or(NEVER));
        (next.or(stock.lead_in()).unwrap_or(NEVER), stock.last_lead_out())
    };
    let told = |time: Msf| {
        let [minute, second, frame] = time.bytes();
        Some([0, minute, second, frame])
    };
    DiscInformation {
        erasable: stock.kind.made() == Made::Rewritable,
        last_session,
        status,
        sessions: session,
        first_track_in_last_session: of_last_session.clone().min().unwrap_or(last_number),
        last_track_in_last_session: of_last_session.max().unwrap_or(last_number),
        disc_type: disc_type(record),
        last_session_lead_in: told(lead_in),
        last_possible_lead_out: told(lead_out),
        ..empty()
    }
}

/// Of the first session; before there is one, nobody knows.
fn disc_type(record: &CdRecord) -> u8 {
    match record.tracks().next() {
        None => 0xFF,
        Some((_, _, track)) if track.mode == TrackMode::Mode2Form1 => 0x20,
        Some(_) => 0x00,
    }
}
