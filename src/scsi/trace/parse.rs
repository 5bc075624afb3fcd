//! This module knows how a trace is read, and what is wrong with one that cannot be.

use std::ops::RangeInclusive;
use std::time::Duration;

use super::hex::{self, DumpLine};
use super::{
    Direction, Header, Outcome, Payload, Request, SectorData, Serial, Stanza, Trace, TraceOptions, carries_sectors,
};
use crate::scsi::{Cdb, HostFault, Status};

/// A trace that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the trace: {what}")]
pub struct TraceError {
    /// Counted from 1.
    pub line: usize,
    pub what: &'static str,
}

/// The lines that are not for people alone.
struct Lines<'a> {
    all: std::iter::Enumerate<std::str::Lines<'a>>,
    /// The line that comes next, with its number.
    next: Option<(usize, &'a str)>,
    last: usize,
    /// Zeros that may still be made of a few letters: a trace holds control answers and some sectors.
    zeros: usize,
}

const MOST_ZEROS: usize = 256 << 20;

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        let mut lines = Self { all: text.lines().enumerate(), next: None, last: 1, zeros: MOST_ZEROS };
        lines.advance();
        lines
    }

    fn advance(&mut self) -> Option<(usize, &'a str)> {
        let before = self.next;
        self.next = self
            .all
            .by_ref()
            .map(|(index, line)| (index.saturating_add(1), line.trim_end()))
            .find(|(_, line)| !line.is_empty() && !line.trim_start().starts_with('#'));
        self.last = before.map_or(self.last, |(number, _)| number);
        before
    }

    /// The rest of the next line, if that begins with `mark`.
    fn after(&mut self, mark: &str) -> Option<(usize, &'a str)> {
        let (number, line) = self.next?;
        let rest = line.strip_prefix(mark)?;
        self.advance();
        Some((number, rest))
    }

    /// The rest of the next line, which must begin with `mark`.
    fn expect(&mut self, mark: &str, what: &'static str) -> Result<(usize, &'a str), TraceError> {
        let line = self.next.map_or(self.last, |(number, _)| number);
        self.after(mark).ok_or(TraceError { line, what })
    }
}

pub(super) fn trace(text: &str) -> Result<Trace, TraceError> {
    let mut lines = Lines::new(text);
    let header = header(&mut lines)?;
    let mut stanzas: Vec<Stanza> = Vec::new();
    while lines.next.is_some() {
        let line = lines.next.map_or(0, |(number, _)| number);
        if stanzas.last().is_some_and(|stanza| stanza.outcome.is_none()) {
            return Err(TraceError { line, what: "only the last command may lack its answer" });
        }
        stanzas.push(stanza(&mut lines)?);
    }
    Ok(Trace { header, stanzas })
}

fn header(lines: &mut Lines<'_>) -> Result<Header, TraceError> {
    let (line, version) = lines.expect("discwright-trace ", "it does not begin with `discwright-trace 1`")?;
    if version != "1" {
        return Err(TraceError { line, what: "it was written by a later version" });
    }
    let (line, text) = lines.expect("max-transfer ", "`max-transfer BYTES` must stand here")?;
    let max_transfer = text.parse().map_err(|_| TraceError { line, what: "no number of bytes" })?;
    let (line, text) = lines.expect("shortest-timeout ", "`shortest-timeout SECONDS` must stand here")?;
    let shortest_timeout = seconds(text).ok_or(TraceError { line, what: "no number of seconds" })?;
    let (line, text) = lines.expect("serial ", "`serial masked` or `serial plain` must stand here")?;
    let serial = match text {
        "masked" => Serial::Masked,
        "plain" => Serial::Plain,
        _ => return Err(TraceError { line, what: "neither `masked` nor `plain`" }),
    };
    let (line, text) = lines.expect("sector-data ", "`sector-data digest` or `sector-data whole` must stand here")?;
    let data = match text {
        "digest" => SectorData::Digest,
        "whole" => SectorData::Whole,
        _ => return Err(TraceError { line, what: "neither `digest` nor `whole`" }),
    };
    Ok(Header { max_transfer, shortest_timeout, options: TraceOptions { data, serial } })
}

fn stanza(lines: &mut Lines<'_>) -> Result<Stanza, TraceError> {
    let (line, text) =
        lines.expect("> ", "a command must stand here: `> CDB  in BYTES  timeout SECONDS  at SECONDS`")?;
    let mut request = request(text).ok_or(TraceError {
        line,
        what: "not a command: `> CDB  in BYTES|out BYTES|none  timeout SECONDS  at SECONDS`",
    })?;
    request.sent = payload(lines)?;
    let length = match request.direction {
        Direction::Out(bytes) => bytes,
        Direction::None | Direction::In(_) => 0,
    };
    check_length(line, &request.sent, length..=length)?;
    let Some((line_of_answer, text)) = lines.after("< ") else {
        return Ok(Stanza { line, request, outcome: None });
    };
    let not_an_answer = TraceError { line: line_of_answer, what: "not an answer: `< STATUS BYTES  took SECONDS`" };
    let (mut outcome, took) = outcome(text).ok_or(not_an_answer)?;
    if let Outcome::Answer { transferred, sense, data, .. } = &mut outcome {
        if let Some((line, text)) = lines.after("  sense ") {
            *sense = hex::spaced(text).ok_or(TraceError { line, what: "the sense is not in hexadecimal" })?;
        }
        *data = payload(lines)?;
        let (told, most) = match request.direction {
            Direction::In(bytes) => (bytes.min(*transferred), bytes),
            Direction::None | Direction::Out(_) => (0, 0),
        };
        let most = if carries_sectors(&request.cdb) { told } else { most };
        check_length(line_of_answer, data, told..=most)?;
    }
    Ok(Stanza { line, request, outcome: Some((outcome, took)) })
}

fn check_length(line: usize, payload: &Payload, right: RangeInclusive<usize>) -> Result<(), TraceError> {
    let length = match payload {
        Payload::Nothing => return Ok(()),
        Payload::Bytes(bytes) => bytes.len(),
        Payload::Digest { bytes, .. } => *bytes,
    };
    if right.contains(&length) { Ok(()) } else { Err(TraceError { line, what: "its data is of another length" }) }
}

fn request(text: &str) -> Option<Request> {
    let mut words = text.split_whitespace().peekable();
    let mut cdb = Vec::new();
    while let Some(byte) = words.peek().and_then(|word| hex::byte(word)) {
        cdb.push(byte);
        words.next();
    }
    let cdb = Cdb::from_slice(&cdb)?;
    let direction = match words.next()? {
        "none" => Direction::None,
        "in" => Direction::In(words.next()?.parse().ok()?),
        "out" => Direction::Out(words.next()?.parse().ok()?),
        _ => return None,
    };
    let timeout = words.next().filter(|word| *word == "timeout").and_then(|_| seconds(words.next()?))?;
    let at = words.next().filter(|word| *word == "at").and_then(|_| seconds(words.next()?))?;
    words.next().is_none().then_some(Request { cdb, direction, timeout, at, sent: Payload::Nothing })
}

fn outcome(text: &str) -> Option<(Outcome, Duration)> {
    let (what, took) = text.rsplit_once("took ")?;
    let took = seconds(took)?;
    let words: Vec<&str> = what.split_whitespace().collect();
    let answer = |status, transferred: &str| {
        let transferred = transferred.parse().ok()?;
        Some(Outcome::Answer { status, transferred, sense: Vec::new(), data: Payload::Nothing })
    };
    let outcome = match *words.as_slice() {
        ["good", transferred] => answer(Status::Good, transferred)?,
        ["check-condition", transferred] => answer(Status::CheckCondition, transferred)?,
        ["busy", transferred] => answer(Status::Busy, transferred)?,
        ["reservation-conflict", transferred] => answer(Status::ReservationConflict, transferred)?,
        ["task-set-full", transferred] => answer(Status::TaskSetFull, transferred)?,
        ["status", byte, transferred] => answer(Status::from(hex::byte(byte)?), transferred)?,
        ["gone"] => Outcome::Gone,
        ["timed-out", after] => Outcome::TimedOut { after: seconds(after)? },
        ["host", fault, code] => {
            let fault = match fault {
                "passing" => HostFault::Passing,
                "transfer" => HostFault::Transfer,
                "reset" => HostFault::Reset,
                _ => return None,
            };
            Outcome::Host { fault, code: u16::from_str_radix(code, 16).ok()? }
        }
        ["not-permitted"] => Outcome::NotPermitted,
        ["too-large"] => Outcome::TooLarge,
        ["system"] => Outcome::System { errno: None },
        ["system", errno] => Outcome::System { errno: Some(errno.parse().ok()?) },
        _ => return None,
    };
    Some((outcome, took))
}

/// A digest, or the lines of a dump, or nothing.
fn payload(lines: &mut Lines<'_>) -> Result<Payload, TraceError> {
    if let Some((line, text)) = lines.after("  data sha256 ") {
        return digest(text).ok_or(TraceError { line, what: "not a digest: `data sha256 HEX BYTES`" });
    }
    let mut bytes = Vec::new();
    while let Some((line, text)) = lines.after("  ") {
        let (offset, more) = hex::dump_line(text).ok_or(TraceError { line, what: "not a line of a dump" })?;
        if offset != bytes.len() {
            return Err(TraceError { line, what: "the lines before this one are not whole" });
        }
        match more {
            DumpLine::Bytes(more) => bytes.extend(more),
            DumpLine::Zeros(end) => {
                let count = end.saturating_sub(offset);
                lines.zeros = lines.zeros.checked_sub(count).ok_or(TraceError { line, what: "too many zeros" })?;
                bytes.resize(offset.saturating_add(count), 0);
            }
        }
    }
    Ok(if bytes.is_empty() { Payload::Nothing } else { Payload::Bytes(bytes) })
}

fn digest(text: &str) -> Option<Payload> {
    let (digits, bytes) = text.split_once(' ')?;
    let mut sha256 = [0; 32];
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    if pairs.len() != sha256.len() || !rest.is_empty() {
        return None;
    }
    for (to, pair) in sha256.iter_mut().zip(pairs) {
        *to = hex::byte(std::str::from_utf8(pair).ok()?)?;
    }
    Some(Payload::Digest { sha256, bytes: bytes.parse().ok()? })
}

/// Seconds with up to nine digits behind the point.
fn seconds(text: &str) -> Option<Duration> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || fraction.len() > 9 {
        return None;
    }
    Some(Duration::new(whole.parse().ok()?, format!("{fraction:0<9}").parse().ok()?))
}
