//! This module knows how long things take: spin-up, seeks, rotation and transfer, on the drive's clock.

use std::sync::Arc;
use std::time::Duration;

use super::disc::{Disc, Family, Layers, TrackPath};
use crate::clock::Clock;
use crate::sector::{Lba, SectorRange};

const SECTOR_BYTES: f64 = 2048.0;

/// How the disc turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// At one angular velocity: the rate grows with the radius, up to the full speed at the outer edge.
    Cav,
    /// At one linear velocity: the rate is the same everywhere.
    Clv,
}

/// What limits the drive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pace {
    /// Nothing; only what is asked for with a number takes time.
    Unthrottled,
    Throttled {
        /// Of user data, at its best.
        bytes_per_second: f64,
        rotation: Rotation,
        /// From edge to edge.
        full_seek: Duration,
        layer_change: Duration,
    },
}

/// The time did not suffice: the drive was given up after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutOfTime;

/// Where the head is, and when it will be where.
pub struct Mechanics {
    clock: Arc<dyn Clock>,
    pace: Pace,
    spin_up: Duration,
    spinning: bool,
    surface: Surface,
    /// What SET CD SPEED or SET STREAMING asked for, in bytes a second.
    asked: Option<f64>,
    /// The sector that follows in the read-ahead.
    next: Lba,
    /// On which layer the laser is focused.
    layer: u8,
    /// When everything before `next` had been read.
    read_at: Duration,
}

impl Mechanics {
    pub fn new(clock: Arc<dyn Clock>, pace: Pace, spin_up: Duration) -> Self {
        let surface = Surface::of(None);
        Self {
            clock,
            pace,
            spin_up,
            spinning: false,
            surface,
            asked: None,
            next: Lba(0),
            layer: 0,
            read_at: Duration::ZERO,
        }
    }

    pub fn now(&self) -> Duration {
        self.clock.now()
    }

    /// Where the head is, or will be once the read-ahead is done.
    pub fn head(&self) -> Lba {
        self.next
    }

    /// Another disc, or none; it stands still.
    pub fn load(&mut self, disc: Option<&dyn Disc>) {
        self.surface = Surface::of(disc);
        self.asked = None;
        self.stop();
    }

    pub fn pace(&self) -> Pace {
        self.pace
    }

    /// The disc has changed where it is; it goes on turning.
    pub fn reload(&mut self, disc: Option<&dyn Disc>) {
        self.surface = Surface::of(disc);
    }

    pub fn stop(&mut self) {
        self.spinning = false;
        self.stand_at(Lba(0));
    }

    fn stand_at(&mut self, next: Lba) {
        self.next = next;
        self.layer = self.surface.layer(next);
    }

    /// Limits the speed, in kB/s as the command has it; `None` for the best.
    pub fn ask_speed(&mut self, kb_s: Option<u16>) {
        let times = |kb_s: u16| f64::from(kb_s) / self.surface.family.one_x_kb_s();
        self.asked = kb_s.map(|kb_s| times(kb_s).max(1.0) * self.surface.family.one_x());
    }

    /// The best speed there is, in kB/s as commands tell it.
    pub fn top_speed_kb_s(&self) -> u16 {
        self.in_kb_s(self.pace_limit())
    }

    /// The speed at the outer edge that now is set.
    pub fn speed_kb_s(&self) -> u16 {
        self.in_kb_s(self.rate_limit())
    }

    /// The speed that now is reached at `lba`.
    pub fn speed_at_kb_s(&self, lba: Lba) -> u16 {
        let share = match self.pace {
            Pace::Throttled { rotation: Rotation::Cav, .. } => self.surface.radius(lba) / self.surface.outer,
            Pace::Throttled { rotation: Rotation::Clv, .. } | Pace::Unthrottled => 1.0,
        };
        self.in_kb_s(self.rate_limit() * share)
    }

    /// When the disc turns, where it has to start turning now.
    pub fn spin(&mut self) -> Duration {
        let now = self.now();
        if self.spinning {
            return now;
        }
        self.spinning = true;
        self.read_at = now.saturating_add(self.spin_up);
        self.read_at
    }

    /// When the head stands at `lba`, which it now goes to.
    pub fn seek(&mut self, lba: Lba) -> Duration {
        let turning = self.spin();
        let Pace::Throttled { .. } = self.pace else { return turning };
        let arrived = turning.max(self.now()).saturating_add(self.seek_time(self.next, lba));
        self.stand_at(lba);
        self.read_at = arrived;
        arrived
    }

    /// When `range` has been read, if the head now goes over it; `delay` is what the sectors cost beyond that.
    /// What follows the range before is read without a pause, and was perhaps read already.
    pub fn pass(&mut self, range: SectorRange, delay: Duration) -> Duration {
        if self.spinning && delay.is_zero() && self.pace == Pace::Unthrottled {
            return Duration::ZERO;
        }
        let turning = self.spin();
        let arrived = match self.pace {
            Pace::Unthrottled => turning,
            Pace::Throttled { .. } => self.arrival(range.start()),
        };
        let done = arrived.saturating_add(self.transfer_time(range)).saturating_add(delay);
        self.next = range.end();
        if !range.is_empty() {
            self.layer = self.surface.layer(Lba(range.end().0.saturating_sub(1)));
        }
        self.read_at = done;
        done
    }

    /// Time passes, for nothing that anybody could give up.
    pub fn delay(&self, time: Duration) {
        self.clock.sleep(time);
    }

    /// Waits until a moment that [`Mechanics::pass`] and its sisters told.
    pub fn wait_until(&self, moment: Duration, timeout: Duration) -> Result<(), OutOfTime> {
        if moment.is_zero() {
            return Ok(());
        }
        let wait = moment.saturating_sub(self.now());
        if wait > timeout {
            self.clock.sleep(timeout);
            return Err(OutOfTime);
        }
        if !wait.is_zero() {
            self.clock.sleep(wait);
        }
        Ok(())
    }

    /// When the head is at `start`: at once where the read-ahead leads there.
    fn arrival(&self, start: Lba) -> Duration {
        let now = self.now();
        let ahead = SectorRange::new(self.next, start);
        let passing = self.transfer_time(ahead);
        let follows = start >= self.next && ahead.count().bytes() <= u64::from(self.surface.family.buffer_bytes());
        if follows && passing <= self.seek_time(self.next, start) {
            // The read-ahead stops where the buffer is full, however long nobody asks.
            let buffered = seconds(f64::from(self.surface.family.buffer_bytes()) / self.rate_limit());
            let refocused = if ahead.is_empty() { self.refocus(start) } else { Duration::ZERO };
            return self.read_at.max(now.saturating_sub(buffered)).saturating_add(refocused).saturating_add(passing);
        }
        now.saturating_add(self.seek_time(self.next, start))
    }

    fn seek_time(&self, from: Lba, to: Lba) -> Duration {
        const SETTLE: f64 = 0.02;
        match self.pace {
            _ if from == to => Duration::ZERO,
            Pace::Unthrottled => Duration::ZERO,
            Pace::Throttled { full_seek, .. } => {
                let way = (self.surface.radius(from) - self.surface.radius(to)).abs();
                let share = way / (self.surface.outer - self.surface.inner);
                let settle = SETTLE.min(full_seek.as_secs_f64());
                let moving = settle + (full_seek.as_secs_f64() - settle) * share.min(1.0);
                seconds(moving).saturating_add(self.refocus(to))
            }
        }
    }

    fn refocus(&self, to: Lba) -> Duration {
        match self.pace {
            Pace::Throttled { layer_change, .. } if self.surface.layer(to) != self.layer => layer_change,
            Pace::Throttled { .. } | Pace::Unthrottled => Duration::ZERO,
        }
    }

    fn transfer_time(&self, range: SectorRange) -> Duration {
        let Pace::Throttled { rotation, layer_change, .. } = self.pace else { return Duration::ZERO };
        let rate = self.rate_limit();
        let one_layer = |part: SectorRange| match rotation {
            Rotation::Clv => f64::from(part.count().0) * SECTOR_BYTES / rate,
            Rotation::Cav => self.surface.cav_seconds(part, rate),
        };
        match self.surface.layers {
            Layers::Two { break_at, .. } if range.start() < break_at && break_at < range.end() => {
                let (below, above) = range.split_at(break_at);
                seconds(one_layer(below) + one_layer(above)).saturating_add(layer_change)
            }
            Layers::One | Layers::Two { .. } => seconds(one_layer(range)),
        }
    }

    fn pace_limit(&self) -> f64 {
        match self.pace {
            Pace::Unthrottled => typical_times(self.surface.family) * self.surface.family.one_x(),
            Pace::Throttled { bytes_per_second, .. } => bytes_per_second.max(1.0),
        }
    }

    fn rate_limit(&self) -> f64 {
        self.asked.map_or(self.pace_limit(), |asked| asked.min(self.pace_limit()))
    }

    fn in_kb_s(&self, bytes_per_second: f64) -> u16 {
        let family = self.surface.family;
        let kb_s = (bytes_per_second / family.one_x() * family.one_x_kb_s()).round();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float saturates")]
        let whole = kb_s as u16;
        whole
    }
}

/// What a drive says of itself that has no limit: something to put into mode page 2Ah.
fn typical_times(family: Family) -> f64 {
    match family {
        Family::Cd => 48.0,
        Family::Dvd => 16.0,
        Family::Bd => 12.0,
    }
}

fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or(Duration::ZERO)
}

/// The disc as a spiral. Radii in millimetres.
struct Surface {
    family: Family,
    layers: Layers,
    inner: f64,
    outer: f64,
    /// Sectors between the two.
    sectors: f64,
}

impl Surface {
    fn of(disc: Option<&dyn Disc>) -> Self {
        let family = disc.map_or(Family::Cd, |disc| disc.kind().family());
        let layers = disc.map_or(Layers::One, Disc::layers);
        let (inner, outer) = family.radii_mm();
        let on_a_layer = |disc: &dyn Disc| {
            let end = disc.readable_end().0;
            let longest = match disc.layers() {
                Layers::One => end,
                Layers::Two { break_at, .. } => break_at.0.max(end.saturating_sub(break_at.0)),
            };
            disc.kind().layer_capacity().0.max(longest)
        };
        Self { family, layers, inner, outer, sectors: f64::from(disc.map_or(1, on_a_layer).max(1)) }
    }

    fn layer(&self, lba: Lba) -> u8 {
        match self.layers {
            Layers::Two { break_at, .. } if lba >= break_at => 1,
            Layers::One | Layers::Two { .. } => 0,
        }
    }

    /// Sectors from the inner edge, on its layer.
    fn place(&self, lba: Lba) -> f64 {
        match self.layers {
            Layers::Two { break_at, path } if lba >= break_at => {
                let above = f64::from(lba.0) - f64::from(break_at.0);
                match path {
                    TrackPath::Parallel => above,
                    TrackPath::Opposite => (f64::from(break_at.0) - above).max(0.0),
                }
            }
            Layers::One | Layers::Two { .. } => f64::from(lba.0),
        }
    }

    /// The square of the radius grows by this with each sector.
    fn growth(&self) -> f64 {
        (self.outer.powi(2) - self.inner.powi(2)) / self.sectors
    }

    fn radius_at(&self, place: f64) -> f64 {
        (self.inner.powi(2) + place.min(self.sectors) * self.growth()).sqrt()
    }

    fn radius(&self, lba: Lba) -> f64 {
        self.radius_at(self.place(lba))
    }

    /// The integral of 1 / rate over sectors of one layer, where the rate is `outer_rate` at the outer edge.
    fn cav_seconds(&self, range: SectorRange, outer_rate: f64) -> f64 {
        let first = self.place(range.start());
        let length = f64::from(range.count().0);
        let last = match self.layers {
            Layers::Two { break_at, path: TrackPath::Opposite } if range.start() >= break_at => first - length,
            Layers::One | Layers::Two { .. } => first + length,
        };
        let way = (self.radius_at(last.max(0.0)) - self.radius_at(first)).abs();
        SECTOR_BYTES * self.outer / outer_rate * 2.0 * way / self.growth()
    }
}

#[cfg(test)]
mod tests;
