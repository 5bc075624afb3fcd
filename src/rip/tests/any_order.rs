//! In whatever order, with whatever damage, and at whatever moment the power goes: what is there is the disc's, and the map says
//! exactly what is there.

use std::time::Duration;

use super::bench::*;
use super::order::{in_order, with_something_unused};
use crate::image::storage::{Fault as StorageFault, Unsynced};
use crate::image::{BlockStatus, Memory, RescueMap};
use crate::rip::{Options, Order, Outcome};
use crate::sector::{Lba, SectorRange};
use discwright::virtual_drive::Setup;
use discwright::virtual_drive::fault::{Extent, Failure, Information};
use discwright::virtual_drive::mechanics::{Pace, Rotation};
use proptest::prelude::*;

const ORDERS: [Order; 3] = [Order::Sequential, Order::UsedFirst, Order::UsedOnly];

fn any_order() -> impl Strategy<Value = Order> {
    prop::sample::select(ORDERS.as_slice())
}

/// What is used of a disc without damage.
fn used(bytes: &[u8]) -> Vec<SectorRange> {
    let storage = Memory::new();
    rip_to(&storage, dvd(bytes), &in_order(Order::UsedOnly)).report();
    map_of(&storage).ranges(BlockStatus::Finished).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn the_map_is_exactly_what_does_not_read_or_was_left_out(
        order in any_order(),
        places in proptest::collection::vec((0..640_u32, 1..30_u32), 0..10),
        information in prop_oneof![Just(Information::Sector), Just(Information::Absent), Just(Information::Zero)],
        limit in 1..64_usize,
        tries in 1..4_u32,
    ) {
        let disc = with_something_unused();
        let used = used(&disc.bytes);
        let bad: Vec<(u32, u32)> = places.iter().map(|&(start, length)| (start, (start + length).min(640))).collect();
        let mut setup = dvd(&disc.bytes);
        setup.model.max_transfer = limit * 2048;
        let failure = Failure { information, extent: Extent::Sector, ..Failure::default() };
        setup.faults = if bad.is_empty() { vec![] } else { vec![unreadable(&bad, failure)] };
        let storage = Memory::new();
        let ripped = rip_to(&storage, setup, &Options { tries, ..in_order(order) });
        let report = ripped.report();
        if report.outcome == Outcome::Complete {
            prop_assert!(bad.is_empty());
            prop_assert!(content(&storage, OUTPUT).unwrap() == disc.bytes);
            return Ok(());
        }
        let (map, part) = (map_of(&storage), content(&storage, "/images/disc.iso.part").unwrap());
        prop_assert_eq!(part.len(), disc.bytes.len());
        let is_in = |lba: u32, ranges: &[SectorRange]| ranges.iter().any(|range| range.contains(Lba(lba)));
        for lba in 0..disc.sectors {
            let is_wanted = report.order != Order::UsedOnly || is_in(lba, &used);
            let expected = match (is_wanted, is_in(lba, &ranges_of(&bad))) {
                (false, _) => BlockStatus::NonTried,
                (true, true) => BlockStatus::BadSector,
                (true, false) => BlockStatus::Finished,
            };
            prop_assert_eq!(map.status_at(Lba(lba)), Some(expected), "sector {}", lba);
            let range = SectorRange::new(Lba(lba), Lba(lba + 1));
            if expected == BlockStatus::Finished {
                prop_assert_eq!(sectors(&part, range), sectors(&disc.bytes, range), "sector {}", lba);
            } else {
                prop_assert!(sectors(&part, range).iter().all(|byte| *byte == 0), "sector {}", lba);
            }
        }
    }
}

/// Slow enough for several checkpoints.
fn slow_dvd(bytes: &[u8]) -> Setup {
    let mut setup = dvd(bytes);
    setup.pace = Pace::Throttled {
        bytes_per_second: 50_000.0,
        rotation: Rotation::Clv,
        full_seek: Duration::ZERO,
        layer_change: Duration::ZERO,
    };
    setup
}

#[test]
fn at_whatever_step_the_power_goes_another_order_goes_on() {
    let disc = with_something_unused();
    let storage = Memory::new();
    rip_to(&storage, slow_dvd(&disc.bytes), &in_order(Order::UsedFirst)).report();
    let steps = storage.steps();
    assert!(steps > 30, "{steps} steps are too few to say much");
    for step in 0..steps {
        let storage = Memory::new();
        storage.fail_at(step, StorageFault::Stop);
        let _ = rip_to(&storage, slow_dvd(&disc.bytes), &in_order(Order::UsedFirst));
        for (unsynced, order) in [Unsynced::Kept, Unsynced::Lost, Unsynced::Mixed(step)].into_iter().zip(ORDERS) {
            let what = format!("step {step} of {steps}, {unsynced:?}, then {order}");
            let after = storage.after_power_cut(unsynced);
            if let Some(image) = content(&after, OUTPUT) {
                assert!(image == disc.bytes, "{what}: a file under its final name is whole");
                continue;
            }
            let there = (content(&after, "/images/disc.iso.map"), content(&after, "/images/disc.iso.part"));
            if let (Some(map), Some(part)) = there {
                for range in RescueMap::parse(&map).unwrap().ranges(BlockStatus::Finished) {
                    assert!(sectors(&part, range) == sectors(&disc.bytes, range), "{what}: the map lies");
                }
            }
            rip_to(&after, dvd(&disc.bytes), &in_order(order)).report();
            if content(&after, OUTPUT).is_none() {
                assert_eq!(order, Order::UsedOnly, "{what}");
                assert_eq!(rip_to(&after, dvd(&disc.bytes), &Options::default()).report().outcome, Outcome::Complete);
            }
            assert!(content(&after, OUTPUT).unwrap() == disc.bytes, "{what}");
        }
    }
}
