//! This module knows how a command ends: with a report, or with a failure that a person can act upon.

use super::exit::Exit;
use super::json::Facts;

/// A command that came to its end, whatever it found.
#[derive(Debug)]
pub struct Report {
    pub exit: Exit,
    /// One sentence, for the `result` line.
    pub message: String,
    pub facts: Facts,
}

impl Report {
    pub fn ok(message: impl Into<String>) -> Self {
        Self { exit: Exit::Ok, message: message.into(), facts: Facts::default() }
    }
}

/// A command that could not do what was asked: what happened, to what, and what to do.
#[derive(Debug)]
pub struct Failure {
    pub exit: Exit,
    pub message: String,
    pub hints: Vec<String>,
    /// For those who look it up: sense numbers, what the kernel said.
    pub detail: Option<String>,
    pub facts: Box<Facts>,
}

impl Failure {
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into(), hints: Vec::new(), detail: None, facts: Box::default() }
    }

    /// The same with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// The same with the numbers behind it.
    #[must_use]
    pub fn detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }
}

/// How every command ends.
pub type Outcome = Result<Report, Failure>;
