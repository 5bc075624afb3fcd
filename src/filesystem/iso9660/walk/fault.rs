//! This module knows what is told of a directory that is not as it should be.

use super::{Directory, Walk};
use crate::filesystem::reader::ReadError;
use crate::filesystem::rule::Rule;
use crate::filesystem::spot::Spot;

impl Walk<'_, '_, '_> {
    /// Names of `directory` are missing.
    fn lacks(&mut self, directory: &Directory) {
        self.tree.mark_damaged(directory.node);
        self.lacks_names = true;
    }

    pub(super) fn unread(&mut self, directory: &Directory, error: ReadError, at: u64) {
        self.lacks(directory);
        let spot = Spot { tree: &self.tree, directory: directory.node, name: b"", at };
        spot.unread(self.scan, error, "a directory");
    }

    pub(super) fn broken(&mut self, directory: &Directory, at: u64) {
        self.lacks(directory);
        let spot = Spot { tree: &self.tree, directory: directory.node, name: b"", at };
        spot.find(self.scan, Rule::D02, "broken", || {
            "what stands there is no directory record, or one that does not end in its sector".to_owned()
        });
    }

    pub(super) fn mended(&mut self, directory: &Directory, at: u64) {
        self.lacks(directory);
        let spot = Spot { tree: &self.tree, directory: directory.node, name: b"", at };
        spot.find(self.scan, Rule::D02, "length", || {
            "the length of a record is wrong; it was taken to end where the next one begins".to_owned()
        });
    }

    pub(super) fn empty_sector(&mut self, directory: &Directory, at: u64) {
        self.lacks(directory);
        let spot = Spot { tree: &self.tree, directory: directory.node, name: b"", at };
        spot.find(self.scan, Rule::D02, "empty", || "a sector in the midst of a directory has no records".to_owned());
    }

    pub(super) fn no_dots(&mut self, directory: &Directory, at: u64, index: u32) {
        let spot = Spot { tree: &self.tree, directory: directory.node, name: b"", at };
        let which = if index == 0 { "itself" } else { "its parent" };
        spot.find(self.scan, Rule::D01, "missing", || format!("a directory has no record of {which} in its place"));
    }

    pub(super) fn cut(&mut self, what: &'static str, why: &str) {
        self.tree.mark_cut();
        self.scan.cut(what, why);
    }
}
