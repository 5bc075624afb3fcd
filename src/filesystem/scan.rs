//! This module knows what every parser carries along: where it reads, what it found wrong, and what lies where.

mod both;

use std::collections::HashMap;

use super::finding::{Draft, Findings, Origin, Severity};
use super::limits::Limits;
use super::reader::{ReadError, Reader};
use super::rule::Rule;
use super::structure::Structures;
use super::tree::TreeKind;
use super::volume::SizeSource;
use crate::sector::SECTOR_BYTES;

/// How much is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// What listing needs: each tree that is walked is walked once, copies and sums are left alone.
    Names,
    /// All there is, copies included, but file content.
    Judge,
}

/// One reading of an image.
pub struct Scan<'a> {
    pub reader: Reader<'a>,
    pub scope: Scope,
    pub limits: Limits,
    pub findings: Findings,
    pub structures: Structures,
    /// Every voice on how long the content is, in bytes.
    pub claims: Vec<(SizeSource, u64)>,
    /// Extents of which some part lies behind the end of the image, and in which tree that was told first: the same file is
    /// in several.
    told_lost: HashMap<(u64, u64), TreeKind>,
    /// Read of areas and tables that many files may share, each time anew: the cache costs no budget.
    pub(super) repeated_bytes: u64,
    /// Asked now and then; true: stop where you are.
    stop: &'a (dyn Fn() -> bool + Sync),
    asked: u32,
    is_stopped: bool,
}

/// An image that lost more is told of some twice.
const MOST_TOLD_LOST: usize = 1 << 16;
/// Records between two questions whether to stop.
const ASK_EVERY: u32 = 256;

impl<'a> Scan<'a> {
    pub fn new(reader: Reader<'a>, scope: Scope, limits: Limits, stop: &'a (dyn Fn() -> bool + Sync)) -> Self {
        Self {
            reader,
            scope,
            limits,
            findings: Findings::default(),
            structures: Structures::default(),
            claims: Vec::new(),
            told_lost: HashMap::new(),
            repeated_bytes: 0,
            stop,
            asked: 0,
            is_stopped: false,
        }
    }

    /// Whether it is still to be told that an extent of a file in a tree of that kind is not there.
    pub(super) fn is_news_of_loss(&mut self, start: u64, length: u64, kind: TreeKind) -> bool {
        if self.told_lost.len() >= MOST_TOLD_LOST && !self.told_lost.contains_key(&(start, length)) {
            return true;
        }
        *self.told_lost.entry((start, length)).or_insert(kind) == kind
    }

    pub fn judges(&self) -> bool {
        self.scope == Scope::Judge
    }

    /// To be asked at each record: whether time is up. Says so in a finding the first time.
    pub fn is_stopped(&mut self) -> bool {
        self.asked = self.asked.wrapping_add(1);
        if !self.is_stopped && self.asked.is_multiple_of(ASK_EVERY) && (self.stop)() {
            self.is_stopped = true;
            self.cut("time", "the time for it was up");
        }
        self.is_stopped
    }

    /// A finding at byte `at`, as severe as its rule, whose origin is read off the bytes there.
    pub fn find(&mut self, rule: Rule, at: u64, subject: &'static str, text: impl FnOnce() -> String) {
        self.find_as(rule, rule.severity(), at, subject, text);
    }

    /// The same, as severe as `severity`.
    pub fn find_as(
        &mut self,
        rule: Rule,
        severity: Severity,
        at: u64,
        subject: &'static str,
        text: impl FnOnce() -> String,
    ) {
        self.find_of(rule, severity, at, subject, None, text);
    }

    /// The same, of the file or directory at `path`.
    pub fn find_of(
        &mut self,
        rule: Rule,
        severity: Severity,
        at: u64,
        subject: &'static str,
        path: Option<&dyn Fn() -> Vec<u8>>,
        text: impl FnOnce() -> String,
    ) {
        // Only what will be told is worth reading for.
        let is_told = self.findings.lists_another(rule, severity, subject);
        let origin = if is_told { self.origin_at(at) } else { Origin::Unknown };
        self.add(Draft { rule, severity, origin, at: Some(at), subject, path }, text);
    }

    /// A finding of which everything is known.
    pub fn add(&mut self, draft: Draft<'_>, text: impl FnOnce() -> String) {
        self.findings.add(draft, text);
    }

    /// What stands at `at` cannot be read, so that nothing is known of `what`.
    pub fn unread(&mut self, error: ReadError, at: u64, what: &'static str) {
        self.unread_of(error, at, what, None);
    }

    /// The same, where `what` belongs to the file or directory at `path`.
    pub fn unread_of(&mut self, error: ReadError, at: u64, what: &'static str, path: Option<&dyn Fn() -> Vec<u8>>) {
        let (origin, at) = match error {
            ReadError::Beyond { .. } => (Origin::Truncation, at),
            ReadError::Unreadable { at } => (Origin::Damage, at),
            ReadError::Over => return self.cut(what, "more would have to be read than any filesystem needs"),
        };
        let draft =
            Draft { rule: Rule::S01, severity: Rule::S01.severity(), origin, at: Some(at), subject: what, path };
        self.findings.add(draft, || format!("{what} cannot be read: {error}"));
    }

    /// A limit was met: `what` is not all there is.
    pub fn cut(&mut self, what: &'static str, why: &str) {
        let draft = Draft {
            rule: Rule::S02,
            severity: Rule::S02.severity(),
            origin: Origin::Unknown,
            at: None,
            subject: what,
            path: None,
        };
        self.findings.add(draft, || format!("not all of it was looked at ({what}): {why}"));
    }

    /// Damage where the sector around `at` cannot be read, or is all zeros, all ones, or the same as the one before;
    /// truncation where the image ends before it.
    pub fn origin_at(&mut self, at: u64) -> Origin {
        let start = at - at % SECTOR_BYTES as u64;
        let mut sector = [0; SECTOR_BYTES];
        match self.reader.read(start, &mut sector) {
            Err(ReadError::Beyond { .. }) => return Origin::Truncation,
            Err(ReadError::Unreadable { .. }) => return Origin::Damage,
            Err(ReadError::Over) => return Origin::Unknown,
            Ok(()) => {}
        }
        if sector.iter().all(|&byte| byte == 0) || sector.iter().all(|&byte| byte == 0xFF) {
            return Origin::Damage;
        }
        let mut before = [0; SECTOR_BYTES];
        let is_repeated = start
            .checked_sub(SECTOR_BYTES as u64)
            .is_some_and(|at| self.reader.read(at, &mut before).is_ok() && before == sector);
        if is_repeated { Origin::Damage } else { Origin::Unknown }
    }
}
