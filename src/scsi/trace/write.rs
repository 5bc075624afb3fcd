//! This module knows how a trace is written.

use std::fmt;
use std::time::Duration;

use super::hex::{Dump, Spaced};
use super::{Direction, Header, Outcome, Payload, Request, SectorData, Serial, Stanza, Trace};
use crate::scsi::{HostFault, Status};

impl fmt::Display for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let serial = match self.options.serial {
            Serial::Masked => "masked",
            Serial::Plain => "plain",
        };
        let data = match self.options.data {
            SectorData::Digest => "digest",
            SectorData::Whole => "whole",
        };
        writeln!(f, "discwright-trace 1\nmax-transfer {}", self.max_transfer)?;
        writeln!(f, "shortest-timeout {}", Seconds(self.shortest_timeout))?;
        writeln!(f, "serial {serial}\nsector-data {data}")
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Direction::None => f.write_str("none"),
            Direction::In(bytes) => write!(f, "in {bytes}"),
            Direction::Out(bytes) => write!(f, "out {bytes}"),
        }
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (timeout, at) = (Seconds(self.timeout), Moment(self.at));
        writeln!(f, "> {}  {}  timeout {timeout}  at {at}", self.cdb, self.direction)?;
        write!(f, "{}", self.sent)
    }
}

/// An outcome with the time it took.
pub(in super::super) struct Ended<'a>(pub &'a Outcome, pub Duration);

impl fmt::Display for Ended<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let took = Moment(self.1);
        f.write_str("< ")?;
        match self.0 {
            Outcome::Answer { status, transferred, sense, data } => {
                match status {
                    Status::Good => f.write_str("good")?,
                    Status::CheckCondition => f.write_str("check-condition")?,
                    Status::Busy => f.write_str("busy")?,
                    Status::ReservationConflict => f.write_str("reservation-conflict")?,
                    Status::TaskSetFull => f.write_str("task-set-full")?,
                    Status::Other(byte) => write!(f, "status {byte:02x}")?,
                }
                writeln!(f, " {transferred}  took {took}")?;
                if !sense.is_empty() {
                    writeln!(f, "  sense {}", Spaced(sense))?;
                }
                write!(f, "{data}")
            }
            Outcome::Gone => writeln!(f, "gone  took {took}"),
            Outcome::TimedOut { after } => writeln!(f, "timed-out {}  took {took}", Seconds(*after)),
            Outcome::Host { fault, code } => {
                let fault = match fault {
                    HostFault::Passing => "passing",
                    HostFault::Transfer => "transfer",
                    HostFault::Reset => "reset",
                };
                writeln!(f, "host {fault} {code:02x}  took {took}")
            }
            Outcome::NotPermitted => writeln!(f, "not-permitted  took {took}"),
            Outcome::TooLarge => writeln!(f, "too-large  took {took}"),
            Outcome::System { errno: Some(errno) } => writeln!(f, "system {errno}  took {took}"),
            Outcome::System { errno: None } => writeln!(f, "system  took {took}"),
        }
    }
}

impl fmt::Display for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Payload::Nothing => Ok(()),
            Payload::Bytes(bytes) => write!(f, "{}", Dump(bytes)),
            Payload::Digest { sha256, bytes } => {
                f.write_str("  data sha256 ")?;
                for byte in sha256 {
                    write!(f, "{byte:02x}")?;
                }
                writeln!(f, " {bytes}")
            }
        }
    }
}

impl fmt::Display for Stanza {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{}", self.request)?;
        match &self.outcome {
            Some((outcome, took)) => write!(f, "{}", Ended(outcome, *took)),
            None => Ok(()),
        }
    }
}

/// What a recorder wrote, without what people added.
impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.header)?;
        self.stanzas.iter().try_for_each(|stanza| write!(f, "{stanza}"))
    }
}

/// A moment or a span that was measured: always six digits behind the point, so that columns stand.
struct Moment(Duration);

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:06}", self.0.as_secs(), self.0.subsec_micros())
    }
}

/// A span that was chosen: as short as it can be told.
struct Seconds(Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.subsec_nanos() {
            0 => write!(f, "{}", self.0.as_secs()),
            nanos => {
                let fraction = format!("{nanos:09}");
                write!(f, "{}.{}", self.0.as_secs(), fraction.trim_end_matches('0'))
            }
        }
    }
}
