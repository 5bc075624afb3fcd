//! This module knows how a name in a directory is taken into the tree, and rules U10 and U12.

use super::super::cs0;
use super::super::directory::FileIdentifier;
use super::super::tag::TAG_BYTES;
use super::{BlockAddress, Directory, Walk};
use crate::filesystem::finding::Severity;
use crate::filesystem::rule::Rule;
use crate::filesystem::spot::Spot;
use crate::filesystem::tree::{Entry, NodeKind};
use crate::filesystem::unique_names::UniqueNames;

/// UDF 2.3.4.2: deleted names are marked so.
const DELETED: [u8; 2] = [254, 255];

impl Walk<'_, '_, '_> {
    /// `at`: where the name stands, in bytes. It `is_suspect` where its sum is wrong.
    pub(super) fn take(
        &mut self,
        directory: &Directory,
        name: &FileIdentifier<'_>,
        at: u64,
        is_suspect: bool,
        seen: &mut UniqueNames,
    ) {
        if name.is_deleted {
            return;
        }
        if name.is_parent {
            if let Some(known) = self.known.get_mut(&name.icb.at) {
                known.names = known.names.saturating_add(1);
            }
            return;
        }
        if !self.set_name(directory, name, at) {
            return;
        }
        let spot = Spot { tree: &self.tree, directory: directory.node, name: &self.name, at };
        if self.scan.judges() && !seen.insert(&self.name) {
            spot.find_as(self.scan, Rule::U10, Severity::Warning, "twice", || {
                "a directory has the same name twice".to_owned()
            });
        }
        if name.icb.length == 0 {
            spot.find(self.scan, Rule::U10, "no ICB", || "a name leads to no file".to_owned());
            return self.add_lost(directory, name.is_directory, at);
        }
        self.take_file(directory, name, at, is_suspect);
    }

    /// A name of which no more is known.
    pub(super) fn add_lost(&mut self, directory: &Directory, is_directory: bool, at: u64) {
        let kind = if is_directory { NodeKind::Directory } else { NodeKind::File };
        let name = std::mem::take(&mut self.name);
        self.add(directory.node, Entry { is_damaged: true, ..Entry::new(&name, kind, at) });
        self.name = name;
    }

    /// False where there is no name.
    fn set_name(&mut self, directory: &Directory, name: &FileIdentifier<'_>, at: u64) -> bool {
        let (decoded, trouble) = match cs0::decode(name.name) {
            Ok(decoded) => (decoded, None),
            Err((error, decoded)) => (decoded, Some(error)),
        };
        self.name = decoded;
        let spot = Spot { tree: &self.tree, directory: directory.node, name: &self.name, at };
        if self.name.is_empty() {
            spot.find_as(self.scan, Rule::U12, Severity::Error, "empty", || "a name is empty".to_owned());
            return false;
        }
        if let Some(error) = trouble {
            spot.find(self.scan, Rule::U12, "characters", || format!("a name is not kept as it should be: {error}"));
        } else if name.name.first().is_some_and(|id| DELETED.contains(id)) {
            spot.find(self.scan, Rule::U12, "deleted", || {
                "a name is kept as those of deleted files are, and is not deleted".to_owned()
            });
        }
        if self.name.iter().any(|byte| [b'/', 0].contains(byte)) {
            spot.find_as(self.scan, Rule::U12, Severity::Error, "slash", || {
                "a name has a slash or a NUL in it, which no file can have".to_owned()
            });
        } else if [b".".as_slice(), b".."].contains(&self.name.as_slice()) {
            spot.find_as(self.scan, Rule::U12, Severity::Error, "dots", || {
                "a name is one that directories have for themselves and their parents".to_owned()
            });
        }
        true
    }

    /// What is to be said of the name at byte `offset` of its directory, in which it is the `index`th.
    pub(super) fn judge_name(
        &mut self,
        directory: &Directory,
        name: &FileIdentifier<'_>,
        offset: usize,
        at: u64,
        index: u32,
    ) {
        let spot = Spot { tree: &self.tree, directory: directory.node, name: b"", at };
        let block_bytes = u64::from(self.volume.space.block_bytes);
        if let Some(block) = block_of(&directory.rows, offset as u64, block_bytes)
            && u64::from(name.tag.location) != block
        {
            let found = name.tag.location;
            spot.find(self.scan, Rule::U03, "a name's place", || {
                format!("a name stands at block {block}, and its tag says {found}")
            });
        }
        if name.is_parent != (index == 0) {
            spot.find(self.scan, Rule::U10, "parent", || {
                if name.is_parent {
                    "a directory leads to its parent from another place than its front".to_owned()
                } else {
                    "a directory does not begin with its parent".to_owned()
                }
            });
        } else if name.is_parent {
            let (found, expected) = (name.icb.at, directory.parent);
            if found != expected {
                spot.find(self.scan, Rule::U10, "parent's ICB", || {
                    format!("the parent of a directory is at block {}, and it says {}", expected.block, found.block)
                });
            }
            if !name.name.is_empty() {
                spot.find_as(self.scan, Rule::U10, Severity::Warning, "parent's name", || {
                    "a directory gives its parent a name".to_owned()
                });
            }
        }
        let odd = |scan: &mut _, severity, subject: &'static str, text: String| {
            spot.find_as(scan, Rule::U10, severity, subject, || text);
        };
        if name.version != 1 {
            let text = format!("a name has version {}, and 1 is the only one", name.version);
            odd(self.scan, Severity::Warning, "version", text);
        }
        if name.reserved != 0 {
            odd(self.scan, Severity::Warning, "flags", "a name has flags that mean nothing".to_owned());
        }
        let (covered, whole) = (usize::from(name.tag.crc_length), name.length.saturating_sub(TAG_BYTES));
        if covered != whole {
            // As some programs have it: mkudfiso covers two bytes.
            let severity = if covered <= 2 { Severity::Info } else { Severity::Warning };
            odd(self.scan, severity, "CRC", format!("the CRC of a name covers {covered} of its {whole} bytes"));
        }
    }
}

/// The block in which byte `offset` of a directory stands.
fn block_of(rows: &[(u64, BlockAddress)], offset: u64, block_bytes: u64) -> Option<u64> {
    let behind = rows.partition_point(|(first, _)| *first <= offset);
    let (first, address) = rows.get(behind.checked_sub(1)?)?;
    u64::from(address.block).checked_add((offset - first).checked_div(block_bytes)?)
}
