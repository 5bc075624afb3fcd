//! This module knows what the drive says of each kind of disc.

use super::*;
use crate::mmc::command::*;
use crate::mmc::feature::code;
use crate::mmc::{Msf, Profile};

const DISC_INFORMATION: ReadDiscInformation =
    ReadDiscInformation { kind: DiscInformationKind::Standard, allocation: 34 };
const ALL_FEATURES: GetConfiguration = GetConfiguration { which: Which::All, from: 0, allocation: 4096 };

fn toc(format: TocFormat, addressing: TocAddressing, number: u8) -> ReadToc {
    ReadToc { addressing, format, number, allocation: 2048 }
}

fn track(number: u32) -> ReadTrackInformation {
    ReadTrackInformation { of: TrackSelector::Track(number), open: false, allocation: 48 }
}

fn structure(media: MediaClass, layer: u8, format: u8) -> ReadDiscStructure {
    ReadDiscStructure { media, address: 0, layer, format, allocation: 8192, agid: 0 }
}

#[test]
fn a_pressed_cd_says_the_same_in_all_its_answers() {
    let mut bench = bench(CD);
    assert_eq!(bench.bytes(&ReadCapacity), [0, 0, 0x27, 0x0F, 0, 0, 8, 0]);
    let answer = bench.bytes(&toc(TocFormat::Toc, TocAddressing::Lba, 0));
    assert_eq!(answer, [0, 18, 1, 1, 0, 0x14, 1, 0, 0, 0, 0, 0, 0, 0x14, 0xAA, 0, 0, 0, 0x27, 0x10]);
    let times: Toc = bench.ask(&toc(TocFormat::Toc, TocAddressing::Msf, 0xAA));
    assert_eq!(times.entries.len(), 1);
    assert_eq!(times.entries[0].msf(), Msf::new(2, 15, 25));
    let information: DiscInformation = bench.ask(&DISC_INFORMATION);
    assert_eq!(information.status, DiscStatus::Finalized);
    assert_eq!((information.sessions, information.last_track_in_last_session), (1, 1));
    let first: TrackInformation = bench.ask(&track(1));
    assert_eq!((first.start, first.size, first.data_mode), (Lba(0), Some(SectorCount(10_000)), 1));
    assert_eq!(bench.refusal(&track(2)), "05h/24h/00h");
    let configuration: Configuration = bench.ask(&ALL_FEATURES);
    assert_eq!(configuration.profile, Profile::CdRom);
    assert!(configuration.feature(code::CD_READ).unwrap().current);
    assert!(!configuration.feature(code::DVD_READ).unwrap().current);
    assert_eq!(bench.refusal(&structure(MediaClass::Dvd, 0, 0)), "05h/30h/02h");
    assert_eq!(bench.refusal(&toc(TocFormat::Atip, TocAddressing::Msf, 0)), "05h/24h/00h");
}

#[test]
fn mode_2_shows_in_the_track_and_in_the_disc_type() {
    let mut bench = bench(&format!("{CD}mode = \"mode2-form1\""));
    assert_eq!(bench.ask::<TrackInformation>(&track(1)).data_mode, 2);
    assert_eq!(bench.ask::<DiscInformation>(&DISC_INFORMATION).disc_type, 0x20);
    let full: FullToc = bench.ask(&toc(TocFormat::Full, TocAddressing::Msf, 0));
    assert_eq!(full.entries[0].pmsf, Msf::new(1, 0x20, 0));
}

#[test]
fn a_cd_written_track_at_once_counts_its_run_out() {
    let mut bench = bench("synthetic = { sectors = 1000 }\nmedium = \"cd-r\"\nwritten = \"track-at-once\"");
    assert_eq!(bench.ask::<Capacity>(&ReadCapacity).last, Lba(1001));
    bench.reads_the_truth(998, 2);
    let sense = bench.read(996, 6).unwrap_err();
    assert_eq!((sense.to_string().as_str(), sense.information), ("05h/64h/00h", Some(1000)));
    assert_eq!(bench.read_fails(1001, 1), "05h/64h/00h");
    assert_eq!(bench.read_fails(1002, 1), "05h/21h/00h");
    let atip: Atip = bench.ask(&toc(TocFormat::Atip, TocAddressing::Msf, 0));
    assert_eq!(atip.lead_in, Msf::new(97, 15, 35));
    assert_eq!(bench.ask::<Configuration>(&ALL_FEATURES).profile, Profile::CdR);
}

#[test]
fn mixed_and_multi_session_discs_list_their_tracks() {
    let tracks = "[[track]]\nmode = \"mode1\"\nsectors = 300\n[[track]]\nmode = \"audio\"\nsectors = 900\n\
                  [[track]]\nmode = \"mode2-form1\"\nsectors = 400\nsession = \"new\"";
    let mut bench = bench(tracks);
    let answer: Toc = bench.ask(&toc(TocFormat::Toc, TocAddressing::Lba, 0));
    let listed: Vec<_> = answer.entries.iter().map(|entry| (entry.track, entry.control, entry.lba().0)).collect();
    assert_eq!(listed, [(1, 4, 0), (2, 0, 300), (3, 4, 12_600), (0xAA, 4, 13_000)]);
    let sessions: SessionInformation = bench.ask(&toc(TocFormat::Sessions, TocAddressing::Lba, 0));
    assert_eq!((sessions.last_session, sessions.track.unwrap().track), (2, 3));
    let full: FullToc = bench.ask(&toc(TocFormat::Full, TocAddressing::Msf, 0));
    let points: Vec<_> = full.entries.iter().map(|entry| (entry.session, entry.point)).collect();
    assert_eq!(points, [(1, 0xA0), (1, 0xA1), (1, 0xA2), (1, 1), (1, 2), (2, 0xA0), (2, 0xA1), (2, 0xA2), (2, 3)]);
    assert_eq!(full.entries[2].pmsf, Msf::from_lba(Lba(1200)).unwrap());
    let information: DiscInformation = bench.ask(&DISC_INFORMATION);
    assert_eq!((information.sessions, information.first_track_in_last_session), (2, 3));
    assert_eq!(bench.ask::<TrackInformation>(&track(2)).track_mode, 0);
    assert_eq!(bench.read_fails(299, 2), "05h/64h/00h");
    assert_eq!(bench.read_fails(5000, 1), "05h/64h/00h");
    assert!(bench.read(12_600, 400).is_ok());
}

#[test]
fn the_kernel_asks_for_sessions_in_the_last_byte() {
    let mut bench = bench(CD);
    let cdb = Cdb::new([0x43, 0, 0, 0, 0, 0, 0, 0, 12, 0x40]);
    let mut buffer = [0; 12];
    bench.drive.execute(&cdb, Data::In(&mut buffer), PATIENCE).unwrap();
    assert_eq!(buffer, [0, 10, 1, 1, 0, 0x14, 1, 0, 0, 0, 0, 0]);
}

#[test]
fn a_dvd_of_one_layer_ends_where_its_lead_in_says() {
    let mut bench = bench(DVD);
    let format: PhysicalFormat = bench.ask(&structure(MediaClass::Dvd, 0, 0));
    assert_eq!((format.layers, format.start, format.end), (1, Some(0x03_0000), Some(0x03_0000 + 999_999)));
    assert_eq!(format.sectors(), Some(SectorCount(1_000_000)));
    assert_eq!(format.layer_break(), None);
    let copyright: Copyright = bench.ask(&structure(MediaClass::Dvd, 0, 1));
    assert_eq!(copyright.system, CopyrightSystem::None);
    let list: ReadableFormats = bench.ask(&structure(MediaClass::Dvd, 0, 0xFF));
    assert!(list.can_read(0) && list.can_read(1) && !list.can_read(0x11));
    assert_eq!(bench.refusal(&structure(MediaClass::Dvd, 1, 0)), "05h/24h/00h");
    assert_eq!(bench.refusal(&structure(MediaClass::Dvd, 0, 0x11)), "05h/24h/00h");
    assert_eq!(bench.refusal(&structure(MediaClass::Bd, 0, 0)), "05h/24h/00h");
    assert_eq!(bench.ask::<Configuration>(&ALL_FEATURES).profile, Profile::DvdRom);
}

#[test]
fn the_second_layer_of_a_dvd_is_a_complement_or_a_layer_of_its_own() {
    let two = "synthetic = { sectors = 3_017_551 }\nmedium = \"dvd-rom\"\nlayer_break = 1_520_848\n";
    let format: PhysicalFormat = bench(two).ask(&structure(MediaClass::Dvd, 0, 0));
    // The numbers of a real disc: an end of -220754 in 24 bits.
    assert_eq!((format.layers, format.layer_0_end), (2, Some(1_717_455)));
    assert_eq!(format.end, Some(0x0100_0000 - 220_754));
    assert_eq!(format.sectors(), Some(SectorCount(3_017_551)));
    assert_eq!(format.layer_break(), Some(Lba(1_520_848)));
    let mut parallel = bench(&format!("{two}track_path = \"parallel\""));
    let layers = [0, 1].map(|layer| parallel.ask::<PhysicalFormat>(&structure(MediaClass::Dvd, layer, 0)));
    assert_eq!(PhysicalFormat::sectors_of_parallel(&layers), Some(SectorCount(3_017_551)));
    assert_eq!(layers[0].sectors(), Some(SectorCount(1_520_848)));
}

#[test]
fn a_protected_dvd_keeps_its_scrambled_sectors() {
    let mut bench = bench(&format!("{DVD}scrambled = [\"600..5000\"]"));
    let copyright: Copyright = bench.ask(&structure(MediaClass::Dvd, 0, 1));
    assert_eq!(copyright.system, CopyrightSystem::Css);
    assert!(bench.ask::<Configuration>(&ALL_FEATURES).feature(code::DVD_CSS).unwrap().current);
    bench.reads_the_truth(599, 1);
    assert_eq!(bench.read_fails(592, 32), "05h/6fh/03h");
    assert_eq!(bench.read_fails(4999, 1), "05h/6fh/03h");
    assert!(bench.read(5000, 1).is_ok());
}

#[test]
fn a_blu_ray_disc_has_a_unit_a_layer() {
    let two = "synthetic = { sectors = 20_000_000 }\nmedium = \"bd-rom\"\nlayer_break = 12_219_392\n";
    let mut two_layers = bench(two);
    let information: BdDiscInformation = two_layers.ask(&structure(MediaClass::Bd, 0, 0));
    assert_eq!(information.units.len(), 2);
    assert_eq!(information.units[0].identifier, BdUnit::PRESSED);
    assert_eq!(information.units[1].layer, 1);
    assert_eq!(two_layers.ask::<Configuration>(&ALL_FEATURES).profile, Profile::BdRom);
    assert_eq!(two_layers.ask::<Capacity>(&ReadCapacity).last, Lba(19_999_999));
    assert_eq!(two_layers.refusal(&structure(MediaClass::Dvd, 0, 0)), "05h/24h/00h");
    let mut protected = bench("synthetic = { sectors = 9000 }\nmedium = \"bd-rom\"\nprotection = \"aacs\"");
    assert!(protected.ask::<ReadableFormats>(&structure(MediaClass::Bd, 0, 0xFF)).can_read(0x80));
    assert!(protected.ask::<Configuration>(&ALL_FEATURES).feature(code::AACS).unwrap().current);
}

#[test]
fn an_open_bd_r_has_no_capacity_but_a_track() {
    let mut bench = bench("synthetic = { sectors = 30_000 }\nmedium = \"bd-r\"\nstate = \"open\"");
    assert_eq!(bench.ask::<Capacity>(&ReadCapacity).last, Lba(0));
    assert_eq!(bench.ask::<DiscInformation>(&DISC_INFORMATION).status, DiscStatus::Incomplete);
    let first: TrackInformation = bench.ask(&track(1));
    assert_eq!((first.last_recorded, first.next_writable), (Some(Lba(29_999)), Some(Lba(30_016))));
    bench.reads_the_truth(29_984, 16);
    let information: BdDiscInformation = bench.ask(&structure(MediaClass::Bd, 0, 0));
    let unit = &information.units[0];
    assert_eq!((unit.identifier, unit.first_aun, unit.last_aun), (BdUnit::RECORDABLE, Some(131_072), Some(1_658_494)));
}

#[test]
fn a_bd_r_can_be_closed_and_still_lie_about_its_capacity() {
    let mut bench = bench("synthetic = { sectors = 30_000 }\nmedium = \"bd-r\"\n[claims]\ncapacity = 1");
    assert_eq!(bench.ask::<Capacity>(&ReadCapacity).last, Lba(0));
    assert_eq!(bench.ask::<DiscInformation>(&DISC_INFORMATION).status, DiscStatus::Finalized);
    let first: TrackInformation = bench.ask(&track(1));
    assert_eq!((first.size, first.last_recorded), (Some(SectorCount(30_000)), Some(Lba(29_999))));
}

#[test]
fn each_size_can_be_claimed_on_its_own() {
    let claims = "[claims]\ncapacity = 11\ntoc = 12\ntrack = 13\nstructure = 14";
    let mut bench = bench(&format!("{DVD}{claims}"));
    assert_eq!(bench.ask::<Capacity>(&ReadCapacity).last, Lba(10));
    let answer: Toc = bench.ask(&toc(TocFormat::Toc, TocAddressing::Lba, 0));
    assert_eq!(answer.lead_out().unwrap().lba(), Lba(12));
    assert_eq!(bench.ask::<TrackInformation>(&track(1)).size, Some(SectorCount(13)));
    let format: PhysicalFormat = bench.ask(&structure(MediaClass::Dvd, 0, 0));
    assert_eq!(format.sectors(), Some(SectorCount(14)));
    bench.reads_the_truth(999_999, 1);
}

#[test]
fn blank_discs_are_empty_and_say_how_much_fits() {
    for (medium, free, profile) in [
        ("cd-r", 359_847, Profile::CdR),
        ("dvd-r", 2_297_888, Profile::DvdRSequential),
        ("dvd+r", 2_295_104, Profile::DvdPlusR),
        ("bd-r", 12_219_392, Profile::BdRSequential),
    ] {
        let mut bench = bench(&format!("medium = \"{medium}\"\nstate = \"blank\""));
        bench.bytes(&TestUnitReady);
        let information: DiscInformation = bench.ask(&DISC_INFORMATION);
        assert_eq!((information.status, information.last_session), (DiscStatus::Empty, SessionState::Empty));
        let first: TrackInformation = bench.ask(&track(1));
        assert_eq!((first.blank, first.next_writable, first.free), (true, Some(Lba(0)), Some(SectorCount(free))));
        assert_eq!(bench.ask::<Capacity>(&ReadCapacity).last, Lba(0));
        assert_eq!(bench.refusal(&toc(TocFormat::Toc, TocAddressing::Lba, 0)), "05h/24h/00h");
        assert_eq!(bench.read_fails(0, 1), "05h/21h/00h");
        assert_eq!(bench.ask::<Configuration>(&ALL_FEATURES).profile, profile);
    }
}

#[test]
fn a_configuration_can_begin_anywhere() {
    let mut bench = bench(DVD);
    let from = |which, from| GetConfiguration { which, from, allocation: 4096 };
    let codes = |configuration: Configuration| configuration.features.iter().map(|f| f.code).collect::<Vec<_>>();
    assert_eq!(codes(bench.ask(&from(Which::All, 0x0028)))[0], code::DVD_PLUS_RW);
    assert!(!codes(bench.ask(&from(Which::Current, 0))).contains(&code::CD_READ));
    assert_eq!(codes(bench.ask(&from(Which::One, code::DVD_READ))), [code::DVD_READ]);
    assert_eq!(bench.bytes(&from(Which::One, 0x0028)).len(), 8);
    assert_eq!(bench.bytes(&GetConfiguration { which: Which::All, from: 0, allocation: 8 }).len(), 8);
}

#[test]
fn the_demo_is_a_small_cd_that_takes_about_three_seconds() {
    let clock = SimulatedClock::new();
    let drive = Scene::demo().build(Arc::new(clock.clone())).unwrap();
    let mut bench = Bench { drive, clock };
    let end = bench.ask::<Capacity>(&ReadCapacity).sectors().unwrap();
    for start in (0..end.0).step_by(32) {
        bench.read(start, u16::try_from(end.0 - start).unwrap().min(32)).unwrap();
    }
    let taken = bench.clock.now();
    assert!((Duration::from_secs(2)..Duration::from_secs(3)).contains(&taken), "{taken:?}");
}
