//! This module knows the write parameters (mode page 05h) of each way to write.

use super::Afterwards;
use crate::drive::{MultiSession, WriteParameters, WriteType};

/// What all have in common: 2048 bytes a sector, and underruns that do no harm.
fn base(write_type: WriteType, simulate: bool) -> WriteParameters {
    WriteParameters {
        underrun_free: true,
        link_size_valid: false,
        test_write: simulate,
        write_type,
        multi_session: MultiSession::Final,
        fixed_packet: false,
        copy: false,
        track_mode: 4,
        block_type: 8,
        link_size: 0,
        session_format: 0,
        packet_size: 0,
        audio_pause: 150,
        identifiers: [0; 36],
    }
}

fn multi_session(afterwards: Afterwards) -> MultiSession {
    match afterwards {
        Afterwards::Close => MultiSession::Final,
        Afterwards::KeepOpen => MultiSession::NextAllowed,
    }
}

/// CD, a data track at once.
pub(super) fn track_at_once(afterwards: Afterwards, simulate: bool) -> WriteParameters {
    WriteParameters { multi_session: multi_session(afterwards), ..base(WriteType::TrackAtOnce, simulate) }
}

/// CD, a session at once: what the tracks are stands in the cue sheet.
pub(super) fn session_at_once(afterwards: Afterwards, simulate: bool) -> WriteParameters {
    WriteParameters {
        multi_session: multi_session(afterwards),
        track_mode: 0,
        block_type: 0,
        ..base(WriteType::SessionAtOnce, simulate)
    }
}

/// DVD-R and DVD-RW in increments: packets of one ECC block.
pub(super) fn increments(afterwards: Afterwards, simulate: bool) -> WriteParameters {
    WriteParameters {
        link_size_valid: true,
        multi_session: multi_session(afterwards),
        fixed_packet: true,
        track_mode: 5,
        link_size: 16,
        packet_size: 16,
        audio_pause: 0,
        ..base(WriteType::Packet, simulate)
    }
}

/// DVD-R and DVD-RW, the disc at once.
pub(super) fn disc_at_once(simulate: bool) -> WriteParameters {
    WriteParameters { track_mode: 5, audio_pause: 0, ..base(WriteType::SessionAtOnce, simulate) }
}

/// For a DVD that is closed for good.
pub fn increments_to_close() -> WriteParameters {
    increments(Afterwards::Close, false)
}

/// For a CD that is closed for good.
pub fn track_at_once_to_close() -> WriteParameters {
    track_at_once(Afterwards::Close, false)
}
