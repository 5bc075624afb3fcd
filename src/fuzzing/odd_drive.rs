//! This module knows a drive that answers with any bytes.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::{Bytes, scene::scene};
use crate::clock::SimulatedClock;
use crate::drive::{Cache, Drive, ReadFailure, ReadHow, Speed};
use crate::scsi::{Cdb, Completion, Data, HostFault, Sense, SenseKey, Status, Transport, TransportError};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SectorRange};
use crate::virtual_drive::VirtualDrive;

/// No rip of a few sectors asks for more, with all its waiting; more is a loop without end.
const QUESTIONS: usize = 20_000;

/// A drive whose answers are changed on the way: one byte says how, and where it says nothing, nothing is.
struct Odd {
    inner: VirtualDrive,
    changes: Vec<u8>,
    used: usize,
    questions: usize,
}

impl Odd {
    fn answer(&mut self, buffer: &mut [u8], good: Completion) -> Result<Completion, TransportError> {
        let mut bytes = Bytes(self.changes.get(self.used..).unwrap_or_default());
        let result = change(&mut bytes, buffer, good);
        self.used = self.changes.len().saturating_sub(bytes.0.len());
        result
    }
}

fn change(bytes: &mut Bytes<'_>, buffer: &mut [u8], good: Completion) -> Result<Completion, TransportError> {
    let refused = |sense: Vec<u8>| Completion { status: Status::CheckCondition, sense, transferred: 0 };
    Ok(match bytes.u8() {
        // Other bytes somewhere in the answer.
        0x80 => {
            let (at, length) = (usize::from(bytes.u16()), usize::from(bytes.u8()));
            let changed = buffer.get_mut(at..).unwrap_or_default();
            changed.iter_mut().zip(bytes.take(length)).for_each(|(to, from)| *to = *from);
            good
        }
        // Another answer, of this length.
        0x81 => {
            let length = usize::from(bytes.u16()).min(buffer.len());
            buffer.fill(0);
            buffer.iter_mut().zip(bytes.take(length)).for_each(|(to, from)| *to = *from);
            Completion::good(length)
        }
        // As much as this, or so it is told.
        0x82 => Completion { transferred: usize::from(bytes.u16()), ..good },
        0x83 => {
            let [key, asc, ascq] = bytes.array();
            refused(Sense::new(SenseKey::from_low_bits(key), asc, ascq).emit_fixed())
        }
        0x84 => {
            let [key, asc, ascq] = bytes.array();
            let sense = Sense::new(SenseKey::from_low_bits(key), asc, ascq);
            refused(sense.with_information(u64::from(bytes.u32())).emit_fixed())
        }
        0x85 => {
            let [key, asc, ascq] = bytes.array();
            let sense = Sense::new(SenseKey::from_low_bits(key), asc, ascq);
            Completion { sense: sense.with_progress(bytes.u16()).emit_fixed(), ..refused(Vec::new()) }
        }
        0x86 => {
            let length = usize::from(bytes.u8());
            refused(bytes.take(length).to_vec())
        }
        0x87 => Completion { status: Status::from(bytes.u8()), sense: Vec::new(), transferred: 0 },
        0x88 => return Err(TransportError::TimedOut { after: Duration::from_secs(u64::from(bytes.u8())) }),
        0x89 => return Err(TransportError::Host { fault: HostFault::Passing, code: bytes.u16() }),
        0x8A => return Err(TransportError::Host { fault: HostFault::Transfer, code: bytes.u16() }),
        0x8B => return Err(TransportError::Host { fault: HostFault::Reset, code: bytes.u16() }),
        0x8C => return Err(TransportError::NotPermitted { opcode: bytes.u8() }),
        0x8D => return Err(TransportError::TooLarge { bytes: usize::from(bytes.u16()) }),
        0x8E => return Err(TransportError::Gone),
        _ => good,
    })
}

impl Transport for Odd {
    fn execute(&mut self, cdb: &Cdb, data: Data<'_>, timeout: Duration) -> Result<Completion, TransportError> {
        self.questions = self.questions.saturating_add(1);
        assert!(self.questions < QUESTIONS, "no end of questions: {cdb}");
        match data {
            Data::In(buffer) => {
                let good = self.inner.execute(cdb, Data::In(buffer), timeout)?;
                self.answer(buffer, good)
            }
            Data::None | Data::Out(_) => {
                let good = self.inner.execute(cdb, data, timeout)?;
                self.answer(&mut [], good)
            }
        }
    }

    fn max_transfer(&self) -> usize {
        self.inner.max_transfer()
    }
}

/// The first byte says which disc is in the drive, the second in which order it is asked for what; the others change
/// the answers. Whatever it answers, every verb comes to an end, and there is something to say of it.
pub fn odd_drive(bytes: &[u8]) {
    let mut bytes = Bytes(bytes);
    let clock = SimulatedClock::new();
    let (inner, order) = (scene(bytes.u8(), &clock), bytes.u8());
    let odd = Odd { inner, changes: bytes.0.to_vec(), used: 0, questions: 0 };
    let mut drive = Drive::new(Box::new(odd), Arc::new(clock));
    let _ = drive.identify().map_err(|error| error.to_string());
    if order & 1 == 0 {
        let _ = drive.look();
        let _ = drive.wait_until_ready(&AtomicBool::new(false), &mut |awaiting| drop(awaiting.to_string()));
    }
    let mut end = SectorCount(3000);
    if let Ok(medium) = drive.examine() {
        let filesystem = (order & 2 != 0).then_some(SectorCount(2900));
        if let Ok(size) = drive.settle_size(&medium, filesystem) {
            let _ = size.reason.to_string();
            end = size.sectors;
        }
    }
    if order & 4 != 0 {
        let _ = (drive.lock(), drive.set_speed(Speed::Times(8.0)));
    }
    read(&mut drive, Lba(0), 16, Cache::Allowed);
    read(&mut drive, Lba(96), 32, Cache::Bypassed);
    read(&mut drive, Lba(end.0.saturating_sub(8)), 16, Cache::Allowed);
    if order & 8 != 0 {
        let _ = (drive.eject(), drive.can_load(), drive.load(), drive.set_speed(Speed::Best));
    }
    let _ = (drive.recognise().to_string(), drive.take_notes());
}

fn read(drive: &mut Drive, start: Lba, sectors: u32, cache: Cache) {
    let count = usize::try_from(sectors.min(drive.max_read().0)).unwrap_or(1).max(1);
    let mut buffer = vec![0; count.saturating_mul(SECTOR_BYTES)];
    match drive.read(start, &mut buffer, &ReadHow { cache, timeout: None }) {
        Ok(_) => {}
        Err(ReadFailure::Unreadable { at: Some(at), sense }) => {
            let range = SectorRange::with_count(start, SectorCount(sectors));
            assert!(range.contains(at), "sector {at} is not in {range} ({sense})");
        }
        Err(other) => drop(other.to_string()),
    }
}
