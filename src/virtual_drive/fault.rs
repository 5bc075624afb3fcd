//! This module knows what can be wrong with a disc and with the mechanism, and what meets a head on its way.

use std::collections::HashMap;
use std::time::Duration;

use crate::scsi::{Sense, SenseKey};
use crate::sector::{Lba, SectorCount, SectorRange};

/// An uncorrectable sector, as CD and DVD drives tell it most often.
pub const UNREADABLE: Sense = Sense::new(SenseKey::MediumError, 0x11, 0x05);
/// The drive is still finding out what the disc is.
pub const BECOMING_READY: Sense = Sense::new(SenseKey::NotReady, 0x04, 0x01);
/// The disc may be another one.
pub const MEDIUM_CHANGED: Sense = Sense::new(SenseKey::UnitAttention, 0x28, 0x00);
/// The drive was reset.
pub const RESET: Sense = Sense::new(SenseKey::UnitAttention, 0x29, 0x00);
/// Data came, after retries.
pub const RECOVERED: Sense = Sense::new(SenseKey::RecoveredError, 0x17, 0x01);

/// How far around a bad sector nothing can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Extent {
    /// The sectors named, and no others.
    #[default]
    Sector,
    /// Every ECC block that they touch.
    EccBlock,
}

/// What the INFORMATION field of a failed read says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Information {
    /// The sector that failed.
    #[default]
    Sector,
    /// Nothing: the valid bit is not set.
    Absent,
    /// The first sector of its ECC block.
    EccBlock,
    /// The first sector of the command.
    Command,
    /// 0, with the valid bit set.
    Zero,
}

/// Whether the drive's cache answers a second attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Retries {
    /// Each attempt goes to the disc.
    #[default]
    FromDisc,
    /// Only with FUA does one.
    FromCache,
}

/// How a sector fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failure {
    pub sense: Sense,
    pub information: Information,
    pub extent: Extent,
    /// What the failing attempt costs.
    pub time: Duration,
}

impl Default for Failure {
    fn default() -> Self {
        Self { sense: UNREADABLE, information: Information::Sector, extent: Extent::Sector, time: Duration::ZERO }
    }
}

/// What is wrong with sectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    Unreadable(Failure),
    /// Fails `attempts` times, then reads.
    Flaky {
        failure: Failure,
        attempts: u32,
        retries: Retries,
    },
    /// Reads, and the drive says that it was hard.
    Recovered {
        sense: Sense,
        time: Duration,
    },
    /// Reads; each sector costs `time`.
    Slow {
        time: Duration,
    },
    /// Reads with good status, and `attempts` times with other bytes.
    Lying {
        attempts: u32,
    },
}

/// When something happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// The head comes to this sector.
    Sector(Lba),
    /// So long after the drive was made.
    Elapsed(Duration),
    /// The host sends its `n`th command, counted from 1.
    Command(u64),
}

/// What then happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Incident {
    /// The drive has something to tell before it does anything else.
    Attention(Sense),
    /// Somebody opens the tray.
    TrayOpens,
    /// The cable is pulled.
    Gone,
    /// Nothing reads any more until the disc is loaded again.
    Mad(Failure),
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    Sectors {
        ranges: Vec<SectorRange>,
        trouble: Trouble,
    },
    Once {
        when: When,
        what: Incident,
    },
    /// For so long after each load, and a MEDIUM CHANGED then.
    NotReady {
        time: Duration,
        sense: Sense,
    },
}

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
}

/// Sectors with the same trouble.
#[derive(Debug, Clone, Copy)]
struct Place {
    range: SectorRange,
    /// The furthest end of this place and all before it in the list.
    reach: Lba,
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
                    let place = |range| Place { range, reach: Lba(0), trouble, fault };
                    all.places.extend(ranges.into_iter().map(|range| place(extended(range, trouble, ecc_block))));
                }
                Fault::Once { when, what } => all.pending.push((when, what)),
                Fault::NotReady { time, sense } => all.not_ready = Some((time, sense)),
            }
        }
        all.places.sort_by_key(|place| place.range.start());
        let mut reach = Lba(0);
        for place in &mut all.places {
            reach = reach.max(place.range.end());
            place.reach = reach;
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
        self.pending.is_empty() && self.places_in(range).next().is_none()
    }

    /// The head passes over `range`; attempts are counted.
    pub fn pass(&mut self, range: SectorRange, cache: Cache) -> Passage {
        let places: Vec<Place> = self.places_in(range).copied().collect();
        let stop = self.first_failure(&places, range, cache).map(|(at, failure)| (at, Ending::Failure(failure)));
        let incident = self.first_incident(range).map(|(at, what)| (at, Ending::Incident(what)));
        // Where both are at one sector, what happens to the drive comes first.
        let first = [incident, stop].into_iter().flatten().min_by_key(|(at, _)| *at);
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

    fn places_in(&self, range: SectorRange) -> impl Iterator<Item = &Place> {
        let begun = self.places.partition_point(|place| place.range.start() < range.end());
        let before = self.places.get(..begun).unwrap_or_default();
        before
            .iter()
            .rev()
            .take_while(move |place| place.reach > range.start())
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

#[cfg(test)]
mod tests {
    use super::*;

    fn range(text: &str) -> SectorRange {
        text.parse().unwrap()
    }

    fn faults(list: &[(&[&str], Trouble)]) -> Faults {
        let fault = |(ranges, trouble): &(&[&str], Trouble)| Fault::Sectors {
            ranges: ranges.iter().map(|text| range(text)).collect(),
            trouble: *trouble,
        };
        Faults::new(list.iter().map(fault).collect(), SectorCount(16))
    }

    fn stops_at(faults: &mut Faults, text: &str) -> Option<u32> {
        faults.pass(range(text), Cache::Allowed).stop.map(|(at, _)| at.0)
    }

    const FAILURE: Failure = Failure {
        sense: UNREADABLE,
        information: Information::Sector,
        extent: Extent::Sector,
        time: Duration::from_secs(2),
    };

    #[test]
    fn a_passage_ends_at_the_first_bad_sector() {
        let mut faults = faults(&[(&["100..112", "50..51"], Trouble::Unreadable(FAILURE))]);
        assert!(faults.is_clean(range("0..50")));
        assert!(!faults.is_clean(range("0..51")));
        assert_eq!(stops_at(&mut faults, "0..200"), Some(50));
        assert_eq!(stops_at(&mut faults, "51..200"), Some(100));
        assert_eq!(stops_at(&mut faults, "111..200"), Some(111));
        assert_eq!(stops_at(&mut faults, "112..200"), None);
        let passage = faults.pass(range("100..101"), Cache::Allowed);
        assert_eq!(passage.time, Duration::from_secs(2));
        assert_eq!(passage.stop, Some((Lba(100), Stop::Failed(UNREADABLE.with_information(100)))));
    }

    #[test]
    fn a_long_place_is_found_behind_short_ones() {
        let mut faults = faults(&[
            (&["10..1000", "20..21", "30..31"], Trouble::Unreadable(FAILURE)),
            (&["5..6"], Trouble::Slow { time: Duration::from_secs(1) }),
        ]);
        assert_eq!(stops_at(&mut faults, "900..901"), Some(900));
        assert_eq!(stops_at(&mut faults, "1000..1001"), None);
    }

    #[test]
    fn one_bad_sector_takes_its_ecc_block_along() {
        let failure = Failure { extent: Extent::EccBlock, information: Information::EccBlock, ..FAILURE };
        let mut faults = faults(&[(&["20..21"], Trouble::Unreadable(failure))]);
        assert_eq!(stops_at(&mut faults, "0..40"), Some(16));
        assert_eq!(stops_at(&mut faults, "32..40"), None);
        let Some((_, Stop::Failed(sense))) = faults.pass(range("31..32"), Cache::Allowed).stop else { panic!() };
        assert_eq!(sense.information, Some(16));
    }

    #[test]
    fn information_can_be_absent_or_wrong() {
        for (information, told) in [
            (Information::Absent, None),
            (Information::EccBlock, Some(96)),
            (Information::Command, Some(90)),
            (Information::Zero, Some(0)),
        ] {
            let mut faults = faults(&[(&["100..101"], Trouble::Unreadable(Failure { information, ..FAILURE }))]);
            let Some((_, Stop::Failed(sense))) = faults.pass(range("90..110"), Cache::Allowed).stop else { panic!() };
            assert_eq!(sense.information, told, "{information:?}");
        }
    }

    #[test]
    fn a_flaky_sector_reads_at_last() {
        let flaky = |retries| Trouble::Flaky { failure: FAILURE, attempts: 2, retries };
        let mut faults = faults(&[(&["5..7"], flaky(Retries::FromDisc))]);
        assert_eq!(stops_at(&mut faults, "0..16"), Some(5));
        assert_eq!(stops_at(&mut faults, "6..7"), Some(6));
        assert_eq!(stops_at(&mut faults, "0..16"), Some(5));
        assert_eq!(stops_at(&mut faults, "0..16"), Some(6), "6 has failed once only");
        assert_eq!(stops_at(&mut faults, "0..16"), None);
    }

    #[test]
    fn a_cached_failure_stays_one_until_the_cache_is_bypassed() {
        let twice = Trouble::Flaky { failure: FAILURE, attempts: 2, retries: Retries::FromCache };
        let mut faults = faults(&[(&["5..6"], twice)]);
        for _ in 0..5 {
            assert_eq!(stops_at(&mut faults, "5..6"), Some(5));
        }
        assert!(faults.pass(range("5..6"), Cache::Bypassed).stop.is_some());
        assert!(faults.pass(range("5..6"), Cache::Bypassed).stop.is_none());
        assert_eq!(stops_at(&mut faults, "5..6"), None);
    }

    #[test]
    fn lies_are_told_so_often_and_then_no_more() {
        let mut faults = faults(&[(&["5..7"], Trouble::Lying { attempts: 1 })]);
        assert_eq!(faults.pass(range("0..6"), Cache::Allowed).lies, [Lba(5)]);
        assert_eq!(faults.pass(range("0..16"), Cache::Allowed).lies, [Lba(6)]);
        assert_eq!(faults.pass(range("0..16"), Cache::Allowed), Passage::default());
    }

    #[test]
    fn slow_sectors_cost_their_time_each() {
        let slow = Trouble::Slow { time: Duration::from_secs(1) };
        let recovered = Trouble::Recovered { sense: RECOVERED, time: Duration::from_secs(3) };
        let mut faults = faults(&[(&["10..20"], slow), (&["15..16"], recovered)]);
        let passage = faults.pass(range("12..18"), Cache::Allowed);
        assert_eq!(passage.time, Duration::from_secs(9));
        assert_eq!(passage.recovered, Some(RECOVERED.with_information(15)));
    }

    #[test]
    fn incidents_happen_once_and_before_a_bad_sector() {
        let once = |when, what| Fault::Once { when, what };
        let bad = Fault::Sectors { ranges: vec![range("8..9")], trouble: Trouble::Unreadable(FAILURE) };
        let list = vec![
            bad,
            once(When::Sector(Lba(8)), Incident::TrayOpens),
            once(When::Elapsed(Duration::from_secs(5)), Incident::Gone),
            once(When::Command(3), Incident::Attention(RESET)),
        ];
        let mut faults = Faults::new(list, SectorCount(1));
        assert_eq!(faults.due(Duration::ZERO, 2), []);
        assert_eq!(faults.due(Duration::ZERO, 3), [Incident::Attention(RESET)]);
        assert_eq!(faults.due(Duration::from_secs(6), 4), [Incident::Gone]);
        assert_eq!(faults.due(Duration::from_secs(7), 5), []);
        let stop = faults.pass(range("0..16"), Cache::Allowed).stop;
        assert_eq!(stop, Some((Lba(8), Stop::Happened(Incident::TrayOpens))));
        assert_eq!(stops_at(&mut faults, "0..16"), Some(8));
        assert!(faults.is_clean(range("0..8")), "nothing is pending any more");
    }
}
