//! This module knows the file set descriptor, ECMA-167, 4/14.1, from which a tree hangs.

use super::block::Block;
use super::descriptor::judge_dstring;
use super::icb::LongAllocation;
use super::space::Space;
use super::volume::{BlockAddress, LogicalVolume};
use crate::bytes::{Cursor, Truncated};
use crate::filesystem::finding::Severity;
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;
use crate::filesystem::structure::StructureKind;

const FILE_SET: u16 = 256;

/// What leads on from there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSet {
    pub at: u64,
    pub root: LongAllocation,
    pub next: LongAllocation,
    pub system_streams: LongAllocation,
    /// Of the volume: 128 bytes, as recorded.
    pub identifier: Vec<u8>,
    /// Of the set, and of its copyright and abstract files: 32 bytes each.
    names: [[u8; 32]; 3],
    /// `None` where the domain is not that of UDF.
    pub revision: Option<u16>,
}

fn parse(at: u64, bytes: &[u8]) -> Result<FileSet, Truncated> {
    let mut b = Cursor::new(bytes, "file set descriptor");
    b.skip(112)?;
    let identifier = b.take(128)?.to_vec();
    b.skip(304 - 240)?;
    let names = [b.array()?, b.array()?, b.array()?];
    let root = LongAllocation::parse(&mut b)?;
    let mut domain = b.sub(32)?;
    domain.skip(1)?;
    let is_udf = domain.take(23)?.starts_with(b"*OSTA UDF Compliant");
    let revision = domain.le_u16()?;
    let (next, system_streams) = (LongAllocation::parse(&mut b)?, LongAllocation::parse(&mut b)?);
    Ok(FileSet { at, root, next, system_streams, identifier, names, revision: is_udf.then_some(revision) })
}

/// The one that counts: the last of all in the chain of their extents.
pub fn find(scan: &mut Scan<'_>, volume: &LogicalVolume) -> Option<FileSet> {
    let space = &volume.space;
    let mut found: Option<FileSet> = None;
    let (mut place, mut bytes) = (volume.file_set, volume.file_set_bytes);
    for _ in 0..scan.limits.chain {
        let Some(first) = read(scan, space, place) else { break };
        let next = last_in(scan, space, place, bytes, first, &mut found);
        if next.length == 0 || next.at == place {
            break;
        }
        (place, bytes) = (next.at, next.length);
    }
    let found = found?;
    if scan.judges() {
        judge(scan, volume, &found);
    }
    Some(found)
}

/// The first of an extent, which must be there.
fn read(scan: &mut Scan<'_>, space: &Space, place: BlockAddress) -> Option<FileSet> {
    let block = Block::read(scan, space, place, "the file set descriptor", None)?;
    let is_one = block.tagged().is_ok_and(|tagged| tagged.tag.identifier == FILE_SET);
    let set = parse(block.at, &block.bytes).ok().filter(|_| is_one);
    if set.is_none() {
        scan.find(Rule::U17, block.at, "tag", || "another descriptor stands where the file set should".to_owned());
    }
    set
}

/// Goes through those that follow in the same extent, up to one that is none. Where the chain goes on.
fn last_in(
    scan: &mut Scan<'_>,
    space: &Space,
    place: BlockAddress,
    bytes: u32,
    first: FileSet,
    found: &mut Option<FileSet>,
) -> LongAllocation {
    let count = bytes.checked_div(space.block_bytes).unwrap_or(0).min(scan.limits.chain);
    let mut last = first;
    scan.structures.add(StructureKind::FileSet, last.at, space.block_bytes.into());
    for offset in 1..count {
        let Some(block) = place.block.checked_add(offset) else { break };
        let Some(block) = Block::peek(scan, space, BlockAddress { block, ..place }) else { break };
        let is_one = block.tagged().is_ok_and(|tagged| tagged.tag.identifier == FILE_SET);
        // A terminating descriptor belongs to it as well.
        scan.structures.add(StructureKind::FileSet, block.at, space.block_bytes.into());
        let Some(set) = parse(block.at, &block.bytes).ok().filter(|_| is_one) else { break };
        last = set;
    }
    let next = last.next;
    *found = Some(last);
    next
}

fn judge(scan: &mut Scan<'_>, volume: &LogicalVolume, set: &FileSet) {
    if set.identifier != volume.identifier {
        scan.find_as(Rule::U17, Severity::Warning, set.at, "identifier", || {
            "the file set names another logical volume than its own".to_owned()
        });
    }
    judge_dstring(scan, set.at.saturating_add(112), &set.identifier, "the logical volume's name in the file set");
    let of = ["the file set's name", "the name of the copyright file", "the name of the abstract file"];
    for ((name, what), place) in set.names.iter().zip(of).zip(0_u64..) {
        judge_dstring(scan, set.at.saturating_add(304 + 32 * place), name, what);
    }
    match set.revision {
        None => scan.find_as(Rule::U17, Severity::Warning, set.at, "domain", || {
            "the domain of the file set is not that of UDF".to_owned()
        }),
        Some(revision) if revision != volume.revision => {
            scan.find_as(Rule::U17, Severity::Warning, set.at, "revision", || {
                format!("the file set is of revision {revision:04X}h, the volume of {:04X}h", volume.revision)
            });
        }
        Some(_) => {}
    }
}
