//! This module knows who hears the events of a job: a terminal, a log, a program, nobody.

mod damage;
mod json;
mod line;
mod plain;
mod quiet;
mod signalled;
mod terminal;

pub use damage::place;

use std::sync::Arc;

use crate::cli::voice::{Form, Loudness, Voice};
use crate::clock::Clock;
use crate::event::Listener;
use crate::linux::signals::Signals;

/// How a job ended, as far as a progress line cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// A result follows; the line is cleared.
    Well,
    /// The line stays: it tells how far things got.
    Badly,
}

/// A listener that is told when there is no more to hear.
pub trait Audience: Listener {
    fn end(&mut self, ending: Ending);
}

/// Who listens for `voice`, and says what `signals` make it say.
pub fn audience(voice: &Voice, clock: Arc<dyn Clock>, signals: Signals) -> Box<dyn Audience> {
    let inner: Box<dyn Audience> = match (voice.form(), voice.loudness()) {
        (Form::Json, _) => Box::new(json::Json::new(voice.clone(), clock)),
        (Form::Text, Loudness::Quiet) => Box::new(quiet::Quiet),
        (Form::Text, _) => match terminal::Terminal::new(voice.clone()) {
            Some(terminal) => Box::new(terminal),
            None => Box::new(plain::Plain::new(voice.clone(), clock)),
        },
    };
    Box::new(signalled::Signalled::new(inner, signals, voice.clone()))
}
