//! This module knows how sectors are written, and how full the drive's buffer is.

use std::time::Duration;

use super::RecordError;
use super::patience::WRITE;
use crate::drive::exchange::{QUESTION, Reply, command_name};
use crate::drive::{Condition, Drive, DriveError};
use crate::mmc::command::{Answer, BufferCapacity, Command, ReadBufferCapacity, SynchronizeCache, Write10, Write12};
use crate::scsi::{Cdb, Data, Sense};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount};

/// A full buffer has room again after this long, at any speed.
const WHILE_FULL: Duration = Duration::from_millis(20);
const LONGEST_WHILE_FULL: Duration = Duration::from_millis(500);
/// After something else came between two writes.
const AFTER_INTERRUPTION: Duration = Duration::from_secs(1);
const MOST_INTERRUPTIONS: u8 = 3;
const MOST_NEWS: u8 = 10;
/// A drive that gives no reason is given so long to have one, or to be ready.
const WITHOUT_A_REASON: Duration = Duration::from_secs(5);

/// How sectors are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WriteHow {
    /// WRITE (12), told to stream: the drive does not read back what it wrote.
    pub streaming: bool,
}

/// The drive's own buffer, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DriveBuffer {
    pub bytes: u32,
    pub free: u32,
}

impl DriveBuffer {
    /// 0 to 1.
    pub fn fill(&self) -> f32 {
        #[expect(clippy::cast_possible_truncation, reason = "a share")]
        let free = (f64::from(self.free) / f64::from(self.bytes.max(1))) as f32;
        1.0 - free.clamp(0.0, 1.0)
    }
}

impl Drive {
    /// The most sectors that one [`Drive::write`] may have.
    pub fn max_write(&self) -> SectorCount {
        self.max_transfer
    }

    /// Writes whole sectors from `start` on. Waits while the drive's buffer is full, as long as that can last.
    ///
    /// # Errors
    /// What the drive said. The same sectors must not be written again then, without asking where writing goes on.
    pub fn write(&mut self, start: Lba, bytes: &[u8], how: WriteHow) -> Result<(), RecordError> {
        debug_assert_eq!(bytes.len() % SECTOR_BYTES, 0, "whole sectors are written");
        let cdb = write_cdb(start, bytes.len(), how);
        let began = self.clock.now();
        let (mut pause, mut interruptions, mut news) = (WHILE_FULL, 0_u8, 0_u8);
        loop {
            let reply = self.attempt_with(&cdb, Data::Out(bytes), WRITE);
            let sense = match reply.map_err(|error| RecordError::of_link(&cdb, error))? {
                Reply::Good { .. } | Reply::Remarked { .. } => return Ok(()),
                Reply::Reserved => return Err(DriveError::Reserved.into()),
                Reply::Busy => None,
                Reply::Refused(sense) => Some(sense),
            };
            let after = self.clock.now().saturating_sub(began);
            if after >= WRITE {
                return Err(sense
                    .map_or(RecordError::TooLong { command: command_name(cdb.opcode()), after }, |sense| {
                        RecordError::of_refusal(&cdb, sense)
                    }));
            }
            match sense.map(|sense| (sense, next(&sense))) {
                None | Some((_, Next::Wait)) => self.pause(&mut pause),
                Some((_, Next::WaitABit)) if after < WITHOUT_A_REASON => self.pause(&mut pause),
                Some((_, Next::AfterSynchronising)) if interruptions < MOST_INTERRUPTIONS => {
                    interruptions = interruptions.saturating_add(1);
                    self.synchronise_between()?;
                    self.clock.sleep(AFTER_INTERRUPTION);
                }
                Some((sense, Next::IfNews)) if self.is_news_for_a_write(&sense) && news < MOST_NEWS => {
                    news = news.saturating_add(1);
                }
                Some((sense, Next::Fail | Next::WaitABit | Next::AfterSynchronising | Next::IfNews)) => {
                    return Err(RecordError::of_refusal(&cdb, sense));
                }
            }
        }
    }

    /// A disc that was changed between two writes is no news, but the end.
    fn is_news_for_a_write(&mut self, sense: &Sense) -> bool {
        Condition::of(sense) != Condition::Changed && self.is_harmless_news(sense)
    }

    fn pause(&self, pause: &mut Duration) {
        self.clock.sleep(*pause);
        *pause = pause.saturating_mul(2).min(LONGEST_WHILE_FULL);
    }

    /// What lies in the drive's buffer goes to the disc, so that writing can go on after another program's command.
    fn synchronise_between(&mut self) -> Result<(), RecordError> {
        let cdb = SynchronizeCache { immediate: false }.cdb();
        match self.attempt_with(&cdb, Data::None, WRITE).map_err(|error| RecordError::of_link(&cdb, error))? {
            Reply::Refused(sense) if ends_a_recording(&sense) => Err(RecordError::of_refusal(&cdb, sense)),
            // Whether it was any use is seen with the next write.
            Reply::Good { .. } | Reply::Remarked { .. } | Reply::Busy | Reply::Reserved | Reply::Refused(_) => Ok(()),
        }
    }

    /// How full the drive's buffer is; `None` where it does not say, or says nonsense.
    ///
    /// # Errors
    /// What the drive tells with the answer, and with this one alone: that an earlier write failed, that it was reset, that
    /// there is another disc in it. A drive that does not answer fails at the next write as well.
    pub fn buffer(&mut self) -> Result<Option<DriveBuffer>, RecordError> {
        const LENGTH: u8 = 12;
        let cdb = ReadBufferCapacity { in_blocks: false, allocation: LENGTH.into() }.cdb();
        let mut answer = [0; LENGTH as usize];
        match self.attempt(&cdb, &mut answer, QUESTION) {
            Ok(Reply::Good { .. } | Reply::Remarked { .. }) => {}
            Ok(Reply::Refused(sense)) if ends_a_recording(&sense) => return Err(RecordError::of_refusal(&cdb, sense)),
            Ok(Reply::Refused(sense)) => {
                self.note_news(&sense);
                return Ok(None);
            }
            Ok(Reply::Busy | Reply::Reserved) | Err(_) => return Ok(None),
        }
        let told = BufferCapacity::parse(&answer).ok();
        let buffer = told.and_then(|told| Some(DriveBuffer { bytes: told.length, free: told.free? }));
        Ok(buffer.filter(|buffer| buffer.bytes > 0 && buffer.free <= buffer.bytes))
    }
}

/// Whether a drive says so that what it took is not, or not all, on the disc that it was for. It says it once.
fn ends_a_recording(sense: &Sense) -> bool {
    sense.deferred || matches!(Condition::of(sense), Condition::Reset | Condition::Changed)
}

/// What follows a WRITE that was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// And send it again: the drive has not begun with it.
    Wait,
    /// The same, and not for long.
    WaitABit,
    AfterSynchronising,
    IfNews,
    Fail,
}

fn next(sense: &Sense) -> Next {
    if sense.deferred {
        return Next::Fail;
    }
    match Condition::of(sense) {
        Condition::Busy(_) | Condition::BecomingReady | Condition::Formatting => Next::Wait,
        Condition::NotReady => Next::WaitABit,
        Condition::OutOfOrder => Next::AfterSynchronising,
        Condition::ParametersChanged | Condition::EjectPressed | Condition::FirmwareChanged => Next::IfNews,
        _ => Next::Fail,
    }
}

fn write_cdb(start: Lba, bytes: usize, how: WriteHow) -> Cdb {
    let sectors = bytes / SECTOR_BYTES;
    match u16::try_from(sectors) {
        Ok(count) if !how.streaming => Write10 { start, count, fua: false }.cdb(),
        _ => {
            let count = SectorCount(u32::try_from(sectors).unwrap_or(u32::MAX));
            Write12 { start, count, fua: false, streaming: how.streaming }.cdb()
        }
    }
}
