//! This module knows how recording is brought to an end, and how a disc is made ready for another: synchronise, close,
//! format, blank.

use super::long::{Long, Stoppable};
use super::patience::{Work, patience};
use super::{RecordError, patience as limits};
use crate::drive::{Drive, MediumKind};
use crate::mmc::command::{
    Answer, Blank, BlankingType, CloseFunction, CloseTrackSession, Command, FormatDescriptor, FormatList, FormatUnit,
    SynchronizeCache, format_type,
};
use crate::sector::SectorCount;

/// Whether a drive looks at each sector of a DVD-RAM that it formats, which takes as long as writing and reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certification {
    /// As the drive, or the format's sub-type, has it.
    AsUsual,
    LeftOut,
}

/// Hears how far a drive is, 0 to 1 where it says so.
type Told<'a> = &'a mut dyn FnMut(Option<f64>);

impl Drive {
    /// All that was written gets to the disc. Somebody who wants to stop is not heard: this is what stopping needs.
    ///
    /// # Errors
    /// Where it did not.
    pub fn synchronise(&mut self, kind: MediumKind, told: Told<'_>) -> Result<(), RecordError> {
        let limit = patience(Work::Synchronise, kind, SectorCount(0));
        let mut long = Long { limit, stoppable: Stoppable::No, told };
        self.begin_and_wait(&SynchronizeCache { immediate: true }.cdb(), &[], &mut long)?;
        // Drives that say too early that they are done hold this one until they are.
        self.send_when_ready(&SynchronizeCache { immediate: false }.cdb(), &[], limit, &mut long)
    }

    /// Closes a track (by its number), a session or the disc.
    ///
    /// # Errors
    /// Where the drive did not.
    pub fn close(
        &mut self,
        function: CloseFunction,
        track: u16,
        kind: MediumKind,
        told: Told<'_>,
    ) -> Result<(), RecordError> {
        let work = if function == CloseFunction::Track { Work::CloseTrack } else { Work::CloseSession };
        let mut long = Long { limit: patience(work, kind, SectorCount(0)), stoppable: Stoppable::No, told };
        self.begin_and_wait(&CloseTrackSession { immediate: true, function, track }.cdb(), &[], &mut long)
    }

    /// Formats the disc as `descriptor` says.
    ///
    /// # Errors
    /// Where the drive did not; [`DriveError::Stopped`](crate::drive::DriveError::Stopped) where somebody did not want to
    /// wait for it.
    pub fn format(
        &mut self,
        descriptor: FormatDescriptor,
        certification: Certification,
        kind: MediumKind,
        stoppable: Stoppable,
        told: Told<'_>,
    ) -> Result<(), RecordError> {
        let without = certification == Certification::LeftOut;
        let list = FormatList { immediate: true, options_valid: without, no_certification: without, descriptor };
        // Who leaves the look out says that the list of defects, which is empty, is whole.
        let command = FormatUnit { complete_list: without, ..FormatUnit::WITH_LIST };
        let limit = patience(work_of(descriptor), kind, descriptor.blocks);
        let mut long = Long { limit, stoppable, told };
        self.begin_and_wait(&command.cdb(), &list.emit(), &mut long)
    }

    /// Erases a rewritable disc of `sectors`.
    ///
    /// # Errors
    /// As of [`Drive::format`].
    pub fn blank(
        &mut self,
        what: BlankingType,
        kind: MediumKind,
        sectors: SectorCount,
        stoppable: Stoppable,
        told: Told<'_>,
    ) -> Result<(), RecordError> {
        let work = if what == BlankingType::Minimal { Work::MinimalBlank } else { Work::FullBlank };
        let mut long = Long { limit: patience(work, kind, sectors), stoppable, told };
        self.begin_and_wait(&Blank { immediate: true, what, start: 0 }.cdb(), &[], &mut long)
    }

    /// The laser's power for this disc is found out.
    ///
    /// # Errors
    /// Where it could not. A drive that does not want to be asked is no error.
    pub fn calibrate(&mut self) -> Result<(), RecordError> {
        let cdb = crate::mmc::command::SendOpcInformation { calibrate: true, length: 0 }.cdb();
        let mut long = Long { limit: limits::CALIBRATION, stoppable: Stoppable::Yes, told: &mut |_| {} };
        match self.send_when_ready(&cdb, &[], limits::CALIBRATION, &mut long) {
            Err(RecordError::Refused { sense, .. }) if is_not_wanted(&sense) => Ok(()),
            outcome => outcome,
        }
    }
}

/// Drives that calibrate by themselves refuse to be told so.
fn is_not_wanted(sense: &crate::scsi::Sense) -> bool {
    use super::WriteTrouble::{CalibrationFailed, CalibrationRoomUsedUp, ListFull, NoDisc, Reset};
    let trouble = super::WriteTrouble::of(sense);
    sense.asc == 0x73 && sense.ascq == 0x01
        || sense.key == crate::scsi::SenseKey::IllegalRequest
            && !matches!(trouble, CalibrationFailed | CalibrationRoomUsedUp | ListFull | NoDisc | Reset)
}

/// Whether a format goes over the whole disc before the drive is ready again.
fn work_of(descriptor: FormatDescriptor) -> Work {
    match descriptor.kind {
        format_type::DVD_PLUS_RW | format_type::QUICK | format_type::QUICK_GROW | format_type::GROW => {
            Work::QuickFormat
        }
        _ => Work::FullFormat,
    }
}
