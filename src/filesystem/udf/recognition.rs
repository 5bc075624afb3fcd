//! This module knows the volume recognition sequence: ECMA-167, 2/8.3.

use crate::filesystem::scan::Scan;
use crate::sector::{Lba, SECTOR_BYTES};

/// Bytes of the system area in front of it.
const START: u64 = 32_768;

/// What the sequence announces.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Recognition {
    /// The number in `NSR02` or `NSR03`.
    pub standard: Option<u8>,
}

/// That of the session that begins at `start`.
pub fn look(scan: &mut Scan<'_>, start: Lba) -> Recognition {
    let mut found = Recognition::default();
    let mut at = start.byte_offset().saturating_add(START);
    let mut empty = 0;
    for _ in 0..scan.limits.volume_descriptors {
        let Ok([_, identifier @ .., _version]) = scan.reader.array::<7>(at) else { break };
        match &identifier {
            b"NSR02" => found.standard = Some(2),
            b"NSR03" => found.standard = Some(3),
            b"TEA01" => break,
            b"CD001" | b"BEA01" | b"BOOT2" | b"CDW02" => {}
            _ => {
                // Of blocks of 4096 bytes, every other sector is empty.
                empty += 1;
                if empty > 1 {
                    break;
                }
                at = at.saturating_add(SECTOR_BYTES as u64);
                continue;
            }
        }
        empty = 0;
        at = at.saturating_add(SECTOR_BYTES as u64);
    }
    found
}
