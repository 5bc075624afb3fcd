//! Any disc, any faults, any limits: the image is the disc wherever that reads, and the map is exactly the rest.

use super::bench::*;
use discwright::image::{BlockStatus, Memory};
use discwright::rip::{Options, Outcome};
use discwright::sector::SectorRange;
use discwright::virtual_drive::fault::{Extent, Failure, Information};
use discwright::virtual_drive::{Fua, TooLarge};
use proptest::prelude::*;

fn any_information() -> impl Strategy<Value = Information> {
    prop_oneof![
        Just(Information::Sector),
        Just(Information::Absent),
        Just(Information::EccBlock),
        Just(Information::Command),
        Just(Information::Zero),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn the_map_is_exactly_what_does_not_read(
        size in 300..3000_u32,
        places in proptest::collection::vec((0..3000_u32, 1..40_u32), 0..12),
        information in any_information(),
        limit in 1..600_usize,
        too_large in prop_oneof![Just(TooLarge::Link), Just(TooLarge::Drive)],
        fua in prop_oneof![Just(Fua::Obeyed), Just(Fua::Refused)],
        tries in 1..4_u32,
    ) {
        let bytes = any_bytes(size);
        // Something has to read, or it is the drive that is broken; the end is left whole, since it tells the size.
        let bad: Vec<(u32, u32)> =
            places.iter().map(|&(start, length)| (start, (start + length).min(size - 100))).filter(|(s, e)| s < e).collect();
        let mut setup = dvd(&bytes);
        setup.model.max_transfer = limit * 2048;
        setup.model.too_large = too_large;
        setup.model.fua = fua;
        let failure = Failure { information, extent: Extent::Sector, ..Failure::default() };
        setup.faults = if bad.is_empty() { vec![] } else { vec![unreadable(&bad, failure)] };
        let storage = Memory::new();
        let ripped = rip_to(&storage, setup, &Options { tries, ..Options::default() });
        let report = ripped.report();
        if bad.is_empty() {
            prop_assert_eq!(report.outcome, Outcome::Complete);
            prop_assert_eq!(content(&storage, OUTPUT), Some(bytes));
            return Ok(());
        }
        prop_assert_eq!(report.outcome, Outcome::Damaged);
        let (map, part) = (map_of(&storage), content(&storage, "/images/disc.iso.part").unwrap());
        let is_bad = |lba: u32| bad.iter().any(|&(start, end)| start <= lba && lba < end);
        for lba in 0..size {
            let at = discwright::sector::Lba(lba);
            let expected = if is_bad(lba) { BlockStatus::BadSector } else { BlockStatus::Finished };
            prop_assert_eq!(map.status_at(at), Some(expected), "sector {}", lba);
            if !is_bad(lba) {
                let range = SectorRange::with_count(at, count(1));
                prop_assert_eq!(sectors(&part, range), sectors(&bytes, range), "sector {}", lba);
            }
        }
    }
}
