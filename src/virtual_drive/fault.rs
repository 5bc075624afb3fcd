//! This module knows what can be wrong with a disc and with the mechanism.

mod passage;
mod recording;

pub use passage::{Cache, Faults, Passage, Stop};
pub use recording::{Met, RecordingFaults, Report, WriteTrouble};

use std::time::Duration;

use crate::scsi::{Sense, SenseKey};
use crate::sector::{Lba, SectorCount, SectorRange};

/// An uncorrectable sector, as CD and DVD drives tell it most often.
pub const UNREADABLE: Sense = Sense::new(SenseKey::MediumError, 0x11, 0x05);
/// The drive is still finding out what the disc is.
pub const BECOMING_READY: Sense = Sense::new(SenseKey::NotReady, 0x04, 0x01);
/// The disc may be another one.
pub const MEDIUM_CHANGED: Sense = Sense::new(SenseKey::UnitAttention, 0x28, 0x00);
/// The drive was reset.
pub const RESET: Sense = Sense::new(SenseKey::UnitAttention, 0x29, 0x00);
/// A sector took no data.
pub const UNWRITABLE: Sense = Sense::new(SenseKey::MediumError, 0x0C, 0x00);
/// No power of the laser is the right one.
pub const NO_POWER: Sense = Sense::new(SenseKey::MediumError, 0x73, 0x03);
/// The drive does something else.
pub const BUSY: Sense = Sense::new(SenseKey::NotReady, 0x04, 0x07);
/// Data came, after retries.
pub const RECOVERED: Sense = Sense::new(SenseKey::RecoveredError, 0x17, 0x01);

/// How far around a bad sector nothing can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Extent {
    /// The sectors named, and no others.
    #[default]
    Sector,
    /// Every ECC block that they touch.
    EccBlock,
}

/// What the INFORMATION field of a failed read says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Information {
    /// The sector that failed.
    #[default]
    Sector,
    /// Nothing: the valid bit is not set.
    Absent,
    /// The first sector of its ECC block.
    EccBlock,
    /// The first sector of the command.
    Command,
    /// 0, with the valid bit set.
    Zero,
}

/// Whether the drive's cache answers a second attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Retries {
    /// Each attempt goes to the disc.
    #[default]
    FromDisc,
    /// Only with FUA does one.
    FromCache,
}

/// How a sector fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failure {
    pub sense: Sense,
    pub information: Information,
    pub extent: Extent,
    /// Read-ahead: a read of several sectors that ends so shortly before fails too, and nothing of it comes.
    pub reach: SectorCount,
    /// What the failing attempt costs.
    pub time: Duration,
}

impl Default for Failure {
    fn default() -> Self {
        Self {
            sense: UNREADABLE,
            information: Information::Sector,
            extent: Extent::Sector,
            reach: SectorCount(0),
            time: Duration::ZERO,
        }
    }
}

/// What is wrong with sectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    Unreadable(Failure),
    /// Fails `attempts` times, then reads.
    Flaky {
        failure: Failure,
        attempts: u32,
        retries: Retries,
    },
    /// Reads, and the drive says that it was hard.
    Recovered {
        sense: Sense,
        time: Duration,
    },
    /// Reads; each sector costs `time`.
    Slow {
        time: Duration,
    },
    /// Reads with good status, and `attempts` times with other bytes.
    Lying {
        attempts: u32,
    },
}

impl Trouble {
    fn reach(self) -> SectorCount {
        match self {
            Trouble::Unreadable(failure) => failure.reach,
            Trouble::Flaky { .. } | Trouble::Recovered { .. } | Trouble::Slow { .. } | Trouble::Lying { .. } => {
                SectorCount(0)
            }
        }
    }
}

/// When something happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// The head comes to this sector, to read it or to record it.
    Sector(Lba),
    /// So long after the drive was made.
    Elapsed(Duration),
    /// The host sends its `n`th command, counted from 1.
    Command(u64),
}

/// What then happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Incident {
    /// The drive has something to tell before it does anything else.
    Attention(Sense),
    /// Somebody opens the tray.
    TrayOpens,
    /// The cable is pulled.
    Gone,
    /// Nothing reads any more until the disc is loaded again.
    Mad(Failure),
    /// Somebody puts the other disc in, and says nothing.
    Swapped,
    /// The drive loses its power, and what was in its buffer; then it finds out for so long what the disc is.
    PowerLoss { time: Duration },
    /// Somebody resets the bus.
    Reset,
    /// For so long it does nothing, and says so.
    Busy { time: Duration, sense: Sense },
    /// The host sends too little.
    Underrun,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    Sectors {
        ranges: Vec<SectorRange>,
        trouble: Trouble,
    },
    Once {
        when: When,
        what: Incident,
    },
    Recording {
        ranges: Vec<SectorRange>,
        trouble: WriteTrouble,
    },
    /// The laser's power is not found as it should be, `attempts` times or always.
    Calibration {
        sense: Sense,
        attempts: Option<u32>,
    },
    /// Nothing is recorded, and every status is good.
    Unrecorded,
    /// When all that was sent is said to be recorded for the first time, the last of it is not.
    Truncated {
        sectors: SectorCount,
    },
    /// For so long after each load, and a MEDIUM CHANGED then.
    NotReady {
        time: Duration,
        sense: Sense,
    },
}

#[cfg(test)]
mod tests;
