use super::*;
use crate::linux::tcmu::fake::{FakeKernel, FakeMemory, RING_OFFSET};
use crate::scsi::{Sense, SenseKey};
use proptest::prelude::*;

const READY: [u8; 6] = [0; 6];
const INQUIRY: [u8; 6] = [0x12, 0, 0, 0, 255, 0];
const READ: [u8; 10] = [0x28, 0, 0, 0, 0, 16, 0, 0, 2, 0];

fn opened(kernel: &FakeKernel) -> Ring<FakeMemory> {
    Ring::open(kernel.memory.clone()).unwrap()
}

#[test]
fn a_command_is_found_as_the_kernel_lays_it() {
    // The mailbox, and one entry of 128 bytes with an INQUIRY and two pieces, by the header of Linux 6.1.
    let memory = FakeMemory::new(16384);
    {
        let mut raw = memory.raw();
        raw[..16].copy_from_slice(&[2, 0, 0xF, 0, 128, 0, 0, 0, 0, 16, 0, 0, 128, 0, 0, 0]);
        raw[128..136].copy_from_slice(&[0x81, 0, 0, 0, 7, 0, 0, 0]);
        raw[136..160].copy_from_slice(&[2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 240, 0, 0, 0, 0, 0, 0, 0]);
        raw[176..192].copy_from_slice(&[0, 32, 0, 0, 0, 0, 0, 0, 200, 0, 0, 0, 0, 0, 0, 0]);
        raw[192..208].copy_from_slice(&[0, 48, 0, 0, 0, 0, 0, 0, 55, 0, 0, 0, 0, 0, 0, 0]);
        raw[240..246].copy_from_slice(&INQUIRY);
    }
    let mut ring = Ring::open(memory.clone()).unwrap();
    let request = ring.next_request().unwrap().unwrap();
    assert_eq!((request.cdb, request.data_length(), request.aborted), (Cdb::new(INQUIRY), 255, false));

    ring.answer(&request, &Completion::good(36), Delivery::Data(&[0xAA; 36])).unwrap();
    let raw = memory.raw();
    assert_eq!(raw[128..144], [0x81, 0, 0, 0, 7, 0, 0, 2, 0, 0, 0, 0, 36, 0, 0, 0]);
    assert_eq!(raw[64..68], [128, 0, 0, 0]);
    assert_eq!((&raw[8192..8228], raw[8228]), (&[0xAA; 36][..], 0));
    drop(raw);
    assert_eq!((ring.next_request().unwrap().is_none(), ring.take_moved(), ring.take_moved()), (true, true, false));
}

#[test]
fn data_lie_in_pieces_in_both_directions() {
    let mut kernel = FakeKernel::new(4096);
    let bytes: Vec<u8> = (0..=255).cycle().take(3000).collect();
    kernel.send(&READ, &[1000, 1, 1999], &bytes);
    kernel.send(&READ, &[100, 100], &[]);
    let mut ring = opened(&kernel);
    let request = ring.next_request().unwrap().unwrap();
    let mut taken = vec![0; request.data_length()];
    ring.fetch(&request, &mut taken).unwrap();
    assert_eq!(taken, bytes);
    ring.answer(&request, &Completion::good(3000), Delivery::Nothing).unwrap();
    let request = ring.next_request().unwrap().unwrap();
    ring.answer(&request, &Completion::good(150), Delivery::Data(&[7; 150])).unwrap();

    let answers = kernel.answers();
    let told: Vec<_> =
        answers.iter().map(|answer| (answer.id, answer.status, answer.flags, answer.read_length)).collect();
    assert_eq!(told, [(0, 0, 0, 0), (1, 0, HAS_READ_LENGTH, 150)]);
    assert_eq!(answers[0].data, bytes);
    assert_eq!((&answers[1].data[..150], &answers[1].data[150..]), (&[7; 150][..], &[0; 50][..]));
}

#[test]
fn a_refusal_has_its_sense_and_the_data_before_it() {
    let mut kernel = FakeKernel::new(4096);
    kernel.send(&READ, &[4096], &[]);
    let mut ring = opened(&kernel);
    let request = ring.next_request().unwrap().unwrap();
    let sense = Sense::new(SenseKey::MediumError, 0x11, 0x05).with_information(17);
    ring.answer(&request, &Completion::check_condition(&sense), Delivery::Data(&[1; 2048])).unwrap();
    let answers = kernel.answers();
    assert_eq!((answers[0].status, answers[0].read_length), (2, 2048));
    assert_eq!(Sense::parse(&answers[0].sense[..18]), Some(sense));
}

#[test]
fn no_data_at_all_are_zeros_as_a_length_of_0_means_everything() {
    let mut kernel = FakeKernel::new(4096);
    kernel.send(&INQUIRY, &[64, 64], &[0x5A; 128]);
    let mut ring = opened(&kernel);
    let request = ring.next_request().unwrap().unwrap();
    ring.answer(&request, &Completion::good(0), Delivery::Data(&[])).unwrap();
    assert_eq!(kernel.answers()[0].data, [0; 128]);
}

#[test]
fn cdbs_are_as_long_as_their_group_says() {
    let mut kernel = FakeKernel::new(8192);
    let lengths = [(0x1B, 6), (0x28, 10), (0x5A, 10), (0x7F, 16), (0x9E, 16), (0xA8, 12), (0xD8, 10), (0xFF, 10)];
    for (opcode, _) in lengths {
        let mut cdb = [0xEE; 16];
        cdb[0] = opcode;
        kernel.send(&cdb, &[], &[]);
    }
    let mut ring = opened(&kernel);
    for (opcode, length) in lengths {
        let request = ring.next_request().unwrap().unwrap();
        assert_eq!((request.cdb.opcode(), request.cdb.as_bytes().len()), (opcode, length));
        ring.answer(&request, &Completion::good(0), Delivery::Nothing).unwrap();
    }
}

#[test]
fn what_is_no_command_is_passed_over() {
    let mut kernel = FakeKernel::new(4096);
    kernel.lay(2, &[0; 24]);
    kernel.lay(5, &[]);
    kernel.send(&READY, &[], &[]);
    let mut ring = opened(&kernel);
    assert_eq!(ring.next_request().unwrap().unwrap().cdb, Cdb::new(READY));
    let flags = |at: usize| kernel.memory.raw()[RING_OFFSET as usize + at + 7];
    assert_eq!((flags(0), flags(32)), (0, UNKNOWN_KIND));
    assert!(ring.take_moved());
}

#[test]
fn who_aborts_a_waiting_command_is_heard_before_its_turn() {
    let mut kernel = FakeKernel::new(4096);
    let ids: Vec<u16> = (0..4).map(|_| kernel.send(&READY, &[], &[])).collect();
    kernel.abort(&[ids[1], ids[3]]);
    kernel.send(&READY, &[], &[]);
    let mut ring = opened(&kernel);
    let mut aborted = Vec::new();
    while let Some(request) = ring.next_request().unwrap() {
        aborted.push(request.aborted);
        ring.answer(&request, &Completion::good(0), Delivery::Nothing).unwrap();
    }
    assert_eq!(aborted, [false, true, false, true, false]);
}

#[test]
fn another_handler_goes_on_where_the_first_one_died() {
    let mut kernel = FakeKernel::new(4096);
    kernel.send(&READY, &[], &[]);
    kernel.send(&READ, &[2048], &[]);
    let mut ring = opened(&kernel);
    let request = ring.next_request().unwrap().unwrap();
    ring.answer(&request, &Completion::good(0), Delivery::Nothing).unwrap();
    // It had taken the second one, and did not come to answer it.
    ring.next_request().unwrap().unwrap();
    drop(ring);
    assert_eq!(opened(&kernel).next_request().unwrap().unwrap().cdb, Cdb::new(READ));
}

#[test]
fn a_ring_that_cannot_be_is_refused() {
    let refused = |spoil: fn(&FakeMemory)| {
        let kernel = FakeKernel::new(4096);
        spoil(&kernel.memory);
        Ring::open(kernel.memory).map(drop).unwrap_err()
    };
    assert_eq!(refused(|memory| memory.put_u16(0, 3)), RingError::Version(3));
    assert_eq!(refused(|memory| memory.put_u16(2, 1)), RingError::NoReadLength);
    let corrupt = |what, value| RingError::Corrupt { what, value, at: 0 };
    assert_eq!(refused(|memory| memory.put_u32(8, 0)), corrupt("the size of the ring", 0));
    assert_eq!(refused(|memory| memory.put_u32(8, u32::MAX - 7)), corrupt("the size of the ring", 0xFFFF_FFF8));
    assert_eq!(refused(|memory| memory.put_u32(64, 4096)), corrupt("the tail", 4096));
    assert_eq!(
        Ring::open(FakeMemory::new(1)).map(drop),
        Err(RingError::OutOfBounds(OutOfBounds { offset: 0, bytes: 2 }))
    );
}

#[test]
fn an_entry_that_cannot_be_is_refused() {
    let refused = |spoil: fn(&FakeMemory, usize)| {
        let mut kernel = FakeKernel::new(4096);
        kernel.send(&READ, &[2048], &[]);
        kernel.abort(&[9]);
        spoil(&kernel.memory, RING_OFFSET as usize);
        let mut ring = opened(&kernel);
        ring.next_request().map(drop).unwrap_err()
    };
    let corrupt = |what, value, at| RingError::Corrupt { what, value, at };
    assert_eq!(refused(|memory, at| memory.put_u32(at, 1)), corrupt("the length", 0, 0));
    assert_eq!(refused(|memory, at| memory.put_u32(at, 4097)), corrupt("the length", 4096, 0));
    assert_eq!(refused(|memory, at| memory.put_u32(at + 8, 6)), corrupt("the number of pieces", 6, 0));
    assert_eq!(
        refused(|memory, at| memory.put_u32(at + 8, u32::MAX)),
        corrupt("the number of pieces", u32::MAX.into(), 0)
    );
    assert_eq!(refused(|memory, at| memory.put_u64(at + 48, u64::MAX)), corrupt("the end of a piece", u64::MAX, 0));
    assert_eq!(
        refused(|memory, at| memory.put_u64(at + 56, 1 << 40)).to_string().split(" is ").next(),
        Some("the ring makes no sense: the end of a piece")
    );
    assert!(matches!(refused(|memory, at| memory.put_u64(at + 24, 1 << 40)), RingError::OutOfBounds(_)));
    assert_eq!(
        refused(|memory, at| memory.put_u32(at + 128 + 12, 99)),
        corrupt("the number of aborted commands", 99, 128)
    );
    assert_eq!(refused(|memory, _| memory.put_u32(12, 4096)), corrupt("the head", 4096, 0));
}

/// A command of a test: its data come in pieces of these lengths.
fn any_command() -> impl Strategy<Value = (Vec<usize>, u8)> {
    (prop::collection::vec(1_usize..300, 0..5), any::<u8>())
}

proptest! {
    #[test]
    fn every_command_is_answered_once_and_in_order_however_often_the_ring_wraps(
        commands in prop::collection::vec(any_command(), 1..60),
        batch in 1_usize..4,
    ) {
        let mut kernel = FakeKernel::new(1024);
        let mut ring = opened(&kernel);
        let mut answered = Vec::new();
        for batch in commands.chunks(batch) {
            for (pieces, number) in batch {
                kernel.send(&[0x28, *number, 0, 0, 0, 0, 0, 0, 0, 0], pieces, &[]);
            }
            while let Some(request) = ring.next_request().unwrap() {
                let data = vec![request.cdb.as_bytes()[1]; request.data_length()];
                ring.answer(&request, &Completion::good(data.len()), Delivery::Data(&data)).unwrap();
            }
            answered.extend(kernel.answers());
        }
        let ids: Vec<usize> = answered.iter().map(|answer| answer.id.into()).collect();
        prop_assert_eq!(ids, (0..commands.len()).collect::<Vec<_>>());
        for (answer, (pieces, number)) in answered.iter().zip(&commands) {
            let bytes: usize = pieces.iter().sum();
            prop_assert_eq!(&answer.data, &vec![*number; bytes]);
        }
    }

    #[test]
    fn any_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 256..1024), head in any::<u16>()) {
        let memory = FakeMemory::new(2048);
        memory.raw()[..bytes.len()].copy_from_slice(&bytes);
        memory.raw()[..12].copy_from_slice(&[2, 0, 2, 0, 128, 0, 0, 0, 0, 4, 0, 0]);
        memory.put_u32(12, (u32::from(head) % 1024) & !7);
        memory.put_u32(64, 0);
        let mut ring = Ring::open(memory).unwrap();
        for _ in 0..300 {
            let Ok(Some(request)) = ring.next_request() else { break };
            let _ = ring.answer(&request, &Completion::good(0), Delivery::Data(&[1, 2, 3]));
        }
    }
}
