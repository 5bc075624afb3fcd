//! This module knows what holds after any commands at all: nothing outside of the writable area is written, what was
//! written reads back, and what the drive tells of itself agrees with itself.

use std::collections::HashMap;

use proptest::prelude::*;

use super::*;

/// What somebody might do, with numbers that matter near the edges of a small disc.
#[derive(Debug, Clone)]
enum Step {
    /// From the next writable sector of the `n`th track.
    Append {
        track: u8,
        count: u16,
        seed: u8,
    },
    /// From anywhere.
    Write {
        start: u32,
        count: u16,
        seed: u8,
    },
    Reserve(u8),
    Synchronize,
    Close {
        function: u8,
        track: u8,
    },
    Format {
        restart: bool,
    },
    /// Page 05h, where it holds: bytes 2 and 3.
    Select {
        how: u8,
        multi_session: u8,
    },
    Blank {
        minimal: bool,
    },
    /// The sectors of the first layer.
    BreakLayers(u8),
    Reload,
    Tell,
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (1..5_u8, 1..40_u16, any::<u8>()).prop_map(|(track, count, seed)| Step::Append { track, count, seed }),
        3 => (0..280_u32, 0..40_u16, any::<u8>()).prop_map(|(start, count, seed)| Step::Write { start, count, seed }),
        1 => any::<u8>().prop_map(Step::Reserve),
        1 => Just(Step::Synchronize),
        3 => (0..8_u8, 0..5_u8).prop_map(|(function, track)| Step::Close { function, track }),
        1 => any::<bool>().prop_map(|restart| Step::Format { restart }),
        2 => (prop::sample::select(vec![0x40, 0x42, 0x50, 0x52]), prop::sample::select(vec![0xC5, 0x05]))
            .prop_map(|(how, multi_session)| Step::Select { how, multi_session }),
        1 => any::<bool>().prop_map(|minimal| Step::Blank { minimal }),
        1 => any::<u8>().prop_map(Step::BreakLayers),
        1 => Just(Step::Reload),
        1 => Just(Step::Tell),
    ]
}

fn settle(bench: &mut Bench) {
    for _ in 0..3 {
        bench.out(&[0; 6], &[]);
    }
}

fn sector(seed: u8, lba: u32) -> Vec<u8> {
    let mut bytes = vec![seed; SECTOR_BYTES];
    bytes[..4].copy_from_slice(&lba.to_be_bytes());
    bytes
}

fn write(bench: &mut Bench, start: u32, count: u16, seed: u8) -> bool {
    let bytes: Vec<u8> = (start..).take(count.into()).flat_map(|lba| sector(seed, lba)).collect();
    let command = Write10 { start: Lba(start), count, fua: false };
    bench.send(&command, Data::Out(&bytes)).unwrap().decoded_sense().is_none()
}

fn track(bench: &mut Bench, number: u32) -> Option<TrackInformation> {
    let mut buffer = [0; 36];
    let ask = ReadTrackInformation { of: TrackSelector::Track(number), open: false, allocation: 36 };
    let completion = bench.send(&ask, Data::In(&mut buffer)).unwrap();
    completion.decoded_sense().is_none().then(|| TrackInformation::parse(&buffer).unwrap())
}

const CAPACITY: u32 = 256;
const DISCS: &[&str] = &[
    "medium = \"dvd+r\"\nstate = \"blank\"",
    "medium = \"dvd-r\"\nstate = \"blank\"",
    "medium = \"dvd-r-dl\"\nstate = \"blank\"",
    "medium = \"dvd+r-dl\"\nstate = \"blank\"",
    "medium = \"dvd-rw\"\nstate = \"blank\"",
    "medium = \"dvd-rw\"\nstate = \"formatted\"",
    "medium = \"dvd+rw\"",
    "medium = \"bd-r\"\nstate = \"blank\"",
    "medium = \"bd-re\"",
    "medium = \"dvd-ram\"",
    "medium = \"cd-r\"\nstate = \"blank\"",
    "medium = \"cd-rw\"",
];

/// Any sector can be written again.
fn overwrites(bench: &Bench) -> bool {
    let disc = bench.drive.state.loaded().and_then(|disc| disc.recordable());
    disc.is_some_and(|disc| disc.overwritable().is_some())
}

/// What FORMAT UNIT sends to the whole of such a disc. The second is another one, or goes on with the first.
fn format_lists(disc: &str) -> [[u8; 12]; 2] {
    if disc.contains("bd-r\"") {
        [[0, 2, 0, 8, 0, 0, 0, 192, 0xC9, 0, 0, 0], [0, 2, 0, 8, 0, 0, 0, 0, 0x01, 0, 0, 0]]
    } else if disc.contains("bd-re") {
        [[0, 2, 0, 8, 0, 0, 1, 0, 0xC4, 0, 8, 0], [0, 2, 0, 8, 0, 0, 0, 192, 0x00, 0, 8, 0]]
    } else if disc.contains("dvd-rw") {
        [[0, 2, 0, 8, 0, 0, 1, 0, 0x40, 0, 0, 16], [0, 2, 0, 8, 0, 0, 0, 0, 0x54, 0, 0, 16]]
    } else if disc.contains("dvd-ram") {
        [[0, 2, 0, 8, 0, 0, 1, 0, 0x00, 0, 8, 0], [0, 2, 0, 8, 0, 0, 0, 224, 0x00, 0, 8, 0]]
    } else {
        [[0, 2, 0, 8, 0xFF, 0xFF, 0xFF, 0xFF, 0x98, 0, 0, 0], [0, 2, 0, 8, 0xFF, 0xFF, 0xFF, 0xFF, 0x98, 0, 0, 1]]
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_keeps_them(
        disc in prop::sample::select(DISCS),
        steps in prop::collection::vec(any_step(), 1..40),
    ) {
        let mut bench = bench(&format!("{disc}\ncapacity = {CAPACITY}"));
        let mut written: HashMap<u32, u8> = HashMap::new();
        // Only DVD-R looks at page 05h, and a disc that is loaded again forgets it.
        let mut testing = false;
        for step in steps {
            let start = match step {
                Step::Append { track: number, .. } => track(&mut bench, number.into()).and_then(|t| t.next_writable).map(|lba| lba.0),
                Step::Write { start, .. } => Some(start),
                _ => None,
            };
            match step {
                Step::Append { count, seed, .. } | Step::Write { count, seed, .. } => {
                    if let Some(start) = start
                        && count > 0
                        && write(&mut bench, start, count, seed)
                        && !testing
                    {
                        prop_assert!(start + u32::from(count) <= CAPACITY, "beyond the end");
                        for lba in start..start + u32::from(count) {
                            let before = written.insert(lba, seed);
                            prop_assert!(before.is_none() || overwrites(&bench), "{} was overwritten", lba);
                        }
                    }
                }
                Step::Reserve(sectors) => { bench.out(&[0x53, 0, 0, 0, 0, 0, 0, 0, sectors, 0], &[]); }
                Step::Synchronize => { bench.out(&[0x35, 0, 0, 0, 0, 0, 0, 0, 0, 0], &[]); }
                Step::Close { function, track } => { bench.out(&[0x5B, 1, function, 0, 0, track, 0, 0, 0, 0], &[]); }
                Step::Format { restart } => {
                    let [whole, other] = format_lists(disc);
                    let said = bench.out(&[0x04, 0x11, 0, 0, 0, 0], if restart { &other } else { &whole });
                    if said.is_empty() && (!restart || !disc.contains("dvd+rw")) {
                        written.clear();
                    }
                }
                Step::Blank { minimal } => {
                    if bench.out(&[0xA1, u8::from(minimal), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], &[]).is_empty() {
                        written.clear();
                    }
                }
                Step::BreakLayers(sectors) => {
                    bench.out(&[0xBF, 0, 0, 0, 0, 0, 0, 0x20, 0, 12, 0, 0], &[0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, sectors]);
                }
                Step::Select { how, multi_session } => {
                    testing = bench.write_parameters([how, multi_session, 8, 16]).is_empty() && how & 0x10 != 0 && disc.contains("dvd-r") && !disc.contains("dvd-ram");
                }
                Step::Reload => {
                    testing = false;
                    bench.out(&[0x1B, 0, 0, 0, 2, 0], &[]);
                    bench.out(&[0x1B, 0, 0, 0, 3, 0], &[]);
                }
                Step::Tell => { bench.hex(&[0x51, 0, 0, 0, 0, 0, 0, 0, 34, 0]); }
            }
            settle(&mut bench);
            let capacity = bench.capacity();
            prop_assert!(capacity < CAPACITY);
            let information: DiscInformation =
                bench.ask(&ReadDiscInformation { kind: DiscInformationKind::Standard, allocation: 34 });
            let mut at = 0;
            for number in 1..=information.last_track_in_last_session {
                let track = track(&mut bench, number.into()).expect("a track that was told of");
                prop_assert!(track.start.0 >= at, "tracks are in order");
                at = track.start.0;
                // Before sector 0 lies the pre-gap of a CD.
                if let Some(next) = track.next_writable.filter(|next| next.0 < 1 << 31) {
                    prop_assert!(track.start <= next && next.0 + track.free.unwrap().0 <= CAPACITY);
                    prop_assert!(overwrites(&bench) || !written.contains_key(&next.0), "it was written already");
                }
            }
        }
        for (lba, seed) in written {
            prop_assert_eq!(bench.read(lba, 1).unwrap(), sector(seed, lba), "{}", lba);
        }
    }
}
