//! This module knows what a drive can be waited for.

use std::fmt;

/// What has to happen before the drive is ready.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Awaiting {
    SpinUp,
    /// Not ready, and the drive does not say why.
    Reason,
    /// A disc was put in a moment ago, and the drive does not see it yet.
    Disc,
    /// The drive has difficulties with the disc, and looks once more.
    Recognition,
    /// The drive itself is in difficulties, and is given a pause.
    Recovery,
    /// `progress` is 0 to 1, where the drive tells it.
    Format {
        progress: Option<f64>,
    },
    Operation {
        progress: Option<f64>,
    },
    LongWrite {
        progress: Option<f64>,
    },
    SelfTest {
        progress: Option<f64>,
    },
    /// The drive takes no commands.
    Idle,
}

impl Awaiting {
    pub fn progress(&self) -> Option<f64> {
        match *self {
            Self::Format { progress }
            | Self::Operation { progress }
            | Self::LongWrite { progress }
            | Self::SelfTest { progress } => progress,
            Self::SpinUp | Self::Reason | Self::Disc | Self::Recognition | Self::Recovery | Self::Idle => None,
        }
    }

    /// The same thing, perhaps further on.
    pub fn is_same_as(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

/// As in "waiting for {awaiting}".
impl fmt::Display for Awaiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SpinUp => "the drive to spin up",
            Self::Reason => "the drive to become ready (it does not say why it is not)",
            Self::Disc => "the drive to see the disc",
            Self::Recognition => "the drive to recognise the disc",
            Self::Recovery => "the drive to recover from a failure",
            Self::Format { .. } => "the drive to finish formatting",
            Self::Operation { .. } => "the drive to finish an earlier command",
            Self::LongWrite { .. } => "the drive to finish writing",
            Self::SelfTest { .. } => "the drive to finish its self-test",
            Self::Idle => "the busy drive to take commands",
        })?;
        match self.progress() {
            Some(progress) => write!(f, " ({:.0} %)", progress * 100.0),
            None => Ok(()),
        }
    }
}
