//! This module knows the map of free space of a partition that can be written again: ECMA-167, 4/14.12, and rule U18.

use super::integrity::UNKNOWN;
use super::space::Space;
use super::tag::{TAG_BYTES, Tagged};
use super::volume::{BlockAddress, LogicalVolume};
use crate::bytes::Cursor;
use crate::filesystem::reader::ReadError;
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;
use crate::filesystem::structure::StructureKind;

/// Bytes in front of the bits.
const HEAD: usize = 24;

/// A bit a block of the partition, set where it is free.
struct Bitmap {
    at: u64,
    blocks: u32,
    bits: Vec<u8>,
}

impl Bitmap {
    /// ECMA-167, 4/14.12.
    fn read(scan: &mut Scan<'_>, space: &Space, place: BlockAddress, length: u32) -> Option<Self> {
        let pieces = match space.pieces(place.reference, place.block, length.into()) {
            Ok(pieces) => pieces,
            Err(inside) => {
                let at = space.locate(place.reference, place.block).unwrap_or(0);
                scan.find(Rule::U18, at, "outside", || {
                    format!("the map of free space has {length} bytes, of which {inside} lie in the partition")
                });
                return None;
            }
        };
        let at = pieces.first()?.start;
        let mut bytes = Vec::new();
        for piece in pieces {
            scan.structures.add(StructureKind::SpaceBitmap, piece.start, piece.length);
            let end = piece.start.saturating_add(piece.length);
            let mut start = piece.start;
            while start < end {
                let step = (end - start).min(u64::from(space.block_bytes));
                match scan.reader.bytes(start, usize::try_from(step).unwrap_or(0)) {
                    Ok(part) => bytes.extend(part),
                    Err(error) => {
                        if error != ReadError::Over {
                            scan.find(Rule::U18, start, "unread", || {
                                format!("a part of the map of free space cannot be read: {error}")
                            });
                        }
                        return None;
                    }
                }
                start = start.saturating_add(step);
            }
        }
        let parsed = Tagged::parse(&bytes, place.block);
        if let Err(error) = parsed {
            scan.find(Rule::U18, at, "broken", || format!("the map of free space is broken: {error}"));
            return None;
        }
        let mut b = Cursor::new(&bytes, "space bitmap");
        b.skip(TAG_BYTES).ok()?;
        let blocks = b.le_u32().ok()?;
        Some(Self { at, blocks, bits: bytes.get(HEAD..).unwrap_or_default().to_vec() })
    }

    fn is_free(&self, block: u32) -> bool {
        let byte = usize::try_from(block / 8).ok().and_then(|index| self.bits.get(index));
        byte.is_some_and(|byte| byte >> (block % 8) & 1 == 1)
    }

    /// Bits behind the last block mean nothing.
    fn free(&self) -> u32 {
        let whole = usize::try_from(self.blocks / 8).unwrap_or(usize::MAX);
        let ones: u32 = self.bits.iter().take(whole).map(|byte| byte.count_ones()).sum();
        let rest = (self.blocks - self.blocks % 8..self.blocks).filter(|&block| self.is_free(block)).count();
        ones.saturating_add(u32::try_from(rest).unwrap_or(0))
    }
}

/// What is in use: byte ranges of the image.
pub fn judge(scan: &mut Scan<'_>, volume: &LogicalVolume, used: &[(u64, u64)]) {
    for &(reference, place, length) in &volume.bitmaps {
        if let Some(map) = Bitmap::read(scan, &volume.space, place, length) {
            judge_map(scan, volume, reference, &map, used);
        }
    }
}

fn judge_map(scan: &mut Scan<'_>, volume: &LogicalVolume, reference: u16, map: &Bitmap, used: &[(u64, u64)]) {
    let blocks = volume.space.blocks(reference);
    if map.blocks != blocks {
        let found = map.blocks;
        scan.find(Rule::U18, map.at, "blocks", || {
            format!("the map of free space is of {found} blocks, and its partition has {blocks}")
        });
    }
    if let Some(integrity) = &volume.integrity
        && integrity.is_closed
        && let Some(&recorded) = integrity.free.get(usize::from(reference))
        && recorded != UNKNOWN
    {
        let free = map.free();
        if recorded != free {
            scan.find(Rule::U18, map.at, "free", || {
                format!("{free} blocks are free by the map, {recorded} by the integrity descriptor")
            });
        }
    }
    let block_bytes = u64::from(volume.space.block_bytes).max(1);
    let Some(start) = volume.space.locate(reference, 0) else { return };
    let end = start.saturating_add(u64::from(blocks).saturating_mul(block_bytes));
    for &(from, to) in used {
        // Bytes outside belong to the volume, or to other partitions.
        let (from, to) = (from.max(start), to.min(end));
        let mut at = from;
        while at < to {
            let block = u32::try_from((at - start) / block_bytes).unwrap_or(u32::MAX);
            if map.is_free(block) {
                let byte = map.at.saturating_add(HEAD as u64).saturating_add(u64::from(block / 8));
                scan.find(Rule::U18, byte, "used", || {
                    format!("block {block} is in use, and free by the map: the next program that writes will lose it")
                });
                break;
            }
            at = (at - start) / block_bytes * block_bytes + block_bytes + start;
        }
    }
}
