//! This module knows the pass that writes: it takes what comes and gives it to the drive, and does nothing else. Nothing
//! is allocated on the way.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::report::Pace;
use super::{Mode, Plan, Simulation};
use crate::clock::Clock;
use crate::drive::{Drive, DriveBuffer, RecordError, WriteHow, WriteSpeedStep, WriteTrouble};
use crate::event::{About, Teller, grouped};
use crate::pipeline::{Buffer, Piece, Receiver};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount};

/// The drive's buffer is asked for once in so many writes.
const WRITES_BETWEEN_LOOKS: u32 = 64;
/// How often a person's wish to stop is looked for while the source brings nothing.
const LATENCY: Duration = Duration::from_millis(100);

/// Why writing ended.
#[derive(Debug)]
pub(super) enum WriteEnd {
    /// The source has.
    Done,
    Interrupted,
    /// The source goes on, and the disc does not.
    Full,
    Failed {
        at: Lba,
        error: RecordError,
    },
}

/// What got to the drive.
#[derive(Debug)]
pub(super) struct Written {
    /// With padding.
    pub sectors: SectorCount,
    /// Of the image.
    pub bytes: u64,
    pub end: WriteEnd,
}

pub(super) struct WritePass<'a> {
    drive: &'a mut Drive,
    clock: &'a dyn Clock,
    teller: &'a Teller<'a>,
    stop: &'a AtomicBool,
    plan: &'a Plan,
    slow_after: Duration,
    transfer: SectorCount,
    /// For what has to be padded, and for zeros.
    scratch: Buffer,
    written: SectorCount,
    /// From an earlier burn.
    already: SectorCount,
    bytes: u64,
    writes: u32,
    drive_buffer: u32,
    buffer_fills: bool,
    slowed: Option<WriteSpeedStep>,
    pace: Pace,
    told_slow: bool,
}

impl<'a> WritePass<'a> {
    pub(super) fn new(
        drive: &'a mut Drive,
        clock: &'a dyn Clock,
        teller: &'a Teller<'a>,
        stop: &'a AtomicBool,
        plan: &'a Plan,
        slow_after: Duration,
    ) -> Self {
        let granule = plan.granule.0.max(1);
        let most = drive.max_write().0.min(plan.transfer.0).max(1);
        // Whole granules, where the link carries one.
        let transfer = SectorCount(if most >= granule { most / granule * granule } else { most });
        let scratch = Buffer::new(usize::try_from(transfer.0.max(granule)).unwrap_or(1).saturating_mul(SECTOR_BYTES));
        Self {
            drive,
            clock,
            teller,
            stop,
            plan,
            slow_after,
            transfer,
            scratch,
            written: SectorCount(0),
            already: plan.resumes.unwrap_or_default(),
            bytes: 0,
            writes: 0,
            drive_buffer: 0,
            buffer_fills: false,
            slowed: None,
            pace: Pace::default(),
            told_slow: false,
        }
    }

    /// What was set in the place of the plan's speed.
    pub(super) fn slowed(&self) -> Option<WriteSpeedStep> {
        self.slowed
    }

    pub(super) fn pace(&self) -> Pace {
        self.pace
    }

    pub(super) fn run(&mut self, pieces: &Receiver<Piece>) -> Written {
        let end = self.write_all(pieces).err().unwrap_or(WriteEnd::Done);
        Written { sectors: self.written, bytes: self.bytes, end }
    }

    fn write_all(&mut self, pieces: &Receiver<Piece>) -> Result<(), WriteEnd> {
        // Once before writing, and then not before it was full: some drives take it ill.
        self.drive_buffer = self.buffer()?.map_or(0, |buffer| buffer.bytes);
        self.pre_gap()?;
        while let Some(piece) = self.next(pieces)? {
            match piece {
                Piece::Data(block) => self.write_piece(block.bytes())?,
                // A source has no gaps.
                Piece::Gap(_) => {}
            }
        }
        if self.stop.load(Ordering::Relaxed) {
            return Err(WriteEnd::Interrupted);
        }
        // The padding of an image that was there as a whole.
        self.written = self.written.max(self.already);
        let whole = self.written.0.checked_next_multiple_of(self.plan.granule.0.max(1)).unwrap_or(self.written.0);
        self.fill_up_to(self.plan.least.max(SectorCount(whole)))
    }

    /// The next piece; `None` once there are no more.
    fn next(&mut self, pieces: &Receiver<Piece>) -> Result<Option<Piece>, WriteEnd> {
        use crossbeam_channel::{RecvTimeoutError, TryRecvError};
        if self.stop.load(Ordering::Relaxed) {
            return Err(WriteEnd::Interrupted);
        }
        match pieces.try_recv() {
            Ok(piece) => return Ok(Some(piece)),
            Err(TryRecvError::Disconnected) => return Ok(None),
            Err(TryRecvError::Empty) => {}
        }
        let began = self.clock.now();
        let mut waited = Duration::ZERO;
        let piece = loop {
            let pause = LATENCY.min(self.slow_after);
            match pieces.recv_timeout(pause) {
                Ok(piece) => break Some(piece),
                Err(RecvTimeoutError::Disconnected) => break None,
                Err(RecvTimeoutError::Timeout) => waited = waited.saturating_add(pause),
            }
            if self.stop.load(Ordering::Relaxed) {
                return Err(WriteEnd::Interrupted);
            }
            if waited >= self.slow_after && !self.told_slow {
                self.told_slow = true;
                let text = "the image comes slower than the disc is written: the drive waits for it";
                self.teller.notice(About::Waiting, text);
            }
        };
        // Waiting for the first piece, and for the end, starves nobody.
        if self.writes > 0 && piece.is_some() {
            let waited = self.clock.now().saturating_sub(began);
            self.pace.starved = self.pace.starved.saturating_add(waited);
        }
        Ok(piece)
    }

    fn write_piece(&mut self, bytes: &[u8]) -> Result<(), WriteEnd> {
        let most = usize::try_from(self.transfer.bytes()).unwrap_or(SECTOR_BYTES);
        let mut rest = bytes;
        while !rest.is_empty() {
            // What is there already ends where a write begins.
            let skipped = self.already.0.saturating_sub(self.written.0);
            let skipped = usize::try_from(SectorCount(skipped).bytes()).unwrap_or(usize::MAX);
            let length = if skipped > 0 { most.min(skipped) } else { most };
            let (chunk, later) = rest.split_at(length.min(rest.len()));
            rest = later;
            if self.stop.load(Ordering::Relaxed) {
                return Err(WriteEnd::Interrupted);
            }
            if self.written < self.already {
                self.written = SectorCount(self.written.0.saturating_add(sectors_of(chunk).0));
            } else {
                self.write_chunk(chunk)?;
            }
            self.bytes = self.bytes.saturating_add(chunk.len() as u64);
        }
        Ok(())
    }

    fn write_chunk(&mut self, chunk: &[u8]) -> Result<(), WriteEnd> {
        // Where the link does not carry a whole one, what is missing follows in the end.
        let granule = if self.transfer < self.plan.granule { 1 } else { self.plan.granule.0.max(1) };
        let granule = usize::try_from(granule).unwrap_or(1).saturating_mul(SECTOR_BYTES);
        let padded = chunk.len().checked_next_multiple_of(granule).unwrap_or(chunk.len());
        let sectors = SectorCount(u32::try_from(padded / SECTOR_BYTES).unwrap_or(u32::MAX));
        let known = self.plan.image_bytes.is_some();
        if !known && self.written.0.saturating_add(sectors.0) > self.plan.room.0 {
            return Err(WriteEnd::Full);
        }
        if padded == chunk.len() {
            return self.send(chunk);
        }
        let mut scratch = std::mem::replace(&mut self.scratch, Buffer::new(0));
        scratch.fill(0);
        if let Some(start) = scratch.get_mut(..chunk.len()) {
            start.copy_from_slice(chunk);
        }
        let sent = self.send(scratch.get(..padded).unwrap_or_default());
        self.scratch = scratch;
        sent
    }

    /// Zeros, until there are as many sectors as there must be.
    fn fill_up_to(&mut self, least: SectorCount) -> Result<(), WriteEnd> {
        let mut scratch = std::mem::replace(&mut self.scratch, Buffer::new(0));
        scratch.fill(0);
        while self.written < least {
            let missing = least.0.saturating_sub(self.written.0).min(self.transfer.0);
            let bytes = usize::try_from(SectorCount(missing).bytes()).unwrap_or(SECTOR_BYTES);
            self.send(scratch.get(..bytes).unwrap_or_default())?;
        }
        self.scratch = scratch;
        Ok(())
    }

    /// What lies before sector 0 of a session at once, in addresses below zero.
    fn pre_gap(&mut self) -> Result<(), WriteEnd> {
        let mut left = self.plan.pre_gap.0;
        let mut scratch = std::mem::replace(&mut self.scratch, Buffer::new(0));
        scratch.fill(0);
        while left > 0 {
            let now = left.min(self.transfer.0);
            let at = Lba(0_u32.wrapping_sub(left).wrapping_add(self.plan.start.0));
            let bytes = usize::try_from(SectorCount(now).bytes()).unwrap_or(SECTOR_BYTES);
            self.send_at(at, scratch.get(..bytes).unwrap_or_default())?;
            left = left.saturating_sub(now);
        }
        self.scratch = scratch;
        Ok(())
    }

    fn send(&mut self, bytes: &[u8]) -> Result<(), WriteEnd> {
        let at = self.plan.start.saturating_add(self.written);
        self.send_at(at, bytes)?;
        let sectors = sectors_of(bytes);
        self.written = SectorCount(self.written.0.saturating_add(sectors.0));
        self.teller.advance(sectors);
        Ok(())
    }

    fn send_at(&mut self, at: Lba, bytes: &[u8]) -> Result<(), WriteEnd> {
        let how = WriteHow { streaming: self.plan.streaming };
        match self.drive.write(at, bytes, how) {
            Err(error) if self.writes == 0 && self.tries_slower(at, &error) => self.drive.write(at, bytes, how),
            outcome => outcome,
        }
        .map_err(|error| WriteEnd::Failed { at, error })?;
        self.writes = self.writes.saturating_add(1);
        let was_full = self.written.bytes() >= u64::from(self.drive_buffer);
        if self.writes.is_multiple_of(WRITES_BETWEEN_LOOKS) && self.drive_buffer > 0 && was_full {
            self.look_at_buffer()?;
        }
        Ok(())
    }

    /// Sets the next speed below where the drive could not calibrate its laser in the first write, and says that nothing
    /// is recorded there yet.
    fn tries_slower(&mut self, at: Lba, error: &RecordError) -> bool {
        let plan = self.plan;
        let Some(slower) = plan.slower.filter(|_| error.trouble() == Some(WriteTrouble::CalibrationFailed)) else {
            return false;
        };
        let is_untouched = plan.mode == Mode::InPlace || self.drive.writes_next_at(at).unwrap_or(false);
        let end = plan.start.saturating_add(SectorCount(plan.room.0.saturating_sub(1)));
        let set = is_untouched.then(|| self.drive.set_write_speed(slower, end, plan.kind.family()));
        if !matches!(set, Some(Ok(Some(_)))) {
            return false;
        }
        let kb_s = grouped(slower.write_kb_s.into());
        let text = format!("the drive cannot calibrate its laser for this disc: once more, at {kb_s} kB/s");
        self.teller.notice(About::Speed, text);
        self.slowed = Some(slower);
        true
    }

    fn buffer(&mut self) -> Result<Option<DriveBuffer>, WriteEnd> {
        let at = self.plan.start.saturating_add(self.written);
        self.drive.buffer().map_err(|error| WriteEnd::Failed { at, error })
    }

    fn look_at_buffer(&mut self) -> Result<(), WriteEnd> {
        let Some(buffer) = self.buffer()? else { return Ok(()) };
        let fill = buffer.fill();
        // One that is never seen with anything in it tells nothing of how the burn went.
        self.buffer_fills |= fill > 0.0;
        if !self.buffer_fills {
            return Ok(());
        }
        self.teller.buffer(fill);
        if self.plan.simulation == Simulation::No {
            self.pace.least_fill = Some(self.pace.least_fill.map_or(fill, |least| least.min(fill)));
        }
        Ok(())
    }
}

fn sectors_of(bytes: &[u8]) -> SectorCount {
    SectorCount::whole_in(bytes.len() as u64).unwrap_or_default()
}
