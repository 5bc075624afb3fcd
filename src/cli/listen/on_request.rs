//! This module knows how to give one line of progress to whoever asks in mid-job, as `dd` does on SIGUSR1.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Audience, Ending, line};
use crate::cli::voice::Voice;
use crate::event::{Event, Listener};

pub struct OnRequest {
    inner: Box<dyn Audience>,
    asked: Arc<AtomicBool>,
    voice: Voice,
}

impl OnRequest {
    pub fn new(inner: Box<dyn Audience>, asked: Arc<AtomicBool>, voice: Voice) -> Self {
        Self { inner, asked, voice }
    }
}

impl Listener for OnRequest {
    fn hear(&mut self, event: Event) {
        if let Event::Progress(progress) = &event
            && self.asked.swap(false, Ordering::Relaxed)
        {
            self.voice.insist(line::for_log(progress));
        }
        self.inner.hear(event);
    }
}

impl Audience for OnRequest {
    fn end(&mut self, ending: Ending) {
        self.inner.end(ending);
    }
}
