//! This module knows every exit status, and its name in JSON.

use std::process::ExitCode;

use crate::linux::signals::Signal;

/// How the program ended, as a script sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done, and all that was checked holds.
    Ok,
    /// Done, but sectors are missing, or it is not what it should be.
    Damaged,
    /// Done, but hashes or bytes differ.
    Mismatch,
    /// The command line makes no sense.
    Usage,
    /// No such drive, no right to it, no disc, not ready, or the wrong disc for this.
    Unavailable,
    /// Something failed underneath: drive gone, disk full, I/O error.
    Failed,
    /// Needs confirmation, would overwrite, disc protected, drive held by another program.
    Refused,
    /// By a signal, once the state was saved.
    Interrupted(Signal),
}

impl Exit {
    /// The number that the shell sees.
    pub fn number(self) -> u8 {
        match self {
            Exit::Ok => 0,
            Exit::Damaged | Exit::Mismatch => 1,
            Exit::Usage => 2,
            Exit::Unavailable => 3,
            Exit::Failed => 4,
            Exit::Refused => 5,
            Exit::Interrupted(Signal::HangUp) => 129,
            Exit::Interrupted(Signal::Interrupt) => 130,
            Exit::Interrupted(Signal::Terminate) => 143,
        }
    }

    /// `status` of the `result` line.
    pub fn status(self) -> &'static str {
        match self {
            Exit::Ok => "ok",
            Exit::Damaged => "damaged",
            Exit::Mismatch => "mismatch",
            Exit::Usage | Exit::Unavailable | Exit::Failed => "failed",
            Exit::Refused => "refused",
            Exit::Interrupted(_) => "interrupted",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.number().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_a_promise() {
        let promised = [
            (Exit::Ok, 0, "ok"),
            (Exit::Damaged, 1, "damaged"),
            (Exit::Mismatch, 1, "mismatch"),
            (Exit::Usage, 2, "failed"),
            (Exit::Unavailable, 3, "failed"),
            (Exit::Failed, 4, "failed"),
            (Exit::Refused, 5, "refused"),
            (Exit::Interrupted(Signal::HangUp), 129, "interrupted"),
            (Exit::Interrupted(Signal::Interrupt), 130, "interrupted"),
            (Exit::Interrupted(Signal::Terminate), 143, "interrupted"),
        ];
        for (exit, number, status) in promised {
            assert_eq!((exit.number(), exit.status()), (number, status));
        }
    }

    #[test]
    fn a_signal_is_what_a_shell_shows() {
        for signal in [Signal::HangUp, Signal::Interrupt, Signal::Terminate] {
            assert_eq!(i32::from(Exit::Interrupted(signal).number()), signal.exit_status());
        }
    }
}
