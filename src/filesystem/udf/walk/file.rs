//! This module knows how a file or directory is taken into the tree, once its name is known.

use super::super::allocation::{self, Allocated};
use super::super::directory::FileIdentifier;
use super::super::entry;
use super::super::icb::FileEntry;
use super::super::symlink;
use super::{Directory, Walk, check};
use crate::filesystem::extent::ExtentKind;
use crate::filesystem::rule::Rule;
use crate::filesystem::spot::Spot;
use crate::filesystem::tree::{Entry, NodeId, NodeKind};

impl Walk<'_, '_, '_> {
    /// The file or directory that `name`, which stands at byte `at`, leads to.
    pub(super) fn take_file(&mut self, directory: &Directory, name: &FileIdentifier<'_>, at: u64, is_suspect: bool) {
        let icb = name.icb.at;
        if let Some(known) = self.known.get_mut(&icb) {
            known.names = known.names.saturating_add(1);
            let node = known.node;
            return self.add_again(directory, node, at);
        }
        let (tree, of) = (&self.tree, &self.name);
        let path = || Spot { tree, directory: directory.node, name: of, at }.path();
        let reached = entry::reach(self.scan, &self.volume.space, icb, Some(&path));
        let Some(reached) = reached else { return self.add_lost(directory, name.is_directory, at) };
        let Some(entry) = reached.parse() else { return self.add_lost(directory, name.is_directory, at) };
        let record = reached.block.at;
        let (space, most) = (&self.volume.space, self.extents_left);
        let allocated = allocation::read(self.scan, space, &entry, record, reached.home, Some(&path), most);
        self.extents_left = most.saturating_sub(allocated.extents.len() as u64);
        let spot = Spot { tree: &self.tree, directory: directory.node, name: &self.name, at: record };
        let mut is_whole = check::troubles(self.scan, &spot, self.volume, &entry, &allocated);
        let kind = entry.kind();
        if (kind == NodeKind::Directory) != name.is_directory {
            let spot = Spot { at, ..spot };
            spot.find(self.scan, Rule::U10, "kind", || {
                let (by_name, by_entry) = if name.is_directory { ("directory", "file") } else { ("file", "directory") };
                format!("a name is that of a {by_name}, and leads to the entry of a {by_entry}")
            });
        }
        if self.scan.judges() {
            check::entry(self.scan, &spot, &entry, &allocated);
            check::unique_id(self.scan, &spot, self.volume, &entry, name.icb.unique_id, &mut self.unique_ids);
        }
        let mut target = None;
        if kind == NodeKind::Symlink {
            target = self.target(directory, &entry, &allocated, record);
            is_whole &= target.is_some();
        }
        let of = std::mem::take(&mut self.name);
        let node = self.add(
            directory.node,
            Entry {
                size: if kind == NodeKind::Symlink { 0 } else { entry.information_length },
                modified: entry.modified,
                posix: Some(entry.posix()),
                file_number: (entry.links > 1 && kind != NodeKind::Directory).then_some(record),
                extents: &allocated.extents,
                target: target.as_deref(),
                is_damaged: is_suspect || reached.block.is_suspect || allocated.is_suspect || !is_whole,
                ..Entry::new(&of, kind, record)
            },
        );
        let name_bytes = of.len();
        self.name = of;
        let Some(node) = node else { return };
        self.know(icb, node, entry.links, 1);
        if self.scan.judges() {
            self.judge_streams(node, &entry);
        }
        if kind == NodeKind::Directory {
            let rows = if self.scan.judges() { allocated.rows } else { Vec::new() };
            let (depth, path_bytes) = (directory.depth + 1, directory.path_bytes + 1 + name_bytes);
            self.enter(directory, Directory { node, icb, parent: directory.icb, rows, depth, path_bytes });
        }
    }

    fn enter(&mut self, parent: &Directory, directory: Directory) {
        if !self.directories.insert(directory.icb) {
            return self.cycle(parent, directory.node);
        }
        if directory.depth > self.scan.limits.depth || directory.path_bytes > self.scan.limits.path_bytes {
            return self.cut("directories", "they are nested deeper than any disc has them");
        }
        self.queue.push_back(directory);
    }

    fn cycle(&mut self, parent: &Directory, node: NodeId) {
        self.tree.mark_damaged(node);
        let at = self.tree.node(node).record;
        let spot = Spot { tree: &self.tree, directory: parent.node, name: &self.name, at };
        spot.find(self.scan, Rule::U10, "cycle", || {
            "a directory is reached a second time, perhaps from within itself".to_owned()
        });
    }

    /// Another name, which stands at byte `at`, of what `first` is a name of.
    fn add_again(&mut self, directory: &Directory, first: NodeId, at: u64) {
        let node = self.tree.node(first);
        let name = std::mem::take(&mut self.name);
        if node.kind == NodeKind::Directory {
            let added = self.add(directory.node, Entry { size: node.size, ..Entry::new(&name, node.kind, at) });
            self.name = name;
            if let Some(added) = added {
                self.cycle(directory, added);
            }
            return;
        }
        let extents = self.tree.extents(first).to_vec();
        let target = self.tree.target(first).map(<[u8]>::to_vec);
        match self.extents_left.checked_sub(extents.len() as u64) {
            Some(left) => self.extents_left = left,
            None => return self.cut("extents", "there are more of them than any disc has"),
        }
        let entry = Entry {
            size: node.size,
            modified: node.modified,
            posix: node.posix,
            file_number: Some(node.record),
            extents: &extents,
            target: target.as_deref(),
            is_damaged: node.is_damaged,
            ..Entry::new(&name, node.kind, node.record)
        };
        self.add(directory.node, entry);
        self.name = name;
    }

    /// Where a symbolic link leads; why that is not known is told.
    fn target(
        &mut self,
        directory: &Directory,
        entry: &FileEntry<'_>,
        allocated: &Allocated,
        at: u64,
    ) -> Option<Vec<u8>> {
        let spot = Spot { tree: &self.tree, directory: directory.node, name: &self.name, at };
        let size = entry.information_length;
        if size > self.scan.limits.symlink_bytes as u64 {
            spot.find(self.scan, Rule::U09, "link", || format!("a symbolic link has {size} bytes, more than any has"));
            return None;
        }
        let mut components = Vec::new();
        for extent in allocated.extents.iter().filter(|extent| extent.kind == ExtentKind::Recorded) {
            let length = usize::try_from(extent.length).unwrap_or(usize::MAX);
            match self.scan.reader.bytes(extent.start, length) {
                Ok(part) => components.extend(part),
                Err(error) => {
                    spot.unread(self.scan, error, "a symbolic link");
                    return None;
                }
            }
        }
        let target = symlink::target(&components);
        if target.is_none() {
            spot.find(self.scan, Rule::U09, "link", || "the components of a symbolic link are no path".to_owned());
        }
        target
    }

    pub(super) fn judge_streams(&mut self, node: NodeId, entry: &FileEntry<'_>) {
        if let Some(streams) = entry.streams {
            let tree = &self.tree;
            let path = || tree.path(node);
            self.streams.judge(self.scan, &self.volume.space, streams.at, Some(&path));
        }
    }
}
