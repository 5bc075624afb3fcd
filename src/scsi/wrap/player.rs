//! This module knows how to answer from a trace instead of a drive.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::Clock;
use crate::scsi::trace::{
    Direction, Outcome, Payload, Request, Stanza, Trace, TraceError, TraceOptions, place_of_sectors,
};
use crate::scsi::{Cdb, Completion, Data, Transport, TransportError};

/// Fills a buffer with an image's bytes from an offset on.
pub type ImageReader = Box<dyn FnMut(u64, &mut [u8]) -> io::Result<()> + Send>;

/// A drive that was recorded. It takes the commands of the trace in the trace's order and no others.
///
/// Sector data that the trace has as a digest comes from an image, and is checked.
pub struct Player {
    trace: Trace,
    next: usize,
    image: Option<ImageReader>,
    clock: Option<Arc<dyn Clock>>,
}

impl Player {
    pub fn open(text: &str, image: Option<ImageReader>) -> Result<Self, TraceError> {
        Ok(Self { trace: Trace::parse(text)?, next: 0, image, clock: None })
    }

    /// Takes as long for each command as the drive did.
    #[must_use]
    pub fn at_the_pace_of(self, clock: Arc<dyn Clock>) -> Self {
        Self { clock: Some(clock), ..self }
    }

    /// Commands that nobody has sent yet.
    pub fn left(&self) -> usize {
        self.trace.stanzas.len().saturating_sub(self.next)
    }

    fn next_for(&self, sent: &Request) -> Result<&Stanza, TransportError> {
        let Some(stanza) = self.trace.stanzas.get(self.next) else {
            return Err(diverged(format!("the trace ends, but the program goes on with\n  {}", line_of(sent))));
        };
        let Request { cdb, direction, sent: data, .. } = &stanza.request;
        if (cdb, direction, data) == (&sent.cdb, &sent.direction, &sent.sent) {
            return Ok(stanza);
        }
        Err(diverged(format!(
            "line {} of the trace has\n  {}\nbut the program goes on with\n  {}",
            stanza.line,
            line_of(&stanza.request),
            line_of(sent)
        )))
    }
}

/// Without its times, which may differ.
fn line_of(request: &Request) -> String {
    let what = match &request.sent {
        Payload::Nothing => String::new(),
        data => format!("\n{data}").trim_end().to_owned(),
    };
    format!("> {}  {}{what}", request.cdb, request.direction)
}

fn diverged(text: String) -> TransportError {
    TransportError::Diverged(text)
}

impl Transport for Player {
    fn execute(&mut self, cdb: &Cdb, data: Data<'_>, timeout: Duration) -> Result<Completion, TransportError> {
        let sent = match &data {
            Data::Out(bytes) => Payload::of(cdb, bytes, self.trace.header.options),
            Data::None | Data::In(_) => Payload::Nothing,
        };
        let request = Request { cdb: *cdb, direction: Direction::from(&data), timeout, at: Duration::ZERO, sent };
        let stanza = self.next_for(&request)?;
        let line = stanza.line;
        let Some((outcome, took)) = stanza.outcome.clone() else {
            return Err(diverged(format!("line {line} of the trace is a command that has no answer there")));
        };
        self.next = self.next.saturating_add(1);
        if let Some(clock) = &self.clock {
            clock.sleep(took);
        }
        match outcome {
            Outcome::Answer { status, transferred, sense, data: kept } => {
                if let Data::In(buffer) = data {
                    fill(buffer, &kept, &mut self.image, cdb, line)?;
                }
                Ok(Completion { status, sense, transferred })
            }
            Outcome::Gone => Err(TransportError::Gone),
            Outcome::TimedOut { after } => Err(TransportError::TimedOut { after }),
            Outcome::Host { fault, code } => Err(TransportError::Host { fault, code }),
            Outcome::NotPermitted => Err(TransportError::NotPermitted { opcode: cdb.opcode() }),
            Outcome::TooLarge => Err(TransportError::TooLarge { bytes: data.len() }),
            Outcome::System { errno } => Err(TransportError::System(
                errno.map_or_else(|| io::Error::other("as recorded"), io::Error::from_raw_os_error),
            )),
        }
    }

    fn max_transfer(&self) -> usize {
        self.trace.header.max_transfer
    }

    fn shortest_timeout(&self) -> Duration {
        self.trace.header.shortest_timeout
    }
}

fn fill(
    buffer: &mut [u8],
    kept: &Payload,
    image: &mut Option<ImageReader>,
    cdb: &Cdb,
    line: usize,
) -> Result<(), TransportError> {
    match kept {
        Payload::Nothing => Ok(()),
        Payload::Bytes(bytes) => {
            for (to, from) in buffer.iter_mut().zip(bytes) {
                *to = *from;
            }
            Ok(())
        }
        Payload::Digest { bytes, .. } => {
            let only_a_digest = || diverged(format!("line {line} of the trace has only a digest of the data"));
            let offset = place_of_sectors(cdb, *bytes).ok_or_else(only_a_digest)?;
            let image = image.as_mut().ok_or_else(|| {
                diverged(format!("line {line} of the trace has only a digest of the data, and there is no image"))
            })?;
            let part = buffer.get_mut(..*bytes).ok_or_else(only_a_digest)?;
            image(offset, part)?;
            if Payload::digest_of(part) == *kept {
                Ok(())
            } else {
                Err(diverged(format!(
                    "the image is not of the disc that was recorded: line {line} of the trace differs"
                )))
            }
        }
    }
}

/// The options that the trace was recorded with, for whoever records it again.
impl Player {
    pub fn options(&self) -> TraceOptions {
        self.trace.header.options
    }
}
