//! This module knows how lost sectors are told without a line for each of thousands.

use crate::cli::quantity::counted;
use crate::cli::voice::{Loudness, Voice};
use crate::event::{About, Event};
use crate::sector::{Lba, SectorRange};

/// After so many places the rest is only counted.
const PLACES_TOLD: u32 = 5;

/// Tells the first places at which sectors were lost.
#[derive(Debug)]
pub struct DamageTeller {
    places: u32,
    most: u32,
    end_of_last: Option<Lba>,
}

impl DamageTeller {
    pub fn new(loudness: Loudness) -> Self {
        let most = if loudness >= Loudness::Verbose { u32::MAX } else { PLACES_TOLD };
        Self { places: 0, most, end_of_last: None }
    }

    /// Says in words what is no progress.
    pub fn tell(&mut self, event: Event, voice: &Voice) {
        match event {
            // Progress has its own line; damage is told place by place.
            Event::Progress(_) | Event::Notice { about: About::Damage, .. } => {}
            Event::Notice { text, .. } => voice.tell(text),
            Event::SectorsLost { range } => {
                if let Some(line) = self.lost(range) {
                    voice.tell(line);
                }
            }
            Event::SectorsRecovered { range } => voice.detail(format!("{} could be read after all", place(range))),
        }
    }

    /// A line, where this is a new place and there is still patience.
    fn lost(&mut self, range: SectorRange) -> Option<String> {
        let goes_on = self.end_of_last == Some(range.start());
        self.end_of_last = Some(range.end());
        if goes_on && self.most != u32::MAX {
            return None;
        }
        self.places = self.places.saturating_add(1);
        if self.places > self.most {
            return None;
        }
        let more = if self.places == self.most { "; more are counted, -v lists them" } else { "" };
        // The rest of the place is still to come, and may be more of the same.
        let what = match range.count().0 {
            many if many > 1 && self.most != u32::MAX => format!("sector {} and those behind it", range.start()),
            _ => place(range),
        };
        Some(format!("{what} cannot be read{more}"))
    }
}

/// `sector 5`, `12 sectors from 100`.
pub fn place(range: SectorRange) -> String {
    match range.count().0 {
        1 => format!("sector {}", range.start()),
        many => format!("{} from {}", counted(many.into(), "sector"), range.start()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sector::SectorCount;

    fn at(lba: u32) -> SectorRange {
        SectorRange::with_count(Lba(lba), SectorCount(1))
    }

    #[test]
    fn neighbours_are_one_place() {
        let mut teller = DamageTeller::new(Loudness::Normal);
        assert_eq!(teller.lost(at(100)).as_deref(), Some("sector 100 cannot be read"));
        assert_eq!(teller.lost(at(101)), None);
        assert_eq!(
            teller.lost(SectorRange::new(Lba(200), Lba(212))).as_deref(),
            Some("sector 200 and those behind it cannot be read")
        );
    }

    #[test]
    fn two_hundred_places_are_five_lines() {
        let mut teller = DamageTeller::new(Loudness::Normal);
        let lines: Vec<_> = (0..200).filter_map(|i| teller.lost(at(i * 10))).collect();
        assert_eq!(lines.len(), 5);
        assert_eq!(lines[4], "sector 40 cannot be read; more are counted, -v lists them");
    }

    #[test]
    fn who_asked_for_more_gets_all() {
        let mut teller = DamageTeller::new(Loudness::Verbose);
        assert_eq!((0..200).filter_map(|i| teller.lost(at(i))).count(), 200);
    }
}
