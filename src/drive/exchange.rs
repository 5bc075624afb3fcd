//! This module knows how a command is brought to its end: repeats, pauses and news on the way, all within bounds.

use std::time::Duration;

use super::{Act, Condition, Drive, DriveError, Note};
use crate::mmc::command::{Answer, Command, RequestSense};
use crate::scsi::{Cdb, Data, HostFault, Sense, SenseKey, Status, Transport, TransportError};

/// For commands that look at the drive, or move nothing but its tray's motor. A short timeout is no remedy: the
/// kernel resets the drive when it passes.
pub(super) const QUESTION: Duration = Duration::from_secs(30);
/// For commands that move the tray or the spindle.
pub(super) const MOVEMENT: Duration = Duration::from_secs(60);

/// As long as a drive may say that it is busy.
pub(super) const BUSY_AT_MOST: Duration = Duration::from_secs(60);
const BUSY_PAUSE: Duration = Duration::from_millis(100);
pub(super) const LINK_PAUSE: Duration = Duration::from_secs(1);

/// How an attempt ended that reached the drive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reply {
    /// Done, with this many bytes of data.
    Good {
        transferred: usize,
    },
    /// Done, with a remark (key 1).
    Remarked {
        transferred: usize,
        sense: Sense,
    },
    Refused(Sense),
    Busy,
    Reserved,
}

/// What the drive told on the side since somebody looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct News {
    /// There may be another disc in it.
    pub changed: bool,
    /// Speed, lock and parameters are lost.
    pub reset: bool,
}

/// How often something may still go wrong before it is taken for an answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    attentions: u8,
    deferred: u8,
    passing: u8,
    faults: u8,
    garbled: u8,
    timeouts: u8,
}

impl Patience {
    pub(super) fn new() -> Self {
        Self { attentions: 5, deferred: 5, passing: 5, faults: 3, garbled: 3, timeouts: 1 }
    }

    pub(super) fn spend_attention(&mut self) -> bool {
        spend(&mut self.attentions)
    }

    pub(super) fn spend_deferred(&mut self) -> bool {
        spend(&mut self.deferred)
    }

    pub(super) fn spend_passing(&mut self) -> bool {
        spend(&mut self.passing)
    }

    pub(super) fn spend_fault(&mut self) -> bool {
        spend(&mut self.faults)
    }

    pub(super) fn spend_garbled(&mut self) -> bool {
        spend(&mut self.garbled)
    }

    fn spend_timeout(&mut self) -> bool {
        spend(&mut self.timeouts)
    }
}

/// Takes one of what is left; false where nothing is.
fn spend(left: &mut u8) -> bool {
    let some = *left > 0;
    *left = left.saturating_sub(1);
    some
}

impl Drive {
    /// Sends a command once.
    pub(super) fn attempt(&mut self, cdb: &Cdb, buffer: &mut [u8], timeout: Duration) -> Result<Reply, TransportError> {
        self.attempt_with(cdb, data_in(buffer), timeout)
    }

    /// The same, with data either way.
    pub(super) fn attempt_with(
        &mut self,
        cdb: &Cdb,
        data: Data<'_>,
        timeout: Duration,
    ) -> Result<Reply, TransportError> {
        let length = data.len();
        let completion = self.transport.execute(cdb, data, timeout)?;
        let transferred = completion.transferred.min(length);
        Ok(match completion.status {
            Status::Good => Reply::Good { transferred },
            Status::CheckCondition => {
                let sense = completion.decoded_sense().unwrap_or_else(|| self.lost_sense());
                if !sense.deferred && Condition::of(&sense).act() == Act::GoOn {
                    Reply::Remarked { transferred, sense }
                } else {
                    Reply::Refused(sense)
                }
            }
            Status::Busy | Status::TaskSetFull => Reply::Busy,
            Status::ReservationConflict => Reply::Reserved,
            Status::Other(_) => Reply::Refused(Sense::new(SenseKey::NoSense, 0, 0)),
        })
    }

    /// Some bridges drop the sense data; the drive may still have it.
    fn lost_sense(&mut self) -> Sense {
        let mut bytes = [0; 18];
        let asked = self.transport.execute(&RequestSense { allocation: 18 }.cdb(), Data::In(&mut bytes), QUESTION);
        let came = asked.ok().filter(|c| c.status == Status::Good).and_then(|c| bytes.get(..c.transferred));
        came.and_then(Sense::parse).unwrap_or(Sense::new(SenseKey::NoSense, 0, 0))
    }

    /// Notes what is news rather than an answer; true where it was, and the command is to be sent again.
    pub(super) fn note_news(&mut self, sense: &Sense) -> bool {
        match Condition::of(sense) {
            Condition::Changed => self.news.changed = true,
            Condition::Reset => {
                self.news.reset = true;
                self.note(Note::WasReset);
            }
            Condition::EjectPressed => self.note(Note::EjectPressed),
            Condition::FirmwareChanged | Condition::ParametersChanged | Condition::ChangerMoved => {}
            _ => return false,
        }
        true
    }

    /// Notes what a drive remarked about data that it delivered.
    pub(super) fn note_remark(&mut self, sense: &Sense) {
        match Condition::of(sense) {
            Condition::RecoveredHot => self.note(Note::Hot),
            Condition::FailurePredicted => self.note(Note::FailurePredicted),
            _ => {}
        }
    }

    /// Sends a command until the drive has answered it: `Good`, `Remarked` or `Refused`, and `Busy` where it still
    /// is after `busy_for`.
    pub(super) fn exchange_within(
        &mut self,
        cdb: &Cdb,
        buffer: &mut [u8],
        timeout: Duration,
        busy_for: Duration,
    ) -> Result<Reply, DriveError> {
        let mut patience = Patience::new();
        let until = self.clock.now().saturating_add(busy_for);
        loop {
            buffer.fill(0);
            match self.attempt(cdb, buffer, timeout) {
                Ok(Reply::Busy) if self.clock.now() < until => self.rest(BUSY_PAUSE)?,
                Ok(Reply::Refused(sense)) if sense.deferred && patience.spend_deferred() => {}
                Ok(Reply::Refused(sense)) if self.note_news(&sense) && patience.spend_attention() => {}
                Ok(Reply::Refused(sense))
                    if matches!(Condition::of(&sense), Condition::LinkTrouble | Condition::Aborted)
                        && patience.spend_garbled() => {}
                Ok(Reply::Reserved) => return Err(DriveError::Reserved),
                Ok(reply) => return Ok(reply),
                Err(error) => self.after_transport_error(cdb, error, &mut patience)?,
            }
        }
    }

    /// Waits where the same command may get through; an error where it will not.
    pub(super) fn after_transport_error(
        &mut self,
        cdb: &Cdb,
        error: TransportError,
        patience: &mut Patience,
    ) -> Result<(), DriveError> {
        match error {
            TransportError::Gone => Err(DriveError::Gone),
            TransportError::NotPermitted { opcode } => {
                Err(DriveError::NotPermitted { command: command_name(cdb.opcode()), opcode })
            }
            TransportError::Host { fault: HostFault::Passing, .. } if patience.spend_passing() => self.rest(LINK_PAUSE),
            TransportError::Host { fault: HostFault::Transfer | HostFault::Reset, .. } if patience.spend_fault() => {
                Ok(())
            }
            TransportError::TimedOut { .. } if patience.spend_timeout() => Ok(()),
            error => Err(DriveError::Link(error)),
        }
    }

    /// Asks a question that a drive need not understand: a refusal is an absent fact, and so is an answer that means
    /// nothing. `bytes` is what the command allows the answer to have.
    pub(super) fn ask<A: Answer>(&mut self, question: &impl Command, bytes: u16) -> Result<Option<A>, DriveError> {
        Ok(self.ask_bytes(question, bytes)?.and_then(|answer| A::parse(&answer).ok()))
    }

    /// The same, with the answer as it came.
    pub(super) fn ask_bytes(&mut self, question: &impl Command, bytes: u16) -> Result<Option<Vec<u8>>, DriveError> {
        let mut buffer = vec![0; usize::from(bytes)];
        let asked = self.exchange_within(&question.cdb(), &mut buffer, QUESTION, BUSY_AT_MOST);
        match asked {
            Ok(Reply::Good { transferred } | Reply::Remarked { transferred, .. }) => {
                // A bridge may tell fewer bytes than it sent; the buffer was zero, so what is not came from the drive.
                let last = buffer.iter().rposition(|&b| b != 0).map_or(0, |last| last.saturating_add(1));
                buffer.truncate(transferred.max(last));
                Ok(Some(buffer))
            }
            Ok(Reply::Refused(_) | Reply::Busy | Reply::Reserved) => Ok(None),
            // Neither can a fact be had whose answer the link cannot carry.
            Err(
                DriveError::NotPermitted { .. }
                | DriveError::Link(TransportError::TimedOut { .. } | TransportError::TooLarge { .. }),
            ) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn data_in(buffer: &mut [u8]) -> Data<'_> {
    if buffer.is_empty() { Data::None } else { Data::In(buffer) }
}

/// What people call the commands of this layer.
pub(super) fn command_name(opcode: u8) -> &'static str {
    match opcode {
        0x00 => "TEST UNIT READY",
        0x03 => "REQUEST SENSE",
        0x04 => "FORMAT UNIT",
        0x12 => "INQUIRY",
        0x1B => "START STOP UNIT",
        0x1E => "PREVENT ALLOW MEDIUM REMOVAL",
        0x25 => "READ CAPACITY",
        0x28 => "READ(10)",
        0x2A => "WRITE(10)",
        0x2B => "SEEK(10)",
        0x35 => "SYNCHRONIZE CACHE",
        0x43 => "READ TOC/PMA/ATIP",
        0x46 => "GET CONFIGURATION",
        0x4A => "GET EVENT STATUS NOTIFICATION",
        0x51 => "READ DISC INFORMATION",
        0x52 => "READ TRACK INFORMATION",
        0x53 => "RESERVE TRACK",
        0x54 => "SEND OPC INFORMATION",
        0x55 => "MODE SELECT(10)",
        0x5A => "MODE SENSE(10)",
        0x5B => "CLOSE TRACK SESSION",
        0x5C => "READ BUFFER CAPACITY",
        0x5D => "SEND CUE SHEET",
        0xA1 => "BLANK",
        0xA8 => "READ(12)",
        0xAA => "WRITE(12)",
        0xAC => "GET PERFORMANCE",
        0xAD => "READ DISC STRUCTURE",
        0xB6 => "SET STREAMING",
        0xBB => "SET CD SPEED",
        0xBF => "SEND DISC STRUCTURE",
        0xBE => "READ CD",
        _ => "the command",
    }
}
