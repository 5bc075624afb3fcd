//! This module knows how fast a drive is told to read, and what it makes of that.

/// How fast to read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Speed {
    /// As fast as drive and disc can.
    Best,
    /// In thousands of bytes a second, as the drive counts them: on a CD raw sectors.
    KbS(u32),
    /// Multiples of the medium's 1x.
    Times(f64),
}

/// What became of the wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpeedOutcome {
    /// `told_kb_s` is what the drive says that it reads with now; `None` where it does not say, or is known to
    /// say it wrongly.
    Set {
        told_kb_s: Option<u32>,
    },
    /// This user may not.
    NotAllowed,
    NotSupported,
}
