//! This module knows how a finding about a name in a directory says which one it is about.

use super::finding::{Draft, Origin, Severity};
use super::reader::ReadError;
use super::rule::Rule;
use super::scan::Scan;
use super::tree::{NodeId, Tree};

/// A record, or a directory.
#[derive(Clone, Copy)]
pub(super) struct Spot<'a> {
    pub tree: &'a Tree,
    pub directory: NodeId,
    /// Of the record in it; empty for the directory itself.
    pub name: &'a [u8],
    /// In bytes.
    pub at: u64,
}

impl Spot<'_> {
    pub fn path(&self) -> Vec<u8> {
        let mut path = self.tree.path(self.directory);
        if !path.is_empty() && !self.name.is_empty() {
            path.push(b'/');
        }
        path.extend(self.name);
        path
    }

    pub fn find(&self, scan: &mut Scan<'_>, rule: Rule, subject: &'static str, text: impl FnOnce() -> String) {
        self.find_as(scan, rule, rule.severity(), subject, text);
    }

    pub fn find_as(
        &self,
        scan: &mut Scan<'_>,
        rule: Rule,
        severity: Severity,
        subject: &'static str,
        text: impl FnOnce() -> String,
    ) {
        scan.find_of(rule, severity, self.at, subject, Some(&|| self.path()), text);
    }

    /// What a program does to every record of a disc, and no mishap.
    pub fn find_habit(
        &self,
        scan: &mut Scan<'_>,
        rule: Rule,
        severity: Severity,
        subject: &'static str,
        text: impl FnOnce() -> String,
    ) {
        let path = || self.path();
        let origin = Origin::Mastering;
        scan.add(Draft { rule, severity, origin, at: Some(self.at), subject, path: Some(&path) }, text);
    }

    pub fn unread(&self, scan: &mut Scan<'_>, error: ReadError, what: &'static str) {
        scan.unread_of(error, self.at, what, Some(&|| self.path()));
    }
}
