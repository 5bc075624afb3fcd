//! This module knows how sectors come from the disc to the host: what ends it, what it costs, what is delivered.

use super::VirtualDrive;
use super::disc::{Disc, FRAME_BYTES, SectorKind, Stretch, mode_1, mode_2_form_1};
use super::dispatch::{Outcome, Refusal, Reply, Request};
use super::fault::{Cache, Passage, Stop};
use crate::scsi::{Completion, Sense, SenseKey, Status};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SectorRange, SourceError};

const WRONG_KIND: Sense = Sense::new(SenseKey::IllegalRequest, 0x64, 0x00);
const SCRAMBLED: Sense = Sense::new(SenseKey::IllegalRequest, 0x6F, 0x03);
const UNWRITTEN: Sense = Sense::new(SenseKey::BlankCheck, 0x00, 0x00);
/// The drive's own trouble: the image behind the disc cannot be read.
const INTERNAL: Sense = Sense::new(SenseKey::HardwareError, 0x44, 0x00);

/// How much of a sector the host wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frame {
    /// The 2048 bytes of user data.
    UserData,
    /// All that is between two sectors, 2352 bytes; CD only.
    Raw,
}

/// Which sectors will do; the first other one ends the read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Whatever has user data.
    Data,
    Only(SectorKind),
    /// Whatever has been recorded.
    Any,
    /// A kind that no disc here has.
    Nothing,
}

/// What a read is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    pub start: Lba,
    pub count: SectorCount,
    pub cache: Cache,
    pub frame: Frame,
    pub expected: Expected,
}

/// Carries out a read of any form.
pub fn read(drive: &mut VirtualDrive, wanted: Wanted, request: &mut Request<'_, '_>) -> Outcome {
    let range = SectorRange::with_count(wanted.start, wanted.count);
    if let Some(counters) = &drive.counters {
        counters.note_read(range);
    }
    let disc = drive.state.loaded().ok_or(Refusal::WRONG_MEDIUM)?;
    let end = disc.readable_end();
    if wanted.start.checked_add(wanted.count).is_none_or(|wanted_end| wanted_end > end) {
        return Err(Refusal::because(Refusal::OUT_OF_RANGE.with_information(u64::from(wanted.start.max(end).0))));
    }
    if range.is_empty() {
        return Ok(Reply::Done);
    }
    let Halt { at, passage, sense } = drive.course(range, wanted);
    let good = SectorRange::new(range.start(), at.unwrap_or(range.end()));
    let delivered = drive.deliver(good, wanted.frame, &passage.lies, request.buffer());
    let head_at = at.map_or(range.end(), |at| at.saturating_add(SectorCount(1)));
    let done = drive.mechanics.pass(SectorRange::new(range.start(), head_at), passage.time);
    drive.mechanics.wait_until(done, request.timeout)?;
    let transferred = delivered?;
    match (passage.stop, sense, passage.recovered) {
        (Some((_, Stop::Failed(sense))), _, _) | (None, Some(sense), _) => Err(Refusal::Sense { sense, transferred }),
        (Some((_, Stop::Happened(incident))), _, _) => Err(drive.suffer(incident).after(transferred)),
        (None, None, Some(recovered)) => {
            Ok(Reply::Read(Completion { status: Status::CheckCondition, sense: recovered.emit_fixed(), transferred }))
        }
        (None, None, None) => Ok(Reply::Read(Completion::good(transferred))),
    }
}

/// How far a read comes, and what it meets.
struct Halt {
    /// The first sector that does not come.
    at: Option<Lba>,
    passage: Passage,
    /// Why, where it is no fault.
    sense: Option<Sense>,
}

impl VirtualDrive {
    fn course(&mut self, range: SectorRange, wanted: Wanted) -> Halt {
        if let Some(failure) = self.state.mad {
            let sense = self.faults.sense_of(failure, range.start(), range.start());
            let stop = Some((range.start(), Stop::Failed(sense)));
            let passage = Passage { stop, time: failure.time, ..Passage::default() };
            return Halt { at: Some(range.start()), passage, sense: None };
        }
        let refused = self.state.loaded().and_then(|disc| first_refused(disc, range, wanted.expected));
        let offered = SectorRange::new(range.start(), refused.map_or(range.end(), |(at, _)| at));
        let passage =
            if self.faults.is_clean(offered) { Passage::default() } else { self.faults.pass(offered, wanted.cache) };
        let at = passage.stop.map(|(at, _)| at).or(refused.map(|(at, _)| at));
        let sense = refused.map(|(at, sense)| sense.with_information(u64::from(at.0)));
        Halt { at, passage, sense }
    }

    /// Fills `buffer` as far as it goes, and tells how many bytes that were.
    fn deliver(&mut self, good: SectorRange, frame: Frame, lies: &[Lba], buffer: &mut [u8]) -> Result<usize, Refusal> {
        let Some(disc) = self.state.loaded_mut() else { return Ok(0) };
        let failed = |error: SourceError| {
            Refusal::because(match error {
                SourceError::Unreadable { at } => super::fault::UNREADABLE.with_information(u64::from(at.0)),
                SourceError::Beyond { at } | SourceError::Failed { at, .. } => {
                    INTERNAL.with_information(u64::from(at.0))
                }
            })
        };
        let transferred = match frame {
            Frame::UserData => user_data(disc, good, buffer).map_err(failed)?,
            Frame::Raw => raw(disc, good, buffer).map_err(failed)?,
        };
        for lie in lies {
            corrupt(*lie, good.start(), frame, buffer);
        }
        Ok(transferred)
    }
}

/// The first sector that is of the wrong kind, and what the drive says of it.
fn first_refused(disc: &dyn Disc, range: SectorRange, expected: Expected) -> Option<(Lba, Sense)> {
    let mut at = range.start();
    while at < range.end() {
        let Stretch { kind, end } = disc.stretch(at)?;
        let refusal = match (kind, expected) {
            (SectorKind::RunOut, _) => Some(WRONG_KIND),
            (SectorKind::Scrambled, _) => Some(SCRAMBLED),
            (SectorKind::Unwritten, _) => Some(UNWRITTEN),
            (_, Expected::Nothing) => Some(WRONG_KIND),
            (kind, Expected::Only(only)) if kind != only => Some(WRONG_KIND),
            (SectorKind::Audio, Expected::Data) => Some(WRONG_KIND),
            (SectorKind::Audio | SectorKind::Mode1 | SectorKind::Mode2Form1, _) => None,
        };
        if let Some(sense) = refusal {
            return Some((at, sense));
        }
        at = end;
    }
    None
}

fn user_data(disc: &mut dyn Disc, good: SectorRange, buffer: &mut [u8]) -> Result<usize, SourceError> {
    let wanted = usize::try_from(good.count().bytes()).unwrap_or(usize::MAX).min(buffer.len());
    let whole = wanted.saturating_sub(wanted % SECTOR_BYTES);
    let (sectors, rest) = buffer.split_at_mut_checked(whole).unwrap_or_default();
    if !sectors.is_empty() {
        disc.read(good.start(), sectors)?;
    }
    if wanted > whole {
        let before = SectorCount::whole_in(u64::try_from(whole).unwrap_or(u64::MAX)).unwrap_or_default();
        let mut last = [0; SECTOR_BYTES];
        disc.read(good.start().saturating_add(before), &mut last)?;
        for (to, from) in rest.iter_mut().zip(last) {
            *to = from;
        }
    }
    Ok(wanted)
}

/// Whole sectors of a CD; a buffer that does not take them all gets what it has room for.
fn raw(disc: &mut dyn Disc, good: SectorRange, buffer: &mut [u8]) -> Result<usize, SourceError> {
    let mut transferred = 0_usize;
    for (lba, place) in (good.start().0..good.end().0).map(Lba).zip(buffer.chunks_mut(FRAME_BYTES)) {
        let mut user_data = [0; SECTOR_BYTES];
        let frame = match disc.stretch(lba).map(|stretch| stretch.kind) {
            Some(SectorKind::Mode1 | SectorKind::Scrambled) => {
                disc.read(lba, &mut user_data)?;
                mode_1(lba, &user_data)
            }
            Some(SectorKind::Mode2Form1) => {
                disc.read(lba, &mut user_data)?;
                mode_2_form_1(lba, &user_data)
            }
            // Silence.
            Some(SectorKind::Audio | SectorKind::RunOut | SectorKind::Unwritten) | None => vec![0; FRAME_BYTES],
        };
        for (to, from) in place.iter_mut().zip(frame) {
            *to = from;
        }
        transferred = transferred.saturating_add(place.len());
    }
    Ok(transferred)
}

/// Changes some bytes of one sector in the host's buffer.
fn corrupt(lie: Lba, start: Lba, frame: Frame, buffer: &mut [u8]) {
    let frame_bytes = match frame {
        Frame::UserData => SECTOR_BYTES,
        Frame::Raw => FRAME_BYTES,
    };
    let index = usize::try_from(lie.0.saturating_sub(start.0)).unwrap_or(usize::MAX);
    if let Some(sector) = buffer.chunks_mut(frame_bytes).nth(index) {
        for byte in sector.iter_mut().skip(256).take(64) {
            *byte = !*byte;
        }
    }
}
