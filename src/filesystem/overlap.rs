//! This module knows which files share sectors that they should not: rules D12 and U11.

use super::extent::{Extent, ExtentKind};
use super::finding::Severity;
use super::rule::Rule;
use super::scan::Scan;
use super::tree::{NodeId, NodeKind, Tree};

/// Part of a file or directory.
#[derive(Debug, Clone, Copy)]
struct Part {
    start: u64,
    end: u64,
    /// By its place among the trees.
    tree: u32,
    node: NodeId,
}

/// Two that share all of their sectors are two names of one content; two that share some are wrong.
/// What lies behind the image's end is no matter of sharing.
pub(super) fn judge(scan: &mut Scan<'_>, rule: Rule, trees: &[Tree]) {
    let length = scan.reader.length();
    let mut parts: Vec<Part> = Vec::with_capacity(trees.iter().map(Tree::len).sum());
    for (index, tree) in (0..).zip(trees) {
        for node in tree.ids() {
            let has_space =
                |extent: &&Extent| extent.kind != ExtentKind::Hole && extent.length > 0 && extent.start < length;
            let extents = tree.extents(node).iter().filter(has_space);
            parts.extend(extents.map(|extent| Part { start: extent.start, end: extent.end(), tree: index, node }));
        }
    }
    // Tree by tree they are in order already, or nearly so, which this kind of sorting makes use of.
    parts.sort_by_key(|part| (part.start, part.end));
    let mut widest: Option<Part> = None;
    for part in parts {
        let Some(before) = widest.filter(|before| part.start < before.end) else {
            widest = Some(part);
            continue;
        };
        if scan.is_stopped() {
            return;
        }
        let is_same = (part.start, part.end) == (before.start, before.end);
        if is_one_file(trees, part, before) {
            // Of a link no more is said; a file that overlaps itself is as wrong as two that do.
            if !is_same && part.node == before.node {
                tell(scan, rule, trees, part, before);
            }
        } else if !is_same {
            tell(scan, rule, trees, part, before);
        } else if part.tree == before.tree && part.node != before.node {
            shared(scan, rule, trees, part, before);
        }
        if part.end > before.end {
            widest = Some(part);
        }
    }
}

/// Two names that lead to one record, as hard links of UDF do; of ISO 9660 each name is a record.
fn is_one_file(trees: &[Tree], part: Part, before: Part) -> bool {
    let record = |part: Part| tree_of(trees, part).map(|tree| tree.node(part.node).record);
    part.tree == before.tree && record(part) == record(before)
}

fn tree_of(trees: &[Tree], part: Part) -> Option<&Tree> {
    trees.get(part.tree as usize)
}

fn tell(scan: &mut Scan<'_>, rule: Rule, trees: &[Tree], part: Part, before: Part) {
    let Some(tree) = tree_of(trees, part) else { return };
    let at = tree.node(part.node).record;
    let bytes = part.end.min(before.end) - part.start;
    let path = || tree.path(part.node);
    scan.find_of(rule, Severity::Error, at, "part", Some(&path), || {
        format!("{bytes} bytes from byte {} on belong to two files, which begin at different places", part.start)
    });
}

/// Not worth a word where the filesystem says that they are links.
fn shared(scan: &mut Scan<'_>, rule: Rule, trees: &[Tree], part: Part, before: Part) {
    let Some(tree) = tree_of(trees, part) else { return };
    let number = tree.file_number(part.node);
    let is_file = tree.node(part.node).kind == NodeKind::File;
    if !is_file || (number.is_some() && number == tree.file_number(before.node)) {
        return;
    }
    let at = tree.node(part.node).record;
    let path = || tree.path(part.node);
    scan.find_of(rule, Severity::Info, at, "whole", Some(&path), || {
        "a file has the same sectors as another, of the same length".to_owned()
    });
}
