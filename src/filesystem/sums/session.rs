//! This module knows how the sums of libisofs are computed anew: one digest from a session's start on, of which each tag asks.

use super::tag::{Tag, TagKind};
use super::verdict::{EmbeddedSum, SumKind, SumState, Unchecked};
use crate::checksum::{Algorithm, Digester};
use crate::sector::{Lba, SectorRange};

/// A session, of which all holds that was asked so far.
#[derive(Debug)]
pub(super) struct Session {
    start: Lba,
    digester: Digester,
    /// Behind the last tag.
    proven: Lba,
    /// Where the next tag stands, as the last one says.
    next: Option<Lba>,
}

/// How it goes on.
#[derive(Debug)]
pub(super) enum Step {
    Goes,
    Ended(EmbeddedSum),
}

/// What a first tag says of the sectors before it; `kept` are those, perhaps in two readings, of which one must do.
pub(super) fn begin(tag: &Tag, kept: &[Vec<u8>]) -> Result<Session, EmbeddedSum> {
    let found = kept.iter().find_map(|bytes| {
        let mut digester = Digester::new(Algorithm::Md5);
        digester.update(bytes);
        (digester.clone().finish() == tag.md5).then_some(digester)
    });
    match found {
        Some(digester) => Ok(Session { start: tag.range.start(), digester, proven: tag.at, next: tag.next }),
        None => Err(sum(tag.range, SumState::Differs { within: tag.range })),
    }
}

impl Session {
    pub fn start(&self) -> Lba {
        self.start
    }

    /// Asks at `at`, where the next sector comes, what stands there: it ends where its last tag does, or one is missing.
    pub fn ask(&mut self, at: Lba, tag: Option<&Tag>) -> Step {
        let is_due = self.next.is_none_or(|next| next == at);
        let Some(tag) = tag.filter(|tag| tag.range.start() == self.start && is_due) else {
            return match self.next == Some(at) {
                true => Step::Ended(sum(SectorRange::new(self.start, at), SumState::TagLost { at })),
                false => Step::Goes,
            };
        };
        if self.digester.clone().finish() != tag.md5 {
            return Step::Ended(sum(tag.range, SumState::Differs { within: SectorRange::new(self.proven, at) }));
        }
        self.proven = at;
        self.next = tag.next;
        match tag.kind {
            TagKind::Session => Step::Ended(sum(tag.range, SumState::Holds)),
            TagKind::Relocated | TagKind::Superblock | TagKind::Tree => Step::Goes,
        }
    }

    pub fn take(&mut self, sector: &[u8]) {
        self.digester.update(sector);
    }

    /// What is known where no more sectors come, or not all of them; `at` is the first that is not there.
    pub fn stop(&self, at: Lba, why: Unchecked) -> EmbeddedSum {
        let end = self.next.map_or(at, |next| next.max(at));
        sum(SectorRange::new(self.start, end), SumState::NotChecked(why))
    }
}

pub(super) fn sum(range: SectorRange, state: SumState) -> EmbeddedSum {
    EmbeddedSum { kind: SumKind::Libisofs, range, state }
}
