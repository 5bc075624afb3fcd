//! This module knows what the drive's times must come to.

use super::*;
use crate::clock::SimulatedClock;
use crate::sector::SectorCount;
use crate::virtual_drive::disc::content::Synthetic;
use crate::virtual_drive::disc::{DiscKind, Pressed, Tail, TrackMode};

fn disc(kind: DiscKind, sectors: u32) -> Pressed {
    let content = Box::new(Synthetic::new(SectorCount(sectors), 1));
    Pressed::new(kind, TrackMode::Mode1, content, Tail::LeadOut).unwrap()
}

fn throttled(bytes_per_second: f64, rotation: Rotation) -> Pace {
    let full_seek = Duration::from_millis(250);
    Pace::Throttled { bytes_per_second, rotation, full_seek, layer_change: Duration::from_millis(500) }
}

fn spinning(disc: &Pressed, pace: Pace) -> (Mechanics, SimulatedClock) {
    let clock = SimulatedClock::new();
    let mut mechanics = Mechanics::new(Arc::new(clock.clone()), pace, Duration::ZERO);
    mechanics.load(Some(disc));
    (mechanics, clock)
}

/// Reads a range in pieces of 64 KiB, waiting for each, and tells how long that took.
fn time_of(mechanics: &mut Mechanics, clock: &SimulatedClock, range: SectorRange) -> Duration {
    let begun = clock.now();
    for piece in range.pieces(SectorCount(32)) {
        let done = mechanics.pass(piece, Duration::ZERO);
        mechanics.wait_until(done, Duration::MAX).unwrap();
    }
    clock.now() - begun
}

#[test]
fn seventy_two_megabytes_take_a_second_at_a_constant_72_mb_s() {
    let disc = disc(DiscKind::BdRom, 12_000_000);
    let (mut mechanics, clock) = spinning(&disc, throttled(72e6, Rotation::Clv));
    let taken = time_of(&mut mechanics, &clock, SectorRange::first(SectorCount(351_562)));
    assert!((taken.as_secs_f64() - 10.0).abs() < 0.001, "{taken:?}");
}

#[test]
fn cav_grows_to_the_full_speed_at_the_outer_edge() {
    let disc = disc(DiscKind::DvdRom, 2_298_496);
    let (mut mechanics, clock) = spinning(&disc, throttled(22_160_000.0, Rotation::Cav));
    let rate = |taken: Duration| 20_000.0 * 2048.0 / taken.as_secs_f64();
    let inner = rate(time_of(&mut mechanics, &clock, "0..20000".parse().unwrap()));
    let arrived = mechanics.seek(Lba(2_278_496));
    mechanics.wait_until(arrived, Duration::MAX).unwrap();
    let outer = rate(time_of(&mut mechanics, &clock, "2278496..2298496".parse().unwrap()));
    assert!((0.40..0.43).contains(&(inner / outer)), "{inner} {outer}");
    assert!((21.9e6..22.2e6).contains(&outer), "{outer}");
    assert_eq!(mechanics.top_speed_kb_s(), 22_160);
    assert_eq!(mechanics.speed_at_kb_s(Lba(2_298_496)), 22_160);
    assert!(mechanics.speed_at_kb_s(Lba(0)) < 10_000);
}

#[test]
fn the_second_layer_of_an_opposite_path_disc_slows_down_again() {
    let whole = disc(DiscKind::DvdRom, 4_000_000).with_second_layer(Lba(2_000_000), TrackPath::Opposite).unwrap();
    let (mut mechanics, clock) = spinning(&whole, throttled(11e6, Rotation::Cav));
    time_of(&mut mechanics, &clock, "1990000..2000000".parse().unwrap());
    let change = time_of(&mut mechanics, &clock, "2000000..2010000".parse().unwrap());
    let early = time_of(&mut mechanics, &clock, "2010000..2020000".parse().unwrap());
    time_of(&mut mechanics, &clock, "3980000..3990000".parse().unwrap());
    let late = time_of(&mut mechanics, &clock, "3990000..4000000".parse().unwrap());
    assert!(late > early.mul_f64(2.0), "{early:?} {late:?}");
    assert!((change - early).abs_diff(Duration::from_millis(500)) < Duration::from_millis(10), "{change:?} {early:?}");
}

#[test]
fn a_layer_change_costs_its_time_once() {
    let whole = disc(DiscKind::DvdRom, 4_000_000).with_second_layer(Lba(2_000_000), TrackPath::Opposite).unwrap();
    let (mut mechanics, clock) = spinning(&whole, throttled(11e6, Rotation::Clv));
    time_of(&mut mechanics, &clock, "1000000..1000032".parse().unwrap());
    let below = time_of(&mut mechanics, &clock, "1000032..1100016".parse().unwrap());
    time_of(&mut mechanics, &clock, "1949984..1950016".parse().unwrap());
    let across = time_of(&mut mechanics, &clock, "1950016..2050000".parse().unwrap());
    let more = across - below;
    assert!(more.abs_diff(Duration::from_millis(500)) < Duration::from_millis(1), "{more:?}");
}

#[test]
fn the_read_ahead_goes_on_while_nobody_asks_but_not_for_ever() {
    let disc = disc(DiscKind::DvdRom, 2_000_000);
    let (mut mechanics, clock) = spinning(&disc, throttled(10_000_000.0, Rotation::Clv));
    time_of(&mut mechanics, &clock, "0..320".parse().unwrap());
    clock.sleep(Duration::from_millis(60));
    assert_eq!(time_of(&mut mechanics, &clock, "320..544".parse().unwrap()), Duration::ZERO);
    clock.sleep(Duration::from_secs(60));
    let taken = time_of(&mut mechanics, &clock, "544..5544".parse().unwrap());
    let unbuffered = Duration::from_secs_f64((5000.0 * 2048.0 - f64::from(0x11_8000)) / 10e6);
    assert!(taken.abs_diff(unbuffered) < Duration::from_millis(8), "{taken:?} {unbuffered:?}");
}

#[test]
fn far_away_takes_longer_than_near() {
    let disc = disc(DiscKind::DvdRom, 2_298_496);
    let (mut mechanics, clock) = spinning(&disc, throttled(10e6, Rotation::Clv));
    let mut jump = |to: u32| time_of(&mut mechanics, &clock, SectorRange::with_count(Lba(to), SectorCount(1)));
    jump(0);
    let (near, far) = (jump(30_000), jump(2_298_495));
    assert!(near > Duration::from_millis(20) && near < Duration::from_millis(50), "{near:?}");
    assert!(far > Duration::from_millis(240) && far < Duration::from_millis(260), "{far:?}");
}

#[test]
fn a_speed_asked_for_is_kept_until_another_disc() {
    let disc = disc(DiscKind::DvdRom, 2_000_000);
    let (mut mechanics, clock) = spinning(&disc, throttled(11_080_000.0, Rotation::Clv));
    let fast = time_of(&mut mechanics, &clock, "0..6400".parse().unwrap());
    mechanics.ask_speed(Some(2770));
    assert_eq!((mechanics.speed_kb_s(), mechanics.top_speed_kb_s()), (2770, 11_080));
    let slow = time_of(&mut mechanics, &clock, "6400..12800".parse().unwrap());
    assert!(slow.abs_diff(fast * 4) < Duration::from_millis(1), "{slow:?} {fast:?}");
    mechanics.ask_speed(None);
    assert_eq!(mechanics.speed_kb_s(), 11_080);
}

#[test]
fn an_unthrottled_drive_takes_no_time_but_what_is_asked_for() {
    let disc = disc(DiscKind::BdRom, 12_000_000);
    let clock = SimulatedClock::new();
    let mut mechanics = Mechanics::new(Arc::new(clock.clone()), Pace::Unthrottled, Duration::from_secs(3));
    mechanics.load(Some(&disc));
    assert_eq!(time_of(&mut mechanics, &clock, "0..32".parse().unwrap()), Duration::from_secs(3));
    assert_eq!(time_of(&mut mechanics, &clock, "0..12000000".parse().unwrap()), Duration::ZERO);
    let done = mechanics.pass("7..8".parse().unwrap(), Duration::from_secs(2));
    assert_eq!(mechanics.wait_until(done, Duration::from_millis(500)), Err(OutOfTime));
    assert_eq!(clock.now(), Duration::from_millis(3500));
}
