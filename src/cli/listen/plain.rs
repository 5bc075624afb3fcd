//! This module knows how progress is told where there is no terminal: whole lines, and few of them.

use std::sync::Arc;
use std::time::Duration;

use super::damage::DamageTeller;
use super::{Audience, Ending, line};
use crate::cli::quantity::percent;
use crate::cli::voice::Voice;
use crate::clock::Clock;
use crate::event::{Event, Listener, Phase, Progress};

/// The least time and the least share between two lines of a phase.
const PAUSE: Duration = Duration::from_secs(10);
const STEP_PERCENT: u64 = 5;

pub struct Plain {
    voice: Voice,
    clock: Arc<dyn Clock>,
    damage: DamageTeller,
    told: Option<Told>,
}

/// A phase that is over before this is not worth a line.
const FIRST_AFTER: Duration = Duration::from_secs(1);

struct Told {
    phase: Phase,
    began: Duration,
    /// The percentage of its last line, and when that was told.
    last: Option<(u64, Duration)>,
}

impl Plain {
    pub fn new(voice: Voice, clock: Arc<dyn Clock>) -> Self {
        let damage = DamageTeller::new(voice.loudness());
        Self { voice, clock, damage, told: None }
    }

    fn progress(&mut self, progress: &Progress) {
        let now = self.clock.now();
        let percent = percent(progress.done.0.into(), progress.of.0.into());
        let known = self.told.take().filter(|told| told.phase == progress.phase);
        let mut told = known.unwrap_or(Told { phase: progress.phase, began: now, last: None });
        let is_due = match told.last {
            None => now.saturating_sub(told.began) >= FIRST_AFTER,
            Some((before, at)) => {
                now.saturating_sub(at) >= PAUSE
                    && (progress.of.is_zero() || percent >= before.saturating_add(STEP_PERCENT))
            }
        };
        if is_due {
            self.voice.tell(line::for_log(progress));
            told.last = Some((percent, now));
        }
        self.told = Some(told);
    }
}

impl Listener for Plain {
    fn hear(&mut self, event: Event) {
        match event {
            Event::Progress(progress) => self.progress(&progress),
            other => self.damage.tell(other, &self.voice),
        }
    }
}

impl Audience for Plain {
    fn end(&mut self, _: Ending) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::voice::tests::on_paper;
    use crate::cli::voice::{Form, Loudness};
    use crate::clock::SimulatedClock;
    use crate::event::About;
    use crate::sector::{Lba, SectorCount, SectorRange};

    fn at(phase: Phase, done: u32) -> Event {
        Event::Progress(Progress { done: SectorCount(done), of: SectorCount(1000), ..Progress::begin(phase) })
    }

    #[test]
    fn an_hour_is_twenty_lines() {
        let clock = SimulatedClock::new();
        let (voice, _, err) = on_paper(Form::Text, Loudness::Normal);
        let mut plain = Plain::new(voice, Arc::new(clock.clone()));
        for done in 0..1000 {
            plain.hear(at(Phase::Read, done));
            clock.sleep(Duration::from_millis(3600));
        }
        let text = err.text();
        assert_eq!(text.lines().count(), 20);
        assert!(text.starts_with("reading  0%  0.0/2.0 MB\nreading  5%"), "{text}");
    }

    #[test]
    fn a_phase_that_is_over_at_once_is_no_line() {
        let clock = SimulatedClock::new();
        let (voice, _, err) = on_paper(Form::Text, Loudness::Normal);
        let mut plain = Plain::new(voice, Arc::new(clock.clone()));
        for done in 0..9 {
            plain.hear(at(Phase::Read, done));
            clock.sleep(Duration::from_millis(100));
        }
        plain.hear(at(Phase::Hash, 0));
        assert_eq!(err.text(), "");
        clock.sleep(Duration::from_secs(1));
        plain.hear(at(Phase::Hash, 500));
        assert_eq!(err.text(), "hashing  50%  1.0/2.0 MB\n");
    }

    #[test]
    fn a_minute_is_a_line_every_ten_seconds() {
        let clock = SimulatedClock::new();
        let (voice, _, err) = on_paper(Form::Text, Loudness::Normal);
        let mut plain = Plain::new(voice, Arc::new(clock.clone()));
        for done in 0..1000 {
            plain.hear(at(Phase::Read, done));
            clock.sleep(Duration::from_millis(60));
        }
        assert_eq!(err.text().lines().count(), 6);
    }

    #[test]
    fn notices_and_damage_are_whole_lines_without_escapes() {
        let (voice, _, err) = on_paper(Form::Text, Loudness::Normal);
        let mut plain = Plain::new(voice, Arc::new(SimulatedClock::new()));
        plain.hear(Event::Notice { about: About::Mounted, text: "mounted on /media/cdrom".to_owned() });
        plain.hear(Event::SectorsLost { range: SectorRange::new(Lba(7), Lba(8)) });
        plain.hear(Event::SectorsRecovered { range: SectorRange::new(Lba(7), Lba(8)) });
        assert_eq!(err.text(), "mounted on /media/cdrom\nsector 7 cannot be read\n");
    }
}
