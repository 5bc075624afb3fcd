//! This module knows what carrying a command means: data in or out, and how it can end.

use std::time::Duration;

use super::{Cdb, Sense};

/// What goes along with a command.
#[derive(Debug)]
pub enum Data<'a> {
    None,
    /// The drive fills this, or the beginning of it.
    In(&'a mut [u8]),
    /// The drive is given this.
    Out(&'a [u8]),
}

impl Data<'_> {
    /// Bytes that the command may transfer.
    pub fn len(&self) -> usize {
        match self {
            Data::None => 0,
            Data::In(buffer) => buffer.len(),
            Data::Out(bytes) => bytes.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The status byte, SAM-5 5.3.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    Good,
    CheckCondition,
    Busy,
    ReservationConflict,
    TaskSetFull,
    Other(u8),
}

impl From<u8> for Status {
    fn from(byte: u8) -> Self {
        match byte {
            0x00 => Status::Good,
            0x02 => Status::CheckCondition,
            0x08 => Status::Busy,
            0x18 => Status::ReservationConflict,
            0x28 => Status::TaskSetFull,
            other => Status::Other(other),
        }
    }
}

impl From<Status> for u8 {
    fn from(status: Status) -> u8 {
        match status {
            Status::Good => 0x00,
            Status::CheckCondition => 0x02,
            Status::Busy => 0x08,
            Status::ReservationConflict => 0x18,
            Status::TaskSetFull => 0x28,
            Status::Other(byte) => byte,
        }
    }
}

/// The drive's answer. A refusal is one too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    pub status: Status,
    /// The sense bytes as they came; empty where there were none.
    pub sense: Vec<u8>,
    /// Bytes of data that went over; what a buffer holds beyond is old.
    pub transferred: usize,
}

impl Completion {
    /// All well, with this much data.
    pub fn good(transferred: usize) -> Self {
        Self { status: Status::Good, sense: Vec::new(), transferred }
    }

    /// CHECK CONDITION with this sense, and no data.
    pub fn check_condition(sense: &Sense) -> Self {
        Self { status: Status::CheckCondition, sense: sense.emit_fixed(), transferred: 0 }
    }

    /// What the drive said about its refusal; `None` where it said nothing that can be read.
    pub fn decoded_sense(&self) -> Option<Sense> {
        Sense::parse(&self.sense)
    }
}

/// The way to the drive reported trouble on its own account (Linux: `host_status`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HostFault {
    /// Worth trying again after a moment: the bus was busy, a soft error, a requeue.
    Passing,
    /// The transfer failed on the way; smaller transfers may get through.
    Transfer,
    /// The bus or the drive was reset while the command ran.
    Reset,
}

/// No answer came: nothing is known of what the drive did with the command.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// The drive is no longer there.
    #[error("the drive is gone")]
    Gone,
    /// The drive did not answer in time, and was reset.
    #[error("no answer within {} s", after.as_secs())]
    TimedOut { after: Duration },
    /// The way to the drive failed; `code` is the host adapter's number.
    #[error("the connection to the drive failed (host status {code:02x}h)")]
    Host { fault: HostFault, code: u16 },
    /// The system does not let this user send this command.
    #[error("no right to send command {opcode:02x}h")]
    NotPermitted { opcode: u8 },
    /// More bytes than can go over at once.
    #[error("{bytes} bytes are more than can be transferred at once")]
    TooLarge { bytes: usize },
    /// A played-back trace has no such command at this place.
    #[error("{0}")]
    Diverged(String),
    /// The trace file cannot be written, or the system failed in another way.
    #[error("the system could not carry the command")]
    System(#[from] std::io::Error),
}

/// One command out, one answer back. Everything that can carry commands is one, and wrappers hold any other.
pub trait Transport: Send {
    /// Sends one command and waits for its end. CHECK CONDITION is an `Ok`: the drive heard us and said no.
    fn execute(&mut self, cdb: &Cdb, data: Data<'_>, timeout: Duration) -> Result<Completion, TransportError>;

    /// The most bytes that one command may transfer.
    fn max_transfer(&self) -> usize;

    /// The shortest timeout that takes effect; a shorter one is raised to it. Zero where there is no such floor.
    fn shortest_timeout(&self) -> Duration {
        Duration::ZERO
    }
}

impl<T: Transport + ?Sized> Transport for Box<T> {
    fn execute(&mut self, cdb: &Cdb, data: Data<'_>, timeout: Duration) -> Result<Completion, TransportError> {
        (**self).execute(cdb, data, timeout)
    }

    fn max_transfer(&self) -> usize {
        (**self).max_transfer()
    }

    fn shortest_timeout(&self) -> Duration {
        (**self).shortest_timeout()
    }
}
