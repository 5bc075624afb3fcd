//! This module knows how page 05h steers what is written to a CD.

use crate::mmc::command::{WriteParameters, WriteType};
use crate::virtual_drive::disc::TrackMode;
use crate::virtual_drive::disc::recordable::cd::CdMethod;

/// What the page comes to.
pub fn method(page: WriteParameters) -> CdMethod {
    match (page.write_type, page.block_type) {
        (WriteType::SessionAtOnce, _) => CdMethod::SessionAtOnce,
        (WriteType::Packet, _) => CdMethod::Packets(page.packet_size),
        (_, 10) => CdMethod::TrackAtOnce(TrackMode::Mode2Form1),
        _ => CdMethod::TrackAtOnce(TrackMode::Mode1),
    }
}
