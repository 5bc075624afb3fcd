use std::sync::{Arc, Mutex};

use super::super::TrackMode;
use super::super::script::{Outcome, Stage, byte_of, fault, sense};
use super::super::{Awaiting, DiscFingerprint, examine::Examined};
use super::cd::mode_in_header;
use super::*;
use crate::clock::{Clock, SimulatedClock};
use crate::scsi::Status;

const READ_4: &str = "28 00 00 00 00 64 00 00 04 00";
const READ_1: &str = "28 00 00 00 00 64 00 00 01 00";

fn read(stage: &mut Stage, count: usize) -> Result<ReadQuality, ReadFailure> {
    read_how(stage, count, &ReadHow::default())
}

fn read_how(stage: &mut Stage, count: usize, how: &ReadHow) -> Result<ReadQuality, ReadFailure> {
    let mut buffer = vec![0; count * SECTOR_BYTES];
    let quality = stage.drive.read(Lba(100), &mut buffer, how)?;
    for (sector, lba) in buffer.chunks(SECTOR_BYTES).zip(100..) {
        assert!(sector.iter().all(|&b| b == byte_of(lba)), "sector {lba}");
    }
    Ok(quality)
}

/// As if a disc had been examined.
fn with_disc(mut stage: Stage, family: MediumFamily) -> Stage {
    let fingerprint = DiscFingerprint { sectors: Some(1000), ..DiscFingerprint::default() };
    stage.drive.examined = Some(Examined { family, protection: None, fingerprint, sectors: SectorCount(100_000) });
    stage
}

#[test]
fn good_data_is_clean() {
    let mut stage = Stage::strict(vec![(READ_4, Outcome::Sectors)]);
    assert_eq!(read(&mut stage, 4).unwrap(), ReadQuality::Clean);
    assert_eq!(stage.timeouts(), [Duration::from_secs(60)]);
}

#[test]
fn nothing_is_read_without_a_command_and_too_much_not_at_all() {
    let mut stage = Stage::strict(vec![]);
    assert!(read(&mut stage, 0).is_ok());
    assert_eq!(stage.drive.max_read(), SectorCount(32));
    assert!(matches!(read(&mut stage, 33), Err(ReadFailure::TooLarge)));
}

#[test]
fn a_single_sector_gets_all_the_time_a_drive_can_use_and_a_person_may_give_less() {
    let mut stage = Stage::strict(vec![(READ_1, Outcome::Sectors), (READ_1, Outcome::Sectors)]);
    read(&mut stage, 1).unwrap();
    read_how(&mut stage, 1, &ReadHow { timeout: Some(Duration::from_secs(5)), ..ReadHow::default() }).unwrap();
    assert_eq!(stage.timeouts(), [Duration::from_secs(120), Duration::from_secs(5)]);
}

#[test]
fn data_that_took_an_effort_is_good() {
    let hot = Sense::new(SenseKey::RecoveredError, 0x0B, 1);
    let mut stage = Stage::strict(vec![
        (READ_4, Outcome::Remarked(Sense::new(SenseKey::RecoveredError, 0x18, 0))),
        (READ_4, Outcome::Remarked(hot)),
    ]);
    assert_eq!(read(&mut stage, 4).unwrap(), ReadQuality::Recovered);
    assert_eq!(stage.drive.take_notes(), []);
    assert_eq!(read(&mut stage, 4).unwrap(), ReadQuality::Recovered);
    assert_eq!(stage.drive.take_notes(), [Note::Hot]);
}

#[test]
fn an_unreadable_sector_is_told_at_once_and_believed_only_inside_the_range() {
    let medium_error = Sense::new(SenseKey::MediumError, 0x11, 5);
    for (information, at) in [(102, Some(Lba(102))), (99, None), (104, None)] {
        let mut stage = Stage::strict(vec![(READ_4, Outcome::Sense(medium_error.with_information(information)))]);
        match read(&mut stage, 4) {
            Err(ReadFailure::Unreadable { at: named, sense }) => {
                assert_eq!((named, sense.asc), (at, 0x11));
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn each_end_of_reading_has_its_name() {
    let failure = |answer| read(&mut Stage::strict(vec![(READ_4, answer)]), 4).unwrap_err();
    assert!(matches!(failure(sense(5, 0x21, 0)), ReadFailure::Beyond));
    assert!(matches!(failure(sense(5, 0x63, 0)), ReadFailure::Beyond));
    assert!(matches!(failure(sense(0, 0x63, 0)), ReadFailure::Beyond));
    assert!(matches!(failure(sense(8, 0x00, 0)), ReadFailure::Blank));
    assert!(matches!(failure(sense(5, 0x64, 0)), ReadFailure::WrongKind));
    assert!(matches!(failure(sense(5, 0x6F, 3)), ReadFailure::Protected(Protection::Css)));
    assert!(matches!(failure(sense(7, 0x6F, 1)), ReadFailure::Protected(Protection::Css)));
    assert!(matches!(failure(sense(2, 0x3A, 0)), ReadFailure::Stopped(DriveError::NoDisc)));
    assert!(matches!(failure(sense(2, 0x3A, 2)), ReadFailure::Stopped(DriveError::TrayOpen)));
    assert!(matches!(failure(sense(2, 5, 0)), ReadFailure::Stopped(DriveError::Gone)));
    assert!(matches!(failure(sense(4, 0x3E, 3)), ReadFailure::Stopped(DriveError::Hardware(_))));
    assert!(matches!(failure(sense(4, 0x3E, 2)), ReadFailure::Unreadable { at: None, .. }));
    assert!(matches!(failure(sense(9, 0x80, 0)), ReadFailure::Unreadable { at: None, .. }));
    assert!(matches!(
        failure(Outcome::Status(Status::ReservationConflict)),
        ReadFailure::Stopped(DriveError::Reserved)
    ));
}

#[test]
fn news_and_deferred_errors_are_followed_by_the_same_command() {
    let deferred = Sense { deferred: true, ..Sense::new(SenseKey::MediumError, 0x0C, 0) };
    let mut stage = Stage::strict(vec![
        (READ_4, sense(6, 0x2A, 1)),
        (READ_4, Outcome::Sense(deferred)),
        (READ_4, sense(6, 0x5A, 1)),
        (READ_4, sense(0x0B, 0, 6)),
        (READ_4, Outcome::Sectors),
    ]);
    assert_eq!(read(&mut stage, 4).unwrap(), ReadQuality::Clean);
    assert_eq!(stage.drive.take_notes(), [Note::EjectPressed]);
    stage.assert_done();
}

#[test]
fn attentions_are_repeated_five_times() {
    let mut stage = Stage::answering(|_, _| sense(6, 0x2A, 1));
    assert!(matches!(read(&mut stage, 4), Err(ReadFailure::Unreadable { .. })));
    assert_eq!(stage.count("28"), 6);
}

#[test]
fn a_reset_drive_is_locked_again_before_it_goes_on() {
    let mut stage = Stage::strict(vec![
        ("1e 00 00 00 01", Outcome::Good),
        (READ_4, sense(6, 0x29, 0)),
        ("1e 00 00 00 01", Outcome::Good),
        (READ_4, Outcome::Sectors),
        ("1e 00 00 00 00", Outcome::Good),
    ]);
    stage.drive.lock().unwrap();
    read(&mut stage, 4).unwrap();
    assert_eq!(stage.drive.take_notes(), [Note::WasReset]);
    stage.drive.unlock();
    stage.assert_done();
}

/// Answers as a DVD with so many sectors, which once says that the medium may have changed.
fn swapped_once(sectors: u32) -> Stage {
    let mut told = false;
    let stage = Stage::answering(move |cdb, _| match cdb.opcode() {
        0x28 if !std::mem::replace(&mut told, true) => sense(6, 0x28, 0),
        0x28 => Outcome::Sectors,
        0x00 => Outcome::Good,
        0x25 => Outcome::Data([(sectors - 1).to_be_bytes(), 2048_u32.to_be_bytes()].concat()),
        _ => sense(5, 0x20, 0),
    });
    with_disc(stage, MediumFamily::Dvd)
}

#[test]
fn a_disc_that_may_have_changed_and_is_the_same_is_read_on() {
    let mut stage = swapped_once(1000);
    assert_eq!(read(&mut stage, 4).unwrap(), ReadQuality::Clean);
    assert_eq!(stage.drive.take_notes(), [Note::SameDiscBack]);
}

#[test]
fn another_disc_is_never_read_into_the_first() {
    let mut stage = swapped_once(1001);
    for _ in 0..2 {
        assert!(matches!(read(&mut stage, 4), Err(ReadFailure::Stopped(DriveError::OtherDisc))));
    }
}

#[test]
fn a_drive_that_loses_its_readiness_is_waited_for_three_times_at_one_place() {
    let mut stage = Stage::strict(vec![
        (READ_4, sense(2, 4, 1)),
        ("00", sense(2, 4, 1)),
        ("00", Outcome::Good),
        ("00", Outcome::Good),
        (READ_4, Outcome::Sectors),
    ]);
    assert_eq!(read(&mut stage, 4).unwrap(), ReadQuality::Clean);
    stage.assert_done();
    let mut stage = Stage::answering(|cdb, _| if cdb.opcode() == 0 { Outcome::Good } else { sense(2, 4, 1) });
    assert!(matches!(read(&mut stage, 4), Err(ReadFailure::Unreadable { .. })));
    assert_eq!(stage.count("28"), 4);
}

#[test]
fn a_drive_that_never_becomes_ready_again_stops_the_job() {
    let mut stage = Stage::answering(|cdb, _| if cdb.opcode() == 0x46 { sense(5, 0x20, 0) } else { sense(2, 4, 1) });
    let failure = read(&mut stage, 4).unwrap_err();
    assert!(matches!(failure, ReadFailure::Stopped(DriveError::NotReadyInTime(Awaiting::SpinUp))), "{failure:?}");
    assert!((60.0..62.0).contains(&stage.seconds()), "{}", stage.seconds());
}

#[test]
fn a_busy_drive_is_asked_again_for_a_minute() {
    let mut stage = Stage::strict(vec![(READ_4, Outcome::Status(Status::Busy)), (READ_4, Outcome::Sectors)]);
    read(&mut stage, 4).unwrap();
    let mut stage = Stage::answering(|_, _| Outcome::Status(Status::TaskSetFull));
    assert!(matches!(read(&mut stage, 4), Err(ReadFailure::Stopped(DriveError::NotReadyInTime(_)))));
    assert!((60.0..61.0).contains(&stage.seconds()), "{}", stage.seconds());
}

#[test]
fn a_transfer_that_fails_on_the_way_halves_reads_for_good() {
    let mut stage =
        Stage::answering(|cdb, _| if cdb.opcode() == 0x28 { fault(HostFault::Transfer) } else { Outcome::Good });
    for left in [16, 8, 4, 2, 1] {
        let most = usize::try_from(stage.drive.max_read().0).unwrap();
        assert!(matches!(read(&mut stage, most), Err(ReadFailure::TooLarge)));
        assert_eq!(stage.drive.max_read(), SectorCount(left));
    }
    assert!(matches!(read(&mut stage, 1), Err(ReadFailure::Stopped(DriveError::Link(_)))));
    assert_eq!(stage.drive.max_read(), SectorCount(1));
}

#[test]
fn a_fault_at_one_sector_says_nothing_about_sizes() {
    let mut stage =
        Stage::strict(vec![(READ_1, fault(HostFault::Transfer)), ("00", Outcome::Good), (READ_1, Outcome::Sectors)]);
    read(&mut stage, 1).unwrap();
    assert_eq!(stage.drive.max_read(), SectorCount(32));
}

#[test]
fn sizes_that_the_system_refuses_are_halved_too() {
    let refusals: [fn() -> TransportError; 4] = [
        || TransportError::TooLarge { bytes: 1 },
        || TransportError::System(std::io::Error::from_raw_os_error(5)),
        || TransportError::System(std::io::Error::from_raw_os_error(12)),
        || TransportError::System(std::io::Error::from_raw_os_error(22)),
    ];
    for refusal in refusals {
        let mut stage = Stage::strict(vec![("28", Outcome::Fault(refusal())), ("28", Outcome::Fault(refusal()))]);
        assert!(matches!(read(&mut stage, 20), Err(ReadFailure::TooLarge)));
        assert_eq!(stage.drive.max_read(), SectorCount(16));
        assert!(matches!(read(&mut stage, 1), Err(ReadFailure::Stopped(DriveError::Link(_)))));
    }
}

#[test]
fn a_passing_fault_is_waited_out() {
    let mut stage = Stage::strict(vec![
        (READ_4, fault(HostFault::Passing)),
        (READ_4, fault(HostFault::Passing)),
        (READ_4, Outcome::Sectors),
    ]);
    read(&mut stage, 4).unwrap();
    assert!((2.0..2.1).contains(&stage.seconds()));
    let mut stage = Stage::answering(|_, _| fault(HostFault::Passing));
    assert!(matches!(read(&mut stage, 4), Err(ReadFailure::Stopped(DriveError::Link(_)))));
    assert_eq!(stage.count("28"), 6);
}

#[test]
fn who_wants_to_stop_waits_for_no_drive() {
    let outcomes: [fn() -> Outcome; 4] =
        [|| sense(2, 4, 1), || Outcome::Status(Status::Busy), || fault(HostFault::Passing), || sense(4, 0x44, 0)];
    for outcome in outcomes {
        let mut stage = Stage::answering(move |_, _| outcome());
        stage.drive.heed(Arc::new(std::sync::atomic::AtomicBool::new(true)));
        assert!(matches!(read(&mut stage, 4), Err(ReadFailure::Stopped(DriveError::Stopped))));
        assert!(stage.seconds() < 0.001 && stage.sent().len() == 1, "{:?}", stage.sent());
    }
}

#[test]
fn a_command_without_an_answer_leaves_a_drive_that_is_ready_again() {
    let after = Duration::from_secs(60);
    let mut stage = Stage::strict(vec![
        (READ_4, Outcome::Fault(TransportError::TimedOut { after })),
        ("00", sense(6, 0x29, 0)),
        ("00", sense(2, 4, 1)),
        ("00", Outcome::Good),
        ("00", Outcome::Good),
    ]);
    assert!(matches!(read(&mut stage, 4), Err(ReadFailure::TimedOut { after: told }) if told == after));
    stage.assert_done();
}

#[test]
fn a_drive_that_is_gone_and_a_right_that_is_missing_stop_the_job() {
    let mut stage = Stage::strict(vec![(READ_4, Outcome::Fault(TransportError::Gone))]);
    assert!(matches!(read(&mut stage, 4), Err(ReadFailure::Stopped(DriveError::Gone))));
    let mut stage = Stage::strict(vec![(READ_4, Outcome::Fault(TransportError::NotPermitted { opcode: 0x28 }))]);
    let failure = read(&mut stage, 4).unwrap_err();
    assert_eq!(failure.to_string(), "no right to send READ(10) (28h)");
}

#[test]
fn a_short_transfer_is_repeated_once() {
    let mut stage = Stage::strict(vec![(READ_4, Outcome::Short(2048)), (READ_4, Outcome::Sectors)]);
    assert_eq!(read(&mut stage, 4).unwrap(), ReadQuality::Clean);
}

#[test]
fn a_bridge_that_tells_wrong_amounts_is_believed_no_more() {
    let mut stage = Stage::strict(vec![
        (READ_4, Outcome::Short(2048)),
        (READ_4, Outcome::Short(2048)),
        (READ_4, Outcome::Short(2048)),
    ]);
    assert_eq!(read(&mut stage, 4).unwrap(), ReadQuality::Clean);
    assert_eq!(stage.drive.take_notes(), [Note::ResidueIgnored]);
    assert_eq!(read(&mut stage, 4).unwrap(), ReadQuality::Clean);
    stage.assert_done();
}

#[test]
fn a_transfer_that_is_truly_short_is_never_taken_for_data() {
    // Nothing comes, twice: what the buffer held before is no data.
    let mut stage = Stage::answering(|_, _| Outcome::Data(vec![7; 2048]));
    let mut buffer = vec![9; 4 * SECTOR_BYTES];
    assert!(matches!(stage.drive.read(Lba(100), &mut buffer, &ReadHow::default()), Err(ReadFailure::TooLarge)));
    let mut stage = Stage::answering(|_, _| Outcome::Data(vec![7; 100]));
    let mut buffer = vec![0; SECTOR_BYTES];
    let failure = stage.drive.read(Lba(100), &mut buffer, &ReadHow::default());
    assert!(matches!(failure, Err(ReadFailure::Unreadable { .. })));
}

#[test]
fn lost_sense_is_asked_for() {
    let mut sense_bytes = Sense::new(SenseKey::MediumError, 0x11, 5).emit_fixed();
    sense_bytes.resize(18, 0);
    let mut stage = Stage::strict(vec![(READ_4, Outcome::NoSense), ("03 00 00 00 12", Outcome::Data(sense_bytes))]);
    assert!(matches!(read(&mut stage, 4), Err(ReadFailure::Unreadable { sense, .. }) if sense.asc == 0x11));
}

#[test]
fn confused_firmware_gets_two_pauses() {
    let mut stage = Stage::answering(|_, _| sense(4, 0x44, 0));
    assert!(matches!(read(&mut stage, 4), Err(ReadFailure::Unreadable { .. })));
    assert_eq!(stage.count("28"), 3);
    assert!((4.0..4.1).contains(&stage.seconds()));
    let mut stage = Stage::answering(|_, _| sense(4, 0x3E, 1));
    assert!(matches!(read(&mut stage, 4), Err(ReadFailure::Stopped(DriveError::Hardware(_)))));
    assert!((5.0..5.1).contains(&stage.seconds()));
}

#[test]
fn a_garbling_link_is_tried_three_times_more_and_then_with_less() {
    let mut stage = Stage::answering(|_, _| sense(4, 8, 3));
    assert!(matches!(read(&mut stage, 4), Err(ReadFailure::TooLarge)));
    assert_eq!((stage.count("28"), stage.drive.max_read()), (4, SectorCount(2)));
    assert!(matches!(read(&mut stage, 1), Err(ReadFailure::Stopped(DriveError::Hardware(_)))));
}

#[test]
fn a_size_that_the_drive_refuses_is_halved() {
    let mut stage = Stage::strict(vec![(READ_4, sense(5, 0x24, 0)), (READ_1, sense(5, 0x24, 0))]);
    assert!(matches!(read(&mut stage, 4), Err(ReadFailure::TooLarge)));
    assert_eq!(stage.drive.max_read(), SectorCount(2));
    let failure = read(&mut stage, 1);
    assert!(matches!(failure, Err(ReadFailure::Stopped(DriveError::Refused { command: "READ(10)", .. }))));
}

/// A raw sector with this mode, sub-mode and, in mode 2, a sub-header twice.
fn raw(mode: u8, submode: u8) -> Vec<u8> {
    let mut raw = vec![0; 2352];
    raw[1..11].fill(0xFF);
    raw[15] = mode;
    raw[18] = submode;
    raw[22] = submode;
    raw
}

#[test]
fn the_header_of_a_raw_sector_tells_its_mode() {
    assert_eq!(mode_in_header(&raw(1, 0)), Some(TrackMode::Mode1));
    assert_eq!(mode_in_header(&raw(2, 0x08)), Some(TrackMode::Mode2Form1));
    assert_eq!(mode_in_header(&raw(2, 0x28)), Some(TrackMode::Mode2Form2));
    let mut formless = raw(2, 8);
    formless[16] = 1;
    assert_eq!(mode_in_header(&formless), Some(TrackMode::Mode2Formless));
    assert_eq!(mode_in_header(&[0x55; 2352]), Some(TrackMode::Audio));
    assert_eq!(mode_in_header(&raw(0, 0)), None);
    assert_eq!(mode_in_header(&raw(1, 0)[..2351]), None);
}

#[test]
fn a_cd_that_refuses_read_10_is_read_with_read_cd() {
    for (asc, mode, expected) in [(0x64, raw(1, 0), "be 08"), (0x20, raw(2, 8), "be 10"), (0x24, raw(2, 8), "be 10")] {
        let stage = Stage::strict(vec![
            (READ_4, sense(5, asc, 0)),
            ("be 00 00 00 00 64 00 00 01 f8 00", Outcome::Data(mode)),
            (expected, Outcome::Sectors),
            (expected, Outcome::Sectors),
        ]);
        let mut stage = with_disc(stage, MediumFamily::Cd);
        assert_eq!(read(&mut stage, 4).unwrap(), ReadQuality::Clean);
        assert_eq!(read(&mut stage, 4).unwrap(), ReadQuality::Clean);
        assert_eq!(stage.drive.take_notes(), [Note::ReadsByReadCd]);
        assert!(stage.sent().last().unwrap().ends_with("64 00 00 04 10 00 00"));
    }
}

#[test]
fn audio_and_form_2_are_of_the_wrong_kind() {
    for raw in [raw(2, 0x20), vec![0x11; 2352]] {
        let stage = Stage::strict(vec![(READ_4, sense(5, 0x64, 0)), ("be 00", Outcome::Data(raw))]);
        assert!(matches!(read(&mut with_disc(stage, MediumFamily::Cd), 4), Err(ReadFailure::WrongKind)));
    }
    let stage = Stage::strict(vec![(READ_4, sense(5, 0x64, 0)), ("be 00", sense(5, 0x20, 0))]);
    assert!(matches!(read(&mut with_disc(stage, MediumFamily::Cd), 4), Err(ReadFailure::WrongKind)));
}

#[test]
fn a_second_look_goes_to_the_disc() {
    let how = ReadHow { cache: Cache::Bypassed, timeout: None };
    let mut stage = Stage::strict(vec![("28 08 00 00 00 64 00 00 01", Outcome::Sectors)]);
    read_how(&mut stage, 1, &how).unwrap();
}

#[test]
fn where_the_cache_cannot_be_bypassed_it_is_filled_with_other_sectors() {
    let how = ReadHow { cache: Cache::Bypassed, timeout: None };
    let stage = Stage::answering(|cdb, _| if cdb.as_bytes()[1] == 8 { sense(5, 0x24, 0) } else { Outcome::Sectors });
    let mut stage = with_disc(stage, MediumFamily::Dvd);
    read_how(&mut stage, 1, &how).unwrap();
    assert_eq!(stage.count("28 08"), 1);
    assert_eq!(stage.count("28 00"), 4096 / 32 + 1);
    let elsewhere =
        stage.sent().iter().filter(|cdb| cdb.ends_with("20 00")).all(|cdb| cdb > &"28 00 00 00 c3".to_owned());
    assert!(elsewhere);
    read_how(&mut stage, 1, &how).unwrap();
    assert_eq!(stage.count("28 08"), 1);
    assert_eq!(stage.drive.take_notes(), [Note::CacheDefeated]);
}

#[test]
fn the_drive_as_a_source_saves_what_can_be_read() {
    use crate::sector::{SectorSource, SourceError};
    let bad = Arc::new(Mutex::new(130));
    let its_bad = Arc::clone(&bad);
    let mut stage = Stage::answering(move |cdb, _| {
        let bytes = cdb.as_bytes();
        let start = u32::from_be_bytes([bytes[2], bytes[3], bytes[4], bytes[5]]);
        let count = u32::from(u16::from_be_bytes([bytes[7], bytes[8]]));
        let bad = *its_bad.lock().unwrap();
        if (start..start + count).contains(&bad) && bytes[1] == 0 { sense(3, 0x11, 5) } else { Outcome::Sectors }
    });
    let mut buffer = vec![0; 40 * SECTOR_BYTES];
    assert!(stage.drive.read_sectors(Lba(100), &mut buffer).is_ok());
    assert_eq!(buffer[30 * SECTOR_BYTES], byte_of(130));
    let mut stage = Stage::answering(|cdb, _| {
        let bytes = cdb.as_bytes();
        let end = bytes[5] as u16 + u16::from_be_bytes([bytes[7], bytes[8]]);
        if end > 120 { sense(3, 0x11, 5) } else { Outcome::Sectors }
    });
    let failure = stage.drive.read_sectors(Lba(100), &mut buffer);
    assert!(matches!(failure, Err(SourceError::Unreadable { at: Lba(120) })), "{failure:?}");
    let mut stage = Stage::strict(vec![("28", Outcome::Fault(TransportError::Gone))]);
    assert!(matches!(stage.drive.read_sectors(Lba(0), &mut buffer[..2048]), Err(SourceError::Failed { .. })));
}

#[test]
fn reading_is_bounded_whatever_a_drive_answers() {
    use proptest::prelude::*;
    proptest!(|(answers in proptest::collection::vec((0..16_u8, any::<u8>(), any::<u8>()), 1..8), count in 1..40_usize)| {
        let mut turn = 0;
        let stage = Stage::answering(move |_, _| {
            turn += 1;
            let (key, asc, ascq) = answers[turn % answers.len()];
            sense(key, asc, ascq)
        });
        let mut stage = with_disc(stage, MediumFamily::Cd);
        let _ = read(&mut stage, count);
        let waited: SimulatedClock = stage.clock.clone();
        prop_assert!(waited.now() < Duration::from_secs(3600));
    });
}
