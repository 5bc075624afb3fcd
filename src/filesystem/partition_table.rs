//! This module knows the partition tables that hybrid discs carry in their first sectors, as far as telling that they
//! are there, and where they end.

use super::probe::{Probe, cursor_at, has};
use super::volume::{SizeClaim, SizeSource, Volume, VolumeKind, sectors_for};
use crate::bytes::{Cursor, Truncated};
use crate::sector::{Lba, SectorCount};

/// A partition table beside the filesystems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PartitionTable {
    Mbr,
    Gpt,
    Apple,
}

/// What the first sectors tell.
#[derive(Debug, Default)]
pub(super) struct Tables {
    pub found: Vec<PartitionTable>,
    pub claims: Vec<SizeClaim>,
    pub volumes: Vec<Volume>,
}

/// Entries of an Apple partition map that are looked at; real ones have three or four.
const MOST_APPLE_ENTRIES: u32 = 8;
const DISK_SECTOR: u64 = 512;

pub(super) fn look(probe: &mut Probe<'_>) -> Tables {
    let mut tables = Tables::default();
    let Some(first) = probe.sector(Lba(0)) else { return tables };
    let bytes = first.as_slice();
    if has(bytes, 510, b"\x55\xAA")
        && let Ok(Some(end)) = mbr_end(bytes)
    {
        tables.found.push(PartitionTable::Mbr);
        tables.claim(SizeSource::MasterBootRecord, sectors_for(end.saturating_mul(DISK_SECTOR)));
    }
    if has(bytes, 512, b"EFI PART") {
        tables.found.push(PartitionTable::Gpt);
        if let Ok(last) = cursor_at(bytes, 512 + 32, "GPT header").le_u64() {
            tables
                .claim(SizeSource::GuidPartitionTable, sectors_for(last.saturating_add(1).saturating_mul(DISK_SECTOR)));
        }
    }
    if let Some(hfs) = hfs_at(bytes, 1024, 0) {
        tables.volumes.push(hfs);
    }
    apple(probe, bytes, &mut tables);
    tables
}

impl Tables {
    fn claim(&mut self, source: SizeSource, sectors: SectorCount) {
        self.claims.push(SizeClaim { source, sectors });
    }
}

/// The end of the last partition; `None` where the table has no entry, so that 55 AA is only the end of boot code.
fn mbr_end(bytes: &[u8]) -> Result<Option<u64>, Truncated> {
    let mut b = cursor_at(bytes, 446, "MBR");
    let mut end = None;
    for _ in 0..4 {
        let mut entry = b.sub(16)?;
        let status = entry.u8()?;
        entry.skip(3)?;
        let kind = entry.u8()?;
        entry.skip(3)?;
        let (start, count) = (entry.le_u32()?, entry.le_u32()?);
        if status & 0x7F != 0 {
            return Ok(None);
        }
        if kind != 0 && count != 0 {
            end = end.max(Some(u64::from(start).saturating_add(u64::from(count))));
        }
    }
    Ok(end)
}

/// Block sizes of 512 and 2048 are both usual; the entries tell which one it is.
fn apple(probe: &mut Probe<'_>, first: &[u8], tables: &mut Tables) {
    let block_bytes: u32 = if has(first, 512, b"PM") {
        512
    } else if has(first, 0, b"ER") && probe.sector(Lba(1)).is_some_and(|sector| has(sector.as_slice(), 0, b"PM")) {
        2048
    } else {
        return;
    };
    tables.found.push(PartitionTable::Apple);
    let mut end = 0;
    for index in 1..=MOST_APPLE_ENTRIES {
        let byte = index.saturating_mul(block_bytes);
        let Some(sector) = probe.sector(Lba(byte / 2048)) else { break };
        let entry = sector.get(usize::try_from(byte % 2048).unwrap_or(0)..).unwrap_or_default();
        let Ok((start, count, kind)) = apple_entry(entry) else { break };
        end = end.max(start.saturating_add(count));
        if kind.starts_with(b"Apple_HFS") {
            let byte = start.saturating_mul(u64::from(block_bytes)).saturating_add(1024);
            let at = SectorCount::whole_in(byte).map(|count| Lba(count.0));
            if let Some(sector) = at.and_then(|at| probe.sector(at)) {
                let offset = usize::try_from(byte % 2048).unwrap_or(0);
                tables.volumes.extend(hfs_at(sector.as_slice(), offset, byte.saturating_sub(1024)));
            }
        }
    }
    tables.claim(SizeSource::ApplePartitionMap, sectors_for(end.saturating_mul(u64::from(block_bytes))));
}

/// Start and length in blocks, and the type.
fn apple_entry(bytes: &[u8]) -> Result<(u64, u64, &[u8]), Truncated> {
    let mut b = Cursor::new(bytes, "Apple partition map");
    if b.take(2)? != b"PM" {
        return Err(Truncated { what: "Apple partition map", wanted: 512, left: 0 });
    }
    b.skip(6)?;
    let (start, count) = (b.be_u32()?.into(), b.be_u32()?.into());
    b.skip(32)?;
    Ok((start, count, b.take(32)?))
}

/// The volume whose header stands at `offset` of `bytes`, and that begins at byte `start` of the disc.
fn hfs_at(bytes: &[u8], offset: usize, start: u64) -> Option<Volume> {
    let mut b = cursor_at(bytes, offset, "HFS volume header");
    let size =
        |count: u32, block: u32| sectors_for(u64::from(count).saturating_mul(block.into()).saturating_add(start));
    match b.take(2).ok()? {
        b"BD" => {
            b.skip(16).ok()?;
            let (count, block) = (b.be_u16().ok()?, b.be_u32().ok()?);
            b.skip(12).ok()?;
            let length = b.u8().ok()?.min(27);
            let label = b.take(length.into()).ok()?;
            let label = label.iter().map(|&c| if c.is_ascii() { char::from(c) } else { char::REPLACEMENT_CHARACTER });
            let label = super::volume::trimmed(&label.collect::<String>());
            let is_plausible = block >= 512 && block.is_multiple_of(512);
            is_plausible.then(|| Volume { kind: VolumeKind::Hfs, label, sectors: Some(size(count.into(), block)) })
        }
        b"H+" | b"HX" => {
            b.skip(38).ok()?;
            let (block, count) = (b.be_u32().ok()?, b.be_u32().ok()?);
            let is_plausible = block >= 512 && block.is_power_of_two();
            is_plausible.then(|| Volume { kind: VolumeKind::HfsPlus, label: None, sectors: Some(size(count, block)) })
        }
        _ => None,
    }
}
