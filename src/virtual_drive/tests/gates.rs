//! This module knows what stands before every command: tray, disc, attentions, limits.

use proptest::prelude::*;

use super::*;
use crate::mmc::command::*;

const EJECT: StartStopUnit = StartStopUnit { immediate: false, action: UnitAction::Eject };
const LOAD: StartStopUnit = StartStopUnit { immediate: false, action: UnitAction::Load };
const ALL_FEATURES: GetConfiguration = GetConfiguration { which: Which::All, from: 0, allocation: 4096 };

fn lock(prevent: bool) -> PreventAllow {
    PreventAllow { prevent, persistent: false }
}

#[test]
fn an_open_tray_and_an_empty_drive_are_told_apart() {
    assert_eq!(bench("tray = \"empty\"").refusal(&TestUnitReady), "02h/3ah/01h");
    let mut open = bench(&format!("{CD}tray = \"open\""));
    assert_eq!(open.refusal(&TestUnitReady), "02h/3ah/02h");
    assert_eq!(open.refusal(&ReadCapacity), "02h/3ah/02h");
    assert_eq!(open.ask::<Configuration>(&ALL_FEATURES).profile, crate::mmc::Profile::None);
}

#[test]
fn a_disc_that_is_loaded_is_told_as_a_new_one() {
    let mut bench = bench(&format!("{CD}tray = \"open\""));
    bench.bytes(&LOAD);
    assert_eq!(bench.refusal(&TestUnitReady), "06h/28h/00h");
    bench.bytes(&TestUnitReady);
    bench.reads_the_truth(16, 2);
}

#[test]
fn a_locked_tray_stays_closed() {
    let mut bench = bench(CD);
    bench.bytes(&lock(true));
    assert_eq!(bench.refusal(&EJECT), "05h/53h/02h");
    bench.bytes(&TestUnitReady);
    bench.bytes(&lock(false));
    bench.bytes(&EJECT);
    assert_eq!(bench.refusal(&TestUnitReady), "02h/3ah/02h");
}

#[test]
fn an_attention_is_told_before_anything_but_who_the_drive_is() {
    let mut bench = bench(&format!("{CD}[[fault]]\nkind = \"unit-attention\"\ncommand = 1\nsense = \"6/29/00\""));
    let inquiry: InquiryData = bench.ask(&Inquiry { page: None, allocation: 96 });
    assert_eq!((inquiry.vendor.as_str(), inquiry.device_type), ("DWRIGHT", 5));
    bench.bytes(&ALL_FEATURES);
    assert_eq!(bench.refusal(&ReadCapacity), "06h/29h/00h");
    bench.bytes(&ReadCapacity);
}

#[test]
fn request_sense_takes_the_attention_away() {
    let mut bench = bench(&format!("{CD}[[fault]]\nkind = \"unit-attention\"\ncommand = 1\n"));
    let ask = RequestSense { allocation: 18 };
    let told = |bench: &mut Bench| Sense::parse(&bench.bytes(&ask)).unwrap().to_string();
    assert_eq!(told(&mut bench), "06h/28h/00h");
    assert_eq!(told(&mut bench), "00h/00h/00h");
    bench.bytes(&EJECT);
    assert_eq!(told(&mut bench), "02h/3ah/02h");
}

#[test]
fn unknown_commands_and_bad_fields_are_refused() {
    let mut bench = bench(CD);
    let mut send = |bytes: &[u8]| {
        let cdb = Cdb::from_slice(bytes).unwrap();
        let mut buffer = [0; 64];
        let completion = bench.drive.execute(&cdb, Data::In(&mut buffer), PATIENCE).unwrap();
        completion.decoded_sense().unwrap().to_string()
    };
    assert_eq!(send(&[0xF0, 0, 0, 0, 0, 0]), "05h/20h/00h");
    assert_eq!(send(&[0x12, 1, 0x80, 0, 96, 0]), "05h/24h/00h");
    assert_eq!(send(&[0x25, 0, 0, 0, 0, 0]), "05h/24h/00h");
    assert_eq!(send(&[0x46, 3, 0, 0, 0, 0, 0, 0, 64, 0]), "05h/24h/00h");
    assert_eq!(send(&[0x43, 0, 9, 0, 0, 0, 0, 0, 64, 0]), "05h/24h/00h");
}

#[test]
fn an_answer_is_cut_to_the_allocation_and_to_the_buffer() {
    let mut bench = bench(CD);
    assert_eq!(bench.bytes(&Inquiry { page: None, allocation: 5 }).len(), 5);
    let mut buffer = [0xEE; 10];
    let inquiry = Inquiry { page: None, allocation: 96 };
    let completion = bench.send(&inquiry, Data::In(&mut buffer[..7])).unwrap();
    assert_eq!(completion, Completion::good(7));
    assert_eq!(buffer[7..], [0xEE; 3]);
    assert_eq!(bench.send(&inquiry, Data::None).unwrap(), Completion::good(0));
}

#[test]
fn more_than_goes_over_at_once_is_refused_by_who_it_is_said() {
    let limit = "max_transfer = 65536\n";
    let mut by_link = bench(&format!("{limit}{CD}"));
    assert_eq!(by_link.drive.max_transfer(), 65536);
    let mut buffer = vec![0; 65536 + SECTOR_BYTES];
    let error = by_link.send(&read(0, 33), Data::In(&mut buffer)).unwrap_err();
    assert!(matches!(error, TransportError::TooLarge { bytes: 67584 }));
    assert!(by_link.read(0, 32).is_ok());
    let mut by_drive = bench(&format!("{limit}too_large = \"drive\"\n{CD}"));
    assert!(by_drive.drive.max_transfer() > 65536);
    assert_eq!(by_drive.read_fails(0, 33), "05h/24h/00h");
    assert!(by_drive.read(0, 32).is_ok());
}

#[test]
fn what_was_asked_can_be_looked_up() {
    let mut bench = bench(CD);
    let counters = bench.drive.counters();
    bench.read(0, 32).unwrap();
    bench.read(16, 16).unwrap();
    bench.bytes(&ReadCapacity);
    assert_eq!((counters.commands(), counters.commands_of(0x28), counters.commands_of(0x25)), (3, 2, 1));
    assert_eq!((counters.attempts(Lba(15)), counters.attempts(Lba(16)), counters.attempts(Lba(32))), (1, 2, 0));
    assert_eq!(counters.reads(), ["0..32".parse().unwrap(), "16..32".parse().unwrap()]);
}

/// Any command block, most often with an opcode that the drive knows.
fn any_cdb() -> impl Strategy<Value = Cdb> {
    let known = prop::sample::select(crate::virtual_drive::dispatch::known_opcodes());
    let length = prop::sample::select(vec![6_usize, 10, 12, 16]);
    (prop_oneof![4 => known, 1 => any::<u8>()], any::<[u8; 15]>(), length, any::<bool>()).prop_map(
        |(opcode, rest, length, small)| {
            let mut bytes = vec![opcode];
            // Small numbers are those that mean something.
            bytes.extend(rest.map(|byte| if small { byte & 0x07 } else { byte }));
            bytes.truncate(length);
            Cdb::from_slice(&bytes).unwrap()
        },
    )
}

#[derive(Debug, Clone)]
enum Sent {
    None,
    In(usize),
    Out(Vec<u8>),
}

fn any_data() -> impl Strategy<Value = Sent> {
    prop_oneof![
        Just(Sent::None),
        (0..70_000_usize).prop_map(Sent::In),
        prop::collection::vec(any::<u8>(), 0..300).prop_map(Sent::Out),
    ]
}

const SCENES: &[&str] = &[
    CD,
    DVD,
    "tray = \"empty\"",
    "medium = \"dvd+r\"\nstate = \"blank\"",
    "medium = \"bd-re\"\nstate = \"formatted\"",
    "medium = \"dvd-ram\"",
    "synthetic = { sectors = 30_000 }\nmedium = \"bd-r\"\nstate = \"open\"",
    "synthetic = { sectors = 5_000_000 }\nmedium = \"bd-rom\"\nlayer_break = 2_500_000",
    "[[track]]\nmode = \"audio\"\nsectors = 900\n[[track]]\nmode = \"mode1\"\nsectors = 300\nsession = \"new\"",
    "synthetic = { sectors = 8 }\n[[fault]]\nkind = \"flaky\"\nsectors = [\"0..8\"]\nattempts = 2\nextent = \"ecc-block\"",
    "synthetic = { sectors = 8 }\n[[fault]]\nkind = \"unreadable\"\nsectors = [4]\nreach = 4_294_967_295",
    "synthetic = { sectors = 8 }\n[[fault]]\nkind = \"swapped\"\nat = 3",
    "synthetic = { sectors = 8 }\n[claims]\ncapacity = 4_294_967_295\ntoc = 4_294_967_295\ntrack = 4_294_967_295",
    "synthetic = { sectors = 8 }\nmedium = \"dvd-rom\"\nscrambled = [\"3..6\"]\n[claims]\nstructure = 4_294_967_295",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_commands_are_answered(
        scene in prop::sample::select(SCENES),
        commands in prop::collection::vec((any_cdb(), any_data()), 1..12),
    ) {
        let mut bench = bench(scene);
        for (cdb, sent) in commands {
            let mut buffer = match &sent {
                Sent::In(length) => vec![0; *length],
                Sent::None | Sent::Out(_) => Vec::new(),
            };
            let room = buffer.len();
            let data = match &sent {
                Sent::None => Data::None,
                Sent::In(_) => Data::In(&mut buffer),
                Sent::Out(bytes) => Data::Out(bytes),
            };
            let completion = bench.drive.execute(&cdb, data, PATIENCE).unwrap();
            prop_assert!(completion.transferred <= room);
            prop_assert_eq!(completion.status == crate::scsi::Status::Good, completion.sense.is_empty());
            prop_assert!(completion.sense.is_empty() || completion.decoded_sense().is_some());
        }
    }
}
