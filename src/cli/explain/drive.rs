//! This module knows what to say of a drive that could not do what it was told.

use super::causes;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::drive::DriveError;
use crate::linux::signals::Signal;
use crate::scsi::{Sense, TransportError, sense_name};

/// `device` is what the user called the drive; `signal` is what asked for an end, where something did.
pub fn drive_failure(error: &DriveError, device: &str, signal: Option<Signal>) -> Failure {
    if let DriveError::Link(TransportError::Diverged(what)) = error {
        return Failure::new(Exit::Failed, format!("{device}: {what}"))
            .hint("a record plays back only what was done when it was made; sectors it has as digests come from an image beside it");
    }
    let exit = exit_of(error, signal);
    let mut failure = Failure::new(exit, format!("{device}: {error}"));
    if let DriveError::Link(source) = error {
        failure.message = format!("{device}: {error}: {source}");
    }
    if let Some(advice) = error.advice() {
        failure = failure.hint(hint_from(advice));
    }
    match sense_of(error).map(numbers).or_else(|| causes(error)) {
        Some(detail) => failure.detail(detail),
        None => failure,
    }
}

fn exit_of(error: &DriveError, signal: Option<Signal>) -> Exit {
    match error {
        DriveError::NoDisc
        | DriveError::TrayOpen
        | DriveError::NotReadyInTime(_)
        | DriveError::DiscUnreadable(_)
        | DriveError::NeedsHand(_)
        | DriveError::OtherDisc
        | DriveError::NotOptical { .. }
        | DriveError::NotPermitted { .. } => Exit::Unavailable,
        DriveError::Gone
        | DriveError::Hardware(_)
        | DriveError::Refused { .. }
        | DriveError::BadAnswer { .. }
        | DriveError::Link(_) => Exit::Failed,
        DriveError::Locked | DriveError::Reserved => Exit::Refused,
        DriveError::Stopped => Exit::Interrupted(signal.unwrap_or(Signal::Terminate)),
    }
}

fn sense_of(error: &DriveError) -> Option<&Sense> {
    match error {
        DriveError::DiscUnreadable(sense)
        | DriveError::NeedsHand(sense)
        | DriveError::Hardware(sense)
        | DriveError::Refused { sense, .. } => Some(sense),
        DriveError::Gone
        | DriveError::NoDisc
        | DriveError::TrayOpen
        | DriveError::NotReadyInTime(_)
        | DriveError::OtherDisc
        | DriveError::NotOptical { .. }
        | DriveError::NotPermitted { .. }
        | DriveError::Locked
        | DriveError::Reserved
        | DriveError::BadAnswer { .. }
        | DriveError::Stopped
        | DriveError::Link(_) => None,
    }
}

/// `the drive's words: 03h/11h/05h, L-EC UNCORRECTABLE ERROR`.
pub fn numbers(sense: &Sense) -> String {
    match sense_name(sense.asc, sense.ascq) {
        Some(name) => format!("the drive's words: {sense}, {name}"),
        None => format!("the drive's words: {sense}"),
    }
}

/// A sentence as a hint: small, without its stop.
pub fn hint_from(sentence: &str) -> String {
    let sentence = sentence.trim_end_matches('.');
    let mut letters = sentence.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scsi::SenseKey;

    #[test]
    fn a_refusal_keeps_its_numbers_for_those_who_look_them_up() {
        let sense = Sense::new(SenseKey::HardwareError, 0x44, 0);
        let failure = drive_failure(&DriveError::Hardware(sense), "/dev/sr0", None);
        assert_eq!(failure.exit, Exit::Failed);
        assert_eq!(failure.detail.as_deref(), Some("the drive's words: 04h/44h/00h, INTERNAL TARGET FAILURE"));
    }

    #[test]
    fn an_empty_drive_wants_a_disc() {
        let failure = drive_failure(&DriveError::NoDisc, "/dev/sr0", None);
        assert_eq!(failure.exit, Exit::Unavailable);
        assert_eq!(failure.message, "/dev/sr0: there is no disc in the drive");
        assert_eq!(failure.hints, ["put a disc in"]);
    }

    #[test]
    fn a_stop_is_the_signal_that_asked_for_it() {
        let failure = drive_failure(&DriveError::Stopped, "demo", Some(Signal::Interrupt));
        assert_eq!(failure.exit.number(), 130);
    }
}
