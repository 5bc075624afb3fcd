//! This module knows what a file is called here whose name on the disc is none that Linux can hold.

use std::collections::{HashMap, HashSet};

use crate::filesystem::{NodeId, NodeKind, Tree};

/// The longest name that Linux has, in bytes.
const LONGEST: usize = 255;
/// An ending longer than this is none.
const LONGEST_ENDING: usize = 16;

/// Why a name is another here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WhyRenamed {
    /// It has a slash or a zero byte in it, is empty, or dots alone.
    Impossible,
    /// More than 255 bytes.
    TooLong,
    /// Another file in the same directory has it.
    Taken,
}

/// What files are called here.
#[derive(Debug, Default)]
pub(super) struct Names {
    changed: HashMap<NodeId, Vec<u8>>,
    /// Those of which another in the same directory differs by the size of letters alone, or not at all.
    twins: HashSet<NodeId>,
}

/// What is to be told of names.
#[derive(Debug, Default)]
pub(super) struct Remarks {
    pub renamed: Vec<(NodeId, WhyRenamed)>,
    pub only_case: Vec<NodeId>,
}

impl Names {
    /// Of all in `tree` that `is_wanted`.
    pub(super) fn of(tree: &Tree, is_wanted: impl Fn(NodeId) -> bool) -> (Self, Remarks) {
        let (mut names, mut remarks) = (Self::default(), Remarks::default());
        let directories = tree.ids().filter(|&id| tree.node(id).kind == NodeKind::Directory && is_wanted(id));
        for directory in directories {
            let children: Vec<NodeId> = tree.children(directory).filter(|&child| is_wanted(child)).collect();
            names.name(tree, &children, &mut remarks);
        }
        (names, remarks)
    }

    fn name(&mut self, tree: &Tree, children: &[NodeId], remarks: &mut Remarks) {
        let mut taken: HashSet<Vec<u8>> = HashSet::with_capacity(children.len());
        let mut to_change = Vec::new();
        for &child in children {
            let name = tree.name(child);
            match why(name) {
                Some(why) => to_change.push((child, why)),
                None if taken.contains(name) => to_change.push((child, WhyRenamed::Taken)),
                None => {
                    taken.insert(name.to_vec());
                }
            }
        }
        let mut numbers = HashMap::new();
        for (child, why) in to_change {
            let name = free_name(&possible(tree.name(child)), &taken, &mut numbers);
            taken.insert(name.clone());
            self.changed.insert(child, name);
            remarks.renamed.push((child, why));
        }
        let mut folded: HashMap<String, NodeId> = HashMap::with_capacity(children.len());
        for &child in children {
            let alike = String::from_utf8_lossy(self.of_node(tree, child)).to_lowercase();
            if let Some(&other) = folded.get(&alike) {
                self.twins.extend([child, other]);
                remarks.only_case.push(child);
            } else {
                folded.insert(alike, child);
            }
        }
    }

    pub(super) fn of_node<'a>(&'a self, tree: &'a Tree, id: NodeId) -> &'a [u8] {
        self.changed.get(&id).map_or_else(|| tree.name(id), Vec::as_slice)
    }

    /// The steps from the root to it.
    pub(super) fn steps<'a>(&'a self, tree: &'a Tree, id: NodeId) -> Vec<&'a [u8]> {
        let mut steps = Vec::new();
        let mut at = id;
        while at != Tree::ROOT {
            steps.push(self.of_node(tree, at));
            at = tree.node(at).parent;
        }
        steps.reverse();
        steps
    }

    /// Whether a directory that does not tell large letters from small ones has another of this name.
    pub(super) fn is_twin(&self, id: NodeId) -> bool {
        self.twins.contains(&id)
    }

    /// Another name, since this one is taken by a twin after all.
    pub(super) fn rename(&mut self, tree: &Tree, id: NodeId, number: u32) {
        let name = numbered(&possible(tree.name(id)), number);
        self.changed.insert(id, name);
    }
}

fn why(name: &[u8]) -> Option<WhyRenamed> {
    if matches!(name, b"" | b"." | b"..") || name.iter().any(|byte| matches!(byte, b'/' | 0)) {
        return Some(WhyRenamed::Impossible);
    }
    (name.len() > LONGEST).then_some(WhyRenamed::TooLong)
}

/// The closest name that Linux can hold.
fn possible(name: &[u8]) -> Vec<u8> {
    let name: Vec<u8> = match name {
        b"" | b"." => b"_".to_vec(),
        b".." => b"__".to_vec(),
        _ => name.iter().map(|byte| if matches!(byte, b'/' | 0) { b'_' } else { *byte }).collect(),
    };
    shortened(&name, b"")
}

/// That name with a number, where others have it too. `numbers` are those that were given already, by name: a disc can
/// have a million files of one name.
fn free_name(name: &[u8], taken: &HashSet<Vec<u8>>, numbers: &mut HashMap<Vec<u8>, u32>) -> Vec<u8> {
    if !taken.contains(name) {
        return name.to_vec();
    }
    let number = numbers.entry(name.to_vec()).or_insert(1);
    loop {
        *number = number.saturating_add(1);
        let candidate = numbered(name, *number);
        if !taken.contains(&candidate) || *number == u32::MAX {
            return candidate;
        }
    }
}

fn numbered(name: &[u8], number: u32) -> Vec<u8> {
    shortened(name, format!(" ({number})").as_bytes())
}

/// The name with `insert` before its ending, and so much of what stands before that as there is room for: whole
/// characters.
fn shortened(name: &[u8], insert: &[u8]) -> Vec<u8> {
    let dot = name.iter().rposition(|&byte| byte == b'.').filter(|&dot| dot > 0);
    let dot = dot.filter(|dot| name.len() - dot <= LONGEST_ENDING).unwrap_or(name.len());
    let (stem, ending) = name.split_at(dot);
    let room = LONGEST.saturating_sub(ending.len() + insert.len());
    let mut end = stem.len().min(room);
    if end < stem.len() {
        let is_inside = |at: usize| stem.get(at).is_some_and(|byte| byte & 0xC0 == 0x80);
        // Four bytes at most make a character; where there are more of its kind, it is no UTF-8.
        if let Some(start) = (end.saturating_sub(3)..=end).rev().find(|&at| !is_inside(at)) {
            end = start;
        }
    }
    [stem.get(..end).unwrap_or(stem), insert, ending].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filesystem::{Entry, TreeKind};

    fn tree(names: &[&[u8]]) -> (Tree, Vec<NodeId>) {
        let mut tree = Tree::new(TreeKind::Udf, Entry::new(b"", NodeKind::Directory, 0));
        let ids = names.iter().map(|name| tree.add(Tree::ROOT, Entry::new(name, NodeKind::File, 0)).unwrap()).collect();
        (tree, ids)
    }

    fn named(names: &[&[u8]]) -> Vec<String> {
        let (tree, ids) = tree(names);
        let (names, _) = Names::of(&tree, |_| true);
        ids.iter().map(|&id| String::from_utf8(names.of_node(&tree, id).to_vec()).unwrap()).collect()
    }

    #[test]
    fn plain_names_stay() {
        assert_eq!(named(&[b"a.txt", b".hidden", b"A b", b"..."]), ["a.txt", ".hidden", "A b", "..."]);
    }

    #[test]
    fn an_impossible_name_is_made_possible() {
        assert_eq!(
            named(&[b"a/b", b"..", b".", b"", b"a\0", b"../../etc/passwd"]),
            ["a_b", "__", "_", "_ (2)", "a_", ".._.._etc_passwd"]
        );
    }

    #[test]
    fn the_second_of_a_name_gets_a_number_and_takes_nobodys() {
        assert_eq!(
            named(&[b"a.txt", b"a.txt", b"a (2).txt", b"b/c", b"b_c"]),
            ["a.txt", "a (3).txt", "a (2).txt", "b_c (2)", "b_c"]
        );
    }

    #[test]
    fn a_long_name_keeps_its_ending_and_whole_characters() {
        let long = "é".repeat(200) + ".tar.gz";
        let short = named(&[long.as_bytes(), long.as_bytes()]);
        assert_eq!(short[0], "é".repeat(126) + ".gz");
        assert_eq!(short[1], "é".repeat(124) + " (2).gz");
        let bytes = [0x80; 300];
        assert_eq!(shortened(&bytes, b"").len(), 255);
    }

    #[test]
    fn names_that_differ_in_case_alone_are_told_and_kept() {
        let (tree, ids) = tree(&[b"Read.me", b"x", "ÄB".as_bytes(), b"READ.ME", "äb".as_bytes()]);
        let (names, remarks) = Names::of(&tree, |_| true);
        assert_eq!(remarks.only_case, [ids[3], ids[4]]);
        assert!(remarks.renamed.is_empty());
        let twins: Vec<bool> = ids.iter().map(|&id| names.is_twin(id)).collect();
        assert_eq!(twins, [true, false, true, true, true]);
    }
}
