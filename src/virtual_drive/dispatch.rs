//! This module knows which commands there are, and what each needs before it may run: asked here, and nowhere else.

use std::time::Duration;

use super::command as handlers;
use super::mechanics::OutOfTime;
use super::{Progress, VirtualDrive};
use crate::mmc::command::{
    Blank, CloseTrackSession, Command, FormatUnit, GetConfiguration, GetEventStatus, GetPerformance, Inquiry,
    MechanismStatus, ModeSelect6, ModeSelect10, ModeSense6, ModeSense10, PreventAllow, Read10, Read12,
    ReadBufferCapacity, ReadCapacity, ReadCd, ReadDiscInformation, ReadDiscStructure, ReadFormatCapacities, ReadToc,
    ReadTrackInformation, ReportKey, RequestSense, ReserveTrack, Seek10, SendCueSheet, SendDiscStructure,
    SendOpcInformation, SetCdSpeed, SetStreaming, StartStopUnit, SynchronizeCache, TestUnitReady, Write10, Write12,
    WriteAndVerify10,
};
use crate::scsi::{Cdb, Completion, Data, Sense, SenseKey, TransportError};

/// How a command went well.
pub enum Reply {
    Done,
    /// As much of `bytes` as the allocation length and the host's buffer take.
    Answer {
        bytes: Vec<u8>,
        allocation: usize,
    },
    /// The data is in the host's buffer already.
    Read(Completion),
}

/// How it did not.
pub enum Refusal {
    /// CHECK CONDITION; `transferred` bytes of data before it are good.
    Sense { sense: Sense, transferred: usize },
    /// No answer at all.
    Link(TransportError),
    /// The answer would come after the host's patience.
    OutOfTime,
}

impl Refusal {
    pub const BAD_FIELD: Refusal = Refusal::because(Sense::new(SenseKey::IllegalRequest, 0x24, 0x00));
    pub const BAD_PARAMETER: Refusal = Refusal::because(Sense::new(SenseKey::IllegalRequest, 0x26, 0x00));
    pub const BAD_LIST_LENGTH: Refusal = Refusal::because(Sense::new(SenseKey::IllegalRequest, 0x1A, 0x00));
    pub const UNKNOWN_COMMAND: Refusal = Refusal::because(Sense::new(SenseKey::IllegalRequest, 0x20, 0x00));
    pub const OUT_OF_RANGE: Sense = Sense::new(SenseKey::IllegalRequest, 0x21, 0x00);
    pub const WRONG_MEDIUM: Refusal = Refusal::because(Sense::new(SenseKey::IllegalRequest, 0x30, 0x02));

    pub const fn because(sense: Sense) -> Self {
        Refusal::Sense { sense, transferred: 0 }
    }

    /// The same, after so many bytes of good data.
    pub fn after(self, bytes: usize) -> Self {
        match self {
            Refusal::Sense { sense, transferred: _ } => Refusal::Sense { sense, transferred: bytes },
            Refusal::Link(_) | Refusal::OutOfTime => self,
        }
    }
}

impl From<OutOfTime> for Refusal {
    fn from(_: OutOfTime) -> Self {
        Refusal::OutOfTime
    }
}

pub type Outcome = Result<Reply, Refusal>;

/// A command on its way through the drive.
pub struct Request<'a, 'b> {
    pub cdb: &'a Cdb,
    pub data: &'a mut Data<'b>,
    pub timeout: Duration,
}

impl Request<'_, '_> {
    /// The command, as its type.
    pub fn parsed<C: Command>(&self) -> Result<C, Refusal> {
        C::from_cdb(self.cdb).ok_or(Refusal::BAD_FIELD)
    }

    /// The `length` bytes that the command says the host sends along.
    pub fn sent(&self, length: u16) -> Result<&[u8], Refusal> {
        match &*self.data {
            Data::Out(bytes) => bytes.get(..usize::from(length)).ok_or(Refusal::BAD_LIST_LENGTH),
            Data::In(_) | Data::None => Err(Refusal::BAD_LIST_LENGTH),
        }
    }

    /// Where the host wants its data.
    pub fn buffer(&mut self) -> &mut [u8] {
        match self.data {
            Data::In(buffer) => buffer,
            Data::Out(_) | Data::None => &mut [],
        }
    }
}

type Handler = fn(&mut VirtualDrive, &mut Request<'_, '_>) -> Outcome;

/// Whether a command wants a disc that is ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Disc {
    Ready,
    Any,
}

/// What a command does while the drive has something to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Attention {
    /// It is not run, and the drive tells.
    Told,
    /// It runs, and the drive goes on waiting.
    Waits,
}

struct Row {
    opcode: u8,
    disc: Disc,
    attention: Attention,
    handler: Handler,
}

const fn row<C: Command>(disc: Disc, attention: Attention, handler: Handler) -> Row {
    Row { opcode: C::OPCODE, disc, attention, handler }
}

use Attention::{Told, Waits};

/// The most frequent first.
const TABLE: &[Row] = &[
    row::<Read10>(Disc::Ready, Told, handlers::read::ten),
    row::<Read12>(Disc::Ready, Told, handlers::read::twelve),
    row::<Write10>(Disc::Ready, Told, handlers::write::ten),
    row::<Write12>(Disc::Ready, Told, handlers::write::twelve),
    row::<ReadCd>(Disc::Ready, Told, handlers::read_cd::answer),
    row::<TestUnitReady>(Disc::Ready, Told, handlers::test_unit_ready::answer),
    row::<RequestSense>(Disc::Any, Waits, handlers::request_sense::answer),
    row::<Inquiry>(Disc::Any, Waits, handlers::inquiry::answer),
    row::<StartStopUnit>(Disc::Any, Told, handlers::start_stop_unit::answer),
    row::<PreventAllow>(Disc::Any, Told, handlers::prevent_allow::answer),
    row::<ReadCapacity>(Disc::Ready, Told, handlers::read_capacity::answer),
    row::<ReadToc>(Disc::Ready, Told, handlers::read_toc::answer),
    row::<GetConfiguration>(Disc::Any, Waits, handlers::get_configuration::answer),
    row::<ReadDiscInformation>(Disc::Ready, Told, handlers::read_disc_information::answer),
    row::<ReadTrackInformation>(Disc::Ready, Told, handlers::read_track_information::answer),
    row::<ReadDiscStructure>(Disc::Ready, Told, handlers::read_disc_structure::answer),
    row::<GetEventStatus>(Disc::Any, Waits, handlers::get_event_status::answer),
    row::<ModeSense10>(Disc::Any, Told, handlers::mode::sense_ten),
    row::<ModeSelect10>(Disc::Any, Told, handlers::mode::select_ten),
    row::<ModeSense6>(Disc::Any, Told, handlers::mode::sense_six),
    row::<ModeSelect6>(Disc::Any, Told, handlers::mode::select_six),
    row::<SetCdSpeed>(Disc::Ready, Told, handlers::set_cd_speed::answer),
    row::<SetStreaming>(Disc::Ready, Told, handlers::set_streaming::answer),
    row::<GetPerformance>(Disc::Ready, Told, handlers::get_performance::answer),
    row::<Seek10>(Disc::Ready, Told, handlers::seek::answer),
    row::<MechanismStatus>(Disc::Any, Told, handlers::mechanism_status::answer),
    row::<ReadBufferCapacity>(Disc::Ready, Told, handlers::read_buffer_capacity::answer),
    row::<WriteAndVerify10>(Disc::Ready, Told, handlers::write::and_verify),
    row::<SynchronizeCache>(Disc::Ready, Told, handlers::synchronize_cache::answer),
    row::<ReserveTrack>(Disc::Ready, Told, handlers::reserve_track::answer),
    row::<CloseTrackSession>(Disc::Ready, Told, handlers::close_track_session::answer),
    row::<Blank>(Disc::Ready, Told, handlers::blank::answer),
    row::<FormatUnit>(Disc::Ready, Told, handlers::format_unit::answer),
    row::<ReadFormatCapacities>(Disc::Any, Told, handlers::read_format_capacities::answer),
    row::<SendCueSheet>(Disc::Ready, Told, handlers::send_cue_sheet::answer),
    row::<SendDiscStructure>(Disc::Ready, Told, handlers::send_disc_structure::answer),
    row::<SendOpcInformation>(Disc::Ready, Told, handlers::send_opc_information::answer),
    row::<ReportKey>(Disc::Any, Told, handlers::report_key::answer),
];

/// Runs a command, if the drive is in a state to.
pub fn carry_out(drive: &mut VirtualDrive, cdb: &Cdb, data: &mut Data<'_>, timeout: Duration) -> Outcome {
    let row = TABLE.iter().find(|row| row.opcode == cdb.opcode());
    if row.is_none_or(|row| row.attention == Told)
        && let Some(attention) = drive.state.take_attention()
    {
        return Err(Refusal::because(attention));
    }
    let row = row.ok_or(Refusal::UNKNOWN_COMMAND)?;
    if row.disc == Disc::Ready {
        drive.state.readiness().map_err(Refusal::because)?;
        drive.still_busy()?;
    }
    (row.handler)(drive, &mut Request { cdb, data, timeout })
}

impl VirtualDrive {
    /// Goes well once the drive is done with what it was busy with.
    pub(super) fn still_busy(&mut self) -> Result<(), Refusal> {
        let now = self.mechanics.now();
        self.state.busy(now).map_or(Ok(()), |sense| Err(Refusal::because(self.with_progress(sense))))
    }

    /// What the drive says while something takes long.
    pub(super) fn with_progress(&self, sense: Sense) -> Sense {
        match self.model.progress {
            Progress::Told => sense,
            Progress::Absent => Sense { specific: None, ..sense },
        }
    }
}

#[cfg(test)]
pub fn known_opcodes() -> Vec<u8> {
    TABLE.iter().map(|row| row.opcode).collect()
}
