use std::fmt::Debug;

use super::*;
use proptest::prelude::*;

fn reads<D: FeatureData + PartialEq + Debug>(data: &[u8], meaning: D) {
    assert_eq!(D::parse(data), Ok(meaning));
    assert_eq!(D::parse(data).unwrap().emit(), data);
}

#[test]
fn a_tray_opens_closes_and_locks() {
    reads(
        &[0x39, 0, 0, 0],
        RemovableMedium {
            mechanism: Mechanism::Tray,
            can_load: true,
            can_eject: true,
            can_lock: true,
            prevent_jumper: false,
            dbml: false,
        },
    );
}

#[test]
fn a_dvd_is_read_in_blocks_of_sixteen() {
    let dvd = RandomReadable { block_bytes: 2048, blocking: 16, error_recovery_page: true };
    reads(&[0, 0, 8, 0, 0, 16, 1, 0], dvd);
}

#[test]
fn protections_tell_their_versions() {
    reads(&[0, 0, 0, 1], DvdCss { css_version: 1 });
    reads(
        &[0x02, 0x10, 0x04, 0x01],
        Aacs {
            bus_encryption_capable: true,
            binding_nonce: false,
            binding_nonce_blocks: 16,
            agids: 4,
            aacs_version: 1,
        },
    );
}

#[test]
fn streaming_tells_how_speeds_are_set() {
    reads(
        &[0x1F, 0, 0, 0],
        RealTimeStreaming {
            buffer_capacity_in_blocks: true,
            set_cd_speed: true,
            mode_page_2a: true,
            write_speeds: true,
            stream_writing: true,
        },
    );
    assert!(!RealTimeStreaming::parse(&[0x01, 0, 0, 0]).unwrap().set_cd_speed);
}

#[test]
fn a_serial_number_has_no_blanks_around_it() {
    assert_eq!(SerialNumber::parse(b"  GDDL002716WL\0\0"), Ok(SerialNumber("GDDL002716WL".to_owned())));
    assert_eq!(SerialNumber::parse(b"\x1b[2Jx   "), Ok(SerialNumber("?[2Jx".to_owned())));
    assert_eq!(SerialNumber("ABCDE".to_owned()).emit(), b"ABCDE   ");
}

#[test]
fn a_profile_list_says_which_is_current() {
    reads(&[0, 0x10, 1, 0, 0, 0x08, 0, 0], ProfileList(vec![(Profile::DvdRom, true), (Profile::CdRom, false)]));
}

#[test]
fn a_feature_is_read_as_itself_only() {
    let feature = Feature::of(&DvdCss { css_version: 1 });
    assert_eq!(feature.read::<DvdCss>(), Some(DvdCss { css_version: 1 }));
    assert_eq!(feature.read::<Aacs>(), None);
    assert_eq!(Feature { data: vec![0, 0], ..feature }.read::<DvdCss>(), None);
}

proptest! {
    #[test]
    fn every_meaning_survives_the_wire(a: u8, b: u8, flags in any::<[bool; 5]>(), block_bytes: u32, blocking: u16) {
        let [f0, f1, f2, f3, f4] = flags;
        let tray = RemovableMedium {
            mechanism: Mechanism::from_number(a & 7),
            can_load: f0,
            can_eject: f1,
            can_lock: f2,
            prevent_jumper: f3,
            dbml: f4,
        };
        prop_assert_eq!(Feature::of(&tray).read(), Some(tray));
        let blocks = RandomReadable { block_bytes, blocking, error_recovery_page: f0 };
        prop_assert_eq!(Feature::of(&blocks).read(), Some(blocks));
        let streaming = RealTimeStreaming {
            buffer_capacity_in_blocks: f0,
            set_cd_speed: f1,
            mode_page_2a: f2,
            write_speeds: f3,
            stream_writing: f4,
        };
        prop_assert_eq!(Feature::of(&streaming).read(), Some(streaming));
        let aacs = Aacs {
            bus_encryption_capable: f0,
            binding_nonce: f1,
            binding_nonce_blocks: a,
            agids: b & 15,
            aacs_version: a,
        };
        prop_assert_eq!(Feature::of(&aacs).read(), Some(aacs));
        let profiles = ProfileList(vec![(Profile::from_number(blocking), f0); usize::from(a % 60)]);
        prop_assert_eq!(Feature::of(&profiles).read(), Some(profiles));
        let css = DvdCss { css_version: a };
        prop_assert_eq!(Feature::of(&css).read(), Some(css));
    }

    #[test]
    fn any_data_is_no_panic(data in proptest::collection::vec(any::<u8>(), 0..64)) {
        let _ = (ProfileList::parse(&data), RemovableMedium::parse(&data), RandomReadable::parse(&data));
        let _ = (DvdCss::parse(&data), RealTimeStreaming::parse(&data), SerialNumber::parse(&data));
        let _ = Aacs::parse(&data);
    }
}
