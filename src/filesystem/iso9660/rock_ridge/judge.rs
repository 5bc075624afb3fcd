//! This module knows whether what Rock Ridge says of a record agrees with the record.

use super::{Attributes, Susp};
use crate::filesystem::finding::Severity;
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;
use crate::filesystem::tree::NodeKind;

/// Which record of a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordKind {
    /// "."
    Own,
    /// ".."
    Parent,
    File,
    Directory,
}

impl Susp {
    /// Tells where the attributes of the record at byte `at` contradict it, or each other. For [`Scope::Judge`] only.
    ///
    /// [`Scope::Judge`]: crate::filesystem::Scope::Judge
    pub fn judge(
        &self,
        scan: &mut Scan<'_>,
        attributes: &Attributes,
        record: RecordKind,
        at: u64,
        path: &dyn Fn() -> Vec<u8>,
    ) {
        if !self.is_rock_ridge {
            return;
        }
        let mut tell = |rule, severity, subject, text: &dyn Fn() -> String| {
            scan.find_of(rule, severity, at, subject, Some(path), text);
        };
        let is_named = matches!(record, RecordKind::File | RecordKind::Directory);
        if is_named && attributes.is_own_or_parent {
            tell(Rule::R08, Severity::Warning, "flags", &|| {
                "a name is that of the directory itself or of its parent, by its flags".to_owned()
            });
        }
        let Some(posix) = attributes.posix else {
            // Apple's bridges leave them out of "." and "..".
            if is_named {
                tell(Rule::R12, Severity::Warning, "missing", &|| "a record has no POSIX attributes".to_owned());
            }
            return;
        };
        // In "..", genisoimage leaves the mode of the directory for relocated ones empty.
        if record == RecordKind::Parent {
            return;
        }
        if posix.links == 0 {
            tell(Rule::R05, Severity::Warning, "links", &|| "a file has 0 links, and this is one".to_owned());
        }
        let Some(kind) = posix.kind() else {
            let mode = posix.mode;
            tell(Rule::R05, Severity::Warning, "type", &|| format!("the mode {mode:o} has no type of file in it"));
            return;
        };
        let is_directory = matches!(record, RecordKind::Own | RecordKind::Directory);
        // The record that stands for a relocated directory is one of a file.
        let stands_for_directory = attributes.child.is_some();
        if (kind == NodeKind::Directory) != is_directory && !stands_for_directory {
            let (is, says) = if is_directory { ("a directory", "none") } else { ("no directory", "one") };
            tell(Rule::R05, Severity::Error, "directory", &|| {
                format!("the record is that of {is}, and its mode of {says}")
            });
        }
        if matches!(kind, NodeKind::BlockDevice | NodeKind::CharacterDevice) && !attributes.has_device {
            tell(Rule::R06, Severity::Warning, "missing", &|| "a device has no numbers".to_owned());
        }
        if kind == NodeKind::Symlink && attributes.target.is_none() {
            tell(Rule::R07, Severity::Error, "missing", &|| "a symbolic link points nowhere".to_owned());
        }
    }
}
