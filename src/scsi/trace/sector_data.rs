//! This module knows which commands carry the contents of a disc, so that a trace can leave them out.

use super::super::Cdb;
use crate::bytes::Cursor;

/// READ (6), (10), (12), (16), READ CD, READ CD MSF, READ BUFFER; WRITE (6), (10), (12), (16), WRITE AND VERIFY (10).
const CARRIERS: [u8; 12] = [0x08, 0x28, 0xA8, 0x88, 0xBE, 0xB9, 0x3C, 0x0A, 0x2A, 0xAA, 0x8A, 0x2E];

pub(in super::super) fn carries_sectors(cdb: &Cdb) -> bool {
    CARRIERS.contains(&cdb.opcode())
}

/// What a trace of digests leaves out: the contents of a disc, but for a lone raw sector. That tells which mode the disc
/// has, and no image of user data could give it back.
pub(super) fn is_left_out(cdb: &Cdb, bytes: usize) -> bool {
    const READ_CD: u8 = 0xBE;
    /// A sector with all there is of it: 2352 bytes, 296 of C2, 96 of sub-channel.
    const RAW_SECTOR: usize = 2744;
    let is_raw = cdb.opcode() == READ_CD && bytes <= RAW_SECTOR && place_of_sectors(cdb, bytes).is_none();
    carries_sectors(cdb) && !is_raw
}

/// The byte of an image at which what a read returns begins, where that is `bytes` of user data.
pub(in super::super) fn place_of_sectors(cdb: &Cdb, bytes: usize) -> Option<u64> {
    const SECTOR: u64 = 2048;
    let mut b = Cursor::new(cdb.as_bytes(), "CDB");
    let opcode = b.u8().ok()?;
    b.skip(1).ok()?;
    let lba = b.be_u32().ok()?;
    let sectors = match opcode {
        0x28 => {
            b.skip(1).ok()?;
            u32::from(b.be_u16().ok()?)
        }
        0xA8 => b.be_u32().ok()?,
        0xBE => b.be_u24().ok()?,
        _ => return None,
    };
    // READ CD may return more or less than the user data of each sector; a short transfer is the beginning of a whole one.
    let most = u64::from(sectors).checked_mul(SECTOR)?;
    let fits = u64::try_from(bytes).is_ok_and(|bytes| if opcode == 0xBE { bytes == most } else { bytes <= most });
    fits.then(|| u64::from(lba).checked_mul(SECTOR)).flatten()
}
