//! This module knows the first trip over a disc: everything that reads, in order, and what does not, found exactly.
//!
//! One bad sector costs no good one. A read that fails says nothing of its other sectors, so it is repeated in parts:
//! after a failure one sector at a time, and twice as many after each success. That finds a lone bad sector in a few
//! reads, and tries each sector of a long scratch once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::batch::Batch;
use super::error::TripError;
use super::give_up::GiveUp;
use super::prepare::tell_notes;
use super::read_size::ReadSize;
use super::suspects::Suspects;
use crate::clock::Clock;
use crate::drive::{Cache, Drive, ReadFailure, ReadHow, ReadQuality};
use crate::event::{About, Event, Teller};
use crate::pipeline::{Closed, Feed};
use crate::sector::{Lba, SectorCount, SectorRange};

/// Why a trip over the disc ended.
#[derive(Debug)]
pub enum PassEnd {
    /// All was tried.
    Done,
    /// Somebody asked to stop.
    Interrupted,
    /// What errors cost is more than was to be spent.
    GaveUp(GiveUp),
    /// Who takes the data has failed; its error is the pipeline's.
    ConsumerStopped,
    Failed(TripError),
}

impl From<TripError> for PassEnd {
    fn from(error: TripError) -> Self {
        PassEnd::Failed(error)
    }
}

impl From<Closed> for PassEnd {
    fn from(_: Closed) -> Self {
        PassEnd::ConsumerStopped
    }
}

/// What a trip costs and finds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    pub read: SectorCount,
    /// Sectors that the drive read only with an effort of its own.
    pub recovered: SectorCount,
    pub bad: SectorCount,
    /// Time that went into reads that failed.
    pub lost_time: Duration,
}

/// How a trip is made.
pub struct ReadPass<'a> {
    pub drive: &'a mut Drive,
    pub clock: &'a dyn Clock,
    pub teller: &'a Teller<'a>,
    pub stop: &'a AtomicBool,
    pub size: ReadSize,
    /// Tries for a sector that fails, here and now; a stream has no later.
    pub tries: u32,
    pub sector_timeout: Option<Duration>,
    pub give_up: Option<GiveUp>,
    /// What the whole disc has, for the share in `give_up`.
    pub disc: SectorCount,
    /// Sectors to ask for one by one.
    pub singly: Option<SectorRange>,
    /// In order; it is not asked for, and zeros come in its place.
    pub unrecorded: &'a [SectorRange],
    /// A sector that was read before this pass.
    pub known_good: Option<Lba>,
    last_good: Option<Lba>,
    pub tally: Tally,
    /// What could not be read, in order.
    pub lost: Vec<SectorRange>,
    /// Whether nothing but zeros has come so far: some drives answer so when they are confused.
    pub all_zero: bool,
    suspects: Suspects,
    /// Read, and not sent yet.
    batch: Option<Batch>,
}

impl<'a> ReadPass<'a> {
    pub fn new(
        drive: &'a mut Drive,
        clock: &'a dyn Clock,
        teller: &'a Teller<'a>,
        stop: &'a AtomicBool,
        disc: SectorCount,
    ) -> Self {
        let size = ReadSize::new(drive.max_read());
        Self {
            drive,
            clock,
            teller,
            stop,
            size,
            tries: 1,
            sector_timeout: None,
            give_up: None,
            disc,
            singly: None,
            unrecorded: &[],
            known_good: None,
            last_good: None,
            tally: Tally::default(),
            lost: Vec::new(),
            all_zero: true,
            suspects: Suspects::new(),
            batch: None,
        }
    }

    /// Reads `ranges`, in order, into the pipeline.
    pub fn run(&mut self, ranges: &[SectorRange], feed: &mut Feed<'_>) -> PassEnd {
        let ended =
            ranges.iter().try_for_each(|range| self.stretch(*range, feed)).and_then(|()| self.judge_suspects(feed));
        // However it ended, what was read is good.
        let sent = self.send_batch(feed);
        match (ended, sent) {
            (Ok(()), Ok(())) => PassEnd::Done,
            (Ok(()), Err(end)) | (Err(end), _) => end,
        }
    }

    /// A range, of which only what is recorded is asked for.
    fn stretch(&mut self, range: SectorRange, feed: &mut Feed<'_>) -> Result<(), PassEnd> {
        let mut rest = range;
        for between in self.unrecorded.iter().filter_map(|between| between.intersection(range)) {
            let (recorded, _) = rest.split_at(between.start());
            self.range(recorded, feed)?;
            self.zeros(between, feed)?;
            (_, rest) = rest.split_at(between.end());
        }
        self.range(rest, feed)
    }

    /// That nothing was asked for proves nothing: what failed before is looked into first.
    fn zeros(&mut self, range: SectorRange, feed: &mut Feed<'_>) -> Result<(), PassEnd> {
        self.judge_suspects(feed)?;
        self.send_batch(feed)?;
        let most = self.size.current();
        for piece in range.pieces(most) {
            if self.stop.load(Ordering::Relaxed) {
                return Err(PassEnd::Interrupted);
            }
            let mut buffer = feed.buffer()?;
            let length = usize::try_from(piece.count().bytes()).unwrap_or(usize::MAX).min(buffer.len());
            buffer.get_mut(..length).unwrap_or_default().fill(0);
            feed.send(piece.start(), buffer, length)?;
            self.teller.advance(piece.count());
        }
        Ok(())
    }

    fn send_batch(&mut self, feed: &mut Feed<'_>) -> Result<(), PassEnd> {
        match self.batch.take() {
            Some(batch) => Ok(batch.send(feed)?),
            None => Ok(()),
        }
    }

    /// The batch that takes `request`, which may be a new one.
    fn batch_for(&mut self, request: SectorRange, feed: &mut Feed<'_>) -> Result<Batch, PassEnd> {
        if let Some(batch) = self.batch.take_if(|batch| batch.takes(request)) {
            return Ok(batch);
        }
        self.send_batch(feed)?;
        let buffer = feed.buffer()?;
        self.teller.buffer(feed.fill_level());
        Ok(Batch::new(request.start(), buffer, self.clock.now()))
    }

    fn range(&mut self, range: SectorRange, feed: &mut Feed<'_>) -> Result<(), PassEnd> {
        let mut at = range.start();
        let mut care = Care::default();
        while at < range.end() {
            if self.stop.load(Ordering::Relaxed) {
                return Err(PassEnd::Interrupted);
            }
            let request = self.request(at, range.end(), care);
            let (outcome, took) = self.read(request, Cache::Allowed, feed)?;
            match outcome {
                Ok(()) => {
                    if care.size.is_none() {
                        self.size.went_well(request.count(), took);
                    }
                    care.size = care.size.map(|n| n.saturating_mul(2)).filter(|&n| n < self.size.current().0);
                    at = request.end();
                }
                Err(Refusal::TooLarge) => self.size.refused(self.drive.max_read()),
                Err(Refusal::Unreadable { .. }) if request.count().0 == 1 => {
                    if !self.try_again(at, took, feed)? {
                        self.suspect(at, feed)?;
                    }
                    at = request.end();
                    care = Care { size: Some(1), named: None };
                }
                Err(Refusal::Unreadable { hint }) => {
                    self.size.disturbed();
                    // Believed once: a drive that names the last sector each time would be read in ever shorter pieces.
                    care = Care { size: Some(1), named: hint.filter(|_| care.named.is_none()) };
                }
            }
        }
        Ok(())
    }

    /// The next read from `at` on: to a multiple of its size, so that it ends where an ECC block does.
    fn request(&self, at: Lba, end: Lba, care: Care) -> SectorRange {
        let full = self.size.current().0.max(1);
        let careful = match care.named {
            // What lies before the sector that the drive named, then that sector alone.
            Some(named) if named >= at => named.0.saturating_sub(at.0).max(1),
            _ => care.size.unwrap_or(full),
        };
        let to_grid = full.saturating_sub(at.0 % full);
        let most = match self.singly {
            Some(singly) if singly.contains(at) => 1,
            Some(singly) if singly.start() > at => singly.start().0.saturating_sub(at.0),
            _ => full,
        };
        SectorRange::new(at, at.saturating_add(SectorCount(careful.min(full).min(to_grid).min(most))).min(end))
    }

    fn read(
        &mut self,
        request: SectorRange,
        cache: Cache,
        feed: &mut Feed<'_>,
    ) -> Result<(Result<(), Refusal>, Duration), PassEnd> {
        let mut batch = self.batch_for(request, feed)?;
        let how = ReadHow { cache, timeout: self.sector_timeout };
        let before = self.clock.now();
        let outcome = match batch.room(request) {
            Some(room) => {
                let outcome = self.drive.read(request.start(), room, &how);
                self.all_zero = self.all_zero && (outcome.is_err() || room.iter().all(|byte| *byte == 0));
                outcome
            }
            None => Err(ReadFailure::TooLarge),
        };
        let took = self.clock.now().saturating_sub(before);
        tell_notes(self.drive, self.teller);
        let failure = match outcome {
            Ok(quality) => {
                // The batch is empty where there is anybody to convict: it was sent when the first of them failed.
                self.convict(feed)?;
                batch.was_read(request);
                match batch.is_due(self.size.current(), self.clock.now()) {
                    true => batch.send(feed)?,
                    false => self.batch = Some(batch),
                }
                self.last_good = Some(request.start());
                if quality == ReadQuality::Recovered {
                    self.tally.recovered = SectorCount(self.tally.recovered.0.saturating_add(request.count().0));
                }
                self.tally.read = SectorCount(self.tally.read.0.saturating_add(request.count().0));
                self.teller.advance(request.count());
                return Ok((Ok(()), took));
            }
            Err(failure) => failure,
        };
        batch.send(feed)?;
        let at = request.start();
        let refusal = match failure {
            ReadFailure::Unreadable { at: hint, .. } => {
                Refusal::Unreadable { hint: hint.filter(|&bad| request.contains(bad)) }
            }
            ReadFailure::TimedOut { .. } | ReadFailure::Beyond | ReadFailure::WrongKind | ReadFailure::Blank => {
                Refusal::Unreadable { hint: None }
            }
            ReadFailure::TooLarge if request.count().0 > 1 => return Ok((Err(Refusal::TooLarge), took)),
            ReadFailure::TooLarge => Refusal::Unreadable { hint: None },
            ReadFailure::Protected(protection) => return Err(TripError::Protected { at, protection }.into()),
            ReadFailure::Stopped(error) => return Err(TripError::Stopped { at, source: error }.into()),
        };
        self.tally.lost_time = self.tally.lost_time.saturating_add(took);
        Ok((Err(refusal), took))
    }

    /// More tries for one sector, where this pass has any; true where one of them succeeded.
    fn try_again(&mut self, at: Lba, first_took: Duration, feed: &mut Feed<'_>) -> Result<bool, PassEnd> {
        let mut cost = first_took;
        for _ in 1..self.tries {
            if self.sector_timeout.is_some_and(|limit| cost >= limit) {
                break;
            }
            if self.stop.load(Ordering::Relaxed) {
                return Err(PassEnd::Interrupted);
            }
            let (outcome, took) = self.read(SectorRange::with_count(at, SectorCount(1)), Cache::Bypassed, feed)?;
            if outcome.is_ok() {
                return Ok(true);
            }
            cost = cost.saturating_add(took);
        }
        Ok(false)
    }

    fn suspect(&mut self, at: Lba, feed: &mut Feed<'_>) -> Result<(), PassEnd> {
        self.teller.advance(SectorCount(1));
        if self.suspects.add(at) {
            self.judge_suspects(feed)?;
        }
        self.hopeless()
    }

    /// Reads a sector known good again: if that fails too, it is not the disc.
    fn judge_suspects(&mut self, feed: &mut Feed<'_>) -> Result<(), PassEnd> {
        if self.suspects.is_empty() {
            return Ok(());
        }
        // Where nothing was read yet, any sector that reads will do.
        let quarter = self.disc.0 / 4;
        let anywhere = [quarter, quarter.saturating_mul(2), quarter.saturating_mul(3)].map(Lba);
        let mut candidates: Vec<Lba> = self.last_good.into_iter().chain(self.known_good).collect();
        if candidates.is_empty() {
            candidates.extend(anywhere);
        }
        for good in candidates {
            if self.reads(good, feed)? {
                self.known_good.get_or_insert(good);
                let bad = self.suspects.convict_after_check();
                return self.lose(&bad, feed);
            }
        }
        Err(TripError::DriveWentMad { at: self.suspects.first().unwrap_or(Lba(0)) }.into())
    }

    fn reads(&mut self, at: Lba, feed: &mut Feed<'_>) -> Result<bool, PassEnd> {
        let mut buffer = feed.buffer()?;
        let room = buffer.get_mut(..crate::sector::SECTOR_BYTES).unwrap_or_default();
        let outcome = self.drive.read(at, room, &ReadHow { cache: Cache::Bypassed, timeout: None });
        feed.give_back(buffer);
        match outcome {
            Ok(_) => Ok(true),
            Err(ReadFailure::Stopped(error)) => Err(TripError::Stopped { at, source: error }.into()),
            Err(_) => Ok(false),
        }
    }

    fn convict(&mut self, feed: &mut Feed<'_>) -> Result<(), PassEnd> {
        let bad = self.suspects.convict_after_success();
        self.lose(&bad, feed)
    }

    fn lose(&mut self, bad: &[SectorRange], feed: &mut Feed<'_>) -> Result<(), PassEnd> {
        for range in bad {
            feed.gap(*range)?;
            if self.tally.bad.is_zero() {
                self.teller.notice(About::Damage, format!("sector {} cannot be read; going on", range.start()));
            }
            match self.lost.last_mut() {
                Some(last) if last.end() == range.start() => *last = SectorRange::new(last.start(), range.end()),
                _ => self.lost.push(*range),
            }
            self.tally.bad = SectorCount(self.tally.bad.0.saturating_add(range.count().0));
            self.teller.event(Event::SectorsLost { range: *range });
        }
        self.teller.bad(self.tally.bad);
        Ok(())
    }

    fn hopeless(&self) -> Result<(), PassEnd> {
        let Some(limit) = self.give_up else { return Ok(()) };
        let over = match limit {
            GiveUp::Sectors(most) => self.tally.bad >= most,
            GiveUp::Share(most) => f64::from(self.tally.bad.0) >= most * f64::from(self.disc.0),
            GiveUp::Time(most) => self.tally.lost_time >= most,
        };
        if over { Err(PassEnd::GaveUp(limit)) } else { Ok(()) }
    }
}

/// How carefully to read after a failure.
#[derive(Clone, Copy, Default)]
struct Care {
    /// The size of the next read, which grows with each success; `None` for the full one.
    size: Option<u32>,
    /// The sector that the drive said was bad.
    named: Option<Lba>,
}

enum Refusal {
    TooLarge,
    /// `hint` is the sector that the drive names, where it lies in the request.
    Unreadable {
        hint: Option<Lba>,
    },
}
