use super::*;
use crate::linux::tcmu::fake::{Answered, FakeBell, FakeKernel};
use crate::scsi::Cdb;
use std::cell::Cell;

/// Writes down what it is asked, and answers as the test says.
struct Scripted<F> {
    heard: Vec<(u8, Option<Vec<u8>>)>,
    answer: F,
}

impl<F: FnMut(u8, &mut [u8]) -> Result<Completion, TransportError> + Send> Transport for Scripted<F> {
    fn execute(&mut self, cdb: &Cdb, data: Data<'_>, _timeout: Duration) -> Result<Completion, TransportError> {
        let (sent, buffer): (_, &mut [u8]) = match data {
            Data::None => (None, &mut []),
            Data::In(buffer) => (None, buffer),
            Data::Out(bytes) => (Some(bytes.to_vec()), &mut []),
        };
        self.heard.push((cdb.opcode(), sent));
        (self.answer)(cdb.opcode(), buffer)
    }

    fn max_transfer(&self) -> usize {
        1 << 20
    }
}

fn filled(_opcode: u8, buffer: &mut [u8]) -> Result<Completion, TransportError> {
    buffer.fill(0xAB);
    Ok(Completion::good(buffer.len()))
}

type Heard = Vec<(u8, Option<Vec<u8>>)>;

/// Serves what the kernel has laid, until nothing is left.
fn served(
    kernel: &mut FakeKernel,
    answer: impl FnMut(u8, &mut [u8]) -> Result<Completion, TransportError> + Send,
) -> (Vec<Answered>, Heard, Wires, usize) {
    let mut drive = Scripted { heard: Vec::new(), answer };
    let (idle, rung) = (Cell::new(false), Cell::new(0));
    let bell = FakeBell {
        rung: 0,
        on_wait: |times| {
            idle.set(true);
            rung.set(times);
        },
    };
    let ring = Ring::open(kernel.memory.clone()).unwrap();
    let mut service = Service::new(ring, bell, &mut drive, Duration::from_secs(60));
    service.serve(Duration::ZERO, &|_| !idle.get()).unwrap();
    let wires = service.wires();
    (kernel.answers(), drive.heard, wires, rung.get())
}

#[test]
fn commands_are_answered_in_order_and_the_kernel_hears_of_each() {
    let mut kernel = FakeKernel::new(4096);
    kernel.send(&[0; 6], &[], &[]);
    kernel.send(&[0x28, 0, 0, 0, 0, 0, 0, 0, 1, 0], &[2048], &[]);
    kernel.send(&[0x55, 0x10, 0, 0, 0, 0, 0, 0, 20, 0], &[12, 8], &[3; 20]);
    let (answers, heard, wires, rung) = served(&mut kernel, filled);
    assert_eq!(heard, [(0x00, None), (0x28, None), (0x55, Some(vec![3; 20]))]);
    let lengths: Vec<_> = answers.iter().map(|answer| (answer.id, answer.status, answer.read_length)).collect();
    assert_eq!(lengths, [(0, 0, 0), (1, 0, 2048), (2, 0, 0)]);
    assert_eq!((&answers[1].data, wires, rung), (&vec![0xAB; 2048], Wires::Plugged, 3));
}

#[test]
fn a_short_answer_is_told_as_short_and_no_old_data_go_along() {
    let mut kernel = FakeKernel::new(4096);
    kernel.send(&[0x28, 0, 0, 0, 0, 0, 0, 0, 1, 0], &[2048], &[]);
    kernel.send(&[0x12, 0, 0, 0, 255, 0], &[255], &[]);
    let (answers, ..) = served(&mut kernel, |opcode, buffer| {
        buffer.fill(opcode);
        Ok(Completion::good(if opcode == 0x12 { 36 } else { buffer.len() }))
    });
    assert_eq!(answers[1].read_length, 36);
    assert_eq!((&answers[1].data[..36], &answers[1].data[36..]), (&[0x12; 36][..], &[0; 219][..]));
}

#[test]
fn an_aborted_command_never_reaches_the_drive() {
    let mut kernel = FakeKernel::new(4096);
    kernel.send(&[0; 6], &[], &[]);
    let unwanted = kernel.send(&[0x2A, 0, 0, 0, 0, 0, 0, 0, 1, 0], &[2048], &[9; 2048]);
    kernel.abort(&[unwanted]);
    let (answers, heard, ..) = served(&mut kernel, filled);
    assert_eq!(heard, [(0x00, None)]);
    assert_eq!((answers[1].id, answers[1].status), (unwanted, 0x40));
}

#[test]
fn where_no_answer_comes_the_kernel_gets_one_all_the_same() {
    let told = |error: fn() -> TransportError| {
        let mut kernel = FakeKernel::new(4096);
        kernel.send(&[0x28, 0, 0, 0, 0, 0, 0, 0, 1, 0], &[2048], &[]);
        let (answers, _, wires, _) = served(&mut kernel, move |_, _| Err(error()));
        (answers[0].status, Sense::parse(&answers[0].sense[..18]).unwrap(), wires)
    };
    assert_eq!(told(|| TransportError::Gone), (2, UNIT_FAILURE, Wires::Pulled));
    let timed_out = || TransportError::TimedOut { after: Duration::from_secs(60) };
    assert_eq!(told(timed_out), (2, UNIT_TIMED_OUT, Wires::Plugged));
    assert_eq!(told(|| TransportError::TooLarge { bytes: 1 << 21 }), (2, BAD_FIELD, Wires::Plugged));
    assert_eq!(told(|| TransportError::Diverged(String::new())), (2, COMMUNICATION_FAILURE, Wires::Plugged));
}

#[test]
fn a_ring_that_makes_no_sense_ends_the_service() {
    let mut kernel = FakeKernel::new(4096);
    kernel.send(&[0; 6], &[], &[]);
    kernel.memory.put_u32(128, 1);
    let mut drive = Scripted { heard: Vec::new(), answer: filled };
    let bell = FakeBell { rung: 0, on_wait: |_| {} };
    let mut service =
        Service::new(Ring::open(kernel.memory.clone()).unwrap(), bell, &mut drive, Duration::from_secs(60));
    assert!(matches!(service.serve(Duration::ZERO, &|_| true), Err(ServeError::Ring(RingError::Corrupt { .. }))));
}
