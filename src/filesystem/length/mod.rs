//! This module knows how long an image should be, by everyone who says so, and what it means where it is not: rules V11,
//! V12, V13.

mod claims;
mod tail;
mod tell;

use super::image::Session;
use super::rule::Rule;
use super::scan::Scan;
use super::tree::Tree;
use super::volume::SizeSource;
use crate::sector::SECTOR_BYTES;
pub use tail::{TailKind, TailPart};

/// How long an image is, against what it says and what it needs. All in bytes from the start of the image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LengthVerdict {
    /// What there is.
    pub have: u64,
    /// The end of the last file or structure that was found; 0 where there is none.
    pub needed: u64,
    /// The end by the one who claims most.
    pub declared: u64,
    /// Who that is; `None` where nobody says anything.
    pub source: Option<SizeSource>,
    pub state: LengthState,
    /// What stands behind the end of the filesystems, in order.
    pub tail: Vec<TailPart>,
    /// How much of that was looked at; the rest is taken for the same as what is before it.
    pub looked_at: u64,
}

/// What it comes to. `Display` is its name in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LengthState {
    /// Nobody says how long it should be.
    Unknown,
    /// Files or structures are cut, or missing.
    Truncated,
    /// It ends before it should, and behind the last file and structure.
    TailMissing {
        /// What is missing is no more than programs pad with, and all names could be read.
        is_padding: bool,
    },
    Exact,
    /// Something stands behind the end of all that anybody claims.
    Longer,
}

impl std::fmt::Display for LengthState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            LengthState::Unknown => "unknown",
            LengthState::Truncated => "truncated",
            LengthState::TailMissing { .. } => "tail-missing",
            LengthState::Exact => "exact",
            LengthState::Longer => "longer",
        })
    }
}

impl LengthVerdict {
    /// Bytes that are missing at the end, of all that anybody claims.
    pub fn missing(&self) -> u64 {
        self.declared.saturating_sub(self.have)
    }

    /// Those of them up to the end of the last file or structure.
    pub fn needed_missing(&self) -> u64 {
        self.needed.saturating_sub(self.have)
    }
}

/// What is known of the session that was read.
pub(super) struct Known<'a> {
    pub sessions: &'a [Session],
    pub session: Option<Session>,
    pub trees: &'a [Tree],
    /// Of UDF, where there is any.
    pub udf: Option<super::udf::Geometry>,
}

/// Judges the length, and adds the claims that come from what was found.
pub(super) fn judge(scan: &mut Scan<'_>, known: &Known<'_>) -> LengthVerdict {
    claims::collect(scan, known);
    let have = scan.reader.length();
    let of = |wanted: fn(SizeSource) -> bool| {
        let wanted = scan.claims.iter().filter(|(source, _)| wanted(*source));
        wanted.copied().rev().max_by_key(|(_, bytes)| *bytes)
    };
    let needed = of(SizeSource::must_exist).map_or(0, |(_, bytes)| bytes);
    let (source, declared) = of(|_| true).unzip();
    let declared = declared.unwrap_or(0);
    let mut verdict =
        LengthVerdict { have, needed, declared, source, state: LengthState::Unknown, tail: Vec::new(), looked_at: 0 };
    if source.is_some() {
        let is_padding = is_whole(scan, known.trees) && declared.saturating_sub(needed) <= claims::MOST_PADDING;
        verdict.state = match () {
            () if have < needed => LengthState::Truncated,
            () if have < declared => LengthState::TailMissing { is_padding },
            () if have == declared => LengthState::Exact,
            () => LengthState::Longer,
        };
        // What fills up the last sector of the last file is nobody's.
        let end = of(SizeSource::is_of_volume)
            .map_or(needed.checked_next_multiple_of(SECTOR_BYTES as u64).unwrap_or(u64::MAX), |(_, bytes)| bytes);
        (verdict.tail, verdict.looked_at) = tail::classify(scan, known, end);
        if verdict.state == LengthState::Longer && verdict.tail.is_empty() {
            verdict.state = LengthState::Exact;
        }
    }
    tell::tell(scan, &verdict);
    verdict
}

/// Whether all names could be read, so that what no file claims is nobody's.
fn is_whole(scan: &Scan<'_>, trees: &[Tree]) -> bool {
    let is_damaged = |tree: &Tree| tree.is_cut() || tree.has_damaged_directory();
    let is_unread = scan.findings.listed().any(|finding| matches!(finding.rule, Rule::S01 | Rule::S02));
    !trees.is_empty() && !is_unread && !trees.iter().any(is_damaged)
}

#[cfg(test)]
mod tests;
