//! This module knows memory that begins at a page: a drive's data can go there without a copy.

use std::ops::{Deref, DerefMut};

/// Linux maps a user's buffer into the transfer only where it is aligned; a page satisfies every adapter.
const PAGE_BYTES: usize = 4096;

/// Zeroed, page-aligned memory of a fixed length.
#[derive(Debug)]
pub struct Buffer {
    memory: Vec<u8>,
    offset: usize,
    length: usize,
}

impl Buffer {
    pub fn new(length: usize) -> Self {
        let memory = vec![0; length.saturating_add(PAGE_BYTES)];
        // `align_offset` may give up in theory; the beginning is then as good as any.
        let offset = Some(memory.as_ptr().align_offset(PAGE_BYTES)).filter(|&o| o < PAGE_BYTES).unwrap_or(0);
        Self { memory, offset, length }
    }
}

impl Deref for Buffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        let (_, aligned) = self.memory.split_at(self.offset);
        aligned.split_at(self.length).0
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [u8] {
        let (_, aligned) = self.memory.split_at_mut(self.offset);
        aligned.split_at_mut(self.length).0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_begins_at_a_page() {
        for length in [0, 1, 2048, 65536, 1 << 20] {
            let mut buffer = Buffer::new(length);
            assert_eq!(buffer.len(), length);
            assert_eq!(buffer.as_ptr().align_offset(4096), 0);
            buffer.fill(7);
        }
    }
}
