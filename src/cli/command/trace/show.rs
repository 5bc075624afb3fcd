//! This module knows the command `trace show`.

use std::io::ErrorKind;
use std::time::Duration;

use serde::Serialize;

use super::ShowArgs;
use crate::cli::exit::Exit;
use crate::cli::failure::{Failure, Outcome, Report};
use crate::cli::json::rounded;
use crate::cli::quantity::counted;
use crate::cli::run::Session;
use crate::cli::voice::{Form, Loudness};
use crate::drive::Condition;
use crate::mmc::command::{Command, Read10, Read12, ReadCd};
use crate::mmc::command_name::describe;
use crate::scsi::trace::{Direction, Outcome as Ending, Payload, Stanza, Trace};
use crate::scsi::{Cdb, Sense, Status, sense_name};

/// One command of a trace as a line of JSON.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename = "command")]
struct CommandLine {
    at: f64,
    name: String,
    cdb: String,
    /// Bytes that the command may transfer.
    bytes: usize,
    answer: String,
    sense: Option<String>,
    seconds: Option<f64>,
}

const WRITTEN_BY: &str = "`discwright trace record` writes such files";

pub fn run(args: &ShowArgs, session: &Session) -> Outcome {
    let path = args.file.display();
    let text = std::fs::read_to_string(&args.file).map_err(|e| match e.kind() {
        ErrorKind::NotFound => Failure::new(Exit::Unavailable, format!("there is no {path}")),
        ErrorKind::InvalidData => {
            Failure::new(Exit::Usage, format!("{path} is no trace: it is not text")).hint(WRITTEN_BY)
        }
        _ => Failure::new(Exit::Failed, format!("cannot read {path}: {e}")),
    })?;
    let trace = Trace::parse(&text).map_err(|e| Failure::new(Exit::Usage, format!("{path}: {e}")).hint(WRITTEN_BY))?;
    for stanza in &trace.stanzas {
        match session.voice.form() {
            Form::Json => session.voice.json(&json(stanza)),
            Form::Text => session.voice.print(text_of(stanza, session.voice.loudness())),
        }
    }
    Ok(Report::ok(counted(trace.stanzas.len().try_into().unwrap_or(u64::MAX), "command")))
}

fn json(stanza: &Stanza) -> CommandLine {
    let bytes = match stanza.request.direction {
        Direction::None => 0,
        Direction::In(bytes) | Direction::Out(bytes) => bytes,
    };
    CommandLine {
        at: rounded(stanza.request.at.as_secs_f64(), 6),
        name: name(&stanza.request.cdb),
        cdb: stanza.request.cdb.to_string(),
        bytes,
        answer: answer(stanza),
        sense: sense_of(stanza).map(|sense| sense.to_string()),
        seconds: stanza.outcome.as_ref().map(|(_, took)| rounded(took.as_secs_f64(), 6)),
    }
}

fn text_of(stanza: &Stanza, loudness: Loudness) -> String {
    let took = stanza.outcome.as_ref().map(|(_, took)| format!("{:>9}", milliseconds(*took))).unwrap_or_default();
    let at = stanza.request.at.as_secs_f64();
    let mut lines = format!("{at:>10.3}  {took}  {:40}  {}", name(&stanza.request.cdb), answer(stanza));
    if loudness >= Loudness::Verbose {
        lines.push_str(&format!("\n{:25}{}", "", stanza.request.cdb));
        if let Some((Ending::Answer { data, .. }, _)) = &stanza.outcome {
            lines.push_str(&indented(data));
        }
    }
    lines
}

fn indented(data: &Payload) -> String {
    data.to_string().lines().map(|line| format!("\n{:23}{line}", "")).collect()
}

fn milliseconds(took: Duration) -> String {
    format!("{:.1} ms", took.as_secs_f64() * 1000.0)
}

/// What people call it, with the sectors that it is about.
fn name(cdb: &Cdb) -> String {
    let sectors = Read10::from_cdb(cdb)
        .map(|read| (read.start, u32::from(read.count)))
        .or_else(|| Read12::from_cdb(cdb).map(|read| (read.start, read.count.0)))
        .or_else(|| ReadCd::from_cdb(cdb).map(|read| (read.start, read.count)));
    let name = describe(cdb);
    match sectors {
        Some((start, count)) => format!("{name}  {} from {start}", counted(count.into(), "sector")),
        None => name,
    }
}

fn sense_of(stanza: &Stanza) -> Option<Sense> {
    match &stanza.outcome {
        Some((Ending::Answer { sense, .. }, _)) => Sense::parse(sense),
        Some(_) | None => None,
    }
}

fn answer(stanza: &Stanza) -> String {
    let Some((outcome, _)) = &stanza.outcome else { return "no answer: the record ends here".to_owned() };
    match outcome {
        Ending::Answer { status, transferred, .. } => match (status, sense_of(stanza)) {
            (Status::Good, None) if *transferred == 0 => "good".to_owned(),
            (Status::Good, None) => format!("good, {}", counted((*transferred).try_into().unwrap_or(u64::MAX), "byte")),
            (_, Some(sense)) => meaning(&sense),
            (Status::CheckCondition, None) => "refused, without a reason".to_owned(),
            (Status::Busy, None) => "busy".to_owned(),
            (Status::ReservationConflict, None) => "reserved by another host".to_owned(),
            (Status::TaskSetFull, None) => "busy: too many commands at once".to_owned(),
            (Status::Other(byte), None) => format!("status {byte:02x}h"),
        },
        Ending::Gone => "the drive is gone".to_owned(),
        Ending::TimedOut { after } => format!("no answer within {} s", after.as_secs()),
        Ending::Host { code, .. } => format!("the connection failed (host status {code:02x}h)"),
        Ending::NotPermitted => "not permitted".to_owned(),
        Ending::TooLarge => "too large for the connection".to_owned(),
        Ending::System { errno: Some(errno) } => {
            format!("the system failed: {}", std::io::Error::from_raw_os_error(*errno))
        }
        Ending::System { errno: None } => "the system failed".to_owned(),
    }
}

/// `03h/11h/05h: the drive's error correction gave up (L-EC UNCORRECTABLE ERROR), at 18462`.
fn meaning(sense: &Sense) -> String {
    let standard = sense_name(sense.asc, sense.ascq).map(|n| format!(" ({n})")).unwrap_or_default();
    let place = sense.information.map(|at| format!(", at {at}")).unwrap_or_default();
    format!("{sense}: {}{standard}{place}", Condition::of(sense))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "\
discwright-trace 1
max-transfer 131072
shortest-timeout 7
serial masked
sector-data digest

> 00 00 00 00 00 00  none  timeout 30  at 0.000017
< good 0  took 0.000412

> 28 00 00 00 00 10 00 00 10 00  in 32768  timeout 60  at 1.250000
< check-condition 0  took 2.401877
  sense f0 00 03 00 00 00 1e 0a 00 00 00 00 11 05 00 00 00 00
";

    #[test]
    fn a_record_reads_as_a_conversation() {
        let trace = Trace::parse(TRACE).unwrap();
        let lines: Vec<_> = trace.stanzas.iter().map(|s| text_of(s, Loudness::Normal)).collect();
        assert_eq!(
            lines,
            [
                "     0.000     0.4 ms  TEST UNIT READY                           good",
                "     1.250  2401.9 ms  READ (10)  16 sectors from 16             03h/11h/05h: the drive's error correction \
             gave up (L-EC UNCORRECTABLE ERROR), at 30",
            ]
        );
    }
}
