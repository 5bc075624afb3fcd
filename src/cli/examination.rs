//! This module knows all that is asked of a drive before anyone decides what to do with its disc.

use super::explain::drive_failure;
use super::failure::Failure;
use super::json::DriveState;
use super::run::Session;
use super::target::OpenedDrive;
use crate::drive::{ClaimSource, DiscStatus, DriveError, Identity, Medium, Protection, SizeVerdict, TrayState};
use crate::event::About;
use crate::filesystem::{FirstLook, first_look};

/// What a drive and its disc are.
pub struct Examination {
    pub identity: Identity,
    pub state: DriveState,
    /// `None` without a disc.
    pub medium: Option<Medium>,
    /// `None` where there is no data that can be read.
    pub look: Option<FirstLook>,
    pub size: Option<SizeVerdict>,
}

/// Asks everything, in one order, so that a record of it can be played back.
pub fn examine(opened: &mut OpenedDrive, session: &Session) -> Result<Examination, Failure> {
    let failure = |e: DriveError, name: &str| drive_failure(&e, name, session.signals.received());
    let name = opened.name.clone();
    let drive = &mut opened.drive;
    let identity = drive.identify().map_err(|e| failure(e, &name))?;
    let without_disc =
        |state| Ok(Examination { identity: identity.clone(), state, medium: None, look: None, size: None });
    match drive.look().map_err(|e| failure(e, &name))? {
        TrayState::Open => return without_disc(DriveState::Open),
        TrayState::Empty => return without_disc(DriveState::Empty),
        TrayState::Ready => {}
        TrayState::NotReady(_) => {
            let mut told = |awaiting| session.notice(About::Waiting, &format!("waiting for {awaiting}"));
            drive.wait_until_ready(session.signals.stop(), &mut told).map_err(|e| failure(e, &name))?;
        }
    }
    let mut medium = drive.examine().map_err(|e| failure(e, &name))?;
    if let Some(sectors) = opened.nodes.as_ref().and_then(|n| n.kernel_sectors()) {
        medium.add_claim(ClaimSource::Kernel, sectors);
    }
    let state = super::target::state_of(medium.status);
    let readable = medium.data_mode().is_some()
        && medium.status != DiscStatus::Empty
        && !matches!(medium.protection, Some(Protection::Css | Protection::Aacs));
    let look = readable.then(|| first_look(drive));
    let size = match &look {
        Some(look) => Some(drive.settle_size(&medium, look.needed).map_err(|e| failure(e, &name))?),
        None => None,
    };
    for note in drive.take_notes() {
        session.notice(About::Drive, &note.to_string());
    }
    Ok(Examination { identity, state, medium: Some(medium), look, size })
}
