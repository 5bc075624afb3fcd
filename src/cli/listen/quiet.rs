//! This module knows how to hear everything and say nothing.

use super::{Audience, Ending};
use crate::event::{Event, Listener};

pub struct Quiet;

impl Listener for Quiet {
    fn hear(&mut self, _: Event) {}
}

impl Audience for Quiet {
    fn end(&mut self, _: Ending) {}
}
