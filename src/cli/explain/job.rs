//! This module knows what to say of a rip or a verification that did not come to its end.

use std::io::{self, ErrorKind};

use super::drive_failure;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::quantity::bytes;
use crate::drive::{DriveError, Protection};
use crate::linux::signals::Signal;
use crate::reading::{PrepareError, TripError, Unsuitable};
use crate::rip::{NotThisDisc, RipError, WriteError};
use crate::sector::Lba;
use crate::verify::{AgainstError, FilePassError, VerifyError};

/// What the sentences are about.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// What the user called the drive or the image.
    pub name: &'a str,
    /// What asked for an end, where something did.
    pub signal: Option<Signal>,
}

pub fn rip_failure(error: &RipError, about: About<'_>) -> Failure {
    let message = error.to_string();
    match error {
        RipError::Prepare(error) => prepare_failure(error, about),
        RipError::Drive(error) => drive_failure(error, about.name, about.signal),
        RipError::OutputExists { .. } => {
            Failure::new(Exit::Refused, message).hint("-y overwrites it; another OUTPUT leaves it alone")
        }
        RipError::UnfinishedIsOther { why: NotThisDisc::InUse, .. } => {
            Failure::new(Exit::Refused, message).hint("wait for the other program, or choose another OUTPUT")
        }
        RipError::UnfinishedIsOther { .. } => Failure::new(Exit::Refused, message)
            .hint("--restart begins again and loses what is there; another OUTPUT leaves it alone"),
        RipError::NothingToResume { .. } => {
            Failure::new(Exit::Unavailable, message).hint("without --resume a new rip begins")
        }
        RipError::Folder { path, source } => {
            let failure = Failure::new(Exit::Failed, format!("{message}: {source}"));
            match source.kind() {
                ErrorKind::NotFound => failure.hint(format!("make it first: mkdir -p {}", path.display())),
                _ => failure.hint("choose a folder that you may write in"),
            }
        }
        RipError::FileTooLarge { .. } => Failure::new(Exit::Failed, message)
            .hint("choose a folder on another filesystem: FAT holds files of 4 GiB less one byte at most"),
        RipError::NoSpace { path, needed, free } => {
            let (free, needed) = (bytes(*free), bytes(*needed));
            Failure::new(Exit::Failed, format!("{free} are free in {}, and {needed} are needed", path.display()))
                .hint("free some space, or choose a folder elsewhere")
        }
        RipError::NoFreeName { .. } => Failure::new(Exit::Failed, message).hint("name the OUTPUT"),
        RipError::OutOfRange(_) => Failure::new(Exit::Usage, message),
        RipError::Trip(error) => trip_failure(error, about),
        RipError::Write(error) => write_failure(error),
        RipError::File(error) => file_failure(error, about),
        RipError::Against(error) => against_failure(error),
    }
}

pub fn verify_failure(error: &VerifyError, about: About<'_>) -> Failure {
    let message = error.to_string();
    match error {
        VerifyError::Open { source, .. } => {
            let exit = match source.kind() {
                ErrorKind::NotFound | ErrorKind::PermissionDenied => Exit::Unavailable,
                _ => Exit::Failed,
            };
            Failure::new(exit, format!("{message}: {source}"))
        }
        VerifyError::Empty { .. } => Failure::new(Exit::Damaged, message),
        VerifyError::Map { source, .. } => Failure::new(Exit::Usage, format!("{message}: {source}"))
            .hint("a map is a text file as GNU ddrescue writes them, or a plain list of sectors"),
        VerifyError::NoSession { .. } => {
            Failure::new(Exit::Usage, message).hint("sessions are counted from 1; without --session the last is taken")
        }
        VerifyError::NoTree { volumes, .. } => {
            let kinds: Vec<String> = volumes.iter().map(ToString::to_string).collect();
            Failure::new(Exit::Usage, format!("{} has not the tree that --tree names", about.name))
                .hint(format!("it has {}; without --tree all are judged", kinds.join(", ")))
        }
        VerifyError::Prepare(error) => prepare_failure(error, about),
        VerifyError::OutOfRange(_) => Failure::new(Exit::Usage, message),
        VerifyError::Trip(error) => trip_failure(error, about),
        VerifyError::File(error) => file_failure(error, about),
        VerifyError::Against(error) => against_failure(error),
    }
}

/// Before anything is read.
pub fn against_failure(error: &AgainstError) -> Failure {
    let message = error.to_string();
    match error {
        AgainstError::Open { source, .. } => {
            let exit = if source.kind() == ErrorKind::NotFound { Exit::Usage } else { Exit::Failed };
            Failure::new(exit, format!("{message}: {source}"))
        }
        AgainstError::List { .. } => Failure::new(Exit::Usage, message)
            .hint("a hash list is what sha256sum, md5sum or cksum write, or an SFV file"),
        AgainstError::Catalogue { .. } => Failure::new(Exit::Usage, message)
            .hint("a catalogue is a Logiqx XML file (Redump, No-Intro), ClrMamePro text, or a zip of such"),
        AgainstError::NoCatalogue { .. } => {
            Failure::new(Exit::Usage, message).hint("catalogues are files named .dat, .xml or .zip")
        }
        AgainstError::TooManyCatalogues { .. } => Failure::new(Exit::Usage, message).hint("name one of them"),
    }
}

fn prepare_failure(error: &PrepareError, about: About<'_>) -> Failure {
    match error {
        PrepareError::Drive(error) => drive_failure(error, about.name, about.signal),
        PrepareError::Unsuitable(why) => unsuitable(why, about),
    }
}

fn unsuitable(why: &Unsuitable, about: About<'_>) -> Failure {
    let message = format!("{}: {why}", about.name);
    let wrong_disc = |hint: &str| Failure::new(Exit::Unavailable, message.clone()).hint(hint);
    match why {
        Unsuitable::Blank => wrong_disc("there is nothing on it to read"),
        Unsuitable::Audio { .. } => wrong_disc("audio is not read: an image of sectors has no place for it"),
        Unsuitable::SeveralSessions { .. } => wrong_disc("another drive may; `info` shows what this one tells"),
        Unsuitable::Mixed { .. } | Unsuitable::SeveralTracks { .. } => wrong_disc(
            "discs of data alone are read so far, in one track or in several sessions; `info` shows what is on it",
        ),
        Unsuitable::Protected(protection) => protected(message, *protection, about),
        Unsuitable::TooSmall { .. } => wrong_disc("the drive may not have recognised it: put it in again"),
    }
}

fn protected(message: String, protection: Protection, about: About<'_>) -> Failure {
    let message = if message.starts_with(about.name) { message } else { format!("{}: {message}", about.name) };
    let hint = match protection {
        Protection::Css | Protection::Aacs => {
            "discwright does not break copy protection; nothing is wrong with the disc"
        }
        Protection::Cprm => "the files on it need keys; discwright has none",
    };
    Failure::new(Exit::Refused, message).hint(hint)
}

pub(super) fn trip_failure(error: &TripError, about: About<'_>) -> Failure {
    let message = error.to_string();
    match error {
        TripError::Stopped { at, source } => stopped(*at, source, about),
        TripError::DriveWentMad { .. } => Failure::new(Exit::Failed, format!("{}: {message}", about.name))
            .hint("the disc may well be good: switch the drive off and on, and run this again"),
        TripError::Protected { protection, .. } => protected(message, *protection, about),
    }
}

fn stopped(at: Lba, source: &DriveError, about: About<'_>) -> Failure {
    let mut failure = drive_failure(source, about.name, about.signal);
    failure.message = format!("{} (at sector {at})", failure.message);
    // In the middle of a job even a tray that opened is a failure underneath.
    failure.exit = match failure.exit {
        Exit::Interrupted(signal) => Exit::Interrupted(signal),
        Exit::Ok | Exit::Damaged | Exit::Mismatch | Exit::Usage | Exit::Unavailable | Exit::Failed | Exit::Refused => {
            Exit::Failed
        }
    };
    failure
}

fn write_failure(error: &WriteError) -> Failure {
    let source = error.io();
    let failure = Failure::new(Exit::Failed, format!("{error}: {source}"));
    match source.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            failure.hint("free some space and run this again: it goes on where it stopped")
        }
        ErrorKind::BrokenPipe => failure.hint("whoever read standard output has ended"),
        _ => failure.hint("what was read before is kept; run this again to go on"),
    }
}

pub(super) fn file_failure(error: &FilePassError, about: About<'_>) -> Failure {
    let of_disk = |source: &io::Error| {
        Failure::new(Exit::Failed, format!("{}: {error}: {source}", about.name))
            .hint("this is the disk that the image is on, and not the disc")
    };
    match error {
        FilePassError::Interrupted => {
            Failure::new(Exit::Interrupted(about.signal.unwrap_or(Signal::Terminate)), "interrupted")
        }
        FilePassError::Read { source, .. } | FilePassError::Other { source, .. } => of_disk(source),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    const ABOUT: About<'_> = About { name: "/dev/sr0", signal: None };

    #[test]
    fn a_tray_that_opens_in_mid_job_is_a_failure_underneath() {
        let failure = rip_failure(&TripError::Stopped { at: Lba(700), source: DriveError::TrayOpen }.into(), ABOUT);
        assert_eq!(failure.exit, Exit::Failed);
        assert_eq!(failure.message, "/dev/sr0: the tray is open (at sector 700)");
        assert_eq!(rip_failure(&RipError::Drive(DriveError::TrayOpen), ABOUT).exit, Exit::Unavailable);
    }

    #[test]
    fn each_wrong_disc_has_its_status() {
        let of = |why: Unsuitable| rip_failure(&RipError::Prepare(PrepareError::Unsuitable(why)), ABOUT).exit.number();
        assert_eq!(of(Unsuitable::Blank), 3);
        assert_eq!(of(Unsuitable::Audio { tracks: 12 }), 3);
        assert_eq!(of(Unsuitable::SeveralSessions { sessions: 2 }), 3);
        assert_eq!(of(Unsuitable::Protected(Protection::Css)), 5);
    }

    #[test]
    fn a_full_disk_can_be_gone_on_from() {
        let source = io::Error::from(ErrorKind::StorageFull);
        let error = RipError::Write(WriteError::Image { path: PathBuf::from("a.iso.part"), source });
        let failure = rip_failure(&error, ABOUT);
        assert_eq!(failure.exit, Exit::Failed);
        assert!(failure.hints[0].contains("goes on"), "{failure:?}");
    }
}
