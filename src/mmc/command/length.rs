//! This module knows how answers tell their own length: believed only as far as the bytes came.

use crate::bytes::{Cursor, Truncated};

/// What follows a two-byte length that does not count itself: as much as was told, or as came.
pub(super) fn u16_counted<'a>(bytes: &'a [u8], what: &'static str) -> Result<Cursor<'a>, Truncated> {
    let mut b = Cursor::new(bytes, what);
    let told = usize::from(b.be_u16()?);
    within(&mut b, told)
}

/// The same after a four-byte length.
pub(super) fn u32_counted<'a>(bytes: &'a [u8], what: &'static str) -> Result<Cursor<'a>, Truncated> {
    let mut b = Cursor::new(bytes, what);
    let told = usize::try_from(b.be_u32()?).unwrap_or(usize::MAX);
    within(&mut b, told)
}

/// The next `told` bytes, or those that are there.
pub(super) fn within<'a>(b: &mut Cursor<'a>, told: usize) -> Result<Cursor<'a>, Truncated> {
    b.sub(told.min(b.rest().len()))
}

/// Fields that need not be there: where one did not come wholly, none behind it came.
pub(super) struct Tail<'a>(Cursor<'a>);

impl<'a> Tail<'a> {
    /// What `b` has not read yet.
    pub(super) fn of(b: Cursor<'a>) -> Self {
        Self(b)
    }

    pub(super) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let field = self.0.take(count).ok();
        if field.is_none() {
            let _ = self.0.skip(self.0.rest().len());
        }
        field
    }

    pub(super) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.array().map(|[byte]| byte)
    }

    pub(super) fn be_u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn be_u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.0.rest()
    }
}

/// `body` after its length in two bytes.
pub(super) fn after_u16_length(body: &[u8]) -> Vec<u8> {
    let mut answer = as_u16(body.len()).to_be_bytes().to_vec();
    answer.extend_from_slice(body);
    answer
}

/// `body` after its length in four bytes.
pub(super) fn after_u32_length(body: &[u8]) -> Vec<u8> {
    let mut answer = u32::try_from(body.len()).unwrap_or(u32::MAX).to_be_bytes().to_vec();
    answer.extend_from_slice(body);
    answer
}

/// The largest length that can be told, where it is longer.
pub(super) fn as_u16(length: usize) -> u16 {
    u16::try_from(length).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shorter_of_told_and_came_is_believed() {
        let rest = |bytes| u16_counted(bytes, "test").map(|b| b.rest().to_vec());
        assert_eq!(rest(&[0, 2, 1, 2, 3]), Ok(vec![1, 2]));
        assert_eq!(rest(&[0, 20, 1, 2, 3]), Ok(vec![1, 2, 3]));
        assert!(rest(&[0]).is_err());
        assert_eq!(u32_counted(&[0xFF; 6], "test").map(|b| b.rest().to_vec()), Ok(vec![0xFF, 0xFF]));
    }

    #[test]
    fn behind_a_field_that_was_cut_nothing_came() {
        let mut tail = Tail::of(Cursor::new(&[1, 2, 3, 4, 5, 6], "test"));
        assert_eq!((tail.be_u32(), tail.be_u32(), tail.be_u16(), tail.u8()), (Some(0x0102_0304), None, None, None));
        assert_eq!(tail.rest(), b"");
    }

    #[test]
    fn a_length_does_not_count_itself() {
        assert_eq!(after_u16_length(b"abc"), b"\0\x03abc");
        assert_eq!(after_u32_length(b"abc"), b"\0\0\0\x03abc");
    }
}
