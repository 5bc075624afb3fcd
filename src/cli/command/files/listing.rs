//! This module knows how one file is listed: as a line to read, and as a line of JSON.

use std::borrow::Cow;

use serde::Serialize;

use crate::cli::describe::{path_fields, path_words};
use crate::filesystem::{ExtentKind, Node, NodeId, NodeKind, Posix, Timestamp, Tree};
use crate::sector::SECTOR_BYTES;

/// The `entry` line.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename = "entry")]
struct EntryLine<'a> {
    path: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_raw: Option<String>,
    #[serde(rename = "type")]
    kind: &'static str,
    bytes: u64,
    /// Of its first byte; `None` where nothing is recorded of it.
    lba: Option<u64>,
    modified: Option<String>,
    target: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target_raw: Option<String>,
    /// Octal.
    mode: Option<String>,
    uid: Option<u32>,
    gid: Option<u32>,
    links: Option<u32>,
    #[serde(skip_serializing_if = "is_false")]
    damaged: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it so")]
fn is_false(damaged: &bool) -> bool {
    !damaged
}

/// One JSON line, its end included. `path` is from the root.
pub(super) fn json(tree: &Tree, id: NodeId, path: &[u8], out: &mut Vec<u8>) {
    let node = tree.node(id);
    let (path, path_raw) = match std::str::from_utf8(path) {
        Ok(text) => (Cow::Borrowed(text), None),
        Err(_) => {
            let (text, raw) = path_fields(path);
            (Cow::Owned(text), raw)
        }
    };
    let (target, target_raw) = tree.target(id).map(path_fields).unzip();
    let posix = node.posix;
    let line = EntryLine {
        path,
        path_raw,
        kind: kind_word(node.kind),
        bytes: node.size,
        lba: first_sector(tree, id),
        modified: node.modified.map(|modified| modified.to_string()),
        target,
        target_raw: target_raw.flatten(),
        mode: posix.map(|posix| format!("{:04o}", posix.mode)),
        uid: posix.and_then(|posix| posix.uid),
        gid: posix.and_then(|posix| posix.gid),
        links: posix.map(|posix| posix.links),
        damaged: node.is_damaged,
    };
    if serde_json::to_writer(&mut *out, &line).is_ok() {
        out.push(b'\n');
    }
}

/// Where its content begins, be it an empty piece.
fn first_sector(tree: &Tree, id: NodeId) -> Option<u64> {
    let first = tree.extents(id).into_iter().find(|extent| extent.kind == ExtentKind::Recorded && extent.length > 0);
    first.map(|extent| extent.start / SECTOR_BYTES as u64)
}

fn kind_word(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Directory => "dir",
        NodeKind::File => "file",
        NodeKind::Symlink => "symlink",
        NodeKind::BlockDevice | NodeKind::CharacterDevice | NodeKind::Fifo | NodeKind::Socket => "other",
    }
}

/// One line to read, its end included. `name` is a name or a path.
pub(super) fn short(name: &[u8], out: &mut Vec<u8>) {
    push_name(name, out);
    out.push(b'\n');
}

/// The same with rights, size and time: `-rw-r--r--          5000  2004-07-01 12:00  NAME`. Put together by hand: there
/// can be a million of them, and the machinery of `write!` costs more than all the rest.
pub(super) fn long(tree: &Tree, id: NodeId, name: &[u8], out: &mut Vec<u8>) {
    let node = tree.node(id);
    push_rights(&node, out);
    out.extend_from_slice(b"  ");
    push_number(node.size, 14, b' ', out);
    out.extend_from_slice(b"  ");
    match node.modified {
        Some(modified) => push_time(modified, out),
        None => out.extend_from_slice(b"               -"),
    }
    out.extend_from_slice(b"  ");
    push_name(name, out);
    if let Some(target) = tree.target(id) {
        out.extend_from_slice(b" -> ");
        push_name(target, out);
    }
    out.push(b'\n');
}

/// Nearly all names are plain. Looking at each byte to the end is faster than stopping at the first that is not.
fn push_name(name: &[u8], out: &mut Vec<u8>) {
    if name.iter().fold(0, |others, byte| others | u8::from(!matches!(byte, b' '..=b'~'))) == 0 {
        out.extend_from_slice(name);
    } else {
        out.extend_from_slice(path_words(name).as_bytes());
    }
}

/// In decimal, with `fill` in front up to `width`.
fn push_number(number: u64, width: usize, fill: u8, out: &mut Vec<u8>) {
    const MOST_DIGITS: usize = 20;
    let mut digits = [fill; MOST_DIGITS];
    let mut rest = number;
    let mut used = 0;
    for place in digits.iter_mut().rev() {
        *place = b'0' + u8::try_from(rest % 10).unwrap_or(0);
        used += 1;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    let from = MOST_DIGITS.saturating_sub(used.max(width));
    out.extend_from_slice(digits.get(from..).unwrap_or_default());
}

fn push_rights(node: &Node, out: &mut Vec<u8>) {
    let kind = match node.kind {
        NodeKind::Directory => b'd',
        NodeKind::File => b'-',
        NodeKind::Symlink => b'l',
        NodeKind::BlockDevice => b'b',
        NodeKind::CharacterDevice => b'c',
        NodeKind::Fifo => b'p',
        NodeKind::Socket => b's',
    };
    let Some(Posix { mode, .. }) = node.posix else {
        out.push(kind);
        out.extend_from_slice(b"?????????");
        return;
    };
    let bit = |bit: u16, letter: u8| if mode & bit == 0 { b'-' } else { letter };
    let execute = |bit: u16, special: u16, set: u8, set_alone: u8| match (mode & special == 0, mode & bit == 0) {
        (true, true) => b'-',
        (true, false) => b'x',
        (false, true) => set_alone,
        (false, false) => set,
    };
    out.extend_from_slice(&[
        kind,
        bit(0o400, b'r'),
        bit(0o200, b'w'),
        execute(0o100, 0o4000, b's', b'S'),
        bit(0o040, b'r'),
        bit(0o020, b'w'),
        execute(0o010, 0o2000, b's', b'S'),
        bit(0o004, b'r'),
        bit(0o002, b'w'),
        execute(0o001, 0o1000, b't', b'T'),
    ]);
}

fn push_time(modified: Timestamp, out: &mut Vec<u8>) {
    let c = modified.calendar();
    if c.year < 0 {
        out.push(b'-');
    }
    push_number(c.year.unsigned_abs().into(), 4, b'0', out);
    let [month, day, hour, minute] = [c.month, c.day, c.hour, c.minute].map(two_digits);
    for (before, [tens, ones]) in [(b'-', month), (b'-', day), (b' ', hour), (b':', minute)] {
        out.extend_from_slice(&[before, tens, ones]);
    }
}

fn two_digits(number: u8) -> [u8; 2] {
    [b'0' + number / 10 % 10, b'0' + number % 10]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filesystem::{Entry, Extent, Posix, TreeKind};

    fn tree() -> (Tree, NodeId) {
        let mut tree = Tree::new(TreeKind::RockRidge, Entry::new(b"", NodeKind::Directory, 0));
        let posix = Some(Posix { mode: 0o4754, links: 2, uid: Some(7), gid: None });
        let modified = Some(Timestamp { seconds: 981_173_106, nanoseconds: 0 });
        let extents = [Extent::recorded(40_960, 5000)];
        let entry =
            Entry { size: 5000, posix, modified, extents: &extents, ..Entry::new(b"a\xE9\x1b", NodeKind::File, 0) };
        let id = tree.add(Tree::ROOT, entry).unwrap();
        (tree, id)
    }

    #[test]
    fn a_file_is_a_line() {
        let (tree, id) = tree();
        let mut out = Vec::new();
        long(&tree, id, tree.name(id), &mut out);
        short(tree.name(id), &mut out);
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "-rwsr-xr--            5000  2001-02-03 04:05  a\\xe9\\x1b\na\\xe9\\x1b\n"
        );
    }

    #[test]
    fn what_is_not_known_is_not_made_up() {
        let mut tree = Tree::new(TreeKind::Iso9660, Entry::new(b"", NodeKind::Directory, 0));
        let id = tree.add(Tree::ROOT, Entry::new(b"A", NodeKind::Directory, 0)).unwrap();
        let (mut out, mut line) = (Vec::new(), Vec::new());
        long(&tree, id, b"A", &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), "d?????????               0                 -  A\n");
        json(&tree, id, b"A", &mut line);
        assert_eq!(
            String::from_utf8(line).unwrap(),
            "{\"event\":\"entry\",\"path\":\"A\",\"type\":\"dir\",\"bytes\":0,\"lba\":null,\"modified\":null,\"target\":null,\
             \"mode\":null,\"uid\":null,\"gid\":null,\"links\":null}\n"
        );
    }

    #[test]
    fn numbers_are_written_as_everywhere() {
        for number in [0, 7, 10, 1_234_567, u64::MAX] {
            let mut out = Vec::new();
            push_number(number, 14, b' ', &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), format!("{number:>14}"));
        }
        let time = |seconds| {
            let mut out = Vec::new();
            push_time(Timestamp { seconds, nanoseconds: 0 }, &mut out);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(time(-1), "1969-12-31 23:59");
        assert_eq!(time(253_402_300_800), "10000-01-01 00:00");
    }

    #[test]
    fn json_is_utf_8_and_has_the_bytes() {
        let (tree, id) = tree();
        let mut line = Vec::new();
        json(&tree, id, b"d/a\xE9\x1b", &mut line);
        assert_eq!(
            String::from_utf8(line).unwrap(),
            "{\"event\":\"entry\",\"path\":\"d/a\u{FFFD}\\u001b\",\"path_raw\":\"642f61e91b\",\"type\":\"file\",\
             \"bytes\":5000,\"lba\":20,\"modified\":\"2001-02-03T04:05:06Z\",\"target\":null,\"mode\":\"4754\",\
             \"uid\":7,\"gid\":null,\"links\":2}\n"
        );
    }
}
