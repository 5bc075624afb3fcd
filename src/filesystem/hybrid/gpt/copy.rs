//! This module knows how one of the two copies of a GUID partition table is read, and what can be wrong with it.

use std::fmt;

use super::header::{self, Header};
use crate::filesystem::hybrid::BLOCK_BYTES;
use crate::filesystem::hybrid::table::Partition;
use crate::filesystem::scan::Scan;

/// A copy whose header was found.
#[derive(Debug, Clone)]
pub(in crate::filesystem::hybrid) struct Copy {
    /// Its header, in bytes from the start of the image.
    pub at: u64,
    pub header: Header,
    /// The bytes of its entries.
    pub entries_at: u64,
    /// Those in use, each with the byte at which its entry stands; as far as they could be read.
    pub partitions: Vec<(u64, Partition)>,
    /// The first thing that is wrong with it, and where.
    pub fault: Option<(u64, Fault)>,
}

/// What is wrong with a copy. `Display` is a predicate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::filesystem::hybrid) enum Fault {
    Length(u32),
    Crc { said: u32, found: u32 },
    Place { said: u64, found: u64 },
    Entries { count: u32, bytes: u32 },
    EntriesUnread,
    EntriesCrc { said: u32, found: u32 },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Length(said) => write!(f, "says that it is {said} bytes long, and 92 to 512 are possible"),
            Fault::Crc { said, found } => write!(f, "has the CRC {found:08X}h, and says {said:08X}h"),
            Fault::Place { said, found } => write!(f, "says that it is in block {said}, and stands in {found}"),
            Fault::Entries { count, bytes } => write!(f, "has {count} entries of {bytes} bytes, which nobody reads"),
            Fault::EntriesUnread => f.write_str("has entries that cannot be read"),
            Fault::EntriesCrc { said, found } => {
                write!(f, "has entries whose CRC is {found:08X}h, and says {said:08X}h")
            }
        }
    }
}

impl Copy {
    /// The one whose header stands in `block`; `None` where there is no header.
    pub fn read(scan: &mut Scan<'_>, block: u64, block_bytes: u64) -> Option<Self> {
        let at = block.checked_mul(block_bytes)?;
        let bytes: [u8; BLOCK_BYTES] = scan.reader.array(at).ok()?;
        let header = Header::parse(&bytes)?;
        let entries_at = header.entries_at.saturating_mul(block_bytes);
        let mut copy = Self { at, header, entries_at, partitions: Vec::new(), fault: None };
        let of_header = match header.computed {
            None => Some(Fault::Length(header.length)),
            Some(found) if found != header.crc => Some(Fault::Crc { said: header.crc, found }),
            Some(_) if header.own != block => Some(Fault::Place { said: header.own, found: block }),
            Some(_) if header.array_bytes().is_none() => {
                Some(Fault::Entries { count: header.count, bytes: header.entry_bytes })
            }
            Some(_) => None,
        };
        let of_entries = copy.read_entries(scan, block_bytes);
        copy.fault = of_header.map(|fault| (at, fault)).or(of_entries.map(|fault| (entries_at, fault)));
        Some(copy)
    }

    pub fn is_sound(&self) -> bool {
        self.fault.is_none()
    }

    fn read_entries(&mut self, scan: &mut Scan<'_>, block_bytes: u64) -> Option<Fault> {
        let header = self.header;
        // Without a possible size there is nothing to be read, and that is a fault of the header.
        header.array_bytes()?;
        let length = usize::try_from(header.entry_bytes).ok()?;
        let mut crc = crc32fast::Hasher::new();
        for number in 0..u64::from(header.count) {
            let at = self.entries_at.saturating_add(number * u64::from(header.entry_bytes));
            let Ok(entry) = scan.reader.bytes(at, length) else { return Some(Fault::EntriesUnread) };
            crc.update(&entry);
            self.partitions.extend(header::partition(&entry, block_bytes).map(|partition| (at, partition)));
        }
        let found = crc.finalize();
        (found != header.entries_crc).then_some(Fault::EntriesCrc { said: header.entries_crc, found })
    }
}
