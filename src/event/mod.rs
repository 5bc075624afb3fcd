//! This module knows what jobs tell while they work. They never print; a listener does, or a test.

mod amount;
mod teller;

use std::time::Duration;

use crate::sector::{SectorCount, SectorRange};

pub use amount::grouped;
pub use teller::{NoDrive, Scale, Teller, Watch, telling};

/// What a job is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// For the drive to become ready.
    Wait,
    /// Finding the read size that suits the drive; before writing, the laser's power.
    Calibrate,
    Read,
    /// Sectors that would not read the first time.
    Retry,
    /// Digests from the file, where reading could not compute them.
    Hash,
    Check,
    Compare,
    /// Bytes to stable storage.
    Sync,
    /// Sectors onto a disc.
    Write,
    /// What was written is brought to its end: caches, tracks, sessions.
    Close,
    Blank,
    Format,
}

impl Phase {
    /// What a drive does by itself: it tells how far it is in parts of [`Phase::WHOLE`], or not at all.
    pub fn is_of_the_drive_alone(self) -> bool {
        matches!(self, Phase::Close | Phase::Blank | Phase::Format)
    }

    /// In so many parts a drive's own work is told.
    pub const WHOLE: SectorCount = SectorCount(10_000);
}

/// How far a phase is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    pub phase: Phase,
    pub done: SectorCount,
    pub of: SectorCount,
    /// Of user data, over the last few seconds; `None` before there is something to divide.
    pub bytes_per_second: Option<f64>,
    /// The share of its time that the drive had a command to work on, 0 to 1.
    pub drive_busy: Option<f64>,
    /// The share of the ring's buffers that wait for a consumer, 0 to 1; while a disc is written, of the drive's own
    /// buffer that is full.
    pub buffer: Option<f64>,
    pub bad_sectors: SectorCount,
    /// The time this phase will still take; `None` while that is a guess.
    pub eta: Option<Duration>,
    /// The bytes a second that 1x means on this medium; `None` for files.
    pub one_x: Option<f64>,
    /// How long the command under way has been running, where that is long.
    pub waiting: Option<Duration>,
}

impl Progress {
    /// A phase of which nothing is known yet.
    pub fn begin(phase: Phase) -> Self {
        Self {
            phase,
            done: SectorCount(0),
            of: SectorCount(0),
            bytes_per_second: None,
            drive_busy: None,
            buffer: None,
            bad_sectors: SectorCount(0),
            eta: None,
            one_x: None,
            waiting: None,
        }
    }
}

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum About {
    Waiting,
    Speed,
    Lock,
    Size,
    Mounted,
    Damage,
    Recovered,
    ReadSize,
    Resume,
    Name,
    /// In which sectors are read.
    Order,
    Stopping,
    Catalogue,
    Drive,
    Map,
    /// A file that was there before.
    Kept,
    /// A file that is not extracted, on purpose.
    LeftOut,
    /// A file that could not be extracted.
    NotMade,
}

/// One thing that a listener hears.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// A phase began, went on, or ended (`done == of`).
    Progress(Progress),
    /// What a person should be told on the way, as a sentence.
    Notice { about: About, text: String },
    /// Sectors that could not be read, for now.
    SectorsLost { range: SectorRange },
    /// Sectors that could be read after all.
    SectorsRecovered { range: SectorRange },
}

/// Who hears events.
pub trait Listener: Send {
    fn hear(&mut self, event: Event);
}

impl Listener for Vec<Event> {
    fn hear(&mut self, event: Event) {
        self.push(event);
    }
}

impl<L: Listener + ?Sized> Listener for &mut L {
    fn hear(&mut self, event: Event) {
        (**self).hear(event);
    }
}
