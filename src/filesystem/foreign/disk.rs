//! This module knows images of hard disks and sticks, by their filesystems and partition tables.

use super::ForeignKind;
use crate::bytes::Cursor;
use crate::filesystem::hybrid::is_hard_disk;
use crate::filesystem::probe::{Probe, has};

const EXT_AT: u64 = 1024;
const EXT_MAGIC_AT: usize = 56;
const BTRFS_MAGIC_AT: u64 = 65536 + 64;

pub(super) fn of(probe: &mut Probe<'_>) -> Option<ForeignKind> {
    let first: [u8; 512] = probe.bytes(0)?;
    if has(&first, 3, b"NTFS    ") {
        return Some(ForeignKind::Ntfs);
    }
    if has(&first, 3, b"EXFAT   ") {
        return Some(ForeignKind::ExFat);
    }
    if is_fat(&first) == Some(true) {
        return Some(ForeignKind::Fat);
    }
    if probe.bytes::<64>(EXT_AT).is_some_and(|block| is_ext(&block) == Some(true)) {
        return Some(ForeignKind::Ext);
    }
    if probe.bytes::<8>(BTRFS_MAGIC_AT).is_some_and(|found| found == *b"_BHRfS_M") {
        return Some(ForeignKind::Btrfs);
    }
    let image = probe.sector_count().bytes();
    let is_partitioned =
        is_hard_disk(&first, image) || probe.bytes::<8>(512).is_some_and(|found| found == *b"EFI PART");
    is_partitioned.then_some(ForeignKind::PartitionedDisk)
}

/// A boot sector whose numbers are possible.
fn is_fat(first: &[u8]) -> Option<bool> {
    let mut b = Cursor::new(first, "boot sector");
    let jump = b.u8().ok()?;
    b.skip(10).ok()?;
    let (sector, cluster) = (b.le_u16().ok()?, b.u8().ok()?);
    let (reserved, copies) = (b.le_u16().ok()?, b.u8().ok()?);
    b.skip(4).ok()?;
    let media = b.u8().ok()?;
    let is_possible = matches!(sector, 512 | 1024 | 2048 | 4096) && cluster.is_power_of_two() && reserved > 0;
    let is_signed = first.last_chunk() == Some(&[0x55, 0xAA]);
    Some(is_signed && is_possible && matches!(jump, 0xEB | 0xE9) && matches!(copies, 1 | 2) && media >= 0xF0)
}

/// A superblock, with blocks of 64 KiB at most.
fn is_ext(block: &[u8]) -> Option<bool> {
    let mut b = Cursor::new(block, "superblock");
    b.skip(24).ok()?;
    let size_log2 = b.le_u32().ok()?;
    Some(has(block, EXT_MAGIC_AT, b"\x53\xEF") && size_log2 <= 6)
}
