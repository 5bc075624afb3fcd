//! This module knows how a root directory announces Rock Ridge: SUSP 1.12 and RRIP 1.12, in the system use area of `.`.

use crate::bytes::{Cursor, Truncated};

/// What CD-ROM XA puts in front of the area.
const XA_BYTES: usize = 14;
/// An area of 200 bytes cannot have more entries.
const MOST_ENTRIES: usize = 64;

/// What the area of the root's `.` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Announced {
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
pub(super) fn announced_by(root: &[u8]) -> Announced {
    let area = system_use_of_self(root).unwrap_or_default();
    let without_xa = area.get(XA_BYTES..).unwrap_or_default();
    let area = if starts_with_sp(area) {
        area
    } else if starts_with_sp(without_xa) {
        without_xa
    } else {
        // Before SUSP 1.12, Rock Ridge came without SP.
        return if entries(area).any(|(name, _)| name == *b"RR") { Announced::RockRidge } else { Announced::Nothing };
    };
    if is_rock_ridge(area) { Announced::RockRidge } else { continuation(area).unwrap_or(Announced::Nothing) }
}

/// Whether an area has entries of Rock Ridge, or names it as an extension.
pub(super) fn is_rock_ridge(area: &[u8]) -> bool {
    entries(area).any(|(name, payload)| match &name {
        b"PX" | b"RR" | b"NM" | b"TF" => true,
        b"ER" => payload.windows(4).any(|window| window == b"RRIP" || window == b"IEEE"),
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

fn starts_with_sp(area: &[u8]) -> bool {
    entries(area).next().is_some_and(|(name, payload)| name == *b"SP" && payload.starts_with(b"\xBE\xEF"))
}

/// Name and payload, until the area ends or one is malformed.
fn entries(area: &[u8]) -> impl Iterator<Item = ([u8; 2], &[u8])> {
    let mut b = Cursor::new(area, "system use entry");
    std::iter::from_fn(move || {
        let name: [u8; 2] = b.array().ok()?;
        let length = usize::from(b.u8().ok()?);
        b.u8().ok()?;
        let payload = b.take(length.checked_sub(4)?).ok()?;
        (name != *b"ST").then_some((name, payload))
    })
    .take(MOST_ENTRIES)
}

fn continuation(area: &[u8]) -> Option<Announced> {
    let (_, payload) = entries(area).find(|(name, _)| name == b"CE")?;
    let mut b = Cursor::new(payload, "CE");
    let mut both = || {
        let value = b.le_u32().ok()?;
        b.skip(4).ok()?;
        Some(value)
    };
    Some(Announced::Continued { block: both()?, offset: both()?, length: both()? })
}
