//! This module knows the logical volume integrity descriptor: ECMA-167, 3/10.10, and OSTA UDF 2.2.6.

use super::descriptor::Extent;
use super::space::{Partition, Space};
use super::tag::{TAG_BYTES, TagError, Tagged};
use super::volume::Integrity;
use crate::bytes::{Cursor, Truncated};
use crate::filesystem::finding::{Draft, Origin, Severity};
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;
use crate::filesystem::structure::StructureKind;

/// What is not known is said so.
pub const UNKNOWN: u32 = u32::MAX;
/// UDF 2.2.6.4: bytes of what implementations say, as far as UDF gives it a meaning.
const USE_BYTES: u32 = 46;

/// The descriptor that prevails: the last one that is sound. `None` where there is none.
pub fn read(scan: &mut Scan<'_>, block_bytes: u32, first: Extent) -> Option<Integrity> {
    let mut found = None;
    let mut part = Some(first).filter(|extent| extent.length > 0);
    let mut left = scan.limits.chain;
    while let Some(extent) = part.take() {
        let start = u64::from(extent.location).saturating_mul(block_bytes.into());
        scan.structures.add(StructureKind::IntegritySequence, start, extent.length.into());
        let count = extent.length.checked_div(block_bytes).unwrap_or(0);
        for block in extent.location..extent.location.saturating_add(count) {
            if left == 0 {
                scan.cut("the UDF integrity descriptors", "there are more of them than any disc has");
                return found;
            }
            left -= 1;
            let at = u64::from(block).saturating_mul(block_bytes.into());
            let bytes = match scan.reader.bytes(at, block_bytes as usize) {
                Ok(bytes) => bytes,
                Err(error) => {
                    scan.unread(error, at, "the UDF integrity descriptor");
                    return found;
                }
            };
            let parsed = Tagged::parse(&bytes, block).and_then(|tagged| match tagged.tag.identifier {
                9 => Ok(Some(parse(at, &tagged)?)),
                _ => Ok(None),
            });
            match parsed {
                Ok(Some((integrity, next))) => {
                    found = Some(integrity);
                    if next.length > 0 {
                        part = Some(next);
                        break;
                    }
                }
                Ok(None) | Err(TagError::Unrecorded) => return found,
                Err(error) => {
                    scan.find(Rule::U03, at, "integrity", || format!("the integrity descriptor is broken: {error}"));
                    return found;
                }
            }
        }
    }
    found
}

/// The descriptor, and the extent where the next one is.
fn parse(at: u64, tagged: &Tagged<'_>) -> Result<(Integrity, Extent), Truncated> {
    let mut b = Cursor::new(tagged.block, "integrity descriptor");
    b.skip(TAG_BYTES + 12)?;
    let is_closed = b.le_u32()? == 1;
    let next = Extent::parse(&mut b)?;
    let next_unique_id = b.le_u64()?;
    b.skip(24)?;
    let (partitions, use_bytes) = (b.le_u32()?, b.le_u32()?);
    // No more than the block has room for.
    let numbers = |b: &mut Cursor<'_>| (0..partitions).map_while(|_| b.le_u32().ok()).collect::<Vec<_>>();
    let (free, sizes) = (numbers(&mut b), numbers(&mut b));
    let mut files = None;
    let mut directories = None;
    if use_bytes >= USE_BYTES && b.skip(32).is_ok() {
        files = b.le_u32().ok().filter(|&count| count != UNKNOWN);
        directories = b.le_u32().ok().filter(|&count| count != UNKNOWN);
    }
    Ok((Integrity { at, is_closed, next_unique_id, free, sizes, files, directories }, next))
}

/// U08, as far as it can be said without the files.
pub fn judge(scan: &mut Scan<'_>, space: &Space, integrity: Option<&Integrity>, has_extent: bool) {
    let is_virtual = space.partitions.iter().any(|partition| matches!(partition, Partition::Virtual { .. }));
    let Some(integrity) = integrity else {
        // Such a disc cannot keep one, and a table has its place.
        if !is_virtual {
            let (severity, origin) =
                if has_extent { (Severity::Warning, Origin::Unknown) } else { (Severity::Info, Origin::Mastering) };
            let draft = Draft { rule: Rule::U08, severity, origin, at: None, subject: "none", path: None };
            scan.add(draft, || "there is no integrity descriptor that says whether the volume was closed".to_owned());
        }
        return;
    };
    let at = integrity.at;
    if is_virtual {
        return;
    }
    if !integrity.is_closed {
        scan.find(Rule::U08, at, "open", || {
            "the volume was not closed: writing to it ended early, and its counts may be wrong".to_owned()
        });
    }
    let wanted = space.partitions.len();
    if integrity.sizes.len() != wanted || integrity.free.len() != wanted {
        let found = integrity.sizes.len();
        scan.find(Rule::U08, at, "partitions", || {
            format!("the integrity descriptor is of {found} partitions, and the volume has {wanted}")
        });
        return;
    }
    for ((&size, &free), reference) in integrity.sizes.iter().zip(&integrity.free).zip(0_u16..) {
        let is_stretch = space
            .partitions
            .get(usize::from(reference))
            .is_some_and(|partition| matches!(partition, Partition::Physical { .. } | Partition::Sparable { .. }));
        let blocks = space.blocks(reference);
        if is_stretch && size != UNKNOWN && size != blocks {
            scan.find(Rule::U08, at, "size", || {
                format!("partition map {reference} has {blocks} blocks, and the integrity descriptor says {size}")
            });
        }
        if free != UNKNOWN && size != UNKNOWN && free > size {
            scan.find(Rule::U08, at, "free", || {
                format!("of the {size} blocks of partition map {reference} {free} are said to be free")
            });
        }
    }
}

/// How many names of a kind a volume has, and how many files they lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    pub names: u32,
    pub entries: u32,
}

/// U08: the counts. Some writers count names, and others what they lead to.
pub fn judge_counts(scan: &mut Scan<'_>, integrity: &Integrity, files: Counted, directories: Counted) {
    let counts = [("files", integrity.files, files), ("directories", integrity.directories, directories)];
    for (what, recorded, counted) in counts {
        let Some(recorded) = recorded else { continue };
        if recorded == counted.names || recorded == counted.entries {
            continue;
        }
        let names = counted.names;
        scan.find(Rule::U08, integrity.at, what, || {
            format!("the volume has {names} {what}, and says that it has {recorded}")
        });
    }
}
