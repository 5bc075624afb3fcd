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
    listed: Vec<Finding>,
    /// By kind: how many there were, and the last one listed.
    kinds: HashMap<(Rule, Severity, &'static str), (u64, usize)>,
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
        let key = (draft.rule, draft.severity, draft.subject);
        if self.kinds.len() >= MOST_KINDS && !self.kinds.contains_key(&key) {
            return;
        }
        let (count, last) = self.kinds.entry(key).or_insert((0, 0));
        *count += 1;
        let is_habit = draft.severity == Severity::Info && draft.origin == Origin::Mastering;
        if *count > if is_habit { LISTED_OF_A_HABIT } else { LISTED_OF_A_KIND } {
            if let Some(finding) = self.listed.get_mut(*last) {
                finding.more += 1;
            }
            return;
        }
        *last = self.listed.len();
        let Draft { rule, severity, origin, at, subject: _, path } = draft;
        self.listed.push(Finding { rule, severity, origin, at, path: path.map(|of| of()), text: text(), more: 0 });
    }

    /// Whether one more of this kind would be told, and not only counted.
    pub fn lists_another(&self, rule: Rule, severity: Severity, subject: &'static str) -> bool {
        match self.kinds.get(&(rule, severity, subject)) {
            Some((count, _)) => *count < LISTED_OF_A_KIND,
            None => self.kinds.len() < MOST_KINDS,
        }
    }

    pub fn push(&mut self, finding: Finding) {
        self.listed.push(finding);
    }

    pub fn listed(&self) -> &[Finding] {
        &self.listed
    }

    /// All that were listed: the worst first, and else in the order in which they were found.
    pub fn into_sorted(self) -> Vec<Finding> {
        let mut listed = self.listed;
        listed.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        listed
    }
}
