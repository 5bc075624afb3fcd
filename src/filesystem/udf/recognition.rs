//! This module knows the volume recognition sequence: ECMA-167, 2/8.3, and rule U01.

use crate::filesystem::finding::Severity;
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;
use crate::sector::{Lba, SECTOR_BYTES};

/// Bytes of the system area in front of it.
const START: u64 = 32_768;

/// What the sequence announces.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Recognition {
    /// Where it begins, in bytes.
    pub at: u64,
    /// The number in `NSR02` or `NSR03`, and where that stands.
    pub standard: Option<(u8, u64)>,
    has_begin: bool,
    has_end: bool,
    /// Where there is ISO 9660, an anchor alone may be left over from what was there before.
    has_iso9660: bool,
    /// A descriptor of another type or version than it should have.
    odd: Option<u64>,
}

/// That of the session that begins at `start`.
pub fn look(scan: &mut Scan<'_>, start: Lba) -> Recognition {
    let mut at = start.byte_offset().saturating_add(START);
    let mut found = Recognition { at, ..Recognition::default() };
    let mut empty = 0;
    for _ in 0..scan.limits.volume_descriptors {
        let Ok([kind, identifier @ .., version]) = scan.reader.array::<7>(at) else { break };
        let is_known = match &identifier {
            b"CD001" => {
                found.has_iso9660 = true;
                true
            }
            b"NSR02" | b"NSR03" => {
                found.standard = Some((if identifier.ends_with(b"2") { 2 } else { 3 }, at));
                true
            }
            b"BEA01" => {
                found.has_begin = true;
                true
            }
            b"TEA01" => {
                found.has_end = true;
                true
            }
            b"BOOT2" | b"CDW02" => true,
            _ => false,
        };
        // Of blocks of 4096 bytes, every other sector is empty.
        empty = if is_known { 0 } else { empty + 1 };
        if empty > 1 {
            break;
        }
        let is_ours = is_known && !matches!(&identifier, b"CD001");
        if is_ours && found.odd.is_none() && (kind, version) != (0, 1) {
            found.odd = Some(at);
        }
        if found.has_end {
            break;
        }
        at = at.saturating_add(SECTOR_BYTES as u64);
    }
    found
}

impl Recognition {
    /// Whether it speaks of UDF, be it in a damaged way.
    pub fn announces_udf(&self) -> bool {
        self.standard.is_some() || self.has_begin || self.has_end
    }

    /// Whether there may be a volume nevertheless, where nothing is announced.
    pub fn leaves_room(&self) -> bool {
        !self.has_iso9660
    }

    /// U01, of a volume of `revision` that was found.
    pub fn judge(&self, scan: &mut Scan<'_>, revision: u16) {
        let Some((standard, at)) = self.standard else {
            return scan.find(Rule::U01, self.at, "none", || {
                "neither NSR02 nor NSR03 stands in the volume recognition sequence, so that other readers see no UDF"
                    .to_owned()
            });
        };
        let wanted = if revision >= 0x0200 { 3 } else { 2 };
        if standard != wanted {
            scan.find_as(Rule::U01, Severity::Warning, at, "standard", || {
                format!("NSR0{standard} announces a volume whose revision asks for NSR0{wanted}")
            });
        }
        for (is_there, name) in [(self.has_begin, "BEA01"), (self.has_end, "TEA01")] {
            if !is_there {
                scan.find_as(Rule::U01, Severity::Warning, self.at, name, || {
                    format!("the volume recognition sequence does not have {name}")
                });
            }
        }
        if let Some(at) = self.odd {
            scan.find_as(Rule::U01, Severity::Warning, at, "type", || {
                "a descriptor of the volume recognition sequence does not have type 0 and version 1".to_owned()
            });
        }
    }
}
