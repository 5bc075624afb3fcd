//! This module knows how sectors come from the host to the disc, and how long what follows takes.

mod cd;
mod troubled;

use std::time::Duration;

use super::disc::recordable::sequential::{Method, NextSession};
use super::disc::recordable::{Laser, Manner, WriteRefused};
use super::disc::{DiscKind, Recordable, WriteProtection};
use super::dispatch::{Outcome, Refusal, Reply, Request};
use super::mechanics::Pace;
use super::work::{Task, Work};
use super::{FullBuffer, VirtualDrive};
use crate::mmc::command::{MultiSession, WriteParameters, WriteType};
use crate::scsi::{Data, Sense, SenseKey};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SectorRange};

const CANNOT_WRITE: Sense = Sense::new(SenseKey::IllegalRequest, 0x30, 0x05);
/// What formatting and blanking say of a disc that they cannot be done with.
pub const CANNOT_FORMAT: Sense = Sense::new(SenseKey::IllegalRequest, 0x30, 0x06);
const WRITE_PROTECTED: Sense = Sense::new(SenseKey::DataProtect, 0x27, 0x00);
const PERSISTENTLY_PROTECTED: Sense = Sense::new(SenseKey::DataProtect, 0x27, 0x04);
const INVALID_ADDRESS: Sense = Sense::new(SenseKey::IllegalRequest, 0x21, 0x02);
const END_OF_TRACK: Sense = Sense::new(SenseKey::IllegalRequest, 0x63, 0x00);
const NOT_FORMATTED: Sense = Sense::new(SenseKey::NotReady, 0x30, 0x10);
const BROKEN_FORMAT: Sense = Sense::new(SenseKey::MediumError, 0x31, 0x00);
const NO_SPARE: Sense = Sense::new(SenseKey::MediumError, 0x32, 0x00);
const INCOMPLETE_TRACK: Sense = Sense::new(SenseKey::IllegalRequest, 0x72, 0x03);
const WRONG_MODE: Sense = Sense::new(SenseKey::IllegalRequest, 0x64, 0x00);
const OUT_OF_SEQUENCE: Sense = Sense::new(SenseKey::IllegalRequest, 0x2C, 0x00);
const EMPTY_TRACK: Sense = Sense::new(SenseKey::IllegalRequest, 0x72, 0x04);
/// The drive's own trouble: what keeps the disc failed.
const INTERNAL: Sense = Sense::new(SenseKey::HardwareError, 0x44, 0x00);

impl From<WriteRefused> for Refusal {
    fn from(refused: WriteRefused) -> Self {
        Refusal::because(match refused {
            WriteRefused::Complete => WRITE_PROTECTED,
            WriteRefused::NotNextWritable | WriteRefused::NotAligned => INVALID_ADDRESS,
            WriteRefused::BeyondEnd => Refusal::OUT_OF_RANGE,
            WriteRefused::BeyondTrack => END_OF_TRACK,
            WriteRefused::NotFormatted => NOT_FORMATTED,
            WriteRefused::BrokenFormat => BROKEN_FORMAT,
            WriteRefused::NoSpare => NO_SPARE,
            WriteRefused::Protected(WriteProtection::None | WriteProtection::Cartridge) => WRITE_PROTECTED,
            WriteRefused::Protected(WriteProtection::Persistent) => PERSISTENTLY_PROTECTED,
            WriteRefused::IncompleteTrack => INCOMPLETE_TRACK,
            WriteRefused::EmptyTrack => EMPTY_TRACK,
            WriteRefused::WrongMode => WRONG_MODE,
            WriteRefused::CannotFormat => CANNOT_FORMAT,
            WriteRefused::NoSuchLayer => return Refusal::BAD_PARAMETER,
            WriteRefused::NotPrepared => OUT_OF_SEQUENCE,
            WriteRefused::NoSuchTrack => return Refusal::BAD_FIELD,
            WriteRefused::WrongKind => CANNOT_WRITE,
            WriteRefused::Failed(_) => INTERNAL,
        })
    }
}

/// Whether a drive reads back what it has written, which takes as long once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Care {
    /// Where it could replace what does not read.
    AsUsual,
    Always,
    /// Time before correctness.
    Never,
}

/// Carries out a write of any form.
pub fn write(
    drive: &mut VirtualDrive,
    start: Lba,
    count: SectorCount,
    care: Care,
    request: &mut Request<'_, '_>,
) -> Outcome {
    let wanted = usize::try_from(count.bytes()).unwrap_or(usize::MAX);
    recordable(drive)?;
    if count.is_zero() {
        return Ok(Reply::Done);
    }
    let Data::Out(bytes) = &*request.data else { return Err(Refusal::BAD_FIELD) };
    let bytes = bytes.get(..wanted).ok_or(Refusal::BAD_FIELD)?;
    debug_assert_eq!(bytes.len() % SECTOR_BYTES, 0, "whole sectors are written");
    let manner = drive.manner();
    let disc = recordable(drive)?;
    drive.reads_back = match care {
        Care::AsUsual => {
            disc.overwritable().is_some_and(|(record, _)| record.spare > 0)
                || disc.sequential().is_some_and(|(record, _)| record.formatted.is_some())
        }
        Care::Always => true,
        Care::Never => false,
    };
    drive.room_for(bytes.len())?;
    drive.calibrate_before_writing()?;
    // A test meets nothing: what is wrong is wrong with recording.
    let is_test = manner.laser == Laser::Off;
    let clean = is_test || !drive.streaming_lost && drive.faults.records_cleanly(SectorRange::with_count(start, count));
    let bytes = if clean {
        recordable(drive)?.write(start, bytes, manner)?;
        bytes.len()
    } else {
        troubled::record(drive, start, bytes, manner)?
    };
    if !is_test {
        drive.written = Some(match drive.written {
            Some(before) if before.end() == start => SectorRange::new(before.start(), start.saturating_add(count)),
            Some(_) | None => SectorRange::with_count(start, count),
        });
    }
    let (now, rate, capacity) = (drive.mechanics.now(), drive.write_rate(), drive.buffer_bytes());
    let room = drive.buffer.add(bytes, capacity, now, rate);
    drive.mechanics.wait_until(room, request.timeout)?;
    Ok(Reply::Done)
}

/// The disc, if it is one that can be written.
pub fn recordable(drive: &mut VirtualDrive) -> Result<&mut Recordable, Refusal> {
    let disc = drive.state.loaded_mut().and_then(|disc| disc.recordable_mut());
    disc.ok_or(Refusal::because(CANNOT_WRITE))
}

/// What page 05h comes to on a disc of this kind. Most look at nothing of it.
fn manner(kind: DiscKind, page: WriteParameters) -> Manner {
    const PLAIN: Manner = Manner { method: Method::Increments, next_session: NextSession::Allowed, laser: Laser::On };
    let laser = if page.test_write { Laser::Off } else { Laser::On };
    let next_session = match page.multi_session {
        MultiSession::NextAllowed => NextSession::Allowed,
        MultiSession::Final | MultiSession::FinalWithPointer | MultiSession::Reserved => NextSession::Never,
    };
    match (kind, page.write_type) {
        (DiscKind::DvdR | DiscKind::DvdRDl | DiscKind::DvdRw, WriteType::SessionAtOnce) => {
            Manner { method: Method::DiscAtOnce, next_session: NextSession::Never, laser }
        }
        (DiscKind::DvdRDl, _) => Manner { next_session: NextSession::Never, laser, ..PLAIN },
        (DiscKind::DvdR | DiscKind::DvdRw, _) => Manner { next_session, laser, ..PLAIN },
        (DiscKind::CdR | DiscKind::CdRw, _) => Manner { method: Method::Cd(cd::method(page)), next_session, laser },
        (
            DiscKind::CdRom
            | DiscKind::DvdRom
            | DiscKind::DvdRam
            | DiscKind::DvdPlusR
            | DiscKind::DvdPlusRDl
            | DiscKind::DvdPlusRw
            | DiscKind::BdRom
            | DiscKind::BdR
            | DiscKind::BdRe,
            _,
        ) => PLAIN,
    }
}

/// Whether the command has its status before its work is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    Immediate,
    UntilDone,
}

impl Patience {
    pub fn of(immediate: bool) -> Self {
        if immediate { Patience::Immediate } else { Patience::UntilDone }
    }
}

pub use troubled::{links, lose_streaming};

impl VirtualDrive {
    /// How the next sectors are to be written.
    pub(super) fn manner(&self) -> Manner {
        let kind = self.state.loaded().map_or(DiscKind::DvdPlusR, |disc| disc.kind());
        let manner = manner(kind, self.write_parameters);
        if self.faults.recording.is_blind() { Manner { laser: Laser::Off, ..manner } } else { manner }
    }

    /// Looks for the power of the laser. What the drive says where it succeeds only just is an error as well.
    pub(super) fn calibrate(&mut self) -> Result<(), Refusal> {
        match self.faults.recording.calibrate() {
            None => {
                self.calibrated = true;
                Ok(())
            }
            Some(sense) => {
                self.calibrated = sense.key == SenseKey::RecoveredError;
                Err(Refusal::because(sense))
            }
        }
    }

    /// The same by itself, before the first write to a disc.
    fn calibrate_before_writing(&mut self) -> Result<(), Refusal> {
        if self.calibrated {
            return Ok(());
        }
        self.calibrate().or_else(|refusal| if self.calibrated { Ok(()) } else { Err(refusal) })
    }

    /// Some drives rather refuse a write than let its host wait. What is larger than the buffer waits for an empty one.
    fn room_for(&self, bytes: usize) -> Result<(), Refusal> {
        const LONG_WRITE: Sense = Sense::new(SenseKey::NotReady, 0x04, 0x08);
        let waiting = self.buffer.level(self.mechanics.now(), self.write_rate());
        let wanted = u64::try_from(bytes).unwrap_or(u64::MAX).saturating_add(waiting.into());
        match self.model.full_buffer {
            FullBuffer::Refuses if waiting > 0 && wanted > self.buffer_bytes().into() => {
                Err(Refusal::because(LONG_WRITE))
            }
            FullBuffer::Refuses | FullBuffer::Waits => Ok(()),
        }
    }

    /// All that was sent is said to be on the disc.
    pub(super) fn truncate(&mut self) -> Result<(), Refusal> {
        let Some(written) = self.written.take() else { return Ok(()) };
        let Some(SectorCount(lost)) = self.faults.recording.take_truncation() else { return Ok(()) };
        let start = Lba(written.end().0.saturating_sub(lost)).max(written.start());
        Ok(recordable(self)?.lose(SectorRange::new(start, written.end()))?)
    }

    /// Bytes of user data that go to the disc in a second.
    pub(super) fn write_rate(&self) -> f64 {
        let disc = self.state.loaded().and_then(|disc| disc.recordable());
        match (self.mechanics.pace(), disc) {
            (Pace::Throttled { .. }, Some(disc)) => {
                let family = disc.stock().kind.family();
                let rate = f64::from(self.write_kb_s().max(1)) / family.one_x_kb_s() * family.one_x();
                if self.reads_back { rate / 2.0 } else { rate }
            }
            (Pace::Unthrottled, _) | (Pace::Throttled { .. }, None) => f64::INFINITY,
        }
    }

    /// The speed of writing that is set, in kB/s as drives tell it; 0 where nothing can be written.
    pub(super) fn write_kb_s(&self) -> u32 {
        let disc = self.state.loaded().and_then(|disc| disc.recordable());
        disc.map_or(0, |disc| disc.stock().speed_for(self.write_speed_wish.unwrap_or(u32::MAX)))
    }

    pub(super) fn buffer_bytes(&self) -> u32 {
        self.state.loaded().map_or(0, |disc| disc.kind().family().buffer_bytes())
    }

    /// All that waits is recorded, before the disc goes.
    pub(super) fn let_go(&mut self) {
        let manner = Manner { laser: Laser::On, ..self.manner() };
        // What keeps the disc has failed: nobody is there to be told.
        let Some(disc) = self.state.loaded_mut().and_then(|disc| disc.recordable_mut()) else { return };
        disc.end_simulation();
        let _ = disc.synchronize(manner);
        let _ = disc.stop_background();
        disc.forget_underway();
        let _ = self.truncate();
    }

    /// The rest of a command that the disc has agreed to: the buffer drains, and then the task takes its time.
    pub(super) fn work(&mut self, task: Task, patience: Patience, timeout: Duration) -> Outcome {
        let usual = self.state.loaded().map_or(Duration::ZERO, |disc| task.usual_time(disc.kind()));
        self.work_for(task, usual, patience, timeout)
    }

    /// The same, of a task that takes drives so long.
    pub(super) fn work_for(&mut self, task: Task, usual: Duration, patience: Patience, timeout: Duration) -> Outcome {
        let now = self.mechanics.now();
        let time = match self.mechanics.pace() {
            Pace::Unthrottled => Duration::ZERO,
            Pace::Throttled { .. } => usual,
        };
        let drained = self.buffer.drained(now, self.write_rate()).saturating_sub(now);
        let work = Work::new(task, now, drained.saturating_add(time));
        self.mechanics.reload(self.state.loaded());
        self.state.begin(work);
        if patience == Patience::UntilDone {
            self.mechanics.wait_until(work.until(), timeout)?;
            self.state.finish();
        }
        Ok(Reply::Done)
    }
}
