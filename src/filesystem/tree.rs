//! This module knows a directory tree, whatever filesystem it came from, in little memory.

mod node;
mod places;
mod slot;

use std::collections::HashMap;

pub use node::{Encoding, Entry, Md5Array, Node, NodeId, NodeKind, Posix, TreeKind, Zisofs};
pub use places::Places;
use slot::{Moment, NONE, Place, Slot, Span};

use super::extent::{Extent, ExtentKind, Extents};
use super::timestamp::Timestamp;

/// A tree of names. A name is bytes, as Linux has it: those of Rock Ridge and ISO 9660 as recorded, those of Joliet and
/// UDF as UTF-8 (a surrogate alone as its three bytes, which are not UTF-8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    pub kind: TreeKind,
    slots: Vec<Slot>,
    text: Vec<u8>,
    /// Of files that have not one alone.
    extents: Vec<Extent>,
    /// Rights and owners, which are mostly those of the file before.
    posix: Vec<Posix>,
    targets: HashMap<NodeId, Span>,
    file_numbers: HashMap<NodeId, u64>,
    encodings: HashMap<NodeId, Zisofs>,
    md5_indexes: HashMap<NodeId, u32>,
    /// Where libisofs recorded the MD5 of each file, by index.
    pub md5_array: Option<Md5Array>,
    /// A full store, or more names than are read: the tree is not all there is.
    is_cut: bool,
    /// Kept up as nodes come, since to look at each again takes long.
    totals: Totals,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Totals {
    /// The root included.
    directories: u32,
    has_damaged_directory: bool,
    /// Behind the last byte that is recorded of any node.
    end: u64,
}

impl Tree {
    pub const ROOT: NodeId = NodeId(0);

    /// A tree that has only its root, whose name and kind in `root` are of no matter.
    pub fn new(kind: TreeKind, root: Entry<'_>) -> Self {
        let mut tree = Self {
            kind,
            slots: Vec::new(),
            text: Vec::new(),
            extents: Vec::new(),
            posix: Vec::new(),
            targets: HashMap::new(),
            file_numbers: HashMap::new(),
            encodings: HashMap::new(),
            md5_indexes: HashMap::new(),
            md5_array: None,
            is_cut: false,
            totals: Totals::default(),
        };
        tree.push(Self::ROOT, Entry { name: b"", kind: NodeKind::Directory, ..root });
        tree
    }

    /// Adds `entry` as the last of `parent`; `None` where the tree is full.
    pub fn add(&mut self, parent: NodeId, entry: Entry<'_>) -> Option<NodeId> {
        let id = self.push(parent, entry);
        let Some(id) = id else {
            self.is_cut = true;
            return None;
        };
        let last = self.slot(parent).map_or(Self::ROOT, |slot| std::mem::replace(&mut slot.last_child, id));
        // Nobody's child is the root, and the first of all is the next of the last.
        let first = match self.slot(last).filter(|_| last != Self::ROOT) {
            Some(slot) => std::mem::replace(&mut slot.next_sibling, id),
            None => id,
        };
        if let Some(slot) = self.slot(id) {
            slot.next_sibling = first;
        }
        Some(id)
    }

    fn push(&mut self, parent: NodeId, entry: Entry<'_>) -> Option<NodeId> {
        let id = NodeId(u32::try_from(self.slots.len()).ok()?);
        let name_length = u16::try_from(entry.name.len()).ok()?;
        let name = store(&mut self.text, entry.name)?;
        let extents = match Place::alone(entry.extents, entry.size) {
            Some(place) => place,
            None => Place::stored(store(&mut self.extents, entry.extents)?),
        };
        if let Some(target) = entry.target {
            let target = store(&mut self.text, target)?;
            self.targets.insert(id, target);
        }
        if let Encoding::Zisofs(zisofs) = entry.encoding {
            self.encodings.insert(id, zisofs);
        }
        if let Some(number) = entry.file_number {
            self.file_numbers.insert(id, number);
        }
        let posix = self.keep(entry.posix)?;
        self.count(&entry);
        self.slots.push(Slot {
            size: entry.size,
            record: entry.record,
            modified: Moment::of(entry.modified),
            parent,
            name_start: name.start,
            extents,
            last_child: Self::ROOT,
            next_sibling: Self::ROOT,
            posix,
            name_length,
            kind: entry.kind,
            is_damaged: entry.is_damaged,
        });
        Some(id)
    }

    fn count(&mut self, entry: &Entry<'_>) {
        if entry.kind == NodeKind::Directory {
            self.totals.directories = self.totals.directories.saturating_add(1);
            self.totals.has_damaged_directory |= entry.is_damaged;
        }
        let recorded = |extent: &&Extent| extent.kind == ExtentKind::Recorded && extent.length > 0;
        let end = entry.extents.iter().filter(recorded).map(Extent::end).max().unwrap_or(0);
        self.totals.end = self.totals.end.max(end);
    }

    fn keep(&mut self, posix: Option<Posix>) -> Option<u32> {
        let Some(posix) = posix else { return Some(NONE) };
        let posix = Posix { mode: posix.mode & 0o7777, ..posix };
        if self.posix.last() != Some(&posix) {
            self.posix.push(posix);
        }
        u32::try_from(self.posix.len() - 1).ok()
    }

    fn slot(&mut self, id: NodeId) -> Option<&mut Slot> {
        self.slots.get_mut(id.0 as usize)
    }

    #[expect(clippy::indexing_slicing, reason = "ids come from `add` of this tree alone")]
    fn kept(&self, id: NodeId) -> &Slot {
        &self.slots[id.0 as usize]
    }

    /// What is known of `id`, which must be of this tree.
    ///
    /// # Panics
    /// Where it is of a larger tree.
    pub fn node(&self, id: NodeId) -> Node {
        let slot = self.kept(id);
        Node {
            parent: slot.parent,
            kind: slot.kind,
            size: slot.size,
            modified: slot.modified.timestamp(),
            posix: self.posix.get(slot.posix as usize).copied(),
            record: slot.record,
            is_damaged: slot.is_damaged,
        }
    }

    /// The same number in two nodes: two names of one file. Only where the filesystem says so.
    pub fn file_number(&self, id: NodeId) -> Option<u64> {
        self.file_numbers.get(&id).copied()
    }

    /// The place of this file's sum in [`Tree::md5_array`].
    pub fn md5_index(&self, id: NodeId) -> Option<u32> {
        self.md5_indexes.get(&id).copied()
    }

    pub fn set_md5_index(&mut self, id: NodeId, index: u32) {
        self.md5_indexes.insert(id, index);
    }

    /// Of a node whose record says less than what is found later, as that of a root does.
    pub fn set_attributes(&mut self, id: NodeId, modified: Option<Timestamp>, posix: Option<Posix>) {
        let posix = self.keep(posix).unwrap_or(NONE);
        if let Some(slot) = self.slot(id) {
            slot.modified = Moment::of(modified);
            slot.posix = posix;
        }
    }

    pub fn mark_damaged(&mut self, id: NodeId) {
        if let Some(slot) = self.slot(id) {
            slot.is_damaged = true;
            self.totals.has_damaged_directory |= self.kept(id).kind == NodeKind::Directory;
        }
    }

    pub fn mark_cut(&mut self) {
        self.is_cut = true;
    }

    /// Whether there is more than this tree has.
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// How many there are, the root included.
    pub fn directories(&self) -> u32 {
        self.totals.directories
    }

    /// Whether names may be lost.
    pub fn has_damaged_directory(&self) -> bool {
        self.totals.has_damaged_directory
    }

    /// Behind the last byte that is recorded of any node; 0 where nothing is.
    pub fn end(&self) -> u64 {
        self.totals.end
    }

    /// The root included.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    pub fn is_empty(&self) -> bool {
        self.slots.len() <= 1
    }

    /// All, each behind its parent, the root first.
    pub fn ids(&self) -> impl Iterator<Item = NodeId> + Clone + use<> {
        (0..u32::try_from(self.slots.len()).unwrap_or(u32::MAX)).map(NodeId)
    }

    pub fn children(&self, of: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let last = Some(self.kept(of).last_child).filter(|&last| last != Self::ROOT);
        let first = last.map(|last| self.kept(last).next_sibling);
        std::iter::successors(first, move |&child| (Some(child) != last).then(|| self.kept(child).next_sibling))
    }

    /// The root's is empty.
    pub fn name(&self, id: NodeId) -> &[u8] {
        let slot = self.kept(id);
        view(&self.text, Span { start: slot.name_start, length: slot.name_length.into() })
    }

    pub fn extents(&self, id: NodeId) -> Extents<'_> {
        let slot = self.kept(id);
        match slot.extents.extent(slot.size) {
            Some(alone) => Extents::Alone([alone]),
            None => Extents::Many(view(&self.extents, slot.extents.span())),
        }
    }

    /// All extents of all nodes: in the order of the nodes, each with its own in their order.
    pub fn places(&self) -> Places<'_> {
        Places::of(self)
    }

    /// Of a symbolic link.
    pub fn target(&self, id: NodeId) -> Option<&[u8]> {
        self.targets.get(&id).map(|&span| view(&self.text, span))
    }

    pub fn encoding(&self, id: NodeId) -> Encoding {
        self.encodings.get(&id).map_or(Encoding::Plain, |&zisofs| Encoding::Zisofs(zisofs))
    }

    /// How many directories it lies in; the root's is 0.
    pub fn depth(&self, id: NodeId) -> u32 {
        let mut depth = 0;
        let mut at = id;
        while at != Self::ROOT {
            at = self.kept(at).parent;
            depth += 1;
        }
        depth
    }

    /// From the root, with slashes between, none in front: empty for the root.
    pub fn path(&self, id: NodeId) -> Vec<u8> {
        let mut names = Vec::new();
        let mut at = id;
        while at != Self::ROOT {
            names.push(self.name(at));
            at = self.kept(at).parent;
        }
        names.reverse();
        names.join(&b'/')
    }

    /// The node at a path with slashes between; those at its ends, and dots alone, are of no matter.
    /// Names are compared byte for byte.
    pub fn find(&self, path: &[u8]) -> Option<NodeId> {
        let mut steps = path.split(|&byte| byte == b'/').filter(|step| !step.is_empty() && *step != b".");
        steps.try_fold(Self::ROOT, |at, step| self.children(at).find(|&child| self.name(child) == step))
    }
}

fn store<T: Clone>(into: &mut Vec<T>, what: &[T]) -> Option<Span> {
    let start = u32::try_from(into.len()).ok()?;
    let length = u32::try_from(what.len()).ok()?;
    start.checked_add(length)?;
    into.extend_from_slice(what);
    Some(Span { start, length })
}

fn view<T>(store: &[T], span: Span) -> &[T] {
    let start = span.start as usize;
    store.get(start..start.saturating_add(span.length as usize)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_tree_is_walked_found_in_and_named() {
        let mut tree = Tree::new(TreeKind::Iso9660, Entry::new(b"", NodeKind::Directory, 0));
        let sub = tree.add(Tree::ROOT, Entry::new(b"SUB", NodeKind::Directory, 1)).unwrap();
        let extents = [Extent::recorded(2048, 5), Extent::recorded(8192, 7)];
        let file = tree.add(sub, Entry { extents: &extents, ..Entry::new(b"B.BIN", NodeKind::File, 2) }).unwrap();
        let link = tree
            .add(Tree::ROOT, Entry { target: Some(b"SUB/B.BIN"), ..Entry::new(b"L", NodeKind::Symlink, 3) })
            .unwrap();
        assert_eq!(tree.children(Tree::ROOT).collect::<Vec<_>>(), [sub, link]);
        assert_eq!(tree.find(b"/SUB/./B.BIN"), Some(file));
        assert_eq!(tree.find(b"SUB/C"), None);
        assert_eq!(tree.find(b""), Some(Tree::ROOT));
        assert_eq!((tree.path(file), tree.depth(file)), (b"SUB/B.BIN".to_vec(), 2));
        assert_eq!(*tree.extents(file), extents);
        assert_eq!(tree.target(link), Some(b"SUB/B.BIN".as_slice()));
        assert_eq!(tree.target(file), None);
    }

    proptest! {
        #[test]
        fn what_was_added_is_there_in_its_order(nodes: Vec<(prop::sample::Index, u64, Option<(i32, u32)>, Vec<(u64, u64)>)>) {
            let mut tree = Tree::new(TreeKind::Udf, Entry::new(b"", NodeKind::Directory, 0));
            let mut added = vec![(Tree::ROOT, Tree::ROOT)];
            let (mut times, mut places) = (vec![None], vec![Vec::new()]);
            for (parent, size, time, extents) in nodes {
                let parent = added[parent.index(added.len())].1;
                let modified = time.map(|(seconds, micros)| Timestamp {
                    seconds: seconds.into(),
                    nanoseconds: micros % 1_000_000 * 1000,
                });
                let extents: Vec<_> = extents.into_iter().map(|(start, length)| Extent::recorded(start, length)).collect();
                let entry = Entry { size, modified, extents: &extents, ..Entry::new(b"x", NodeKind::File, 0) };
                added.push((parent, tree.add(parent, entry).unwrap()));
                times.push(modified);
                places.push(extents);
            }
            for (index, &(_, id)) in added.iter().enumerate() {
                let children = added[1..].iter().filter(|(parent, _)| *parent == id).map(|(_, child)| *child);
                prop_assert_eq!(tree.children(id).collect::<Vec<_>>(), children.collect::<Vec<_>>());
                prop_assert_eq!(tree.node(id).modified, times[index]);
                prop_assert_eq!(tree.extents(id).to_vec(), places[index].clone());
            }
            let each = tree.ids().flat_map(|id| tree.extents(id).into_iter().map(move |extent| (id, extent)));
            prop_assert_eq!(tree.places().collect::<Vec<_>>(), each.collect::<Vec<_>>());
        }
    }
}
