//! This module knows the numbers of System Use entries, each of which is recorded in both byte orders.

use crate::bytes::{Cursor, Truncated};
use crate::filesystem::iso9660::descriptor::BothEndian;

/// ISO 9660, 7.3.3.
pub(super) fn both(b: &mut Cursor<'_>) -> Result<BothEndian<u32>, Truncated> {
    Ok(BothEndian { little: b.le_u32()?, big: b.be_u32()? })
}

/// `N` of them, and whether each is the same in both orders.
pub(super) fn several<const N: usize>(payload: &[u8]) -> Result<([u32; N], bool), Truncated> {
    let mut b = Cursor::new(payload, "System Use entry");
    let mut values = [0; N];
    let mut agree = true;
    for value in &mut values {
        let number = both(&mut b)?;
        agree &= number.agrees();
        // Zero is a good value for most of them, so that the other half cannot stand in for it.
        *value = number.little;
    }
    Ok((values, agree))
}
