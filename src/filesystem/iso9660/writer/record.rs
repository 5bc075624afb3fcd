//! This module knows the directory records that the tests' writer writes: ECMA-119, 9.1.

use super::system_use::{Role, SystemUse};
use super::{Kind, Part, Plan};
use crate::bytes::Composer;

/// What one directory will hold, before it is known where anything lies.
pub(super) struct Records {
    records: Vec<Planned>,
}

struct Planned {
    node: usize,
    identifier: Vec<u8>,
    /// Which extent of the file.
    extent: usize,
    flags: u8,
    system_use: SystemUse,
}

/// What is known once everything has its place.
pub(super) struct Place {
    /// In logical blocks.
    pub block: u32,
    /// In bytes.
    pub length: u32,
}

const DIRECTORY: u8 = 0x02;
const MORE_FOLLOWS: u8 = 0x80;

/// A name as level 2 has it.
pub(super) fn primary_identifier(name: &str, is_directory: bool) -> Vec<u8> {
    let legal = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    if is_directory {
        return name.chars().map(legal).take(31).map(|c| c as u8).collect();
    }
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let clean = |part: &str, most: usize| part.chars().map(legal).take(most).collect::<String>();
    let extension = clean(extension, 10);
    let stem = clean(stem, 30 - extension.len());
    format!("{stem}.{extension};1").into_bytes()
}

impl Records {
    /// Names padded with blanks, then extensions, as ECMA-119, 9.3 compares them.
    pub fn sort_key(part: Part, identifier: &[u8]) -> (Vec<u8>, Vec<u8>) {
        if part == Part::Joliet {
            return (identifier.to_vec(), Vec::new());
        }
        let text = identifier.split(|&byte| byte == b';').next().unwrap_or_default();
        let mut parts = text.splitn(2, |&byte| byte == b'.');
        let padded = |part: Option<&[u8]>| {
            let mut part = part.unwrap_or_default().to_vec();
            part.resize(part.len().max(40), b' ');
            part
        };
        (padded(parts.next()), padded(parts.next()))
    }

    pub fn plan(plan: &Plan<'_>, part: Part, directory: usize, rock_ridge: bool) -> Self {
        let rock_ridge = rock_ridge && part == Part::Primary;
        let use_of = |node: usize, role: Role| match plan.nodes[node].item.and_then(|i| i.system_use.clone()) {
            Some(own) if part == Part::Primary && role == Role::Named => SystemUse::raw(own),
            _ if !rock_ridge => SystemUse::default(),
            _ => SystemUse::rock_ridge(plan, node, role),
        };
        let parent = plan.nodes[directory].parent;
        let own = |node: usize, identifier: u8, role: Role| Planned {
            node,
            identifier: vec![identifier],
            extent: 0,
            flags: DIRECTORY,
            system_use: use_of(node, role),
        };
        let mut records = vec![own(directory, 0, Role::Own), own(parent, 1, Role::Parent)];
        for node in plan.children(directory, part) {
            let item = plan.nodes[node].item;
            let extents = match item.map(|item| &item.kind) {
                Some(Kind::File(extents)) => extents.len(),
                Some(Kind::Directory | Kind::Symlink(_)) | None => 1,
            };
            for extent in 0..extents {
                let mut flags = item.map_or(0, |item| item.flags);
                flags |= if plan.is_directory(node) { DIRECTORY } else { 0 };
                flags |= if extent + 1 < extents { MORE_FOLLOWS } else { 0 };
                let identifier = plan.identifier(node, part);
                records.push(Planned { node, identifier, extent, flags, system_use: use_of(node, Role::Named) });
            }
        }
        for planned in &mut records {
            planned.system_use.fit(254 - record_bytes(&planned.identifier, 0));
        }
        Self { records }
    }

    /// Bytes of the directory, in whole sectors.
    pub fn length(&self) -> u32 {
        let mut at = 0_usize;
        for record in &self.records {
            at = next_start(at, record.length()) + record.length();
        }
        u32::try_from(at.next_multiple_of(2048)).unwrap()
    }

    /// Bytes of its continuation areas.
    pub fn continued(&self) -> usize {
        self.records.iter().map(|record| record.system_use.continued()).sum()
    }

    /// The directory's bytes, and where in them the first record of each node begins ("." as the directory itself).
    /// `continuation` takes what does not fit, beginning at the byte of the image that is its second half.
    pub fn emit(
        &self,
        plan: &Plan<'_>,
        block_bytes: u32,
        place: &dyn Fn(usize, usize) -> Place,
        continuation: (&mut Vec<u8>, u64),
    ) -> (Vec<u8>, Vec<(usize, u64)>) {
        let (continued, continued_start) = continuation;
        let mut out = Composer::new();
        let mut starts = Vec::new();
        for (index, record) in self.records.iter().enumerate() {
            let start = next_start(out.len(), record.length());
            out.pad_to(start);
            if index != 1 && record.extent == 0 {
                starts.push((record.node, start as u64));
            }
            let item = plan.nodes[record.node].item;
            let Place { block, length } = place(record.node, record.extent);
            let area = record.system_use.emit(block_bytes, continued, continued_start);
            out.u8(u8::try_from(record.length()).unwrap()).u8(item.map_or(0, |item| item.extended_attributes));
            out.le_u32(block).be_u32(block).le_u32(length).be_u32(length);
            out.bytes(&item.map_or(super::DATE, |item| item.date)).u8(record.flags).zeros(2).le_u16(1).be_u16(1);
            out.u8(u8::try_from(record.identifier.len()).unwrap()).bytes(&record.identifier);
            if record.identifier.len().is_multiple_of(2) {
                out.u8(0);
            }
            out.bytes(&area).pad_to(start + record.length());
        }
        out.pad_to(self.length() as usize);
        (out.finish(), starts)
    }
}

impl Planned {
    fn length(&self) -> usize {
        record_bytes(&self.identifier, self.system_use.length())
    }
}

fn record_bytes(identifier: &[u8], system_use: usize) -> usize {
    (33 + (identifier.len() | 1) + system_use).next_multiple_of(2)
}

/// A record does not cross the end of a sector.
fn next_start(at: usize, length: usize) -> usize {
    if at % 2048 + length > 2048 { at.next_multiple_of(2048) } else { at }
}
