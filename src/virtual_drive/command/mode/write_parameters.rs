//! This module knows page 05h: what each disc takes of it.

use crate::mmc::command::{ModePage, ModePageData, MultiSession, WriteParameters, WriteType};
use crate::virtual_drive::disc::{Disc, Family};

/// As after power-on, or with another disc.
pub fn factory(family: Family) -> WriteParameters {
    let (write_type, track_mode, link_size, packet_size) = match family {
        Family::Cd => (WriteType::TrackAtOnce, 4, 7, 0),
        Family::Dvd => (WriteType::Packet, 5, 16, 16),
        Family::Bd => (WriteType::Packet, 5, 16, 32),
    };
    WriteParameters {
        underrun_free: true,
        link_size_valid: family != Family::Cd,
        test_write: false,
        write_type,
        multi_session: MultiSession::Final,
        fixed_packet: family != Family::Cd,
        copy: false,
        track_mode,
        block_type: 8,
        link_size,
        session_format: 0,
        packet_size,
        audio_pause: 150,
        identifiers: [0; 36],
    }
}

/// Every bit that can be set.
pub fn changeable() -> ModePage {
    let mut data = vec![0x7F, 0xFF, 0x0F, 0xFF, 0, 0x3F, 0xFF, 0];
    data.extend([0xFF; 42]);
    ModePage { code: WriteParameters::CODE, savable: false, subpage: None, data }
}

/// What a drive makes of these settings; `None` where it refuses them.
pub fn accepted(wanted: WriteParameters, disc: Option<&dyn Disc>) -> Option<WriteParameters> {
    let family = disc.map_or(Family::Cd, |disc| disc.kind().family());
    let write_type = match (family, wanted.write_type) {
        (Family::Cd, WriteType::Packet | WriteType::TrackAtOnce | WriteType::SessionAtOnce) => true,
        (Family::Dvd | Family::Bd, WriteType::Packet | WriteType::SessionAtOnce) => true,
        (_, WriteType::TrackAtOnce | WriteType::Raw | WriteType::LayerJump | WriteType::Reserved(_)) => false,
    };
    // Session at once takes the form of each track from the cue sheet.
    let block_type = match (family, wanted.write_type) {
        (Family::Cd, WriteType::SessionAtOnce) => matches!(wanted.block_type, 0 | 8 | 10),
        (Family::Cd, WriteType::Packet) => {
            // Packets are of one size.
            wanted.block_type == 8 && wanted.fixed_packet && matches!(wanted.packet_size, 16 | 32)
        }
        (Family::Cd, _) => matches!(wanted.block_type, 8 | 10),
        (Family::Dvd | Family::Bd, _) => wanted.block_type == 8,
    };
    let link_size = !wanted.link_size_valid || matches!((family, wanted.link_size), (Family::Cd, 7) | (_, 16));
    let multi_session = wanted.multi_session != MultiSession::Reserved;
    (write_type && block_type && link_size && multi_session).then_some(wanted)
}
