//! This module knows what a verdict on a filesystem is made of, and how thousands of the same are told once.

use std::collections::HashMap;

use super::rule::Rule;

/// How bad. `Display` is its name in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Info,
    /// A rule is broken, and the content can be reached.
    Warning,
    /// Content that cannot be reached or is wrong, or a contradiction in what readers rely on.
    Error,
}

impl std::fmt::Display for Severity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        })
    }
}

/// Where it came from. `Display` is its name in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// Bytes were right once, and are not what was recorded.
    Damage,
    /// The program that made the image wrote it so.
    Mastering,
    /// The image ends too early.
    Truncation,
    Unknown,
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Origin::Damage => "damage",
            Origin::Mastering => "mastering",
            Origin::Truncation => "truncation",
            Origin::Unknown => "unknown",
        })
    }
}

/// One verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub rule: Rule,
    pub severity: Severity,
    pub origin: Origin,
    /// Where, in bytes from the start of the image.
    pub at: Option<u64>,
    /// Of the file or directory that it concerns, from the root, without a slash in front; as recorded, not escaped.
    pub path: Option<Vec<u8>>,
    /// A sentence without its full stop, and without any text from the disc: names stand in `path`.
    pub text: String,
    /// How many more there are of its kind, which are not listed; only the last that is listed has any.
    pub more: u64,
}

/// Of a kind, so many are listed.
const LISTED_OF_A_KIND: u64 = 3;
/// What a program does to every disc it makes is the same each time.
const LISTED_OF_A_HABIT: u64 = 1;
/// A kind is a rule, a severity, and what it was said of: a disc that is wrong everywhere still ends.
const MOST_KINDS: usize = 512;

/// Collects verdicts.
#[derive(Debug, Default)]
pub struct Findings {
    listed: Vec<Listed>,
    /// How many there were of each, and the last one listed.
    kinds: HashMap<Kind, (u64, usize)>,
}

type Kind = (Rule, Severity, &'static str);

#[derive(Debug)]
struct Listed {
    /// `None` of those that are counted elsewhere.
    kind: Option<Kind>,
    finding: Finding,
}

/// A verdict to be. Its text and path are made only where they will be told.
pub struct Draft<'a> {
    pub rule: Rule,
    pub severity: Severity,
    pub origin: Origin,
    pub at: Option<u64>,
    /// What of the structure it is about, such as "extent": of each rule and subject the first few are listed.
    pub subject: &'static str,
    pub path: Option<&'a dyn Fn() -> Vec<u8>>,
}

impl Findings {
    pub fn add(&mut self, draft: Draft<'_>, text: impl FnOnce() -> String) {
        let Draft { rule, severity, origin, at, subject, path } = draft;
        let finding = || Finding { rule, severity, origin, at, path: path.map(|of| of()), text: text(), more: 0 };
        self.take((rule, severity, subject), origin, finding);
    }

    fn take(&mut self, kind: Kind, origin: Origin, finding: impl FnOnce() -> Finding) {
        if self.kinds.len() >= MOST_KINDS && !self.kinds.contains_key(&kind) {
            return;
        }
        let (count, last) = self.kinds.entry(kind).or_insert((0, 0));
        *count += 1;
        let (_, severity, _) = kind;
        let is_habit = severity == Severity::Info && origin == Origin::Mastering;
        if *count > if is_habit { LISTED_OF_A_HABIT } else { LISTED_OF_A_KIND } {
            if let Some(listed) = self.listed.get_mut(*last) {
                listed.finding.more += 1;
            }
            return;
        }
        *last = self.listed.len();
        self.listed.push(Listed { kind: Some(kind), finding: finding() });
    }

    /// Whether `later` can be appended: nothing of it would be left out only because there are too many kinds.
    pub fn has_room_for(&self, later: &Findings) -> bool {
        self.kinds.len().saturating_add(later.kinds.len()) <= MOST_KINDS
    }

    /// Adds `later` as if each had been added here.
    pub fn append(&mut self, later: Findings) {
        for Listed { kind, finding } in later.listed {
            let Some(kind) = kind else {
                self.push(finding);
                continue;
            };
            let (origin, more) = (finding.origin, finding.more);
            self.take(kind, origin, || Finding { more: 0, ..finding });
            let Some((count, last)) = self.kinds.get_mut(&kind) else { continue };
            *count = count.saturating_add(more);
            if let Some(listed) = self.listed.get_mut(*last) {
                listed.finding.more = listed.finding.more.saturating_add(more);
            }
        }
    }

    /// Whether one more of this kind would be told, and not only counted.
    pub fn lists_another(&self, rule: Rule, severity: Severity, subject: &'static str) -> bool {
        match self.kinds.get(&(rule, severity, subject)) {
            Some((count, _)) => *count < LISTED_OF_A_KIND,
            None => self.kinds.len() < MOST_KINDS,
        }
    }

    pub fn push(&mut self, finding: Finding) {
        self.listed.push(Listed { kind: None, finding });
    }

    pub fn listed(&self) -> impl Iterator<Item = &Finding> {
        self.listed.iter().map(|listed| &listed.finding)
    }

    /// All that were listed: the worst first, and else in the order in which they were found.
    pub fn into_sorted(self) -> Vec<Finding> {
        let mut listed: Vec<Finding> = self.listed.into_iter().map(|listed| listed.finding).collect();
        listed.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        listed
    }
}
