//! This module knows how a person is asked, and when there is nobody to ask.

use std::fs::File;
use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::os::fd::AsFd;
use std::sync::Arc;

use super::run::Session;
use crate::linux::input::StoppableInput;

/// What came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    Yes,
    No,
    /// No terminal, or nobody who would see the question.
    NobodyThere,
}

/// What standard input is to a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StandardInput {
    /// Where answers come from.
    Free,
    /// Something else comes that way, and answers come from the terminal that the program belongs to.
    Taken,
}

/// No answer is longer; what is has no yes in it.
const LONGEST_ANSWER: u64 = 100;
const TERMINAL: &str = "/dev/tty";

/// Asks a question that has yes or no for an answer; anything but yes is no.
pub fn ask(question: &str, session: &Session) -> Reply {
    ask_beside(question, StandardInput::Free, session)
}

/// The same, where standard input may be taken.
pub fn ask_beside(question: &str, input: StandardInput, session: &Session) -> Reply {
    match input {
        StandardInput::Free => on_standard_input(question, session),
        StandardInput::Taken => on_the_terminal(question, session),
    }
}

fn on_standard_input(question: &str, session: &Session) -> Reply {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Reply::NobodyThere;
    }
    // Unbuffered: what is read ahead could not be waited for.
    let Ok(input) = std::io::stdin().as_fd().try_clone_to_owned() else { return Reply::NobodyThere };
    session.voice.insist(format!("{question} [y/N]"));
    heard(File::from(input), session)
}

fn on_the_terminal(question: &str, session: &Session) -> Reply {
    let Ok(mut terminal) = File::options().read(true).write(true).open(TERMINAL) else { return Reply::NobodyThere };
    if std::io::stderr().is_terminal() {
        session.voice.insist(format!("{question} [y/N]"));
    } else if writeln!(terminal, "{question} [y/N]").is_err() {
        return Reply::NobodyThere;
    }
    heard(terminal, session)
}

/// Who wants to stop instead of answering is heard.
fn heard(terminal: File, session: &Session) -> Reply {
    let input = StoppableInput::new(terminal, Arc::clone(session.signals.stop()));
    reply(&mut BufReader::new(input.take(LONGEST_ANSWER)))
}

fn reply(input: &mut dyn BufRead) -> Reply {
    let mut answer = String::new();
    match input.read_line(&mut answer) {
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
