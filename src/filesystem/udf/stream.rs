//! This module knows named streams, those of a file and those of the whole volume: UDF 3.3.5, and rule U21.
//!
//! They are looked after, and not listed: no path leads to them.

use std::collections::HashSet;

use super::allocation::{self, Allocated};
use super::block::PathOf;
use super::directory::{Names, Step, Steps};
use super::entry::{self, Entry};
use super::icb::AllocationForm;
use super::space::Space;
use super::volume::BlockAddress;
use crate::filesystem::extent::ExtentKind;
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;
use crate::filesystem::structure::StructureKind;

/// ECMA-167, 4/14.6.6.
const STREAM_DIRECTORY: u8 = 13;
const WHAT: &str = "a stream directory";

/// Those that were looked at.
#[derive(Debug, Default)]
pub struct Streams {
    seen: HashSet<BlockAddress>,
}

impl Streams {
    /// All streams in the directory at `icb`, which belongs to the file at `path`, or to the volume.
    pub fn judge(&mut self, scan: &mut Scan<'_>, space: &Space, icb: BlockAddress, path: PathOf<'_>) {
        let Some((directory, allocated)) = self.reach(scan, space, icb, path) else { return };
        let Some(entry) = directory.parse() else { return };
        let at = directory.block.at;
        if entry.file_type != STREAM_DIRECTORY {
            let found = entry.file_type;
            scan.find_of(Rule::U21, Rule::U21.severity(), at, "type", path, || {
                format!("file type {found} stands where a stream directory ({STREAM_DIRECTORY}) should")
            });
            return;
        }
        let names = Names::read(scan, &allocated.extents, WHAT, path);
        for step in Steps::over(&names.bytes) {
            if scan.is_stopped() {
                return;
            }
            match step {
                Step::Name { trouble: Some(error), .. } => {
                    scan.find_of(Rule::U21, Rule::U21.severity(), at, "name", path, || {
                        format!("a name in a stream directory: {error}")
                    });
                }
                Step::Name { name, trouble: None, .. } => {
                    if !name.is_deleted && !name.is_parent {
                        self.reach(scan, space, name.icb.at, path);
                    }
                }
                Step::Garbage { offset, length } => {
                    if !names.is_lost(offset, length) {
                        scan.find_of(Rule::U21, Rule::U21.severity(), at, "garbage", path, || {
                            format!("{length} bytes of a stream directory are no names")
                        });
                    }
                }
            }
        }
    }

    /// The entry of a stream, or of their directory; `None` where it was met before, or is not there.
    fn reach(
        &mut self,
        scan: &mut Scan<'_>,
        space: &Space,
        icb: BlockAddress,
        path: PathOf<'_>,
    ) -> Option<(Entry, Allocated)> {
        let is_new = self.seen.len() < scan.limits.entries as usize && self.seen.insert(icb);
        if !is_new {
            return None;
        }
        let reached = entry::reach(scan, space, icb, path)?;
        let entry = reached.parse()?;
        let (at, most) = (reached.block.at, scan.limits.extents.into());
        let allocated = allocation::read(scan, space, &entry, at, reached.home, path, most);
        // What is kept in an entry belongs to that.
        if allocated.bytes > 0 && entry.form() != AllocationForm::Inline {
            for extent in allocated.extents.iter().filter(|extent| extent.kind != ExtentKind::Hole) {
                scan.structures.add(StructureKind::SystemStream, extent.start, extent.length);
            }
        }
        if !allocated.troubles.is_empty() || allocated.bytes < entry.information_length {
            let (found, expected) = (allocated.bytes, entry.information_length);
            scan.find_of(Rule::U21, Rule::U21.severity(), at, "extents", path, || {
                format!("the extents of a stream are wrong: they have {found} bytes of {expected}")
            });
        }
        Some((reached, allocated))
    }
}
