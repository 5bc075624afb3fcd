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
pub struct Tracing {
    pub file: File,
    pub options: TraceOptions,
}

/// Makes the file of a trace; one that exists is not overwritten.
pub fn new_trace_file(path: &Path) -> Result<File, Failure> {
    OpenOptions::new().write(true).create_new(true).open(path).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => Failure::new(Exit::Refused, format!("{} exists", path.display()))
            .hint("choose another name for the trace, or remove that file"),
        _ => Failure::new(Exit::Failed, format!("cannot write {}: {error}", path.display())),
    })
}

/// `transport` with a recorder around it where `tracing` says so, and shown with `-vv`.
pub fn wrapped(
    transport: Box<dyn Transport>,
    clock: &Arc<dyn Clock>,
    tracing: Option<Tracing>,
    session: &Session,
) -> Box<dyn Transport> {
    let transport: Box<dyn Transport> = match tracing {
        Some(Tracing { file, options }) => {
            Box::new(Recorder::new(transport, Arc::clone(clock), Box::new(file), options))
        }
        None => transport,
    };
    if session.voice.loudness() < Loudness::Chatty {
        return transport;
    }
    let voice = session.voice.clone();
    Box::new(Watcher::new(transport, Arc::clone(clock), Box::new(move |line| voice.tell(named(line)))))
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
