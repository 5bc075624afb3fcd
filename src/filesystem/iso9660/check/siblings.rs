//! This module knows what the records of one directory must be to each other: rules D06, D07, D09, R08.

use std::cmp::Ordering;
use std::collections::HashSet;

use super::super::record::Record;
use crate::filesystem::finding::Severity;
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;
use crate::filesystem::spot::Spot;
use crate::filesystem::tree::{NodeId, Tree, TreeKind};
use crate::filesystem::unique_names::UniqueNames;

/// The records of a directory that were met so far.
pub(in super::super) struct Siblings {
    kind: TreeKind,
    /// Of the last record.
    identifier: Vec<u8>,
    was_associated: bool,
    /// The last name without its version, as long as they come in order; then all of them.
    last_name: Vec<u8>,
    names: Option<HashSet<Vec<u8>>>,
    /// Of Rock Ridge, where all is judged.
    unique: UniqueNames,
}

impl Siblings {
    pub fn new(kind: TreeKind) -> Self {
        Self {
            kind,
            identifier: Vec::new(),
            was_associated: false,
            last_name: Vec::new(),
            names: None,
            unique: UniqueNames::default(),
        }
    }

    /// Some records are missing here: what comes next need not be in order.
    pub fn forget(&mut self) {
        self.identifier.clear();
    }

    /// Whether a name without its version is one that was given before. Names that come in order are compared with the
    /// last one only.
    pub fn is_taken(&mut self, tree: &Tree, directory: NodeId, name: &[u8]) -> bool {
        if let Some(names) = &mut self.names {
            return !names.insert(name.to_vec());
        }
        if name > self.last_name.as_slice() {
            self.last_name.clear();
            self.last_name.extend(name);
            return false;
        }
        let mut names: HashSet<Vec<u8>> = tree.children(directory).map(|child| tree.name(child).to_vec()).collect();
        let is_taken = !names.insert(name.to_vec());
        self.names = Some(names);
        is_taken
    }

    pub fn check(&mut self, scan: &mut Scan<'_>, spot: &Spot<'_>, record: &Record<'_>) {
        let is_associated = record.flags.is_associated();
        let is_same = self.identifier == record.identifier;
        if is_same && is_associated {
            spot.find(scan, Rule::D07, "associated", || {
                "an associated file stands behind the file of its name, not before it".to_owned()
            });
        } else if is_same && !self.was_associated {
            spot.find_as(scan, Rule::D09, Severity::Warning, "twice", || {
                "two records in a row have the same name".to_owned()
            });
        } else if !is_same
            && !self.identifier.is_empty()
            && is_out_of_order(self.kind, &self.identifier, record.identifier)
        {
            spot.find(scan, Rule::D06, "order", || "a record should stand before the one in front of it".to_owned());
        }
        if self.kind == TreeKind::RockRidge && !is_associated && !self.unique.insert(spot.name) {
            spot.find(scan, Rule::R08, "twice", || "a name is there twice in one directory".to_owned());
        }
        self.identifier.clear();
        self.identifier.extend(record.identifier);
        self.was_associated = is_associated;
    }
}

/// ECMA-119, 9.3. Writers differ over names that the standard does not foresee, and any of their orders will do.
pub(in super::super) fn is_out_of_order(kind: TreeKind, first: &[u8], second: &[u8]) -> bool {
    first > second
        && parts(kind, first, Ends::First, second) == Ordering::Greater
        && parts(kind, first, Ends::Last, second) == Ordering::Greater
        && dots_first(first, second) == Ordering::Greater
        && first.to_ascii_uppercase() > second.to_ascii_uppercase()
}

/// Which dot ends the name, where there are several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ends {
    First,
    Last,
}

/// Names padded with blanks, then extensions.
fn parts(kind: TreeKind, first: &[u8], ends: Ends, second: &[u8]) -> Ordering {
    let step = if kind == TreeKind::Joliet { 2 } else { 1 };
    let split = |identifier: &[u8]| -> (Vec<u16>, Vec<u16>) {
        let units: Vec<u16> = identifier
            .chunks(step)
            .map(|unit| unit.iter().fold(0, |value, &byte| value << 8 | u16::from(byte)))
            .take_while(|&unit| unit != u16::from(b';'))
            .collect();
        let is_dot = |&unit: &u16| unit == u16::from(b'.');
        let dot = match ends {
            Ends::First => units.iter().position(is_dot),
            Ends::Last => units.iter().rposition(is_dot),
        };
        match dot.and_then(|dot| units.split_at_checked(dot)) {
            Some((name, extension)) => (name.to_vec(), extension.iter().skip(1).copied().collect()),
            None => (units, Vec::new()),
        }
    };
    let (first_name, first_extension) = split(first);
    let (second_name, second_extension) = split(second);
    padded(&first_name, &second_name).then_with(|| padded(&first_extension, &second_extension))
}

fn padded(first: &[u16], second: &[u16]) -> Ordering {
    let length = first.len().max(second.len());
    let pad = |units: &[u16]| units.iter().copied().chain(std::iter::repeat(0x20)).take(length).collect::<Vec<u16>>();
    pad(first).cmp(&pad(second))
}

/// As mkisofs has it: a dot comes before all else.
fn dots_first(first: &[u8], second: &[u8]) -> Ordering {
    let weight = |&byte: &u8| if byte == b'.' { 0 } else { byte };
    first.iter().map(weight).cmp(second.iter().map(weight))
}
