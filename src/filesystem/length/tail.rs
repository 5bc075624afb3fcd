//! This module knows what stands behind the end of a filesystem, by looking at it.

use super::Known;
use crate::filesystem::reader::ReadError;
use crate::filesystem::scan::Scan;
use crate::filesystem::structure::{Structure, StructureKind};
use crate::filesystem::udf;
use crate::sector::SECTOR_BYTES;

const SECTOR: u64 = SECTOR_BYTES as u64;
/// So much is read whole: a second or two of a drive's time.
const WHOLE: u64 = 8 << 20;
/// Of what is longer: this much of its beginning,
const HEAD: u64 = 4 << 20;
/// this much of its end,
const END: u64 = 1 << 20;
/// and in between so many pieces, each as long as a reader asks for at once.
const SAMPLES: u64 = 32;
const SAMPLE: u64 = 64 << 10;
/// A tail that changes with every sector is told as one.
const MOST_PARTS: usize = 256;

/// A stretch of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TailPart {
    pub kind: TailKind,
    /// In bytes from the start of the image.
    pub start: u64,
    /// In bytes.
    pub length: u64,
}

/// What stands there. `Display` is its name in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TailKind {
    Zeros,
    /// Of UDF, one in each block.
    Anchors,
    /// Files or structures that the filesystem has beyond its own end.
    Files,
    /// Another session than the one that was read.
    Session,
    /// Inside of what a partition table or a boot catalogue claims.
    Partition,
    Unreadable,
    /// Nobody claims it.
    Data,
}

impl std::fmt::Display for TailKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            TailKind::Zeros => "zeros",
            TailKind::Anchors => "anchors",
            TailKind::Files => "files",
            TailKind::Session => "session",
            TailKind::Partition => "partition",
            TailKind::Unreadable => "unreadable",
            TailKind::Data => "data",
        })
    }
}

/// Who owns what behind the end.
struct Owned {
    /// Start and end of each file and structure, in order.
    files: Vec<(u64, u64)>,
    /// From there on another session.
    session: Option<u64>,
    /// Start and end of each boot image, partition table and partition, in order.
    others: Vec<(u64, u64)>,
    /// Up to there a partition table claims all.
    partitions: u64,
    udf_block: Option<u32>,
}

/// What stands from byte `end` on, and how much of it was looked at.
pub(super) fn classify(scan: &mut Scan<'_>, known: &Known<'_>, end: u64) -> (Vec<TailPart>, u64) {
    let have = scan.reader.length();
    if end >= have {
        return (Vec::new(), 0);
    }
    let owned = Owned::behind(scan, known, end);
    let mut parts = Vec::new();
    let mut looked_at = 0_u64;
    for (start, stop) in stretches(end, have) {
        let mut at = start;
        while at < stop {
            let next = (at / SECTOR).saturating_add(1).saturating_mul(SECTOR).min(stop);
            let Some(kind) = kind_at(scan, &owned, at, next.saturating_sub(at)) else {
                return (joined(parts, have), looked_at);
            };
            add(&mut parts, kind, at);
            looked_at = looked_at.saturating_add(next.saturating_sub(at));
            at = next;
        }
    }
    (joined(parts, have), looked_at)
}

/// What is read of it: all, or a part.
fn stretches(start: u64, end: u64) -> Vec<(u64, u64)> {
    let length = end.saturating_sub(start);
    if length <= WHOLE {
        return vec![(start, end)];
    }
    let (from, to) = (start.saturating_add(HEAD), end.saturating_sub(END));
    let step = to.saturating_sub(from) / (SAMPLES + 1);
    let samples = (1..=SAMPLES).map(|number| {
        let at = from.saturating_add(step.saturating_mul(number)) / SAMPLE * SAMPLE;
        (at.max(from), at.saturating_add(SAMPLE).min(to))
    });
    let to = to / SECTOR * SECTOR;
    std::iter::once((start, from)).chain(samples).chain([(to, end)]).collect()
}

/// `None` where nothing more is read.
fn kind_at(scan: &mut Scan<'_>, owned: &Owned, at: u64, length: u64) -> Option<TailKind> {
    if scan.is_stopped() {
        return None;
    }
    if is_in(&owned.files, at) {
        return Some(TailKind::Files);
    }
    if owned.session.is_some_and(|start| at >= start) {
        return Some(TailKind::Session);
    }
    if is_in(&owned.others, at) {
        return Some(TailKind::Partition);
    }
    let bytes = match scan.reader.bytes(at, usize::try_from(length).unwrap_or(SECTOR_BYTES)) {
        Ok(bytes) => bytes,
        Err(ReadError::Unreadable { .. } | ReadError::Beyond { .. }) => return Some(TailKind::Unreadable),
        Err(ReadError::Over) => return None,
    };
    Some(if bytes.iter().all(|&byte| byte == 0) {
        TailKind::Zeros
    } else if owned.udf_block.is_some_and(|block| udf::is_anchor(&bytes, at / u64::from(block.max(1)))) {
        TailKind::Anchors
    } else if at < owned.partitions {
        TailKind::Partition
    } else {
        TailKind::Data
    })
}

impl Owned {
    fn behind(scan: &Scan<'_>, known: &Known<'_>, end: u64) -> Self {
        let extents = known.trees.iter().flat_map(|tree| tree.ids().flat_map(|id| tree.extents(id)));
        let extents = extents.map(|extent| (extent.start, extent.end()));
        let of_structure = |found: &Structure| (found.start, found.start.saturating_add(found.length));
        let structures = || scan.structures.all().iter();
        let others = structures().filter(|found| is_of_others(found.kind)).map(of_structure);
        let own = structures().filter(|found| !is_of_others(found.kind) && found.kind != StructureKind::Anchor);
        let number = known.session.map_or(0, |session| session.number);
        let later = known.sessions.iter().filter(|session| session.number > number);
        let tables = scan.claims.iter().filter(|(source, _)| source.is_of_partition_table());
        Self {
            files: merged(extents.chain(own.map(of_structure)), end),
            others: merged(others, end),
            session: later.map(|session| session.start.byte_offset()).min(),
            partitions: tables.map(|(_, bytes)| *bytes).max().unwrap_or(0),
            udf_block: known.udf.map(|geometry| geometry.block_bytes),
        }
    }
}

/// Whether firmware or a Macintosh looks for it, and no reader of discs.
fn is_of_others(kind: StructureKind) -> bool {
    matches!(
        kind,
        StructureKind::BootImage
            | StructureKind::PartitionTable
            | StructureKind::AppendedPartition
            | StructureKind::MacintoshHeader
            | StructureKind::MacintoshVolume
    )
}

fn is_in(stretches: &[(u64, u64)], at: u64) -> bool {
    let behind = stretches.partition_point(|(start, _)| *start <= at);
    let last = behind.checked_sub(1).and_then(|index| stretches.get(index));
    last.is_some_and(|(_, end)| *end > at)
}

/// Those that reach behind `end`, in order and without overlaps.
fn merged(stretches: impl Iterator<Item = (u64, u64)>, end: u64) -> Vec<(u64, u64)> {
    let mut sorted: Vec<(u64, u64)> = stretches.filter(|(_, stop)| *stop > end).collect();
    sorted.sort_unstable();
    let mut merged: Vec<(u64, u64)> = Vec::new();
    for (start, end) in sorted {
        match merged.last_mut().filter(|(_, before)| *before >= start) {
            Some((_, before)) => *before = end.max(*before),
            None => merged.push((start, end)),
        }
    }
    merged
}

/// The part that is of the same kind as the last one goes on; lengths come later.
fn add(parts: &mut Vec<TailPart>, kind: TailKind, start: u64) {
    if parts.last().is_none_or(|last| last.kind != kind) {
        parts.push(TailPart { kind, start, length: 0 });
    }
}

/// Each part reaches to the next, and zeros between data are data.
fn joined(parts: Vec<TailPart>, end: u64) -> Vec<TailPart> {
    let mut joined: Vec<TailPart> = Vec::new();
    for part in parts {
        let is_between = matches!(joined.as_slice(), [.., data, zeros]
            if data.kind == TailKind::Data && zeros.kind == TailKind::Zeros);
        if part.kind == TailKind::Data && is_between {
            joined.pop();
        } else if joined.len() < MOST_PARTS {
            joined.push(part);
        } else if let Some(last) = joined.last_mut() {
            last.kind = TailKind::Data;
        }
    }
    let mut next = end;
    for part in joined.iter_mut().rev() {
        part.length = next.saturating_sub(part.start);
        next = part.start;
    }
    joined
}
