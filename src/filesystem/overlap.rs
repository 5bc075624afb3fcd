//! This module knows which files share sectors that they should not: rules D12 and U11.

use std::iter::Peekable;

use super::extent::{Extent, ExtentKind};
use super::finding::Severity;
use super::in_order::in_order;
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
    if is_sound(trees, length) {
        return;
    }
    let runs = (0..).zip(trees).map(|(index, tree)| in_order(parts(tree, index, length), place).peekable());
    let mut runs: Vec<_> = runs.collect();
    let mut widest: Option<Part> = None;
    while let Some(part) = next_of(&mut runs) {
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

/// Of one tree.
fn parts(tree: &Tree, index: u32, length: u64) -> impl Iterator<Item = Part> + Clone + '_ {
    let has_space =
        move |extent: &Extent| extent.kind != ExtentKind::Hole && extent.length > 0 && extent.start < length;
    let parts = tree.places().filter(move |(_, extent)| has_space(extent));
    parts.map(move |(node, extent)| Part { start: extent.start, end: extent.end(), tree: index, node })
}

/// The quick way for discs whose files come in order, and share nothing but with their twins in other trees: nearly all.
fn is_sound(trees: &[Tree], length: u64) -> bool {
    let mut runs: Vec<_> = trees
        .iter()
        .map(|tree| {
            let mut places = parts(tree, 0, length).map(|part| place(&part));
            (places.next(), places)
        })
        .collect();
    let mut last = (0, 0);
    loop {
        let heads = runs.iter_mut().filter_map(|(head, places)| Some(((*head)?, head, places)));
        let Some((place, head, places)) = heads.min_by_key(|(place, ..)| *place) else { return true };
        *head = places.next();
        let (start, _) = place;
        let (_, last_end) = last;
        if head.is_some_and(|next| next <= place) || (start < last_end && place != last) {
            return false;
        }
        last = place;
    }
}

fn place(part: &Part) -> (u64, u64) {
    (part.start, part.end)
}

/// The next part of all trees; of parts in the same place, that of the first tree.
fn next_of(runs: &mut [Peekable<impl Iterator<Item = Part>>]) -> Option<Part> {
    let heads = runs.iter_mut().filter_map(|run| Some((place(run.peek()?), run)));
    heads.min_by_key(|(place, _)| *place)?.1.next()
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
