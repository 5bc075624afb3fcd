//! This module knows that each fault of writing is met on every medium, in each way in which that is written.

use super::cd::*;
use super::*;
use crate::scsi::HostFault;

/// How a disc is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    TrackAtOnce,
    SessionAtOnce,
    Increments,
    DiscAtOnce,
    Fragments,
    Anywhere,
    /// Anywhere, and read back: what takes no data is replaced.
    AnywhereWithSpares,
}

use Way::{Anywhere, AnywhereWithSpares, DiscAtOnce, Fragments, Increments, SessionAtOnce, TrackAtOnce};

const EVERY: &[(&str, Way)] = &[
    ("medium = \"cd-r\"\nstate = \"blank\"\n", TrackAtOnce),
    ("medium = \"cd-r\"\nstate = \"blank\"\n", SessionAtOnce),
    ("medium = \"cd-rw\"\n", TrackAtOnce),
    ("medium = \"cd-rw\"\n", SessionAtOnce),
    ("medium = \"dvd-r\"\nstate = \"blank\"\n", Increments),
    ("medium = \"dvd-r\"\nstate = \"blank\"\n", DiscAtOnce),
    ("medium = \"dvd-r-dl\"\nstate = \"blank\"\n", Increments),
    ("medium = \"dvd-rw\"\n", Increments),
    ("medium = \"dvd-rw\"\n", DiscAtOnce),
    ("medium = \"dvd-rw\"\nstate = \"formatted\"\n", Anywhere),
    ("medium = \"dvd-ram\"\n", AnywhereWithSpares),
    ("medium = \"dvd+r\"\nstate = \"blank\"\n", Fragments),
    ("medium = \"dvd+r-dl\"\nstate = \"blank\"\n", Fragments),
    ("medium = \"dvd+rw\"\nstate = \"formatted\"\n", Anywhere),
    ("medium = \"bd-r\"\nstate = \"blank\"\n", Fragments),
    ("medium = \"bd-re\"\nstate = \"formatted\"\n", AnywhereWithSpares),
];

/// What is written at once has so many sectors.
const AT_ONCE_SECTORS: u16 = 320;
const UNDERRUN_FREE: u8 = 0x40;

/// For each: a disc in a drive with this fault, told how it will be written.
fn each(fault: &str, underrun_free: u8) -> impl Iterator<Item = (Bench, Way, &'static str)> {
    let fault = format!("[[fault]]\n{fault}");
    EVERY.iter().map(move |(disc, way)| {
        let mut bench = bench(&format!("{disc}{fault}"));
        bench.prepare(*way, underrun_free);
        (bench, *way, *disc)
    })
}

impl Bench {
    fn prepare(&mut self, way: Way, underrun_free: u8) {
        let said = match way {
            TrackAtOnce => self.write_as([underrun_free | 1, 0xC4, 0x08]),
            SessionAtOnce => self.write_as([underrun_free | 2, 0xC0, 0x00]),
            Increments => self.write_parameters([underrun_free | 0x20, 0xE5, 0x08, 0x10]),
            DiscAtOnce => self.write_parameters([underrun_free | 2, 0x05, 0x08, 0x00]),
            Fragments | Anywhere | AnywhereWithSpares => String::new(),
        };
        assert_eq!(said, "", "{way:?}");
        let said = match way {
            SessionAtOnce => {
                let sheet = CueSheet::of_one_track(AT_ONCE_SECTORS.into()).unwrap().emit();
                format!("{}{}", self.cue_sheet(&sheet), self.write_gap(-150, 150))
            }
            DiscAtOnce => {
                let [high, low] = AT_ONCE_SECTORS.to_be_bytes();
                self.out(&[0x53, 0, 0, 0, 0, 0, 0, high, low, 0], &[])
            }
            TrackAtOnce | Increments | Fragments | Anywhere | AnywhereWithSpares => String::new(),
        };
        // The laser is calibrated with the first write, which may be the pre-gap.
        assert!(said.is_empty() || said.starts_with("03h/73h"), "{way:?}: {said}");
    }

    /// What was written, up to `end`, can be read; where all is written that there will be.
    fn finish(&mut self, way: Way, end: u16) -> u16 {
        let said = match way {
            TrackAtOnce | Fragments => self.close(2, 0),
            Increments => format!("{}{}", self.close(1, 1), self.close(2, 0)),
            SessionAtOnce | DiscAtOnce => {
                let said = self.write(end.into(), AT_ONCE_SECTORS - end);
                self.synchronize();
                said
            }
            Anywhere | AnywhereWithSpares => {
                self.synchronize();
                String::new()
            }
        };
        assert_eq!(said, "", "{way:?}");
        if matches!(way, SessionAtOnce | DiscAtOnce) { AT_ONCE_SECTORS } else { end }
    }

    fn differs(&mut self, start: u32, count: u16) -> bool {
        let (read, sent) = (self.read(start, count).unwrap(), truth(start, count));
        read.chunks(SECTOR_BYTES).zip(sent.chunks(SECTOR_BYTES)).all(|(read, sent)| read != sent)
    }

    fn write_is_cut_off(&mut self, start: u32, count: u16) -> TransportError {
        let command = Write10 { start: Lba(start), count, fua: false };
        self.send(&command, Data::Out(&truth(start, count))).unwrap_err()
    }
}

#[test]
fn sectors_are_recorded_wrong_without_a_word() {
    for (mut bench, way, disc) in each("kind = \"miswritten\"\nsectors = [\"20..22\"]", UNDERRUN_FREE) {
        assert_eq!(bench.write(0, 32), "", "{disc}{way:?}");
        bench.finish(way, 32);
        bench.reads_the_truth(0, 20);
        bench.reads_the_truth(22, 10);
        assert!(bench.differs(20, 2), "{disc}{way:?}");
    }
}

#[test]
fn a_sector_takes_no_data_and_then_does() {
    for (mut bench, way, disc) in each("kind = \"unwritable\"\nsectors = [20]\nattempts = 1", UNDERRUN_FREE) {
        let command = Write10 { start: Lba(0), count: 32, fua: false };
        let said = bench.send(&command, Data::Out(&truth(0, 32))).unwrap().decoded_sense();
        if way == AnywhereWithSpares {
            assert_eq!(said, None, "{disc}");
        } else {
            let sense = said.unwrap();
            assert_eq!((sense.to_string().as_str(), sense.information), ("03h/0ch/00h", Some(20)), "{disc}{way:?}");
            // Blocks of a DVD-RW are written whole.
            let again = if way == Anywhere { 16 } else { 20 };
            assert_eq!(bench.write(again, 32 - u16::try_from(again).unwrap()), "", "{disc}{way:?}");
        }
        bench.finish(way, 32);
        bench.reads_the_truth(0, 32);
    }
}

#[test]
fn a_sector_took_no_data_which_is_told_later_and_once() {
    let fault = "kind = \"unwritable\"\nsectors = [20]\nattempts = 1\nreport = \"later\"";
    for (mut bench, way, disc) in each(fault, UNDERRUN_FREE) {
        assert_eq!(bench.write(0, 32), "", "{disc}{way:?}");
        if way != AnywhereWithSpares {
            let sense = bench.sense(&TestUnitReady);
            assert_eq!((sense.to_string().as_str(), sense.information), ("03h/0ch/00h", Some(20)), "{disc}{way:?}");
            assert!(sense.deferred, "{disc}{way:?}");
        }
        bench.finish(way, 32);
        bench.reads_the_truth(0, 20);
        assert_eq!(bench.differs(20, 1), way != AnywhereWithSpares, "{disc}{way:?}");
    }
}

#[test]
fn the_power_of_the_laser_is_not_found() {
    for (mut bench, way, disc) in each("kind = \"calibration\"\nsense = \"3/73/02\"", UNDERRUN_FREE) {
        assert_eq!(bench.out(&[0x54, 1, 0, 0, 0, 0, 0, 0, 0, 0], &[]), "03h/73h/02h", "{disc}{way:?}");
        let said = if way == SessionAtOnce { bench.write_gap(-150, 150) } else { bench.write(0, 32) };
        assert_eq!(said, "03h/73h/02h", "{disc}{way:?}");
    }
}

#[test]
fn an_underrun_costs_a_second_where_something_protects_from_it() {
    for (mut bench, way, disc) in each("kind = \"underrun\"\nat = 20", UNDERRUN_FREE) {
        let begun = bench.clock.now();
        assert_eq!(bench.write(0, 32), "", "{disc}{way:?}");
        assert_eq!(bench.clock.now().checked_sub(begun), Some(Duration::from_secs(1)), "{disc}{way:?}");
        bench.finish(way, 32);
        bench.reads_the_truth(0, 32);
    }
}

#[test]
fn an_underrun_ends_the_burn_where_nothing_does() {
    for (mut bench, way, disc) in each("kind = \"underrun\"\nat = 40", 0) {
        assert_eq!(bench.write(0, 32), "", "{disc}{way:?}");
        if matches!(way, Fragments | Anywhere | AnywhereWithSpares) {
            assert_eq!(bench.write(32, 16), "", "{disc}: always protected");
            continue;
        }
        assert_eq!(bench.write(32, 16), "03h/0ch/09h", "{disc}{way:?}");
        assert_eq!(bench.write(32, 16), "05h/21h/02h", "{disc}{way:?}");
        assert_eq!(bench.write(48, 16), "05h/21h/02h", "{disc}{way:?}");
        if disc.contains("rw") {
            assert_eq!(bench.blank(1, 0), "", "{disc}: that it is blank again helps");
            bench.prepare(if way == Increments { DiscAtOnce } else { way }, 0);
            assert_eq!(bench.write(0, 32), "", "{disc}{way:?}");
        }
    }
}

#[test]
fn a_busy_drive_takes_the_same_once_more() {
    for (mut bench, way, disc) in each("kind = \"busy\"\nat = 20\nseconds = 30", UNDERRUN_FREE) {
        assert_eq!(bench.write(0, 32), "02h/04h/07h", "{disc}{way:?}");
        assert_eq!(bench.write(0, 32), "02h/04h/07h", "{disc}{way:?}");
        bench.clock.sleep(Duration::from_secs(30));
        assert_eq!(bench.write(0, 32), "", "{disc}{way:?}");
        bench.finish(way, 32);
        bench.reads_the_truth(0, 32);
    }
}

#[test]
fn a_reset_or_lost_power_leaves_what_can_be_gone_on_with_or_not() {
    for kind in ["reset", "power-loss"] {
        for (mut bench, way, disc) in each(&format!("kind = \"{kind}\"\nat = 40"), UNDERRUN_FREE) {
            let what = format!("{kind}: {disc}{way:?}");
            assert_eq!(bench.write(0, 32), "", "{what}");
            let error = bench.write_is_cut_off(32, 16);
            assert!(matches!(error, TransportError::Host { fault: HostFault::Reset, .. }), "{what}");
            assert_eq!(bench.refusal(&TestUnitReady), "06h/29h/00h", "{what}");
            match way {
                // The cue sheet is forgotten, and what was begun cannot be ended.
                SessionAtOnce => {
                    assert_eq!(bench.write_as(SESSION), "", "{what}");
                    assert_eq!(bench.write(32, 16), "05h/2ch/00h", "{what}");
                }
                TrackAtOnce | Increments | DiscAtOnce => {
                    let damaged = kind == "power-loss";
                    let track = bench.track_information(1);
                    assert_eq!(&track[5..7], if damaged { "24" } else { "04" }, "{what}: {track}");
                    if way != DiscAtOnce {
                        bench.prepare(way, UNDERRUN_FREE);
                        assert_eq!(bench.write(32, 16), "", "{what}");
                        assert_eq!(&bench.track_information(1)[5..7], "04", "{what}: it is mended");
                        bench.finish(way, 48);
                        bench.reads_the_truth(0, 48);
                    }
                }
                Fragments | Anywhere | AnywhereWithSpares => {
                    assert_eq!(bench.write(32, 16), "", "{what}");
                    bench.finish(way, 48);
                    bench.reads_the_truth(0, 48);
                }
            }
        }
    }
}

#[test]
fn a_drive_vanishes_while_it_writes() {
    for (mut bench, way, disc) in each("kind = \"gone\"\nat = 20", UNDERRUN_FREE) {
        assert!(matches!(bench.write_is_cut_off(0, 32), TransportError::Gone), "{disc}{way:?}");
        assert!(matches!(bench.send(&TestUnitReady, Data::None), Err(TransportError::Gone)), "{disc}{way:?}");
    }
}

#[test]
fn the_end_is_lost_although_it_is_said_to_be_there() {
    for (mut bench, way, disc) in each("kind = \"truncated\"\ncount = 16", UNDERRUN_FREE) {
        assert_eq!(bench.write(0, 32), "", "{disc}{way:?}");
        let end = bench.finish(way, 32);
        bench.reads_the_truth(0, 16);
        assert_eq!(bench.read(u32::from(end) - 16, 16).unwrap(), vec![0; 16 * SECTOR_BYTES], "{disc}{way:?}");
    }
}

#[test]
fn nothing_is_recorded_although_all_went_well() {
    for (mut bench, way, disc) in each("kind = \"unrecorded\"", UNDERRUN_FREE) {
        assert_eq!(bench.write(0, 32), "", "{disc}{way:?}");
        bench.synchronize();
        match way {
            Anywhere | AnywhereWithSpares => {
                assert_eq!(bench.read(0, 32).unwrap(), vec![0; 32 * SECTOR_BYTES], "{disc}{way:?}");
            }
            TrackAtOnce | SessionAtOnce | Increments | DiscAtOnce | Fragments => {
                assert!(bench.read(0, 1).is_err(), "{disc}{way:?}");
                assert_eq!(bench.disc_information()[1..4], *"001", "{disc}{way:?}: it is blank");
            }
        }
    }
}
