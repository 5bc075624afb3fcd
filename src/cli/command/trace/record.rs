//! This module knows the command `trace record`.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::RecordArgs;
use super::questions::questions;
use crate::cli::examination::examine;
use crate::cli::exit::Exit;
use crate::cli::failure::{Failure, Outcome, Report};
use crate::cli::quantity::counted;
use crate::cli::run::Session;
use crate::cli::target::{Existing, How, Tracing, open_tracing};
use crate::event::About;
use crate::scsi::trace::{SectorData, Serial, TraceOptions};
use crate::scsi::{Cdb, Completion, Data, Transport, TransportError};

/// What most questions are answered within; some drives read the disc first.
const PATIENCE: Duration = Duration::from_secs(30);

/// A transport that the drive and we both talk through.
#[derive(Clone)]
struct Shared(Arc<Mutex<Box<dyn Transport>>>);

impl Shared {
    fn with<R>(&self, talk: impl FnOnce(&mut dyn Transport) -> R) -> R {
        talk(&mut **self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Transport for Shared {
    fn execute(&mut self, cdb: &Cdb, data: Data<'_>, timeout: Duration) -> Result<Completion, TransportError> {
        self.with(|inner| inner.execute(cdb, data, timeout))
    }

    fn max_transfer(&self) -> usize {
        self.with(|inner| inner.max_transfer())
    }

    fn shortest_timeout(&self) -> Duration {
        self.with(|inner| inner.shortest_timeout())
    }
}

pub fn run(args: &RecordArgs, session: &Session) -> Outcome {
    let existing = if args.yes { Existing::Overwrite } else { Existing::Refuse };
    let options = TraceOptions {
        data: if args.whole { SectorData::Whole } else { SectorData::Digest },
        serial: if args.serial { Serial::Plain } else { Serial::Masked },
    };
    let mut shared = None;
    let share = |transport| {
        let ours = Shared(Arc::new(Mutex::new(transport)));
        shared = Some(ours.clone());
        Box::new(ours) as Box<dyn Transport>
    };
    let mut opened =
        open_tracing(&args.drive, How::looking(None), Tracing { path: &args.file, existing, options }, share, session)?;
    for (about, text) in &opened.notices {
        session.notice(*about, text);
    }
    // As `info` does it, so that `info trace:FILE` finds what it asks for.
    let (medium, trouble) = match examine(&mut opened, session) {
        Ok(found) => (found.medium, found.trouble),
        Err(failure) => (None, Some(failure)),
    };
    // The record is of use all the more.
    if let Some(failure) = trouble {
        session.notice(About::Drive, &failure.message);
    }
    let mut asked = 0_u64;
    for question in questions(medium.as_ref()) {
        let mut answer = vec![0; question.bytes.into()];
        let Some(transport) = &mut shared else { break };
        match transport.execute(&question.cdb, Data::In(&mut answer), PATIENCE) {
            Err(error @ (TransportError::Gone | TransportError::System(_))) => {
                return Err(Failure::new(Exit::Failed, format!("{}: {error}", opened.name)));
            }
            // A refusal is an answer, and what it costs to find out is in the record.
            Ok(_) | Err(_) => asked = asked.saturating_add(1),
        }
    }
    let message = format!("{} and what `info` asks: recorded in {}", counted(asked, "question"), args.file.display());
    session.voice.tell(&message);
    let mut report = Report::ok(message);
    report.facts.output = Some(args.file.display().to_string());
    Ok(report)
}
