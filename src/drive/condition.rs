//! This module knows what a refusal means: sense to condition, and what is to be done about it.

mod sentence;

use crate::scsi::{Sense, SenseKey};
use crate::sector::Lba;

/// What the drive's answer means. The last place where sense codes are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Condition {
    /// No error is reported, or the sense data was lost on the way.
    NothingReported,
    /// The state of an audio playback, told with any answer.
    AudioStatus,
    /// The data is good, but it took an effort.
    Recovered,
    /// The data is good; the drive is too hot.
    RecoveredHot,
    /// The data is good; the drive expects to fail.
    FailurePredicted,

    BecomingReady,
    /// Not ready, and the drive gives no reason.
    NotReady,
    NeedsStart,
    NeedsHand,
    Formatting,
    Busy(Work),
    NotConfigured,
    NoDisc(Door),
    TrayOpen,
    NotResponding,

    /// The drive cannot read this disc as a whole.
    DiscUnreadable(DiscTrouble),
    /// This place cannot be read. `at` is the sector the drive names: a hint, no more.
    Unreadable {
        at: Option<Lba>,
        cause: Cause,
    },
    /// Never written.
    Blank,
    /// The address lies beyond the end.
    Beyond,
    /// The user data area of this track ends here.
    EndOfArea,
    /// The sector is of a kind that this command does not read.
    WrongKind,
    Protected(KeyTrouble),

    /// There may be another disc in the drive.
    Changed,
    /// The drive was reset or powered on: speed, lock and parameters are lost.
    Reset,
    ParametersChanged,
    FirmwareChanged,
    EjectPressed,
    ChangerMoved,

    /// The drive does not know the command, or a field of it.
    Unsupported,
    NotWithThisDisc,
    OutOfOrder,
    NoSuchUnit,
    RemovalPrevented,
    TrayFailed,
    WriteProtected,

    /// The way to the drive garbles what it carries.
    LinkTrouble,
    StreamLost,
    Aborted,
    CleaningRequested,
    /// The drive's own time limit passed: how some drives say unreadable.
    GaveUp,
    /// Often confused firmware, which a pause clears.
    InternalFailure,
    /// A unit of the drive failed, perhaps not for good.
    UnitFailure,
    DriveFailed,

    /// What is not in the table keeps its numbers.
    Unexplained(Sense),
}

/// What a busy drive works on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Work {
    Operation,
    LongWrite,
    SelfTest,
}

/// What is known of the door of a drive without a disc.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Door {
    Unknown,
    Closed,
}

/// Why a whole disc cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DiscTrouble {
    NoReferencePosition,
    Incompatible,
    FormatDamaged,
    NoTableOfContents,
}

/// Why a place cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
    SectorId,
    Correction,
    NotFound,
    Seek,
    Tracking,
    Focus,
    Spindle,
    Positioning,
    Synchronisation,
    Other,
}

/// What is missing to read a protected sector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyTrouble {
    AuthenticationFailed,
    NoKey,
    NotEstablished,
    Scrambled,
    OtherRegion,
    RegionNotSet,
    Other,
}

/// What to do next, by program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// The data is good.
    GoOn,
    /// Send the same command again, a few times at most.
    Again,
    /// Wait until the drive is ready, within a bound.
    Poll,
    /// This place is bad: read smaller pieces around it.
    Split,
    /// The data may end here.
    End,
    /// Use another command, another field or a smaller size.
    Fallback,
    /// End the job, in a state from which it can go on.
    Stop,
    /// End the job: the disc is protected.
    StopProtected,
    /// Only a person can help.
    Ask,
}

impl From<&Sense> for Condition {
    fn from(sense: &Sense) -> Self {
        Self::of(sense)
    }
}

impl Condition {
    pub fn of(sense: &Sense) -> Self {
        use SenseKey::*;
        match sense.key {
            NoSense => Self::of_no_sense(sense),
            RecoveredError => Self::of_recovered(sense),
            NotReady => Self::of_not_ready(sense),
            MediumError => Self::of_medium_error(sense),
            HardwareError => Self::of_hardware_error(sense),
            IllegalRequest => Self::of_illegal_request(sense),
            UnitAttention => Self::of_unit_attention(sense),
            DataProtect => Self::of_data_protect(sense),
            BlankCheck => Self::Blank,
            AbortedCommand => Self::of_aborted(sense),
            VolumeOverflow => Self::Beyond,
            VendorSpecific | CopyAborted | Reserved | Miscompare | Completed => Self::Unexplained(*sense),
        }
    }

    fn of_no_sense(sense: &Sense) -> Self {
        match (sense.asc, sense.ascq) {
            (0x00, 0x00) => Self::NothingReported,
            (0x00, 0x11..=0x15) => Self::AudioStatus,
            (0x63, _) => Self::EndOfArea,
            _ => Self::Unexplained(*sense),
        }
    }

    fn of_recovered(sense: &Sense) -> Self {
        match (sense.asc, sense.ascq) {
            (0x0B, 0x01) => Self::RecoveredHot,
            (0x5D, _) => Self::FailurePredicted,
            _ => Self::Recovered,
        }
    }

    fn of_not_ready(sense: &Sense) -> Self {
        match (sense.asc, sense.ascq) {
            (0x04, 0x01) => Self::BecomingReady,
            (0x04, 0x02) => Self::NeedsStart,
            (0x04, 0x03) => Self::NeedsHand,
            (0x04, 0x04) => Self::Formatting,
            (0x04, 0x07) => Self::Busy(Work::Operation),
            (0x04, 0x08) => Self::Busy(Work::LongWrite),
            (0x04, 0x09) => Self::Busy(Work::SelfTest),
            (0x04, _) => Self::NotReady,
            (0x05, _) => Self::NotResponding,
            (0x06, _) => Self::DiscUnreadable(DiscTrouble::NoReferencePosition),
            (0x30, _) => Self::DiscUnreadable(DiscTrouble::Incompatible),
            (0x3A, 0x01) => Self::NoDisc(Door::Closed),
            (0x3A, 0x02) => Self::TrayOpen,
            (0x3A, _) => Self::NoDisc(Door::Unknown),
            (0x3E, _) => Self::NotConfigured,
            (0x53, 0x02) => Self::RemovalPrevented,
            (0x53, _) => Self::TrayFailed,
            (0x57, _) => Self::DiscUnreadable(DiscTrouble::NoTableOfContents),
            // A refusal that wears the wrong key: polling for it would last for ever.
            (0x1A | 0x20 | 0x21 | 0x24 | 0x25 | 0x26 | 0x2C | 0x39 | 0x63 | 0x64 | 0x6F, _) => {
                Self::of_illegal_request(sense)
            }
            (0x80..=0xFF, _) => Self::NotReady,
            _ => Self::Unexplained(*sense),
        }
    }

    fn of_medium_error(sense: &Sense) -> Self {
        let unreadable = |cause| Self::Unreadable { at: named_sector(sense), cause };
        match (sense.asc, sense.ascq) {
            (0x02, _) => unreadable(Cause::Seek),
            (0x06, _) => Self::DiscUnreadable(DiscTrouble::NoReferencePosition),
            (0x09, _) => unreadable(servo(sense.ascq)),
            (0x10, _) => unreadable(Cause::SectorId),
            (0x11, 0x0F | 0x10) => Self::Recovered,
            (0x11, 0x11) => Self::StreamLost,
            (0x11, _) => unreadable(Cause::Correction),
            (0x12..=0x14, _) => unreadable(Cause::NotFound),
            (0x15, _) => unreadable(Cause::Positioning),
            (0x16, _) => unreadable(Cause::Synchronisation),
            (0x27, _) => Self::WriteProtected,
            (0x30, _) => Self::DiscUnreadable(DiscTrouble::Incompatible),
            (0x31, 0x00) => Self::DiscUnreadable(DiscTrouble::FormatDamaged),
            (0x57, _) => Self::DiscUnreadable(DiscTrouble::NoTableOfContents),
            (0x64, _) => Self::WrongKind,
            (0x6F, _) => Self::of_data_protect(sense),
            // Write errors, which are no answer to a read.
            (0x03 | 0x0C | 0x31 | 0x32 | 0x51 | 0x72 | 0x73, _) => Self::Unexplained(*sense),
            _ => unreadable(Cause::Other),
        }
    }

    fn of_hardware_error(sense: &Sense) -> Self {
        let unreadable = |cause| Self::Unreadable { at: named_sector(sense), cause };
        match (sense.asc, sense.ascq) {
            (0x00, 0x17) => Self::CleaningRequested,
            (0x08 | 0x1B | 0x47, _) => Self::LinkTrouble,
            (0x09, _) => unreadable(servo(sense.ascq)),
            (0x15, _) => unreadable(Cause::Positioning),
            (0x3E, 0x02) => Self::GaveUp,
            (0x3E, 0x03) => Self::DriveFailed,
            (0x3E, _) => Self::UnitFailure,
            (0x40, 0x80..=0xFF) => Self::DriveFailed,
            (0x53, _) => Self::TrayFailed,
            _ => Self::InternalFailure,
        }
    }

    fn of_illegal_request(sense: &Sense) -> Self {
        match (sense.asc, sense.ascq) {
            (0x00, 0x11..=0x15) => Self::AudioStatus,
            (0x1A | 0x20 | 0x24 | 0x26 | 0x39, _) => Self::Unsupported,
            (0x21, 0x00) => Self::Beyond,
            (0x25, _) => Self::NoSuchUnit,
            (0x27, _) => Self::WriteProtected,
            (0x2C, 0x00) => Self::OutOfOrder,
            (0x2C, _) => Self::Unsupported,
            (0x30, _) => Self::NotWithThisDisc,
            (0x53, 0x02) => Self::RemovalPrevented,
            (0x53, _) => Self::TrayFailed,
            (0x57, _) => Self::DiscUnreadable(DiscTrouble::NoTableOfContents),
            (0x63, _) => Self::EndOfArea,
            (0x64, 0x00) => Self::WrongKind,
            (0x6F, _) => Self::of_data_protect(sense),
            (0x80..=0xFF, _) => Self::Unsupported,
            _ => Self::Unexplained(*sense),
        }
    }

    fn of_unit_attention(sense: &Sense) -> Self {
        match (sense.asc, sense.ascq) {
            (0x28, 0x00) => Self::Changed,
            (0x29, _) => Self::Reset,
            (0x3B, _) => Self::ChangerMoved,
            (0x3F, _) => Self::FirmwareChanged,
            (0x5A, 0x01) => Self::EjectPressed,
            _ => Self::ParametersChanged,
        }
    }

    fn of_data_protect(sense: &Sense) -> Self {
        match (sense.asc, sense.ascq) {
            (0x27, _) => Self::WriteProtected,
            (0x6F, 0x00) => Self::Protected(KeyTrouble::AuthenticationFailed),
            (0x6F, 0x01) => Self::Protected(KeyTrouble::NoKey),
            (0x6F, 0x02) => Self::Protected(KeyTrouble::NotEstablished),
            (0x6F, 0x03) => Self::Protected(KeyTrouble::Scrambled),
            (0x6F, 0x04) => Self::Protected(KeyTrouble::OtherRegion),
            (0x6F, 0x05) => Self::Protected(KeyTrouble::RegionNotSet),
            (0x6F, _) => Self::Protected(KeyTrouble::Other),
            _ => Self::Unexplained(*sense),
        }
    }

    fn of_aborted(sense: &Sense) -> Self {
        match (sense.asc, sense.ascq) {
            (0x11, 0x11) => Self::StreamLost,
            (0x08 | 0x45 | 0x47 | 0x48 | 0x49 | 0x4B | 0x4E, _) => Self::LinkTrouble,
            _ => Self::Aborted,
        }
    }

    /// What a program does next.
    pub fn act(&self) -> Act {
        match self {
            Self::AudioStatus | Self::Recovered | Self::RecoveredHot | Self::FailurePredicted => Act::GoOn,
            Self::Changed
            | Self::Reset
            | Self::ParametersChanged
            | Self::FirmwareChanged
            | Self::EjectPressed
            | Self::LinkTrouble
            | Self::StreamLost
            | Self::Aborted
            | Self::CleaningRequested
            | Self::InternalFailure
            | Self::UnitFailure => Act::Again,
            Self::BecomingReady
            | Self::NotReady
            | Self::Formatting
            | Self::Busy(_)
            | Self::NotConfigured
            | Self::OutOfOrder => Act::Poll,
            Self::NothingReported | Self::Unreadable { .. } | Self::GaveUp => Act::Split,
            Self::Beyond | Self::EndOfArea | Self::Blank => Act::End,
            Self::NeedsStart | Self::WrongKind | Self::Unsupported | Self::NotWithThisDisc | Self::RemovalPrevented => {
                Act::Fallback
            }
            Self::NotResponding | Self::NoSuchUnit | Self::DriveFailed => Act::Stop,
            Self::Protected(_) => Act::StopProtected,
            Self::NeedsHand
            | Self::NoDisc(_)
            | Self::TrayOpen
            | Self::DiscUnreadable(_)
            | Self::ChangerMoved
            | Self::TrayFailed
            | Self::WriteProtected => Act::Ask,
            Self::Unexplained(sense) => act_by_key(sense.key),
        }
    }
}

/// The sector in INFORMATION, where it can be one.
fn named_sector(sense: &Sense) -> Option<Lba> {
    sense.information.and_then(|i| u32::try_from(i).ok()).map(Lba)
}

fn servo(ascq: u8) -> Cause {
    match ascq {
        0x02 => Cause::Focus,
        0x03 => Cause::Spindle,
        _ => Cause::Tracking,
    }
}

fn act_by_key(key: SenseKey) -> Act {
    use SenseKey::*;
    match key {
        RecoveredError => Act::GoOn,
        NotReady => Act::Poll,
        UnitAttention | AbortedCommand | HardwareError => Act::Again,
        IllegalRequest => Act::Fallback,
        DataProtect => Act::StopProtected,
        BlankCheck | VolumeOverflow => Act::End,
        NoSense | MediumError | VendorSpecific | CopyAborted | Reserved | Miscompare | Completed => Act::Split,
    }
}

#[cfg(test)]
mod tests;
