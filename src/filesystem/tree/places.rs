//! This module knows how to go through the extents of a whole tree, of which there are hundreds of thousands.

use super::{NodeId, Tree, view};
use crate::filesystem::extent::Extent;

/// Goes through [`Tree::places`].
#[derive(Debug, Clone)]
pub struct Places<'a> {
    tree: &'a Tree,
    /// The next one.
    next: usize,
    node: NodeId,
    /// Of `node`.
    rest: std::slice::Iter<'a, Extent>,
}

impl<'a> Places<'a> {
    pub(super) fn of(tree: &'a Tree) -> Self {
        Self { tree, next: 0, node: Tree::ROOT, rest: [].iter() }
    }
}

impl Iterator for Places<'_> {
    type Item = (NodeId, Extent);

    fn next(&mut self) -> Option<(NodeId, Extent)> {
        loop {
            if let Some(&extent) = self.rest.next() {
                return Some((self.node, extent));
            }
            let slot = self.tree.slots.get(self.next)?;
            self.node = NodeId(u32::try_from(self.next).ok()?);
            self.next += 1;
            if let Some(alone) = slot.extents.extent(slot.size) {
                return Some((self.node, alone));
            }
            self.rest = view(&self.tree.extents, slot.extents.span()).iter();
        }
    }
}
