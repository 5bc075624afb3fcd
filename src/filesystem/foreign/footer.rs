//! This module knows files by their last bytes: containers whose description is at the end.

use super::ForeignKind;
use crate::bytes::Cursor;
use crate::filesystem::probe::{Probe, has};

const LAST_BYTES: usize = 512;
/// Versions 2, 3 and 3.5 of DiscJuggler.
const DISC_JUGGLER: [u32; 3] = [0x8000_0004, 0x8000_0005, 0x8000_0006];

/// Of a file of `length` bytes.
pub(super) fn of(probe: &mut Probe<'_>, length: u64) -> Option<ForeignKind> {
    let last: [u8; LAST_BYTES] = probe.bytes(length.checked_sub(LAST_BYTES as u64)?)?;
    if has(&last, 0, b"koly") {
        return Some(ForeignKind::Dmg);
    }
    if has(&last, 0, b"conectix") {
        return Some(ForeignKind::Vhd);
    }
    if has(&last, LAST_BYTES - 12, b"NER5") || has(&last, LAST_BYTES - 8, b"NERO") {
        return Some(ForeignKind::Nrg);
    }
    let mut b = Cursor::new(last.get(LAST_BYTES - 8..)?, "footer");
    let (version, offset) = (b.le_u32().ok()?, u64::from(b.le_u32().ok()?));
    (DISC_JUGGLER.contains(&version) && offset > 0 && offset < length).then_some(ForeignKind::Cdi)
}
