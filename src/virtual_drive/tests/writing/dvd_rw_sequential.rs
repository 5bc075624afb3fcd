//! This module knows what is true of DVD-RW that is recorded in sequence, byte by byte; and of blanking it.

use super::*;
use crate::mmc::Profile;
use crate::mmc::feature::code;

const BLANK: &str = "medium = \"dvd-rw\"\nstate = \"blank\"";
const MINIMAL: [u8; 12] = [0xA1, 0x11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
const WHOLE: [u8; 12] = [0xA1, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/// A disc with a closed border on it.
fn written() -> Bench {
    let mut bench = bench(BLANK);
    bench.write_parameters(CLOSE_DISC);
    assert_eq!(bench.write(0, 32), "");
    assert_eq!(bench.close(1, 1), "");
    assert_eq!(bench.close(2, 0), "");
    bench
}

#[test]
fn new_it_is_as_a_dvd_r_and_can_be_erased() {
    let mut bench = bench(BLANK);
    assert_eq!(bench.disc_information(), "100101010100 00000000 00231020");
    assert_eq!(bench.track_information(1), "0101 046101 0 0 2297888 2297888");
    // Book 32h.
    let structure = bench.hex(&[0xAD, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0]);
    assert_eq!(structure, "08020000320F0400");
    let configuration = bench.configuration();
    assert_eq!(configuration.profile, Profile::DvdRwSequential);
    assert!(configuration.feature(code::INCREMENTAL_STREAMING).is_some());
    assert!(configuration.feature(code::DVD_R_WRITE).is_some());
    assert_eq!(written().disc_information(), "1E0101010100 FFFFFFFF FFFFFFFF");
}

#[test]
fn blanked_wholly_it_is_as_new() {
    let mut bench = written();
    bench.reads_the_truth(0, 32);
    assert_eq!(bench.out(&WHOLE, &[]), "");
    bench.was_busy_with("02h/04h/07h");
    assert_eq!(bench.disc_information(), "100101010100 00000000 00231020");
    assert_eq!(bench.read_fails(0, 1), "05h/21h/00h");
    assert!(bench.configuration().feature(code::INCREMENTAL_STREAMING).is_some());
    bench.write_parameters(KEEP_OPEN);
    assert_eq!(bench.write(0, 16), "");
    bench.synchronize();
    bench.reads_the_truth(0, 16);
    assert_eq!(bench.read_fails(16, 1), "05h/21h/00h", "nothing comes back of what was there before");
}

#[test]
fn blanked_in_a_hurry_it_takes_only_a_disc_at_once() {
    let mut bench = written();
    assert_eq!(bench.out(&MINIMAL, &[]), "");
    bench.was_busy_with("02h/04h/07h");
    assert_eq!(bench.disc_information(), "100101010100 00000000 00231020");
    let configuration = bench.configuration();
    assert!(configuration.feature(code::INCREMENTAL_STREAMING).is_none());
    assert!(configuration.feature(code::DVD_R_WRITE).is_some());
    bench.write_parameters(KEEP_OPEN);
    assert_eq!(bench.write(0, 16), "05h/64h/00h");
    bench.write_parameters(AT_ONCE);
    assert_eq!(bench.out(&[0x53, 0, 0, 0, 0, 0, 0, 0, 16, 0], &[]), "");
    assert_eq!(bench.write(0, 16), "");
    bench.synchronize();
    assert_eq!(bench.disc_information(), "1E0101010100 FFFFFFFF FFFFFFFF");
}

#[test]
fn blanking_takes_as_long_as_writing_and_tells_how_far_it_is() {
    let mut bench = bench(&format!("{BLANK}\nspeed = \"16x\"\nclock = \"simulated\""));
    bench.out(&[0; 6], &[]);
    assert_eq!(bench.out(&WHOLE, &[]), "");
    let begun = bench.clock.now();
    bench.clock.sleep(Duration::from_secs(400));
    let sense = bench.sense(&TestUnitReady);
    assert_eq!(sense.to_string(), "02h/04h/07h");
    assert!((0.4..0.6).contains(&sense.progress().unwrap()), "{sense:?}");
    assert_eq!(bench.hex(&[0x51, 0, 0, 0, 0, 0, 0, 0, 34, 0]), "02h/04h/07h");
    while !bench.out(&[0; 6], &[]).is_empty() {
        bench.clock.sleep(Duration::from_secs(10));
    }
    // 4706 MB at 5.54 MB/s.
    let taken = (bench.clock.now() - begun).as_secs();
    assert!((840..870).contains(&taken), "{taken}");
}

#[test]
fn what_cannot_be_blanked_is_not() {
    let mut bench = written();
    for what in 2..8 {
        assert_eq!(bench.out(&[0xA1, 0x10 | what, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], &[]), "05h/24h/00h", "{what}");
    }
    bench.reads_the_truth(0, 32);
    let mut bench = super::bench("medium = \"dvd-r\"\nstate = \"blank\"");
    assert_eq!(bench.out(&WHOLE, &[]), "05h/30h/06h");
}
