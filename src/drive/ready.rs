//! This module knows how a drive is waited for: what is worth waiting for, and for how long.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::exchange::{MOVEMENT, QUESTION, Reply};
use super::{Awaiting, Condition, Door, Drive, DriveError, Work};
use crate::mmc::command::{
    Command, DiscInformation, DiscInformationKind, GetConfiguration, Read10, ReadDiscInformation, StartStopUnit,
    TestUnitReady, UnitAction, Which,
};
use crate::mmc::feature;
use crate::scsi::Sense;
use crate::sector::{Lba, SECTOR_BYTES};

const SPIN_UP_AT_MOST: Duration = Duration::from_secs(60);
/// Drives that read BD look for three kinds of discs.
const BD_SPIN_UP_AT_MOST: Duration = Duration::from_secs(120);
const WORK_AT_MOST: Duration = Duration::from_secs(60);
const REASON_AT_MOST: Duration = Duration::from_secs(10);
/// After loading, drives say "no disc" before they say "becoming ready".
const AFTER_LOADING: Duration = Duration::from_secs(15);
const NO_DISC_GRACE: Duration = Duration::from_secs(3);
const DIFFICULTY_PAUSE: Duration = Duration::from_secs(5);
/// However the states alternate, this is the end.
const ALTOGETHER_AT_MOST: Duration = Duration::from_secs(300);
/// Drives that just changed state say that they are ready, and then that they are not.
const SECOND_LOOK: Duration = Duration::from_millis(100);
/// How often a person's wish to stop is looked for.
const STOP_LATENCY: Duration = Duration::from_millis(100);

/// What one look at the drive shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TrayState {
    Ready,
    Open,
    Empty,
    NotReady(Awaiting),
}

/// What is to be done about the answer to TEST UNIT READY.
enum Step {
    Ready,
    /// Wait while the drive says so, within `limit`.
    Wait {
        awaiting: Awaiting,
        limit: Duration,
        pause: Pause,
        then: Then,
    },
    Fail(DriveError),
}

/// How long until the next look.
#[derive(Clone, Copy)]
enum Pause {
    /// Half a second at first, then a second.
    Short,
    Fixed(Duration),
}

/// What the end of waiting means.
enum Then {
    GiveUp,
    /// The drive never said why: look at it from other sides.
    Judge,
    /// Longer for drives that read BD.
    AskForBd,
    Fail(DriveError),
}

/// How long what is being waited for.
struct Watch {
    begun: Duration,
    current: Option<(Awaiting, Duration)>,
    told: Option<Awaiting>,
    starts: u8,
    difficulties: u8,
    read_tried: Tried,
    /// Consecutive answers of "ready" that are still wanted.
    looks: u8,
}

#[derive(Clone, Copy, PartialEq)]
enum Tried {
    Not,
    Reads,
    Fails,
}

impl Watch {
    fn new(now: Duration) -> Self {
        Self { begun: now, current: None, told: None, starts: 0, difficulties: 0, read_tried: Tried::Not, looks: 1 }
    }

    /// How long the drive has been in this state without a break.
    fn in_state(&mut self, awaiting: Awaiting, now: Duration) -> Duration {
        let since = match self.current {
            Some((before, since)) if before.is_same_as(&awaiting) => since,
            _ => now,
        };
        self.current = Some((awaiting, since));
        now.saturating_sub(since)
    }
}

impl Drive {
    /// One look, without waiting.
    ///
    /// # Errors
    /// Where the drive is gone, or fails.
    pub fn look(&mut self) -> Result<TrayState, DriveError> {
        let sense = match self.test_unit_ready()? {
            Reply::Good { .. } | Reply::Remarked { .. } => return Ok(TrayState::Ready),
            Reply::Busy | Reply::Reserved => return Ok(TrayState::NotReady(Awaiting::Idle)),
            Reply::Refused(sense) => sense,
        };
        Ok(match Condition::of(&sense) {
            Condition::TrayOpen => TrayState::Open,
            Condition::NoDisc(Door::Closed) => TrayState::Empty,
            Condition::NoDisc(Door::Unknown) => match self.media_status()? {
                Some(status) if status.tray_open => TrayState::Open,
                Some(_) | None => TrayState::Empty,
            },
            condition => match awaited(condition, sense.progress()) {
                Some(awaiting) => TrayState::NotReady(awaiting),
                None => match condition {
                    Condition::NotResponding | Condition::NoSuchUnit => return Err(DriveError::Gone),
                    Condition::NeedsHand | Condition::TrayFailed => return Err(DriveError::NeedsHand(sense)),
                    _ => TrayState::Ready,
                },
            },
        })
    }

    /// Waits until the disc can be read, for as long as that can be expected to help: up to a minute, two for drives
    /// that read BD. `told` hears what is awaited, again where it changes or makes progress.
    ///
    /// # Errors
    /// Where waiting is of no use, took too long, or `stop` was set.
    pub fn wait_until_ready(&mut self, stop: &AtomicBool, told: &mut dyn FnMut(Awaiting)) -> Result<(), DriveError> {
        let mut watch = Watch::new(self.clock.now());
        if self.loaded_within(AFTER_LOADING) {
            watch.looks = 2;
        }
        loop {
            if stop.load(Ordering::Relaxed) {
                return Err(DriveError::Stopped);
            }
            let before = self.news;
            let reply = self.test_unit_ready()?;
            if self.news != before {
                watch.looks = 2;
            }
            let step = match reply {
                Reply::Good { .. } | Reply::Remarked { .. } => Step::Ready,
                Reply::Busy | Reply::Reserved => wait(Awaiting::Idle, WORK_AT_MOST, Then::GiveUp),
                Reply::Refused(sense) => self.step(&sense, &mut watch)?,
            };
            match step {
                Step::Ready => {
                    watch.looks = watch.looks.saturating_sub(1);
                    if watch.looks == 0 {
                        return Ok(());
                    }
                    self.clock.sleep(SECOND_LOOK);
                }
                Step::Fail(error) => return Err(error),
                Step::Wait { awaiting, limit, pause, then } => {
                    watch.looks = 2;
                    let now = self.clock.now();
                    let waited = watch.in_state(awaiting, now);
                    if waited >= limit || now.saturating_sub(watch.begun) >= ALTOGETHER_AT_MOST {
                        match self.at_the_end(awaiting, then, waited)? {
                            Step::Ready => return Ok(()),
                            Step::Fail(error) => return Err(error),
                            Step::Wait { .. } => {}
                        }
                    }
                    if watch.told != Some(awaiting) {
                        told(awaiting);
                        watch.told = Some(awaiting);
                    }
                    self.sleep_unless(stop, pause.after(waited))?;
                }
            }
        }
    }

    /// Waiting that is not told, for when the drive lost its readiness in the middle of something.
    pub(super) fn wait_until_ready_again(&mut self) -> Result<(), DriveError> {
        let stop = Arc::clone(&self.stop);
        self.wait_until_ready(&stop, &mut |_| {})
    }

    fn test_unit_ready(&mut self) -> Result<Reply, DriveError> {
        self.exchange_within(&TestUnitReady.cdb(), &mut [], QUESTION, Duration::ZERO)
    }

    /// What this answer asks for. Starts the spindle where the drive waits for that.
    fn step(&mut self, sense: &Sense, watch: &mut Watch) -> Result<Step, DriveError> {
        let condition = Condition::of(sense);
        match condition {
            Condition::NoDisc(door) => return self.no_disc(door, watch),
            Condition::TrayOpen if self.loaded_within(AFTER_LOADING) => {
                return Ok(wait(Awaiting::Disc, AFTER_LOADING, Then::Fail(DriveError::TrayOpen)));
            }
            Condition::TrayOpen => return Ok(Step::Fail(DriveError::TrayOpen)),
            Condition::NeedsHand | Condition::TrayFailed => return Ok(Step::Fail(DriveError::NeedsHand(*sense))),
            Condition::NotResponding | Condition::NoSuchUnit => return Ok(Step::Fail(DriveError::Gone)),
            Condition::NeedsStart => self.start(watch)?,
            Condition::Formatting if self.reads_while_formatting(watch)? => return Ok(Step::Ready),
            _ => {}
        }
        let Some(awaiting) = awaited(condition, sense.progress()) else { return Ok(Step::Ready) };
        match awaiting {
            Awaiting::SpinUp => Ok(wait(awaiting, SPIN_UP_AT_MOST, Then::AskForBd)),
            Awaiting::Reason => Ok(wait(awaiting, REASON_AT_MOST, Then::Judge)),
            Awaiting::Disc => Ok(wait(awaiting, AFTER_LOADING, Then::Fail(DriveError::NoDisc))),
            Awaiting::Recognition => self.difficulty(watch, awaiting, 2, DriveError::DiscUnreadable(*sense)),
            Awaiting::Recovery => self.difficulty(watch, awaiting, 1, DriveError::Hardware(*sense)),
            Awaiting::Format { .. }
            | Awaiting::Operation { .. }
            | Awaiting::LongWrite { .. }
            | Awaiting::SelfTest { .. }
            | Awaiting::Idle => Ok(Step::Wait {
                awaiting,
                limit: WORK_AT_MOST,
                pause: Pause::Fixed(Duration::from_secs(1)),
                then: Then::GiveUp,
            }),
        }
    }

    /// START; where that did not help, STOP and START.
    fn start(&mut self, watch: &mut Watch) -> Result<(), DriveError> {
        let actions: &[UnitAction] = match watch.starts {
            0 => &[UnitAction::Start],
            1 => &[UnitAction::Stop, UnitAction::Start],
            _ => &[],
        };
        watch.starts = watch.starts.saturating_add(1);
        for &action in actions {
            self.start_stop(action)?;
        }
        Ok(())
    }

    /// The answer is of no interest: the next look tells whether it helped.
    fn start_stop(&mut self, action: UnitAction) -> Result<(), DriveError> {
        let cdb = StartStopUnit { immediate: false, action }.cdb();
        self.exchange_within(&cdb, &mut [], MOVEMENT, super::exchange::BUSY_AT_MOST).map(drop)
    }

    /// Formatting in the background lets reads through.
    fn reads_while_formatting(&mut self, watch: &mut Watch) -> Result<bool, DriveError> {
        if watch.read_tried != Tried::Not {
            return Ok(watch.read_tried == Tried::Reads);
        }
        let mut sector = [0; SECTOR_BYTES];
        let cdb = Read10 { start: Lba(0), count: 1, dpo: false, fua: false }.cdb();
        let reply = self.exchange_within(&cdb, &mut sector, MOVEMENT, Duration::ZERO)?;
        let reads = reply == Reply::Good { transferred: SECTOR_BYTES };
        watch.read_tried = if reads { Tried::Reads } else { Tried::Fails };
        Ok(reads)
    }

    fn no_disc(&mut self, door: Door, watch: &Watch) -> Result<Step, DriveError> {
        let wait = |limit, then| wait(Awaiting::Disc, limit, then);
        let status = match door {
            Door::Unknown => self.media_status()?,
            Door::Closed => None,
        };
        let loaded = self.loaded_within(AFTER_LOADING);
        Ok(match (door, status) {
            (Door::Unknown, Some(status)) if status.tray_open && !loaded => Step::Fail(DriveError::TrayOpen),
            _ if loaded || watch.current.is_some_and(|(a, _)| a == Awaiting::SpinUp) => {
                wait(AFTER_LOADING, Then::Fail(DriveError::NoDisc))
            }
            (Door::Closed, _) => wait(NO_DISC_GRACE, Then::Fail(DriveError::NoDisc)),
            (Door::Unknown, Some(status)) if !status.present => wait(NO_DISC_GRACE, Then::Fail(DriveError::NoDisc)),
            (Door::Unknown, _) => wait(AFTER_LOADING, Then::Fail(DriveError::NoDisc)),
        })
    }

    /// A few more looks with long pauses, and one start, before it is taken for good.
    fn difficulty(
        &mut self,
        watch: &mut Watch,
        awaiting: Awaiting,
        looks: u8,
        error: DriveError,
    ) -> Result<Step, DriveError> {
        if watch.difficulties >= looks {
            return Ok(Step::Fail(error));
        }
        watch.difficulties = watch.difficulties.saturating_add(1);
        if awaiting == Awaiting::Recognition && watch.difficulties == looks && watch.starts == 0 {
            self.start(watch)?;
        }
        let limit = ALTOGETHER_AT_MOST;
        Ok(Step::Wait { awaiting, limit, pause: Pause::Fixed(DIFFICULTY_PAUSE), then: Then::Fail(error) })
    }

    /// The time for this is over. `Wait` where it is not, for this drive.
    fn at_the_end(&mut self, awaiting: Awaiting, then: Then, waited: Duration) -> Result<Step, DriveError> {
        let give_up = Ok(Step::Fail(DriveError::NotReadyInTime(awaiting)));
        match then {
            Then::GiveUp => give_up,
            Then::Fail(error) => Ok(Step::Fail(error)),
            Then::AskForBd if waited < BD_SPIN_UP_AT_MOST && self.reads_bd()? => {
                Ok(wait(awaiting, BD_SPIN_UP_AT_MOST, Then::GiveUp))
            }
            Then::AskForBd => give_up,
            Then::Judge => match self.media_status()? {
                Some(status) if status.tray_open => Ok(Step::Fail(DriveError::TrayOpen)),
                Some(status) if !status.present => Ok(Step::Fail(DriveError::NoDisc)),
                // Who can tell the disc's state has recognised it, whatever TEST UNIT READY says.
                Some(_) | None => match self.disc_information()? {
                    Some(_) => Ok(Step::Ready),
                    None => give_up,
                },
            },
        }
    }

    pub(super) fn disc_information(&mut self) -> Result<Option<DiscInformation>, DriveError> {
        const LENGTH: u16 = 34;
        self.ask(&ReadDiscInformation { kind: DiscInformationKind::Standard, allocation: LENGTH }, LENGTH)
    }

    /// Whether the drive can read BD at all; asked once.
    fn reads_bd(&mut self) -> Result<bool, DriveError> {
        if let Some(known) = self.reads_bd {
            return Ok(known);
        }
        const LENGTH: u16 = 64;
        let question = GetConfiguration { which: Which::One, from: feature::code::BD_READ, allocation: LENGTH };
        let answer: Option<crate::mmc::command::Configuration> = self.ask(&question, LENGTH)?;
        let known = answer.is_some_and(|a| a.feature(feature::code::BD_READ).is_some());
        self.reads_bd = Some(known);
        Ok(known)
    }

    /// Whether this program closed the tray not longer ago than that.
    fn loaded_within(&self, time: Duration) -> bool {
        self.loaded_at.is_some_and(|at| self.clock.now().saturating_sub(at) < time)
    }

    /// Sleeps for a while, but not much longer than a person wants.
    pub(super) fn rest(&self, time: Duration) -> Result<(), DriveError> {
        self.sleep_unless(&self.stop, time)
    }

    fn sleep_unless(&self, stop: &AtomicBool, time: Duration) -> Result<(), DriveError> {
        let mut left = time;
        while !left.is_zero() {
            if stop.load(Ordering::Relaxed) {
                return Err(DriveError::Stopped);
            }
            let nap = left.min(STOP_LATENCY);
            self.clock.sleep(nap);
            left = left.saturating_sub(nap);
        }
        Ok(())
    }
}

fn wait(awaiting: Awaiting, limit: Duration, then: Then) -> Step {
    Step::Wait { awaiting, limit, pause: Pause::Short, then }
}

/// What has to happen before a drive in this condition is ready; `None` where nothing would, or it is.
fn awaited(condition: Condition, progress: Option<f64>) -> Option<Awaiting> {
    Some(match condition {
        Condition::BecomingReady | Condition::NotConfigured | Condition::NeedsStart => Awaiting::SpinUp,
        Condition::NotReady | Condition::NothingReported | Condition::Unexplained(_) => Awaiting::Reason,
        // News that never ends.
        Condition::Changed
        | Condition::Reset
        | Condition::ParametersChanged
        | Condition::FirmwareChanged
        | Condition::EjectPressed
        | Condition::ChangerMoved => Awaiting::Reason,
        Condition::Formatting => Awaiting::Format { progress },
        Condition::Busy(Work::Operation) | Condition::OutOfOrder => Awaiting::Operation { progress },
        Condition::Busy(Work::LongWrite) => Awaiting::LongWrite { progress },
        Condition::Busy(Work::SelfTest) => Awaiting::SelfTest { progress },
        Condition::NoDisc(_) | Condition::TrayOpen => Awaiting::Disc,
        Condition::DiscUnreadable(_) | Condition::Unreadable { .. } => Awaiting::Recognition,
        Condition::LinkTrouble
        | Condition::StreamLost
        | Condition::Aborted
        | Condition::CleaningRequested
        | Condition::GaveUp
        | Condition::InternalFailure
        | Condition::UnitFailure
        | Condition::DriveFailed => Awaiting::Recovery,
        Condition::NotResponding | Condition::NoSuchUnit | Condition::NeedsHand | Condition::TrayFailed => return None,
        // Refusals and remarks, which are no states: the drive would say the same for ever.
        Condition::Unsupported
        | Condition::NotWithThisDisc
        | Condition::WrongKind
        | Condition::RemovalPrevented
        | Condition::WriteProtected
        | Condition::Protected(_)
        | Condition::Beyond
        | Condition::EndOfArea
        | Condition::Blank
        | Condition::AudioStatus
        | Condition::Recovered
        | Condition::RecoveredHot
        | Condition::FailurePredicted => return None,
    })
}

impl Pause {
    fn after(self, waited: Duration) -> Duration {
        match self {
            Self::Fixed(pause) => pause,
            Self::Short if waited < Duration::from_secs(5) => Duration::from_millis(500),
            Self::Short => Duration::from_secs(1),
        }
    }
}

#[cfg(test)]
mod tests;
