use super::super::both_ways::{answer_survives, command_survives};
use super::*;
use proptest::prelude::*;

/// A finished DVD-R of one session with one track.
const GOLDEN: [u8; 34] = [
    0x00, 0x20, 0x0E, 1, 1, 1, 1, 0x20, 0xFF, 0, 0, 0, // head
    0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, // id, lead-in, lead-out
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, // bar code, application, calibrations
];

#[test]
fn a_finished_disc_has_one_complete_session() {
    let information = DiscInformation::parse(&GOLDEN).unwrap();
    assert_eq!(information.status, DiscStatus::Finalized);
    assert_eq!((information.last_session, information.sessions), (SessionState::Complete, 1));
    assert_eq!((information.first_track, information.last_track_in_last_session), (1, 1));
    assert_eq!((information.unrestricted_use, information.disc_id), (true, None));
    assert_eq!(information.last_possible_lead_out, Some([0xFF; 4]));
    assert_eq!(information.emit(), GOLDEN);
}

#[test]
fn more_than_255_tracks_need_the_upper_bytes() {
    let mut bytes = GOLDEN;
    bytes[11] = 1;
    assert_eq!(DiscInformation::parse(&bytes).unwrap().last_track_in_last_session, 257);
}

#[test]
fn a_blank_rewritable_is_empty_and_erasable() {
    let mut bytes = GOLDEN;
    bytes[2] = 0x10;
    bytes[7] = 0x92;
    bytes[12..16].copy_from_slice(&[1, 2, 3, 4]);
    let information = DiscInformation::parse(&bytes).unwrap();
    assert_eq!((information.status, information.erasable), (DiscStatus::Empty, true));
    assert_eq!(information.last_session, SessionState::Empty);
    assert_eq!(information.background_format, BackgroundFormat::Running);
    assert_eq!((information.disc_id, information.application), (Some(0x0102_0304), Some(0)));
}

#[test]
fn what_did_not_come_is_absent() {
    let short = DiscInformation::parse(&GOLDEN[..18]).unwrap();
    assert_eq!((short.sessions, short.last_session_lead_in, short.last_possible_lead_out), (1, None, None));
    let mut whole = GOLDEN;
    whole[7] = 0xF0;
    let cut = DiscInformation::parse(&whole[..30]).unwrap();
    assert_eq!((cut.bar_code, cut.application), (None, None));
    assert!(DiscInformation::parse(&GOLDEN[..8]).is_err());
    let mut told_less = GOLDEN;
    told_less[1] = 14;
    assert_eq!(DiscInformation::parse(&told_less), DiscInformation::parse(&GOLDEN[..16]));
}

fn any_information() -> impl Strategy<Value = DiscInformation> {
    let head = (any::<[bool; 3]>(), 0..4_u8, 0..4_u8, 0..4_u8, any::<[u8; 2]>(), any::<[u16; 3]>());
    let tail = (
        any::<Option<u32>>(),
        any::<[[u8; 4]; 2]>(),
        any::<Option<[u8; 8]>>(),
        any::<Option<u8>>(),
        proptest::collection::vec(any::<[u8; 8]>(), 0..5),
    );
    (head, tail).prop_map(
        |((flags, status, session, format, one, two), (disc_id, leads, bar_code, application, opc))| DiscInformation {
            erasable: flags[0],
            last_session: SessionState::from_number(session),
            status: DiscStatus::from_number(status),
            first_track: one[0],
            sessions: two[0],
            first_track_in_last_session: two[1],
            last_track_in_last_session: two[2],
            unrestricted_use: flags[1],
            dirty: flags[2],
            background_format: BackgroundFormat::from_number(format),
            disc_type: one[1],
            disc_id,
            last_session_lead_in: Some(leads[0]),
            last_possible_lead_out: Some(leads[1]),
            bar_code,
            application,
            power_calibrations: opc,
        },
    )
}

#[test]
fn it_survives_the_wire() {
    let ask = ReadDiscInformation { kind: DiscInformationKind::Standard, allocation: 34 };
    assert_eq!(ask.cdb().as_bytes(), [0x51, 0, 0, 0, 0, 0, 0, 0, 0x22, 0]);
    let kind = prop_oneof![
        Just(DiscInformationKind::Standard),
        Just(DiscInformationKind::TrackResources),
        Just(DiscInformationKind::PseudoOverwriteResources),
        (3..8_u8).prop_map(DiscInformationKind::Reserved)
    ];
    command_survives((kind, any::<u16>()).prop_map(|(kind, allocation)| ReadDiscInformation { kind, allocation }));
    answer_survives(any_information());
}
