//! This module knows how to tell each command and its answer in one line, while they happen.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Clock;
use crate::scsi::trace::Direction;
use crate::scsi::{Cdb, Completion, Data, Status, Transport, TransportError};

/// What a watcher tells, a line without its end.
pub type Told = Box<dyn FnMut(&str) + Send>;

/// Tells every command and its answer, and changes nothing.
pub struct Watcher<T> {
    inner: T,
    clock: Arc<dyn Clock>,
    told: Told,
}

impl<T: Transport> Watcher<T> {
    pub fn new(inner: T, clock: Arc<dyn Clock>, told: Told) -> Self {
        Self { inner, clock, told }
    }
}

impl<T: Transport> Transport for Watcher<T> {
    fn execute(&mut self, cdb: &Cdb, data: Data<'_>, timeout: Duration) -> Result<Completion, TransportError> {
        let direction = Direction::from(&data);
        let sent_at = self.clock.now();
        let result = self.inner.execute(cdb, data, timeout);
        let took = self.clock.now().saturating_sub(sent_at);
        (self.told)(&line(cdb, direction, &result, took));
        result
    }

    fn max_transfer(&self) -> usize {
        self.inner.max_transfer()
    }

    fn shortest_timeout(&self) -> Duration {
        self.inner.shortest_timeout()
    }
}

fn line(cdb: &Cdb, direction: Direction, result: &Result<Completion, TransportError>, took: Duration) -> String {
    let answer = match result {
        Ok(completion) => answer(completion, direction),
        Err(error) => error.to_string(),
    };
    let ms = took.as_secs_f64() * 1000.0;
    format!("{cdb}  {direction}: {answer}, {ms:.1} ms")
}

fn answer(completion: &Completion, direction: Direction) -> String {
    let status = match (completion.status, completion.decoded_sense()) {
        (Status::Good, None) => "good".to_owned(),
        (Status::Good | Status::CheckCondition, Some(sense)) => match sense.information {
            Some(information) => format!("check condition {sense} at {information}"),
            None => format!("check condition {sense}"),
        },
        (Status::CheckCondition, None) => "check condition without a reason".to_owned(),
        (Status::Busy, _) => "busy".to_owned(),
        (Status::ReservationConflict, _) => "reserved by another host".to_owned(),
        (Status::TaskSetFull, _) => "queue full".to_owned(),
        (Status::Other(byte), _) => format!("status {byte:02x}h"),
    };
    let wanted = match direction {
        Direction::In(bytes) | Direction::Out(bytes) => bytes,
        Direction::None => 0,
    };
    if completion.transferred == wanted { status } else { format!("{status}, {} bytes", completion.transferred) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scsi::{Sense, SenseKey};

    #[test]
    fn a_line_has_the_command_the_answer_and_the_time() {
        let read = Cdb::new([0x28, 0, 0, 0, 0, 16, 0, 0, 32, 0]);
        let told = |result| line(&read, Direction::In(65536), &result, Duration::from_micros(12_340));
        assert_eq!(told(Ok(Completion::good(65536))), "28 00 00 00 00 10 00 00 20 00  in 65536: good, 12.3 ms");
        let sense = Sense::new(SenseKey::MediumError, 0x11, 5).with_information(30);
        assert_eq!(
            told(Ok(Completion::check_condition(&sense))),
            "28 00 00 00 00 10 00 00 20 00  in 65536: check condition 03h/11h/05h at 30, 0 bytes, 12.3 ms"
        );
        assert!(told(Err(TransportError::Gone)).ends_with("in 65536: the drive is gone, 12.3 ms"));
    }
}
