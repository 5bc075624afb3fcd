//! This module knows how a condition is said, and what a person can do about it.

use std::fmt;

use super::{Cause, Condition, DiscTrouble, Door, KeyTrouble, Work};

/// A plain sentence without its stop, as in "the disc: {condition}".
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::NothingReported => "the drive gave no reason",
            Self::AudioStatus => "the drive tells about audio playback",
            Self::Recovered => "the data could be read with an effort",
            Self::RecoveredHot => "the data could be read, but the drive is too hot",
            Self::FailurePredicted => "the data could be read, but the drive expects to fail",
            Self::BecomingReady => "the drive is spinning up",
            Self::NotReady => "the drive is not ready and gives no reason",
            Self::NeedsStart => "the drive has stopped and needs a start",
            Self::NeedsHand => "the drive needs a hand",
            Self::Formatting => "the drive is formatting the disc",
            Self::Busy(Work::Operation) => "the drive is busy with an earlier command",
            Self::Busy(Work::LongWrite) => "the drive is still writing",
            Self::Busy(Work::SelfTest) => "the drive is testing itself",
            Self::NotConfigured => "the drive has not set itself up yet",
            Self::NoDisc(Door::Unknown) => "there is no disc in the drive",
            Self::NoDisc(Door::Closed) => "the tray is closed and there is no disc in it",
            Self::TrayOpen => "the tray is open",
            Self::NotResponding => "the drive does not respond",
            Self::DiscUnreadable(DiscTrouble::NoReferencePosition) => "the drive finds no track to follow on the disc",
            Self::DiscUnreadable(DiscTrouble::Incompatible) => "the drive does not read discs of this kind",
            Self::DiscUnreadable(DiscTrouble::FormatDamaged) => "the format of the disc is damaged",
            Self::DiscUnreadable(DiscTrouble::NoTableOfContents) => "the table of contents cannot be read",
            Self::Unreadable { cause, .. } => match cause {
                Cause::SectorId => "the sector's address cannot be read",
                Cause::Correction => "the drive's error correction gave up",
                Cause::NotFound => "the sector cannot be found",
                Cause::Seek => "the drive did not reach the sector",
                Cause::Tracking => "the drive lost the track",
                Cause::Focus => "the drive lost its focus",
                Cause::Spindle => "the drive cannot hold its speed",
                Cause::Positioning => "the drive landed at the wrong place",
                Cause::Synchronisation => "the drive could not find the beginning of the sector",
                Cause::Other => "the sector cannot be read",
            },
            Self::Blank => "nothing was ever written there",
            Self::Beyond => "the address lies beyond the end of the disc",
            Self::EndOfArea => "the user data ends there",
            Self::WrongKind => "the sector is not of the kind that was asked for",
            Self::Protected(trouble) => match trouble {
                KeyTrouble::AuthenticationFailed => "the disc is copy-protected: authentication failed",
                KeyTrouble::NoKey => "the disc is copy-protected: no key is present",
                KeyTrouble::NotEstablished => "the disc is copy-protected: no key was agreed on",
                KeyTrouble::Scrambled => "the sector is scrambled: the disc is copy-protected",
                KeyTrouble::OtherRegion => "the disc is copy-protected and of another region than the drive",
                KeyTrouble::RegionNotSet => "the disc is copy-protected and the drive has no region set",
                KeyTrouble::Other => "the disc is copy-protected",
            },
            Self::Changed => "the disc may have been changed",
            Self::Reset => "the drive was reset",
            Self::ParametersChanged => "the drive's parameters changed",
            Self::FirmwareChanged => "the drive's firmware or abilities changed",
            Self::EjectPressed => "the eject button was pressed",
            Self::ChangerMoved => "the changer moved",
            Self::Unsupported => "the drive does not know the command or a part of it",
            Self::NotWithThisDisc => "that is not possible with this disc",
            Self::OutOfOrder => "the drive expects another command first",
            Self::NoSuchUnit => "there is no such unit in the drive",
            Self::RemovalPrevented => "the tray is locked",
            Self::TrayFailed => "the tray did not open or close",
            Self::WriteProtected => "the disc is write-protected",
            Self::LinkTrouble => "the connection to the drive garbles what it carries",
            Self::StreamLost => "the drive lost the stream of data",
            Self::Aborted => "the drive aborted the command",
            Self::CleaningRequested => "the drive asks to be cleaned",
            Self::GaveUp => "the drive gave up within its own time limit",
            Self::InternalFailure => "the drive reports an internal failure",
            Self::UnitFailure => "a part of the drive failed",
            Self::DriveFailed => "the drive is broken",
            Self::Unexplained(sense) => return write!(f, "the drive answered {sense}"),
        };
        f.write_str(text)
    }
}

impl Condition {
    /// What a person can do about it, as a sentence; `None` where the program does all there is to do.
    pub fn advice(&self) -> Option<&'static str> {
        match self {
            Self::RecoveredHot => Some("Let the drive cool down, or read slower with --speed."),
            Self::FailurePredicted => Some("Save what matters, and replace the drive."),
            Self::NeedsHand => Some("Look at the drive: it asks for a hand."),
            Self::Formatting => Some("Wait until the formatting has ended."),
            Self::Busy(_) => Some("Wait until the drive has finished its work."),
            Self::NoDisc(_) => Some("Put a disc in."),
            Self::TrayOpen => Some("Close the tray: by hand, or with `discwright load` where the drive can."),
            Self::NotResponding | Self::NoSuchUnit => Some("Check the cable and the power of the drive."),
            Self::DiscUnreadable(DiscTrouble::Incompatible) => Some("Use a drive that reads discs of this kind."),
            Self::DiscUnreadable(_) => Some("Check that the disc lies the right way up and is clean."),
            Self::Unreadable { cause: Cause::Tracking | Cause::Focus | Cause::Positioning | Cause::Seek, .. } => {
                Some("Clean the disc, or read slower with --speed.")
            }
            Self::Unreadable { .. } | Self::GaveUp => Some("Clean the disc, or try another drive."),
            Self::Protected(KeyTrouble::OtherRegion | KeyTrouble::RegionNotSet) => {
                Some("The disc is copy-protected and of another region than the drive; discwright does not read it.")
            }
            Self::Protected(_) => Some("The disc is copy-protected; discwright does not read it."),
            Self::Changed => Some("Put the disc back in."),
            Self::EjectPressed => Some("The drive is locked while it is read; wait, or stop the job."),
            Self::RemovalPrevented => Some("Close the program that keeps the drive locked, or unmount the disc."),
            Self::TrayFailed => Some("Look whether something blocks the tray."),
            Self::WriteProtected => Some("Remove the write protection, or use another disc."),
            Self::LinkTrouble => Some("Check the cable, or use another port."),
            Self::CleaningRequested => Some("Clean the drive's lens."),
            Self::InternalFailure | Self::UnitFailure | Self::DriveFailed => {
                Some("Switch the drive off and on again; if that does not help, it is broken.")
            }
            Self::NothingReported
            | Self::AudioStatus
            | Self::Recovered
            | Self::BecomingReady
            | Self::NotReady
            | Self::NeedsStart
            | Self::NotConfigured
            | Self::Blank
            | Self::Beyond
            | Self::EndOfArea
            | Self::WrongKind
            | Self::Reset
            | Self::ParametersChanged
            | Self::FirmwareChanged
            | Self::ChangerMoved
            | Self::Unsupported
            | Self::NotWithThisDisc
            | Self::OutOfOrder
            | Self::StreamLost
            | Self::Aborted
            | Self::Unexplained(_) => None,
        }
    }
}
