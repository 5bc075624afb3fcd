//! This module knows a whole drive in software, with a disc in it.

mod buffer;
mod command;
mod counters;
mod demo;
pub mod disc;
mod dispatch;
pub mod fault;
pub mod mechanics;
mod reading;
mod scene;
mod state;
mod work;
mod writing;

use std::sync::Arc;
use std::time::Duration;

pub use counters::{Asked, Counters};
pub use demo::LABEL as DEMO_LABEL;
pub use scene::{Scene, SceneError};
pub use state::Tray;

use crate::clock::Clock;
use crate::mmc::command::{ErrorRecovery, WriteParameters};
use crate::scsi::{Cdb, Completion, Data, HostFault, Sense, SenseKey, Transport, TransportError};
use crate::sector::{SectorCount, SectorRange};
use buffer::WriteBuffer;
use disc::{Disc, Family};
use dispatch::{Refusal, Reply};
use fault::{Fault, Faults, Incident};
use mechanics::{Mechanics, Pace};
use state::{Discs, Presence, Settling, State};
use work::Work;

/// A drive that answers as MMC demands, with one disc and any number of faults.
pub struct VirtualDrive {
    state: State,
    mechanics: Mechanics,
    faults: Faults,
    model: Model,
    claims: Claims,
    /// What MODE SELECT left.
    recovery: ErrorRecovery,
    write_parameters: WriteParameters,
    /// What SET CD SPEED or SET STREAMING asked for; `None` for the best.
    write_speed_wish: Option<u32>,
    buffer: WriteBuffer,
    /// What was written last was also read back.
    reads_back: bool,
    /// The power of the laser was found for this disc.
    calibrated: bool,
    /// An underrun has ended what was being recorded.
    streaming_lost: bool,
    /// What was written in one go, and is not yet said to be on the disc.
    written: Option<SectorRange>,
    /// Up to when formatting in the background is accounted for.
    formatted_at: Duration,
    made_at: Duration,
    commands: u64,
    counters: Option<Counters>,
}

/// What a drive says of itself, and what it is able to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// At most 8 characters.
    pub vendor: String,
    /// At most 16.
    pub product: String,
    /// At most 4.
    pub revision: String,
    pub serial: String,
    /// Bytes that go over at once.
    pub max_transfer: usize,
    pub too_large: TooLarge,
    pub fua: Fua,
    pub full_buffer: FullBuffer,
    pub progress: Progress,
}

/// What becomes of a WRITE for which the buffer has no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FullBuffer {
    /// Its status comes once there is room.
    #[default]
    Waits,
    /// 2/04/08 until there is.
    Refuses,
}

/// Whether the drive tells how far it is with what takes long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Progress {
    #[default]
    Told,
    Absent,
}

/// How more than `max_transfer` is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TooLarge {
    /// By the way to the drive, which also tells its limit beforehand.
    #[default]
    Link,
    /// By the drive, as a bad field of the command; nobody tells beforehand.
    Drive,
}

/// What the drive makes of the FUA bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fua {
    #[default]
    Obeyed,
    /// 5/24/00.
    Refused,
}

impl Default for Model {
    fn default() -> Self {
        Self {
            vendor: "DWRIGHT".to_owned(),
            product: "VIRTUAL DRIVE".to_owned(),
            revision: "0.1".to_owned(),
            serial: "V0000001".to_owned(),
            max_transfer: 1 << 20,
            too_large: TooLarge::Link,
            fua: Fua::Obeyed,
            full_buffer: FullBuffer::Waits,
            progress: Progress::Told,
        }
    }
}

/// Sizes that the drive tells although they are not true; `None` for the truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Claims {
    /// READ CAPACITY, as a number of sectors: one more than the last that it tells.
    pub capacity: Option<SectorCount>,
    /// Where the lead-out begins in the TOC.
    pub toc: Option<SectorCount>,
    /// The end of the last track in READ TRACK INFORMATION.
    pub track: Option<SectorCount>,
    /// Of the physical format of a DVD, or the disc information of a BD.
    pub structure: Option<SectorCount>,
    /// READ BUFFER CAPACITY, in bytes: all of the buffer, and what of it is free.
    pub buffer: Option<u32>,
    pub buffer_free: Option<u32>,
}

/// All that a virtual drive is made of.
pub struct Setup {
    pub disc: Option<Box<dyn Disc>>,
    /// What [`Incident::Swapped`] puts in instead.
    pub other: Option<Box<dyn Disc>>,
    pub tray: Tray,
    pub pace: Pace,
    /// What the first read costs, and the first after a stop.
    pub spin_up: Duration,
    pub faults: Vec<Fault>,
    pub claims: Claims,
    pub model: Model,
}

impl Setup {
    /// A closed, sound, unthrottled drive with this in it.
    pub fn with(disc: Option<Box<dyn Disc>>) -> Self {
        Self {
            disc,
            other: None,
            tray: Tray::Closed,
            pace: Pace::Unthrottled,
            spin_up: Duration::ZERO,
            faults: Vec::new(),
            claims: Claims::default(),
            model: Model::default(),
        }
    }
}

impl VirtualDrive {
    pub fn new(setup: Setup, clock: Arc<dyn Clock>) -> Self {
        let family = setup.disc.as_ref().map_or(Family::Cd, |disc| disc.kind().family());
        let faults = Faults::new(setup.faults, family.ecc_block());
        let mut mechanics = Mechanics::new(clock, setup.pace, setup.spin_up);
        let made_at = mechanics.now();
        let settling = faults.not_ready().map(|(time, sense)| Settling { time, sense });
        let state = State::new(Discs { inside: setup.disc, outside: setup.other }, setup.tray, made_at, settling);
        mechanics.load(state.loaded());
        Self {
            state,
            mechanics,
            faults,
            model: setup.model,
            claims: setup.claims,
            recovery: command::mode::FACTORY,
            write_parameters: command::mode::factory_write_parameters(family),
            write_speed_wish: None,
            buffer: WriteBuffer::default(),
            reads_back: false,
            calibrated: false,
            streaming_lost: false,
            written: None,
            formatted_at: made_at,
            made_at,
            commands: 0,
            counters: None,
        }
    }

    /// From now on, every command is noted in what this returns.
    pub fn counters(&mut self) -> Counters {
        self.counters.get_or_insert_default().clone()
    }

    /// The tray closes, or was closed.
    fn close_tray(&mut self) {
        let settling = self.faults.not_ready().map(|(time, sense)| Settling { time, sense });
        self.state.close_tray(self.mechanics.now(), settling);
        self.take_in();
    }

    fn open_tray(&mut self) {
        // Drives do not let a disc go with data still in the buffer.
        self.let_go();
        self.state.open_tray();
        self.take_in();
    }

    fn swap(&mut self) {
        self.state.swap();
        self.take_in();
    }

    /// Another disc is in the drive, or none.
    fn take_in(&mut self) {
        self.mechanics.load(self.state.loaded());
        self.buffer = WriteBuffer::default();
        (self.reads_back, self.calibrated, self.streaming_lost, self.written) = (false, false, false, None);
        self.write_speed_wish = None;
        self.forget_settings();
    }

    /// As after power-on.
    fn forget_settings(&mut self) {
        let family = self.state.loaded().map_or(Family::Cd, |disc| disc.kind().family());
        self.write_parameters = command::mode::factory_write_parameters(family);
    }

    /// Something happened to the drive; what it answers to the command under way.
    fn suffer(&mut self, incident: Incident) -> Refusal {
        match incident {
            Incident::Attention(sense) => Refusal::because(sense),
            Incident::TrayOpens => {
                self.open_tray();
                Refusal::because(self.state.readiness().err().unwrap_or(fault::UNREADABLE))
            }
            Incident::Gone => {
                self.state.pull_the_cable();
                Refusal::Link(TransportError::Gone)
            }
            Incident::Mad(failure) => {
                self.state.mad = Some(failure);
                Refusal::because(failure.sense)
            }
            Incident::PowerLoss { time } => {
                self.lose_power(time);
                RESET_ON_THE_WAY
            }
            Incident::Reset => {
                self.reset();
                RESET_ON_THE_WAY
            }
            Incident::Busy { time, sense } => {
                self.state.begin(Work::stall(self.mechanics.now(), time, sense));
                Refusal::because(sense)
            }
            Incident::Underrun => writing::lose_streaming(self),
            Incident::Swapped => {
                self.swap();
                Refusal::because(self.state.take_attention().unwrap_or(fault::MEDIUM_CHANGED))
            }
        }
    }

    /// What time and the number of commands bring about, before the next command is looked at.
    fn catch_up(&mut self) {
        self.commands = self.commands.saturating_add(1);
        let now = self.mechanics.now();
        self.state.note_time(now);
        self.format_on();
        for incident in self.faults.due(now.saturating_sub(self.made_at), self.commands) {
            match incident {
                Incident::Attention(sense) => self.state.raise(sense),
                Incident::Swapped => self.swap(),
                Incident::Underrun if writing::links(self) => {}
                Incident::TrayOpens
                | Incident::Gone
                | Incident::Mad(_)
                | Incident::PowerLoss { .. }
                | Incident::Reset
                | Incident::Busy { .. } => {
                    let _ = self.suffer(incident);
                }
                Incident::Underrun => {
                    if let Refusal::Sense { sense, .. } = self.suffer(incident) {
                        self.state.raise(sense);
                    }
                }
            }
        }
    }

    /// A disc that is formatted in the background has come further.
    fn format_on(&mut self) {
        let (pace, now, rate) = (self.mechanics.pace(), self.mechanics.now(), self.write_rate());
        let idle = self.buffer.empty_since(now, rate).map(|since| since.max(self.state.busy_until()));
        let Some(disc) = self.state.loaded_mut().and_then(|disc| disc.recordable_mut()) else { return };
        if pace == Pace::Unthrottled {
            // What keeps the disc has failed: the next command that needs it will say so.
            let _ = disc.format_at_once();
        } else if !disc.is_formatted_behind() {
            self.formatted_at = now;
        } else if let Some(idle) = idle {
            let since = self.formatted_at.max(idle);
            let bytes = now.saturating_sub(since).as_secs_f64() * rate;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float saturates")]
            let sectors = SectorCount((bytes / 2048.0) as u32);
            self.formatted_at = if sectors.is_zero() { since } else { now };
            if !sectors.is_zero() {
                let _ = disc.format_on(sectors);
            }
        } else {
            // What is sent is written first.
            self.formatted_at = now;
        }
    }

    fn too_large(&self, bytes: usize) -> Option<Result<Completion, TransportError>> {
        if bytes <= self.model.max_transfer {
            return None;
        }
        Some(match self.model.too_large {
            TooLarge::Link => Err(TransportError::TooLarge { bytes }),
            TooLarge::Drive => Ok(Completion::check_condition(&Sense::new(SenseKey::IllegalRequest, 0x24, 0x00))),
        })
    }

    /// The drive was given up during a command: the host resets it.
    fn give_up(&mut self, after: Duration) -> TransportError {
        self.reset();
        self.mechanics.stop();
        TransportError::TimedOut { after }
    }

    fn reset(&mut self) {
        if let Some(disc) = self.state.loaded_mut().and_then(|disc| disc.recordable_mut()) {
            disc.forget_underway();
        }
        self.state.reset();
        self.recovery = command::mode::FACTORY;
        self.forget_settings();
        self.mechanics.ask_speed(None);
        self.write_speed_wish = None;
    }

    /// Off, and on again; then the drive finds out for so long what the disc is.
    fn lose_power(&mut self, time: Duration) {
        let (now, rate) = (self.mechanics.now(), self.write_rate());
        let waiting = SectorCount(self.buffer.level(now, rate).div_ceil(2048));
        let formatting = self.state.is_formatting(now);
        if let Some(disc) = self.state.loaded_mut().and_then(|disc| disc.recordable_mut()) {
            // What keeps the disc has failed: the next command that needs it will say so.
            let _ = disc.lose_power(waiting, formatting);
        }
        self.reset();
        self.take_in();
        let settling = (!time.is_zero()).then_some(Settling { time, sense: fault::BECOMING_READY });
        self.state.power_on(now, settling);
    }
}

/// Of the command that was on its way, nobody hears again.
const RESET_ON_THE_WAY: Refusal = Refusal::Link(TransportError::Host { fault: HostFault::Reset, code: 0x08 });

impl Transport for VirtualDrive {
    fn execute(&mut self, cdb: &Cdb, mut data: Data<'_>, timeout: Duration) -> Result<Completion, TransportError> {
        if let Some(counters) = &self.counters {
            counters.note(cdb.opcode());
        }
        self.catch_up();
        if self.state.presence() == Presence::Gone {
            return Err(TransportError::Gone);
        }
        if let Some(refused) = self.too_large(data.len()) {
            return refused;
        }
        match dispatch::carry_out(self, cdb, &mut data, timeout) {
            Ok(Reply::Done) => Ok(Completion::good(0)),
            Ok(Reply::Answer { bytes, allocation }) => {
                let Data::In(buffer) = data else { return Ok(Completion::good(0)) };
                let cut = bytes.get(..allocation.min(buffer.len())).unwrap_or(&bytes);
                for (to, from) in buffer.iter_mut().zip(cut) {
                    *to = *from;
                }
                Ok(Completion::good(cut.len()))
            }
            Ok(Reply::Read(completion)) => Ok(completion),
            Err(Refusal::Sense { sense, transferred }) => {
                Ok(Completion { transferred, ..Completion::check_condition(&sense) })
            }
            Err(Refusal::Link(error)) => Err(error),
            Err(Refusal::OutOfTime) => Err(self.give_up(timeout)),
        }
    }

    fn max_transfer(&self) -> usize {
        match self.model.too_large {
            TooLarge::Link => self.model.max_transfer,
            TooLarge::Drive => 16 << 20,
        }
    }
}

#[cfg(test)]
mod tests;
