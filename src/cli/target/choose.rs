//! This module knows which drive is meant where none was named.

use std::path::PathBuf;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::json::DriveState;
use crate::cli::run::Session;
use crate::drive::{DiscStatus, Drive, TrayState};
use crate::linux::{self, Access, DriveNodes};

/// What the drive is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// There must be a disc to choose it by.
    WithDisc,
    /// Of several, any one that is the only one.
    Any,
}

/// The only drive, or the only one with a disc in it.
pub(super) fn only_drive(wanted: Wanted, session: &Session) -> Result<PathBuf, Failure> {
    let drives: Vec<(PathBuf, DriveNodes)> =
        linux::drives().into_iter().filter_map(|nodes| Some((nodes.node()?.path.clone(), nodes))).collect();
    match drives.as_slice() {
        [] => Err(Failure::new(Exit::Unavailable, "there is no optical drive here")
            .hint("`demo` in the place of DRIVE is one in software, to try things with")),
        [(path, _)] => Ok(path.clone()),
        several => {
            let seen: Vec<(&PathBuf, &DriveNodes, Seen)> =
                several.iter().map(|(path, nodes)| (path, nodes, look(path, session))).collect();
            let mut with_disc = seen.iter().filter(|(_, _, seen)| *seen == Seen::Disc);
            match (with_disc.next(), with_disc.next(), wanted) {
                (Some((path, ..)), None, _) => Ok((*path).clone()),
                (Some(_), Some(_), _) | (None, _, Wanted::WithDisc | Wanted::Any) => Err(undecided(&seen)),
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    Disc,
    NoDisc,
    Unknown,
}

fn look(path: &std::path::Path, session: &Session) -> Seen {
    let Ok(opened) = linux::open_drive(path, Access::Look, &*session.clock) else { return Seen::Unknown };
    let mut drive = Drive::new(Box::new(opened.transport), std::sync::Arc::clone(&session.clock));
    match drive.look() {
        Ok(TrayState::Ready | TrayState::NotReady(_)) => Seen::Disc,
        Ok(TrayState::Open | TrayState::Empty) => Seen::NoDisc,
        Err(_) => Seen::Unknown,
    }
}

fn undecided(seen: &[(&PathBuf, &DriveNodes, Seen)]) -> Failure {
    let several = seen.iter().filter(|(_, _, seen)| *seen == Seen::Disc).count() > 1;
    let message = if several { "several drives have a disc in them" } else { "no drive has a disc in it" };
    let list = seen.iter().map(|(path, nodes, seen)| {
        let what = match seen {
            Seen::Disc => "a disc",
            Seen::NoDisc => "no disc",
            Seen::Unknown => "not known",
        };
        format!("{}: {} {}, {what}", path.display(), nodes.vendor.trim(), nodes.product.trim())
    });
    let failure = Failure::new(Exit::Unavailable, format!("{message}: {}", list.collect::<Vec<_>>().join("; ")));
    if several { failure.hint("name the one that is meant") } else { failure.hint("put a disc in") }
}

/// What a disc's status is called.
pub fn state_of(status: DiscStatus) -> DriveState {
    match status {
        DiscStatus::Empty => DriveState::Blank,
        DiscStatus::Incomplete => DriveState::Appendable,
        DiscStatus::Finalized | DiscStatus::Other => DriveState::Complete,
    }
}
