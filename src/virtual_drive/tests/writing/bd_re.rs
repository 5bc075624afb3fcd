//! This module knows what is true of BD-RE in each of its states, byte by byte.

use super::*;
use crate::mmc::Profile;
use crate::mmc::feature::code;

const NEW: &str = "medium = \"bd-re\"";

/// FORMAT UNIT, with so many blocks, a type and sub-type, and what follows them.
fn format(bench: &mut Bench, blocks: u32, kind: u8, parameter: u32) -> String {
    let [b0, b1, b2, b3] = blocks.to_be_bytes();
    let [_, p0, p1, p2] = parameter.to_be_bytes();
    let said = bench.out(&[0x04, 0x11, 0, 0, 0, 0], &[0, 2, 0, 8, b0, b1, b2, b3, kind, p0, p1, p2]);
    if said.is_empty() {
        bench.was_busy_with("02h/04h/04h");
    }
    said
}

fn configuration(bench: &mut Bench) -> Configuration {
    bench.ask(&GetConfiguration { which: Which::Current, from: 0, allocation: 4096 })
}

#[test]
fn new_it_wants_to_be_formatted_and_tells_how_it_can_be() {
    let mut bench = bench(NEW);
    assert_eq!(bench.disc_information(), "100101010100 00000000 00000000");
    assert_eq!(bench.track_information(1), "0101 044100 0 0 12219392 12219392");
    let offers = concat!(
        "00000030",
        "00BA740001000800",
        "00B4740000003000",
        "00B47400C0003000",
        "00B07400C0005000",
        "00B87400C0001000",
        "00BA7400C4000800",
    );
    assert_eq!(bench.hex(&[0x23, 0, 0, 0, 0, 0, 0, 0, 252, 0]), offers);
    assert_eq!(bench.capacity(), 0);
    assert_eq!(bench.write(0, 32), "02h/30h/10h");
    assert_eq!(bench.read_fails(0, 32), "05h/21h/00h");
    assert_eq!(bench.close(2, 0), "05h/24h/00h");
    assert_eq!(bench.hex(&[0xAD, 1, 0, 0, 0, 0, 0, 0x0A, 0, 16, 0, 0]), "05h/30h/10h");
    assert_eq!(bench.hex(&[0xAD, 0, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0]), "05h/24h/00h", "it is no DVD");
    let configuration = configuration(&mut bench);
    assert_eq!(configuration.profile, Profile::BdRe);
    let has = |code| configuration.feature(code).is_some();
    assert!([code::RANDOM_WRITABLE, code::FORMATTABLE, code::BD_WRITE].into_iter().all(has));
    assert!(!has(code::DEFECT_MANAGEMENT) && !has(code::DVD_PLUS_RW));
}

#[test]
fn its_lead_in_names_the_maker_and_the_layers() {
    let mut bench = bench(NEW);
    let structure = bench.hex(&[0xAD, 1, 0, 0, 0, 0, 0, 0, 0x10, 4, 0, 0]);
    assert_eq!(&structure[..8], "10020000");
    assert_eq!(&structure[8..34], "44490100000070004244570110");
    assert_eq!(&structure[56..72], "00020000".to_owned() + "00194E7E");
    assert_eq!(&structure[208..232], "56455242415449".to_owned() + "4D30" + "000000");
    let mut bench = super::bench(&format!("{NEW}\ncapacity = 48_878_592\nmedia_id = \"MEI-T03\""));
    let structure: BdDiscInformation = bench.ask(&ReadDiscStructure {
        media: MediaClass::Bd,
        address: 0,
        layer: 0,
        format: 0,
        allocation: 4100,
        agid: 0,
    });
    let units: Vec<_> = structure.units.iter().map(|unit| (unit.layer, unit.layers, unit.first_aun)).collect();
    assert_eq!(units, [(0, 3, Some(131_072)), (1, 3, Some(2_167_680)), (2, 3, Some(4_204_288))]);
    assert_eq!(structure.units[0].media_id().as_deref(), Some("MEI-T03"));
}

#[test]
fn formatted_it_is_written_anywhere_and_has_something_to_spare() {
    let mut bench = bench(NEW);
    assert_eq!(format(&mut bench, 0x00B4_7400, 0x00, 0x00_0800), "");
    assert_eq!(bench.disc_information(), "1E0101010100 00000000 00000000");
    assert_eq!(bench.track_information(1), "0101 040100 0 0 0 11826176");
    assert_eq!(bench.capacity(), 11_826_175);
    assert_eq!(&bench.hex(&[0x23, 0, 0, 0, 0, 0, 0, 0, 12, 0]), "0000003000B4740002000800");
    // 3000h clusters of 32 sectors, none of them in use.
    assert_eq!(
        bench.hex(&[0xAD, 1, 0, 0, 0, 0, 0, 0x0A, 0, 16, 0, 0]),
        "000E0000".to_owned() + "00000000" + "00060000" + "00060000"
    );
    assert!(configuration(&mut bench).feature(code::DEFECT_MANAGEMENT).is_some());
    assert_eq!(bench.read(0, 32).unwrap(), vec![0; 32 * SECTOR_BYTES], "what is formatted reads");
    assert_eq!(bench.write(32, 64), "");
    assert_eq!(bench.write(0, 32), "");
    assert_eq!(bench.write(11_826_175, 1), "", "a single sector will do");
    assert_eq!(bench.write(11_826_175, 2), "05h/21h/00h");
    bench.synchronize();
    bench.reads_the_truth(0, 96);
    bench.reads_the_truth(11_826_175, 1);
}

#[test]
fn every_size_that_leaves_enough_to_spare_can_be_had() {
    let mut bench = bench(NEW);
    for (what, blocks, kind, parameter, said) in [
        ("as much as can be spared", 11_564_032, 0xC0, 0x5000, ""),
        ("as little", 12_088_320, 0xC1, 0, ""),
        ("a size of its own", 11_900_000, 0xC0, 0, ""),
        ("nothing to spare", 12_219_392, 0xC4, 0x800, ""),
        ("less than can be spared", 12_088_352, 0xC0, 0, "05h/26h/00h"),
        ("more than can be spared", 11_564_000, 0xC0, 0, "05h/26h/00h"),
        ("part of a cluster", 11_900_001, 0xC0, 0, "05h/26h/00h"),
        ("a size and spares that do not fit", 11_826_176, 0xC0, 0x2000, "05h/26h/00h"),
        ("another size than the usual one", 11_900_000, 0x00, 0x800, "05h/26h/00h"),
        ("more than there is", 12_219_424, 0xC4, 0x800, "05h/26h/00h"),
        ("as a DVD+RW", 12_219_392, 0x98, 0, "05h/26h/00h"),
        ("as a BD-R", 11_826_176, 0xC8, 0, "05h/26h/00h"),
    ] {
        assert_eq!(format(&mut bench, blocks, kind, parameter), said, "{what}");
        if said.is_empty() {
            assert_eq!(bench.capacity(), blocks - 1, "{what}");
        }
    }
    assert_eq!(bench.capacity(), 12_219_391, "what was refused has changed nothing");
    assert!(configuration(&mut bench).feature(code::DEFECT_MANAGEMENT).is_none());
    assert_eq!(bench.hex(&[0xAD, 1, 0, 0, 0, 0, 0, 0x0A, 0, 16, 0, 0]), "000E0000".to_owned() + &"0".repeat(24));
}

#[test]
fn a_new_format_forgets_everything() {
    let mut bench = bench(&format!("{NEW}\nstate = \"formatted\""));
    assert_eq!(bench.write(0, 32), "");
    assert_eq!(format(&mut bench, 12_219_392, 0xC4, 0x800), "");
    assert_eq!(bench.read(0, 32).unwrap(), vec![0; 32 * SECTOR_BYTES]);
}

#[test]
fn formatting_takes_its_time_and_tells_how_far_it_is() {
    let mut bench = bench(&format!("{NEW}\nspeed = \"6x\""));
    // Each sector is looked at: written and read at 2x, 92 minutes.
    let certified = [0, 2, 0, 8, 0x00, 0xB4, 0x74, 0x00, 0xC2, 0, 0x30, 0];
    assert_eq!(bench.out(&[0x04, 0x11, 0, 0, 0, 0], &certified), "");
    bench.clock.sleep(Duration::from_secs(2803));
    let sense = bench.sense(&TestUnitReady);
    assert_eq!(sense.to_string(), "02h/04h/04h");
    assert!((0.49..0.51).contains(&sense.progress().unwrap()), "{:?}", sense.progress());
    assert_eq!(bench.hex(&[0x51, 0, 0, 0, 0, 0, 0, 0, 34, 0]), "02h/04h/04h");
    assert_eq!(bench.write(0, 32), "02h/04h/04h");
    bench.clock.sleep(Duration::from_secs(2803));
    assert_eq!(bench.out(&[0; 6], &[]), "");
    assert_eq!(bench.capacity(), 11_826_175);
    // Without a look it is done in less than a minute.
    let quick = [0, 2, 0, 8, 0x00, 0xB4, 0x74, 0x00, 0xC0, 0, 0x30, 0];
    assert_eq!(bench.out(&[0x04, 0x11, 0, 0, 0, 0], &quick), "");
    bench.clock.sleep(Duration::from_secs(39));
    assert_eq!(bench.refusal(&TestUnitReady), "02h/04h/04h");
    bench.clock.sleep(Duration::from_secs(2));
    assert_eq!(bench.out(&[0; 6], &[]), "");
}

/// What 32 MiB take on a disc that begins so.
fn seconds(state: &str, streaming: bool) -> f64 {
    let mut bench = bench(&format!("{NEW}\nspeed = \"6x\"\n{state}"));
    if state.is_empty() {
        bench.out(&[0x04, 0x11, 0, 0, 0, 0], &[0, 0, 0, 8, 0x00, 0xBA, 0x74, 0x00, 0xC4, 0, 8, 0]);
    }
    let before = bench.clock.now();
    for start in (0..16_384).step_by(512) {
        let bytes = vec![1; 512 * SECTOR_BYTES];
        let write = Write12 { start: Lba(start), count: SectorCount(512), fua: false, streaming };
        assert!(bench.send(&write, Data::Out(&bytes)).unwrap().decoded_sense().is_none());
    }
    (bench.clock.now() - before).as_secs_f64()
}

#[test]
fn what_could_be_replaced_is_read_back_which_takes_as_long_once_more() {
    // At 2x they are 3.7 seconds, of which some wait in the buffer at the end.
    let formatted = "state = \"formatted\"";
    for (what, seconds, usual) in [
        ("with something to spare", seconds(formatted, false), 7.0..7.5),
        ("the same as a stream", seconds(formatted, true), 3.5..3.8),
        ("with nothing to spare", seconds("", false), 3.5..3.8),
    ] {
        assert!(usual.contains(&seconds), "{what}: {seconds}");
    }
}

#[test]
fn a_verified_write_reads() {
    let mut bench = bench(&format!("{NEW}\nstate = \"formatted\""));
    assert_eq!(bench.out(&[0x2E, 0, 0, 0, 0, 64, 0, 0, 32, 0], &truth(64, 32)), "");
    bench.reads_the_truth(64, 32);
}

#[test]
fn its_format_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let scene = format!("{NEW}\nrecording = \"disc.iso\"");
    let drive = || Scene::parse(&scene, folder.path()).unwrap().build(Arc::new(SimulatedClock::new())).unwrap();
    let mut bench = Bench { drive: drive(), clock: SimulatedClock::new() };
    assert_eq!(format(&mut bench, 12_088_320, 0xC0, 0x1000), "");
    assert_eq!(bench.write(320, 32), "");
    drop(bench);
    let mut bench = Bench { drive: drive(), clock: SimulatedClock::new() };
    assert_eq!(bench.capacity(), 12_088_319);
    bench.reads_the_truth(320, 32);
    let state = std::fs::read_to_string(folder.path().join("disc.iso.state")).unwrap();
    assert!(state.contains("formatted = 12088320\nformat = \"complete\"\nspare = 131072\n"), "{state}");
}
