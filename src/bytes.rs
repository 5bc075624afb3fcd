//! This module knows how bytes from outside are taken apart, and how they are put together.
#![expect(clippy::indexing_slicing, reason = "the one place where byte offsets are computed")]

/// The bytes ended before a field did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{what} ended early: a field of {wanted} bytes, {left} left")]
pub struct Truncated {
    /// What was being read.
    pub what: &'static str,
    /// Bytes that the field has.
    pub wanted: usize,
    /// Bytes that were there.
    pub left: usize,
}

/// Reads fields one after the other, and never beyond the end.
#[derive(Debug, Clone)]
pub struct Cursor<'a> {
    rest: &'a [u8],
    length: usize,
    what: &'static str,
}

impl<'a> Cursor<'a> {
    /// `what` names the structure in the error that a missing field becomes.
    pub fn new(bytes: &'a [u8], what: &'static str) -> Self {
        Self { rest: bytes, length: bytes.len(), what }
    }

    /// Bytes read so far.
    pub fn position(&self) -> usize {
        self.length - self.rest.len()
    }

    /// What is left.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next `count` bytes.
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], Truncated> {
        if count > self.rest.len() {
            return Err(Truncated { what: self.what, wanted: count, left: self.rest.len() });
        }
        let (head, rest) = self.rest.split_at(count);
        self.rest = rest;
        Ok(head)
    }

    /// A reader of the next `count` bytes alone.
    pub fn sub(&mut self, count: usize) -> Result<Cursor<'a>, Truncated> {
        let what = self.what;
        self.take(count).map(|bytes| Cursor::new(bytes, what))
    }

    pub fn skip(&mut self, count: usize) -> Result<(), Truncated> {
        self.take(count).map(|_| ())
    }

    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Truncated> {
        let truncated = Truncated { what: self.what, wanted: N, left: self.rest.len() };
        let (head, rest) = self.rest.split_first_chunk().ok_or(truncated)?;
        self.rest = rest;
        Ok(*head)
    }

    pub fn u8(&mut self) -> Result<u8, Truncated> {
        self.array().map(|[byte]| byte)
    }

    pub fn be_u16(&mut self) -> Result<u16, Truncated> {
        self.array().map(u16::from_be_bytes)
    }

    pub fn be_u24(&mut self) -> Result<u32, Truncated> {
        self.array().map(|[high, middle, low]| u32::from_be_bytes([0, high, middle, low]))
    }

    pub fn be_u32(&mut self) -> Result<u32, Truncated> {
        self.array().map(u32::from_be_bytes)
    }

    pub fn be_u64(&mut self) -> Result<u64, Truncated> {
        self.array().map(u64::from_be_bytes)
    }

    pub fn le_u16(&mut self) -> Result<u16, Truncated> {
        self.array().map(u16::from_le_bytes)
    }

    pub fn le_u32(&mut self) -> Result<u32, Truncated> {
        self.array().map(u32::from_le_bytes)
    }

    pub fn le_u64(&mut self) -> Result<u64, Truncated> {
        self.array().map(u64::from_le_bytes)
    }
}

/// The bits `high..=low` of a byte, bit 7 being the highest, as standards count them.
pub fn bits(byte: u8, high: u8, low: u8) -> u8 {
    let width = high.saturating_sub(low).saturating_add(1);
    let mask = u8::MAX.checked_shr(u32::from(8_u8.saturating_sub(width))).unwrap_or(0);
    byte.checked_shr(u32::from(low)).unwrap_or(0) & mask
}

/// The bit `number` of a byte, bit 7 being the highest.
pub fn bit(byte: u8, number: u8) -> bool {
    bits(byte, number, number) == 1
}

/// Puts fields together, one after the other: the twin of [`Cursor`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Composer {
    bytes: Vec<u8>,
}

impl Composer {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }

    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.bytes.extend_from_slice(bytes);
        self
    }

    pub fn zeros(&mut self, count: usize) -> &mut Self {
        self.bytes.resize(self.bytes.len().saturating_add(count), 0);
        self
    }

    /// Zeros up to `length` bytes in all; nothing where there are that many already.
    pub fn pad_to(&mut self, length: usize) -> &mut Self {
        self.zeros(length.saturating_sub(self.bytes.len()))
    }

    pub fn u8(&mut self, value: u8) -> &mut Self {
        self.bytes(&[value])
    }

    pub fn be_u16(&mut self, value: u16) -> &mut Self {
        self.bytes(&value.to_be_bytes())
    }

    /// The lower three bytes of `value`.
    pub fn be_u24(&mut self, value: u32) -> &mut Self {
        let [_, low @ ..] = value.to_be_bytes();
        self.bytes(&low)
    }

    pub fn be_u32(&mut self, value: u32) -> &mut Self {
        self.bytes(&value.to_be_bytes())
    }

    pub fn be_u64(&mut self, value: u64) -> &mut Self {
        self.bytes(&value.to_be_bytes())
    }

    pub fn le_u16(&mut self, value: u16) -> &mut Self {
        self.bytes(&value.to_le_bytes())
    }

    pub fn le_u32(&mut self, value: u32) -> &mut Self {
        self.bytes(&value.to_le_bytes())
    }

    pub fn le_u64(&mut self, value: u64) -> &mut Self {
        self.bytes(&value.to_le_bytes())
    }

    /// Writes `patch` over what stands at `offset`, which must be there: lengths are known only at the end.
    ///
    /// # Panics
    /// Where `patch` does not fit into what was written so far.
    pub fn overwrite(&mut self, offset: usize, patch: &[u8]) -> &mut Self {
        self.bytes[offset..offset + patch.len()].copy_from_slice(patch);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_come_back_in_order() {
        let mut out = Composer::new();
        out.u8(1).be_u16(2).be_u24(3).be_u32(4).be_u64(5).le_u16(6).le_u32(7).le_u64(8).bytes(b"end");
        let bytes = out.finish();
        let mut b = Cursor::new(&bytes, "test");
        assert_eq!((b.u8(), b.be_u16(), b.be_u24(), b.be_u32()), (Ok(1), Ok(2), Ok(3), Ok(4)));
        assert_eq!((b.be_u64(), b.le_u16(), b.le_u32(), b.le_u64()), (Ok(5), Ok(6), Ok(7), Ok(8)));
        assert_eq!(b.take(3), Ok(b"end".as_slice()));
        assert!(b.is_empty());
        assert_eq!(b.be_u32(), Err(Truncated { what: "test", wanted: 4, left: 0 }));
    }

    #[test]
    fn bits_are_counted_from_the_right() {
        assert_eq!(bits(0b1011_0110, 7, 4), 0b1011);
        assert_eq!(bits(0b1011_0110, 2, 1), 0b11);
        assert_eq!(bits(0xFF, 7, 0), 0xFF);
        assert_eq!(bits(0x80, 7, 7), 1);
        assert!(bit(0x08, 3) && !bit(0x08, 4));
    }

    #[test]
    fn a_length_is_filled_in_later() {
        let mut out = Composer::new();
        out.be_u16(0).bytes(b"abc").overwrite(0, &3_u16.to_be_bytes()).pad_to(8);
        assert_eq!(out.finish(), b"\0\x03abc\0\0\0");
    }
}
