//! This module knows the System Use entries that the tests' writer writes: IEEE P1281 and P1282.

use super::{Kind, Plan};
use crate::bytes::Composer;

/// The entries of one record, and which of them go into a continuation area.
#[derive(Default)]
pub(super) struct SystemUse {
    entries: Vec<Vec<u8>>,
    /// So many stand in the record itself.
    inside: usize,
}

/// What a record is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// "."
    Own,
    /// ".."
    Parent,
    Named,
}

const CE_BYTES: usize = 28;

impl SystemUse {
    pub fn raw(bytes: Vec<u8>) -> Self {
        Self { entries: vec![bytes], inside: 1 }
    }

    pub fn rock_ridge(plan: &Plan<'_>, node: usize, role: Role) -> Self {
        let mut entries = Vec::new();
        let announces = node == 0 && role == Role::Own;
        if announces {
            entries.push(entry(b"SP", &[0xBE, 0xEF, 0]));
        }
        let item = plan.nodes[node].item;
        let default = match item.map(|item| &item.kind) {
            Some(Kind::Directory) | None => 0o040_755,
            Some(Kind::File(_)) => 0o100_644,
            Some(Kind::Symlink(_)) => 0o120_777,
        };
        entries.push(px(item.and_then(|item| item.mode).unwrap_or(default), 1));
        let mut tf = vec![0x02];
        tf.extend(item.map_or(super::DATE, |item| item.date));
        entries.push(entry(b"TF", &tf));
        if role == Role::Named {
            entries.extend(nm(plan.nodes[node].name.as_bytes()));
        }
        if let Some(Kind::Symlink(target)) = item.map(|item| &item.kind) {
            entries.push(sl(target));
        }
        if announces {
            entries.push(er(b"IEEE_P1282", b"", b""));
        }
        Self { inside: entries.len(), entries }
    }

    /// Moves entries out until the rest needs no more than `most` bytes.
    pub fn fit(&mut self, most: usize) {
        while self.inside > 0 && self.length() > most {
            self.inside -= 1;
        }
    }

    /// Bytes in the record.
    pub fn length(&self) -> usize {
        let inside: usize = self.entries.iter().take(self.inside).map(Vec::len).sum();
        inside + if self.inside < self.entries.len() { CE_BYTES } else { 0 }
    }

    /// Bytes outside of it.
    pub fn continued(&self) -> usize {
        self.entries.iter().skip(self.inside).map(Vec::len).sum()
    }

    /// What stands in the record; the rest goes to the end of `continued`, which begins at byte `start` of the image.
    pub fn emit(&self, block_bytes: u32, continued: &mut Vec<u8>, start: u64) -> Vec<u8> {
        let mut out = self.entries.iter().take(self.inside).flatten().copied().collect::<Vec<u8>>();
        if self.inside < self.entries.len() {
            let bytes = self.continued();
            let room = block_bytes as usize - continued.len() % block_bytes as usize;
            if room < bytes {
                continued.resize(continued.len() + room, 0);
            }
            let at = start + continued.len() as u64;
            let part = |value: u64| u32::try_from(value).unwrap();
            out.extend(ce(part(at / u64::from(block_bytes)), part(at % u64::from(block_bytes)), part(bytes as u64)));
            continued.extend(self.entries.iter().skip(self.inside).flatten());
        }
        out
    }
}

/// Any entry of version 1.
pub(in crate::filesystem) fn entry(signature: &[u8; 2], payload: &[u8]) -> Vec<u8> {
    let length = u8::try_from(payload.len() + 4).unwrap();
    [signature, [length, 1].as_slice(), payload].concat()
}

/// Numbers in both byte orders.
fn both(values: &[u32]) -> Vec<u8> {
    let mut out = Composer::new();
    for &value in values {
        out.le_u32(value).be_u32(value);
    }
    out.finish()
}

pub(in crate::filesystem) fn px(mode: u32, links: u32) -> Vec<u8> {
    entry(b"PX", &both(&[mode, links, 0, 0]))
}

pub(in crate::filesystem) fn ce(block: u32, offset: u32, length: u32) -> Vec<u8> {
    entry(b"CE", &both(&[block, offset, length]))
}

pub(in crate::filesystem) fn cl(block: u32) -> Vec<u8> {
    entry(b"CL", &both(&[block]))
}

pub(in crate::filesystem) fn pl(block: u32) -> Vec<u8> {
    entry(b"PL", &both(&[block]))
}

/// As many as the name needs.
pub(in crate::filesystem) fn nm(name: &[u8]) -> Vec<Vec<u8>> {
    let pieces: Vec<&[u8]> = name.chunks(200).collect();
    let last = pieces.len().saturating_sub(1);
    let flags = |index: usize| u8::from(index < last);
    pieces.iter().enumerate().map(|(index, piece)| entry(b"NM", &[&[flags(index)], *piece].concat())).collect()
}

/// One entry for a target that fits into it.
pub(in crate::filesystem) fn sl(target: &[u8]) -> Vec<u8> {
    let mut payload = vec![0];
    let mut rest = target;
    if let Some(behind) = target.strip_prefix(b"/") {
        payload.extend([8, 0]);
        rest = behind;
    }
    for step in rest.split(|&byte| byte == b'/') {
        match step {
            b"." => payload.extend([2, 0]),
            b".." => payload.extend([4, 0]),
            name => {
                payload.extend([0, u8::try_from(name.len()).unwrap()]);
                payload.extend(name);
            }
        }
    }
    entry(b"SL", &payload)
}

pub(in crate::filesystem) fn er(identifier: &[u8], descriptor: &[u8], source: &[u8]) -> Vec<u8> {
    let length = |text: &[u8]| u8::try_from(text.len()).unwrap();
    let lengths = [length(identifier), length(descriptor), length(source), 1];
    entry(b"ER", &[&lengths, identifier, descriptor, source].concat())
}
