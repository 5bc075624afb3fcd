//! This module knows sparing tables, which say where packets went that wore out: OSTA UDF 2.2.12.

use super::space::Spared;
use super::tag::{TAG_BYTES, TagError, Tagged};
use crate::bytes::{Cursor, Truncated};
use crate::filesystem::finding::Severity;
use crate::filesystem::reader::ReadError;
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;
use crate::filesystem::structure::StructureKind;

/// A partition of packets, as map and descriptor give it.
#[derive(Debug, Clone, Copy)]
pub struct Packets<'a> {
    pub block_bytes: u32,
    pub packet_blocks: u16,
    /// Of the partition, in blocks.
    pub length: u32,
    /// Absolute blocks.
    pub tables: &'a [u32],
    /// Of each table.
    pub table_bytes: u32,
}

struct Table {
    at: u64,
    sequence: u32,
    entries: Vec<Spared>,
}

#[derive(Debug, Clone, Copy, thiserror::Error)]
enum TableError {
    #[error("{0}")]
    Unread(#[from] ReadError),
    #[error("{0}")]
    Tag(#[from] TagError),
    #[error("it does not have the name of one")]
    Name,
}

impl From<Truncated> for TableError {
    fn from(error: Truncated) -> Self {
        Self::Tag(TagError::Truncated(error))
    }
}

/// From there on: free, or worn out itself.
const NO_PACKET: u32 = 0xFFFF_FFF0;
/// Bytes in front of the entries.
const HEAD: usize = 56;

/// The packets that lie elsewhere, sorted.
pub fn read(scan: &mut Scan<'_>, packets: &Packets<'_>) -> Vec<Spared> {
    let mut tables: Vec<Table> = Vec::new();
    let mut last_bad = None;
    for &block in packets.tables {
        let at = u64::from(block).saturating_mul(packets.block_bytes.into());
        // Listing needs one of them.
        if !scan.judges() && !tables.is_empty() {
            break;
        }
        match read_table(scan, packets, block) {
            Ok(table) => tables.push(table),
            Err(error) => {
                last_bad = Some(at);
                scan.find_as(Rule::U13, Severity::Warning, at, "broken", || {
                    format!("a sparing table is broken: {error}")
                });
            }
        }
    }
    let Some(best) = tables.iter().rev().max_by_key(|table| table.sequence) else {
        let at = last_bad.unwrap_or(0);
        scan.find(Rule::U13, at, "none", || {
            "no sparing table can be used, so that packets which wore out are read where they were".to_owned()
        });
        return Vec::new();
    };
    if scan.judges() {
        for other in tables.iter().filter(|other| other.entries != best.entries) {
            scan.find_as(Rule::U13, Severity::Warning, other.at, "different", || {
                format!(
                    "two sparing tables say different things; that with sequence number {} is used, not that with {}",
                    best.sequence, other.sequence
                )
            });
        }
        judge(scan, packets, best);
    }
    let packet = u32::from(packets.packet_blocks);
    let is_possible =
        |spared: &&Spared| spared.original < packets.length && spared.original.checked_rem(packet) == Some(0);
    let mut entries: Vec<Spared> = best.entries.iter().filter(is_possible).copied().collect();
    entries.sort_unstable();
    entries.dedup_by_key(|spared| spared.original);
    entries
}

fn read_table(scan: &mut Scan<'_>, packets: &Packets<'_>, block: u32) -> Result<Table, TableError> {
    let at = u64::from(block).saturating_mul(packets.block_bytes.into());
    let first: [u8; HEAD] = scan.reader.array(at)?;
    let tag = super::tag::Tag::parse(&mut Cursor::new(&first, "sparing table"))?;
    let mut count = Cursor::new(&first, "sparing table");
    count.skip(48)?;
    let count = usize::from(count.le_u16()?);
    // Both counts have 16 bits: neither makes this large.
    let covered = (usize::from(tag.crc_length) + TAG_BYTES).max(HEAD + count * 8);
    let length = covered.next_multiple_of(packets.block_bytes.max(1) as usize);
    let bytes = scan.reader.bytes(at, length)?;
    let tagged = Tagged::parse(&bytes, block)?;
    if tagged.tag.identifier != 0 {
        return Err(TableError::Name);
    }
    let mut b = Cursor::new(tagged.block, "sparing table");
    b.skip(TAG_BYTES + 1)?;
    if !b.take(31)?.starts_with(b"*UDF Sparing Table") {
        return Err(TableError::Name);
    }
    b.skip(4)?;
    let sequence = b.le_u32()?;
    let mut entries = Vec::new();
    for _ in 0..count {
        entries.push(Spared { original: b.le_u32()?, mapped: b.le_u32()? });
    }
    scan.structures.add(StructureKind::SparingTable, at, packets.table_bytes.into());
    Ok(Table { at, sequence, entries })
}

fn judge(scan: &mut Scan<'_>, packets: &Packets<'_>, table: &Table) {
    let packet = u32::from(packets.packet_blocks);
    let packet_bytes = u64::from(packet).saturating_mul(packets.block_bytes.into());
    if !table.entries.is_sorted_by_key(|spared| spared.original) {
        scan.find_as(Rule::U13, Severity::Warning, table.at, "order", || {
            "the entries of a sparing table are not in order, so that other readers may not find them".to_owned()
        });
    }
    let length = scan.reader.length();
    for spared in &table.entries {
        let start = u64::from(spared.mapped).saturating_mul(packets.block_bytes.into());
        scan.structures.add(StructureKind::SparePackets, start, packet_bytes);
        if spared.original >= NO_PACKET {
            continue;
        }
        if spared.original >= packets.length || spared.original.checked_rem(packet) != Some(0) {
            scan.find_as(Rule::U13, Severity::Warning, table.at, "original", || {
                format!(
                    "a sparing table replaces a packet at block {}, in a partition of {} blocks in packets of {packet}",
                    spared.original, packets.length
                )
            });
        } else if start.saturating_add(packet_bytes) > length {
            let missing = start.saturating_add(packet_bytes) - length;
            scan.find(Rule::U13, start, "outside", || {
                format!(
                    "the packet in place of that at block {} lacks {missing} bytes: the image ends",
                    spared.original
                )
            });
        }
    }
}
