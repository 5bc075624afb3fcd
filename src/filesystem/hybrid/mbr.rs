//! This module knows the master boot record of PCs: boot code, and four partitions in units of 512 bytes.

use super::BLOCK;
use super::table::{Partition, PartitionKind};
use crate::bytes::Cursor;

/// Where the table begins, and how long each of its entries is.
pub(super) const ENTRIES_AT: u64 = 446;
pub(super) const ENTRY_BYTES: u64 = 16;
const SIGNATURE: &[u8] = b"\x55\xAA";
/// A partition that keeps others away from a GUID partition table.
pub(super) const PROTECTIVE: u8 = 0xEE;
/// Starts that may be those of the whole image: boot code aside, or nothing.
const FIRST_STARTS: [u32; 2] = [0, 1];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MasterBootRecord {
    /// Where isohybrid's boot code finds isolinux, in units of 512 bytes: byte 432.
    pub boot_image: u32,
    pub entries: [Entry; 4],
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Entry {
    /// 80h: to be booted from, 00h: not.
    pub flag: u8,
    pub kind: u8,
    /// In units of 512 bytes.
    pub start: u32,
    pub count: u32,
}

impl Entry {
    fn parse(b: &mut Cursor<'_>) -> Option<Self> {
        let flag = b.u8().ok()?;
        b.skip(3).ok()?;
        let kind = b.u8().ok()?;
        b.skip(3).ok()?;
        Some(Self { flag, kind, start: b.le_u32().ok()?, count: b.le_u32().ok()? })
    }

    pub fn has_flag_of_partitions(&self) -> bool {
        self.flag & 0x7F == 0
    }

    /// In bytes.
    pub fn start(&self) -> u64 {
        u64::from(self.start) * BLOCK
    }

    /// In bytes: the first one behind it.
    pub fn end(&self) -> u64 {
        (u64::from(self.start) + u64::from(self.count)) * BLOCK
    }

    /// Type 0 with a length is what hybrid makers call the whole image.
    pub fn is_used(&self) -> bool {
        self.count != 0
    }

    pub fn partition(&self) -> Partition {
        let start = self.start();
        Partition { start, bytes: self.end().saturating_sub(start), kind: PartitionKind::Mbr(self.kind) }
    }

    /// Nothing, a partition, or a partition whose flag was damaged.
    fn is_possible(&self, image: u64) -> bool {
        self.has_flag_of_partitions() || self.is_used() && self.end() <= image
    }
}

impl MasterBootRecord {
    /// That of an image of so many bytes; `None` where its first 512 are none: boot code may end in 55 AA as well, and where
    /// a table should be it has text or more code.
    pub fn parse(block: &[u8], image: u64) -> Option<Self> {
        let mut b = Cursor::new(block, "master boot record");
        b.skip(432).ok()?;
        let boot_image = b.le_u32().ok()?;
        b.skip(10).ok()?;
        let mut entries = [Entry::default(); 4];
        for entry in &mut entries {
            *entry = Entry::parse(&mut b)?;
        }
        let is_signed = b.take(2).ok()? == SIGNATURE;
        let is_possible = entries.iter().all(|entry| entry.is_possible(image));
        let odd = entries.iter().filter(|entry| !entry.has_flag_of_partitions()).count();
        let is_used = entries.iter().any(Entry::is_used);
        (is_signed && is_possible && odd <= 1 && is_used).then_some(Self { boot_image, entries })
    }

    pub fn used(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.is_used())
    }

    /// With its byte in the image.
    pub fn placed(&self) -> impl Iterator<Item = (u64, &Entry)> {
        let places = (0..).map(|index| ENTRIES_AT + index * ENTRY_BYTES);
        places.zip(&self.entries).filter(|(_, entry)| entry.is_used())
    }

    pub fn protective(&self) -> Option<&Entry> {
        self.used().find(|entry| entry.kind == PROTECTIVE)
    }

    /// Whether nothing is in it but protection.
    pub fn only_protects(&self) -> bool {
        self.used().all(|entry| entry.kind == PROTECTIVE && FIRST_STARTS.contains(&entry.start))
    }

    /// The end of the last partition, in bytes; where a GUID partition table is protected, that one knows.
    pub fn end(&self) -> Option<u64> {
        self.used().map(Entry::end).max().filter(|_| self.protective().is_none())
    }
}
