//! This module knows all that is asked of a drive before anyone decides what to do with its disc.

use super::explain::drive_failure;
use super::failure::Failure;
use super::json::DriveState;
use super::run::Session;
use super::target::OpenedDrive;
use crate::drive::{
    ClaimSource, DiscStatus, DriveError, Identity, Medium, NextSession, Protection, SizeVerdict, TrayState,
};
use crate::event::About;
use crate::filesystem::{FirstLook, VolumeKind, first_look};
use crate::sector::SectorCount;

/// What a drive and its disc are.
pub struct Examination {
    pub identity: Identity,
    pub state: DriveState,
    /// `None` without a disc.
    pub medium: Option<Medium>,
    /// `None` where there is no data that can be read.
    pub look: Option<FirstLook>,
    pub size: Option<SizeVerdict>,
    /// Why no more is known.
    pub trouble: Option<Failure>,
}

/// Asks everything, in one order, so that a record of it can be played back.
///
/// # Errors
/// Where not even the drive is known; trouble with its disc leaves what is known of the drive.
pub fn examine(opened: &mut OpenedDrive, session: &Session) -> Result<Examination, Failure> {
    let name = opened.name.clone();
    let failure = |error: DriveError| drive_failure(&error, &name, session.signals.received());
    let identity = opened.drive.identify().map_err(failure)?;
    let mut found =
        Examination { identity, state: DriveState::NotReady, medium: None, look: None, size: None, trouble: None };
    found.trouble = found.ask(opened, session).err().map(failure);
    for note in opened.drive.take_notes() {
        session.notice(About::Drive, &note.to_string());
    }
    Ok(found)
}

impl Examination {
    /// Asks until there is no more to be known.
    fn ask(&mut self, opened: &mut OpenedDrive, session: &Session) -> Result<(), DriveError> {
        let drive = &mut opened.drive;
        match drive.look()? {
            TrayState::Open => {
                self.state = DriveState::Open;
                return Ok(());
            }
            TrayState::Empty => {
                self.state = DriveState::Empty;
                return Ok(());
            }
            TrayState::Ready => {}
            TrayState::NotReady(_) => {
                let mut told = |awaiting| session.notice(About::Waiting, &format!("waiting for {awaiting}"));
                drive.wait_until_ready(session.signals.stop(), &mut told)?;
            }
        }
        let mut medium = drive.examine()?;
        if let Some(sectors) = opened.nodes.as_ref().and_then(|nodes| nodes.kernel_sectors()) {
            medium.add_claim(ClaimSource::Kernel, sectors);
        }
        self.state = super::target::state_of(medium.status);
        let readable = medium.data_mode().is_some()
            && medium.status != DiscStatus::Empty
            && !matches!(medium.protection, Some(Protection::Css | Protection::Aacs));
        let medium = self.medium.insert(medium);
        if readable {
            let look = self.look.insert(first_look(drive));
            let size = drive.settle_size(medium, look.needed)?;
            let next = medium.next_behind(volume_that_grows(look));
            // A format that goes on later has a small capacity, and the disc says how large it is.
            let end = medium.claims.iter().map(|claim| claim.sectors).max();
            let fits = |place: &NextSession| !medium.is_random_access() || end.is_none_or(|end| place.next.0 < end.0);
            medium.next_session = next.filter(fits);
            self.size = Some(size);
        }
        Ok(())
    }
}

/// What ISO 9660 occupies, where it is alone: behind UDF nothing is appended.
fn volume_that_grows(look: &FirstLook) -> Option<SectorCount> {
    let is_udf = look.volumes.iter().any(|volume| matches!(volume.kind, VolumeKind::Udf { .. }));
    let iso = look.volumes.iter().find(|volume| matches!(volume.kind, VolumeKind::Iso9660 { .. }));
    iso.filter(|_| !is_udf)?.sectors
}
