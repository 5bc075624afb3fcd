//! This module knows the way from a UDF volume's file set to its tree.

mod check;
mod file;
mod name;

use std::collections::{HashMap, HashSet, VecDeque};

use super::allocation::{self, Allocated};
use super::directory::{Names, Step, Steps};
use super::entry::{self, Entry as Icb};
use super::file_set;
use super::stream::Streams;
use super::volume::{BlockAddress, LogicalVolume};
use crate::filesystem::overlap;
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;
use crate::filesystem::spot::Spot;
use crate::filesystem::tree::{Entry, NodeId, NodeKind, Tree, TreeKind};
use crate::filesystem::unique_names::UniqueNames;

/// One to be read.
#[derive(Debug, Clone)]
struct Directory {
    node: NodeId,
    /// Where names lead that mean it.
    icb: BlockAddress,
    /// Those of the directory that it lies in; the root's own is the root.
    parent: BlockAddress,
    /// By byte of its content: in which block that is; only where all is judged.
    rows: Vec<(u64, BlockAddress)>,
    depth: u32,
    path_bytes: usize,
}

/// An ICB that was met.
#[derive(Debug, Clone, Copy)]
struct Known {
    /// The first name of it.
    node: NodeId,
    /// What it says of how many names lead to it.
    links: u16,
    names: u32,
}

struct Walk<'s, 'r, 'v> {
    scan: &'s mut Scan<'r>,
    volume: &'v LogicalVolume,
    tree: Tree,
    queue: VecDeque<Directory>,
    directories: HashSet<BlockAddress>,
    /// All where all is judged, and else those that have further names.
    known: HashMap<BlockAddress, Known>,
    unique_ids: HashSet<u64>,
    streams: Streams,
    name: Vec<u8>,
    /// Of directories, which may share their bytes.
    bytes_left: u64,
    extents_left: u64,
}

/// `None` where not even the root can be found.
pub(super) fn walk(scan: &mut Scan<'_>, volume: &LogicalVolume) -> Option<Tree> {
    let set = file_set::find(scan, volume)?;
    let space = &volume.space;
    let icb = set.root.at;
    let root = entry::reach(scan, space, icb, None)?;
    let entry = root.parse()?;
    let (at, most) = (root.block.at, scan.limits.extents.into());
    let allocated = allocation::read(scan, space, &entry, at, root.home, None, most);
    let is_directory = entry.kind() == NodeKind::Directory;
    let tree = Tree::new(
        TreeKind::Udf,
        Entry {
            size: entry.information_length,
            modified: entry.modified,
            posix: Some(entry.posix()),
            extents: &allocated.extents,
            is_damaged: root.block.is_suspect || !is_directory,
            ..Entry::new(b"", NodeKind::Directory, at)
        },
    );
    let (bytes_left, extents_left) = (scan.limits.metadata_bytes, scan.limits.extents.into());
    let mut walk = Walk {
        scan,
        volume,
        tree,
        queue: VecDeque::new(),
        directories: HashSet::from([icb]),
        known: HashMap::new(),
        unique_ids: HashSet::new(),
        streams: Streams::default(),
        name: Vec::new(),
        bytes_left,
        extents_left,
    };
    if !is_directory {
        let found = entry.file_type;
        walk.scan.find(Rule::U17, at, "root", || format!("the root is of file type {found}, and no directory"));
        return Some(walk.tree);
    }
    walk.start(icb, &root, &allocated);
    walk.run();
    if walk.scan.judges() {
        walk.judge_links();
        let (streams, space) = (&mut walk.streams, &volume.space);
        if set.system_streams.length > 0 {
            streams.judge(walk.scan, space, set.system_streams.at, None);
        }
        overlap::judge(walk.scan, Rule::U11, std::slice::from_ref(&walk.tree));
    }
    Some(walk.tree)
}

impl Walk<'_, '_, '_> {
    fn start(&mut self, icb: BlockAddress, root: &Icb, allocated: &Allocated) {
        let Some(entry) = root.parse() else { return };
        self.know(icb, Tree::ROOT, entry.links, 0);
        let spot = Spot { tree: &self.tree, directory: Tree::ROOT, name: b"", at: root.block.at };
        let is_whole = check::troubles(self.scan, &spot, self.volume, &entry, allocated);
        if self.scan.judges() {
            check::entry(self.scan, &spot, &entry, allocated);
            self.judge_streams(Tree::ROOT, &entry);
        }
        if !is_whole || allocated.is_suspect {
            self.tree.mark_damaged(Tree::ROOT);
        }
        let rows = if self.scan.judges() { allocated.rows.clone() } else { Vec::new() };
        self.queue.push_back(Directory { node: Tree::ROOT, icb, parent: icb, rows, depth: 0, path_bytes: 0 });
    }

    fn run(&mut self) {
        while let Some(directory) = self.queue.pop_front() {
            if self.scan.is_stopped() || self.scan.reader.is_over() {
                return self.tree.mark_cut();
            }
            self.read(&directory);
        }
    }

    fn read(&mut self, directory: &Directory) {
        let extents = self.tree.extents(directory.node).to_vec();
        let size = extents.iter().fold(0_u64, |sum, extent| sum.saturating_add(extent.length));
        let Some(left) = self.bytes_left.checked_sub(size.min(self.scan.limits.directory_bytes)) else {
            return self.cut("directories", "there are more of them than any disc has");
        };
        self.bytes_left = left;
        let (tree, at) = (&self.tree, self.tree.node(directory.node).record);
        let path = || tree.path(directory.node);
        let names = Names::read(self.scan, &extents, "a directory", Some(&path));
        if names.is_cut {
            self.tree.mark_cut();
        }
        if !names.lost.is_empty() {
            self.tree.mark_damaged(directory.node);
        }
        let mut seen = UniqueNames::default();
        let mut index = 0_u32;
        for step in Steps::over(&names.bytes) {
            if self.scan.is_stopped() {
                return self.tree.mark_cut();
            }
            match step {
                Step::Name { offset, name, trouble } => {
                    let at = check::place(&extents, offset).unwrap_or(at);
                    if let Some(error) = trouble {
                        self.tree.mark_damaged(directory.node);
                        let spot = Spot { tree: &self.tree, directory: directory.node, name: b"", at };
                        spot.find(self.scan, Rule::U03, "a name", || format!("a name in a directory: {error}"));
                    }
                    if self.scan.judges() {
                        self.judge_name(directory, &name, offset, at, index);
                    }
                    self.take(directory, &name, at, trouble.is_some(), &mut seen);
                    index = index.saturating_add(1);
                }
                Step::Garbage { offset, length } => {
                    self.tree.mark_damaged(directory.node);
                    if !names.is_lost(offset, length) && !names.is_cut {
                        let at = check::place(&extents, offset).unwrap_or(at);
                        self.garbage(directory, names.bytes.get(offset..).unwrap_or_default(), length, at);
                    }
                }
            }
        }
        if index == 0 && names.lost.is_empty() && names.bytes.is_empty() {
            let spot = Spot { tree: &self.tree, directory: directory.node, name: b"", at };
            spot.find(self.scan, Rule::U10, "nothing", || {
                "a directory is empty of even the name of its parent".to_owned()
            });
        }
    }

    fn garbage(&mut self, directory: &Directory, bytes: &[u8], length: usize, at: u64) {
        let spot = Spot { tree: &self.tree, directory: directory.node, name: b"", at };
        if bytes.starts_with(&super::directory::FILE_IDENTIFIER.to_le_bytes()) {
            return spot.find(self.scan, Rule::U03, "a name's tag", || {
                format!("the tag of a name in a directory is wrong, so that nothing can be made of {length} bytes")
            });
        }
        spot.find(self.scan, Rule::U10, "garbage", || {
            format!("{length} bytes of a directory are no names, and may have been some")
        });
    }

    /// Counts a name of an ICB, of which this node was made if it is the first.
    fn know(&mut self, icb: BlockAddress, node: NodeId, links: u16, names: u32) {
        if self.scan.judges() || links > 1 {
            let known = self.known.entry(icb).or_insert(Known { node, links, names: 0 });
            known.names = known.names.saturating_add(names);
        }
    }

    fn add(&mut self, parent: NodeId, entry: Entry<'_>) -> Option<NodeId> {
        if self.tree.len() >= self.scan.limits.entries as usize {
            self.cut("names", "there are more of them than any disc has");
            // What waits would only be read in vain.
            self.queue.clear();
            return None;
        }
        self.tree.add(parent, entry)
    }

    fn cut(&mut self, what: &'static str, why: &str) {
        self.tree.mark_cut();
        self.scan.cut(what, why);
    }
}

#[cfg(test)]
mod tests;
