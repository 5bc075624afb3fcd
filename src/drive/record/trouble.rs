//! This module knows what a refusal means while a disc is recorded: sense to trouble, a table.

use std::fmt;

use crate::drive::Condition;
use crate::scsi::{Sense, SenseKey};

/// What went wrong with recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteTrouble {
    /// The laser did not get it onto the disc.
    WriteFailed,
    /// Data came too late, and the drive cannot link.
    StreamLost,
    SparesUsedUp,
    FormatDamaged,
    FormatFailed,
    EraseFailed,
    /// Lead-in, lead-out or what stands between sessions.
    NotClosed,
    /// No room left to try out how much power the laser needs.
    CalibrationRoomUsedUp,
    CalibrationFailed,
    /// The disc's list of tracks cannot be written to any more.
    ListFull,
    WriteProtected,
    NotFormatted,
    WrongMedium,
    /// The write parameters do not fit this disc or track.
    WrongMode,
    NotNextWritable,
    BeyondEnd,
    TrackIncomplete,
    TrackEmpty,
    NoMoreTracks,
    /// The drive lost power or was reset: what it had in its buffer is gone.
    Reset,
    NoDisc,
    /// The kernel or a bridge has lost what the drive said.
    NothingSaid,
    Other(Condition),
}

impl WriteTrouble {
    pub fn of(sense: &Sense) -> Self {
        use SenseKey::{DataProtect, HardwareError, IllegalRequest, MediumError, NoSense, NotReady, UnitAttention};
        match (sense.key, sense.asc, sense.ascq) {
            (NoSense, 0x00, 0x00) => Self::NothingSaid,
            (_, 0x0C, 0x02 | 0x03) | (_, 0x32, _) => Self::SparesUsedUp,
            (_, 0x0C, 0x09) => Self::StreamLost,
            (MediumError | HardwareError, 0x0C | 0x03, _) => Self::WriteFailed,
            (NotReady | IllegalRequest, 0x30, 0x10) => Self::NotFormatted,
            (MediumError, 0x31, 0x00) => Self::FormatDamaged,
            (_, 0x31, 0x01) => Self::FormatFailed,
            (_, 0x51, _) => Self::EraseFailed,
            (_, 0x72, 0x00..=0x02) => Self::NotClosed,
            (_, 0x72, 0x03) => Self::TrackIncomplete,
            (_, 0x72, 0x04) => Self::TrackEmpty,
            (_, 0x72, 0x05) => Self::NoMoreTracks,
            (_, 0x73, 0x02) => Self::CalibrationRoomUsedUp,
            (_, 0x73, 0x03) => Self::CalibrationFailed,
            (_, 0x73, 0x04..=0x06) => Self::ListFull,
            (DataProtect, _, _) | (_, 0x27, _) => Self::WriteProtected,
            (_, 0x30, _) => Self::WrongMedium,
            (IllegalRequest, 0x64, _) => Self::WrongMode,
            (IllegalRequest, 0x21, 0x02) => Self::NotNextWritable,
            (IllegalRequest, 0x21 | 0x63, _) => Self::BeyondEnd,
            (UnitAttention, 0x29, _) => Self::Reset,
            (NotReady, 0x3A, _) => Self::NoDisc,
            _ => Self::Other(Condition::of(sense)),
        }
    }

    /// What a person can do about it, as a sentence.
    pub fn advice(self) -> Option<&'static str> {
        match self {
            Self::WriteFailed | Self::NotClosed => {
                Some("Try another disc of another brand, at a lower speed; if that fails too, it is the drive.")
            }
            Self::StreamLost => Some("Burn slower, or from a faster source."),
            Self::SparesUsedUp => Some("The disc is worn out: copy what it holds, and use another."),
            Self::FormatDamaged => Some("Format it again: `discwright format`."),
            Self::FormatFailed | Self::EraseFailed => {
                Some("Blank it fully (`discwright blank --full`), or use another.")
            }
            Self::CalibrationRoomUsedUp => Some("The disc takes no more sessions; use another."),
            Self::CalibrationFailed => {
                Some("The drive does not know this disc at this speed: burn slower, or use another brand.")
            }
            Self::ListFull => Some("The disc takes no more tracks: close it with `discwright close`, and use another."),
            Self::WriteProtected => Some("The disc is closed or protected; use another."),
            Self::NotFormatted => Some("Format it first: `discwright format`."),
            Self::WrongMedium => Some("This drive does not write such discs; use another disc."),
            Self::WrongMode => Some("Blank it fully (`discwright blank --full`), or burn a file instead of a stream."),
            Self::Reset => Some("Check the cable and the power of the drive, or use another port."),
            Self::NotNextWritable
            | Self::BeyondEnd
            | Self::TrackIncomplete
            | Self::TrackEmpty
            | Self::NoMoreTracks
            | Self::NothingSaid => None,
            Self::NoDisc => Some("Close the tray, and run the command again: it goes on where the disc allows that."),
            Self::Other(condition) => condition.advice(),
        }
    }
}

/// A plain sentence without its stop.
impl fmt::Display for WriteTrouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WriteFailed => "the drive could not write to the disc",
            Self::StreamLost => "data came too late, and the drive lost its place",
            Self::SparesUsedUp => "the disc has no spare sectors left",
            Self::FormatDamaged => "the format of the disc is damaged",
            Self::FormatFailed => "the disc could not be formatted",
            Self::EraseFailed => "the disc could not be erased",
            Self::NotClosed => "the drive could not write what closes a session",
            Self::CalibrationRoomUsedUp => "the disc has no room left to calibrate the laser",
            Self::CalibrationFailed => "the drive could not calibrate its laser on this disc",
            Self::ListFull => "the disc's list of tracks cannot be written",
            Self::WriteProtected => "the disc is write-protected",
            Self::NotFormatted => "the disc is not formatted",
            Self::WrongMedium => "the drive does not write such a disc",
            Self::WrongMode => "the drive does not write to this disc in this way",
            Self::NotNextWritable => "writing does not go on at this address",
            Self::BeyondEnd => "the disc or the track ends there",
            Self::TrackIncomplete => "a track of the session is not complete",
            Self::TrackEmpty => "there is nothing in the track",
            Self::NoMoreTracks => "the disc takes no more tracks",
            Self::Reset => "the drive was reset",
            Self::NoDisc => "there is no disc in the drive any more",
            Self::NothingSaid => "the drive gave no reason",
            Self::Other(condition) => return write!(f, "{condition}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_drives_that_write() {
        let of = |key, asc, ascq| WriteTrouble::of(&Sense::new(SenseKey::from_low_bits(key), asc, ascq));
        let table = [
            ((3, 0x0C, 0x00), WriteTrouble::WriteFailed),
            ((3, 0x0C, 0x02), WriteTrouble::SparesUsedUp),
            ((3, 0x0C, 0x09), WriteTrouble::StreamLost),
            ((3, 0x73, 0x03), WriteTrouble::CalibrationFailed),
            ((3, 0x72, 0x01), WriteTrouble::NotClosed),
            ((2, 0x30, 0x10), WriteTrouble::NotFormatted),
            ((5, 0x30, 0x05), WriteTrouble::WrongMedium),
            ((5, 0x21, 0x00), WriteTrouble::BeyondEnd),
            ((5, 0x21, 0x02), WriteTrouble::NotNextWritable),
            ((5, 0x63, 0x00), WriteTrouble::BeyondEnd),
            ((5, 0x64, 0x00), WriteTrouble::WrongMode),
            ((5, 0x72, 0x03), WriteTrouble::TrackIncomplete),
            ((7, 0x27, 0x00), WriteTrouble::WriteProtected),
            ((6, 0x29, 0x00), WriteTrouble::Reset),
            ((0, 0x00, 0x00), WriteTrouble::NothingSaid),
            ((4, 0x44, 0x00), WriteTrouble::Other(Condition::InternalFailure)),
        ];
        for ((key, asc, ascq), trouble) in table {
            assert_eq!(of(key, asc, ascq), trouble, "{key}/{asc:02x}/{ascq:02x}");
        }
    }
}
