//! This module knows what trees over the same files must have in common: rules J04, R15, U20.

use std::collections::VecDeque;

use super::finding::Severity;
use super::in_order::in_order;
use super::rule::Rule;
use super::scan::Scan;
use super::tree::{NodeId, NodeKind, Tree, TreeKind};

pub(super) fn compare(scan: &mut Scan<'_>, trees: &[Tree]) {
    let tree = |kind: TreeKind| trees.iter().find(|tree| tree.kind == kind && !tree.is_empty() && !tree.is_cut());
    let joliet = tree(TreeKind::Joliet);
    if let (Some(joliet), Some(rock_ridge)) = (joliet, tree(TreeKind::RockRidge)) {
        same_files(scan, Rule::R15, joliet, rock_ridge);
    } else if let (Some(joliet), Some(primary)) = (joliet, tree(TreeKind::Iso9660)) {
        same_files(scan, Rule::J04, joliet, primary);
    }
    if let Some(udf) = tree(TreeKind::Udf)
        && let Some(iso) = tree(TreeKind::RockRidge).or(joliet).or(tree(TreeKind::Iso9660))
    {
        halves(scan, udf, iso);
    }
}

/// First byte and length of a file that has any, the end of its last extent among them.
fn content(tree: &Tree, id: NodeId) -> Option<(u64, u64)> {
    let extents = tree.extents(id);
    let first = extents.first()?;
    let length = extents.iter().fold(0_u64, |sum, extent| sum.saturating_add(extent.length));
    let is_file = tree.node(id).kind == NodeKind::File;
    (is_file && length > 0).then_some((first.start, length))
}

/// By their extents: names differ between trees.
fn same_files(scan: &mut Scan<'_>, rule: Rule, joliet: &Tree, other: &Tree) {
    let contents_of = |tree| contents(tree).map(|(content, _)| content);
    if contents_of(joliet).eq(contents_of(other)) {
        return;
    }
    let contents = |tree| in_order(contents(tree), |(content, _)| *content);
    let (ours, theirs) = (contents(joliet), contents(other));
    let pairs = [
        (joliet, ours.clone(), theirs.clone(), "only in Joliet", "a file of Joliet's tree is not in the primary one"),
        (other, theirs, ours, "not in Joliet", "a file of the primary tree is not in Joliet's"),
    ];
    for (tree, here, there, subject, text) in pairs {
        let mut others = there.map(|(content, _)| content).peekable();
        let mut last = None;
        for (content, id) in here {
            // Of several names of one content, the first speaks for all.
            if last.replace(content) == Some(content) {
                continue;
            }
            while others.next_if(|other| *other < content).is_some() {}
            if others.peek() != Some(&content) {
                let path = || tree.path(id);
                let at = tree.node(id).record;
                scan.find_of(rule, rule.severity(), at, subject, Some(&path), || text.to_owned());
            }
        }
    }
}

fn contents(tree: &Tree) -> impl Iterator<Item = ((u64, u64), NodeId)> + Clone + '_ {
    tree.ids().filter_map(|id| Some((content(tree, id)?, id)))
}

/// U20. The files of a stub, such as one that tells readers to use UDF, need not be in the other half.
fn halves(scan: &mut Scan<'_>, udf: &Tree, iso: &Tree) {
    let mut directories = VecDeque::from([(Tree::ROOT, Some(Tree::ROOT))]);
    while let Some((here, there)) = directories.pop_front() {
        let mut files = Twins::of(udf, there, NodeKind::File);
        let mut folders = Twins::of(udf, there, NodeKind::Directory);
        for id in iso.children(here) {
            match iso.node(id).kind {
                NodeKind::Directory => directories.push_back((id, folders.find(iso.name(id)))),
                NodeKind::File => twins(scan, udf, iso, id, files.find(iso.name(id))),
                NodeKind::Symlink
                | NodeKind::BlockDevice
                | NodeKind::CharacterDevice
                | NodeKind::Fifo
                | NodeKind::Socket => {}
            }
        }
    }
}

/// What is to be said of a file of the ISO 9660 half, whose twin in the other one is known.
fn twins(scan: &mut Scan<'_>, udf: &Tree, iso: &Tree, id: NodeId, twin: Option<NodeId>) {
    let path = || iso.path(id);
    let Some(twin) = twin else {
        let at = iso.node(id).record;
        return scan.find_of(Rule::U20, Severity::Info, at, "missing", Some(&path), || {
            "a file of the ISO 9660 half has no counterpart in the UDF half".to_owned()
        });
    };
    let (ours, theirs) = (iso.node(id), udf.node(twin));
    let (first, second) = (content(iso, id), content(udf, twin));
    if ours.size != theirs.size {
        scan.find_of(Rule::U20, Severity::Warning, theirs.record, "size", Some(&path), || {
            format!("a file has {} bytes in the ISO 9660 half and {} in the UDF half", ours.size, theirs.size)
        });
    } else if let (Some((first, _)), Some((second, _))) = (first, second)
        && first != second
    {
        scan.find_of(Rule::U20, Severity::Error, theirs.record, "place", Some(&path), || {
            format!("a file begins at byte {first} in the ISO 9660 half, and at byte {second} in the UDF half")
        });
    }
}

/// What of one kind a directory has, to be found by name.
struct Twins<'t> {
    tree: &'t Tree,
    /// By name.
    ids: Vec<NodeId>,
    /// Behind the last that was found: both halves have mostly the same order.
    next: usize,
}

impl<'t> Twins<'t> {
    fn of(tree: &'t Tree, directory: Option<NodeId>, kind: NodeKind) -> Self {
        let children = directory.into_iter().flat_map(|directory| tree.children(directory));
        let mut ids: Vec<NodeId> = children.filter(|&id| tree.node(id).kind == kind).collect();
        ids.sort_by_key(|&id| tree.name(id));
        Self { tree, ids, next: 0 }
    }

    fn find(&mut self, name: &[u8]) -> Option<NodeId> {
        let is_it = |id: &&NodeId| self.tree.name(**id) == name;
        if self.ids.get(self.next).filter(is_it).is_none() {
            self.next = self.ids.partition_point(|&id| self.tree.name(id) < name);
        }
        let found = self.ids.get(self.next).filter(is_it).copied()?;
        self.next += 1;
        Some(found)
    }
}
