//! This module knows how progress is drawn on a terminal: one line that stays, messages above it.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::damage::DamageTeller;
use super::{Audience, Ending, line};
use crate::cli::voice::Voice;
use crate::event::{Event, Listener};

const REDRAWS_PER_SECOND: u8 = 4;
/// What a terminal is taken for that will not say.
const USUAL_WIDTH: usize = 80;

pub struct Terminal {
    voice: Voice,
    bar: ProgressBar,
    damage: DamageTeller,
}

impl Terminal {
    /// `None` where standard error is no terminal on which a line can be drawn again.
    pub fn new(voice: Voice) -> Option<Self> {
        let target = ProgressDrawTarget::stderr_with_hz(REDRAWS_PER_SECOND);
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        if target.is_hidden() || is_dumb {
            return None;
        }
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template("{msg}") {
            bar.set_style(style);
        }
        voice.speak_above(Some(bar.clone()));
        let damage = DamageTeller::new(voice.loudness());
        Some(Self { voice, bar, damage })
    }
}

fn width() -> usize {
    console::Term::stderr().size_checked().map_or(USUAL_WIDTH, |(_, columns)| columns.into())
}

impl Listener for Terminal {
    fn hear(&mut self, event: Event) {
        match event {
            Event::Progress(progress) => self.bar.set_message(line::for_terminal(&progress, width())),
            other => self.damage.tell(other, &self.voice),
        }
    }
}

impl Audience for Terminal {
    fn end(&mut self, ending: Ending) {
        match ending {
            Ending::Well => self.bar.finish_and_clear(),
            Ending::Badly => self.bar.abandon(),
        }
        self.voice.speak_above(None);
    }
}
