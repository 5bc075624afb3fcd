//! This module knows what a drive is told before the first sector is written: write parameters, room for a track.

use super::RecordError;
use super::long::{Long, Stoppable};
use super::patience::BEGINNING;
use crate::drive::{Drive, DriveError};
use crate::mmc::command::{
    Answer, Command, CueSheet, LayerBoundary, MediaClass, ModePage, ModePageData, ModePages, ModeSelect10,
    ReadDiscStructure, ReserveTrack, SendCueSheet, SendDiscStructure, WriteParameters, structure_format,
};
use crate::sector::SectorCount;

impl Drive {
    /// Sets the write parameters (mode page 05h).
    ///
    /// # Errors
    /// Where the drive does not take them.
    pub fn set_write_parameters(&mut self, parameters: &WriteParameters) -> Result<(), RecordError> {
        let page = ModePage { code: WriteParameters::CODE, savable: false, subpage: None, data: parameters.emit() };
        let pages = ModePages { medium_type: 0, device_specific: 0, block_descriptors: vec![], pages: vec![page] };
        let list = pages.parameter_list();
        let length = u16::try_from(list.len()).unwrap_or(u16::MAX);
        let cdb = ModeSelect10 { page_format: true, save: false, length }.cdb();
        self.tell(&cdb, &list)
    }

    /// Reserves room for a track of so many sectors where writing goes on.
    ///
    /// # Errors
    /// Where the drive does not.
    pub fn reserve_track(&mut self, sectors: SectorCount) -> Result<(), RecordError> {
        self.tell(&ReserveTrack::Size(sectors).cdb(), &[])
    }

    /// Tells a CD what the session will be that is written at once: one track of data of so many sectors, in front of which
    /// the host writes a pre-gap of 150.
    ///
    /// # Errors
    /// Where the drive does not take it, as where it is longer than the disc.
    pub fn send_cue_sheet(&mut self, sectors: SectorCount) -> Result<(), RecordError> {
        // What has no time on a CD is refused before, by the disc's own size.
        let sheet = CueSheet::of_one_track(sectors.0).ok_or(DriveError::BadAnswer { command: "SEND CUE SHEET" })?;
        let sent = sheet.emit();
        let length = u32::try_from(sent.len()).unwrap_or(u32::MAX);
        self.tell(&SendCueSheet { length }.cdb(), &sent)
    }

    /// Settles where the second layer of a blank DVD+R DL begins. False where that was settled before.
    ///
    /// # Errors
    /// Where the drive does not take it.
    pub fn set_layer_break(&mut self, layer_0: SectorCount) -> Result<bool, RecordError> {
        const LENGTH: u16 = 12;
        const FORMAT: u8 = structure_format::LAYER_BOUNDARY;
        let question = ReadDiscStructure {
            media: MediaClass::Dvd,
            address: 0,
            layer: 0,
            format: FORMAT,
            allocation: LENGTH,
            agid: 0,
        };
        let now: Option<LayerBoundary> = self.ask(&question, LENGTH)?;
        if now.is_some_and(|now| now.settled) {
            return Ok(false);
        }
        let sent = LayerBoundary { settled: false, layer_0 }.emit();
        let length = u16::try_from(sent.len()).unwrap_or(u16::MAX);
        let cdb = SendDiscStructure { media: MediaClass::Dvd, format: FORMAT, length }.cdb();
        self.tell(&cdb, &sent).map(|()| true)
    }

    fn tell(&mut self, cdb: &crate::scsi::Cdb, sent: &[u8]) -> Result<(), RecordError> {
        let mut long = Long { limit: BEGINNING, stoppable: Stoppable::Yes, told: &mut |_| {} };
        self.send_when_ready(cdb, sent, BEGINNING, &mut long)
    }
}
