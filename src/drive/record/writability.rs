//! This module knows what a disc and its drive say of what can be written, asked before anything is.

use super::speed::WriteSpeedStep;
use crate::drive::{Drive, DriveError, Medium, MediumFamily, MediumKind};
use crate::mmc::command::{
    Answer, BackgroundFormat, Capacity, Configuration, DiscStatus, FormatCapacities, GetConfiguration, MediaClass,
    ReadCapacity, ReadDiscStructure, ReadFormatCapacities, ReadTrackInformation, SessionState, TrackInformation,
    TrackSelector, Which, WriteProtectionStatus, structure_format,
};
use crate::mmc::feature::{RealTimeStreaming, code};
use crate::mmc::{Msf, Profile};
use crate::sector::{Lba, SectorCount};

/// What can be written, as far as the drive says.
#[derive(Debug, Clone, PartialEq)]
pub struct Writability {
    pub profile: Profile,
    pub kind: MediumKind,
    pub status: DiscStatus,
    pub last_session: SessionState,
    /// The one that is open or empty counts.
    pub sessions: u16,
    pub background: BackgroundFormat,
    /// The track in which writing would go on; `None` where the drive tells of none.
    pub next: Option<NextTrack>,
    /// Of discs that can be formatted.
    pub format: Option<FormatCapacities>,
    /// What READ CAPACITY says.
    pub capacity: Option<SectorCount>,
    /// Of a CD that is not closed: where the lead-out can begin at the latest, as its groove tells (ATIP).
    pub last_lead_out: Option<Lba>,
    /// Of a disc that can be written over: what the volume on it occupies, where somebody has looked for that.
    pub volume: Option<SectorCount>,
    pub abilities: Abilities,
    /// The fastest first; empty where the drive does not say.
    pub speeds: Vec<WriteSpeedStep>,
    pub media_id: Option<String>,
    /// What keeps it from being written, as far as the drive says.
    pub protected_by: Option<WriteProtector>,
}

/// What keeps a disc from being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WriteProtector {
    /// The tab of its cartridge.
    Cartridge,
    /// A mark on the disc.
    Mark,
    /// The drive, until the disc is taken out, or something of this kind of disc.
    Drive,
}

/// The track in which writing would go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NextTrack {
    pub number: u16,
    pub start: Lba,
    /// `None` where the drive says that there is none.
    pub next_writable: Option<Lba>,
    pub free: SectorCount,
    pub size: SectorCount,
    /// Nothing is in it yet.
    pub blank: bool,
    pub reserved: bool,
    /// Written in increments: where writing stops it can go on. False where it is written at once.
    pub incremental: bool,
    pub damaged: bool,
}

/// What of MMC's features is current with this disc.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Abilities {
    /// Feature 0021h: DVD-R and such in increments.
    pub incremental: bool,
    /// Feature 002Dh.
    pub track_at_once: bool,
    /// Feature 002Eh with SAO.
    pub session_at_once: bool,
    /// Feature 002Fh: DVD-R and such, the disc at once.
    pub disc_at_once: bool,
    /// Writing without the laser, in the feature that matters for the disc.
    pub test_write: bool,
    /// Feature 0107h: WRITE (12) that streams.
    pub streaming: bool,
    /// Feature 0038h: a BD-R on which blocks are replaced.
    pub pseudo_overwrite: bool,
    /// Feature 0023h: every sector can be looked at while a BD-RE is formatted.
    pub certifies: bool,
    /// Anything at all that writes.
    pub writes: bool,
}

impl Drive {
    /// Asks what can be written to the disc that was examined as `medium`.
    ///
    /// # Errors
    /// Where the drive does not answer.
    pub fn writability(&mut self, medium: &Medium) -> Result<Writability, DriveError> {
        let configuration = self.current_features()?;
        let information = self.disc_information()?.ok_or(DriveError::BadAnswer { command: "READ DISC INFORMATION" })?;
        let family = medium.family();
        let profile = configuration.as_ref().map_or(medium.profile, |c| c.profile);
        let next = self.next_track(family, information.last_track_in_last_session)?;
        let capacity: Option<Capacity> = self.ask(&ReadCapacity, 8)?;
        Ok(Writability {
            profile,
            kind: medium.kind,
            status: information.status,
            last_session: information.last_session,
            sessions: information.sessions,
            background: information.background_format,
            next,
            format: self.format_capacities(configuration.as_ref())?,
            capacity: capacity.and_then(|c| c.sectors()),
            last_lead_out: information.last_possible_lead_out.filter(|_| family == MediumFamily::Cd).and_then(lead_out),
            volume: None,
            abilities: configuration.as_ref().map(abilities).unwrap_or_default(),
            speeds: self.write_speeds(family)?,
            media_id: medium.media_id.clone(),
            protected_by: self.write_protector(medium.kind)?,
        })
    }

    /// Of the discs that have such a thing.
    fn write_protector(&mut self, kind: MediumKind) -> Result<Option<WriteProtector>, DriveError> {
        const LENGTH: u16 = 8;
        let media = match kind {
            MediumKind::DvdRam => MediaClass::Dvd,
            MediumKind::BdRe => MediaClass::Bd,
            _ => return Ok(None),
        };
        let format = structure_format::WRITE_PROTECTION;
        let question = ReadDiscStructure { media, address: 0, layer: 0, format, allocation: LENGTH, agid: 0 };
        let told: Option<WriteProtectionStatus> = self.ask(&question, LENGTH)?;
        Ok(told.and_then(|told| match told {
            WriteProtectionStatus { cartridge: true, .. } => Some(WriteProtector::Cartridge),
            WriteProtectionStatus { persistent: true, .. } => Some(WriteProtector::Mark),
            WriteProtectionStatus { software, media_specific, .. } => {
                (software || media_specific).then_some(WriteProtector::Drive)
            }
        }))
    }

    /// Whether writing goes on at this sector, as the drive says: nothing was recorded there yet. False where it does not
    /// say.
    ///
    /// # Errors
    /// Where the drive does not answer.
    pub fn writes_next_at(&mut self, at: Lba) -> Result<bool, DriveError> {
        const LENGTH: u16 = 36;
        let question = ReadTrackInformation { of: TrackSelector::At(at), open: false, allocation: LENGTH };
        let told: Option<TrackInformation> = self.ask(&question, LENGTH)?;
        Ok(told.is_some_and(|told| told.next_writable == Some(at)))
    }

    fn current_features(&mut self) -> Result<Option<Configuration>, DriveError> {
        const LENGTH: u16 = 4096;
        self.ask(&GetConfiguration { which: Which::Current, from: 0, allocation: LENGTH }, LENGTH)
    }

    fn next_track(&mut self, family: MediumFamily, last: u16) -> Result<Option<NextTrack>, DriveError> {
        const LENGTH: u16 = 36;
        const INVISIBLE: u32 = 0xFF;
        let number = if family == MediumFamily::Cd { INVISIBLE } else { u32::from(last.max(1)) };
        let question = ReadTrackInformation { of: TrackSelector::Track(number), open: false, allocation: LENGTH };
        let told: Option<TrackInformation> = self.ask(&question, LENGTH)?;
        Ok(told.map(|told| NextTrack {
            number: told.track,
            start: told.start,
            next_writable: told.next_writable,
            free: told.free.unwrap_or_default(),
            size: told.size.unwrap_or_default(),
            blank: told.blank,
            reserved: told.reserved,
            incremental: told.packet,
            damaged: told.damaged,
        }))
    }

    fn format_capacities(
        &mut self,
        configuration: Option<&Configuration>,
    ) -> Result<Option<FormatCapacities>, DriveError> {
        const LENGTH: u16 = 252;
        let formattable = configuration.and_then(|c| c.feature(code::FORMATTABLE)).is_some_and(|f| f.current);
        if !formattable {
            return Ok(None);
        }
        let bytes = self.ask_bytes(&ReadFormatCapacities { allocation: LENGTH }, LENGTH)?;
        Ok(bytes.and_then(|bytes| FormatCapacities::parse(&bytes).ok()))
    }
}

/// `None` on a disc that is closed, which has no time there.
fn lead_out([_, minute, second, frame]: [u8; 4]) -> Option<Lba> {
    const NEVER: u8 = 0xFF;
    let told = minute != NEVER && second < 60 && frame < 75;
    told.then(|| Msf::new(minute, second, frame)).and_then(Msf::lba).filter(|at| at.0 > 0)
}

fn abilities(configuration: &Configuration) -> Abilities {
    const BYTE_WITH_FLAGS: usize = 0;
    const TEST: u8 = 0x04;
    const SESSION_AT_ONCE: u8 = 0x20;
    const CERTIFIES: u8 = 0x01;
    let current = |code| configuration.feature(code).filter(|feature| feature.current);
    let flags = |code| current(code).and_then(|feature| feature.data.get(BYTE_WITH_FLAGS)).copied().unwrap_or(0);
    let is = |code| current(code).is_some();
    let tests = [code::CD_TRACK_AT_ONCE, code::CD_MASTERING, code::DVD_R_WRITE];
    let writers = [
        code::RANDOM_WRITABLE,
        code::INCREMENTAL_STREAMING,
        code::DVD_PLUS_RW,
        code::DVD_PLUS_R,
        code::DVD_PLUS_R_DL,
        code::RIGID_RESTRICTED_OVERWRITE,
        code::CD_TRACK_AT_ONCE,
        code::CD_MASTERING,
        code::DVD_R_WRITE,
        code::BD_WRITE,
    ];
    Abilities {
        incremental: is(code::INCREMENTAL_STREAMING),
        track_at_once: is(code::CD_TRACK_AT_ONCE),
        session_at_once: flags(code::CD_MASTERING) & SESSION_AT_ONCE != 0,
        disc_at_once: is(code::DVD_R_WRITE),
        test_write: tests.into_iter().any(|code| flags(code) & TEST != 0),
        streaming: configuration.read::<RealTimeStreaming>().is_some_and(|told| told.stream_writing),
        pseudo_overwrite: is(code::BD_R_PSEUDO_OVERWRITE),
        certifies: flags(code::FORMATTABLE) & CERTIFIES != 0,
        writes: writers.into_iter().any(is),
    }
}
