//! This module knows how a job tells what it does without ever waiting for who listens.
//!
//! The job counts in atomics and sends its events down a channel; one thread of this module turns both into what the
//! listener hears. So a terminal that hangs holds up nobody's drive.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};

use super::{About, Event, Listener, Phase, Progress};
use crate::clock::Clock;
use crate::pipeline::Eta;
use crate::sector::{Lba, SectorCount};

/// Progress is told this often, while there is any.
const PULSE: Duration = Duration::from_millis(250);
/// Without a sign of the job for this long, progress is told all the same: the clock on the screen goes on.
const QUIET: Duration = Duration::from_millis(500);
/// Speed is the mean of so much time.
const SPEED_WINDOW: Duration = Duration::from_secs(3);
/// A command that runs for longer is worth a word.
const LONG_COMMAND: Duration = Duration::from_secs(2);
/// Events that may wait for a slow listener; progress beyond that is left out, notices wait.
const WAITING_EVENTS: usize = 1024;

/// What can be asked of a drive while it works.
pub trait Watch: Sync {
    /// Time that it had a command to work on.
    fn busy(&self) -> Duration;
    /// How long the command under way has been running.
    fn under_way_for(&self) -> Option<Duration>;
}

/// For jobs without a drive.
pub struct NoDrive;

impl Watch for NoDrive {
    fn busy(&self) -> Duration {
        Duration::ZERO
    }

    fn under_way_for(&self) -> Option<Duration> {
        None
    }
}

/// How a phase is measured.
#[derive(Debug, Clone, Copy, Default)]
pub struct Scale {
    /// Bytes a second that 1x means; `None` for files.
    pub one_x: Option<f64>,
    /// Where a second layer begins, read from the outside in.
    pub layer_break: Option<Lba>,
}

enum Told {
    Event(Event),
    Begin { phase: Phase, done: SectorCount, of: SectorCount, scale: Scale },
    Pulse,
    End { done: SectorCount },
}

#[derive(Default)]
struct Gauge {
    done: AtomicU32,
    bad: AtomicU32,
    /// Thousandths of the ring that are full.
    buffer: AtomicU32,
}

/// The job's end: tells, and does not wait, unless a thousand events wait to be heard.
pub struct Teller<'a> {
    told: Sender<Told>,
    gauge: &'a Gauge,
    clock: &'a dyn Clock,
    last_pulse: std::cell::Cell<Duration>,
}

impl Teller<'_> {
    /// Says `event`.
    pub fn event(&self, event: Event) {
        let _ = self.told.send(Told::Event(event));
    }

    /// Says a sentence.
    pub fn notice(&self, about: About, text: impl Into<String>) {
        self.event(Event::Notice { about, text: text.into() });
    }

    /// A phase of `of` sectors begins, `done` of which are done already.
    pub fn begin(&self, phase: Phase, done: SectorCount, of: SectorCount, scale: Scale) {
        self.gauge.done.store(done.0, Ordering::Relaxed);
        let _ = self.told.send(Told::Begin { phase, done, of, scale });
    }

    /// So many sectors of the phase are done by now.
    pub fn done(&self, done: SectorCount) {
        self.gauge.done.store(done.0, Ordering::Relaxed);
        self.pulse();
    }

    /// `count` more sectors of the phase are done.
    pub fn advance(&self, count: SectorCount) {
        self.gauge.done.fetch_add(count.0, Ordering::Relaxed);
        self.pulse();
    }

    /// So many sectors are bad by now.
    pub fn bad(&self, bad: SectorCount) {
        self.gauge.bad.store(bad.0, Ordering::Relaxed);
    }

    /// So full is the ring, 0 to 1.
    pub fn buffer(&self, share: f32) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=1000")]
        self.gauge.buffer.store((share.clamp(0.0, 1.0) * 1000.0) as u32, Ordering::Relaxed);
    }

    /// The phase has ended; progress is told once more.
    pub fn end(&self) {
        let _ = self.told.send(Told::End { done: SectorCount(self.gauge.done.load(Ordering::Relaxed)) });
    }

    fn pulse(&self) {
        let now = self.clock.now();
        if now.saturating_sub(self.last_pulse.get()) >= PULSE {
            self.last_pulse.set(now);
            let _ = self.told.try_send(Told::Pulse);
        }
    }
}

/// Runs `job`, and lets `listener` hear on a thread of its own what the job tells. Once `stop` is set, a notice says
/// so at once, however long the command under way still takes.
pub fn telling<R>(
    listener: &mut dyn Listener,
    clock: &dyn Clock,
    watch: &dyn Watch,
    stop: &AtomicBool,
    job: impl FnOnce(&Teller<'_>) -> R,
) -> R {
    let gauge = Gauge::default();
    let (told, hears) = bounded(WAITING_EVENTS);
    thread::scope(|scope| {
        let reporter = Reporter { gauge: &gauge, clock, watch, stop, told_to_stop: false, listener, phase: None };
        scope.spawn(move || reporter.run(&hears));
        let teller = Teller { told, gauge: &gauge, clock, last_pulse: std::cell::Cell::new(Duration::ZERO) };
        job(&teller)
    })
}

struct Reporter<'a> {
    gauge: &'a Gauge,
    clock: &'a dyn Clock,
    watch: &'a dyn Watch,
    stop: &'a AtomicBool,
    told_to_stop: bool,
    listener: &'a mut dyn Listener,
    phase: Option<RunningPhase>,
}

struct RunningPhase {
    phase: Phase,
    of: SectorCount,
    scale: Scale,
    since: Duration,
    busy_before: Duration,
    eta: Eta,
    samples: VecDeque<(Duration, u32)>,
}

impl Reporter<'_> {
    fn run(mut self, hears: &Receiver<Told>) {
        loop {
            match hears.recv_timeout(QUIET) {
                Ok(Told::Event(event)) => self.listener.hear(event),
                Ok(Told::Begin { phase, done, of, scale }) => self.begin(phase, done, of, scale),
                Ok(Told::Pulse) | Err(RecvTimeoutError::Timeout) => {
                    self.progress(SectorCount(self.gauge.done.load(Ordering::Relaxed)));
                }
                Ok(Told::End { done }) => {
                    self.progress(done);
                    self.phase = None;
                }
                Err(RecvTimeoutError::Disconnected) => return,
            }
            self.hear_of_stopping();
        }
    }

    fn hear_of_stopping(&mut self) {
        if self.told_to_stop || !self.stop.load(Ordering::Relaxed) {
            return;
        }
        self.told_to_stop = true;
        let text = match self.watch.under_way_for() {
            Some(_) => "stopping; the drive finishes its last command",
            None => "stopping",
        };
        self.listener.hear(Event::Notice { about: About::Stopping, text: text.to_owned() });
    }

    fn begin(&mut self, phase: Phase, done: SectorCount, of: SectorCount, scale: Scale) {
        let mut eta = Eta::new(of);
        if let Some(at) = scale.layer_break {
            eta = eta.with_layer_break(SectorCount(at.0));
        }
        let (since, busy_before) = (self.clock.now(), self.watch.busy());
        self.phase = Some(RunningPhase { phase, of, scale, since, busy_before, eta, samples: VecDeque::new() });
        self.progress(done);
    }

    fn progress(&mut self, done: SectorCount) {
        let Some(running) = &mut self.phase else { return };
        let now = self.clock.now();
        let done = done.min(running.of);
        running.eta.note(done, now.saturating_sub(running.since));
        let elapsed = now.saturating_sub(running.since).as_secs_f64();
        let busy = self.watch.busy().saturating_sub(running.busy_before).as_secs_f64();
        // Who works without saying how far it is shows that time goes by.
        let is_untold = running.phase.is_of_the_drive_alone() && running.of.is_zero();
        let on_its_own = is_untold.then(|| now.saturating_sub(running.since));
        let progress = Progress {
            phase: running.phase,
            done,
            of: running.of,
            bytes_per_second: running.speed(now, done),
            drive_busy: (running.scale.one_x.is_some() && elapsed > 0.0).then(|| (busy / elapsed).min(1.0)),
            buffer: Some(f64::from(self.gauge.buffer.load(Ordering::Relaxed)) / 1000.0),
            bad_sectors: SectorCount(self.gauge.bad.load(Ordering::Relaxed)),
            eta: running.eta.left(),
            one_x: running.scale.one_x,
            waiting: self.watch.under_way_for().or(on_its_own).filter(|&d| d >= LONG_COMMAND),
        };
        self.listener.hear(Event::Progress(progress));
    }
}

impl RunningPhase {
    fn speed(&mut self, now: Duration, done: SectorCount) -> Option<f64> {
        self.samples.push_back((now, done.0));
        while self.samples.len() > 2
            && self.samples.get(1).is_some_and(|(at, _)| now.saturating_sub(*at) >= SPEED_WINDOW)
        {
            self.samples.pop_front();
        }
        let (at, before) = self.samples.front()?;
        let seconds = now.saturating_sub(*at).as_secs_f64();
        let bytes = SectorCount(done.0.saturating_sub(*before)).bytes();
        #[expect(clippy::cast_precision_loss, reason = "a speed is a rounded number")]
        (seconds > 0.0).then(|| bytes as f64 / seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SimulatedClock;

    fn progress_of(events: &[Event]) -> Vec<Progress> {
        events.iter().filter_map(|e| if let Event::Progress(p) = e { Some(*p) } else { None }).collect()
    }

    #[test]
    fn a_phase_is_told_from_its_beginning_to_its_end() {
        let clock = SimulatedClock::new();
        let mut heard = Vec::new();
        telling(&mut heard, &clock, &NoDrive, &AtomicBool::new(false), |teller| {
            teller.begin(Phase::Read, SectorCount(0), SectorCount(100), Scale::default());
            for _ in 0..100 {
                clock.sleep(Duration::from_millis(100));
                teller.advance(SectorCount(1));
            }
            teller.end();
        });
        let progress = progress_of(&heard);
        assert_eq!(progress.first().map(|p| p.of), Some(SectorCount(100)));
        assert_eq!(progress.last().map(|p| p.done), Some(SectorCount(100)));
    }

    #[test]
    fn a_wish_to_stop_is_told_once() {
        let mut heard = Vec::new();
        telling(&mut heard, &SimulatedClock::new(), &NoDrive, &AtomicBool::new(true), |teller| {
            teller.notice(About::Size, "one");
            teller.notice(About::Size, "two");
        });
        let stopping = |e: &&Event| matches!(e, Event::Notice { about: About::Stopping, .. });
        assert_eq!(heard.iter().filter(stopping).count(), 1);
    }

    #[test]
    fn notices_come_in_order() {
        let mut heard = Vec::new();
        telling(&mut heard, &SimulatedClock::new(), &NoDrive, &AtomicBool::new(false), |teller| {
            for n in 0..2000 {
                teller.notice(About::Size, n.to_string());
            }
        });
        let texts: Vec<_> = heard
            .iter()
            .map(|e| if let Event::Notice { text, .. } = e { text.clone() } else { String::new() })
            .collect();
        assert_eq!(texts, (0..2000).map(|n| n.to_string()).collect::<Vec<_>>());
    }
}
