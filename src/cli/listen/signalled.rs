//! This module knows what a signal makes a listener say: that the job is stopping, or how far it is, as `dd` does.

use super::{Audience, Ending, line};
use crate::cli::voice::Voice;
use crate::event::{Event, Listener};
use crate::linux::signals::Signals;

pub struct Signalled {
    inner: Box<dyn Audience>,
    signals: Signals,
    voice: Voice,
    stopping: Stopping,
}

#[derive(PartialEq, Eq)]
enum Stopping {
    NotAsked,
    Told,
}

impl Signalled {
    pub fn new(inner: Box<dyn Audience>, signals: Signals, voice: Voice) -> Self {
        Self { inner, signals, voice, stopping: Stopping::NotAsked }
    }
}

impl Listener for Signalled {
    fn hear(&mut self, event: Event) {
        if let Event::Progress(progress) = &event
            && self.signals.progress_wanted()
        {
            self.voice.insist(line::for_log(progress));
        }
        if self.stopping == Stopping::NotAsked && self.signals.received().is_some() {
            self.stopping = Stopping::Told;
            self.voice.tell("stopping once the command under way has ended; a second signal stops at once");
        }
        self.inner.hear(event);
    }
}

impl Audience for Signalled {
    fn end(&mut self, ending: Ending) {
        self.inner.end(ending);
    }
}
