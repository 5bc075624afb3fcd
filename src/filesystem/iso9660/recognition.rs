//! This module knows which volume descriptors a session has: ECMA-119, 6.7.1.

use super::descriptor::{BootRecord, Recognized, VolumeDescriptor};
use crate::filesystem::scan::Scan;
use crate::sector::{Lba, SECTOR_BYTES};

/// The first descriptor, counted in sectors from the start of the session.
const FIRST: u64 = 16;
/// Sectors without any descriptor, one after the other, that do not end the search: one may be damaged, and between
/// the terminator and the structures of UDF some writers leave a few.
const LARGEST_GAP: u32 = 2;

/// Bytes of a descriptor that name who made it.
const PREPARER_AND_APPLICATION: std::ops::Range<usize> = 446..702;

/// A sector that is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sector {
    /// In bytes.
    pub at: u64,
    pub bytes: Box<[u8; SECTOR_BYTES]>,
    pub content: Recognized,
}

/// All of a session, up to the terminator.
#[derive(Debug, Default)]
pub(super) struct Recognition {
    /// Where the first one should stand, in bytes.
    pub first: u64,
    pub sectors: Vec<Sector>,
    pub is_terminated: bool,
}

/// What [`Recognized`] has in it, and where.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed<'a> {
    pub at: u64,
    pub descriptor: &'a VolumeDescriptor,
    pub bytes: &'a [u8; SECTOR_BYTES],
}

/// Where the first descriptor of a session stands, in bytes.
pub(super) fn first_of(start: Lba) -> u64 {
    start.byte_offset().saturating_add(FIRST * SECTOR_BYTES as u64)
}

pub(super) fn recognize(scan: &mut Scan<'_>, start: Lba) -> Recognition {
    let mut found = Recognition { first: first_of(start), ..Recognition::default() };
    let mut gap = 0;
    for number in 0..scan.limits.volume_descriptors {
        let at = found.first.saturating_add(u64::from(number) * SECTOR_BYTES as u64);
        match sector_at(scan, at) {
            Some(sector) => {
                gap = 0;
                let is_last = sector.content == Recognized::Terminator;
                found.sectors.push(sector);
                if is_last {
                    found.is_terminated = true;
                    break;
                }
            }
            None => {
                gap += 1;
                if gap > LARGEST_GAP {
                    break;
                }
            }
        }
    }
    found
}

/// The descriptor that stands at byte `at`, if one does.
pub(super) fn sector_at(scan: &mut Scan<'_>, at: u64) -> Option<Sector> {
    let mut bytes = Box::new([0; SECTOR_BYTES]);
    scan.reader.read(at, bytes.as_mut_slice()).ok()?;
    let content = Recognized::parse(bytes.as_slice()).ok().flatten()?;
    Some(Sector { at, bytes, content })
}

impl Recognition {
    /// Whether any of it is of ISO 9660 or High Sierra, and not of UDF alone.
    pub fn is_iso(&self) -> bool {
        self.sectors.iter().any(|sector| match sector.content {
            Recognized::Boot(_)
            | Recognized::Primary(_)
            | Recognized::Supplementary(_)
            | Recognized::HighSierra(_)
            | Recognized::Other
            | Recognized::Terminator => true,
            Recognized::Extended(_) => false,
        })
    }

    /// The first byte behind all of them.
    pub fn end(&self) -> u64 {
        self.sectors.last().map_or(self.first, |last| last.at.saturating_add(SECTOR_BYTES as u64))
    }

    fn placed<'a>(&'a self, which: impl Fn(&'a Recognized) -> Option<&'a VolumeDescriptor>) -> Option<Placed<'a>> {
        self.sectors.iter().find_map(|sector| {
            let descriptor = which(&sector.content)?;
            Some(Placed { at: sector.at, descriptor, bytes: &sector.bytes })
        })
    }

    /// Copies may follow; the first one counts.
    pub fn primary(&self) -> Option<Placed<'_>> {
        self.placed(|content| if let Recognized::Primary(descriptor) = content { Some(descriptor) } else { None })
    }

    pub fn high_sierra(&self) -> Option<Placed<'_>> {
        self.placed(|content| if let Recognized::HighSierra(descriptor) = content { Some(descriptor) } else { None })
    }

    pub fn joliet(&self) -> Option<Placed<'_>> {
        self.supplementary(|descriptor| descriptor.joliet_level().is_some())
    }

    /// ISO 9660:1999.
    pub fn enhanced(&self) -> Option<Placed<'_>> {
        self.supplementary(|descriptor| descriptor.version == 2 && descriptor.joliet_level().is_none())
    }

    fn supplementary(&self, is_wanted: impl Fn(&VolumeDescriptor) -> bool) -> Option<Placed<'_>> {
        self.placed(|content| {
            let Recognized::Supplementary(descriptor) = content else { return None };
            is_wanted(descriptor).then_some(descriptor)
        })
    }

    /// By genisoimage, mkisofs or libisofs, as the primary descriptor says.
    pub fn is_by_genisoimage(&self) -> bool {
        const MAKERS: [&[u8]; 3] = [b"GENISOIMAGE", b"MKISOFS", b"XORRISO"];
        let names = self.primary().and_then(|primary| primary.bytes.get(PREPARER_AND_APPLICATION));
        names.is_some_and(|names| MAKERS.iter().any(|maker| names.windows(maker.len()).any(|name| name == *maker)))
    }

    /// The boot record of El Torito, and the byte at which it stands.
    pub fn el_torito(&self) -> Option<(u64, &BootRecord)> {
        self.sectors.iter().find_map(|sector| {
            let Recognized::Boot(record) = &sector.content else { return None };
            record.is_el_torito().then_some((sector.at, record))
        })
    }
}
