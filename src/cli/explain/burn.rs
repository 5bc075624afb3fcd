//! This module knows what to say of a burn that did not come to its end.

use super::drive::hint_from;
use super::job::{file_failure, trip_failure};
use super::{About, drive_failure, numbers};
use crate::burn::plan::Complaint;
use crate::burn::{BurnError, Remains};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::quantity::grouped;
use crate::drive::{DriveError, RecordError};
use crate::linux::signals::Signal;

pub fn burn_failure(error: &BurnError, about: About<'_>) -> Failure {
    let message = format!("{}: {error}", about.name);
    match error {
        BurnError::Drive(error) | BurnError::NotReadable(error) => drive_failure(error, about.name, about.signal),
        BurnError::Refused(refusal) => {
            let failure = Failure::new(exit_of(&refusal.complaint), message);
            match refusal.advice() {
                Some(advice) => failure.hint(advice),
                None => failure,
            }
        }
        BurnError::DiscChanged => {
            Failure::new(Exit::Unavailable, message).hint("run it again with the disc that is in it now")
        }
        BurnError::Declined => Failure::new(Exit::Refused, message),
        BurnError::Step { source, .. } | BurnError::Write { source, .. } => record_failure(source, message, about),
        BurnError::Source(error) => Failure::new(Exit::Failed, format!("{error}: {}", error.source))
            .hint("this is where the image comes from, and not the disc"),
        BurnError::Full { .. } => Failure::new(Exit::Failed, message).hint("the image needs a larger disc"),
        BurnError::Interrupted => {
            Failure::new(Exit::Interrupted(about.signal.unwrap_or(Signal::Terminate)), "interrupted")
        }
        BurnError::OtherImage | BurnError::CannotCompare => Failure::new(Exit::Unavailable, message)
            .hint("burn the image that was begun, or `discwright close` the disc as it is"),
        BurnError::NotShown => Failure::new(Exit::Mismatch, message)
            .hint("the disc may be worn out: burn all of it anew, onto another one"),
        BurnError::StillBlank => Failure::new(Exit::Failed, message)
            .hint("a cable adapter or the drive's firmware is at fault: try another port, or another drive"),
        BurnError::NothingReads => Failure::new(Exit::Failed, message).hint(
            "switch the drive off and on, and compare the disc once more: `discwright verify DRIVE --against IMAGE`",
        ),
        BurnError::ReadBack(error) => trip_failure(error, about),
        BurnError::Judge(error) => file_failure(error, about),
    }
}

/// While the drive was told to record.
fn record_failure(error: &RecordError, message: String, about: About<'_>) -> Failure {
    if let RecordError::Drive(DriveError::Stopped) = error {
        return Failure::new(Exit::Interrupted(about.signal.unwrap_or(Signal::Terminate)), "interrupted");
    }
    let mut failure = Failure::new(Exit::Failed, message);
    if let RecordError::Drive(DriveError::Gone) = error {
        return failure
            .hint("check its cable and its power, then run the command again: it goes on where the disc allows that");
    }
    if let Some(advice) = error.advice() {
        failure = failure.hint(hint_from(advice));
    }
    match (error.sense(), error) {
        (Some(sense), _) => failure.detail(numbers(sense)),
        (None, RecordError::Drive(DriveError::Link(source))) => failure.detail(source.to_string()),
        (None, _) => failure,
    }
}

/// The wrong disc, or something that was asked for and cannot be.
fn exit_of(complaint: &Complaint) -> Exit {
    match complaint {
        Complaint::EmptyImage
        | Complaint::NotRecordable
        | Complaint::NotSupported
        | Complaint::Complete
        | Complaint::LeftOpen
        | Complaint::LeftUnfinished
        | Complaint::NothingToAppendTo
        | Complaint::NothingToGrow
        | Complaint::TooManyDescriptors { .. }
        | Complaint::NoNextWritable
        | Complaint::DriveDoesNotWrite
        | Complaint::CannotFormat
        | Complaint::PseudoOverwrite
        | Complaint::NothingToClose
        | Complaint::SessionsClosed
        | Complaint::NotErased
        | Complaint::NotRewritable
        | Complaint::NotFormatted
        | Complaint::FormatsItself
        | Complaint::TooLarge { .. } => Exit::Unavailable,
        Complaint::Unproven { .. }
        | Complaint::HasData
        | Complaint::GrowsByIsoAlone
        | Complaint::MadeForElsewhere { .. }
        | Complaint::WriteProtected { .. }
        | Complaint::SizeMustBeKnown
        | Complaint::ModeNotThere { .. }
        | Complaint::LayerBreak { .. }
        | Complaint::NoSuchOption { .. } => Exit::Refused,
    }
}

/// What is on the disc after a burn that did not end well, as a sentence.
pub fn remains_words(remains: Remains) -> String {
    match remains {
        Remains::Blank => "nothing was written: the disc is as blank as before".to_owned(),
        Remains::Untouched => "the laser was off: the disc is as it was".to_owned(),
        Remains::AtWork => "the drive goes on by itself: leave the disc in until its light is off".to_owned(),
        Remains::Full => "the disc is full, and open: `discwright close` makes what is on it readable".to_owned(),
        Remains::Open { next, written } => format!(
            "the first {} sectors of the image are on the disc, which is open at sector {next}: the same command goes on from there, \
             and `discwright close` closes it as it is",
            grouped(written.0.into())
        ),
        Remains::Torn { good: Some(good) } => format!(
            "the first {} sectors of the image are on the disc, and nothing goes on behind them: `discwright close` closes it as it is",
            grouped(good.0.into())
        ),
        Remains::Torn { good: None } => {
            "what is on the disc is not all as it was written, and nothing goes on behind it: `discwright close` closes it as it is"
                .to_owned()
        }
        Remains::Track { written: Some(written) } => format!(
            "the first {} sectors of the image are on the disc as a track, which reads once `discwright close` has closed its session",
            grouped(written.0.into())
        ),
        Remains::Track { written: None } => {
            "what got to the disc is a track, which reads once `discwright close` has closed its session".to_owned()
        }
        Remains::Unfinished => {
            "what was written at once was not finished, and does not read: a disc that can be written once is \
                                lost, and a rewritable one can be erased (`discwright blank`)"
                .to_owned()
        }
        Remains::Appendable => "the disc is closed up to what was written, and takes another session".to_owned(),
        Remains::Closed => "the disc is closed: nothing can be added to it".to_owned(),
        Remains::AsBefore => {
            "the disc shows what was on it before; what was written behind that does not count, and can be overwritten"
                .to_owned()
        }
        Remains::PartlyOverwritten => {
            "the disc holds a part of the image over what was there before; it can be burnt again".to_owned()
        }
        Remains::Unwritten => "no sector of the image was written; the disc can be burnt again".to_owned(),
        Remains::Unknown => "the drive does not say what is on the disc; `info` may tell more".to_owned(),
    }
}
