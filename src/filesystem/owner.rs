//! This module knows whose the bytes of an image are: which file, which directory, which structure, or nobody's.
//!
//! Several trees lie over the same files, and a boot image is often a file as well: each byte is told once, by the best
//! name that it has.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap};
use std::fmt;
use std::ops::Range;

use super::extent::ExtentKind;
use super::image::Image;
use super::structure::{Structure, StructureKind};
use super::tree::{Encoding, NodeId, NodeKind, Tree, TreeKind};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SectorRange};

/// Of files that share the same bytes, so many are named; the others are counted.
const MOST_NAMES: usize = 8;
/// A disc that is bad everywhere is told in so many pieces; the rest is left out.
const MOST_PIECES: usize = 1 << 16;

/// What a stretch of an image belongs to. `Display` is its name in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Owner {
    /// Content of a file.
    File,
    /// Names, and where their files are.
    Directory,
    Structure(StructureKind),
    /// Nothing claims it.
    Unused,
    /// Nothing that could be read claims it; not all could.
    Unknown,
}

/// A stretch with one owner, out of those that were asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    pub owner: Owner,
    /// Of the file or directory, from the root, without a slash in front; as recorded, not escaped.
    pub path: Option<Vec<u8>>,
    /// The tree that has that path.
    pub tree: Option<TreeKind>,
    /// Of the image, in bytes.
    pub start: u64,
    /// In bytes: of a file, those of its content.
    pub length: u64,
    /// The first byte of the file that is concerned.
    pub file_offset: Option<u64>,
    /// Whether its bytes are those of its compressed form, and none that one reads.
    pub is_packed: bool,
    /// Names of other files that have the same bytes, and are not listed.
    pub more_names: u64,
}

impl Damage {
    fn unused(start: u64, length: u64) -> Self {
        Self {
            owner: Owner::Unused,
            path: None,
            tree: None,
            start,
            length,
            file_offset: None,
            is_packed: false,
            more_names: 0,
        }
    }

    /// The sectors that it touches.
    pub fn sectors(&self) -> SectorRange {
        sectors_of(self.start, self.start.saturating_add(self.length))
    }
}

/// The sectors that the bytes `start..end` touch.
fn sectors_of(start: u64, end: u64) -> SectorRange {
    let sector = |bytes: u64| Lba(SectorCount::whole_in(bytes).map_or(u32::MAX, |count| count.0));
    SectorRange::new(sector(start), sector(end.saturating_add(SECTOR_BYTES as u64 - 1)))
}

/// The answer to the question whose some stretches are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Damages {
    /// In the order of the image.
    pub all: Vec<Damage>,
    /// There was more than can be listed.
    pub is_cut: bool,
}

/// All stretches of an image that belong to something.
pub struct Owners<'a> {
    trees: &'a [Tree],
    structures: &'a [Structure],
}

/// A stretch that something says is its own.
#[derive(Debug, Clone, Copy)]
struct Claim {
    start: u64,
    end: u64,
    /// Of the file, at `start`.
    file_offset: u64,
    /// What of the last sector is a file's but not its content belongs to it all the same.
    content_end: u64,
    whose: Whose,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Whose {
    /// By their places in [`Owners::trees`] and [`Owners::structures`].
    Node {
        tree: usize,
        id: NodeId,
    },
    Structure(usize),
}

impl<'a> Owners<'a> {
    /// Of an image, without reading any of it.
    pub fn of(image: &'a Image) -> Self {
        Self::new(&image.trees, &image.structures)
    }

    /// `trees`: the best one first.
    pub fn new(trees: &'a [Tree], structures: &'a [Structure]) -> Self {
        Self { trees, structures }
    }

    /// All that are not empty, in no order; those that end before byte `from` may be left out.
    fn claims(&self, from: u64) -> impl Iterator<Item = Claim> {
        let reaches = move |tree: &Tree| tree.end().saturating_add(SECTOR_BYTES as u64) > from;
        let trees = self.trees.iter().enumerate().filter(move |(_, tree)| reaches(tree));
        let nodes = trees.flat_map(|(index, tree)| claims_of_tree(index, tree));
        let others = self.structures.iter().enumerate().map(|(index, structure)| Claim {
            start: structure.start,
            end: structure.start.saturating_add(structure.length),
            file_offset: 0,
            content_end: structure.start.saturating_add(structure.length),
            whose: Whose::Structure(index),
        });
        nodes.chain(others).filter(|claim| claim.start < claim.end)
    }

    /// Those that touch one of `ranges`, by their start: an image has many, and questions are about few.
    fn claims_on(&self, ranges: &[Range<u64>]) -> Vec<Claim> {
        let from = ranges.first().map_or(u64::MAX, |range| range.start);
        let touches = |claim: &Claim| {
            let first = ranges.partition_point(|range| range.end <= claim.start);
            ranges.get(first).is_some_and(|range| range.start < claim.end)
        };
        let mut claims: Vec<Claim> = self.claims(from).filter(touches).collect();
        claims.sort_by_key(|claim| claim.start);
        claims
    }

    /// Whose those sectors are.
    pub fn of_sectors(&self, ranges: &[SectorRange]) -> Damages {
        let bytes: Vec<_> = SectorRange::joined(ranges.to_vec())
            .iter()
            .map(|range| range.start().byte_offset()..range.end().byte_offset())
            .collect();
        self.of_bytes(&bytes)
    }

    /// Whose those bytes are: `ranges` in order, and none reaching into the next.
    pub fn of_bytes(&self, ranges: &[Range<u64>]) -> Damages {
        if ranges.is_empty() {
            return Damages::default();
        }
        let mut sweep = Sweep::new(self, self.claims_on(ranges));
        for range in ranges {
            sweep.over(range.clone());
        }
        sweep.finish()
    }

    /// All sectors of which anything is somebody's: in order, as few ranges as possible.
    pub fn used(&self) -> Vec<SectorRange> {
        SectorRange::joined(self.claims(0).map(|claim| sectors_of(claim.start, claim.end)).collect())
    }

    /// The smaller, the better a name it is.
    fn rank(&self, whose: Whose) -> usize {
        match whose {
            Whose::Node { tree, .. } => tree,
            Whose::Structure(index) => {
                let last = self.trees.len();
                last + self.structures.get(index).map_or(0, |structure| vagueness(structure.kind))
            }
        }
    }

    /// A piece without its path.
    fn piece(&self, whose: Whose, claim: &Claim, start: u64, end: u64) -> Option<Damage> {
        let end = end.min(claim.content_end);
        let length = end.checked_sub(start).filter(|length| *length > 0)?;
        let mut piece = Damage::unused(start, length);
        match whose {
            Whose::Structure(index) => piece.owner = Owner::Structure(self.structures.get(index)?.kind),
            Whose::Node { tree, id } => {
                let tree = self.trees.get(tree)?;
                piece.tree = Some(tree.kind);
                piece.owner = match tree.node(id).kind {
                    NodeKind::Directory => Owner::Directory,
                    NodeKind::File
                    | NodeKind::Symlink
                    | NodeKind::BlockDevice
                    | NodeKind::CharacterDevice
                    | NodeKind::Fifo
                    | NodeKind::Socket => Owner::File,
                };
                piece.is_packed = match tree.encoding(id) {
                    Encoding::Plain => false,
                    Encoding::Zisofs(_) => true,
                };
                piece.file_offset = (piece.owner == Owner::File)
                    .then(|| claim.file_offset.saturating_add(start.saturating_sub(claim.start)));
            }
        }
        Some(piece)
    }

    /// The names of those whose file entries are among `pieces`: an entry itself does not know its name.
    fn name_file_entries(&self, pieces: Vec<Damage>) -> Vec<Damage> {
        let is_entry = |piece: &Damage| piece.owner == Owner::Structure(StructureKind::FileEntry);
        let udf = self.trees.iter().find(|tree| tree.kind == TreeKind::Udf);
        let Some(tree) = udf.filter(|_| pieces.iter().any(is_entry)) else { return pieces };
        let mut records: Vec<(u64, NodeId)> = tree.ids().map(|id| (tree.node(id).record, id)).collect();
        records.sort_unstable();
        let inside = |piece: &Damage| {
            let end = piece.start.saturating_add(piece.length);
            let from = records.partition_point(|(record, _)| *record < piece.start);
            let to = records.partition_point(|(record, _)| *record < end);
            records.get(from..to).unwrap_or_default()
        };
        let mut named = Vec::new();
        for piece in pieces {
            if is_entry(&piece) && named.len() < MOST_PIECES {
                split_by_entry(&piece, inside(&piece), tree, &mut named);
            } else {
                named.push(piece);
            }
        }
        named
    }
}

/// File entries that follow each other are one structure; here each comes with its name.
fn split_by_entry(piece: &Damage, records: &[(u64, NodeId)], tree: &Tree, into: &mut Vec<Damage>) {
    let mut part = Damage { length: 0, ..piece.clone() };
    let end = piece.start.saturating_add(piece.length);
    for &(record, id) in records {
        if record == part.start && part.path.is_some() {
            // A further name of the same file.
            part.more_names = part.more_names.saturating_add(1);
            continue;
        }
        let next = Damage { start: record, path: Some(tree.path(id)), tree: Some(tree.kind), ..piece.clone() };
        let before = std::mem::replace(&mut part, next);
        let length = record.saturating_sub(before.start);
        if length > 0 {
            into.push(Damage { length, ..before });
        }
    }
    let length = end.saturating_sub(part.start);
    into.push(Damage { length, ..part });
}

fn claims_of_tree(index: usize, tree: &Tree) -> impl Iterator<Item = Claim> + '_ {
    // UDF may keep several things in a sector; ISO 9660 fills each up.
    let granule = match tree.kind {
        TreeKind::Udf => 1,
        TreeKind::HighSierra | TreeKind::Iso9660 | TreeKind::Enhanced | TreeKind::Joliet | TreeKind::RockRidge => {
            SECTOR_BYTES as u64
        }
    };
    let mut last = None;
    let mut file_offset = 0_u64;
    tree.places().filter_map(move |(id, extent)| {
        let offset = if last.replace(id) == Some(id) { file_offset } else { 0 };
        file_offset = offset.saturating_add(extent.length);
        (extent.kind == ExtentKind::Recorded).then(|| Claim {
            start: extent.start,
            end: extent.end().checked_next_multiple_of(granule).unwrap_or(u64::MAX),
            file_offset: offset,
            content_end: extent.end(),
            whose: Whose::Node { tree: index, id },
        })
    })
}

/// What lies within others comes before them.
fn vagueness(kind: StructureKind) -> usize {
    use StructureKind as Kind;
    match kind {
        Kind::MacintoshVolume | Kind::AppendedPartition => 3,
        Kind::SystemArea | Kind::MetadataFile { .. } | Kind::SparePackets | Kind::PartitionTree => 2,
        Kind::BootImage | Kind::Checksums => 1,
        Kind::PartitionTable
        | Kind::MacintoshHeader
        | Kind::VolumeDescriptor
        | Kind::PathTable { .. }
        | Kind::ContinuationArea
        | Kind::RelocationDirectory
        | Kind::ExtendedAttributes
        | Kind::AssociatedFile
        | Kind::BootCatalogue
        | Kind::Anchor
        | Kind::VolumeSequence { .. }
        | Kind::IntegritySequence
        | Kind::FileSet
        | Kind::FileEntry
        | Kind::AllocationExtent
        | Kind::SpaceBitmap
        | Kind::SparingTable
        | Kind::VirtualAllocationTable
        | Kind::MetadataBitmap
        | Kind::SystemStream => 0,
    }
}

/// One way over the image, with all claims that lie over the place where it is.
struct Sweep<'a, 'o> {
    owners: &'o Owners<'a>,
    claims: Vec<Claim>,
    /// The next claim to begin.
    next: usize,
    /// By rank, and then by place among the claims.
    active: BTreeSet<(usize, usize)>,
    /// How many of each rank: to count thousands of names again at each step would take for ever.
    active_of_rank: HashMap<usize, u64>,
    ends: BinaryHeap<Reverse<(u64, usize)>>,
    pieces: Vec<Damage>,
    /// The last piece of each owner, and who it is.
    last: HashMap<Whose, usize>,
    nodes: Vec<Option<Whose>>,
    unused_since: Option<u64>,
    is_cut: bool,
}

impl<'a, 'o> Sweep<'a, 'o> {
    fn new(owners: &'o Owners<'a>, claims: Vec<Claim>) -> Self {
        Self {
            owners,
            claims,
            next: 0,
            active: BTreeSet::new(),
            active_of_rank: HashMap::new(),
            ends: BinaryHeap::new(),
            pieces: Vec::new(),
            last: HashMap::new(),
            nodes: Vec::new(),
            unused_since: None,
            is_cut: false,
        }
    }

    fn over(&mut self, range: Range<u64>) {
        let mut at = range.start;
        self.advance_to(at);
        while at < range.end && !self.is_cut {
            let starts = self.claims.get(self.next).map(|claim| claim.start);
            let ends = self.ends.peek().map(|Reverse((end, _))| *end);
            let end = [starts, ends].into_iter().flatten().fold(range.end, u64::min);
            self.segment(at, end);
            at = end;
            self.advance_to(at);
        }
        self.close_unused(at);
    }

    /// Takes in the claims that have begun at `at`, and lets go of those that have ended.
    fn advance_to(&mut self, at: u64) {
        while let Some(claim) = self.claims.get(self.next).filter(|claim| claim.start <= at) {
            if claim.end > at {
                let rank = self.owners.rank(claim.whose);
                self.active.insert((rank, self.next));
                *self.active_of_rank.entry(rank).or_insert(0) += 1;
                self.ends.push(Reverse((claim.end, self.next)));
            }
            self.next += 1;
        }
        while let Some(&Reverse((end, index))) = self.ends.peek().filter(|Reverse((end, _))| *end <= at) {
            debug_assert!(end <= at);
            self.ends.pop();
            if let Some(claim) = self.claims.get(index) {
                let rank = self.owners.rank(claim.whose);
                let was_active = self.active.remove(&(rank, index));
                if let Some(count) = self.active_of_rank.get_mut(&rank).filter(|_| was_active) {
                    *count = count.saturating_sub(1);
                }
            }
        }
    }

    /// A stretch over which no claim begins or ends.
    fn segment(&mut self, start: u64, end: u64) {
        let Some(&(best, _)) = self.active.first() else {
            self.unused_since.get_or_insert(start);
            return;
        };
        self.close_unused(start);
        let same_rank = self.active.iter().take_while(|(rank, _)| *rank == best);
        let listed: Vec<usize> = same_rank.take(MOST_NAMES).map(|&(_, index)| index).collect();
        let all = self.active_of_rank.get(&best).copied().unwrap_or(0);
        let more = all.saturating_sub(u64::try_from(listed.len()).unwrap_or(u64::MAX));
        for (place, index) in listed.into_iter().enumerate() {
            let Some(&claim) = self.claims.get(index) else { continue };
            let Some(mut piece) = self.owners.piece(claim.whose, &claim, start, end) else { continue };
            piece.more_names = if place == 0 { more } else { 0 };
            self.add(claim.whose, piece);
        }
    }

    fn add(&mut self, whose: Whose, piece: Damage) {
        if let Some(last) = self.last.get(&whose).and_then(|&last| self.pieces.get_mut(last))
            && last.start.saturating_add(last.length) == piece.start
            && last.file_offset.map(|offset| offset.saturating_add(last.length)) == piece.file_offset
        {
            last.length = last.length.saturating_add(piece.length);
            last.more_names = last.more_names.max(piece.more_names);
            return;
        }
        if self.pieces.len() >= MOST_PIECES {
            self.is_cut = true;
            return;
        }
        self.last.insert(whose, self.pieces.len());
        self.pieces.push(piece);
        self.nodes.push(Some(whose));
    }

    /// Up to `end` nobody claimed anything. What of it is no whole sector fills up somebody's last one.
    fn close_unused(&mut self, end: u64) {
        let Some(since) = self.unused_since.take() else { return };
        let sector = SECTOR_BYTES as u64;
        let start = since.checked_next_multiple_of(sector).unwrap_or(u64::MAX);
        let end = end - end % sector;
        if start >= end {
            return;
        }
        if self.pieces.len() >= MOST_PIECES {
            self.is_cut = true;
            return;
        }
        self.pieces.push(Damage::unused(start, end - start));
        self.nodes.push(None);
    }

    fn finish(self) -> Damages {
        let mut pieces = self.pieces;
        for (piece, whose) in pieces.iter_mut().zip(self.nodes) {
            if let Some(Whose::Node { tree, id }) = whose {
                piece.path = self.owners.trees.get(tree).map(|tree| tree.path(id));
            }
        }
        let mut all = self.owners.name_file_entries(pieces);
        all.sort_by_key(|piece| piece.start);
        Damages { all, is_cut: self.is_cut }
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Owner::File => "file",
            Owner::Directory => "directory",
            Owner::Structure(kind) => kind.name(),
            Owner::Unused => "unused",
            Owner::Unknown => "unknown",
        })
    }
}

#[cfg(test)]
mod tests;
