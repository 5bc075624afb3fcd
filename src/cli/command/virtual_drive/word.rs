//! This module knows what a process in the background says to the one that started it: a line, and no more.

use serde::{Deserialize, Serialize};

use crate::attachment::Record;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;

/// How attaching went.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Word {
    Attached(Record),
    Failed { exit: u8, message: String, hints: Vec<String> },
}

impl Word {
    pub fn failed(failure: &Failure) -> Self {
        Word::Failed { exit: failure.exit.number(), message: failure.message.clone(), hints: failure.hints.clone() }
    }

    pub fn line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default() + "\n"
    }

    /// What the line says; without one the process ended before it came to speak.
    pub fn understood(line: &str) -> Result<Record, Failure> {
        match serde_json::from_str(line) {
            Ok(Word::Attached(record)) => Ok(record),
            Ok(Word::Failed { exit, message, hints }) => Err(Failure { hints, ..Failure::new(exit_of(exit), message) }),
            Err(_) => Err(Failure::new(Exit::Failed, "the process that was to serve the drive ended without a word")
                .hint("with --foreground it shows what happens")),
        }
    }
}

fn exit_of(number: u8) -> Exit {
    let all = [Exit::Usage, Exit::Unavailable, Exit::Refused];
    all.into_iter().find(|exit| exit.number() == number).unwrap_or(Exit::Failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_went_wrong_in_the_background_is_told_in_front() {
        for exit in [Exit::Usage, Exit::Unavailable, Exit::Refused, Exit::Failed] {
            let failure = Failure::new(exit, "no").hint("yes");
            let heard = Word::understood(&Word::failed(&failure).line()).unwrap_err();
            assert_eq!((heard.exit, &*heard.message, &*heard.hints), (exit, "no", &["yes".to_owned()][..]));
        }
        let record = Record { number: 3, pid: 4, disc: "demo".to_owned(), ..Record::default() };
        assert_eq!(Word::understood(&Word::Attached(record.clone()).line()).unwrap(), record);
        assert_eq!(Word::understood("").unwrap_err().exit, Exit::Failed);
    }
}
