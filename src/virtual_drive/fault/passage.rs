//! This module knows what meets a head on its way over sectors, and what has been of the faults so far.

use std::collections::HashMap;
use std::time::Duration;

use super::recording::{self, Met, RecordingFaults};
use super::{Extent, Failure, Fault, Incident, Information, Retries, Trouble, When};
use crate::scsi::Sense;
use crate::sector::{Lba, SectorCount, SectorRange};

/// What ends a passage before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    Failed(Sense),
    Happened(Incident),
}

/// What a head meets on its way over sectors.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Passage {
    /// Where it comes no further, and why.
    pub stop: Option<(Lba, Stop)>,
    /// What the sectors cost beyond their transfer.
    pub time: Duration,
    /// What the drive says although all data came.
    pub recovered: Option<Sense>,
    /// Sectors whose bytes come wrong.
    pub lies: Vec<Lba>,
}

/// All that is wrong, with what has been of it so far.
#[derive(Debug, Default)]
pub struct Faults {
    /// By their start.
    places: Vec<Place>,
    /// Attempts at sectors that count them: flaky and lying ones.
    attempts: HashMap<(usize, Lba), u32>,
    pending: Vec<(When, Incident)>,
    not_ready: Option<(Duration, Sense)>,
    ecc_block: SectorCount,
    longest_reach: SectorCount,
    pub recording: RecordingFaults,
}

/// Sectors with the same trouble.
#[derive(Debug, Clone, Copy)]
struct Place {
    range: SectorRange,
    /// The furthest end of this place and all before it in the list.
    furthest: Lba,
    trouble: Trouble,
    /// In the list of the faults; attempts are counted per fault.
    fault: usize,
}

impl Faults {
    /// `ecc_block` is the disc's.
    pub fn new(faults: Vec<Fault>, ecc_block: SectorCount) -> Self {
        let mut all = Self { ecc_block, ..Self::default() };
        for (fault, what) in faults.into_iter().enumerate() {
            match what {
                Fault::Sectors { ranges, trouble } => {
                    all.longest_reach = all.longest_reach.max(trouble.reach());
                    let place = |range| Place { range, furthest: Lba(0), trouble, fault };
                    all.places.extend(ranges.into_iter().map(|range| place(extended(range, trouble, ecc_block))));
                }
                Fault::Once { when, what } => all.pending.push((when, what)),
                Fault::NotReady { time, sense } => all.not_ready = Some((time, sense)),
                Fault::Recording { ranges, trouble } => all.recording.add_places(ranges, trouble),
                Fault::Calibration { sense, attempts } => all.recording.calibration_fails(sense, attempts),
                Fault::Unrecorded => all.recording.records_nothing(),
                Fault::Truncated { sectors } => all.recording.truncates(sectors),
            }
        }
        all.places.sort_by_key(|place| place.range.start());
        let mut furthest = Lba(0);
        for place in &mut all.places {
            furthest = furthest.max(place.range.end());
            place.furthest = furthest;
        }
        all
    }

    /// How long the drive is not ready after a load, and what it says then.
    pub fn not_ready(&self) -> Option<(Duration, Sense)> {
        self.not_ready
    }

    /// What happens now, at a command that is the `command`th and no passage; each happens once.
    pub fn due(&mut self, elapsed: Duration, command: u64) -> Vec<Incident> {
        if self.pending.is_empty() {
            return Vec::new();
        }
        let mut due = Vec::new();
        self.pending.retain(|(when, what)| {
            let now = match when {
                When::Sector(_) => false,
                When::Elapsed(after) => elapsed >= *after,
                When::Command(number) => command >= *number,
            };
            if now {
                due.push(*what);
            }
            !now
        });
        due
    }

    /// Whether a passage over `range` is like any other.
    pub fn is_clean(&self, range: SectorRange) -> bool {
        self.pending.is_empty() && self.places_in(self.with_read_ahead(range)).next().is_none()
    }

    /// Whether recording `range` is like any other.
    pub fn records_cleanly(&self, range: SectorRange) -> bool {
        self.first_incident(range).is_none() && self.recording.is_clean(range)
    }

    /// What a sector meets that is recorded now: each incident once, and attempts are counted.
    pub fn meets(&mut self, lba: Lba) -> Option<Met> {
        let incident = recording::take_incident(&mut self.pending, lba).map(Met::Incident);
        incident.or_else(|| self.recording.meets(lba))
    }

    /// The head passes over `range`; attempts are counted.
    pub fn pass(&mut self, range: SectorRange, cache: Cache) -> Passage {
        let places: Vec<Place> = self.places_in(range).copied().collect();
        let stop = self.first_failure(&places, range, cache).map(|(at, failure)| (at, Ending::Failure(failure)));
        let incident = self.first_incident(range).map(|(at, what)| (at, Ending::Incident(what)));
        // Where both are at one sector, what happens to the drive comes first.
        let first = [incident, stop].into_iter().flatten().min_by_key(|(at, _)| *at);
        if let (None, Some((at, failure))) = (&first, self.ahead_of(range)) {
            let stop = Some((range.start(), Stop::Failed(self.sense_of(failure, at, range.start()))));
            return Passage { stop, time: failure.time, ..Passage::default() };
        }
        let passed = SectorRange::new(range.start(), first.map_or(range.end(), |(at, _)| at));
        let mut passage = self.passed(&places, passed);
        match first {
            Some((at, Ending::Failure(failure))) => {
                passage.time = passage.time.saturating_add(failure.time);
                passage.stop = Some((at, Stop::Failed(self.sense_of(failure, at, range.start()))));
            }
            Some((at, Ending::Incident(what))) => {
                self.pending.retain(|(when, other)| !(*when == When::Sector(at) && *other == what));
                passage.stop = Some((at, Stop::Happened(what)));
            }
            None => {}
        }
        passage
    }

    /// The sense of a failure at `at`, in a command that began at `start`.
    pub fn sense_of(&self, failure: Failure, at: Lba, start: Lba) -> Sense {
        let tell = |lba: Lba| failure.sense.with_information(u64::from(lba.0));
        match failure.information {
            Information::Sector => tell(at),
            Information::Absent => failure.sense,
            Information::EccBlock => tell(block_of(at, self.ecc_block).start()),
            Information::Command => tell(start),
            Information::Zero => tell(Lba(0)),
        }
    }

    /// What a read of `range` may have to do with.
    fn with_read_ahead(&self, range: SectorRange) -> SectorRange {
        SectorRange::new(range.start(), range.end().saturating_add(self.longest_reach))
    }

    /// A bad sector that the read-ahead behind `range` comes to.
    fn ahead_of(&self, range: SectorRange) -> Option<(Lba, Failure)> {
        if self.longest_reach.is_zero() || range.count().0 < 2 {
            return None;
        }
        let ahead = SectorRange::with_count(range.end(), self.longest_reach);
        let reached = self.places_in(ahead).filter_map(|place| match place.trouble {
            Trouble::Unreadable(failure) => {
                let ahead = SectorRange::with_count(range.end(), failure.reach);
                Some((place.range.intersection(ahead)?.start(), failure))
            }
            Trouble::Flaky { .. } | Trouble::Recovered { .. } | Trouble::Slow { .. } | Trouble::Lying { .. } => None,
        });
        reached.min_by_key(|(at, _)| *at)
    }

    fn places_in(&self, range: SectorRange) -> impl Iterator<Item = &Place> {
        let begun = self.places.partition_point(|place| place.range.start() < range.end());
        let before = self.places.get(..begun).unwrap_or_default();
        before
            .iter()
            .rev()
            .take_while(move |place| place.furthest > range.start())
            .filter(move |place| place.range.intersection(range).is_some())
    }

    fn first_failure(&mut self, places: &[Place], range: SectorRange, cache: Cache) -> Option<(Lba, Failure)> {
        let certain = places.iter().filter_map(|place| match place.trouble {
            Trouble::Unreadable(failure) => Some((place.range.intersection(range)?.start(), failure)),
            Trouble::Flaky { .. } | Trouble::Recovered { .. } | Trouble::Slow { .. } | Trouble::Lying { .. } => None,
        });
        let certain = certain.min_by_key(|(at, _)| *at);
        let end = certain.map_or(range.end(), |(at, _)| at);
        let mut flaky: Vec<(Lba, &Place)> = places
            .iter()
            .filter(|place| matches!(place.trouble, Trouble::Flaky { .. }))
            .filter_map(|place| {
                place.range.intersection(SectorRange::new(range.start(), end)).map(|part| (part, place))
            })
            .flat_map(|(part, place)| lbas(part).map(move |lba| (lba, place)))
            .collect();
        flaky.sort_by_key(|(lba, _)| *lba);
        for (lba, place) in flaky {
            let Trouble::Flaky { failure, attempts, retries } = place.trouble else { continue };
            let counted = match failure.extent {
                Extent::Sector => lba,
                Extent::EccBlock => block_of(lba, self.ecc_block).start(),
            };
            let so_far = self.attempts.entry((place.fault, counted)).or_default();
            let cached = *so_far > 0 && retries == Retries::FromCache && cache == Cache::Allowed;
            let fails = if cached { *so_far <= attempts } else { *so_far < attempts };
            if !cached {
                *so_far = so_far.saturating_add(1);
            }
            if fails {
                return Some((lba, failure));
            }
        }
        certain
    }

    fn first_incident(&self, range: SectorRange) -> Option<(Lba, Incident)> {
        let at_sector = self.pending.iter().filter_map(|(when, what)| match when {
            When::Sector(at) if range.contains(*at) => Some((*at, *what)),
            When::Sector(_) | When::Elapsed(_) | When::Command(_) => None,
        });
        at_sector.min_by_key(|(at, _)| *at)
    }

    fn passed(&mut self, places: &[Place], passed: SectorRange) -> Passage {
        let mut passage = Passage::default();
        for place in places {
            let Some(part) = place.range.intersection(passed) else { continue };
            match place.trouble {
                Trouble::Unreadable(_) | Trouble::Flaky { .. } => {}
                Trouble::Slow { time } => {
                    passage.time = passage.time.saturating_add(time.saturating_mul(part.count().0));
                }
                Trouble::Recovered { sense, time } => {
                    passage.time = passage.time.saturating_add(time.saturating_mul(part.count().0));
                    passage.recovered = Some(sense.with_information(u64::from(part.start().0)));
                }
                Trouble::Lying { attempts } => {
                    for lba in lbas(part) {
                        let so_far = self.attempts.entry((place.fault, lba)).or_default();
                        if *so_far < attempts {
                            passage.lies.push(lba);
                        }
                        *so_far = so_far.saturating_add(1);
                    }
                }
            }
        }
        passage
    }
}

/// Whether a read may be answered from the drive's cache: the FUA bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cache {
    Allowed,
    Bypassed,
}

#[derive(Debug, Clone, Copy)]
enum Ending {
    Failure(Failure),
    Incident(Incident),
}

fn lbas(range: SectorRange) -> impl Iterator<Item = Lba> {
    (range.start().0..range.end().0).map(Lba)
}

/// The ECC block that holds `lba`.
fn block_of(lba: Lba, ecc_block: SectorCount) -> SectorRange {
    let offset = lba.0.checked_rem(ecc_block.0).unwrap_or(0);
    SectorRange::with_count(Lba(lba.0.saturating_sub(offset)), ecc_block)
}

fn extended(range: SectorRange, trouble: Trouble, ecc_block: SectorCount) -> SectorRange {
    let extent = match trouble {
        Trouble::Unreadable(failure) | Trouble::Flaky { failure, .. } => failure.extent,
        Trouble::Recovered { .. } | Trouble::Slow { .. } | Trouble::Lying { .. } => Extent::Sector,
    };
    match extent {
        Extent::Sector => range,
        Extent::EccBlock => {
            let last = Lba(range.end().0.saturating_sub(1));
            SectorRange::new(block_of(range.start(), ecc_block).start(), block_of(last, ecc_block).end())
        }
    }
}
