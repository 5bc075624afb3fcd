//! This module knows what holds of a CD after any commands at all: what is recorded reads back and is never written
//! over, what was only tested leaves nothing, and the state that would be kept is one that is believed.

use std::collections::HashMap;

use proptest::prelude::*;

use super::cd::*;
use super::*;

#[derive(Debug, Clone)]
enum Step {
    /// From the next writable sector, or so many before it.
    Write {
        before: u32,
        count: u16,
        seed: u8,
    },
    /// Where the pre-gap of a session lies.
    Gap {
        start: i32,
        count: u8,
    },
    Parameters(usize),
    Cue {
        sectors: u32,
    },
    Synchronize,
    Close {
        function: u8,
        track: u8,
    },
    Blank {
        kind: u8,
        start: u32,
    },
    Reload,
}

const PAGES: [[u8; 3]; 8] = [
    TRACK,
    TRACK_AND_MORE,
    SESSION,
    SESSION_AND_MORE,
    PACKETS,
    [0x41, 0xC4, 0x0A],
    [0x51, 0x04, 0x08],
    [0x52, 0x00, 0x00],
];

fn any_step() -> impl Strategy<Value = Step> {
    let before = prop_oneof![8 => Just(0_u32), 1 => 1..400_u32];
    prop_oneof![
        8 => (before, prop_oneof![1..64_u16, 250..400_u16], any::<u8>())
            .prop_map(|(before, count, seed)| Step::Write { before, count, seed }),
        3 => prop_oneof![Just((-150, 150)), (-151..1_i32, 1..152_u8)].prop_map(|(start, count)| Step::Gap { start, count }),
        4 => (0..PAGES.len()).prop_map(Step::Parameters),
        2 => prop_oneof![Just(733_u32), 0..2000_u32].prop_map(|sectors| Step::Cue { sectors }),
        3 => Just(Step::Synchronize),
        3 => (0..8_u8, 0..5_u8).prop_map(|(function, track)| Step::Close { function, track }),
        1 => (0..8_u8, prop_oneof![0..4_u32, Just(32_u32), 0..30_000_u32])
            .prop_map(|(kind, start)| Step::Blank { kind, start }),
        1 => Just(Step::Reload),
    ]
}

const CAPACITY: u32 = 30_000;

fn sectors(seed: u8, start: u32, count: u16) -> Vec<u8> {
    let sector = |lba: u32| {
        let mut bytes = vec![seed; SECTOR_BYTES];
        bytes[..4].copy_from_slice(&lba.to_be_bytes());
        bytes
    };
    (start..).take(count.into()).flat_map(sector).collect()
}

fn next_writable(bench: &mut Bench) -> Option<u32> {
    let mut buffer = [0; 36];
    let ask = ReadTrackInformation { of: TrackSelector::Track(0xFF), open: false, allocation: 36 };
    let completion = bench.send(&ask, Data::In(&mut buffer)).unwrap();
    let told = completion.decoded_sense().is_none().then(|| TrackInformation::parse(&buffer).unwrap())?;
    told.next_writable.map(|lba| lba.0)
}

impl Bench {
    fn settled(&mut self) {
        for _ in 0..3 {
            self.out(&[0; 6], &[]);
        }
    }

    fn carry_out(&mut self, step: &Step) -> bool {
        let said = match *step {
            Step::Parameters(page) => self.write_as(PAGES[page]),
            Step::Gap { start, count } => self.write_gap(start, count),
            Step::Cue { sectors } => {
                let sheet = CueSheet::of_one_track(sectors).unwrap().emit();
                self.cue_sheet(&sheet)
            }
            Step::Synchronize => self.out(&[0x35, 0, 0, 0, 0, 0, 0, 0, 0, 0], &[]),
            Step::Close { function, track } => self.out(&[0x5B, 1, function, 0, 0, track, 0, 0, 0, 0], &[]),
            Step::Blank { kind, start } => {
                let [s0, s1, s2, s3] = start.to_be_bytes();
                self.out(&[0xA1, kind, s0, s1, s2, s3, 0, 0, 0, 0, 0, 0], &[])
            }
            Step::Reload => {
                self.out(&[0x1B, 0, 0, 0, 2, 0], &[]);
                self.out(&[0x1B, 0, 0, 0, 3, 0], &[])
            }
            Step::Write { .. } => return false,
        };
        said.is_empty()
    }
}

#[test]
fn a_session_of_which_only_the_gap_was_written_does_not_go_on_behind_a_packet() {
    let mut bench = bench(&format!("{CD_R}\ncapacity = {CAPACITY}"));
    for step in
        [Step::Parameters(2), Step::Cue { sectors: 733 }, Step::Gap { start: -150, count: 150 }, Step::Parameters(4)]
    {
        assert!(bench.carry_out(&step), "{step:?}");
    }
    let write = Write10 { start: Lba(0), count: 1, fua: false };
    let written =
        |bench: &mut Bench| bench.send(&write, Data::Out(&[0; SECTOR_BYTES])).unwrap().decoded_sense().is_none();
    assert!(written(&mut bench));
    assert!(bench.carry_out(&Step::Parameters(2)));
    assert!(!written(&mut bench));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_keeps_them(
        rewritable: bool,
        steps in prop::collection::vec(any_step(), 1..40),
    ) {
        let mut bench = bench(&format!("{}\ncapacity = {CAPACITY}", if rewritable { CD_RW } else { CD_R }));
        let mut written: HashMap<u32, u8> = HashMap::new();
        for step in steps {
            let testing = bench.drive.write_parameters.test_write;
            if let Step::Write { before, count, seed } = step {
                let Some(start) = next_writable(&mut bench).and_then(|next| next.checked_sub(before)) else { continue };
                if start >= CAPACITY {
                    continue;
                }
                let command = Write10 { start: Lba(start), count, fua: false };
                let done = bench.send(&command, Data::Out(&sectors(seed, start, count))).unwrap();
                if done.decoded_sense().is_none() && !testing {
                    for lba in start..start + u32::from(count) {
                        prop_assert!(lba < CAPACITY, "beyond the end");
                        prop_assert!(written.insert(lba, seed).is_none(), "{} was overwritten", lba);
                    }
                }
            }
            let done = bench.carry_out(&step);
            bench.settled();
            if let (true, Step::Blank { .. }) = (done, &step) {
                prop_assert!(rewritable);
                // What went does not read any more; what is left is still to be what it was.
                written.retain(|lba, _| bench.read(*lba, 1).is_ok());
            }
            let disc = bench.drive.state.loaded().and_then(|disc| disc.recordable()).unwrap();
            prop_assert!(disc.cd().is_some_and(|record| record.is_sound(CAPACITY)), "{:?}", disc.record());
            prop_assert!(bench.capacity() < CAPACITY);
            let told: DiscInformation =
                bench.ask(&ReadDiscInformation { kind: DiscInformationKind::Standard, allocation: 34 });
            prop_assert!(told.first_track_in_last_session <= told.last_track_in_last_session);
        }
        for (lba, seed) in written {
            prop_assert!(bench.read(lba, 1).unwrap() == sectors(seed, lba, 1), "{}", lba);
        }
    }
}
