//! This module knows the ring of `target_core_user`: where the kernel lays commands, and where their answers go.
//!
//! `<linux/target_core_user.h>` has the structures. All offsets are from the start of the shared memory.

use super::memory::{OutOfBounds, SharedMemory};
use crate::scsi::{Cdb, Completion};

/// The mailbox, at the start of the memory.
mod mailbox {
    pub const VERSION: u64 = 0;
    pub const FLAGS: u64 = 2;
    pub const RING_OFFSET: u64 = 4;
    pub const RING_SIZE: u64 = 8;
    /// The kernel's: behind the last entry.
    pub const HEAD: u64 = 12;
    /// The handler's: the first entry that is not answered.
    pub const TAIL: u64 = 64;
}

/// Of an entry, from its start. The answer lies where the request was.
mod entry {
    pub const LENGTH_AND_KIND: u64 = 0;
    pub const ID: u64 = 4;
    pub const OUR_FLAGS: u64 = 7;
    pub const PIECES: u64 = 8;
    pub const CDB_OFFSET: u64 = 24;
    pub const FIRST_PIECE: u64 = 48;

    pub const STATUS: u64 = 8;
    pub const READ_LENGTH: u64 = 12;
    pub const SENSE: u64 = 16;

    pub const ABORTED: u64 = 12;
    pub const FIRST_ABORTED: u64 = 32;
}

const VERSION: u16 = 2;
/// Of the mailbox's flags: the kernel wants to know how much was read.
const KNOWS_READ_LENGTH: u16 = 2;

const KIND: u32 = 7;
const PAD: u32 = 0;
const COMMAND: u32 = 1;
const TASK_MANAGEMENT: u32 = 2;

const UNKNOWN_KIND: u8 = 1;
const HAS_READ_LENGTH: u8 = 2;

/// Entries begin at multiples of this.
const ALIGNMENT: u32 = 8;
const PIECE_BYTES: u64 = 16;
const SENSE_BYTES: usize = 96;
/// An entry of a command has room for the answer.
const LEAST_COMMAND: u64 = 112;

/// The most data that a command may have. `tcm_loop` gives 1 MiB at most.
pub const LARGEST_TRANSFER: usize = 16 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RingError {
    #[error("the kernel speaks version {0} of the protocol, and not {VERSION}")]
    Version(u16),
    #[error("this kernel is too old: it cannot be told how much was read")]
    NoReadLength,
    /// What the kernel wrote cannot be.
    #[error("the ring makes no sense: {what} is {value}, in the entry at {at}")]
    Corrupt { what: &'static str, value: u64, at: u32 },
    #[error("the ring makes no sense: {0}")]
    OutOfBounds(#[from] OutOfBounds),
}

/// A stretch of the shared memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    offset: u64,
    bytes: usize,
}

/// A command of the kernel's that waits for its answer.
#[derive(Debug)]
pub struct Request {
    pub cdb: Cdb,
    /// Whoever sent it no longer wants it.
    pub aborted: bool,
    pieces: Vec<Piece>,
    bytes: usize,
    entry: Entry,
}

impl Request {
    /// Bytes that the command transfers at most.
    pub fn data_length(&self) -> usize {
        self.bytes
    }
}

/// What goes back to the kernel besides status and sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery<'a> {
    /// Of a command that takes data, or has none.
    Nothing,
    /// Of a command that brings data: all that came, which may be less than was asked for.
    Data(&'a [u8]),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    /// From the start of the ring.
    at: u32,
    length: u32,
    kind: u32,
}

/// The ring, from the side of the one who answers. Commands are answered in the order in which they came.
#[derive(Debug)]
pub struct Ring<M> {
    memory: M,
    offset: u32,
    size: u32,
    tail: u32,
    moved: bool,
}

impl<M: SharedMemory> Ring<M> {
    /// Goes on where the last handler of this ring stopped.
    ///
    /// # Errors
    /// Where the kernel speaks another version, or there is no such ring in the memory.
    pub fn open(memory: M) -> Result<Self, RingError> {
        let version = memory.u16(mailbox::VERSION)?;
        if version != VERSION {
            return Err(RingError::Version(version));
        }
        if memory.u16(mailbox::FLAGS)? & KNOWS_READ_LENGTH == 0 {
            return Err(RingError::NoReadLength);
        }
        let (offset, size) = (memory.u32(mailbox::RING_OFFSET)?, memory.u32(mailbox::RING_SIZE)?);
        let corrupt = |what, value: u32| Err(RingError::Corrupt { what, value: value.into(), at: 0 });
        let end = u64::from(offset).saturating_add(size.into());
        if size == 0 || !size.is_multiple_of(ALIGNMENT) || usize::try_from(end).map_or(true, |end| end > memory.bytes())
        {
            return corrupt("the size of the ring", size);
        }
        let tail = memory.load(mailbox::TAIL)?;
        if tail >= size || !tail.is_multiple_of(ALIGNMENT) {
            return corrupt("the tail", tail);
        }
        Ok(Self { memory, offset, size, tail, moved: false })
    }

    /// The next command, if there is one. What is no command is passed over.
    ///
    /// # Errors
    /// Where the ring holds what cannot be.
    pub fn next_request(&mut self) -> Result<Option<Request>, RingError> {
        let head = self.head()?;
        while let Some(entry) = self.entry(self.tail, head)? {
            match entry.kind {
                COMMAND => return self.request(entry, head).map(Some),
                // Whom the latter is about is looked up when their turn comes, which is before its own.
                PAD | TASK_MANAGEMENT => {}
                _ => self.add_flag(entry, UNKNOWN_KIND)?,
            }
            self.pass(entry)?;
        }
        Ok(None)
    }

    /// The data that the host sends along.
    ///
    /// # Errors
    /// Never after [`next_request`](Self::next_request), which has looked where they lie.
    pub fn fetch(&self, request: &Request, into: &mut [u8]) -> Result<(), RingError> {
        let mut rest = into;
        for piece in &request.pieces {
            let Some((part, behind)) = rest.split_at_mut_checked(piece.bytes) else { break };
            self.memory.read(piece.offset, part)?;
            rest = behind;
        }
        Ok(())
    }

    /// Answers the command that [`next_request`](Self::next_request) brought. The kernel hears of it with the next doorbell.
    ///
    /// # Errors
    /// Never after [`next_request`](Self::next_request), which has looked where everything lies.
    pub fn answer(
        &mut self,
        request: &Request,
        completion: &Completion,
        delivery: Delivery<'_>,
    ) -> Result<(), RingError> {
        let at = self.place(request.entry.at);
        if let Delivery::Data(data) = delivery {
            let delivered = self.deliver(request, data)?;
            self.memory.write(at.saturating_add(entry::READ_LENGTH), &delivered.to_ne_bytes())?;
            self.add_flag(request.entry, HAS_READ_LENGTH)?;
        }
        let mut sense = [0; SENSE_BYTES];
        for (to, from) in sense.iter_mut().zip(&completion.sense) {
            *to = *from;
        }
        self.memory.write(at.saturating_add(entry::STATUS), &[completion.status.into(), 0, 0, 0])?;
        self.memory.write(at.saturating_add(entry::SENSE), &sense)?;
        self.pass(request.entry)
    }

    /// Whether the kernel has to be told that the tail moved; asked once for each time.
    pub fn take_moved(&mut self) -> bool {
        std::mem::take(&mut self.moved)
    }

    fn deliver(&mut self, request: &Request, data: &[u8]) -> Result<u32, RingError> {
        if data.is_empty() {
            // To the kernel a length of 0 means all: so this is all there is to see.
            for piece in &request.pieces {
                self.memory.write(piece.offset, &vec![0; piece.bytes])?;
            }
            return Ok(0);
        }
        let mut rest = data;
        for piece in &request.pieces {
            let (part, behind) = rest.split_at_checked(piece.bytes).unwrap_or((rest, &[]));
            self.memory.write(piece.offset, part)?;
            rest = behind;
        }
        Ok(u32::try_from(data.len().saturating_sub(rest.len())).unwrap_or(u32::MAX))
    }

    fn place(&self, at: u32) -> u64 {
        u64::from(self.offset).saturating_add(at.into())
    }

    fn head(&self) -> Result<u32, RingError> {
        let head = self.memory.load(mailbox::HEAD)?;
        if head >= self.size || !head.is_multiple_of(ALIGNMENT) {
            return Err(RingError::Corrupt { what: "the head", value: head.into(), at: self.tail });
        }
        Ok(head)
    }

    /// The entry at `at`, unless that is the end.
    fn entry(&self, at: u32, head: u32) -> Result<Option<Entry>, RingError> {
        if at == head {
            return Ok(None);
        }
        let word = self.memory.u32(self.place(at).saturating_add(entry::LENGTH_AND_KIND))?;
        let (length, kind) = (word & !KIND, word & KIND);
        // No entry goes beyond the head, or the end of the ring.
        let room = if at < head { head.saturating_sub(at) } else { self.size.saturating_sub(at) };
        if length == 0 || length > room {
            return Err(RingError::Corrupt { what: "the length", value: length.into(), at });
        }
        Ok(Some(Entry { at, length, kind }))
    }

    fn behind(&self, entry: Entry) -> u32 {
        let next = entry.at.saturating_add(entry.length);
        if next >= self.size { 0 } else { next }
    }

    fn pass(&mut self, entry: Entry) -> Result<(), RingError> {
        self.tail = self.behind(entry);
        self.memory.store(mailbox::TAIL, self.tail)?;
        self.moved = true;
        Ok(())
    }

    fn add_flag(&mut self, entry: Entry, flag: u8) -> Result<(), RingError> {
        let at = self.place(entry.at).saturating_add(entry::OUR_FLAGS);
        let [flags] = self.memory.array(at)?;
        Ok(self.memory.write(at, &[flags | flag])?)
    }

    fn request(&self, entry: Entry, head: u32) -> Result<Request, RingError> {
        let at = self.place(entry.at);
        let count = self.memory.u32(at.saturating_add(entry::PIECES))?;
        let needed = u64::from(count).saturating_mul(PIECE_BYTES).saturating_add(entry::FIRST_PIECE);
        if u64::from(entry.length) < needed.max(LEAST_COMMAND) {
            return Err(RingError::Corrupt { what: "the number of pieces", value: count.into(), at: entry.at });
        }
        let (pieces, bytes) = self.pieces(entry, count)?;
        let id = self.memory.u16(at.saturating_add(entry::ID))?;
        Ok(Request { cdb: self.cdb(entry)?, aborted: self.is_aborted(id, entry, head)?, pieces, bytes, entry })
    }

    fn pieces(&self, entry: Entry, count: u32) -> Result<(Vec<Piece>, usize), RingError> {
        let first = self.place(entry.at).saturating_add(entry::FIRST_PIECE);
        let mut pieces = Vec::new();
        let mut sum = 0_usize;
        for number in 0..u64::from(count) {
            let at = first.saturating_add(number.saturating_mul(PIECE_BYTES));
            let (offset, length) = (self.memory.u64(at)?, self.memory.u64(at.saturating_add(8))?);
            let end = offset.saturating_add(length);
            let inside = usize::try_from(end).is_ok_and(|end| end <= self.memory.bytes());
            let bytes = usize::try_from(length).unwrap_or(usize::MAX);
            sum = sum.saturating_add(bytes);
            if !inside || sum > LARGEST_TRANSFER {
                return Err(RingError::Corrupt { what: "the end of a piece", value: end, at: entry.at });
            }
            pieces.push(Piece { offset, bytes });
        }
        Ok((pieces, sum))
    }

    /// As long as its group says, SPC-4 4.3.2; those of vendors are taken as the kernel takes them.
    fn cdb(&self, entry: Entry) -> Result<Cdb, RingError> {
        let offset = self.memory.u64(self.place(entry.at).saturating_add(entry::CDB_OFFSET))?;
        let [opcode] = self.memory.array(offset)?;
        Ok(match opcode >> 5 {
            0 => Cdb::new::<6>(self.memory.array(offset)?),
            1 | 2 | 6 | 7 => Cdb::new::<10>(self.memory.array(offset)?),
            5 => Cdb::new::<12>(self.memory.array(offset)?),
            _ => Cdb::new::<16>(self.memory.array(offset)?),
        })
    }

    /// Whether an entry behind this one says so of command `id`.
    fn is_aborted(&self, id: u16, command: Entry, head: u32) -> Result<bool, RingError> {
        let mut at = self.behind(command);
        while let Some(entry) = self.entry(at, head)? {
            if entry.kind == TASK_MANAGEMENT && self.names(entry, id)? {
                return Ok(true);
            }
            at = self.behind(entry);
        }
        Ok(false)
    }

    fn names(&self, entry: Entry, id: u16) -> Result<bool, RingError> {
        let at = self.place(entry.at);
        let count = u64::from(self.memory.u32(at.saturating_add(entry::ABORTED))?);
        let needed = count.saturating_mul(2).saturating_add(entry::FIRST_ABORTED);
        if needed > entry.length.into() {
            return Err(RingError::Corrupt { what: "the number of aborted commands", value: count, at: entry.at });
        }
        for number in 0..count {
            let place = at.saturating_add(entry::FIRST_ABORTED).saturating_add(number.saturating_mul(2));
            if self.memory.u16(place)? == id {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests;
