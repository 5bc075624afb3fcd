use std::sync::Arc;

use super::super::script::{Outcome, Stage, sense};
use super::*;
use crate::clock::Clock;
use crate::scsi::{SenseKey, Status, TransportError};

/// A drive that says the same to every TEST UNIT READY for so many seconds, and then that it is ready. It knows
/// nothing else.
fn for_a_while(seconds: u64, answer: impl Fn() -> Outcome + Send + 'static) -> Stage {
    let mut clock: Option<crate::clock::SimulatedClock> = None;
    let shared = Arc::new(std::sync::Mutex::new(None));
    let its_clock = Arc::clone(&shared);
    let stage = Stage::answering(move |cdb, _| {
        let now = clock.get_or_insert_with(|| its_clock.lock().unwrap().clone().unwrap()).now();
        match cdb.opcode() {
            0x00 if now < Duration::from_secs(seconds) => answer(),
            0x00 => Outcome::Good,
            0x1B => Outcome::Good,
            _ => sense(5, 0x20, 0),
        }
    });
    *shared.lock().unwrap() = Some(stage.clock.clone());
    stage
}

fn wait_for(stage: &mut Stage) -> (Result<(), DriveError>, Vec<Awaiting>) {
    let mut told = Vec::new();
    let outcome = stage.drive.wait_until_ready(&AtomicBool::new(false), &mut |awaiting| told.push(awaiting));
    (outcome, told)
}

#[test]
fn a_ready_drive_is_asked_once() {
    let mut stage = Stage::strict(vec![("00", Outcome::Good)]);
    assert!(wait_for(&mut stage).0.is_ok());
    stage.assert_done();
    assert!(stage.seconds() < 0.001);
}

#[test]
fn a_drive_that_spins_up_is_waited_for_and_that_is_told_once() {
    let mut stage = for_a_while(12, || sense(2, 4, 1));
    let (outcome, told) = wait_for(&mut stage);
    assert!(outcome.is_ok());
    assert_eq!(told, [Awaiting::SpinUp]);
    assert!((12.0..13.5).contains(&stage.seconds()), "{}", stage.seconds());
}

#[test]
fn spinning_up_ends_after_a_minute() {
    let mut stage = for_a_while(1000, || sense(2, 4, 1));
    let (outcome, _) = wait_for(&mut stage);
    assert!(matches!(outcome, Err(DriveError::NotReadyInTime(Awaiting::SpinUp))), "{outcome:?}");
    assert!((60.0..62.0).contains(&stage.seconds()), "{}", stage.seconds());
}

#[test]
fn drives_that_read_bd_get_two_minutes() {
    let mut stage = Stage::answering(|cdb, _| match cdb.opcode() {
        0x00 => sense(2, 4, 1),
        0x46 => Outcome::Data(vec![0, 0, 0, 8, 0, 0, 0, 0, 0, 0x40, 0, 0]),
        _ => sense(5, 0x20, 0),
    });
    let (outcome, _) = wait_for(&mut stage);
    assert!(matches!(outcome, Err(DriveError::NotReadyInTime(Awaiting::SpinUp))), "{outcome:?}");
    assert!((120.0..122.0).contains(&stage.seconds()), "{}", stage.seconds());
    assert_eq!(stage.count("46"), 1);
}

#[test]
fn a_drive_that_gives_no_reason_gets_ten_seconds() {
    let mut stage = for_a_while(1000, || sense(2, 4, 0));
    let (outcome, told) = wait_for(&mut stage);
    assert!(matches!(outcome, Err(DriveError::NotReadyInTime(Awaiting::Reason))), "{outcome:?}");
    assert_eq!(told, [Awaiting::Reason]);
    assert!((10.0..12.0).contains(&stage.seconds()), "{}", stage.seconds());
}

#[test]
fn a_drive_that_knows_the_state_of_its_disc_is_ready_whatever_it_says() {
    let mut stage = Stage::answering(|cdb, _| match cdb.opcode() {
        0x00 => sense(2, 4, 0),
        0x51 => Outcome::Data([vec![0, 0x20, 0x0E, 1, 1, 1, 1], vec![0; 27]].concat()),
        _ => sense(5, 0x20, 0),
    });
    assert!(wait_for(&mut stage).0.is_ok());
}

#[test]
fn a_stopped_drive_is_started() {
    let steps = vec![("00", sense(2, 4, 2)), ("1b 00 00 00 01 00", Outcome::Good), ("00", Outcome::Good)];
    let mut stage = Stage::strict([steps, vec![("00", Outcome::Good)]].into_iter().flatten().collect());
    assert!(wait_for(&mut stage).0.is_ok());
    stage.assert_done();
}

#[test]
fn a_drive_that_does_not_start_is_stopped_and_started() {
    let mut stage = for_a_while(1000, || sense(2, 4, 2));
    let (outcome, _) = wait_for(&mut stage);
    assert!(matches!(outcome, Err(DriveError::NotReadyInTime(Awaiting::SpinUp))), "{outcome:?}");
    let moves: Vec<_> = stage.sent().into_iter().filter(|cdb| cdb.starts_with("1b")).collect();
    assert_eq!(moves, ["1b 00 00 00 01 00", "1b 00 00 00 00 00", "1b 00 00 00 01 00"]);
}

#[test]
fn a_drive_that_needs_a_hand_is_not_waited_for() {
    let mut stage = Stage::strict(vec![("00", sense(2, 4, 3))]);
    assert!(matches!(wait_for(&mut stage).0, Err(DriveError::NeedsHand(_))));
}

#[test]
fn long_work_tells_its_progress() {
    let mut stage = Stage::answering({
        let mut looks = 0_u16;
        move |_, _| {
            looks += 1;
            match looks {
                1..=3 => Outcome::Sense(Sense::new(SenseKey::NotReady, 4, 8).with_progress(0x4000 * looks)),
                _ => Outcome::Good,
            }
        }
    });
    let (outcome, told) = wait_for(&mut stage);
    assert!(outcome.is_ok());
    let progress: Vec<_> = told.iter().map(Awaiting::progress).collect();
    assert_eq!(progress, [Some(0.25), Some(0.5), Some(0.75)]);
    assert_eq!(told[1].to_string(), "the drive to finish writing (50 %)");
}

#[test]
fn work_of_others_ends_after_a_minute() {
    for (ascq, kind) in [
        (7, Awaiting::Operation { progress: None }),
        (8, Awaiting::LongWrite { progress: None }),
        (9, Awaiting::SelfTest { progress: None }),
    ] {
        let mut stage = for_a_while(1000, move || sense(2, 4, ascq));
        match wait_for(&mut stage).0 {
            Err(DriveError::NotReadyInTime(awaiting)) => assert_eq!(awaiting, kind),
            other => panic!("{other:?}"),
        }
        assert!((60.0..62.0).contains(&stage.seconds()), "{}", stage.seconds());
    }
}

#[test]
fn formatting_in_the_background_lets_reads_through() {
    let mut stage = Stage::strict(vec![("00", sense(2, 4, 4)), ("28", Outcome::Sectors)]);
    assert!(wait_for(&mut stage).0.is_ok());
    let mut stage = for_a_while(20, || sense(2, 4, 4));
    assert!(wait_for(&mut stage).0.is_ok());
    assert_eq!(stage.count("28"), 1);
}

#[test]
fn an_empty_drive_is_believed_after_a_grace() {
    for (ascq, seconds) in [(0, 15.0), (1, 3.0)] {
        let mut stage = for_a_while(1000, move || sense(2, 0x3A, ascq));
        let (outcome, told) = wait_for(&mut stage);
        assert!(matches!(outcome, Err(DriveError::NoDisc)), "{outcome:?}");
        assert_eq!(told, [Awaiting::Disc]);
        assert!((seconds..seconds + 1.5).contains(&stage.seconds()), "{}", stage.seconds());
    }
}

#[test]
fn a_disc_that_is_seen_late_is_seen() {
    let mut stage = for_a_while(8, || sense(2, 0x3A, 0));
    assert!(wait_for(&mut stage).0.is_ok());
}

#[test]
fn an_open_tray_is_told_at_once() {
    let mut stage = Stage::strict(vec![("00", sense(2, 0x3A, 2))]);
    assert!(matches!(wait_for(&mut stage).0, Err(DriveError::TrayOpen)));
}

#[test]
fn after_loading_no_answer_is_believed_at_once() {
    for ascq in [0, 1, 2] {
        let mut stage = for_a_while(10, move || sense(2, 0x3A, ascq));
        stage.drive.load().unwrap();
        assert!(wait_for(&mut stage).0.is_ok(), "{ascq}");
        let mut stage = for_a_while(1000, move || sense(2, 0x3A, ascq));
        stage.drive.load().unwrap();
        let (outcome, _) = wait_for(&mut stage);
        assert!(matches!(outcome, Err(DriveError::NoDisc | DriveError::TrayOpen)), "{outcome:?}");
        assert!((14.0..19.0).contains(&stage.seconds()), "{ascq}: {}", stage.seconds());
    }
}

#[test]
fn a_disc_in_difficulties_gets_two_more_looks_and_a_start() {
    let difficult: [fn() -> Outcome; 7] = [
        || sense(2, 0x30, 0),
        || sense(2, 0x57, 0),
        || sense(3, 0x57, 0),
        || sense(5, 0x57, 0),
        || sense(2, 0x06, 0),
        || sense(3, 0x02, 0),
        || sense(4, 0x09, 0),
    ];
    for answer in difficult {
        let mut stage = for_a_while(1000, answer);
        let (outcome, told) = wait_for(&mut stage);
        assert!(matches!(outcome, Err(DriveError::DiscUnreadable(_))), "{outcome:?}");
        assert_eq!(told, [Awaiting::Recognition]);
        assert_eq!((stage.count("00"), stage.count("1b 00 00 00 01")), (3, 1));
        assert!((10.0..11.0).contains(&stage.seconds()), "{}", stage.seconds());
    }
    let mut stage = for_a_while(8, || sense(3, 0x31, 0));
    assert!(wait_for(&mut stage).0.is_ok());
}

#[test]
fn a_failing_drive_gets_one_more_look() {
    for (asc, ascq) in [(0x3E, 1), (0x44, 0), (0x40, 0x80), (0x08, 0)] {
        let mut stage = for_a_while(1000, move || sense(4, asc, ascq));
        let (outcome, told) = wait_for(&mut stage);
        assert!(matches!(outcome, Err(DriveError::Hardware(_))), "{outcome:?}");
        assert_eq!(told, [Awaiting::Recovery]);
        assert!(stage.seconds() < 7.0, "{}", stage.seconds());
    }
}

#[test]
fn a_refusal_that_wears_the_key_of_readiness_is_not_waited_for() {
    for asc in [0x20, 0x24, 0x25, 0x26, 0x2C] {
        let mut stage = for_a_while(1000, move || sense(2, asc, if asc == 0x2C { 1 } else { 0 }));
        let (_, told) = wait_for(&mut stage);
        assert_eq!(told, []);
        assert!(stage.seconds() < 0.001);
    }
}

#[test]
fn a_drive_that_is_gone_is_not_waited_for() {
    let mut stage = Stage::strict(vec![("00", Outcome::Fault(TransportError::Gone))]);
    assert!(matches!(wait_for(&mut stage).0, Err(DriveError::Gone)));
    let mut stage = Stage::strict(vec![("00", sense(2, 5, 0))]);
    assert!(matches!(wait_for(&mut stage).0, Err(DriveError::Gone)));
}

#[test]
fn unit_attentions_are_repeated_and_followed_by_a_second_look() {
    let attentions = [(0x29, 0), (0x28, 0), (0x2A, 1), (0x3F, 1)];
    let mut steps: Vec<_> = attentions.map(|(asc, ascq)| ("00", sense(6, asc, ascq))).into_iter().collect();
    steps.extend([("00", Outcome::Good), ("00", Outcome::Good)]);
    let mut stage = Stage::strict(steps);
    assert!(wait_for(&mut stage).0.is_ok());
    stage.assert_done();
    assert!((0.05..0.2).contains(&stage.seconds()), "{}", stage.seconds());
}

#[test]
fn a_drive_that_takes_its_readiness_back_is_waited_for() {
    let mut stage = Stage::strict(vec![
        ("00", sense(6, 0x28, 0)),
        ("00", Outcome::Good),
        ("00", sense(2, 4, 1)),
        ("00", Outcome::Good),
        ("00", Outcome::Good),
    ]);
    assert!(wait_for(&mut stage).0.is_ok());
    stage.assert_done();
}

#[test]
fn attentions_without_an_end_end() {
    let mut stage = for_a_while(1000, || sense(6, 0x29, 0));
    assert!(wait_for(&mut stage).0.is_err());
    assert!(stage.seconds() < 15.0, "{}", stage.seconds());
}

#[test]
fn states_that_alternate_end() {
    let mut looks = 0;
    let mut stage = Stage::answering(move |_, _| {
        looks += 1;
        if looks % 2 == 0 { sense(2, 4, 1) } else { sense(2, 4, 0) }
    });
    assert!(wait_for(&mut stage).0.is_err());
    assert!((300.0..302.0).contains(&stage.seconds()), "{}", stage.seconds());
}

#[test]
fn a_busy_drive_gets_a_minute() {
    let mut stage = for_a_while(1000, || Outcome::Status(Status::Busy));
    let (outcome, told) = wait_for(&mut stage);
    assert!(matches!(outcome, Err(DriveError::NotReadyInTime(Awaiting::Idle))), "{outcome:?}");
    assert_eq!(told, [Awaiting::Idle]);
    assert!((60.0..62.0).contains(&stage.seconds()), "{}", stage.seconds());
}

#[test]
fn a_person_who_wants_to_stop_waits_a_tenth_of_a_second() {
    let stop = Arc::new(AtomicBool::new(false));
    let its_stop = Arc::clone(&stop);
    let mut looks = 0;
    let mut stage = Stage::answering(move |_, _| {
        looks += 1;
        its_stop.store(looks == 8, Ordering::Relaxed);
        sense(2, 4, 1)
    });
    let outcome = stage.drive.wait_until_ready(&stop, &mut |_| {});
    assert!(matches!(outcome, Err(DriveError::Stopped)), "{outcome:?}");
    assert!(stage.seconds() <= 3.5, "{}", stage.seconds());
}

#[test]
fn one_look_moves_nothing_and_waits_for_nothing() {
    let looks: [(Outcome, TrayState); 8] = [
        (Outcome::Good, TrayState::Ready),
        (sense(2, 4, 1), TrayState::NotReady(Awaiting::SpinUp)),
        (sense(2, 4, 2), TrayState::NotReady(Awaiting::SpinUp)),
        (sense(2, 0x3A, 1), TrayState::Empty),
        (sense(2, 0x3A, 2), TrayState::Open),
        (sense(2, 0x24, 0), TrayState::Ready),
        (sense(2, 0x30, 0), TrayState::NotReady(Awaiting::Recognition)),
        (Outcome::Status(Status::Busy), TrayState::NotReady(Awaiting::Idle)),
    ];
    for (answer, state) in looks {
        let mut stage = Stage::strict(vec![("00", answer)]);
        assert_eq!(stage.drive.look().unwrap(), state);
        assert!(stage.seconds() < 0.001);
    }
}

#[test]
fn a_disc_that_reads_while_it_is_formatted_is_ready_at_the_second_look_too() {
    let mut stage = Stage::answering(|cdb, _| match cdb.opcode() {
        0x00 => sense(2, 4, 4),
        0x28 => Outcome::Sectors,
        _ => Outcome::Good,
    });
    stage.drive.load().unwrap();
    let (outcome, _) = wait_for(&mut stage);
    assert!(outcome.is_ok(), "{outcome:?}");
    assert_eq!(stage.count("28"), 1);
}
