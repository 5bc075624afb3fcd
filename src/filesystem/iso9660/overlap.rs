//! This module knows which files share sectors that they should not: rule D12.

use crate::filesystem::finding::Severity;
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;
use crate::filesystem::tree::{NodeId, NodeKind, Tree};

/// Part of a file or directory.
#[derive(Debug, Clone, Copy)]
struct Part {
    start: u64,
    end: u64,
    tree: usize,
    node: NodeId,
}

/// Two that share all of their sectors are two names of one content; two that share some are wrong.
pub(super) fn judge(scan: &mut Scan<'_>, trees: &[Tree]) {
    let mut parts: Vec<Part> = Vec::new();
    for (index, tree) in trees.iter().enumerate() {
        for node in tree.ids() {
            let extents = tree.extents(node).iter().filter(|extent| extent.length > 0);
            parts.extend(extents.map(|extent| Part { start: extent.start, end: extent.end(), tree: index, node }));
        }
    }
    parts.sort_unstable_by_key(|part| (part.start, part.end, part.tree, part.node));
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
        if !is_same {
            tell(scan, trees, part, before);
        } else if part.tree == before.tree && part.node != before.node {
            shared(scan, trees, part, before);
        }
        if part.end > before.end {
            widest = Some(part);
        }
    }
}

fn tell(scan: &mut Scan<'_>, trees: &[Tree], part: Part, before: Part) {
    let Some(tree) = trees.get(part.tree) else { return };
    let at = tree.node(part.node).record;
    let bytes = part.end.min(before.end) - part.start;
    let path = || tree.path(part.node);
    scan.find_of(Rule::D12, Severity::Error, at, "part", Some(&path), || {
        format!("{bytes} bytes from byte {} on belong to two files, which begin at different places", part.start)
    });
}

/// Not worth a word where Rock Ridge says that they are links.
fn shared(scan: &mut Scan<'_>, trees: &[Tree], part: Part, before: Part) {
    let Some(tree) = trees.get(part.tree) else { return };
    let number = tree.file_number(part.node);
    let is_file = tree.node(part.node).kind == NodeKind::File;
    if !is_file || (number.is_some() && number == tree.file_number(before.node)) {
        return;
    }
    let at = tree.node(part.node).record;
    let path = || tree.path(part.node);
    scan.find_of(Rule::D12, Severity::Info, at, "whole", Some(&path), || {
        "a file has the same sectors as another, of the same length".to_owned()
    });
}
