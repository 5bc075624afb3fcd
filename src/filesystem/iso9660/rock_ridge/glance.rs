//! This module knows whether a root directory announces Rock Ridge, from its first sector alone.

use super::announcement::{start, xa_bytes};
use super::entry::{Entries, Entry};
use super::number;
use crate::bytes::{Cursor, Truncated};

/// What the area of the root's `.` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::filesystem::iso9660) enum Glance {
    Nothing,
    RockRidge,
    /// SUSP is used, but for what is told in a continuation area: at this block, offset and length.
    Continued {
        block: u32,
        offset: u32,
        length: u32,
    },
}

/// `root` is the first sector of the root directory.
pub(in crate::filesystem::iso9660) fn glance(root: &[u8]) -> Glance {
    let area = system_use_of_self(root).unwrap_or_default();
    let Some(start) = start(area) else {
        // Before SUSP 1.12, Rock Ridge came without SP.
        let area = area.get(xa_bytes(area)..).unwrap_or_default();
        let is_old = entries(area).any(|entry| entry.signature == *b"RR");
        return if is_old { Glance::RockRidge } else { Glance::Nothing };
    };
    let area = area.get(start..).unwrap_or_default();
    if is_rock_ridge(area) { Glance::RockRidge } else { continuation(area).unwrap_or(Glance::Nothing) }
}

/// Whether an area has entries of Rock Ridge, or names it as an extension.
pub(in crate::filesystem::iso9660) fn is_rock_ridge(area: &[u8]) -> bool {
    entries(area).any(|entry| match &entry.signature {
        b"PX" | b"RR" | b"NM" | b"TF" => true,
        b"ER" => entry.payload.windows(4).any(|window| window == b"RRIP" || window == b"IEEE"),
        _ => false,
    })
}

/// ECMA-119, 9.1: the record is the first one in the directory.
fn system_use_of_self(root: &[u8]) -> Result<&[u8], Truncated> {
    let mut b = Cursor::new(root, "directory record");
    let length = usize::from(b.u8()?);
    let mut record = b.sub(length.saturating_sub(1))?;
    record.skip(31)?;
    let name_length = usize::from(record.u8()?);
    record.skip(name_length | 1)?;
    Ok(record.rest())
}

/// Until the area ends or one is malformed.
fn entries(area: &[u8]) -> impl Iterator<Item = Entry<'_>> {
    let mut entries = Entries::new(area);
    std::iter::from_fn(move || entries.next()?.ok().filter(|entry| entry.signature != *b"ST"))
}

fn continuation(area: &[u8]) -> Option<Glance> {
    let entry = entries(area).find(|entry| entry.signature == *b"CE")?;
    let ([block, offset, length], _) = number::several(entry.payload).ok()?;
    Some(Glance::Continued { block, offset, length })
}
