//! This module knows how to be the kernel at the other end of a ring, for tests.
#![expect(clippy::cast_possible_truncation, reason = "the ring of a test is small")]

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use super::memory::place;
use super::{Doorbell, OutOfBounds, SharedMemory};

pub const RING_OFFSET: u32 = 128;
/// Where data lie in the memory of a [`FakeKernel`], behind the ring.
const DATA_PAGES: usize = 64;
const PAGE: usize = 4096;

/// A memory that both sides have.
#[derive(Clone)]
pub struct FakeMemory(Arc<Mutex<Vec<u8>>>);

impl FakeMemory {
    pub fn new(bytes: usize) -> Self {
        Self(Arc::new(Mutex::new(vec![0; bytes])))
    }

    pub fn raw(&self) -> MutexGuard<'_, Vec<u8>> {
        self.0.lock().unwrap()
    }

    pub fn put_u16(&self, at: usize, value: u16) {
        self.raw()[at..at + 2].copy_from_slice(&value.to_ne_bytes());
    }

    pub fn put_u32(&self, at: usize, value: u32) {
        self.raw()[at..at + 4].copy_from_slice(&value.to_ne_bytes());
    }

    pub fn put_u64(&self, at: usize, value: u64) {
        self.raw()[at..at + 8].copy_from_slice(&value.to_ne_bytes());
    }
}

impl SharedMemory for FakeMemory {
    fn bytes(&self) -> usize {
        self.raw().len()
    }

    fn read(&self, offset: u64, into: &mut [u8]) -> Result<(), OutOfBounds> {
        let memory = self.raw();
        let at = place(memory.len(), offset, into.len())?;
        into.copy_from_slice(&memory[at..at + into.len()]);
        Ok(())
    }

    fn write(&mut self, offset: u64, from: &[u8]) -> Result<(), OutOfBounds> {
        let mut memory = self.raw();
        let at = place(memory.len(), offset, from.len())?;
        memory[at..at + from.len()].copy_from_slice(from);
        Ok(())
    }

    fn load(&self, offset: u64) -> Result<u32, OutOfBounds> {
        self.u32(offset)
    }

    fn store(&mut self, offset: u64, value: u32) -> Result<(), OutOfBounds> {
        self.write(offset, &value.to_ne_bytes())
    }
}

/// What the kernel found where it had laid a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    pub id: u16,
    pub status: u8,
    pub flags: u8,
    pub read_length: u32,
    pub sense: Vec<u8>,
    /// What lies in the pieces now.
    pub data: Vec<u8>,
}

struct Sent {
    id: u16,
    at: usize,
    length: usize,
    pieces: Vec<(usize, usize)>,
}

/// A kernel that lays commands into a ring, and takes answers out of it.
pub struct FakeKernel {
    pub memory: FakeMemory,
    ring_size: usize,
    head: usize,
    cleaned: usize,
    next_id: u16,
    sent: VecDeque<Sent>,
}

impl FakeKernel {
    pub fn new(ring_size: usize) -> Self {
        let memory = FakeMemory::new(RING_OFFSET as usize + ring_size + DATA_PAGES * PAGE);
        memory.put_u16(0, 2);
        memory.put_u16(2, 0xF);
        memory.put_u32(4, RING_OFFSET);
        memory.put_u32(8, ring_size as u32);
        Self { memory, ring_size, head: 0, cleaned: 0, next_id: 0, sent: VecDeque::new() }
    }

    /// Lays a command with pieces of these lengths, each at a page of its own, that hold `sent`.
    pub fn send(&mut self, cdb: &[u8], pieces: &[usize], sent: &[u8]) -> u16 {
        let data_at = self.memory.raw().len() - DATA_PAGES * PAGE;
        let used: usize = self.sent.iter().map(|sent| sent.pieces.len()).sum();
        // Backwards, as no order is promised.
        let places: Vec<(usize, usize)> =
            pieces.iter().enumerate().map(|(i, &len)| (data_at + (DATA_PAGES - 1 - used - i) * PAGE, len)).collect();
        let mut rest = sent;
        for &(at, len) in &places {
            let (part, behind) = rest.split_at(len.min(rest.len()));
            self.memory.raw()[at..at + part.len()].copy_from_slice(part);
            rest = behind;
        }
        let base = (48 + 16 * pieces.len()).max(112);
        let length = (base + cdb.len()).next_multiple_of(8);
        let at = self.room(length);
        let id = self.next_id;
        self.next_id += 1;
        self.memory.put_u32(at, length as u32 | 1);
        self.memory.put_u16(at + 4, id);
        self.memory.put_u32(at + 8, pieces.len() as u32);
        self.memory.put_u64(at + 24, (at + base) as u64);
        for (i, &(offset, len)) in places.iter().enumerate() {
            self.memory.put_u64(at + 48 + 16 * i, offset as u64);
            self.memory.put_u64(at + 56 + 16 * i, len as u64);
        }
        self.memory.raw()[at + base..at + base + cdb.len()].copy_from_slice(cdb);
        self.sent.push_back(Sent { id, at, length, pieces: places });
        self.advance(length);
        id
    }

    /// Lays an entry that is no command.
    pub fn lay(&mut self, kind: u32, body: &[u8]) {
        let length = (8 + body.len()).next_multiple_of(8);
        let at = self.room(length);
        self.memory.put_u32(at, length as u32 | kind);
        self.memory.raw()[at + 8..at + 8 + body.len()].copy_from_slice(body);
        self.advance(length);
    }

    /// Says that these commands are no longer wanted.
    pub fn abort(&mut self, ids: &[u16]) {
        let mut body = vec![0; 24 + 2 * ids.len()];
        body[0] = 1;
        body[4..8].copy_from_slice(&(ids.len() as u32).to_ne_bytes());
        for (i, id) in ids.iter().enumerate() {
            body[24 + 2 * i..26 + 2 * i].copy_from_slice(&id.to_ne_bytes());
        }
        self.lay(2, &body);
    }

    /// What was answered since this was asked last.
    pub fn answers(&mut self) -> Vec<Answered> {
        let tail = u32::from_ne_bytes(self.memory.array(64).unwrap()) as usize;
        let mut answers = Vec::new();
        while let Some(sent) = self.sent.pop_front() {
            let start = sent.at - RING_OFFSET as usize;
            let done = if self.cleaned <= tail {
                (self.cleaned..tail).contains(&start)
            } else {
                !(tail..self.cleaned).contains(&start)
            };
            if !done {
                self.sent.push_front(sent);
                break;
            }
            let memory = self.memory.raw();
            let word = |at: usize| u32::from_ne_bytes(memory[at..at + 4].try_into().unwrap());
            answers.push(Answered {
                id: sent.id,
                status: memory[sent.at + 8],
                flags: memory[sent.at + 7],
                read_length: word(sent.at + 12),
                sense: memory[sent.at + 16..sent.at + 112].to_vec(),
                data: sent.pieces.iter().flat_map(|&(at, len)| memory[at..at + len].to_vec()).collect(),
            });
            drop(memory);
            self.cleaned = (start + sent.length) % self.ring_size;
        }
        answers
    }

    /// A place for an entry of that length, after padding where the end of the ring is too near.
    fn room(&mut self, length: usize) -> usize {
        let left = self.ring_size - self.head;
        if length > left {
            self.memory.put_u32(RING_OFFSET as usize + self.head, left as u32);
            self.advance(left);
        }
        let used = (self.head + self.ring_size - self.cleaned) % self.ring_size;
        assert!(used + length < self.ring_size, "the test lays more than the ring holds");
        RING_OFFSET as usize + self.head
    }

    fn advance(&mut self, length: usize) {
        self.head = (self.head + length) % self.ring_size;
        self.memory.put_u32(12, self.head as u32);
    }
}

/// A doorbell that counts, and runs what the test gives it when somebody waits.
pub struct FakeBell<F> {
    pub rung: usize,
    pub on_wait: F,
}

impl<F: FnMut(usize)> Doorbell for FakeBell<F> {
    fn ring(&mut self) -> io::Result<()> {
        self.rung += 1;
        Ok(())
    }

    fn wait(&mut self, _patience: Duration) -> io::Result<()> {
        (self.on_wait)(self.rung);
        Ok(())
    }
}
