//! This module knows how sectors of a CD are read that are not plainly data, and how their kind is seen.

use super::super::{Drive, DriveError, MediumFamily, TrackMode};
use super::{Method, Reading};
use crate::mmc::command::{ExpectedSector, ReadCd};
use crate::sector::Lba;

impl Drive {
    /// READ CD with the kind of sector that is there, where READ(10) was refused on a CD.
    pub(super) fn another_method(&mut self, reading: &Reading) -> Result<Option<Method>, DriveError> {
        if reading.method != Method::Read10 || self.family() != MediumFamily::Cd {
            return Ok(None);
        }
        Ok(match self.sector_mode(reading.range.start())? {
            Some(TrackMode::Mode1) => Some(Method::ReadCd(ExpectedSector::Mode1)),
            Some(TrackMode::Mode2Form1) => Some(Method::ReadCd(ExpectedSector::Mode2Form1)),
            Some(TrackMode::Audio | TrackMode::Mode2Form2 | TrackMode::Mode2Formless | TrackMode::Data) | None => None,
        })
    }

    /// What a sector of a CD is, by its own header; `None` where the drive does not show it.
    pub(in crate::drive) fn sector_mode(&mut self, lba: Lba) -> Result<Option<TrackMode>, DriveError> {
        const RAW_BYTES: u16 = 2352;
        let question = ReadCd {
            expected: ExpectedSector::Any,
            dap: false,
            start: lba,
            count: 1,
            sync: true,
            header: true,
            sub_header: true,
            user_data: true,
            edc_ecc: true,
            c2: 0,
            sub_channel: 0,
        };
        Ok(self.ask_bytes(&question, RAW_BYTES)?.as_deref().and_then(mode_in_header))
    }
}

/// The mode in the header of a raw sector; audio where there is no synchronisation.
pub(super) fn mode_in_header(raw: &[u8]) -> Option<TrackMode> {
    const SYNC: [u8; 12] = [0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0];
    if raw.len() < 2352 {
        return None;
    }
    if !raw.starts_with(&SYNC) {
        return Some(TrackMode::Audio);
    }
    let [sub_mode, again] = [raw.get(18)?, raw.get(22)?];
    match raw.get(15)? & 0x03 {
        1 => Some(TrackMode::Mode1),
        // XA repeats its sub-header; formless sectors have data there.
        2 if raw.get(16..20) != raw.get(20..24) || sub_mode != again => Some(TrackMode::Mode2Formless),
        2 if sub_mode & 0x20 != 0 => Some(TrackMode::Mode2Form2),
        2 => Some(TrackMode::Mode2Form1),
        _ => None,
    }
}
