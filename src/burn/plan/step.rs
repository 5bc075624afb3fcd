//! This module knows the steps of a burn besides writing itself.

use crate::drive::{BlankingType, Certification, CloseFunction, FormatDescriptor, WriteParameters, WriteSpeedStep};
use crate::sector::SectorCount;

/// Something that the drive is told before or after the sectors.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Mode page 05h.
    WriteParameters(Box<WriteParameters>),
    Speed(WriteSpeedStep),
    /// The laser's power is tried out.
    Calibrate,
    Format(FormatDescriptor, Certification),
    Blank(BlankingType),
    /// Room for so many sectors.
    Reserve(SectorCount),
    /// CD: what lead-in and lead-out will say, for a session of so many sectors.
    CueSheet(SectorCount),
    /// Where the second layer begins.
    LayerBreak(SectorCount),
    /// All that was written gets to the disc.
    Synchronise,
    /// By its number.
    CloseTrack(u16),
    Close(CloseFunction),
}

impl Step {
    /// As in "the drive is {step}".
    pub fn doing(&self) -> &'static str {
        match self {
            Step::WriteParameters(_) => "taking the write parameters",
            Step::Speed(_) => "setting its speed",
            Step::Calibrate => "calibrating its laser",
            Step::Format(..) => "formatting the disc",
            Step::Blank(_) => "erasing the disc",
            Step::Reserve(_) => "reserving a track",
            Step::CueSheet(_) => "taking the cue sheet",
            Step::LayerBreak(_) => "setting the layer break",
            Step::Synchronise => "writing what is in its buffer",
            Step::CloseTrack(_) => "closing the track",
            Step::Close(function) => match function {
                CloseFunction::StopFormat => "stopping to format",
                CloseFunction::Track => "closing the track",
                CloseFunction::Session | CloseFunction::SessionOfDualLayer => "closing the session",
                CloseFunction::Finalize | CloseFunction::FinalizeMinimal | CloseFunction::FinalizeDisc => {
                    "closing the disc"
                }
                CloseFunction::Reserved => "closing",
            },
        }
    }
}
