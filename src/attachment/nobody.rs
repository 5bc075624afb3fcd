//! This module knows what stands where a drive was.

use std::time::Duration;

use crate::scsi::{Cdb, Completion, Data, Sense, SenseKey, Transport, TransportError};

/// Answers everything at once, and with an error: the unit has failed.
pub struct Nobody;

impl Transport for Nobody {
    fn execute(&mut self, _cdb: &Cdb, _data: Data<'_>, _timeout: Duration) -> Result<Completion, TransportError> {
        Ok(Completion::check_condition(&Sense::new(SenseKey::HardwareError, 0x3E, 0x01)))
    }

    fn max_transfer(&self) -> usize {
        0
    }
}
