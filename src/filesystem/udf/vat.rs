//! This module knows the virtual allocation table: OSTA UDF 1.50, 2.2.10, and UDF 2.00 and later, 2.2.11.

use super::own_file::{OwnFile, TYPE_NONE, TYPE_VAT};
use super::space::Space;
use super::volume::BlockAddress;
use crate::bytes::{Cursor, Truncated};
use crate::filesystem::finding::Severity;
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;
use crate::filesystem::structure::StructureKind;

/// Its blocks, and what else it says in place of the descriptors at the front, which cannot be written again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vat {
    /// Of its entry, in the partition around it.
    pub block: u32,
    pub at: u64,
    /// By virtual block: a block of the partition around it.
    pub table: Vec<u32>,
    previous: Option<u32>,
    /// The name of the volume, 128 bytes, as UDF 2.00 keeps it.
    pub identifier: Option<Vec<u8>>,
    pub files: Option<u32>,
    pub directories: Option<u32>,
}

const NONE: u32 = u32::MAX;
/// A DVD writes 16 sectors at once, and a Blu-ray disc 32: so much can stand behind the table.
const CLUSTER: u64 = 32;
/// How far back a table is searched for, in bytes: what is before was hardly ever the end of a disc.
const MOST_SEARCHED: u64 = 512 << 20;
/// UDF 2.00: bytes of the header without implementation use.
const HEADER: u16 = 152;
/// UDF 1.50: bytes behind the table.
const TRAILER: usize = 36;

/// The newest table of the partition at `reference`, which begins at the absolute block `start`.
pub fn find(scan: &mut Scan<'_>, space: &Space, reference: u16, start: u32) -> Option<Vat> {
    let block_bytes = u64::from(space.block_bytes);
    let image_blocks = scan.reader.length().checked_div(block_bytes)?;
    let last = u32::try_from(image_blocks.checked_sub(1)?).unwrap_or(u32::MAX);
    let least = last.saturating_sub(u32::try_from(MOST_SEARCHED / block_bytes).unwrap_or(u32::MAX)).max(start);
    for absolute in (least..=last).rev() {
        if scan.is_stopped() || scan.reader.is_over() {
            return None;
        }
        let block = absolute.checked_sub(start)?;
        if !is_candidate(scan, u64::from(absolute).saturating_mul(block_bytes), block) {
            continue;
        }
        let Some(vat) = read(scan, space, BlockAddress { block, reference }) else { continue };
        if scan.judges() {
            judge(scan, space, reference, &vat, last - absolute);
        }
        scan.structures.add(StructureKind::VirtualAllocationTable, vat.at, block_bytes);
        return Some(vat);
    }
    let at = u64::from(last).saturating_mul(block_bytes);
    scan.find(Rule::U15, at, "none", || {
        "there is no virtual allocation table, without which no file of this disc can be found".to_owned()
    });
    None
}

/// Whether it looks like one, by few bytes: a whole disc may have to be searched.
fn is_candidate(scan: &mut Scan<'_>, at: u64, block: u32) -> bool {
    let Ok(head) = scan.reader.array::<28>(at) else { return false };
    let mut b = Cursor::new(&head, "file entry");
    let parsed = super::tag::Tag::parse(&mut b);
    let is_entry = parsed.is_ok_and(|tag| matches!(tag.identifier, 261 | 266) && tag.location == block);
    is_entry && head.last().is_some_and(|&kind| kind == TYPE_VAT || kind == TYPE_NONE)
}

fn read(scan: &mut Scan<'_>, space: &Space, icb: BlockAddress) -> Option<Vat> {
    let file = OwnFile::read(scan, space, icb).ok()?;
    let is_new = match file.file_type {
        TYPE_VAT => true,
        TYPE_NONE => false,
        _ => return None,
    };
    if is_new { read_new(scan, space, icb, &file) } else { read_old(scan, space, icb, &file) }
}

fn read_new(scan: &mut Scan<'_>, space: &Space, icb: BlockAddress, file: &OwnFile) -> Option<Vat> {
    let mut header = [0; HEADER as usize];
    if !file.fill(scan, 0, &mut header) {
        return None;
    }
    let parsed = || -> Result<_, Truncated> {
        let mut b = Cursor::new(&header, "virtual allocation table");
        let (header_bytes, use_bytes) = (b.le_u16()?, b.le_u16()?);
        let identifier = b.take(128)?.to_vec();
        Ok((header_bytes, use_bytes, identifier, b.le_u32()?, b.le_u32()?, b.le_u32()?))
    };
    let (header_bytes, use_bytes, identifier, previous, files, directories) = parsed().ok()?;
    if header_bytes < HEADER || u64::from(header_bytes) > file.size {
        return None;
    }
    if scan.judges() && use_bytes.checked_add(HEADER) != Some(header_bytes) {
        scan.find_as(Rule::U15, Severity::Warning, file.at, "header", || {
            format!(
                "the virtual allocation table's header has {header_bytes} bytes, and {use_bytes} of its maker's use"
            )
        });
    }
    Some(Vat {
        block: icb.block,
        at: file.at,
        table: entries(scan, space, file, header_bytes.into(), file.size),
        previous: Some(previous).filter(|&block| block != NONE),
        identifier: Some(identifier),
        files: Some(files).filter(|&count| count != NONE),
        directories: Some(directories).filter(|&count| count != NONE),
    })
}

fn read_old(scan: &mut Scan<'_>, space: &Space, icb: BlockAddress, file: &OwnFile) -> Option<Vat> {
    let end = file.size.checked_sub(TRAILER as u64)?;
    let mut trailer = [0; TRAILER];
    if !file.fill(scan, end, &mut trailer) {
        return None;
    }
    let mut b = Cursor::new(&trailer, "virtual allocation table");
    b.skip(1).ok()?;
    if !b.take(31).ok()?.starts_with(b"*UDF Virtual Alloc Tbl") {
        return None;
    }
    let previous = Some(b.le_u32().ok()?).filter(|&block| block != NONE);
    let table = entries(scan, space, file, 0, end);
    Some(Vat { block: icb.block, at: file.at, table, previous, identifier: None, files: None, directories: None })
}

/// The numbers between two bytes of the file; no more of them than the image has blocks.
fn entries(scan: &mut Scan<'_>, space: &Space, file: &OwnFile, from: u64, to: u64) -> Vec<u32> {
    let most = scan.reader.length().checked_div(space.block_bytes.into()).unwrap_or(0);
    let mut left = (to.saturating_sub(from) / 4).min(most);
    let mut table = Vec::new();
    let mut at = from;
    let mut chunk = [0; 2048];
    while left > 0 {
        let count = usize::try_from(left).unwrap_or(usize::MAX).min(chunk.len() / 4);
        let Some((part, _)) = chunk.split_at_mut_checked(count * 4) else { break };
        if !file.fill(scan, at, part) {
            // Their places are kept, for what comes behind.
            part.fill(0xFF);
            let start = file.at;
            scan.find(Rule::U15, start, "part", || {
                format!("entries {} and following of the virtual allocation table cannot be read", (at - from) / 4)
            });
        }
        let (numbers, _) = part.as_chunks::<4>();
        table.extend(numbers.iter().map(|&bytes| u32::from_le_bytes(bytes)));
        left = left.saturating_sub(count as u64);
        at = at.saturating_add(count as u64 * 4);
    }
    if let [(0, piece), ..] = file.content.as_slice()
        && piece.start.checked_div(space.block_bytes.into()) != file.at.checked_div(space.block_bytes.into())
    {
        for (_, piece) in &file.content {
            scan.structures.add(StructureKind::VirtualAllocationTable, piece.start, piece.length);
        }
    }
    table
}

/// `behind`: blocks of the image behind it.
fn judge(scan: &mut Scan<'_>, space: &Space, reference: u16, vat: &Vat, behind: u32) {
    if behind > 0 && (u64::from(behind) > CLUSTER || !is_padding(scan, space, vat.at, behind)) {
        scan.find_as(Rule::U15, Severity::Warning, vat.at, "end", || {
            format!(
                "the virtual allocation table stands {behind} blocks in front of the last one: the last writing was not \
                 ended, or the image is cut"
            )
        });
    }
    let blocks = space.blocks(reference);
    let outside = vat.table.iter().zip(0_u32..).find(|(block, _)| **block != NONE && **block >= blocks);
    if let Some((block, index)) = outside {
        scan.find_as(Rule::U15, Severity::Warning, vat.at, "entry", || {
            format!("entry {index} of the virtual allocation table is block {block} of a partition of {blocks}")
        });
    }
    let mut newer = vat.block;
    let mut previous = vat.previous;
    // Each is older than the one before, and so in front of it: there is no circle.
    for _ in 0..scan.limits.chain {
        let Some(block) = previous else { return };
        let older = (block < newer).then(|| read(scan, space, BlockAddress { block, reference })).flatten();
        let Some(older) = older else {
            scan.find_as(Rule::U15, Severity::Warning, vat.at, "previous", || {
                format!("block {block} is named as the place of an older virtual allocation table, which is not there")
            });
            return;
        };
        scan.structures.add(StructureKind::VirtualAllocationTable, older.at, space.block_bytes.into());
        newer = older.block;
        previous = older.previous;
    }
}

/// Whether there is nothing behind the table but what drives and programs fill up with.
fn is_padding(scan: &mut Scan<'_>, space: &Space, at: u64, behind: u32) -> bool {
    let block_bytes = u64::from(space.block_bytes);
    (1..=u64::from(behind)).all(|index| {
        let at = at.saturating_add(index.saturating_mul(block_bytes));
        // Run-out sectors cannot be read.
        scan.reader.bytes(at, space.block_bytes as usize).map_or(true, |block| {
            let is_anchor = block.starts_with(&[2, 0]);
            is_anchor || block.iter().all(|&byte| byte == 0)
        })
    })
}
