//! This module knows how to keep a trace of everything that goes to a drive.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use crate::clock::Clock;
use crate::scsi::trace::{Direction, Ended, Header, Outcome, Payload, Request, TraceOptions};
use crate::scsi::{Cdb, Completion, Data, Transport, TransportError};

/// Writes down every command with its answer and its times, and changes nothing.
///
/// A command is written before it is sent, and each half at once: after a crash the file tells which one never ended.
/// Where the trace cannot be written, the next command fails before it is sent, so that no answer is lost.
pub struct Recorder<T> {
    inner: T,
    clock: Arc<dyn Clock>,
    start: Duration,
    to: Box<dyn Write + Send>,
    options: TraceOptions,
    failed: Option<io::Error>,
}

impl<T: Transport> Recorder<T> {
    /// Times count from here on.
    pub fn new(inner: T, clock: Arc<dyn Clock>, mut to: Box<dyn Write + Send>, options: TraceOptions) -> Self {
        let header = Header { max_transfer: inner.max_transfer(), shortest_timeout: inner.shortest_timeout(), options };
        let failed = put(&mut to, &header).err();
        Self { inner, start: clock.now(), clock, to, options, failed }
    }

    fn since_start(&self) -> Duration {
        self.clock.now().saturating_sub(self.start)
    }
}

fn put(to: &mut Box<dyn Write + Send>, text: &dyn std::fmt::Display) -> io::Result<()> {
    // One write, so that a crash cuts between halves and not in them. Without the system's number, since that would
    // be taken for the drive's trouble.
    let written = to.write_all(text.to_string().as_bytes()).and_then(|()| to.flush());
    written.map_err(|error| io::Error::new(error.kind(), format!("the trace cannot be written: {error}")))
}

/// A blank line before, so that commands stand apart.
struct Apart<'a>(&'a Request);

impl std::fmt::Display for Apart<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "\n{}", self.0)
    }
}

impl<T: Transport> Transport for Recorder<T> {
    fn execute(&mut self, cdb: &Cdb, data: Data<'_>, timeout: Duration) -> Result<Completion, TransportError> {
        if let Some(error) = self.failed.take() {
            return Err(TransportError::System(error));
        }
        let sent = match &data {
            Data::Out(bytes) => Payload::of(cdb, bytes, self.options),
            Data::None | Data::In(_) => Payload::Nothing,
        };
        let at = self.since_start();
        let request = Request { cdb: *cdb, direction: Direction::from(&data), timeout, at, sent };
        put(&mut self.to, &Apart(&request))?;

        let (result, received) = match data {
            Data::In(buffer) => (self.inner.execute(cdb, Data::In(&mut *buffer), timeout), &*buffer),
            other => (self.inner.execute(cdb, other, timeout), [].as_slice()),
        };
        let took = self.since_start().saturating_sub(at);
        if let Some(outcome) = Outcome::of(&request, &result, received, self.options) {
            self.failed = put(&mut self.to, &Ended(&outcome, took)).err();
        }
        result
    }

    fn max_transfer(&self) -> usize {
        self.inner.max_transfer()
    }

    fn shortest_timeout(&self) -> Duration {
        self.inner.shortest_timeout()
    }
}
