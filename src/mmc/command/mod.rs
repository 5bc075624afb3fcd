//! This module knows each command with its answer, a file a command.

use crate::bytes::Truncated;
use crate::scsi::Cdb;

mod blank;
#[cfg(test)]
mod both_ways;
mod close_track_session;
mod format_unit;
mod get_configuration;
mod get_event_status;
mod get_performance;
mod inquiry;
mod length;
mod mechanism_status;
mod mode;
mod prevent_allow;
mod read;
mod read_buffer_capacity;
mod read_capacity;
mod read_cd;
mod read_disc_information;
mod read_disc_structure;
mod read_format_capacities;
mod read_toc;
mod read_track_information;
mod report_key;
mod request_sense;
mod reserve_track;
mod seek;
mod send_cue_sheet;
mod send_disc_structure;
mod send_opc_information;
mod set_cd_speed;
mod set_streaming;
mod start_stop_unit;
mod synchronize_cache;
mod test_unit_ready;
mod write;

pub use blank::{Blank, BlankingType};
pub use close_track_session::{CloseFunction, CloseTrackSession};
pub use format_unit::{FormatDescriptor, FormatList, FormatUnit, format_type};
pub use get_configuration::{Configuration, GetConfiguration, Which};
pub use get_event_status::{ClassEvent, EventStatus, GetEventStatus, MediaEvent, MediaStatus, event_class};
pub use get_performance::{GetPerformance, Performance, Stretch, WriteSpeed, WriteSpeeds};
pub use inquiry::{Inquiry, InquiryData};
pub use mechanism_status::{Mechanics, MechanismStatus};
pub use mode::{
    Capabilities, ErrorRecovery, ModePage, ModePageData, ModePages, ModeSelect6, ModeSelect10, ModeSense6, ModeSense10,
    MultiSession, PageControl, RotationSpeed, ShortModePages, WriteParameters, WriteType,
};
pub use prevent_allow::PreventAllow;
pub use read::{Read10, Read12};
pub use read_buffer_capacity::{BufferCapacity, ReadBufferCapacity};
pub use read_capacity::{Capacity, ReadCapacity};
pub use read_cd::{ExpectedSector, ReadCd};
pub use read_disc_information::{
    BackgroundFormat, DiscInformation, DiscInformationKind, DiscStatus, PseudoOverwriteResources, ReadDiscInformation,
    SessionState,
};
pub use read_disc_structure::{
    BdDiscInformation, BdMaker, BdUnit, BookType, Copyright, CopyrightSystem, DiscStructure, LayerBoundary, MediaClass,
    PhysicalFormat, ReadDiscStructure, ReadableFormat, ReadableFormats, TrackPath, WriteProtectionStatus,
    structure_format,
};
pub use read_format_capacities::{FormatCapacities, FormatState, ReadFormatCapacities};
pub use read_toc::{
    Atip, FullToc, FullTocEntry, LEAD_OUT, ReadToc, SessionInformation, Toc, TocAddressing, TocEntry, TocFormat,
};
pub use read_track_information::{ReadTrackInformation, TrackInformation, TrackSelector};
pub use report_key::{AuthenticationSuccess, RegionSetting, RegionState, ReportKey};
pub use request_sense::RequestSense;
pub use reserve_track::ReserveTrack;
pub use seek::Seek10;
pub use send_cue_sheet::{CueEntry, CuePosition, CueSheet, SendCueSheet};
pub use send_disc_structure::SendDiscStructure;
pub use send_opc_information::SendOpcInformation;
pub use set_cd_speed::{Rotation, SetCdSpeed};
pub use set_streaming::{Rate, SetStreaming, Streaming};
pub use start_stop_unit::{StartStopUnit, UnitAction};
pub use synchronize_cache::SynchronizeCache;
pub use test_unit_ready::TestUnitReady;
pub use write::{Write10, Write12, WriteAndVerify10};

/// A command: the host makes a CDB of it, a drive makes it of a CDB.
pub trait Command: Sized {
    /// The first byte of its CDB.
    const OPCODE: u8;

    fn cdb(&self) -> Cdb;

    /// `None` where `cdb` is another command; fields that the standard reserves are ignored.
    fn from_cdb(cdb: &Cdb) -> Option<Self>;
}

/// The data that a command brings back: the host parses it, a drive emits it. What some commands send along is one
/// too, the other way round.
pub trait Answer: Sized {
    /// Takes what came, which may be less than was asked for: a field that did not come is absent.
    ///
    /// # Errors
    /// Where a field is missing without which the answer means nothing.
    fn parse(bytes: &[u8]) -> Result<Self, Truncated>;

    /// The whole answer; who sends it cuts it to the allocation length.
    fn emit(&self) -> Vec<u8>;
}
