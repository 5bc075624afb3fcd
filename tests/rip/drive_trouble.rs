//! Drives that leave, go mad, or tell of other discs; discs of which no image can be made.

use super::bench::*;
use discwright::drive::DriveError;
use discwright::image::{BlockStatus, Memory};
use discwright::reading::{PrepareError, TripError, Unsuitable};
use discwright::rip::{Options, Outcome, RipError};
use discwright::scsi::{Sense, SenseKey};
use discwright::sector::Lba;
use discwright::virtual_drive::disc::{Blank, DiscKind, Pressed, Session, Tail, TrackMode, TrackPlan};
use discwright::virtual_drive::fault::{BECOMING_READY, Failure, Fault, Incident, MEDIUM_CHANGED, RESET, When};
use discwright::virtual_drive::{Setup, Tray};
use std::time::Duration;

fn once(sector: u32, what: Incident) -> Fault {
    Fault::Once { when: When::Sector(Lba(sector)), what }
}

/// What is in the `.part` and in the map agrees, and nothing is called bad.
fn assert_resumable(storage: &Memory, bytes: &[u8]) {
    let (map, part) = (map_of(storage), content(storage, "/images/disc.iso.part").unwrap());
    assert!(map.count(BlockStatus::BadSector).is_zero());
    assert!(!map.count(BlockStatus::Finished).is_zero());
    for range in map.ranges(BlockStatus::Finished) {
        assert_eq!(sectors(&part, range), sectors(bytes, range));
    }
    let ripped = rip_to(storage, dvd(bytes), &Options::default());
    assert_eq!(ripped.report().outcome, Outcome::Complete);
    assert_eq!(content(storage, OUTPUT).unwrap(), bytes);
}

#[test]
fn a_drive_that_goes_leaves_a_state_to_resume() {
    let (storage, bytes) = (Memory::new(), any_bytes(3000));
    let mut setup = dvd(&bytes);
    setup.faults = vec![once(1500, Incident::Gone)];
    let ripped = rip_to(&storage, setup, &Options::default());
    assert!(matches!(ripped.failure().error, RipError::Trip(TripError::Stopped { source: DriveError::Gone, .. })));
    assert_resumable(&storage, &bytes);
}

#[test]
fn an_opened_tray_leaves_a_state_to_resume() {
    let (storage, bytes) = (Memory::new(), any_bytes(3000));
    let mut setup = dvd(&bytes);
    setup.faults = vec![once(1500, Incident::TrayOpens)];
    let ripped = rip_to(&storage, setup, &Options::default());
    assert!(matches!(ripped.failure().error, RipError::Trip(TripError::Stopped { source: DriveError::TrayOpen, .. })));
    assert_resumable(&storage, &bytes);
}

#[test]
fn a_drive_that_goes_mad_makes_no_sector_bad() {
    let (storage, bytes) = (Memory::new(), any_bytes(3000));
    let mut setup = dvd(&bytes);
    setup.faults = vec![once(1500, Incident::Mad(Failure::default()))];
    let ripped = rip_to(&storage, setup, &Options::default());
    assert!(matches!(ripped.failure().error, RipError::Trip(TripError::DriveWentMad { .. })), "{:?}", ripped.failure());
    assert_resumable(&storage, &bytes);
}

#[test]
fn attentions_on_the_same_disc_stop_nothing() {
    for attention in [MEDIUM_CHANGED, RESET] {
        let (storage, bytes) = (Memory::new(), any_bytes(3000));
        let mut setup = dvd(&bytes);
        setup.faults = vec![once(1500, Incident::Attention(attention))];
        let ripped = rip_to(&storage, setup, &Options::default());
        assert_eq!(ripped.report().outcome, Outcome::Complete);
        assert_eq!(content(&storage, OUTPUT).unwrap(), bytes);
    }
}

#[test]
fn a_drive_that_spins_up_is_waited_for() {
    let storage = Memory::new();
    let mut setup = dvd(&any_bytes(300));
    setup.faults = vec![Fault::NotReady { time: Duration::from_secs(12), sense: BECOMING_READY }];
    let ripped = rip_to(&storage, setup, &Options::default());
    assert_eq!(ripped.report().outcome, Outcome::Complete);
    assert!(ripped.time >= Duration::from_secs(12));
    let waited = ripped.events.iter().any(|e| format!("{e:?}").contains("waiting for the drive to spin up"));
    assert!(waited, "{:?}", ripped.events);
}

#[test]
fn a_drive_that_never_gets_ready_is_given_up() {
    let mut setup = dvd(&any_bytes(300));
    setup.faults = vec![Fault::NotReady { time: Duration::from_secs(1000), sense: BECOMING_READY }];
    let ripped = rip_to(&Memory::new(), setup, &Options::default());
    let error = &ripped.failure().error;
    assert!(matches!(error, RipError::Prepare(PrepareError::Drive(DriveError::NotReadyInTime(_)))), "{error:?}");
    assert!(ripped.time < Duration::from_secs(300));
}

fn refusal(setup: Setup) -> String {
    let storage = Memory::new();
    let ripped = rip_to(&storage, setup, &Options::default());
    assert!(storage.names().is_empty());
    format!("{:?}", ripped.failure().error)
}

#[test]
fn no_disc_and_an_open_tray_are_told_apart() {
    assert_eq!(refusal(Setup::with(None)), "Prepare(Drive(NoDisc))");
    let open = Setup { tray: Tray::Open, ..dvd(&any_bytes(100)) };
    assert_eq!(refusal(open), "Prepare(Drive(TrayOpen))");
}

#[test]
fn a_blank_disc_is_refused() {
    let setup = Setup::with(Some(Box::new(Blank::new(DiscKind::DvdPlusR))));
    assert_eq!(refusal(setup), format!("{:?}", RipError::from(PrepareError::from(Unsuitable::Blank))));
}

#[test]
fn discs_of_several_tracks_are_refused_with_what_is_on_them() {
    let with = |plan: &[TrackPlan]| {
        let sectors: u32 = plan.iter().map(|t| t.sectors.0).sum();
        let content = Box::new(discwright::virtual_drive::disc::content::Memory::new(any_bytes(sectors)));
        let pressed = Pressed::with_tracks(DiscKind::CdRom, plan, content, Tail::LeadOut).unwrap();
        refusal(Setup::with(Some(Box::new(pressed))))
    };
    let track = |mode, session| TrackPlan { mode, sectors: count(1000), session };
    let (data, audio) = (TrackMode::Mode1, TrackMode::Audio);
    assert!(with(&[track(audio, Session::Same), track(audio, Session::Same)]).contains("Audio { tracks: 2 }"));
    assert!(with(&[track(data, Session::Same), track(audio, Session::Same)]).contains("Mixed { tracks: 2, audio: 1 }"));
    assert!(with(&[track(data, Session::Same), track(data, Session::Same)]).contains("SeveralTracks { tracks: 2 }"));
}

#[test]
fn scrambled_sectors_are_never_damage() {
    let storage = Memory::new();
    let mut setup = dvd(&any_bytes(3000));
    let sense = Sense::new(SenseKey::IllegalRequest, 0x6F, 0x03);
    setup.faults = vec![unreadable(&[(1000, 3000)], Failure { sense, ..Failure::default() })];
    let ripped = rip_to(&storage, setup, &Options::default());
    assert!(matches!(ripped.failure().error, RipError::Trip(TripError::Protected { .. })), "{:?}", ripped.failure());
    assert!(map_of(&storage).count(BlockStatus::BadSector).is_zero());
}
