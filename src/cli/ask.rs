//! This module knows how a person is asked, and when there is nobody to ask.

use std::io::{BufRead, IsTerminal};

use super::run::Session;

/// What came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    Yes,
    No,
    /// No terminal, or nobody who would see the question.
    NobodyThere,
}

/// Asks a question that has yes or no for an answer; anything but yes is no.
pub fn ask(question: &str, session: &Session) -> Reply {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Reply::NobodyThere;
    }
    session.voice.insist(format!("{question} [y/N]"));
    let mut answer = String::new();
    match std::io::stdin().lock().read_line(&mut answer) {
        Ok(_) if is_yes(&answer) => Reply::Yes,
        Ok(_) => Reply::No,
        Err(_) => Reply::NobodyThere,
    }
}

fn is_yes(answer: &str) -> bool {
    matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anything_but_yes_is_no() {
        assert!(is_yes(" Y\n") && is_yes("yes"));
        assert!(!is_yes("") && !is_yes("\n") && !is_yes("yeah, no"));
    }
}
