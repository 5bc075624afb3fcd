//! This module knows how progress is told to a program: two lines a second at most, and always the first and the last.

use std::sync::Arc;
use std::time::Duration;

use super::{Audience, Ending};
use crate::cli::json::{Notice, ProgressLine};
use crate::cli::voice::Voice;
use crate::clock::Clock;
use crate::event::{Event, Listener, Phase, Progress};

const PAUSE: Duration = Duration::from_millis(500);

pub struct Json {
    voice: Voice,
    clock: Arc<dyn Clock>,
    told: Option<(Phase, Portion, Duration)>,
    /// What came too soon; said at the end where nothing later was.
    withheld: Option<Progress>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Portion {
    Some,
    All,
}

impl Json {
    pub fn new(voice: Voice, clock: Arc<dyn Clock>) -> Self {
        Self { voice, clock, told: None, withheld: None }
    }

    fn progress(&mut self, progress: Progress) {
        let whole = !progress.of.is_zero() && progress.done >= progress.of;
        let portion = if whole { Portion::All } else { Portion::Some };
        let now = self.clock.now();
        let due = self.told.is_none_or(|(phase, told, at)| {
            phase != progress.phase || told != portion || now.saturating_sub(at) >= PAUSE
        });
        if due {
            self.voice.json(&ProgressLine::from(&progress));
            self.told = Some((progress.phase, portion, now));
            self.withheld = None;
        } else {
            self.withheld = Some(progress);
        }
    }
}

impl Listener for Json {
    fn hear(&mut self, event: Event) {
        match event {
            Event::Progress(progress) => self.progress(progress),
            Event::Notice { about, text } => {
                self.voice.json(&Notice::new(about, &text));
                self.voice.detail(text);
            }
            // Counted in `bad_sectors`, and told place by place as `damage` in the end.
            Event::SectorsLost { .. } | Event::SectorsRecovered { .. } => {}
        }
    }
}

impl Audience for Json {
    fn end(&mut self, _: Ending) {
        if let Some(progress) = self.withheld.take() {
            self.voice.json(&ProgressLine::from(&progress));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::voice::tests::on_paper;
    use crate::cli::voice::{Form, Loudness};
    use crate::clock::SimulatedClock;
    use crate::event::About;
    use crate::sector::SectorCount;

    fn at(phase: Phase, done: u32) -> Event {
        Event::Progress(Progress { done: SectorCount(done), of: SectorCount(1000), ..Progress::begin(phase) })
    }

    #[test]
    fn two_lines_a_second_and_always_both_ends() {
        let clock = SimulatedClock::new();
        let (voice, out, _) = on_paper(Form::Json, Loudness::Normal);
        let mut json = Json::new(voice, Arc::new(clock.clone()));
        for phase in [Phase::Read, Phase::Sync] {
            for done in 0..=1000 {
                json.hear(at(phase, done));
                clock.sleep(Duration::from_millis(10));
            }
        }
        let text = out.text();
        let lines: Vec<_> = text.lines().collect();
        assert!((40..=46).contains(&lines.len()), "{}", lines.len());
        assert!(lines[0].starts_with(r#"{"event":"progress","phase":"read","sectors":0,"of":1000,"#), "{}", lines[0]);
        assert_eq!(lines.iter().filter(|l| l.contains(r#""sectors":1000,"#)).count(), 2);
    }

    #[test]
    fn the_last_word_before_a_failure_is_not_lost() {
        let clock = SimulatedClock::new();
        let (voice, out, _) = on_paper(Form::Json, Loudness::Normal);
        let mut json = Json::new(voice, Arc::new(clock));
        json.hear(at(Phase::Read, 0));
        json.hear(at(Phase::Read, 17));
        json.end(Ending::Badly);
        assert!(out.text().lines().last().unwrap().contains(r#""sectors":17,"#));
    }

    #[test]
    fn a_notice_is_a_line() {
        let (voice, out, _) = on_paper(Form::Json, Loudness::Normal);
        let mut json = Json::new(voice, Arc::new(SimulatedClock::new()));
        json.hear(Event::Notice { about: About::Speed, text: "asked for 4x, got 16x".to_owned() });
        assert_eq!(out.text(), "{\"event\":\"notice\",\"about\":\"speed\",\"text\":\"asked for 4x, got 16x\"}\n");
    }
}
