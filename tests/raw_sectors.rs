//! The raw sectors that a rip computes are those that the virtual drive reads: two hands, one standard.

use discwright::checksum::raw_sector;
use discwright::sector::{Lba, SECTOR_BYTES};
use discwright::virtual_drive::disc::mode_1;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn host_and_drive_agree_on_every_byte(lba in 0..404_850_u32, data in prop::collection::vec(any::<u8>(), SECTOR_BYTES)) {
        let data = <[u8; SECTOR_BYTES]>::try_from(data).unwrap();
        prop_assert_eq!(raw_sector(Lba(lba), &data).to_vec(), mode_1(Lba(lba), &data));
    }
}
