//! This module knows how the entry of a file is reached: at once, or through all that it replaced (strategy 4096).

use super::block::{Block, PathOf};
use super::icb::{FileEntry, indirect, strategy};
use super::space::Space;
use super::volume::BlockAddress;
use crate::filesystem::finding::Severity;
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;
use crate::filesystem::structure::StructureKind;

/// What it is called in findings.
const ENTRY: &str = "a file entry";
/// ECMA-167, 4/A.2, and UDF 6.6.
pub const PLAIN: u16 = 4;
pub const CHAINED: u16 = 4096;

/// The entry that counts.
pub struct Entry {
    pub block: Block,
    /// Where it stands, which of strategy 4096 is not where the name leads.
    pub home: BlockAddress,
}

impl Entry {
    /// The fields; `None` where the block is too short for them.
    pub fn parse(&self) -> Option<FileEntry<'_>> {
        FileEntry::parse(&self.block.tagged().ok()?).ok().flatten()
    }
}

/// The newest entry of the ICB at `icb`; `None` where there is none, which is told.
pub fn reach(scan: &mut Scan<'_>, space: &Space, icb: BlockAddress, path: PathOf<'_>) -> Option<Entry> {
    let mut newest = read(scan, space, icb, path)?;
    for _ in 0..scan.limits.chain {
        let tagged = newest.block.tagged().ok()?;
        if strategy(&tagged) != Some(CHAINED) {
            return Some(newest);
        }
        scan.repeated_bytes = scan.repeated_bytes.saturating_add(space.block_bytes.into());
        if scan.repeated_bytes > scan.limits.metadata_bytes {
            scan.cut(ENTRY, "there are more of them than any disc has");
            newest.block.is_suspect = true;
            return Some(newest);
        }
        let Some(next) = following(scan, space, newest.home) else { return Some(newest) };
        match read(scan, space, next, path) {
            Some(entry) => newest = entry,
            None => {
                newest.block.is_suspect = true;
                return Some(newest);
            }
        }
    }
    scan.find_of(Rule::U09, Severity::Error, newest.block.at, "chain", path, || {
        "entries of a file lead on to more of them than any file has, or to each other".to_owned()
    });
    newest.block.is_suspect = true;
    Some(newest)
}

fn read(scan: &mut Scan<'_>, space: &Space, at: BlockAddress, path: PathOf<'_>) -> Option<Entry> {
    let block = Block::read(scan, space, at, ENTRY, path)?;
    let entry = Entry { block, home: at };
    if entry.parse().is_none() {
        let found = entry.block.tagged().map_or(0, |tagged| tagged.tag.identifier);
        scan.find_of(Rule::U09, Severity::Error, entry.block.at, "identifier", path, || {
            format!("descriptor {found} stands where a file entry should")
        });
        return None;
    }
    scan.structures.add(StructureKind::FileEntry, entry.block.at, space.block_bytes.into());
    Some(entry)
}

/// Where the entry that replaces the one at `home` is: an indirect entry in the next block says so. Nothing is recorded
/// there as long as there is none.
fn following(scan: &mut Scan<'_>, space: &Space, home: BlockAddress) -> Option<BlockAddress> {
    let beside = BlockAddress { block: home.block.checked_add(1)?, ..home };
    let block = Block::peek(scan, space, beside)?;
    let next = indirect(&block.tagged().ok()?)?;
    scan.structures.add(StructureKind::FileEntry, block.at, space.block_bytes.into());
    Some(next.at)
}
