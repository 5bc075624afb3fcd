//! This module knows that SIGUSR1 asks for one line of progress, as it does of `dd`.

use super::{Audience, Ending, line};
use crate::cli::voice::Voice;
use crate::event::{Event, Listener};
use crate::linux::signals::Signals;

pub struct Signalled {
    inner: Box<dyn Audience>,
    signals: Signals,
    voice: Voice,
}

impl Signalled {
    pub fn new(inner: Box<dyn Audience>, signals: Signals, voice: Voice) -> Self {
        Self { inner, signals, voice }
    }
}

impl Listener for Signalled {
    fn hear(&mut self, event: Event) {
        if let Event::Progress(progress) = &event
            && self.signals.progress_wanted()
        {
            self.voice.insist(line::for_log(progress));
        }
        self.inner.hear(event);
    }
}

impl Audience for Signalled {
    fn end(&mut self, ending: Ending) {
        self.inner.end(ending);
    }
}
