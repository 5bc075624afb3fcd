//! This module knows the second trip: only to sectors that would not read, one at a time.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::image_writer::{Unfinished, WriteError};
use crate::clock::Clock;
use crate::drive::{Cache, Drive, ReadFailure, ReadHow};
use crate::event::{Event, Phase, Teller};
use crate::image::{BlockStatus, ImageFile, RescueMap, Storage};
use crate::pipeline::Buffer;
use crate::reading::{GiveUp, PassEnd, Tally, TripError};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SectorRange};

/// As often as the first trip saves its map.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(5);

/// How the second trip is made.
pub struct RetryPass<'a> {
    pub drive: &'a mut Drive,
    pub clock: &'a dyn Clock,
    pub teller: &'a Teller<'a>,
    pub stop: &'a AtomicBool,
    pub storage: &'a dyn Storage,
    pub file: &'a dyn ImageFile,
    pub unfinished: &'a Unfinished,
    pub tries: u32,
    pub sector_timeout: Option<Duration>,
    pub give_up: Option<GiveUp>,
}

impl RetryPass<'_> {
    /// Tries the bad sectors of `map` that lie on the `route`, each up to `tries` times. What reads is written and marked.
    /// Returns how it ended and how many sectors it brought.
    ///
    /// # Errors
    /// Where the image or its map cannot be written.
    pub fn run(
        &mut self,
        map: &mut RescueMap,
        route: &[SectorRange],
        tally: &mut Tally,
    ) -> Result<(PassEnd, SectorCount), WriteError> {
        let bad: Vec<SectorRange> = map.ranges(BlockStatus::BadSector).collect();
        let bad = SectorRange::common(route, &bad);
        let total = SectorRange::count_of(&bad);
        let mut brought = SectorCount(0);
        if total.is_zero() || self.tries == 0 {
            return Ok((PassEnd::Done, brought));
        }
        self.teller.begin(Phase::Retry, SectorCount(0), total, crate::event::Scale::default());
        let mut buffer = Buffer::new(SECTOR_BYTES);
        let mut last_checkpoint = self.clock.now();
        let mut end = PassEnd::Done;
        for at in bad.iter().flat_map(|range| range.pieces(SectorCount(1))).map(|sector| sector.start()) {
            match self.sector(at, &mut buffer, tally) {
                Ok(true) => {
                    self.file
                        .write_at(at.byte_offset(), &buffer)
                        .map_err(|source| WriteError::Image { path: self.unfinished.part.clone(), source })?;
                    let range = SectorRange::with_count(at, SectorCount(1));
                    map.mark(range, BlockStatus::Finished);
                    brought = SectorCount(brought.0.saturating_add(1));
                    tally.bad = SectorCount(tally.bad.0.saturating_sub(1));
                    self.teller.bad(tally.bad);
                    self.teller.event(Event::SectorsRecovered { range });
                }
                Ok(false) => {}
                Err(stopped) => {
                    end = stopped;
                    break;
                }
            }
            self.teller.advance(SectorCount(1));
            let now = self.clock.now();
            if now.saturating_sub(last_checkpoint) >= CHECKPOINT_EVERY {
                last_checkpoint = now;
                self.unfinished.save(self.storage, self.file, map)?;
            }
        }
        self.teller.end();
        Ok((end, brought))
    }

    fn sector(&mut self, at: Lba, buffer: &mut Buffer, tally: &mut Tally) -> Result<bool, PassEnd> {
        let mut cost = Duration::ZERO;
        for _ in 0..self.tries {
            if self.stop.load(Ordering::Relaxed) {
                return Err(PassEnd::Interrupted);
            }
            if self.sector_timeout.is_some_and(|limit| cost >= limit) {
                break;
            }
            let before = self.clock.now();
            let how = ReadHow { cache: Cache::Bypassed, timeout: self.sector_timeout };
            let failure = match self.drive.read(at, buffer, &how) {
                Ok(_) => return Ok(true),
                Err(failure) => failure,
            };
            let took = self.clock.now().saturating_sub(before);
            cost = cost.saturating_add(took);
            tally.lost_time = tally.lost_time.saturating_add(took);
            match failure {
                ReadFailure::Protected(protection) => return Err(TripError::Protected { at, protection }.into()),
                ReadFailure::Stopped(error) => return Err(TripError::Stopped { at, source: error }.into()),
                ReadFailure::Unreadable { .. }
                | ReadFailure::TimedOut { .. }
                | ReadFailure::Beyond
                | ReadFailure::WrongKind
                | ReadFailure::Blank
                | ReadFailure::TooLarge => {}
            }
            if let Some(limit @ GiveUp::Time(most)) = self.give_up
                && tally.lost_time >= most
            {
                return Err(PassEnd::GaveUp(limit));
            }
        }
        Ok(false)
    }
}
