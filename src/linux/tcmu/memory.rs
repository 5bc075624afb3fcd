//! This module knows the memory that the kernel and a handler share: reading and writing by offset, never past its end.
#![expect(unsafe_code, reason = "the memory is mapped, and another party writes to it")]

use std::fs::File;
use std::io;
use std::num::NonZeroUsize;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, Ordering};

use nix::sys::mman::{MapFlags, ProtFlags, mmap, munmap};

/// A place that is not in the memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{bytes} bytes at {offset} do not lie in the shared memory")]
pub struct OutOfBounds {
    pub offset: u64,
    pub bytes: usize,
}

/// Bytes by their offset from the start; numbers are in the machine's own order.
pub trait SharedMemory {
    fn bytes(&self) -> usize;

    fn read(&self, offset: u64, into: &mut [u8]) -> Result<(), OutOfBounds>;

    fn write(&mut self, offset: u64, from: &[u8]) -> Result<(), OutOfBounds>;

    /// What the other party has stored; whatever it wrote before that is seen from then on.
    fn load(&self, offset: u64) -> Result<u32, OutOfBounds>;

    /// Tells the other party; whatever was written before is seen by who loads this.
    fn store(&mut self, offset: u64, value: u32) -> Result<(), OutOfBounds>;

    fn array<const N: usize>(&self, offset: u64) -> Result<[u8; N], OutOfBounds> {
        let mut bytes = [0; N];
        self.read(offset, &mut bytes)?;
        Ok(bytes)
    }

    fn u16(&self, offset: u64) -> Result<u16, OutOfBounds> {
        self.array(offset).map(u16::from_ne_bytes)
    }

    fn u32(&self, offset: u64) -> Result<u32, OutOfBounds> {
        self.array(offset).map(u32::from_ne_bytes)
    }

    fn u64(&self, offset: u64) -> Result<u64, OutOfBounds> {
        self.array(offset).map(u64::from_ne_bytes)
    }
}

/// What of a memory of `size` bytes begins there, if so many bytes do.
pub(super) fn place(size: usize, offset: u64, bytes: usize) -> Result<usize, OutOfBounds> {
    let outside = OutOfBounds { offset, bytes };
    let start = usize::try_from(offset).map_err(|_| outside)?;
    let end = start.checked_add(bytes).ok_or(outside)?;
    if end <= size { Ok(start) } else { Err(outside) }
}

/// The memory behind `/dev/uioN`.
#[derive(Debug)]
pub struct Mapping {
    start: NonNull<u8>,
    bytes: usize,
}

// SAFETY: the memory belongs to the process, not to a thread, and nobody else has the pointer.
unsafe impl Send for Mapping {}

impl Mapping {
    /// Maps the first `bytes` of the device.
    pub(super) fn of(device: &File, bytes: NonZeroUsize) -> io::Result<Self> {
        // SAFETY: a new mapping at a place of the kernel's choice touches no memory that is in use.
        let start = unsafe {
            mmap(None, bytes, ProtFlags::PROT_READ | ProtFlags::PROT_WRITE, MapFlags::MAP_SHARED, device, 0)
        }?;
        Ok(Self { start: start.cast(), bytes: bytes.get() })
    }

    /// The word at `offset`, which has to be aligned.
    fn word(&self, offset: u64) -> Result<&AtomicU32, OutOfBounds> {
        let place = place(self.bytes, offset, size_of::<u32>())?;
        if !place.is_multiple_of(align_of::<AtomicU32>()) {
            return Err(OutOfBounds { offset, bytes: size_of::<u32>() });
        }
        // SAFETY: `place` lies within the mapping, which begins at a page, so that the word is aligned; the mapping
        // lives as long as `self`; and the kernel's accesses to head and tail are atomic, too.
        Ok(unsafe { AtomicU32::from_ptr(self.start.as_ptr().add(place).cast()) })
    }
}

impl SharedMemory for Mapping {
    fn bytes(&self) -> usize {
        self.bytes
    }

    fn read(&self, offset: u64, into: &mut [u8]) -> Result<(), OutOfBounds> {
        let place = place(self.bytes, offset, into.len())?;
        // SAFETY: the source lies within the mapping, `into` is memory of Rust's, and so the two do not overlap. The
        // kernel does not write to an entry or its data between storing the head behind it and our storing the tail.
        unsafe { self.start.as_ptr().add(place).copy_to_nonoverlapping(into.as_mut_ptr(), into.len()) };
        Ok(())
    }

    fn write(&mut self, offset: u64, from: &[u8]) -> Result<(), OutOfBounds> {
        let place = place(self.bytes, offset, from.len())?;
        // SAFETY: as above, the other way round.
        unsafe { self.start.as_ptr().add(place).copy_from_nonoverlapping(from.as_ptr(), from.len()) };
        Ok(())
    }

    fn load(&self, offset: u64) -> Result<u32, OutOfBounds> {
        Ok(self.word(offset)?.load(Ordering::Acquire))
    }

    fn store(&mut self, offset: u64, value: u32) -> Result<(), OutOfBounds> {
        self.word(offset)?.store(value, Ordering::Release);
        Ok(())
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: start and length are those of the mapping, and no reference into it outlives `self`.
        let _ = unsafe { munmap(self.start.cast(), self.bytes) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapped(bytes: usize) -> Mapping {
        let file = tempfile::tempfile().unwrap();
        file.set_len(bytes as u64).unwrap();
        Mapping::of(&file, NonZeroUsize::new(bytes).unwrap()).unwrap()
    }

    #[test]
    fn what_is_written_is_read() {
        let mut memory = mapped(8192);
        memory.write(4094, &[1, 2, 3, 4]).unwrap();
        assert_eq!(memory.array(4093), Ok([0, 1, 2, 3, 4, 0]));
        memory.store(64, 0x0102_0304).unwrap();
        assert_eq!((memory.load(64), memory.u32(64)), (Ok(0x0102_0304), Ok(0x0102_0304)));
        assert_eq!(
            (memory.u16(4094), memory.u64(4094)),
            (Ok(u16::from_ne_bytes([1, 2])), Ok(u64::from_ne_bytes([1, 2, 3, 4, 0, 0, 0, 0])))
        );
    }

    #[test]
    fn nothing_past_the_end_is_touched() {
        let mut memory = mapped(4096);
        let outside = |offset, bytes| Err(OutOfBounds { offset, bytes });
        assert_eq!(memory.write(4093, &[0; 4]), outside(4093, 4));
        assert_eq!(memory.array::<1>(4096).map(drop), outside(4096, 1));
        assert_eq!(memory.array::<8>(u64::MAX).map(drop), outside(u64::MAX, 8));
        assert_eq!((memory.load(4096).map(drop), memory.store(4094, 1)), (outside(4096, 4), outside(4094, 4)));
        assert_eq!(memory.load(2).map(drop), outside(2, 4));
        assert_eq!((memory.write(4096, &[]), memory.bytes()), (Ok(()), 4096));
    }
}
