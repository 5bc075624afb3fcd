//! This module knows how sectors are read, and what every way of failing means for whoever asked.

mod cache;
mod cd;
mod outcome;

use std::time::Duration;

pub use outcome::{Cache, ReadFailure, ReadHow, ReadQuality};

use super::exchange::{BUSY_AT_MOST, Patience, Reply};
use super::news::Inserted;
use super::{Condition, Drive, DriveError, MediumFamily, Note, Protection};
use crate::mmc::command::{Command, ExpectedSector, Read10, ReadCd};
use crate::scsi::{Cdb, HostFault, Sense, SenseKey, TransportError};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SectorRange};

/// Longer than any drive's own retries.
const READ_TIMEOUT: Duration = Duration::from_secs(60);
/// For a sector that is asked for by itself: all that the drive can do is wanted.
const RESCUE_TIMEOUT: Duration = Duration::from_secs(120);
const BUSY_PAUSE: Duration = Duration::from_millis(100);
/// Becoming ready in mid-read happens at bad spots: after so many times, the spot is bad.
const UNREADY_AT_MOST: u8 = 3;

/// What reading this disc in this drive has shown to be needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ReadHabits {
    pub method: Method,
    pub fua: Fua,
    /// The missing bytes that the bridge tells of although they came.
    pub false_residue: Option<usize>,
}

impl ReadHabits {
    pub(super) fn new() -> Self {
        Self { method: Method::Read10, fua: Fua::Obeyed, false_residue: None }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    Read10,
    ReadCd(ExpectedSector),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fua {
    Obeyed,
    Refused,
}

impl Method {
    fn name(self) -> &'static str {
        match self {
            Self::Read10 => "READ(10)",
            Self::ReadCd(_) => "READ CD",
        }
    }
}

/// One call of [`Drive::read`], over all its attempts.
struct Reading {
    range: SectorRange,
    method: Method,
    patience: Patience,
    pauses: u8,
    unready: u8,
    busy_until: Duration,
    short: Option<Short>,
}

/// A transfer that was told to be short.
struct Short {
    missing: usize,
    data: Vec<u8>,
}

/// What follows an attempt that brought nothing.
type Next = Result<(), ReadFailure>;

impl Drive {
    /// The most sectors that one [`Drive::read`] may ask for. It only ever shrinks.
    pub fn max_read(&self) -> SectorCount {
        self.max_read
    }

    /// Fills `buffer`, whose length is a multiple of 2048, with the sectors from `start` on.
    ///
    /// Repeats what is only news: unit attentions, a busy or reset drive, a link that hiccups. An unreadable sector
    /// is reported at once: what to do about it is for whoever asked.
    ///
    /// # Errors
    /// See [`ReadFailure`].
    pub fn read(&mut self, start: Lba, buffer: &mut [u8], how: &ReadHow) -> Result<ReadQuality, ReadFailure> {
        let count = u32::try_from(buffer.len() / SECTOR_BYTES).unwrap_or(u32::MAX);
        if count == 0 {
            return Ok(ReadQuality::Clean);
        }
        if self.inserted == Inserted::Another {
            // Who asked first may have taken it for a bad sector.
            return Err(DriveError::OtherDisc.into());
        }
        if count > self.max_read.0 {
            return Err(ReadFailure::TooLarge);
        }
        if how.cache == Cache::Bypassed && self.cache_needs_defeat() {
            self.defeat_cache(start);
        }
        let mut reading = Reading {
            range: SectorRange::with_count(start, SectorCount(count)),
            method: self.habits.method,
            patience: Patience::new(),
            pauses: 0,
            unready: 0,
            busy_until: self.clock.now().saturating_add(BUSY_AT_MOST),
            short: None,
        };
        let timeout = how.timeout.unwrap_or(if count == 1 { RESCUE_TIMEOUT } else { READ_TIMEOUT });
        loop {
            let cdb = self.read_cdb(&reading, how.cache);
            match self.attempt(&cdb, buffer, timeout) {
                Ok(Reply::Good { transferred }) if self.came_whole(&mut reading, transferred, buffer)? => {
                    self.keep_method(reading.method);
                    return Ok(ReadQuality::Clean);
                }
                Ok(Reply::Remarked { transferred, sense }) if self.came_whole(&mut reading, transferred, buffer)? => {
                    self.keep_method(reading.method);
                    self.note_remark(&sense);
                    return Ok(ReadQuality::Recovered);
                }
                Ok(Reply::Good { .. } | Reply::Remarked { .. }) => {}
                Ok(Reply::Busy) if self.clock.now() < reading.busy_until => self.rest(BUSY_PAUSE)?,
                Ok(Reply::Busy) => return Err(DriveError::NotReadyInTime(super::Awaiting::Idle).into()),
                Ok(Reply::Reserved) => return Err(DriveError::Reserved.into()),
                Ok(Reply::Refused(sense)) => self.after_refusal(&mut reading, &sense, how.cache)?,
                Err(error) => self.after_read_fault(&mut reading, &cdb, error)?,
            }
        }
    }

    fn read_cdb(&self, reading: &Reading, cache: Cache) -> Cdb {
        let (start, count) = (reading.range.start(), reading.range.count().0);
        match reading.method {
            Method::Read10 => Read10 {
                start,
                count: u16::try_from(count).unwrap_or(u16::MAX),
                dpo: false,
                fua: cache == Cache::Bypassed && self.habits.fua == Fua::Obeyed,
            }
            .cdb(),
            Method::ReadCd(expected) => ReadCd::user_data(expected, start, count).cdb(),
        }
    }

    fn keep_method(&mut self, method: Method) {
        if self.habits.method != method {
            self.habits.method = method;
            self.note(Note::ReadsByReadCd);
        }
    }

    /// Whether all data is there. `false`: read again.
    fn came_whole(
        &mut self,
        reading: &mut Reading,
        transferred: usize,
        buffer: &mut [u8],
    ) -> Result<bool, ReadFailure> {
        let missing = buffer.len().saturating_sub(transferred);
        if missing == 0 || self.habits.false_residue == Some(missing) {
            return Ok(true);
        }
        match reading.short.take() {
            None => {
                // A different content in every byte: what is the same after the second read was truly sent twice.
                reading.short = Some(Short { missing, data: buffer.to_vec() });
                buffer.iter_mut().for_each(|byte| *byte = !*byte);
                Ok(false)
            }
            Some(first) => {
                // A kernel that copies leaves zeros where nothing came, so that zeros prove nothing.
                let tail = buffer.get(transferred..).unwrap_or_default();
                if first.missing == missing && first.data == buffer && tail.iter().any(|&byte| byte != 0) {
                    self.habits.false_residue = Some(missing);
                    self.note(Note::ResidueIgnored);
                    return Ok(true);
                }
                Err(self.too_large_or(reading, &Sense::new(SenseKey::NoSense, 0, 0)))
            }
        }
    }

    fn after_refusal(&mut self, reading: &mut Reading, sense: &Sense, cache: Cache) -> Next {
        if sense.deferred && reading.patience.spend_deferred() {
            return Ok(());
        }
        if self.note_news(sense) {
            if !reading.patience.spend_attention() {
                return Err(unreadable(reading, sense));
            }
            return Ok(self.settle_news()?);
        }
        match Condition::of(sense) {
            Condition::BecomingReady
            | Condition::NotReady
            | Condition::NotConfigured
            | Condition::NeedsStart
            | Condition::Formatting
            | Condition::Busy(_)
            | Condition::OutOfOrder => {
                reading.unready = reading.unready.saturating_add(1);
                if reading.unready > UNREADY_AT_MOST {
                    return Err(unreadable(reading, sense));
                }
                self.wait_until_ready_again()?;
                Ok(self.settle_news()?)
            }
            Condition::NoDisc(_) => Err(DriveError::NoDisc.into()),
            Condition::TrayOpen => Err(DriveError::TrayOpen.into()),
            Condition::NeedsHand | Condition::ChangerMoved => Err(DriveError::NeedsHand(*sense).into()),
            Condition::NotResponding | Condition::NoSuchUnit => Err(DriveError::Gone.into()),
            Condition::DriveFailed => Err(DriveError::Hardware(*sense).into()),
            Condition::Beyond | Condition::EndOfArea => Err(ReadFailure::Beyond),
            Condition::Blank => Err(ReadFailure::Blank),
            Condition::Protected(_) => Err(ReadFailure::Protected(self.protection_met())),
            Condition::Unsupported if cache == Cache::Bypassed && self.refuses_fua(reading) => {
                self.defeat_cache(reading.range.start());
                Ok(())
            }
            Condition::Unsupported | Condition::NotWithThisDisc => match self.another_method(reading)? {
                Some(method) => {
                    reading.method = method;
                    Ok(())
                }
                None if reading.range.count().0 > 1 => Err(self.too_large_or(reading, sense)),
                None => Err(DriveError::Refused { command: reading.method.name(), sense: *sense }.into()),
            },
            Condition::WrongKind => match self.another_method(reading)? {
                Some(method) => {
                    reading.method = method;
                    Ok(())
                }
                None => Err(ReadFailure::WrongKind),
            },
            Condition::LinkTrouble => {
                if reading.patience.spend_garbled() {
                    return Ok(());
                }
                if reading.range.count().0 > 1 {
                    return Err(self.too_large_or(reading, sense));
                }
                Err(DriveError::Hardware(*sense).into())
            }
            Condition::StreamLost | Condition::Aborted => {
                if reading.patience.spend_garbled() {
                    return Ok(());
                }
                Err(unreadable(reading, sense))
            }
            Condition::CleaningRequested => {
                self.note(Note::CleaningRequested);
                self.pause_or(reading, 2, Duration::from_secs(2), unreadable(reading, sense))
            }
            Condition::InternalFailure => self.pause_or(reading, 2, Duration::from_secs(2), unreadable(reading, sense)),
            Condition::UnitFailure => {
                self.pause_or(reading, 1, Duration::from_secs(5), DriveError::Hardware(*sense).into())
            }
            Condition::Unreadable { .. }
            | Condition::DiscUnreadable(_)
            | Condition::GaveUp
            | Condition::NothingReported
            | Condition::AudioStatus
            | Condition::Recovered
            | Condition::RecoveredHot
            | Condition::FailurePredicted
            | Condition::RemovalPrevented
            | Condition::TrayFailed
            | Condition::WriteProtected
            | Condition::Changed
            | Condition::Reset
            | Condition::ParametersChanged
            | Condition::FirmwareChanged
            | Condition::EjectPressed
            | Condition::Unexplained(_) => Err(unreadable(reading, sense)),
        }
    }

    fn after_read_fault(&mut self, reading: &mut Reading, cdb: &Cdb, error: TransportError) -> Next {
        let one_sector = reading.range.count().0 == 1;
        match error {
            TransportError::TimedOut { after } => {
                self.news.reset = true;
                self.wait_until_ready_again()?;
                self.settle_news()?;
                Err(ReadFailure::TimedOut { after })
            }
            TransportError::TooLarge { .. } if !one_sector => {
                Err(self.too_large_or(reading, &Sense::new(SenseKey::NoSense, 0, 0)))
            }
            TransportError::System(ref cause) if !one_sector && may_mean_too_large(cause) => {
                Err(self.too_large_or(reading, &Sense::new(SenseKey::NoSense, 0, 0)))
            }
            TransportError::Host { fault, .. } => {
                if fault == HostFault::Transfer && !one_sector {
                    self.shrink(reading.range.count());
                }
                let fault_reset = fault != HostFault::Passing;
                self.after_transport_error(cdb, error, &mut reading.patience)?;
                if fault_reset {
                    self.news.reset = true;
                    self.wait_until_ready_again()?;
                    self.settle_news()?;
                }
                if reading.range.count() > self.max_read { Err(ReadFailure::TooLarge) } else { Ok(()) }
            }
            error => Err(self
                .after_transport_error(cdb, error, &mut Patience::new())
                .err()
                .unwrap_or(DriveError::Gone)
                .into()),
        }
    }

    /// Another try after a pause, as often as `times`; then `failure`.
    fn pause_or(&self, reading: &mut Reading, times: u8, pause: Duration, failure: ReadFailure) -> Next {
        if reading.pauses >= times {
            return Err(failure);
        }
        reading.pauses = reading.pauses.saturating_add(1);
        Ok(self.rest(pause)?)
    }

    /// Fewer sectors at once from now on; where it was one already, the sector is unreadable.
    fn too_large_or(&mut self, reading: &Reading, sense: &Sense) -> ReadFailure {
        if reading.range.count().0 > 1 {
            self.shrink(reading.range.count());
            ReadFailure::TooLarge
        } else {
            unreadable(reading, sense)
        }
    }

    /// To the next power of two below what failed.
    fn shrink(&mut self, failed: SectorCount) {
        let most = failed.0.saturating_sub(1).checked_ilog2().map_or(1, |log| 1 << log);
        if most < self.max_read.0 {
            self.max_read = SectorCount(most);
            self.note(Note::ReadsShrunk(self.max_read));
        }
    }

    /// True where this read asked for FUA, which from now on it does not.
    fn refuses_fua(&mut self, reading: &Reading) -> bool {
        let asked = reading.method == Method::Read10 && self.habits.fua == Fua::Obeyed;
        if asked {
            self.habits.fua = Fua::Refused;
        }
        asked
    }

    /// Which protection it is that a read has met.
    fn protection_met(&self) -> Protection {
        let by_family = if self.family() == MediumFamily::Bd { Protection::Aacs } else { Protection::Css };
        self.examined.as_ref().and_then(|e| e.protection).unwrap_or(by_family)
    }
}

fn unreadable(reading: &Reading, sense: &Sense) -> ReadFailure {
    let at = sense.information.and_then(|i| u32::try_from(i).ok()).map(Lba);
    ReadFailure::Unreadable { at: at.filter(|&lba| reading.range.contains(lba)), sense: *sense }
}

/// What the kernel says to a transfer that is too large for it: EIO, ENOMEM, EINVAL.
fn may_mean_too_large(error: &std::io::Error) -> bool {
    matches!(error.raw_os_error(), Some(5 | 12 | 22))
}

#[cfg(test)]
mod tests;
