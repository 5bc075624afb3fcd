//! This module knows how the talk with a drive is written down or shown while it goes on.

use std::fs::{File, OpenOptions};
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::run::Session;
use crate::cli::voice::Loudness;
use crate::clock::Clock;
use crate::mmc::command_name;
use crate::scsi::Transport;
use crate::scsi::trace::TraceOptions;
use crate::scsi::wrap::{Recorder, Watcher};

/// Where a trace goes, and what goes into it.
#[derive(Debug, Clone, Copy)]
pub struct Tracing<'a> {
    pub path: &'a Path,
    pub existing: Existing,
    pub options: TraceOptions,
}

/// What becomes of a file that has the name of the trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    Refuse,
    Overwrite,
}

impl Tracing<'_> {
    fn open(&self) -> Result<File, Failure> {
        let mut how = OpenOptions::new();
        let how = match self.existing {
            Existing::Refuse => how.write(true).create_new(true),
            Existing::Overwrite => how.write(true).create(true).truncate(true),
        };
        how.open(self.path).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => Failure::new(Exit::Refused, format!("{} exists", self.path.display()))
                .hint("choose another name for the trace, or remove that file"),
            _ => Failure::new(Exit::Failed, format!("cannot write {}: {error}", self.path.display())),
        })
    }
}

/// `transport` with a recorder around it where `tracing` says so, and shown with `-vv`.
pub fn wrapped(
    transport: Box<dyn Transport>,
    clock: &Arc<dyn Clock>,
    tracing: Option<Tracing<'_>>,
    session: &Session,
) -> Result<Box<dyn Transport>, Failure> {
    let transport: Box<dyn Transport> = match tracing {
        Some(tracing) => {
            let file = Box::new(tracing.open()?);
            Box::new(Recorder::new(transport, Arc::clone(clock), file, tracing.options))
        }
        None => transport,
    };
    if session.voice.loudness() < Loudness::Chatty {
        return Ok(transport);
    }
    let voice = session.voice.clone();
    Ok(Box::new(Watcher::new(transport, Arc::clone(clock), Box::new(move |line| voice.tell(named(line))))))
}

/// The name of the command before its bytes.
fn named(line: &str) -> String {
    let opcode = line.split(' ').next().and_then(|byte| u8::from_str_radix(byte, 16).ok());
    format!("{:24}  {line}", opcode.and_then(command_name::name).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_told_with_its_name() {
        assert_eq!(
            named("12 00 00 00 60 00  in 96: good, 0.0 ms"),
            "INQUIRY                   12 00 00 00 60 00  in 96: good, 0.0 ms"
        );
    }
}
