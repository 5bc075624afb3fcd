//! This module knows what two listings have to agree on.

use std::collections::{BTreeMap, BTreeSet};

/// By path, from the root, with slashes.
pub type Listing = BTreeMap<Vec<u8>, Entry>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// As `find -printf %y` has it: `f`, `d`, `l`, `b`, `c`, `p`, `s`.
    pub kind: char,
    /// Of a file; in bytes.
    pub size: u64,
    /// Seconds since 1970, and nanoseconds.
    pub modified: Option<(i64, u32)>,
    /// `None` where the tree has none: the kernel then shows what it was mounted with.
    pub mode: Option<u16>,
    pub links: Option<u32>,
    /// Of a link.
    pub target: Option<Vec<u8>>,
    /// SHA-256 in hex, or why there is none.
    pub digest: Option<String>,
    /// The same in two entries: two names of one file. Of UDF only: the kernel sees none on ISO 9660.
    pub file: Option<u64>,
}

/// In words. What this program does not know is not compared.
pub fn differences(kernel: &Listing, ours: &Listing) -> Vec<String> {
    let mut found = Vec::new();
    let paths: BTreeSet<_> = kernel.keys().chain(ours.keys()).collect();
    for path in paths {
        let shown = path.escape_ascii();
        match (kernel.get(path), ours.get(path)) {
            (Some(_), None) => found.push(format!("{shown}: only the kernel has it")),
            (None, Some(_)) => found.push(format!("{shown}: only we have it")),
            (Some(kernel), Some(ours)) => compare(kernel, ours, &mut |what| found.push(format!("{shown}: {what}"))),
            (None, None) => {}
        }
    }
    let (theirs, ours) = (names_of_one_file(kernel), names_of_one_file(ours));
    if theirs != ours {
        found.push(format!("names of one file: the kernel {theirs:?}, we {ours:?}"));
    }
    found
}

fn compare(kernel: &Entry, ours: &Entry, tell: &mut dyn FnMut(String)) {
    let mut field = |what: &str, is_same: bool, theirs: String, own: String| {
        if !is_same {
            tell(format!("{what}: the kernel {theirs}, we {own}"));
        }
    };
    let debug = |value: &dyn std::fmt::Debug| format!("{value:?}");
    field("type", kernel.kind == ours.kind, debug(&kernel.kind), debug(&ours.kind));
    // The kernel gives up on an entry whose link does not fit together, as genisoimage writes long ones: nothing of the link, and
    // the time of the record, where genisoimage puts that of its own call.
    let gave_up = kernel.target.as_ref().is_some_and(Vec::is_empty);
    let is_same_moment = match (kernel.modified, ours.modified) {
        (Some(theirs), Some(own)) => theirs == own || theirs == in_32_bits(own) || gave_up,
        _ => true,
    };
    field("modified", is_same_moment, debug(&kernel.modified), debug(&ours.modified));
    let is_same_mode = kernel.mode.is_none() || ours.mode.is_none() || kernel.mode == ours.mode;
    field("mode", is_same_mode, debug(&kernel.mode), debug(&ours.mode));
    if kernel.kind == 'f' {
        field("bytes", kernel.size == ours.size, debug(&kernel.size), debug(&ours.size));
        field("content", kernel.digest == ours.digest, debug(&kernel.digest), debug(&ours.digest));
        let is_same_count = kernel.links.is_none() || ours.links.is_none() || kernel.links == ours.links;
        field("links", is_same_count, debug(&kernel.links), debug(&ours.links));
    }
    let text = |target: &Option<Vec<u8>>| target.as_ref().map(|target| target.escape_ascii().to_string());
    let is_same_target = kernel.target == ours.target || gave_up;
    field("target", is_same_target, debug(&text(&kernel.target)), debug(&text(&ours.target)));
}

/// The kernel's isofs has no more.
fn in_32_bits(moment: (i64, u32)) -> (i64, u32) {
    let [a, b, c, d, ..] = moment.0.to_le_bytes();
    (i32::from_le_bytes([a, b, c, d]).into(), moment.1)
}

fn names_of_one_file(listing: &Listing) -> BTreeSet<Vec<String>> {
    let mut names: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    for (path, entry) in listing.iter().filter(|(_, entry)| entry.kind == 'f') {
        if let Some(file) = entry.file {
            names.entry(file).or_default().push(path.escape_ascii().to_string());
        }
    }
    names.into_values().filter(|names| names.len() > 1).collect()
}
