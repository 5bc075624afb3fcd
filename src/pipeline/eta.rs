//! This module knows how long the rest of a disc will take, from how long the part behind us took.

use std::time::Duration;

use crate::sector::SectorCount;

/// So many zones are told apart; more would each be too short to measure.
const ZONES: u32 = 64;
/// Before this much time and this share of the whole, any answer is a guess.
const FIRST_ANSWER: Duration = Duration::from_secs(3);
const FIRST_SHARE: f64 = 0.01;
/// Fewer zones than this make no line, and the mean has to do.
const ZONES_FOR_A_FIT: usize = 4;
/// (58 mm / 24 mm)², outermost over innermost radius: no disc makes v² grow by more than that.
const LARGEST_GROWTH: f64 = 5.84;

/// The time left of a pass over a disc.
///
/// A disc that turns at constant speed is read faster the further out the head is, and the square of the radius grows
/// with the sectors passed: v² = a + b·x. The line is fitted over zones; a zone that an error held up is left out.
#[derive(Debug, Clone)]
pub struct Eta {
    total: f64,
    /// Where a second layer begins, which is read from the outside in.
    turn: Option<f64>,
    zone: f64,
    first: Option<Point>,
    zone_start: Option<Point>,
    last: Option<Point>,
    zones: Vec<Zone>,
}

#[derive(Debug, Clone, Copy)]
struct Point {
    done: f64,
    seconds: f64,
}

#[derive(Debug, Clone, Copy)]
struct Zone {
    middle: f64,
    /// Sectors a second.
    speed: f64,
}

impl Eta {
    /// For a pass over `total` sectors.
    pub fn new(total: SectorCount) -> Self {
        let total = f64::from(total.0);
        Self {
            total,
            turn: None,
            zone: (total / f64::from(ZONES)).max(1.0),
            first: None,
            zone_start: None,
            last: None,
            zones: Vec::new(),
        }
    }

    /// The same for a disc whose second layer runs back inward from sector `layer_break` on.
    pub fn with_layer_break(self, layer_break: SectorCount) -> Self {
        Self { turn: Some(f64::from(layer_break.0)), ..self }
    }

    /// Tells that `done` of the sectors are behind us at the time `at`; both never go back.
    pub fn note(&mut self, done: SectorCount, at: Duration) {
        let point = Point { done: f64::from(done.0), seconds: at.as_secs_f64() };
        self.last = Some(point);
        self.first.get_or_insert(point);
        let start = *self.zone_start.get_or_insert(point);
        let (sectors, seconds) = (point.done - start.done, point.seconds - start.seconds);
        if sectors >= self.zone && seconds > 0.0 {
            self.zones.push(Zone { middle: self.radius_squared(start.done + sectors / 2.0), speed: sectors / seconds });
            self.zone_start = Some(point);
        }
    }

    /// The time that the rest will take; `None` while that is a guess.
    pub fn left(&self) -> Option<Duration> {
        let (first, last) = (self.first?, self.last?);
        let (done, seconds) = (last.done - first.done, last.seconds - first.seconds);
        let rest = self.total - last.done;
        if rest <= 0.0 {
            return Some(Duration::ZERO);
        }
        if seconds < FIRST_ANSWER.as_secs_f64() || done < self.total * FIRST_SHARE || done <= 0.0 {
            return None;
        }
        let by_line = self.line().and_then(|line| self.by_line(line, last.done));
        Duration::try_from_secs_f64(by_line.unwrap_or(rest * seconds / done)).ok()
    }

    /// What the square of the radius grows with: the position, mirrored at the layer break.
    fn radius_squared(&self, position: f64) -> f64 {
        match self.turn {
            Some(turn) if position > turn => 2.0 * turn - position,
            _ => position,
        }
    }

    /// `a` and `b` of v² = a + b·x by least squares.
    fn line(&self) -> Option<(f64, f64)> {
        let mut speeds: Vec<f64> = self.zones.iter().map(|z| z.speed).collect();
        speeds.sort_by(f64::total_cmp);
        let median = *speeds.get(speeds.len() / 2)?;
        let good: Vec<(f64, f64)> =
            self.zones.iter().filter(|z| z.speed > median / 2.0).map(|z| (z.middle, z.speed * z.speed)).collect();
        if good.len() < ZONES_FOR_A_FIT {
            return None;
        }
        let count: f64 = good.iter().map(|_| 1.0).sum();
        let mean_x = good.iter().map(|(x, _)| x).sum::<f64>() / count;
        let mean_y = good.iter().map(|(_, y)| y).sum::<f64>() / count;
        let spread: f64 = good.iter().map(|(x, _)| (x - mean_x).powi(2)).sum();
        let together: f64 = good.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
        if spread <= 0.0 {
            return None;
        }
        let b = together / spread;
        Some((mean_y - b * mean_x, b))
    }

    /// Seconds from `from` to the end along v² = a + b·x, up to the turn and back from it.
    fn by_line(&self, line: (f64, f64), from: f64) -> Option<f64> {
        match self.turn {
            Some(turn) if from < turn && turn < self.total => {
                let outward = seconds_between(line, from, turn)?;
                Some(outward + seconds_between(line, turn, self.radius_squared(self.total))?)
            }
            _ => seconds_between(line, self.radius_squared(from), self.radius_squared(self.total)),
        }
    }
}

/// The integral of dx / v between two places, whichever way.
fn seconds_between((a, b): (f64, f64), from: f64, to: f64) -> Option<f64> {
    let here = a + b * from;
    if here <= 0.0 {
        return None;
    }
    let there = (a + b * to).clamp(here / LARGEST_GROWTH, here * LARGEST_GROWTH);
    // Between a speed and another, the time is the way over their mean.
    Some(2.0 * (to - from).abs() / (here.sqrt() + there.sqrt()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tells `eta` of a disc whose speed at position x is `speed(x)`, up to `until`; returns the time then.
    fn pass(eta: &mut Eta, until: u32, speed: impl Fn(f64) -> f64) -> f64 {
        let mut seconds = 100.0;
        for done in (0..=until).step_by(100) {
            eta.note(SectorCount(done), Duration::from_secs_f64(seconds));
            seconds += 100.0 / speed(f64::from(done));
        }
        seconds
    }

    fn seconds_left(eta: &Eta) -> f64 {
        eta.left().unwrap().as_secs_f64()
    }

    /// A 74-minute CD at constant turning speed, 16x inside.
    fn cav(x: f64) -> f64 {
        (1200.0_f64.powi(2) * (1.0 + 4.38 * x / 333_000.0)).sqrt()
    }

    #[test]
    fn constant_turning_speed_is_foreseen_at_a_tenth() {
        let mut eta = Eta::new(SectorCount(333_000));
        let now = pass(&mut eta, 33_300, cav);
        let truth = pass(&mut Eta::new(SectorCount(333_000)), 333_000, cav) - now;
        let told = seconds_left(&eta);
        assert!((told / truth - 1.0).abs() < 0.05, "told {told}, true {truth}");
    }

    #[test]
    fn constant_linear_speed_is_plain_division() {
        let mut eta = Eta::new(SectorCount(100_000));
        pass(&mut eta, 50_000, |_| 500.0);
        assert!((seconds_left(&eta) - 100.0).abs() < 1.0);
    }

    #[test]
    fn the_second_layer_runs_back_inward() {
        let speed = |x: f64| if x < 100_000.0 { cav(x) } else { cav(200_000.0 - x) };
        let mut eta = Eta::new(SectorCount(190_000)).with_layer_break(SectorCount(100_000));
        let now = pass(&mut eta, 60_000, speed);
        let truth = pass(&mut Eta::new(SectorCount(190_000)), 190_000, speed) - now;
        assert!((seconds_left(&eta) / truth - 1.0).abs() < 0.05);
    }

    #[test]
    fn a_scratch_does_not_slow_the_rest() {
        let mut eta = Eta::new(SectorCount(100_000));
        pass(&mut eta, 50_000, |x| if (20_000.0..22_000.0).contains(&x) { 5.0 } else { 500.0 });
        assert!((seconds_left(&eta) - 100.0).abs() < 5.0);
    }

    #[test]
    fn nothing_is_told_in_the_first_seconds_or_of_the_first_hundredth() {
        let mut eta = Eta::new(SectorCount(100_000));
        assert_eq!(eta.left(), None);
        eta.note(SectorCount(0), Duration::from_secs(0));
        eta.note(SectorCount(5_000), Duration::from_secs(2));
        assert_eq!(eta.left(), None);
        eta.note(SectorCount(5_001), Duration::from_secs(4));
        assert!(eta.left().is_some());
        let mut slow = Eta::new(SectorCount(100_000));
        slow.note(SectorCount(0), Duration::from_secs(0));
        slow.note(SectorCount(900), Duration::from_secs(60));
        assert_eq!(slow.left(), None);
    }

    #[test]
    fn the_end_is_no_time_away() {
        let mut eta = Eta::new(SectorCount(0));
        eta.note(SectorCount(0), Duration::ZERO);
        assert_eq!(eta.left(), Some(Duration::ZERO));
    }

    #[test]
    fn a_resumed_pass_counts_from_where_it_began() {
        let mut eta = Eta::new(SectorCount(100_000));
        eta.note(SectorCount(90_000), Duration::from_secs(1));
        eta.note(SectorCount(95_000), Duration::from_secs(11));
        assert!((seconds_left(&eta) - 10.0).abs() < 0.1);
    }
}
