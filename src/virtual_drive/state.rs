//! This module knows the state of the drive between two commands: tray, disc, readiness, attentions and locks.

use std::collections::VecDeque;
use std::time::Duration;

use super::disc::Disc;
use super::fault::{Failure, MEDIUM_CHANGED, RESET};
use super::work::{Task, Work};
use crate::scsi::{Sense, SenseKey};

const TRAY_OPEN: Sense = Sense::new(SenseKey::NotReady, 0x3A, 0x02);
const NO_DISC: Sense = Sense::new(SenseKey::NotReady, 0x3A, 0x01);

/// Where the tray is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tray {
    #[default]
    Closed,
    Open,
}

/// Whether the tray may be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Removal {
    #[default]
    Allowed,
    Prevented,
}

/// Whether anybody is at the other end of the cable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Presence {
    #[default]
    Here,
    Gone,
}

/// What has happened to the medium since GET EVENT STATUS NOTIFICATION was last asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happened {
    NewDisc,
    Removed,
}

/// What a load takes until commands are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settling {
    pub time: Duration,
    pub sense: Sense,
}

/// The disc in the tray, and the one that lies beside the drive.
#[derive(Default)]
pub struct Discs {
    pub inside: Option<Box<dyn Disc>>,
    pub outside: Option<Box<dyn Disc>>,
}

/// Everything that outlasts a command, but for time and faults.
#[derive(Default)]
pub struct State {
    disc: Option<Box<dyn Disc>>,
    /// Lies ready for who wants to swap.
    other: Option<Box<dyn Disc>>,
    tray: Tray,
    attentions: VecDeque<Sense>,
    removal: Removal,
    presence: Presence,
    /// Not ready before this, and what the drive says until then.
    settling: Option<(Duration, Sense)>,
    happened: Option<Happened>,
    /// What the drive is busy with.
    work: Option<Work>,
    /// Every read fails so, until the disc is loaded again.
    pub mad: Option<Failure>,
}

impl State {
    /// A drive with this in its tray, which has been there for a while, or goes on settling.
    pub fn new(discs: Discs, tray: Tray, now: Duration, settling: Option<Settling>) -> Self {
        let mut state = Self { disc: discs.inside, other: discs.outside, tray, ..Self::default() };
        if state.loaded().is_some() {
            state.settle(now, settling);
        }
        state
    }

    /// The disc where it can be reached: in the closed drive.
    pub fn loaded(&self) -> Option<&dyn Disc> {
        if self.tray == Tray::Open { None } else { self.disc.as_deref() }
    }

    pub fn loaded_mut(&mut self) -> Option<&mut (dyn Disc + 'static)> {
        if self.tray == Tray::Open { None } else { self.disc.as_deref_mut() }
    }

    pub fn tray(&self) -> Tray {
        self.tray
    }

    pub fn removal(&self) -> Removal {
        self.removal
    }

    pub fn set_removal(&mut self, removal: Removal) {
        self.removal = removal;
    }

    pub fn presence(&self) -> Presence {
        self.presence
    }

    pub fn pull_the_cable(&mut self) {
        self.presence = Presence::Gone;
    }

    /// Whether a command that needs the disc can run.
    ///
    /// # Errors
    /// What the drive says where it cannot.
    pub fn readiness(&self) -> Result<(), Sense> {
        match (self.tray, &self.disc, self.settling) {
            (Tray::Open, _, _) => Err(TRAY_OPEN),
            (Tray::Closed, None, _) => Err(NO_DISC),
            (Tray::Closed, Some(_), Some((_, sense))) => Err(sense),
            (Tray::Closed, Some(_), None) => Ok(()),
        }
    }

    /// From now on, the drive is busy with this.
    pub fn begin(&mut self, work: Work) {
        self.work = Some(work);
    }

    /// What it was busy with is done.
    pub fn finish(&mut self) {
        if let Some(happened) = self.work.take().and_then(|work| work.happened()) {
            self.happened = Some(happened);
        }
    }

    /// Until when it is busy.
    pub fn busy_until(&self) -> Duration {
        self.work.map_or(Duration::ZERO, |work| work.until())
    }

    /// Whether it is busy with formatting.
    pub fn is_formatting(&self, now: Duration) -> bool {
        self.work.is_some_and(|work| work.task == Task::Format && now < work.until())
    }

    /// The power was off: what the drive was busy with is forgotten.
    pub fn power_on(&mut self, now: Duration, settling: Option<Settling>) {
        self.work = None;
        self.mad = None;
        self.settling = None;
        if self.loaded().is_some() {
            self.settle(now, settling);
        }
    }

    /// What the drive says while it is busy; once it is done, nothing.
    pub fn busy(&mut self, now: Duration) -> Option<Sense> {
        let told = self.work.as_mut()?.tell(now);
        if told.is_none() {
            self.finish();
        }
        told
    }

    /// Time has passed.
    pub fn note_time(&mut self, now: Duration) {
        if self.settling.is_some_and(|(until, _)| now >= until) {
            self.settling = None;
            self.raise(MEDIUM_CHANGED);
        }
    }

    /// Before anything else, the drive has to tell this.
    pub fn raise(&mut self, attention: Sense) {
        if !self.attentions.contains(&attention) {
            self.attentions.push_back(attention);
        }
    }

    pub fn take_attention(&mut self) -> Option<Sense> {
        self.attentions.pop_front()
    }

    pub fn take_happened(&mut self) -> Option<Happened> {
        self.happened.take()
    }

    pub fn open_tray(&mut self) {
        if self.tray == Tray::Closed {
            self.tray = Tray::Open;
            self.work = None;
            self.settling = None;
            self.mad = None;
            self.happened = self.disc.is_some().then_some(Happened::Removed);
        }
    }

    pub fn close_tray(&mut self, now: Duration, settling: Option<Settling>) {
        if self.tray == Tray::Open {
            self.tray = Tray::Closed;
            if self.disc.is_some() {
                self.happened = Some(Happened::NewDisc);
                self.settle(now, settling);
                if self.settling.is_none() {
                    self.raise(MEDIUM_CHANGED);
                }
            }
        }
    }

    /// Out with the one disc, in with the other, as fast as nobody is.
    pub fn swap(&mut self) {
        std::mem::swap(&mut self.disc, &mut self.other);
        self.work = None;
        self.settling = None;
        self.mad = None;
        self.happened = self.disc.is_some().then_some(Happened::NewDisc);
        self.raise(MEDIUM_CHANGED);
    }

    /// The bus was reset: locks are forgotten, and everybody is told.
    pub fn reset(&mut self) {
        self.removal = Removal::Allowed;
        self.raise(RESET);
    }

    fn settle(&mut self, now: Duration, settling: Option<Settling>) {
        self.settling = settling.map(|settling| (now.saturating_add(settling.time), settling.sense));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::virtual_drive::disc::{Blank, DiscKind};
    use crate::virtual_drive::fault::BECOMING_READY;

    fn blank() -> Discs {
        Discs { inside: Some(Box::new(Blank::new(DiscKind::DvdPlusR))), outside: None }
    }

    #[test]
    fn an_open_tray_and_an_empty_drive_are_told_apart() {
        assert_eq!(State::new(Discs::default(), Tray::Closed, Duration::ZERO, None).readiness(), Err(NO_DISC));
        assert_eq!(State::new(Discs::default(), Tray::Open, Duration::ZERO, None).readiness(), Err(TRAY_OPEN));
        assert_eq!(State::new(blank(), Tray::Open, Duration::ZERO, None).readiness(), Err(TRAY_OPEN));
        assert_eq!(State::new(blank(), Tray::Closed, Duration::ZERO, None).readiness(), Ok(()));
    }

    #[test]
    fn a_disc_that_settled_is_told_as_changed_once() {
        let settling = Some(Settling { time: Duration::from_secs(12), sense: BECOMING_READY });
        let mut state = State::new(blank(), Tray::Closed, Duration::from_secs(1), settling);
        state.note_time(Duration::from_secs(12));
        assert_eq!(state.readiness(), Err(BECOMING_READY));
        state.note_time(Duration::from_secs(13));
        assert_eq!(state.readiness(), Ok(()));
        assert_eq!(state.take_attention(), Some(MEDIUM_CHANGED));
        assert_eq!(state.take_attention(), None);
    }

    #[test]
    fn out_and_in_again_is_a_new_disc() {
        let mut state = State::new(blank(), Tray::Closed, Duration::ZERO, None);
        state.open_tray();
        assert_eq!(state.take_happened(), Some(Happened::Removed));
        assert!(state.loaded().is_none());
        state.close_tray(Duration::ZERO, None);
        assert_eq!(state.take_happened(), Some(Happened::NewDisc));
        assert_eq!(state.take_attention(), Some(MEDIUM_CHANGED));
        assert!(state.loaded().is_some());
    }

    #[test]
    fn a_reset_forgets_the_lock() {
        let mut state = State::new(blank(), Tray::Closed, Duration::ZERO, None);
        state.set_removal(Removal::Prevented);
        state.reset();
        state.reset();
        assert_eq!(state.removal(), Removal::Allowed);
        assert_eq!((state.take_attention(), state.take_attention()), (Some(RESET), None));
    }
}
