//! This module knows why a drive could not do what it was told.

use super::{Awaiting, Condition};
use crate::scsi::{Sense, TransportError};

/// Why a verb of the drive failed. A drive that merely lacks an ability is not an error.
#[derive(Debug, thiserror::Error)]
pub enum DriveError {
    /// It was unplugged, lost its power, or the system took it away.
    #[error("the drive is gone")]
    Gone,
    #[error("there is no disc in the drive")]
    NoDisc,
    #[error("the tray is open")]
    TrayOpen,
    #[error("the drive did not become ready: waited for {0}")]
    NotReadyInTime(Awaiting),
    /// Upside down, dirty, or of a kind that this drive does not read.
    #[error("the drive cannot read this disc: {}", Condition::of(.0))]
    DiscUnreadable(Sense),
    /// The drive asks for something that only a person can do.
    #[error("{}", Condition::of(.0))]
    NeedsHand(Sense),
    /// The disc was changed while it was read.
    #[error("another disc is in the drive")]
    OtherDisc,
    #[error("this is not an optical drive (device type {device_type:02x}h)")]
    NotOptical { device_type: u8 },
    #[error("no right to send {command} ({opcode:02x}h)")]
    NotPermitted { command: &'static str, opcode: u8 },
    /// Something other than this program keeps the tray locked.
    #[error("the tray is locked by another program")]
    Locked,
    /// Another host holds the drive.
    #[error("another host has reserved the drive")]
    Reserved,
    #[error("the drive failed: {}", Condition::of(.0))]
    Hardware(Sense),
    /// The drive will not do what cannot be left out.
    #[error("the drive refused {command}: {}", Condition::of(.sense))]
    Refused { command: &'static str, sense: Sense },
    /// The answer to what cannot be left out makes no sense.
    #[error("the drive's answer to {command} cannot be understood")]
    BadAnswer { command: &'static str },
    /// Whoever asked wants no more.
    #[error("stopped")]
    Stopped,
    #[error("the connection to the drive failed")]
    Link(#[source] TransportError),
}

impl DriveError {
    /// What a person can do about it, as a sentence; `None` where there is nothing to say.
    pub fn advice(&self) -> Option<&'static str> {
        match self {
            Self::Gone => {
                Some("Check its cable and its power, then run the command again: it goes on where it stopped.")
            }
            Self::NoDisc => Some("Put a disc in."),
            Self::TrayOpen => Some("Close the tray: by hand, or with `discwright load` where the drive can."),
            Self::NotReadyInTime(_) => {
                Some("Take the disc out and put it in again; if that does not help, switch the drive off and on.")
            }
            Self::DiscUnreadable(sense) | Self::NeedsHand(sense) | Self::Hardware(sense) => {
                Condition::of(sense).advice()
            }
            Self::OtherDisc => Some("Put the first disc back and run the command again, or start anew with this one."),
            Self::NotOptical { .. } => Some("`discwright drives` lists the drives that there are."),
            Self::NotPermitted { .. } => Some("Join the group of the drive's node, or run as its owner."),
            Self::Locked => Some("Unmount the disc, or close the program that uses it."),
            Self::Reserved => Some("Release the drive on the other host."),
            Self::Refused { sense, .. } => Condition::of(sense).advice(),
            Self::Link(_) => Some("Check the cable, or use another port."),
            Self::BadAnswer { .. } | Self::Stopped => None,
        }
    }
}
