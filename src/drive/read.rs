//! This module knows how sectors are read, and what every way of failing means for whoever asked.

use std::time::Duration;

use super::exchange::{BUSY_AT_MOST, Patience, Reply};
use super::quirks::Quirk;
use super::{Condition, Drive, DriveError, MediumFamily, Note, Protection, TrackMode};
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

/// How to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReadHow {
    pub cache: Cache,
    /// In place of the drive's own patience. When it passes, the drive is reset, and the sector counts as unreadable.
    pub timeout: Option<Duration>,
}

/// Whether data may come from the drive's memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cache {
    #[default]
    Allowed,
    /// From the disc, for second looks: drives repeat from memory what they read wrongly before.
    Bypassed,
}

/// How good data came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadQuality {
    Clean,
    /// The drive had to try hard, and says that the data is right.
    Recovered,
}

/// Why no data came. Nothing in the buffer means anything then.
#[derive(Debug, thiserror::Error)]
pub enum ReadFailure {
    /// Something in the range is unreadable. `at` is what the drive names, inside the range: a hint.
    #[error("{}", Condition::of(.sense))]
    Unreadable { at: Option<Lba>, sense: Sense },
    /// The drive was reset after this time; it is ready again.
    #[error("the drive did not answer within {} s", .after.as_secs())]
    TimedOut { after: Duration },
    #[error("the address lies beyond the end of the disc")]
    Beyond,
    /// Audio, or sectors that hold no 2048 bytes of data.
    #[error("the sector is not of a kind that an image can hold")]
    WrongKind,
    #[error("nothing was ever written there")]
    Blank,
    #[error("the disc is copy-protected ({0})")]
    Protected(Protection),
    /// [`Drive::max_read`] shrank: ask again, with less.
    #[error("that is more than the drive can be asked for at once")]
    TooLarge,
    /// No other sector can be read either.
    #[error(transparent)]
    Stopped(#[from] DriveError),
}

impl ReadFailure {
    /// What the drive's refusal means, where it was one.
    pub fn condition(&self) -> Option<Condition> {
        match self {
            Self::Unreadable { sense, .. } => Some(Condition::of(sense)),
            Self::TimedOut { .. }
            | Self::Beyond
            | Self::WrongKind
            | Self::Blank
            | Self::Protected(_)
            | Self::TooLarge
            | Self::Stopped(_) => None,
        }
    }
}

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
            Method::ReadCd(expected) => user_data(expected, start, count).cdb(),
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

    /// READ CD with the kind of sector that is there, where READ(10) was refused on a CD.
    fn another_method(&mut self, reading: &Reading) -> Result<Option<Method>, DriveError> {
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
    pub(super) fn sector_mode(&mut self, lba: Lba) -> Result<Option<TrackMode>, DriveError> {
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

    /// Which protection it is that a read has met.
    fn protection_met(&self) -> Protection {
        let by_family = if self.family() == MediumFamily::Bd { Protection::Aacs } else { Protection::Css };
        self.examined.as_ref().and_then(|e| e.protection).unwrap_or(by_family)
    }

    fn cache_needs_defeat(&self) -> bool {
        self.habits.fua == Fua::Refused || self.has_quirk(Quirk::RepeatsFromCache)
    }

    /// Reads so much elsewhere that the drive's memory holds nothing of what is about to be read.
    fn defeat_cache(&mut self, start: Lba) {
        const SECTORS: u32 = 4096;
        const AT_ONCE: u32 = 32;
        const AT_MOST: Duration = Duration::from_secs(10);
        self.note(Note::CacheDefeated);
        let half = self.size_so_far().0 / 2;
        let from = if start.0 < half { half } else { 0 };
        let elsewhere = SectorRange::with_count(Lba(from), SectorCount(SECTORS.min(half)));
        let until = self.clock.now().saturating_add(AT_MOST);
        let at_once = SectorCount(AT_ONCE.min(self.max_read.0));
        let mut buffer = vec![0; SECTOR_BYTES.saturating_mul(usize::try_from(at_once.0).unwrap_or(1))];
        for piece in elsewhere.pieces(at_once) {
            let Some(part) = usize::try_from(piece.count().bytes()).ok().and_then(|n| buffer.get_mut(..n)) else {
                break;
            };
            let count = u16::try_from(piece.count().0).unwrap_or(1);
            let cdb = Read10 { start: piece.start(), count, dpo: false, fua: false }.cdb();
            let came =
                matches!(self.attempt(&cdb, part, READ_TIMEOUT), Ok(Reply::Good { .. } | Reply::Remarked { .. }));
            if !came || self.clock.now() >= until {
                break;
            }
        }
    }
}

fn unreadable(reading: &Reading, sense: &Sense) -> ReadFailure {
    let at = sense.information.and_then(|i| u32::try_from(i).ok()).map(Lba);
    ReadFailure::Unreadable { at: at.filter(|&lba| reading.range.contains(lba)), sense: *sense }
}

/// READ CD of the 2048 bytes of user data of a kind of sector.
fn user_data(expected: ExpectedSector, start: Lba, count: u32) -> ReadCd {
    ReadCd {
        expected,
        dap: false,
        start,
        count,
        sync: false,
        header: false,
        sub_header: false,
        user_data: true,
        edc_ecc: false,
        c2: 0,
        sub_channel: 0,
    }
}

/// The mode in the header of a raw sector; audio where there is no synchronisation.
fn mode_in_header(raw: &[u8]) -> Option<TrackMode> {
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

/// What the kernel says to a transfer that is too large for it: EIO, ENOMEM, EINVAL.
fn may_mean_too_large(error: &std::io::Error) -> bool {
    matches!(error.raw_os_error(), Some(5 | 12 | 22))
}

#[cfg(test)]
mod tests;
