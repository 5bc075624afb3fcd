//! This module knows the space for extended attributes in an entry: ECMA-167, 4/14.10, as UDF 3.3.4 lays it out.

use super::tag::{TAG_BYTES, Tag};
use crate::bytes::{Cursor, Truncated};
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;
use crate::filesystem::spot::Spot;

const HEADER: u16 = 262;
/// With its two locations.
const HEADER_BYTES: usize = 24;
/// The least that an attribute has: type, subtype, and its length.
const LEAST_BYTES: usize = 12;

/// What is wrong with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum Trouble {
    #[error("{0}")]
    Truncated(#[from] Truncated),
    #[error("they begin with descriptor {0} and not with their header")]
    Header(u16),
    #[error("the tag of their header is wrong")]
    Tag,
    #[error("attributes should begin at byte {at} of {length}")]
    Location { at: u32, length: usize },
    #[error("an attribute of {attribute} bytes stands where {left} are left")]
    Length { attribute: u32, left: usize },
}

/// U14.
pub fn judge(scan: &mut Scan<'_>, spot: &Spot<'_>, space: &[u8]) {
    if space.is_empty() {
        return;
    }
    if let Err(trouble) = check(space) {
        spot.find(scan, Rule::U14, "attributes", || format!("extended attributes are not whole: {trouble}"));
    }
}

fn check(space: &[u8]) -> Result<(), Trouble> {
    let mut b = Cursor::new(space, "extended attributes");
    let head = b.clone().take(TAG_BYTES)?;
    let tag = Tag::parse(&mut b)?;
    if tag.identifier != HEADER {
        return Err(Trouble::Header(tag.identifier));
    }
    let sum = head.iter().fold(0_u8, |sum, &byte| sum.wrapping_add(byte)).wrapping_sub(tag.checksum);
    if sum != tag.checksum {
        return Err(Trouble::Tag);
    }
    // Where those of the implementation and those of applications begin; all ones, or the end, where there are none.
    for _ in 0..2 {
        let at = b.le_u32()?;
        let is_inside = usize::try_from(at).is_ok_and(|at| (HEADER_BYTES..=space.len()).contains(&at));
        if at != u32::MAX && !is_inside {
            return Err(Trouble::Location { at, length: space.len() });
        }
    }
    while b.rest().len() >= LEAST_BYTES {
        let left = b.rest().len();
        let mut attribute = b.clone();
        let kind = attribute.le_u32()?;
        attribute.skip(4)?;
        let length = attribute.le_u32()?;
        // Space that was left for later is zero.
        if (kind, length) == (0, 0) {
            break;
        }
        let skip = usize::try_from(length).unwrap_or(usize::MAX);
        if skip < LEAST_BYTES || skip > left {
            return Err(Trouble::Length { attribute: length, left });
        }
        b.skip(skip)?;
    }
    Ok(())
}
