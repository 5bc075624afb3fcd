//! This module knows one drive, spoken to in verbs.

mod awaiting;
mod claim;
mod condition;
mod error;
mod examine;
mod exchange;
mod fingerprint;
mod identity;
mod lock;
mod medium;
mod news;
mod next_session;
mod note;
mod quirks;
mod read;
mod ready;
mod record;
#[cfg(test)]
mod script;
mod size;
mod source;
mod speed;
mod survey;
mod tray;
mod unrecorded;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

pub use awaiting::Awaiting;
pub use claim::{Claim, ClaimSource};
pub use condition::{Act, Cause, Condition, DiscTrouble, Door, KeyTrouble, Work};
pub use error::DriveError;
pub use fingerprint::{DiscFingerprint, NotAFingerprint};
pub use identity::Identity;
pub use lock::Lock;
pub use medium::{BookType, DiscStatus, Medium, MediumFamily, MediumKind, Origin, Protection, Track, TrackMode};
pub use next_session::NextSession;
pub use note::Note;
pub use read::{Cache, ReadFailure, ReadHow, ReadQuality};
pub use ready::TrayState;
pub use record::{
    Abilities, Certification, DriveBuffer, NextTrack, RecordError, Stoppable, Writability, WriteHow, WriteProtector,
    WriteSpeedStep, WriteTrouble,
};
pub use size::{SizeReason, SizeVerdict};
pub use speed::{Speed, SpeedOutcome};

pub use crate::mmc::Profile;
pub use crate::mmc::command::{
    BackgroundFormat, BlankingType, CloseFunction, FormatCapacities, FormatDescriptor, FormatState, ModePageData,
    MultiSession, SessionState, WriteParameters, WriteType, format_type,
};
pub use crate::scsi::wrap::MeterReading;

use crate::clock::Clock;
use crate::scsi::Transport;
use crate::scsi::wrap::Meter;
use crate::sector::{SECTOR_BYTES, SectorCount};

/// One drive. It keeps what it learns of the drive, and of the disc that was examined.
pub struct Drive {
    transport: Meter<Box<dyn Transport>>,
    meter: MeterReading,
    clock: Arc<dyn Clock>,
    identity: Option<Identity>,
    reads_bd: Option<bool>,
    max_read: SectorCount,
    /// What the link carries at once.
    max_transfer: SectorCount,
    habits: read::ReadHabits,
    examined: Option<examine::Examined>,
    inserted: news::Inserted,
    held: lock::Held,
    /// What the drive was told last, where that is not its best.
    speed_kb_s: Option<u16>,
    loaded_at: Option<Duration>,
    /// Set where a person wants no more.
    stop: Arc<AtomicBool>,
    news: exchange::News,
    notes: Vec<Note>,
    noted: Vec<Note>,
}

impl Drive {
    pub fn new(transport: Box<dyn Transport>, clock: Arc<dyn Clock>) -> Self {
        let sectors = u32::try_from(transport.max_transfer() / SECTOR_BYTES).unwrap_or(u32::MAX);
        let (transport, meter) = Meter::new(transport, Arc::clone(&clock));
        Self {
            transport,
            meter,
            clock,
            identity: None,
            reads_bd: None,
            // READ(10) has sixteen bits for it.
            max_read: SectorCount(sectors.clamp(1, u32::from(u16::MAX))),
            max_transfer: SectorCount(sectors.clamp(1, u32::from(u16::MAX))),
            habits: read::ReadHabits::new(),
            examined: None,
            inserted: news::Inserted::AsBefore,
            held: lock::Held::No,
            speed_kb_s: None,
            loaded_at: None,
            stop: Arc::default(),
            news: exchange::News::default(),
            notes: Vec::new(),
            noted: Vec::new(),
        }
    }

    /// From now on no verb waits for the drive once `stop` is set: what would wait fails with
    /// [`DriveError::Stopped`]. A command that the drive works on is not cut short.
    pub fn heed(&mut self, stop: Arc<AtomicBool>) {
        self.stop = stop;
    }

    /// How busy the drive is: readable from other threads, also while a command runs.
    pub fn meter(&self) -> MeterReading {
        self.meter.clone()
    }
}
