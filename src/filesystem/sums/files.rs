//! This module knows the MD5 that libisofs keeps of each file, in a list behind the session (AAIP, `isofs.ca` and `isofs.cx`).
//!
//! Where the sum of the session holds, that of each file does. Only else the files are read once more.

use super::places::MOST_ENTRIES;
use crate::checksum::{Algorithm, Digest, Digester};
use crate::filesystem::content::{Content, Part, Sectors};
use crate::filesystem::extent::Extent;
use crate::filesystem::finding::{Finding, Origin, Severity};
use crate::filesystem::rule::Rule;
use crate::filesystem::tree::{Md5Array, NodeId, NodeKind, Tree};
use crate::sector::{SectorSource, SourceError};

#[cfg(test)]
mod tests;

const BUFFER: usize = 256 << 10;
const ENTRY: usize = 16;
/// So many files are told by their names; more are counted.
const MOST_NAMES: usize = 100;

/// What the sums of files came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct FileSums {
    /// Files that were read, and whose sum holds.
    pub hold: u64,
    /// Those whose content is another.
    pub differ: u64,
    /// Those of which not all is there, and those without a sum.
    pub unchecked: u64,
    pub findings: Vec<Finding>,
}

/// Reads all files of `tree` that have a sum. `length` is that of the image in bytes; `stop` is asked now and then, and
/// `passed` hears how many bytes were read.
///
/// # Errors
/// Where the source fails altogether.
pub fn check_files(
    tree: &Tree,
    source: &mut dyn SectorSource,
    length: u64,
    stop: &dyn Fn() -> bool,
    passed: &mut dyn FnMut(u64),
) -> Result<FileSums, SourceError> {
    let mut sums = FileSums::default();
    let Some(array) = tree.md5_array else { return Ok(sums) };
    let mut sectors = Sectors::new(source, length);
    let mut buffer = vec![0; BUFFER];
    let recorded = match list(array, &mut sectors, &mut buffer)? {
        List::Holds(recorded) => recorded,
        List::Differs => {
            let what = "the list of the files' MD5 is not the one that was recorded, so that no file is checked";
            sums.findings.push(finding(array.start, None, what.to_owned()));
            return Ok(sums);
        }
        List::Missing(origin) => {
            let what = "the list of the files' MD5 is not all there, so that no file is checked".to_owned();
            sums.findings.push(Finding { severity: Severity::Info, origin, ..finding(array.start, None, what) });
            return Ok(sums);
        }
    };
    let mut files: Vec<NodeId> = tree.ids().filter(|id| tree.node(*id).kind == NodeKind::File).collect();
    files.sort_by_key(|id| Content::stored(tree, *id).start());
    // Two names of one file have the same sum, of the same bytes.
    let mut last = None;
    for id in files {
        // The first sum of the list is that of the session.
        let index = tree.md5_index(id).filter(|index| *index > 0);
        let wanted = index.and_then(|index| recorded.get(usize::try_from(index).ok()?));
        let (Some(index), Some(wanted)) = (index, wanted) else {
            sums.unchecked = sums.unchecked.saturating_add(1);
            continue;
        };
        let mut content = Content::stored(tree, id);
        let start = content.start();
        if stop() {
            break;
        }
        if last.replace((index, start)) == Some((index, start)) {
            continue;
        }
        match digest(&mut content, &mut sectors, &mut buffer, stop, passed)? {
            None => sums.unchecked = sums.unchecked.saturating_add(1),
            Some(found) if found.bytes() == wanted => sums.hold = sums.hold.saturating_add(1),
            Some(_) => {
                sums.differ = sums.differ.saturating_add(1);
                let text = format!("the MD5 of its {} bytes is not the one that libisofs recorded", content.size());
                let at = start.unwrap_or(tree.node(id).record);
                let is_told = sums.findings.len() < MOST_NAMES;
                match sums.findings.last_mut().filter(|_| !is_told) {
                    Some(last) => last.more = last.more.saturating_add(1),
                    None => sums.findings.push(finding(at, Some(tree.path(id)), text)),
                }
            }
        }
    }
    Ok(sums)
}

fn finding(at: u64, path: Option<Vec<u8>>, text: String) -> Finding {
    let rule = Rule::C03;
    Finding { rule, severity: rule.severity(), origin: Origin::Damage, at: Some(at), path, text, more: 0 }
}

/// What became of the list.
enum List {
    Holds(Vec<[u8; ENTRY]>),
    /// Its last sum is not that of what stands before it, or there can be no such list.
    Differs,
    /// It, or a part of it, cannot be read, or lies behind the end.
    Missing(Origin),
}

/// The list, if it is there and its last sum, which is that of the list before it, holds.
fn list(array: Md5Array, sectors: &mut Sectors<'_>, buffer: &mut [u8]) -> Result<List, SourceError> {
    let bytes = u64::from(array.count).saturating_mul(ENTRY as u64);
    if array.count < 2 || array.count > MOST_ENTRIES {
        return Ok(List::Differs);
    }
    if array.start.saturating_add(bytes) > sectors.length() {
        return Ok(List::Missing(Origin::Truncation));
    }
    let mut all = Vec::new();
    let extents = [Extent::recorded(array.start, bytes)];
    let mut content = Content::of_extents(&extents, bytes);
    while let Some(part) = content.part_at(all.len() as u64, sectors, buffer)? {
        match part {
            Part::Bytes(count) => all.extend_from_slice(buffer.get(..count).unwrap_or_default()),
            Part::Zeros(_) | Part::Lost { .. } => return Ok(List::Missing(Origin::Damage)),
        }
    }
    let (entries, _) = all.as_chunks::<ENTRY>();
    let Some((own, summed)) = entries.split_last() else { return Ok(List::Differs) };
    let mut digester = Digester::new(Algorithm::Md5);
    digester.update(summed.as_flattened());
    Ok(if digester.finish() == Digest::Md5(*own) { List::Holds(summed.to_vec()) } else { List::Differs })
}

/// That of a file as it is kept; `None` where not all of it is there.
fn digest(
    content: &mut Content<'_>,
    sectors: &mut Sectors<'_>,
    buffer: &mut [u8],
    stop: &dyn Fn() -> bool,
    passed: &mut dyn FnMut(u64),
) -> Result<Option<Digest>, SourceError> {
    let mut digester = Digester::new(Algorithm::Md5);
    let mut at = 0_u64;
    while let Some(part) = content.part_at(at, sectors, buffer)? {
        match part {
            Part::Bytes(count) => digester.update(buffer.get(..count).unwrap_or_default()),
            Part::Zeros(_) | Part::Lost { .. } => return Ok(None),
        }
        if stop() {
            return Ok(None);
        }
        at = at.saturating_add(part.length());
        passed(part.length());
    }
    Ok(Some(digester.finish()))
}
