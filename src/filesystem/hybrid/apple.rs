//! This module knows Apple's partition map: a driver descriptor in block 0, and a partition in each block behind it.

use super::table::{Partition, PartitionKind};
use crate::bytes::Cursor;

/// Real maps have three to eight.
const MOST_ENTRIES: u32 = 64;
const DRIVER: &[u8] = b"ER";
const MAP: &[u8] = b"PM";
const BLOCK_SIZES: [u64; 2] = [512, 2048];

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Map {
    /// Of a block, in bytes.
    pub block_bytes: u64,
    /// Whether there is a driver descriptor, too.
    pub has_driver: bool,
    pub slots: Vec<Slot>,
}

/// A block of the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot {
    /// In bytes from the start of the image.
    pub at: u64,
    pub partition: Partition,
    /// Blank slots have no signature on some discs.
    pub is_signed: bool,
}

impl Map {
    /// `read` has 512 bytes of the image from a byte on.
    pub fn find(read: &mut dyn FnMut(u64) -> Option<[u8; 512]>) -> Option<Self> {
        let first = read(0)?;
        let mut b = Cursor::new(&first, "driver descriptor");
        let has_driver = b.take(2).ok()? == DRIVER;
        let said = b.be_u16().ok().map(u64::from).filter(|said| has_driver && BLOCK_SIZES.contains(said));
        // Both sizes may be there at once, for one reader each; the larger one is not believed by itself.
        let sizes = said.into_iter().chain(BLOCK_SIZES.into_iter().filter(|size| has_driver || *size == 512));
        let mut found = None;
        for block_bytes in sizes {
            if let Some(count) = read(block_bytes).and_then(|block| count(&block)) {
                found = Some((block_bytes, count));
                break;
            }
        }
        let (block_bytes, count) = found?;
        let mut slots = Vec::new();
        for number in 1..=count.min(MOST_ENTRIES) {
            let at = u64::from(number) * block_bytes;
            let Some(slot) = read(at).and_then(|block| slot(at, &block, block_bytes)) else { break };
            if !slot.is_signed && count > MOST_ENTRIES {
                break;
            }
            slots.push(slot);
        }
        Some(Self { block_bytes, has_driver, slots })
    }

    pub fn partitions(&self) -> impl Iterator<Item = Partition> + '_ {
        self.slots.iter().filter(|slot| slot.is_signed && slot.partition.bytes > 0).map(|slot| slot.partition)
    }

    pub fn end(&self) -> Option<u64> {
        self.partitions().map(|partition| partition.end()).max()
    }
}

/// How many entries there are, as the first one says.
fn count(block: &[u8]) -> Option<u32> {
    let mut b = Cursor::new(block, "Apple partition map");
    if b.take(2).ok()? != MAP {
        return None;
    }
    b.skip(2).ok()?;
    b.be_u32().ok().filter(|count| *count > 0)
}

fn slot(at: u64, block: &[u8], block_bytes: u64) -> Option<Slot> {
    let mut b = Cursor::new(block, "Apple partition map");
    let is_signed = b.take(2).ok()? == MAP;
    b.skip(6).ok()?;
    let (start, count) = (u64::from(b.be_u32().ok()?), u64::from(b.be_u32().ok()?));
    b.skip(32).ok()?;
    let kind = PartitionKind::Apple(b.array().ok()?);
    let bytes = |blocks: u64| blocks.saturating_mul(block_bytes);
    Some(Slot { at, partition: Partition { start: bytes(start), bytes: bytes(count), kind }, is_signed })
}
