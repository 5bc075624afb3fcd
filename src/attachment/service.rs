//! This module knows how a drive is served to the kernel: command after command, in the order in which they come.

use std::io;
use std::time::Duration;

use crate::linux::tcmu::{Delivery, Doorbell, Request, Ring, RingError, SharedMemory};
use crate::mmc::{DataDirection, data_direction};
use crate::scsi::{Completion, Data, Sense, SenseKey, Status, Transport, TransportError};

/// SAM-5 5.3.1; who sent the command is not told, as he no longer waits.
const TASK_ABORTED: Status = Status::Other(0x40);

/// What the kernel is told where the drive said nothing.
const UNIT_FAILURE: Sense = Sense::new(SenseKey::HardwareError, 0x3E, 0x01);
const UNIT_TIMED_OUT: Sense = Sense::new(SenseKey::HardwareError, 0x3E, 0x02);
const COMMUNICATION_FAILURE: Sense = Sense::new(SenseKey::HardwareError, 0x08, 0x00);
const BAD_FIELD: Sense = Sense::new(SenseKey::IllegalRequest, 0x24, 0x00);

#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error(transparent)]
    Ring(#[from] RingError),
    #[error("the kernel's device for commands failed")]
    Doorbell(#[source] io::Error),
}

/// Whether the drive is still at its end of the cable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wires {
    Plugged,
    Pulled,
}

/// A drive, and the ring by which the kernel asks it.
pub struct Service<'a, M, B> {
    ring: Ring<M>,
    bell: B,
    transport: &'a mut dyn Transport,
    /// How long the kernel waits for an answer.
    time_out: Duration,
    /// For the data of one command; as large as the largest one had.
    buffer: Vec<u8>,
    wires: Wires,
}

impl<'a, M: SharedMemory, B: Doorbell> Service<'a, M, B> {
    pub fn new(ring: Ring<M>, bell: B, transport: &'a mut dyn Transport, time_out: Duration) -> Self {
        Self { ring, bell, transport, time_out, buffer: Vec::new(), wires: Wires::Plugged }
    }

    pub fn wires(&self) -> Wires {
        self.wires
    }

    /// Answers commands for as long as `wanted` says so, which is asked between any two of them, and every `pause`
    /// where there are none.
    ///
    /// # Errors
    /// Where the kernel writes what cannot be, or can no longer be told.
    pub fn serve(&mut self, pause: Duration, wanted: &dyn Fn(Wires) -> bool) -> Result<(), ServeError> {
        while wanted(self.wires) {
            let request = self.ring.next_request()?;
            let idle = request.is_none();
            if let Some(request) = request {
                self.carry_out(&request)?;
            }
            if self.ring.take_moved() {
                self.bell.ring().map_err(ServeError::Doorbell)?;
            }
            if idle {
                self.bell.wait(pause).map_err(ServeError::Doorbell)?;
            }
        }
        Ok(())
    }

    fn carry_out(&mut self, request: &Request) -> Result<(), RingError> {
        if request.aborted {
            let aborted = Completion { status: TASK_ABORTED, ..Completion::good(0) };
            return self.ring.answer(request, &aborted, Delivery::Nothing);
        }
        let bytes = request.data_length();
        if self.buffer.len() < bytes {
            self.buffer.resize(bytes, 0);
        }
        let buffer = self.buffer.get_mut(..bytes).unwrap_or_default();
        let direction = data_direction(&request.cdb);
        let data = match direction {
            _ if bytes == 0 => Data::None,
            DataDirection::FromDrive => Data::In(buffer),
            DataDirection::ToDrive => {
                self.ring.fetch(request, buffer)?;
                Data::Out(buffer)
            }
        };
        let completion = match self.transport.execute(&request.cdb, data, self.time_out) {
            Ok(completion) => completion,
            Err(error) => {
                if matches!(error, TransportError::Gone) {
                    self.wires = Wires::Pulled;
                }
                Completion::check_condition(&sense_of(&error))
            }
        };
        let delivery = match direction {
            DataDirection::FromDrive if bytes > 0 => {
                Delivery::Data(self.buffer.get(..completion.transferred.min(bytes)).unwrap_or_default())
            }
            DataDirection::FromDrive | DataDirection::ToDrive => Delivery::Nothing,
        };
        self.ring.answer(request, &completion, delivery)
    }
}

fn sense_of(error: &TransportError) -> Sense {
    match error {
        TransportError::Gone => UNIT_FAILURE,
        TransportError::TimedOut { .. } => UNIT_TIMED_OUT,
        TransportError::TooLarge { .. } => BAD_FIELD,
        TransportError::Host { .. }
        | TransportError::NotPermitted { .. }
        | TransportError::Diverged(_)
        | TransportError::System(_) => COMMUNICATION_FAILURE,
    }
}

#[cfg(test)]
mod tests;
