use super::super::both_ways::{answer_survives, command_survives};
use super::*;
use proptest::prelude::*;

/// The open track of a BD-R: 4096 sectors are written, the next is 4096.
const GOLDEN: [u8; 36] = [
    0x00, 0x22, 1, 1, 0, 0x04, 0x41, 0x03, // head
    0, 0, 0, 0, 0, 0, 0x10, 0, 0, 0xBA, 0x63, 0xC0, 0, 0, 0, 0x20, // start, next, free, blocking
    0, 0xBA, 0x73, 0xC0, 0, 0, 0x0F, 0xFF, 0, 0, 0, 0, // size, last recorded, upper bytes
];

#[test]
fn an_open_track_tells_where_it_goes_on() {
    let track = TrackInformation::parse(&GOLDEN).unwrap();
    assert_eq!((track.track, track.session, track.track_mode, track.data_mode), (1, 1, 4, 1));
    assert_eq!((track.blank, track.reserved, track.damaged), (true, false, false));
    assert_eq!((track.start, track.next_writable), (Lba(0), Some(Lba(4096))));
    assert_eq!(track.packet_size, Some(SectorCount(32)));
    assert_eq!((track.size, track.last_recorded), (Some(SectorCount(12_219_328)), Some(Lba(4095))));
    assert_eq!(track.read_compatibility, None);
    assert_eq!(track.emit(), GOLDEN);
}

#[test]
fn an_address_that_does_not_hold_is_absent() {
    let mut bytes = GOLDEN;
    bytes[7] = 0;
    let track = TrackInformation::parse(&bytes).unwrap();
    assert_eq!((track.next_writable, track.last_recorded), (None, None));
}

#[test]
fn an_old_drive_ends_early() {
    let track = TrackInformation::parse(&GOLDEN[..28]).unwrap();
    assert_eq!((track.track, track.size, track.last_recorded), (1, Some(SectorCount(12_219_328)), None));
    let mut cut = GOLDEN;
    cut[28..30].copy_from_slice(&[9, 9]);
    assert_eq!(TrackInformation::parse(&cut[..30]).unwrap().track, 1);
    assert_eq!(TrackInformation::parse(&GOLDEN[..27]).unwrap().size, None);
    assert!(TrackInformation::parse(&GOLDEN[..11]).is_err());
}

#[test]
fn track_numbers_have_upper_bytes() {
    let mut bytes = GOLDEN;
    bytes[32] = 1;
    bytes[33] = 2;
    let track = TrackInformation::parse(&bytes).unwrap();
    assert_eq!((track.track, track.session), (257, 513));
}

fn any_track() -> impl Strategy<Value = TrackInformation> {
    let numbers = (any::<u16>(), any::<u16>(), 0..4_u8, 0..16_u8, 0..16_u8, any::<[bool; 6]>());
    let extension = prop_oneof![
        Just([None; 3]),
        any::<u32>().prop_map(|a| [Some(Lba(a)), None, None]),
        any::<[u32; 3]>().prop_map(|all| all.map(|n| Some(Lba(n))))
    ];
    (numbers, any::<[u32; 4]>(), any::<[Option<u32>; 2]>(), extension).prop_map(
        |(numbers, always, valid, extension)| {
            let (track, session, layer_jump, track_mode, data_mode, flags) = numbers;
            TrackInformation {
                track,
                session,
                layer_jump,
                damaged: flags[0],
                copy: flags[1],
                track_mode,
                reserved: flags[2],
                blank: flags[3],
                packet: flags[4],
                fixed_packet: flags[5],
                data_mode,
                start: Lba(always[0]),
                next_writable: valid[0].map(Lba),
                free: Some(SectorCount(always[1])),
                packet_size: Some(SectorCount(always[2])),
                size: Some(SectorCount(always[3])),
                last_recorded: valid[1].map(Lba),
                read_compatibility: extension[0],
                next_layer_jump: extension[1],
                last_layer_jump: extension[2],
            }
        },
    )
}

#[test]
fn it_survives_the_wire() {
    let first = ReadTrackInformation { of: TrackSelector::Track(1), open: false, allocation: 36 };
    assert_eq!(first.cdb().as_bytes(), [0x52, 1, 0, 0, 0, 1, 0, 0, 0x24, 0]);
    let of = prop_oneof![
        any::<u32>().prop_map(|n| TrackSelector::At(Lba(n))),
        any::<u32>().prop_map(TrackSelector::Track),
        any::<u32>().prop_map(TrackSelector::FirstOfSession),
        any::<u32>().prop_map(TrackSelector::Reserved)
    ];
    command_survives((of, any::<bool>(), any::<u16>()).prop_map(|(of, open, allocation)| ReadTrackInformation {
        of,
        open,
        allocation,
    }));
    answer_survives(any_track());
}
