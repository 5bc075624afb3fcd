//! This module knows the header of a GUID partition table and its entries (UEFI 5.3).

use crate::bytes::Cursor;
use crate::filesystem::hybrid::table::{Partition, PartitionKind};

pub(in crate::filesystem::hybrid) const SIGNATURE: &[u8] = b"EFI PART";
/// Of a header, and the shortest entry.
const HEADER_BYTES: u32 = 92;
const SHORTEST_ENTRY: u32 = 128;
const LONGEST_ENTRY: u32 = 4096;
/// Of all entries: real ones have 16 KiB or 32.
const MOST_BYTES: u64 = 1 << 20;
const CRC_AT: usize = 16;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::filesystem::hybrid) struct Header {
    /// Of the header, in bytes.
    pub length: u32,
    /// Of its bytes, as it says, and as they come to; `None` where it says a length that none has.
    pub crc: u32,
    pub computed: Option<u32>,
    /// In blocks, like all that follow: where this one is, and where the other.
    pub own: u64,
    pub alternate: u64,
    pub first_usable: u64,
    pub last_usable: u64,
    pub disk: [u8; 16],
    pub entries_at: u64,
    pub count: u32,
    /// Of an entry.
    pub entry_bytes: u32,
    pub entries_crc: u32,
}

impl Header {
    /// Of a block, or the first 512 bytes of one; `None` where no header is there.
    pub fn parse(block: &[u8]) -> Option<Self> {
        let mut b = Cursor::new(block, "GPT header");
        if b.take(8).ok()? != SIGNATURE {
            return None;
        }
        b.skip(4).ok()?;
        let (length, crc) = (b.le_u32().ok()?, b.le_u32().ok()?);
        b.skip(4).ok()?;
        Some(Self {
            length,
            crc,
            computed: crc_of(block, length),
            own: b.le_u64().ok()?,
            alternate: b.le_u64().ok()?,
            first_usable: b.le_u64().ok()?,
            last_usable: b.le_u64().ok()?,
            disk: b.array().ok()?,
            entries_at: b.le_u64().ok()?,
            count: b.le_u32().ok()?,
            entry_bytes: b.le_u32().ok()?,
            entries_crc: b.le_u32().ok()?,
        })
    }

    pub fn is_sound(&self) -> bool {
        self.computed == Some(self.crc)
    }

    /// Of all entries together; `None` where they are of a size that nobody reads.
    pub fn array_bytes(&self) -> Option<u64> {
        let is_readable = (SHORTEST_ENTRY..=LONGEST_ENTRY).contains(&self.entry_bytes);
        let bytes = u64::from(self.count).checked_mul(self.entry_bytes.into())?;
        (is_readable && bytes <= MOST_BYTES).then_some(bytes)
    }

    /// Whether the two headers are of the same table.
    pub fn agrees_with(&self, other: &Self) -> bool {
        let shared = |header: &Self| {
            let usable = (header.first_usable, header.last_usable);
            (header.disk, usable, header.count, header.entry_bytes, header.entries_crc)
        };
        shared(self) == shared(other)
    }
}

fn crc_of(block: &[u8], length: u32) -> Option<u32> {
    let length = usize::try_from(length).ok().filter(|_| length >= HEADER_BYTES)?;
    let mut crc = crc32fast::Hasher::new();
    crc.update(block.get(..CRC_AT)?);
    crc.update(&[0; 4]);
    crc.update(block.get(CRC_AT + 4..length)?);
    Some(crc.finalize())
}

/// An entry, where it is in use; with blocks of so many bytes.
pub(in crate::filesystem::hybrid) fn partition(entry: &[u8], block_bytes: u64) -> Option<Partition> {
    let mut b = Cursor::new(entry, "GPT entry");
    let kind: [u8; 16] = b.array().ok()?;
    b.skip(16).ok()?;
    let (first, last) = (b.le_u64().ok()?, b.le_u64().ok()?);
    let start = first.saturating_mul(block_bytes);
    let end = last.saturating_add(1).saturating_mul(block_bytes);
    let is_used = kind.iter().any(|&byte| byte != 0);
    is_used.then(|| Partition { start, bytes: end.saturating_sub(start), kind: PartitionKind::Gpt(kind) })
}
