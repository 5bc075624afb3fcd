//! The drive's verbs over the drive in software: every kind of disc and every fault of its mechanism.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may")]

use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use discwright::clock::{Clock, SimulatedClock};
use discwright::drive::{
    Awaiting, Cache, ClaimSource, DiscStatus, Drive, DriveError, Lock, Medium, MediumKind, Note, Origin, Protection,
    ReadFailure, ReadHow, ReadQuality, SizeReason, Speed, SpeedOutcome, TrackMode, TrayState,
};
use discwright::scsi::{Cdb, Completion, Data, Transport, TransportError};
use discwright::sector::{Lba, SECTOR_BYTES, SectorCount, SectorRange, SectorSource};
use discwright::virtual_drive::Scene;

struct Stage {
    drive: Drive,
    clock: SimulatedClock,
}

fn stage(scene: &str) -> Stage {
    let clock = SimulatedClock::new();
    let built = Scene::parse(scene, Path::new("")).unwrap().build(Arc::new(clock.clone())).unwrap();
    Stage { drive: Drive::new(Box::new(built), Arc::new(clock.clone())), clock }
}

impl Stage {
    fn ready(&mut self) -> Result<Vec<Awaiting>, DriveError> {
        let mut told = Vec::new();
        self.drive.wait_until_ready(&AtomicBool::new(false), &mut |awaiting| told.push(awaiting))?;
        Ok(told)
    }

    fn examined(mut self) -> (Self, Medium) {
        self.ready().unwrap();
        let medium = self.drive.examine().unwrap();
        (self, medium)
    }

    fn read(&mut self, start: u32, count: usize) -> Result<(ReadQuality, Vec<u8>), ReadFailure> {
        let mut buffer = vec![0; count * SECTOR_BYTES];
        let quality = self.drive.read(Lba(start), &mut buffer, &ReadHow::default())?;
        Ok((quality, buffer))
    }
}

fn claim(medium: &Medium, source: ClaimSource) -> Option<u32> {
    medium.claim(source).map(|s| s.0)
}

#[test]
fn a_pressed_cd_is_examined() {
    let (mut stage, medium) = stage("synthetic = { sectors = 3000 }\nmedium = 'cd-rom'").examined();
    assert_eq!(
        (medium.kind, medium.status, medium.origin),
        (MediumKind::CdRom, DiscStatus::Finalized, Origin::Pressed)
    );
    assert_eq!((medium.sessions, medium.tracks.len()), (1, 1));
    assert_eq!(medium.data_mode(), Some(TrackMode::Mode1));
    assert_eq!((medium.tracks[0].start, medium.tracks[0].sectors), (Lba(0), SectorCount(3000)));
    assert_eq!(claim(&medium, ClaimSource::ReadCapacity), Some(3000));
    assert_eq!(claim(&medium, ClaimSource::TableOfContents), Some(3000));
    assert!(!medium.is_blank() && !medium.is_audio() && !medium.has_several_tracks());
    let verdict = stage.drive.settle_size(&medium, None).unwrap();
    assert_eq!((verdict.sectors, verdict.reason, verdict.run_out), (SectorCount(3000), SizeReason::LeadOut, None));
    assert_eq!(stage.drive.sector_count(), SectorCount(3000));
}

#[test]
fn the_mode_of_a_cd_is_in_its_own_headers() {
    let scene = "synthetic = { sectors = 300 }\nmedium = 'cd-rom'\nmode = 'mode2-form1'";
    let (_, medium) = stage(scene).examined();
    assert_eq!(medium.data_mode(), Some(TrackMode::Mode2Form1));
}

#[test]
fn tracks_and_sessions_are_listed() {
    let scene = "
        medium = 'cd-rom'
        [[track]]
        mode = 'mode1'
        sectors = 3000
        [[track]]
        mode = 'audio'
        sectors = 9000
        [[track]]
        mode = 'mode2-form1'
        sectors = 500
        session = 'new'
    ";
    let (_, medium) = stage(scene).examined();
    let listed: Vec<_> = medium.tracks.iter().map(|t| (t.number, t.session, t.start.0, t.sectors.0, t.mode)).collect();
    assert_eq!(
        listed,
        [
            (1, 1, 0, 3000, TrackMode::Mode1),
            (2, 1, 3000, 9000, TrackMode::Audio),
            (3, 2, 23_400, 500, TrackMode::Mode2Form1)
        ]
    );
    assert_eq!(medium.sessions, 2);
    assert!(medium.has_several_sessions() && medium.has_several_tracks() && !medium.is_audio());
}

#[test]
fn an_audio_disc_is_one_and_its_sectors_are_of_the_wrong_kind() {
    let (mut stage, medium) = stage("medium = 'cd-rom'\n[[track]]\nmode = 'audio'\nsectors = 900").examined();
    assert!(medium.is_audio());
    assert_eq!(medium.data_mode(), None);
    assert!(matches!(stage.read(100, 4), Err(ReadFailure::WrongKind)));
}

#[test]
fn run_out_is_found() {
    let scene = "synthetic = { sectors = 3000 }\nmedium = 'cd-r'\nwritten = 'track-at-once'";
    let (mut stage, medium) = stage(scene).examined();
    assert_eq!((medium.kind, medium.origin), (MediumKind::CdR, Origin::Recordable));
    assert!(medium.media_id.is_some());
    let verdict = stage.drive.settle_size(&medium, Some(SectorCount(3000))).unwrap();
    assert_eq!((verdict.sectors, verdict.reason), (SectorCount(3000), SizeReason::RunOutFound));
    assert_eq!(verdict.run_out, Some(SectorRange::new(Lba(3000), Lba(3002))));
}

#[test]
fn layers_of_a_dvd_are_told_whichever_way_they_run() {
    for path in ["opposite", "parallel"] {
        let scene = format!(
            "synthetic = {{ sectors = 3_000_000 }}\nmedium = 'dvd-rom'\nlayer_break = 1_600_000\ntrack_path = '{path}'"
        );
        let (mut stage, medium) = stage(&scene).examined();
        assert_eq!((medium.kind, medium.layers), (MediumKind::DvdRom, Some(2)), "{path}");
        assert_eq!(medium.layer_break, Some(Lba(1_600_000)), "{path}");
        assert_eq!(claim(&medium, ClaimSource::Structure), Some(3_000_000), "{path}");
        let verdict = stage.drive.settle_size(&medium, None).unwrap();
        assert_eq!((verdict.sectors, verdict.reason), (SectorCount(3_000_000), SizeReason::Capacity), "{path}");
    }
}

#[test]
fn wrong_claims_are_seen_through() {
    let settled = |scene: &str| {
        let (mut stage, medium) = stage(scene).examined();
        let verdict = stage.drive.settle_size(&medium, None).unwrap();
        (verdict.sectors.0, verdict.reason)
    };
    let dvd = "synthetic = { sectors = 20_000 }\nmedium = 'dvd-rom'\n[claims]\n";
    assert_eq!(settled(&format!("{dvd}structure = 30_000")), (20_000, SizeReason::TrialCapacity));
    assert_eq!(settled(&format!("{dvd}capacity = 30_000")), (20_000, SizeReason::TrialStructure));
    assert_eq!(settled(&format!("{dvd}capacity = 10_000")), (20_000, SizeReason::TrialStructure));
    let bd = "synthetic = { sectors = 20_000 }\nmedium = 'bd-r'\n[claims]\ncapacity = 1";
    assert_eq!(settled(bd).0, 20_000);
    let open = "synthetic = { sectors = 20_000 }\nmedium = 'dvd+r'\nstate = 'open'";
    let (size, reason) = settled(open);
    assert!((20_000..20_064).contains(&size), "{size} {reason:?}");
}

#[test]
fn blank_discs_are_blank() {
    for (name, kind) in [
        ("cd-r", MediumKind::CdR),
        ("dvd-r", MediumKind::DvdR),
        ("dvd+r", MediumKind::DvdPlusR),
        ("bd-r", MediumKind::BdR),
    ] {
        let (mut stage, medium) = stage(&format!("medium = '{name}'\nstate = 'blank'")).examined();
        assert_eq!((medium.kind, medium.status), (kind, DiscStatus::Empty), "{name}");
        assert!(medium.is_blank() && medium.tracks.is_empty() && medium.claims.is_empty(), "{medium:?}");
        let verdict = stage.drive.settle_size(&medium, None).unwrap();
        assert_eq!((verdict.sectors, verdict.reason), (SectorCount(0), SizeReason::Blank));
    }
}

#[test]
fn blu_ray_discs_are_told_apart() {
    let (mut stage, medium) =
        stage("synthetic = { sectors = 24_438_784 }\nmedium = 'bd-rom'\nlayer_break = 12_219_392").examined();
    assert_eq!((medium.kind, medium.layers), (MediumKind::BdRom, Some(2)));
    assert_eq!((medium.ecc_block(), medium.one_x_bytes_per_second()), (SectorCount(32), 4_495_500.0));
    assert_eq!(stage.drive.settle_size(&medium, None).unwrap().sectors, SectorCount(24_438_784));
    let (_, medium) = stage_and_medium("synthetic = { sectors = 20_000 }\nmedium = 'bd-r'");
    assert_eq!((medium.kind, medium.status), (MediumKind::BdR, DiscStatus::Finalized));
    assert!(medium.media_id.is_some());
}

fn stage_and_medium(scene: &str) -> (Stage, Medium) {
    stage(scene).examined()
}

#[test]
fn protection_is_known_before_the_first_read_of_data() {
    let scene = |kind: &str, more: &str| format!("synthetic = {{ sectors = 20_000 }}\nmedium = '{kind}'\n{more}");
    let (mut css, medium) = stage_and_medium(&scene("dvd-rom", "scrambled = ['600..5000']"));
    assert_eq!(medium.protection, Some(Protection::Css));
    assert!(matches!(css.read(700, 16), Err(ReadFailure::Protected(Protection::Css))));
    assert!(css.read(0, 16).is_ok());
    let (_, medium) = stage_and_medium(&scene("dvd-r", "protection = 'cprm'"));
    assert_eq!(medium.protection, Some(Protection::Cprm));
    let (_, medium) = stage_and_medium(&scene("bd-rom", "protection = 'aacs'"));
    assert_eq!(medium.protection, Some(Protection::Aacs));
    for kind in ["dvd-rom", "dvd+r", "bd-rom", "bd-r", "cd-rom"] {
        assert_eq!(stage_and_medium(&scene(kind, "")).1.protection, None, "{kind}");
    }
}

#[test]
fn a_drive_that_settles_is_waited_for() {
    let scene = "synthetic = { sectors = 3000 }\n[[fault]]\nkind = 'not-ready'\nseconds = 12";
    let mut stage = stage(scene);
    assert_eq!(stage.drive.look().unwrap(), TrayState::NotReady(Awaiting::SpinUp));
    assert_eq!(stage.ready().unwrap(), [Awaiting::SpinUp]);
    assert!((12.0..14.0).contains(&stage.clock.now().as_secs_f64()));
    stage.drive.examine().unwrap();
    assert!(stage.read(0, 16).is_ok());
}

#[test]
fn open_and_empty_trays_are_told_apart() {
    let mut open = stage("synthetic = { sectors = 3000 }\ntray = 'open'");
    assert_eq!(open.drive.look().unwrap(), TrayState::Open);
    assert!(matches!(open.ready(), Err(DriveError::TrayOpen)));
    open.drive.load().unwrap();
    open.ready().unwrap();
    open.drive.examine().unwrap();
    open.drive.eject().unwrap();
    assert_eq!(open.drive.look().unwrap(), TrayState::Open);
    let mut empty = stage("tray = 'empty'");
    assert_eq!(empty.drive.look().unwrap(), TrayState::Empty);
    assert!(matches!(empty.ready(), Err(DriveError::NoDisc)));
}

#[test]
fn the_drive_tells_who_it_is() {
    let scene = "synthetic = { sectors = 3000 }\n[drive]\nvendor = 'ACME'\nproduct = 'DVD-ROM DH-1'\nrevision = '1.07'\nserial = '0123456'";
    let identity = stage(scene).drive.identify().unwrap();
    assert_eq!((identity.vendor.as_str(), identity.product.as_str()), ("ACME", "DVD-ROM DH-1"));
    assert_eq!((identity.revision.as_str(), identity.serial.as_deref()), ("1.07", Some("0123456")));
}

#[test]
fn bad_sectors_are_named_and_recovered_ones_counted() {
    let scene = "
        synthetic = { sectors = 3000 }
        medium = 'cd-rom'
        [[fault]]
        kind = 'unreadable'
        sectors = [105]
        [[fault]]
        kind = 'recovered'
        sectors = [200]
    ";
    let (mut stage, _) = stage_and_medium(scene);
    assert!(matches!(stage.read(100, 16), Err(ReadFailure::Unreadable { at: Some(Lba(105)), .. })));
    assert_eq!(stage.read(100, 5).unwrap().0, ReadQuality::Clean);
    assert_eq!(stage.read(192, 16).unwrap().0, ReadQuality::Recovered);
    assert!(matches!(stage.read(2999, 2), Err(ReadFailure::Beyond)));
}

#[test]
fn second_looks_pass_the_cache_by() {
    for fua in ["obeyed", "refused"] {
        let scene = format!(
            "synthetic = {{ sectors = 30_000 }}\nmedium = 'dvd-rom'\nfua = '{fua}'\n
            [[fault]]\nkind = 'flaky'\nsectors = [700]\nattempts = 1\nretries = 'from-disc'"
        );
        let (mut stage, _) = stage_and_medium(&scene);
        assert!(matches!(stage.read(700, 1), Err(ReadFailure::Unreadable { .. })));
        let mut sector = [0; SECTOR_BYTES];
        let how = ReadHow { cache: Cache::Bypassed, timeout: None };
        assert!(stage.drive.read(Lba(700), &mut sector, &how).is_ok(), "{fua}");
        assert_eq!(stage.drive.take_notes().contains(&Note::CacheDefeated), fua == "refused");
    }
}

#[test]
fn an_attempt_that_takes_too_long_is_given_up_and_the_drive_goes_on() {
    let scene = "
        synthetic = { sectors = 3000 }
        medium = 'cd-rom'
        clock = 'simulated'
        [[fault]]
        kind = 'unreadable'
        sectors = [500]
        seconds = 20.0
    ";
    let (mut stage, _) = stage_and_medium(scene);
    assert_eq!(stage.drive.lock().unwrap(), Lock::Locked);
    let before = stage.clock.now();
    let mut sector = [0; SECTOR_BYTES];
    let how = ReadHow { timeout: Some(Duration::from_secs(5)), ..ReadHow::default() };
    assert!(matches!(stage.drive.read(Lba(500), &mut sector, &how), Err(ReadFailure::TimedOut { .. })));
    assert!(stage.clock.now() - before < Duration::from_secs(8));
    assert!(stage.read(501, 16).is_ok());
}

#[test]
fn the_same_disc_after_an_attention_is_read_on() {
    let scene = "synthetic = { sectors = 3000 }\n[[fault]]\nkind = 'unit-attention'\nat = 900";
    let (mut stage, _) = stage_and_medium(scene);
    assert!(stage.read(896, 16).is_ok());
    assert!(stage.drive.take_notes().contains(&Note::SameDiscBack));
}

#[test]
fn a_drive_that_leaves_or_is_opened_stops_the_job() {
    for (kind, gone) in [("gone", true), ("tray-opened", false)] {
        let scene = format!("synthetic = {{ sectors = 3000 }}\n[[fault]]\nkind = '{kind}'\nat = 900");
        let (mut stage, _) = stage_and_medium(&scene);
        let failure = stage.read(896, 16).unwrap_err();
        let expected = match failure {
            ReadFailure::Stopped(DriveError::Gone) => gone,
            ReadFailure::Stopped(DriveError::TrayOpen) => !gone,
            ref other => panic!("{other:?}"),
        };
        assert!(expected, "{failure:?}");
    }
}

#[test]
fn reads_shrink_to_what_drive_and_link_take() {
    for who in ["link", "drive"] {
        let scene =
            format!("synthetic = {{ sectors = 3000 }}\nmedium = 'dvd-rom'\nmax_transfer = 32_768\ntoo_large = '{who}'");
        let (mut stage, _) = stage_and_medium(&scene);
        let mut most = stage.drive.max_read();
        let mut rounds = 0;
        loop {
            match stage.read(0, usize::try_from(most.0).unwrap()) {
                Ok(_) => break,
                Err(ReadFailure::TooLarge) => most = stage.drive.max_read(),
                Err(other) => panic!("{other:?}"),
            }
            rounds += 1;
            assert!(rounds < 20);
        }
        assert_eq!(most, SectorCount(16), "{who}");
    }
}

#[test]
fn discs_are_recognised() {
    let one = "synthetic = { sectors = 3000, seed = 1 }\nmedium = 'dvd-rom'";
    let recognised = |scene: &str| stage_and_medium(scene).0.drive.recognise();
    assert!(recognised(one).is_same_disc(&recognised(one)));
    assert!(!recognised(one).is_same_disc(&recognised("synthetic = { sectors = 3000, seed = 2 }\nmedium = 'dvd-rom'")));
    assert!(!recognised(one).is_same_disc(&recognised("synthetic = { sectors = 3001, seed = 1 }\nmedium = 'dvd-rom'")));
}

/// Remembers the opcodes that went over it.
struct Spy<T>(T, Arc<Mutex<Vec<u8>>>);

impl<T: Transport> Transport for Spy<T> {
    fn execute(&mut self, cdb: &Cdb, data: Data<'_>, timeout: Duration) -> Result<Completion, TransportError> {
        self.1.lock().unwrap().push(cdb.opcode());
        self.0.execute(cdb, data, timeout)
    }

    fn max_transfer(&self) -> usize {
        self.0.max_transfer()
    }
}

#[test]
fn all_claims_are_taken_before_anything_is_read() {
    const READS: [u8; 3] = [0x28, 0xA8, 0xBE];
    for kind in ["cd-rom", "cd-r", "dvd-rom", "dvd+r", "bd-rom"] {
        let clock = Arc::new(SimulatedClock::new());
        let scene = format!("synthetic = {{ sectors = 3000 }}\nmedium = '{kind}'");
        let built = Scene::parse(&scene, Path::new("")).unwrap().build(clock.clone()).unwrap();
        let sent = Arc::new(Mutex::new(Vec::new()));
        let mut drive = Drive::new(Box::new(Spy(built, Arc::clone(&sent))), clock);
        drive.wait_until_ready(&AtomicBool::new(false), &mut |_| {}).unwrap();
        drive.examine().unwrap();
        let sent = sent.lock().unwrap();
        let first = sent.iter().position(|opcode| READS.contains(opcode)).unwrap();
        assert!(sent[first..].iter().all(|opcode| READS.contains(opcode)), "{kind}: {sent:02x?}");
        assert!(sent.len() < 40, "{kind}: {sent:02x?}");
        assert_eq!(drive.meter().commands(), sent.len() as u64);
    }
}

#[test]
fn a_speed_is_set_where_the_drive_can() {
    let (mut stage, _) = stage_and_medium("synthetic = { sectors = 3000 }\nmedium = 'cd-rom'\nspeed = '48x'");
    let outcome = stage.drive.set_speed(Speed::Times(8.0)).unwrap();
    assert!(matches!(outcome, SpeedOutcome::Set { .. } | SpeedOutcome::NotSupported), "{outcome:?}");
}
