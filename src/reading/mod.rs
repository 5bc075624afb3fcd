//! This module knows a trip over a disc: what has to be known of it first, and how its sectors are read, in order and
//! with every error found exactly. It is for all jobs that read a whole disc, whatever becomes of the sectors.

mod batch;
mod error;
mod give_up;
mod pass;
mod prepare;
mod read_size;
mod stopwatch;
mod suspects;

use std::time::Duration;

pub use error::{OutOfRange, TripError, sectors_asked_for};
pub use give_up::{GiveUp, NotAMoment};
pub use pass::{PassEnd, ReadPass, Tally};
pub use prepare::{PrepareError, Sessions, Subject, Unsuitable, prepare, tell_notes};
pub use read_size::ReadSize;
pub use stopwatch::{Lap, Stopwatch};

use crate::drive::MeterReading;
use crate::event::Watch;
use crate::pipeline::RingShape;

/// 16 MiB in all: a fifth of a second of the fastest drive. A buffer takes the largest READ, or many smaller ones.
pub const RING: RingShape = RingShape { buffers: 16, sectors: read_size::LARGEST };

/// A drive, watched by who reports progress.
pub struct DriveWatch(pub MeterReading);

impl Watch for DriveWatch {
    fn busy(&self) -> Duration {
        self.0.busy()
    }

    fn under_way_for(&self) -> Option<Duration> {
        self.0.under_way_for()
    }
}
