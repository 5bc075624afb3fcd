//! This module knows what READ and READ CD must bring.

use super::*;
use crate::mmc::command::{ExpectedSector, Read10, Read12, ReadCd};
use crate::virtual_drive::disc::{FRAME_BYTES, mode_1, mode_2_form_1};

#[test]
fn a_read_brings_the_sectors_asked_for() {
    let mut bench = bench(DVD);
    bench.reads_the_truth(0, 1);
    bench.reads_the_truth(999_968, 32);
    assert_eq!(bench.read(5, 0), Ok(Vec::new()));
    let twelve = Read12 { start: Lba(77), count: SectorCount(3), dpo: false, fua: false, streaming: true };
    assert_eq!(bench.bytes(&twelve), truth(77, 3));
}

#[test]
fn beyond_the_end_nothing_comes() {
    let mut bench = bench(DVD);
    let sense = bench.read(999_999, 2).unwrap_err();
    assert_eq!((sense.to_string().as_str(), sense.information), ("05h/21h/00h", Some(1_000_000)));
    assert_eq!(bench.read(2_000_000, 1).unwrap_err().information, Some(2_000_000));
    assert_eq!(bench.read_fails(u32::MAX, 1), "05h/21h/00h");
    assert_eq!(bench.read_fails(u32::MAX, 512), "05h/21h/00h");
}

#[test]
fn a_short_buffer_gets_what_it_has_room_for() {
    let mut bench = bench(CD);
    let mut buffer = vec![0xEE; SECTOR_BYTES + 100];
    let completion = bench.send(&read(7, 4), Data::In(&mut buffer)).unwrap();
    assert_eq!(completion, Completion::good(SECTOR_BYTES + 100));
    assert_eq!(buffer, truth(7, 2)[..SECTOR_BYTES + 100]);
    let mut long = vec![0xEE; 3 * SECTOR_BYTES];
    assert_eq!(bench.send(&read(7, 2), Data::In(&mut long)).unwrap().transferred, 2 * SECTOR_BYTES);
    assert_eq!(long[2 * SECTOR_BYTES..], [0xEE; SECTOR_BYTES]);
}

#[test]
fn fua_is_obeyed_or_refused() {
    let fua = Read10 { fua: true, ..read(3, 1) };
    assert_eq!(bench(CD).bytes(&fua), truth(3, 1));
    assert_eq!(bench(&format!("fua = \"refused\"\n{CD}")).refusal(&fua), "05h/24h/00h");
}

#[test]
fn read_cd_wants_the_kind_of_sector_that_is_there() {
    let form_1 = format!("{CD}mode = \"mode2-form1\"");
    let user_data = |expected| ReadCd::user_data(expected, Lba(100), 2);
    assert_eq!(bench(CD).bytes(&user_data(ExpectedSector::Mode1)), truth(100, 2));
    assert_eq!(bench(CD).bytes(&user_data(ExpectedSector::Any)), truth(100, 2));
    assert_eq!(bench(CD).refusal(&user_data(ExpectedSector::Mode2Form1)), "05h/64h/00h");
    assert_eq!(bench(CD).refusal(&user_data(ExpectedSector::Mode2Formless)), "05h/64h/00h");
    assert_eq!(bench(&form_1).bytes(&user_data(ExpectedSector::Mode2Form1)), truth(100, 2));
    assert_eq!(bench(&form_1).refusal(&user_data(ExpectedSector::Mode1)), "05h/64h/00h");
    bench(&form_1).reads_the_truth(100, 2);
    assert_eq!(bench(DVD).refusal(&user_data(ExpectedSector::Mode1)), "05h/30h/02h");
}

#[test]
fn raw_sectors_have_everything_around_the_user_data() {
    let sector = |lba| <[u8; SECTOR_BYTES]>::try_from(truth(lba, 1)).unwrap();
    let raw = bench(CD).bytes(&ReadCd::raw(Lba(9_998), 2));
    assert_eq!(raw[..FRAME_BYTES], mode_1(Lba(9_998), &sector(9_998)));
    assert_eq!(raw[FRAME_BYTES..], mode_1(Lba(9_999), &sector(9_999)));
    let form_1 = bench(&format!("{CD}mode = \"mode2-form1\"")).bytes(&ReadCd::raw(Lba(1), 1));
    assert_eq!(form_1, mode_2_form_1(Lba(1), &sector(1)));
}

#[test]
fn other_pieces_of_a_sector_are_a_bad_field() {
    let plain = ReadCd::user_data(ExpectedSector::Mode1, Lba(0), 1);
    for command in [
        ReadCd { sub_channel: 1, ..plain },
        ReadCd { c2: 1, ..plain },
        ReadCd { header: true, ..plain },
        ReadCd { user_data: false, ..plain },
        ReadCd { expected: ExpectedSector::Reserved(7), ..plain },
    ] {
        assert_eq!(bench(CD).refusal(&command), "05h/24h/00h", "{command:?}");
    }
}

#[test]
fn audio_is_no_data_and_is_read_as_silence() {
    let mut bench = bench("[[track]]\nmode = \"audio\"\nsectors = 900");
    assert_eq!(bench.read_fails(0, 1), "05h/64h/00h");
    assert_eq!(bench.bytes(&ReadCd::user_data(ExpectedSector::Audio, Lba(3), 2)), vec![0; 2 * FRAME_BYTES]);
    assert_eq!(bench.bytes(&ReadCd::raw(Lba(0), 1)).len(), FRAME_BYTES);
}

#[test]
fn a_constant_rate_is_kept() {
    let mut bench = bench(&format!("speed = 72_000\n{DVD}"));
    bench.read(0, 32).unwrap();
    let begun = bench.clock.now();
    for start in (32..3552).step_by(32) {
        bench.read(start, 32).unwrap();
    }
    let rate = 3520.0 * 2048.0 / (bench.clock.now() - begun).as_secs_f64();
    assert!((71_990_000.0..72_010_000.0).contains(&rate), "{rate}");
}

#[test]
fn the_first_read_waits_for_the_disc_to_turn() {
    let mut bench = bench(&format!("spin_up = 3\n{CD}"));
    bench.read(0, 1).unwrap();
    assert_eq!(bench.clock.now(), Duration::from_secs(3));
    bench.read(5000, 1).unwrap();
    assert_eq!(bench.clock.now(), Duration::from_secs(3));
}
