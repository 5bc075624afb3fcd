//! This module knows trace files: what went to a drive and what came back, as text that a person can read and cut.
//!
//! ```text
//! discwright-trace 1
//! max-transfer 131072
//! shortest-timeout 7
//! serial masked
//! sector-data digest
//!
//! # Lines like this one are for people.
//! > 12 00 00 00 24 00  in 36  timeout 30  at 0.000017
//! < good 36  took 0.000412
//!   0000  05 80 05 32 1f 00 00 00  48 4c 2d 44 54 2d 53 54  |...2....HL-DT-ST|
//!   0010  42 44 2d 52 45 20 42 55  34 30 4e 20 20 20 20 20  |BD-RE BU40N     |
//!   0020  31 2e 30 33                                       |1.03|
//!
//! > 28 00 00 00 00 10 00 00 10 00  in 32768  timeout 60  at 1.250000
//! < check-condition 0  took 2.401877
//!   sense f0 00 03 00 00 00 1e 0a 00 00 00 00 11 05 00 00 00 00
//! ```
//!
//! A run of zeros may be one line, `0020  zeros to 0800`. More bytes may follow than the drive told. Times are seconds, `at` since the start. Data that went out stands between `>` and `<`. Instead of an answer there may be
//! `gone`, `timed-out SECONDS`, `host passing|transfer|reset HEX`, `not-permitted`, `too-large` or `system [ERRNO]`.
//! A command without an answer may be the last: the program ended before the drive did.

mod hex;
mod parse;
mod sector_data;
mod serial;
mod write;

use std::time::Duration;

use sha2::{Digest as _, Sha256};

use super::{Cdb, Completion, Data, HostFault, Status, Transport, TransportError};
use crate::clock::Clock;

pub use parse::TraceError;
use sector_data::is_left_out;
pub(super) use sector_data::{carries_sectors, place_of_sectors};
pub(super) use serial::mask as mask_serial;
pub(super) use write::Ended;

/// Whether sector data is written down or only what proves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SectorData {
    #[default]
    Digest,
    Whole,
}

/// Whether a trace tells the serial numbers of the drive and the medium.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Serial {
    #[default]
    Masked,
    Plain,
}

/// What goes into a trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TraceOptions {
    pub data: SectorData,
    pub serial: Serial,
}

/// The lines before the first command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    pub max_transfer: usize,
    pub shortest_timeout: Duration,
    pub options: TraceOptions,
}

/// Which way data goes, and how many bytes may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    None,
    In(usize),
    Out(usize),
}

impl From<&Data<'_>> for Direction {
    fn from(data: &Data<'_>) -> Self {
        match data {
            Data::None => Direction::None,
            Data::In(buffer) => Direction::In(buffer.len()),
            Data::Out(bytes) => Direction::Out(bytes.len()),
        }
    }
}

/// Data as a trace keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Payload {
    #[default]
    Nothing,
    Bytes(Vec<u8>),
    Digest {
        sha256: [u8; 32],
        bytes: usize,
    },
}

impl Payload {
    pub(super) fn digest_of(bytes: &[u8]) -> Self {
        Payload::Digest { sha256: Sha256::digest(bytes).into(), bytes: bytes.len() }
    }

    /// What a trace with these options keeps of data that went along with a command.
    pub(super) fn of(cdb: &Cdb, bytes: &[u8], options: TraceOptions) -> Self {
        match options.data {
            _ if bytes.is_empty() => Payload::Nothing,
            SectorData::Digest if is_left_out(cdb, bytes.len()) => Payload::digest_of(bytes),
            SectorData::Digest | SectorData::Whole => Payload::Bytes(bytes.to_vec()),
        }
    }
}

/// A command as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub cdb: Cdb,
    pub direction: Direction,
    pub timeout: Duration,
    /// Since the start of the trace.
    pub at: Duration,
    pub sent: Payload,
}

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Answer { status: Status, transferred: usize, sense: Vec<u8>, data: Payload },
    Gone,
    TimedOut { after: Duration },
    Host { fault: HostFault, code: u16 },
    NotPermitted,
    TooLarge,
    System { errno: Option<i32> },
}

impl Outcome {
    /// `received` is the buffer that the drive filled. `None` where nothing came from a drive at all.
    pub(super) fn of(
        request: &Request,
        result: &Result<Completion, TransportError>,
        received: &[u8],
        options: TraceOptions,
    ) -> Option<Self> {
        Some(match result {
            Ok(completion) => {
                let transferred = completion.transferred;
                let data = if means_something(completion) { came(request, received, transferred) } else { &[] };
                let data = match options.serial {
                    Serial::Masked => Payload::of(&request.cdb, &mask_serial(&request.cdb, data), options),
                    Serial::Plain => Payload::of(&request.cdb, data, options),
                };
                Outcome::Answer { status: completion.status, transferred, sense: completion.sense.clone(), data }
            }
            Err(TransportError::Gone) => Outcome::Gone,
            Err(TransportError::TimedOut { after }) => Outcome::TimedOut { after: *after },
            Err(TransportError::Host { fault, code }) => Outcome::Host { fault: *fault, code: *code },
            Err(TransportError::NotPermitted { .. }) => Outcome::NotPermitted,
            Err(TransportError::TooLarge { .. }) => Outcome::TooLarge,
            Err(TransportError::System(error)) => Outcome::System { errno: error.raw_os_error() },
            Err(TransportError::Diverged(_)) => return None,
        })
    }
}

/// The bytes that came, as far as can be known: some drives and bridges tell fewer than they send, and whoever asks a
/// question of a drive has zeroed the buffer. With sectors, what was told is all that counts.
fn came<'a>(request: &Request, received: &'a [u8], told: usize) -> &'a [u8] {
    let last = received.iter().rposition(|&byte| byte != 0).map_or(0, |last| last.saturating_add(1));
    let came = if carries_sectors(&request.cdb) { told } else { told.max(last) };
    received.get(..came).unwrap_or(received)
}

/// After a refusal a buffer holds what it held before.
fn means_something(completion: &Completion) -> bool {
    use super::SenseKey::{NoSense, RecoveredError};
    match completion.status {
        Status::Good => true,
        Status::CheckCondition => {
            completion.decoded_sense().is_some_and(|sense| matches!(sense.key, NoSense | RecoveredError))
        }
        Status::Busy | Status::ReservationConflict | Status::TaskSetFull | Status::Other(_) => false,
    }
}

/// One command of a trace and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stanza {
    /// Where it stands in the file, counted from 1.
    pub line: usize,
    pub request: Request,
    /// With the time it took; `None` where the trace ends before the command did.
    pub outcome: Option<(Outcome, Duration)>,
}

/// A whole trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    pub header: Header,
    pub stanzas: Vec<Stanza>,
}

impl Trace {
    pub fn parse(text: &str) -> Result<Self, TraceError> {
        parse::trace(text)
    }

    /// Sends the commands of this trace again, each at its moment; how they end is for a recorder around `to` to note.
    /// Data that went out and was not kept is sent as zeros.
    pub fn replay(&self, to: &mut dyn Transport, clock: &dyn Clock) {
        let start = clock.now();
        let mut buffer = Vec::new();
        for Stanza { request, .. } in &self.stanzas {
            clock.sleep(start.saturating_add(request.at).saturating_sub(clock.now()));
            let data = match (request.direction, &request.sent) {
                (Direction::None, _) => Data::None,
                (Direction::In(bytes), _) => {
                    buffer.clear();
                    buffer.resize(bytes, 0);
                    Data::In(&mut buffer)
                }
                (Direction::Out(_), Payload::Bytes(bytes)) => Data::Out(bytes),
                (Direction::Out(bytes), Payload::Nothing | Payload::Digest { .. }) => {
                    buffer.clear();
                    buffer.resize(bytes, 0);
                    Data::Out(&buffer)
                }
            };
            let _ = to.execute(&request.cdb, data, request.timeout);
        }
    }
}

#[cfg(test)]
mod tests;
