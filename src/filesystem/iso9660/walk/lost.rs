//! This module knows how directories are found again that no directory that can be read has in it: the path table lists
//! them, too.

use std::collections::HashMap;

use super::super::name::push_joliet;
use super::super::path_table::{self, Listed};
use super::directory::DirectoryExtent;
use super::relocation::own_record;
use super::{Attributes, Directory, Reached, Walk, posix_of};
use crate::filesystem::finding::{Draft, Origin, Severity};
use crate::filesystem::rule::Rule;
use crate::filesystem::spot::Spot;
use crate::filesystem::tree::{NodeId, NodeKind, Tree, TreeKind};

/// What a walk knows once it looks for lost directories.
pub(super) struct Search {
    /// Of the path table, in its order, which has parents first.
    left: std::vec::IntoIter<Listed>,
    /// By block: the directories of the tree.
    known: HashMap<u32, NodeId>,
}

impl Search {
    pub(super) fn note(&mut self, block: u32, node: NodeId) {
        self.known.insert(block, node);
    }
}

impl Walk<'_, '_, '_> {
    /// Takes the next lost directory into the tree, to be read. False where there are no more.
    pub(super) fn take_lost(&mut self) -> bool {
        if !self.lacks_names || self.volume.kind == TreeKind::HighSierra {
            return false;
        }
        let mut search = match self.search.take() {
            Some(search) => search,
            None => Search {
                left: path_table::listed(self.scan, self.volume.descriptor).into_iter(),
                known: self.known_directories(),
            },
        };
        let found = search.left.find(|listed| !self.visited.contains(&listed.block) && self.is_directory(listed.block));
        let place = found.as_ref().and_then(|found| search.known.get(&found.parent).copied());
        self.search = Some(search);
        let Some(found) = found else { return false };
        self.add_lost(&found, place.unwrap_or(Tree::ROOT));
        true
    }

    fn known_directories(&self) -> HashMap<u32, NodeId> {
        let block = u64::from(self.volume.block_bytes);
        let directories = self.tree.ids().filter(|&id| self.tree.node(id).kind == NodeKind::Directory);
        directories
            .filter_map(|id| {
                let start = self.tree.extents(id).first()?.start;
                Some((u32::try_from(start.checked_div(block)?).ok()?, id))
            })
            .collect()
    }

    /// The first bytes of the directory at `block`, or of whatever stands there.
    fn beginning(&mut self, block: u32) -> [u8; 255] {
        let start = u64::from(block) * u64::from(self.volume.block_bytes);
        self.scan.reader.array(start).unwrap_or([0; 255])
    }

    fn is_directory(&mut self, block: u32) -> bool {
        let bytes = self.beginning(block);
        own_record(&bytes, self.volume.format).is_some_and(|own| own.extent.value() == block)
    }

    /// The root, which its descriptor puts elsewhere.
    fn read_root_again(&mut self, extent: DirectoryExtent) {
        self.visited.insert(extent.block);
        if let Some(search) = &mut self.search {
            search.note(extent.block, Tree::ROOT);
        }
        self.queue.push_back(Directory {
            node: Tree::ROOT,
            extent,
            parent: extent,
            reached: Reached::ByItsRecord,
            level: 1,
            depth: 0,
            path_bytes: 0,
        });
    }

    fn add_lost(&mut self, found: &Listed, node: NodeId) {
        let block = found.block;
        let bytes = self.beginning(block);
        let Some(own) = own_record(&bytes, self.volume.format) else { return };
        let extent = self.extent_of(&own);
        let area_at = u64::from(block) * u64::from(self.volume.block_bytes) + own.system_use_offset() as u64;
        let attributes = match self.volume.susp {
            Some(susp) => susp.read(self.scan, own.system_use, area_at, &|| found.identifier.clone()),
            None => Attributes::default(),
        };
        self.name.clear();
        // The root has none.
        let identifier: &[u8] = if found.identifier == [0] { &[] } else { &found.identifier };
        match self.volume.kind {
            TreeKind::Joliet => push_joliet(identifier, &mut self.name),
            TreeKind::RockRidge | TreeKind::Iso9660 | TreeKind::Enhanced | TreeKind::HighSierra | TreeKind::Udf => {
                self.name.extend(identifier)
            }
        }
        let spot = Spot { tree: &self.tree, directory: node, name: &self.name, at: found.at };
        let path = || spot.path();
        let (rule, severity, origin) = (Rule::P05, Severity::Warning, Origin::Damage);
        self.scan.add(Draft { rule, severity, origin, at: Some(found.at), subject: "lost", path: Some(&path) }, || {
            format!(
                "no directory that can be read has the one at block {block} in it; the path table has, and by its name it \
                 is listed"
            )
        });
        self.note_physical(block, found.parent, &found.identifier, found.at);
        if found.identifier == [0] {
            return self.read_root_again(extent);
        }
        let length = u32::try_from(self.tree.node(node).size).unwrap_or(u32::MAX);
        let holder = DirectoryExtent { block: found.parent, attribute_blocks: 0, length };
        let depth = self.tree.depth(node);
        let parent = Directory {
            node,
            extent: holder,
            parent: holder,
            reached: Reached::ByItsRecord,
            level: depth.saturating_add(1),
            depth,
            path_bytes: self.tree.path(node).len(),
        };
        let modified = attributes.modified.or(own.modified());
        self.add_directory(&parent, extent, Reached::ByItsRecord, found.at, (modified, posix_of(&attributes)));
    }
}
