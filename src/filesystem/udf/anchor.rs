//! This module knows anchors: ECMA-167, 3/10.2, and where OSTA UDF 2.2.3 has them; rule U02.

use super::descriptor::{Extent, VolumeDescriptor};
use super::tag::{TagError, Tagged};
use crate::filesystem::finding::{Draft, Origin, Severity};
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;
use crate::filesystem::structure::StructureKind;
use crate::sector::{Lba, SECTOR_BYTES};

/// Blocks behind the start of a session.
const FIRST: u32 = 256;
/// Of a disc that is still open: UDF 6.10.
const OPEN: u32 = 512;
/// That of optical discs first; the others are images of disks, or of careless writers.
const BLOCK_SIZES: [u32; 4] = [2048, 512, 1024, 4096];
/// Blocks of padding behind the last anchor, as writers of CDs leave it.
const PADDING: [u32; 2] = [150, 152];
/// Some programs fill 150 or 257 blocks at the end with anchors.
const MOST_IN_A_ROW: u32 = 1024;

/// What the first good anchor says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// The block size by which it stands where it says that it stands.
    pub block_bytes: u32,
    /// Absolute block.
    pub block: u32,
    pub main: Extent,
    pub reserve: Extent,
}

impl Anchor {
    /// The anchor that stands at a block, if there is one. A damaged one is an error, anything else is none.
    fn read(scan: &mut Scan<'_>, block_bytes: u32, block: u32) -> Result<Option<Self>, TagError> {
        let at = u64::from(block).saturating_mul(block_bytes.into());
        let Ok(bytes) = scan.reader.bytes(at, block_bytes as usize) else { return Ok(None) };
        let tagged = match Tagged::parse(&bytes, block) {
            Ok(tagged) => tagged,
            Err(error) if bytes.starts_with(&[2, 0, 2]) || bytes.starts_with(&[2, 0, 3]) => return Err(error),
            Err(_) => return Ok(None),
        };
        let extents = VolumeDescriptor::parse(&tagged)?.anchor();
        Ok(extents.map(|(main, reserve)| Self { block_bytes, block, main, reserve }))
    }

    /// In bytes.
    pub fn at(&self) -> u64 {
        u64::from(self.block).saturating_mul(self.block_bytes.into())
    }
}

/// Whether `bytes`, which stand at an absolute block, are an anchor.
pub fn is_anchor(bytes: &[u8], block: u64) -> bool {
    let Ok(block) = u32::try_from(block) else { return false };
    let found = Tagged::parse(bytes, block).and_then(|tagged| VolumeDescriptor::parse(&tagged).map_err(TagError::from));
    matches!(found, Ok(VolumeDescriptor::Anchor { .. }))
}

/// The first good anchor of the session that begins at `start`. Unless UDF `is_announced`, only the usual place is
/// looked at.
pub fn find(scan: &mut Scan<'_>, start: Lba, is_announced: bool) -> Option<Anchor> {
    let sizes = if is_announced { BLOCK_SIZES.as_slice() } else { BLOCK_SIZES.split_at(1).0 };
    for &block_bytes in sizes {
        let place = session(start, block_bytes)?.checked_add(FIRST)?;
        if let Ok(Some(anchor)) = Anchor::read(scan, block_bytes, place) {
            return Some(anchor);
        }
    }
    for &block_bytes in sizes.iter().filter(|_| is_announced) {
        for place in others(scan, start, block_bytes) {
            if let Ok(Some(anchor)) = Anchor::read(scan, block_bytes, place) {
                return Some(anchor);
            }
        }
    }
    None
}

/// The block at which a session begins.
fn session(start: Lba, block_bytes: u32) -> Option<u32> {
    u32::try_from(start.byte_offset() / u64::from(block_bytes)).ok()
}

/// Where else there may be one.
fn others(scan: &Scan<'_>, start: Lba, block_bytes: u32) -> Vec<u32> {
    let Some(first) = session(start, block_bytes) else { return Vec::new() };
    let count = scan.reader.length().checked_div(block_bytes.into()).unwrap_or(0);
    let last = u32::try_from(count.saturating_sub(1)).unwrap_or(u32::MAX);
    let padded = PADDING.into_iter().map(|padding| last.saturating_sub(padding));
    let ends = [last].into_iter().chain(padded).flat_map(|end| [end, end.saturating_sub(FIRST)]);
    let wanted = ends.chain([first.saturating_add(OPEN)]);
    wanted.filter(|&block| block > first.saturating_add(FIRST)).collect()
}

/// U02. `behind`: the first block behind the last partition, where an anchor is likely. `is_growing`: of a disc that is
/// written bit by bit, which has its second anchor only in the end.
pub fn judge(scan: &mut Scan<'_>, start: Lba, anchor: &Anchor, behind: Option<u32>, is_growing: bool) {
    let block_bytes = anchor.block_bytes;
    let first = session(start, block_bytes).unwrap_or(0).saturating_add(FIRST);
    let mut places = vec![first];
    places.extend(behind);
    places.extend(others(scan, start, block_bytes));
    places.sort_unstable();
    places.dedup();
    let mut found = 0_u32;
    for place in places {
        let at = u64::from(place).saturating_mul(block_bytes.into());
        match Anchor::read(scan, block_bytes, place) {
            Ok(Some(other)) => {
                scan.structures.add(StructureKind::Anchor, at, block_bytes.into());
                found += 1;
                if (other.main, other.reserve) != (anchor.main, anchor.reserve) {
                    different(scan, start, anchor, &other);
                }
            }
            Err(error) => scan.find_as(Rule::U02, Severity::Warning, at, "broken", || {
                format!("the anchor at block {place} is broken: {error}; that at block {} is used", anchor.block)
            }),
            Ok(None) if place == first => scan.find_as(Rule::U02, Severity::Warning, at, "first", || {
                format!("no anchor stands at block {first}; that at block {} is used", anchor.block)
            }),
            Ok(None) => {}
        }
    }
    if found < 2 && !is_growing {
        scan.find_as(Rule::U02, Severity::Warning, anchor.at(), "one", || {
            format!("one anchor was found, at block {}, where two or three should be", anchor.block)
        });
    }
    run_at_end(scan, block_bytes, first);
}

/// On a disc of several sessions each has its own.
fn different(scan: &mut Scan<'_>, start: Lba, anchor: &Anchor, other: &Anchor) {
    if start != Lba(0) {
        return;
    }
    scan.find_as(Rule::U02, Severity::Warning, other.at(), "different", || {
        format!(
            "the anchor at block {} has the descriptors at block {}, that at block {} at block {}; the latter is used",
            other.block, other.main.location, anchor.block, anchor.main.location
        )
    });
}

/// Anchors up to the last block, as some programs pad.
fn run_at_end(scan: &mut Scan<'_>, block_bytes: u32, first: u32) {
    let count = scan.reader.length().checked_div(block_bytes.into()).unwrap_or(0);
    let last = u32::try_from(count.saturating_sub(1)).unwrap_or(u32::MAX);
    let mut begin = None;
    for place in (first.saturating_add(1)..=last).rev().take(MOST_IN_A_ROW as usize) {
        if !matches!(Anchor::read(scan, block_bytes, place), Ok(Some(_))) {
            break;
        }
        begin = Some(place);
    }
    if let Some(begin) = begin.filter(|&begin| begin < last) {
        let start = u64::from(begin).saturating_mul(block_bytes.into());
        let blocks = u64::from(last - begin) + 1;
        scan.structures.add(StructureKind::Anchor, start, blocks.saturating_mul(block_bytes.into()));
    }
}

/// U02: UDF is announced, and there is no anchor at all.
pub fn none(scan: &mut Scan<'_>, start: Lba) {
    let at = start.byte_offset().saturating_add(u64::from(FIRST) * SECTOR_BYTES as u64);
    let origin = if at < scan.reader.length() { scan.origin_at(at) } else { Origin::Truncation };
    let draft = Draft { rule: Rule::U02, severity: Severity::Error, origin, at: Some(at), subject: "none", path: None };
    scan.add(draft, || "UDF is announced, and none of the places for an anchor has one".to_owned());
}
