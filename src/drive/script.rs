//! This module knows a drive that follows a script, for tests.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::Drive;
use crate::clock::{Clock, SimulatedClock};
use crate::scsi::{Cdb, Completion, Data, HostFault, Sense, SenseKey, Status, Transport, TransportError};
use crate::sector::SECTOR_BYTES;

/// What one command brings.
pub(super) enum Outcome {
    Good,
    /// Data, from the first byte on.
    Data(Vec<u8>),
    /// As many bytes as wanted, each with the low byte of its sector's address, for READ(10) and READ CD.
    Sectors,
    /// The same, but told to be so many bytes short.
    Short(usize),
    /// The same with CHECK CONDITION.
    Remarked(Sense),
    Sense(Sense),
    Status(Status),
    NoSense,
    Fault(TransportError),
}

pub(super) fn sense(key: u8, asc: u8, ascq: u8) -> Outcome {
    Outcome::Sense(Sense::new(SenseKey::from_low_bits(key), asc, ascq))
}

pub(super) fn fault(fault: HostFault) -> Outcome {
    Outcome::Fault(TransportError::Host { fault, code: 7 })
}

type Answers = Box<dyn FnMut(&Cdb, Duration) -> Outcome + Send>;

/// A transport that answers as it is told, and remembers what it was sent.
pub(super) struct Script {
    answers: Answers,
    sent: Arc<Mutex<Vec<Sent>>>,
    max_transfer: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sent {
    pub cdb: String,
    pub timeout: Duration,
}

/// A drive in a test, its clock, and what was sent to it.
pub(super) struct Stage {
    pub drive: Drive,
    pub clock: SimulatedClock,
    sent: Arc<Mutex<Vec<Sent>>>,
    left: Arc<Mutex<VecDeque<(&'static str, Outcome)>>>,
}

impl Stage {
    /// `steps` are commands, by the beginning of their bytes in hexadecimal, and what they bring; they must come in
    /// this order, and no others.
    pub(super) fn strict(steps: Vec<(&'static str, Outcome)>) -> Self {
        let left = Arc::new(Mutex::new(VecDeque::from(steps)));
        let rest = Arc::clone(&left);
        let mut stage = Self::answering(move |cdb, _| {
            let (expected, outcome) =
                rest.lock().unwrap().pop_front().unwrap_or_else(|| panic!("sent {cdb} at the end"));
            assert!(cdb.to_string().starts_with(expected), "sent {cdb}, expected {expected}");
            outcome
        });
        stage.left = left;
        stage
    }

    /// A drive that answers by itself.
    pub(super) fn answering(answers: impl FnMut(&Cdb, Duration) -> Outcome + Send + 'static) -> Self {
        let clock = SimulatedClock::new();
        let sent = Arc::new(Mutex::new(Vec::new()));
        let script = Script { answers: Box::new(answers), sent: Arc::clone(&sent), max_transfer: 32 * SECTOR_BYTES };
        let drive = Drive::new(Box::new(script), Arc::new(clock.clone()));
        Self { drive, clock, sent, left: Arc::default() }
    }

    /// That the script was followed to its end.
    pub(super) fn assert_done(&self) {
        let left: Vec<_> = self.left.lock().unwrap().iter().map(|(cdb, _)| *cdb).collect();
        assert!(left.is_empty(), "never sent: {left:?}");
    }

    pub(super) fn sent(&self) -> Vec<String> {
        self.sent.lock().unwrap().iter().map(|s| s.cdb.clone()).collect()
    }

    /// The same for when the drive is there no more.
    pub(super) fn record(&self) -> Arc<Mutex<Vec<Sent>>> {
        Arc::clone(&self.sent)
    }

    pub(super) fn timeouts(&self) -> Vec<Duration> {
        self.sent.lock().unwrap().iter().map(|s| s.timeout).collect()
    }

    /// How often a command was sent whose bytes begin so.
    pub(super) fn count(&self, prefix: &str) -> usize {
        self.sent().iter().filter(|cdb| cdb.starts_with(prefix)).count()
    }

    pub(super) fn seconds(&self) -> f64 {
        self.clock.now().as_secs_f64()
    }
}

impl Transport for Script {
    fn execute(&mut self, cdb: &Cdb, data: Data<'_>, timeout: Duration) -> Result<Completion, TransportError> {
        if std::thread::panicking() {
            return Err(TransportError::Gone);
        }
        self.sent.lock().unwrap().push(Sent { cdb: cdb.to_string(), timeout });
        let mut nothing = [];
        let buffer: &mut [u8] = match data {
            Data::In(buffer) => buffer,
            Data::None | Data::Out(_) => &mut nothing,
        };
        let whole = buffer.len();
        match (self.answers)(cdb, timeout) {
            Outcome::Good => Ok(Completion::good(0)),
            Outcome::Data(bytes) => {
                let came = bytes.len().min(whole);
                buffer[..came].copy_from_slice(&bytes[..came]);
                Ok(Completion::good(came))
            }
            Outcome::Sectors => {
                fill(cdb, buffer);
                Ok(Completion::good(whole))
            }
            Outcome::Short(missing) => {
                fill(cdb, buffer);
                Ok(Completion::good(whole - missing))
            }
            Outcome::Remarked(sense) => {
                fill(cdb, buffer);
                Ok(Completion { transferred: whole, ..Completion::check_condition(&sense) })
            }
            Outcome::Sense(sense) => Ok(Completion::check_condition(&sense)),
            Outcome::NoSense => Ok(Completion { status: Status::CheckCondition, sense: vec![], transferred: 0 }),
            Outcome::Status(status) => Ok(Completion { status, sense: vec![], transferred: 0 }),
            Outcome::Fault(error) => Err(error),
        }
    }

    fn max_transfer(&self) -> usize {
        self.max_transfer
    }
}

/// The byte that every byte of a sector is.
pub(super) fn byte_of(lba: u32) -> u8 {
    lba.to_be_bytes()[3] | 0x80
}

fn fill(cdb: &Cdb, buffer: &mut [u8]) {
    let start = u32::from_be_bytes(cdb.as_bytes()[2..6].try_into().unwrap());
    for (sector, lba) in buffer.chunks_mut(SECTOR_BYTES).zip(start..) {
        sector.fill(byte_of(lba));
    }
}
