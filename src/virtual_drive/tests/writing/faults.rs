//! This module knows each fault of writing as the host meets it.

use super::*;
use crate::scsi::HostFault;

const DVD_PLUS_R: &str = "medium = \"dvd+r\"\nstate = \"blank\"\n";
const DVD_PLUS_RW: &str = "medium = \"dvd+rw\"\nstate = \"formatted\"\n";
const BD_RE: &str = "medium = \"bd-re\"\nstate = \"formatted\"\n";

fn with(disc: &str, fault: &str) -> Bench {
    bench(&format!("{disc}[[fault]]\n{fault}"))
}

/// Some bytes of each sector differ, and the rest is what was sent.
fn is_spoilt(bench: &mut Bench, start: u32, count: u16) -> bool {
    let (read, sent) = (bench.read(start, count).unwrap(), truth(start, count));
    let mut pairs = read.chunks(SECTOR_BYTES).zip(sent.chunks(SECTOR_BYTES));
    pairs.all(|(read, sent)| read != sent && read[..1024] == sent[..1024])
}

#[test]
fn a_sector_that_takes_no_data_ends_the_write_and_is_named() {
    let mut bench = with(DVD_PLUS_R, "kind = \"unwritable\"\nsectors = [40]\nattempts = 2");
    assert_eq!(bench.write(0, 32), "");
    let command = Write10 { start: Lba(32), count: 16, fua: false };
    let sense = bench.send(&command, Data::Out(&truth(32, 16))).unwrap().decoded_sense().unwrap();
    assert_eq!((sense.to_string().as_str(), sense.information, sense.deferred), ("03h/0ch/00h", Some(40), false));
    assert_eq!(bench.track_information(1), "0101 078103 0 40 2295064 2295104", "what lies before it is there");
    assert_eq!(bench.write(32, 16), "05h/21h/02h");
    assert_eq!(bench.write(40, 8), "03h/0ch/00h");
    assert_eq!(bench.write(40, 8), "", "the third attempt goes well");
    assert_eq!(bench.close(2, 0), "");
    bench.reads_the_truth(0, 48);
}

#[test]
fn where_there_is_something_to_spare_a_bad_sector_is_replaced_in_silence() {
    let mut bench = with(BD_RE, "kind = \"unwritable\"\nsectors = [\"40..42\", 64]");
    assert_eq!(bench.write(32, 64), "");
    assert_eq!(bench.write(32, 64), "");
    bench.reads_the_truth(32, 64);
    // Two clusters of 3000h, once and for all.
    let spare = bench.hex(&[0xAD, 1, 0, 0, 0, 0, 0, 0x0A, 0, 16, 0, 0]);
    assert_eq!(spare, "000E0000".to_owned() + "00000000" + "0005FFC0" + "00060000");
    // A stream is not read back, and so nothing is replaced; nor where there is nothing to spare.
    let mut bench = with(BD_RE, "kind = \"unwritable\"\nsectors = [40]");
    let stream = Write12 { start: Lba(32), count: SectorCount(32), fua: false, streaming: true };
    let sense = bench.send(&stream, Data::Out(&truth(32, 32))).unwrap().decoded_sense().unwrap();
    assert_eq!((sense.to_string().as_str(), sense.information), ("03h/0ch/00h", Some(40)));
    let mut bench = with("medium = \"dvd-ram\"\ncapacity = 256\n", "kind = \"unwritable\"\nsectors = [\"0..160\"]");
    assert_eq!(bench.write(0, 48), "");
    assert_eq!(bench.write(48, 16), "03h/32h/00h", "two blocks of the supplementary area, one of the primary");
    assert_eq!(bench.write(160, 16), "");
}

#[test]
fn what_is_told_later_comes_in_place_of_the_next_command() {
    let mut bench = with(DVD_PLUS_RW, "kind = \"unwritable\"\nsectors = [20]\nreport = \"later\"\nattempts = 1");
    assert_eq!(bench.write(16, 16), "");
    let sense = bench.sense(&TestUnitReady);
    assert_eq!((sense.to_string().as_str(), sense.information, sense.deferred), ("03h/0ch/00h", Some(20), true));
    assert_eq!(bench.out(&[0; 6], &[]), "");
    assert!(is_spoilt(&mut bench, 20, 1));
    bench.reads_the_truth(16, 4);
    bench.reads_the_truth(21, 11);
}

#[test]
fn a_sector_can_be_recorded_wrong_without_a_word() {
    for disc in [DVD_PLUS_R, DVD_PLUS_RW, BD_RE] {
        let mut bench = with(disc, "kind = \"miswritten\"\nsectors = [\"20..22\"]");
        assert_eq!(bench.write(0, 32), "");
        bench.synchronize();
        if disc == DVD_PLUS_R {
            assert_eq!(bench.close(2, 0), "");
        }
        bench.reads_the_truth(0, 20);
        bench.reads_the_truth(22, 10);
        assert!(is_spoilt(&mut bench, 20, 2));
    }
}

#[test]
fn the_end_can_be_lost_although_it_is_said_to_be_there() {
    let mut bench = with(DVD_PLUS_R, "kind = \"truncated\"\ncount = 16");
    assert_eq!(bench.write(0, 32), "");
    assert_eq!(bench.write(32, 32), "");
    bench.synchronize();
    assert_eq!(bench.close(2, 0), "");
    assert_eq!(bench.capacity(), 63);
    bench.reads_the_truth(0, 48);
    assert_eq!(bench.read(48, 16).unwrap(), vec![0; 16 * SECTOR_BYTES]);
    // No more than was written in one go, and not a second time.
    let mut bench = with(DVD_PLUS_RW, "kind = \"truncated\"\ncount = 1000");
    assert_eq!(bench.write(0, 32), "");
    assert_eq!(bench.write(64, 32), "");
    bench.synchronize();
    assert_eq!(bench.read(64, 32).unwrap(), vec![0; 32 * SECTOR_BYTES]);
    bench.reads_the_truth(0, 32);
    assert_eq!(bench.write(64, 32), "");
    bench.synchronize();
    bench.reads_the_truth(64, 32);
}

#[test]
fn the_power_of_the_laser_may_not_be_found() {
    const CALIBRATE: [u8; 10] = [0x54, 1, 0, 0, 0, 0, 0, 0, 0, 0];
    let mut bench = with(DVD_PLUS_R, "kind = \"calibration\"");
    assert_eq!(bench.out(&CALIBRATE, &[]), "03h/73h/03h");
    assert_eq!(bench.write(0, 16), "03h/73h/03h");
    assert_eq!(bench.disc_information(), "000101010100 00000000 00230540", "nothing is written");
    let mut bench = with(DVD_PLUS_R, "kind = \"calibration\"\nattempts = 1\nsense = \"3/73/02\"");
    assert_eq!(bench.write(0, 16), "03h/73h/02h");
    assert_eq!(bench.write(0, 16), "");
    let mut bench = with(DVD_PLUS_R, "kind = \"calibration\"\nsense = \"1/73/01\"");
    assert_eq!(bench.out(&CALIBRATE, &[]), "01h/73h/01h", "it is nearly full, and was found");
    assert_eq!(bench.write(0, 16), "");
}

#[test]
fn an_underrun_costs_a_second_or_what_was_being_written() {
    let mut bench = with(DVD_PLUS_R, "kind = \"underrun\"\nat = 20");
    assert_eq!(bench.write(0, 32), "");
    assert_eq!(bench.clock.now(), Duration::from_secs(1));
    bench.reads_the_truth(0, 32);
}

#[test]
fn a_busy_drive_takes_nothing_and_then_the_same_once_more() {
    let mut bench = with(DVD_PLUS_RW, "kind = \"busy\"\nat = 20\nseconds = 30\nsense = \"2/04/08\"");
    assert_eq!(bench.write(16, 16), "02h/04h/08h");
    bench.clock.sleep(Duration::from_secs(29));
    assert_eq!(bench.write(16, 16), "02h/04h/08h");
    assert_eq!(bench.refusal(&TestUnitReady), "02h/04h/08h");
    bench.clock.sleep(Duration::from_secs(1));
    assert_eq!(bench.write(16, 16), "");
    bench.reads_the_truth(16, 16);
}

fn is_reset(error: &TransportError) -> bool {
    matches!(error, TransportError::Host { fault: HostFault::Reset, .. })
}

#[test]
fn lost_power_loses_the_buffer_and_every_setting() {
    let mut bench =
        with(&format!("{DVD_PLUS_R}speed = \"16x\"\nspin_up = 0\n"), "kind = \"power-loss\"\nat = 600\nseconds = 8");
    bench.bytes(&PreventAllow { prevent: true, persistent: false });
    assert_eq!(bench.write(0, 512), "");
    let command = Write10 { start: Lba(512), count: 256, fua: false };
    assert!(is_reset(&bench.send(&command, Data::Out(&truth(512, 256))).unwrap_err()));
    assert_eq!(bench.refusal(&TestUnitReady), "06h/29h/00h");
    assert_eq!(bench.refusal(&TestUnitReady), "02h/04h/01h");
    bench.clock.sleep(Duration::from_secs(8));
    assert_eq!(bench.refusal(&TestUnitReady), "06h/28h/00h");
    // 512 sectors were sent in no time, of which the disc had seen none.
    assert_eq!(bench.track_information(1), "0101 07C101 0 0 2295104 2295104");
    assert_eq!(bench.write(0, 16), "");
    bench.bytes(&StartStopUnit { immediate: false, action: UnitAction::Eject });
}

#[test]
fn lost_power_breaks_a_format() {
    let mut bench = with("medium = \"bd-re\"\nspeed = \"6x\"\n", "kind = \"power-loss\"\nafter = 20");
    let quick = [0, 2, 0, 8, 0x00, 0xB4, 0x74, 0x00, 0xC0, 0, 0x30, 0];
    assert_eq!(bench.out(&[0x04, 0x11, 0, 0, 0, 0], &quick), "");
    bench.clock.sleep(Duration::from_secs(20));
    assert_eq!(bench.refusal(&TestUnitReady), "06h/29h/00h");
    assert_eq!(bench.disc_information(), "100101010100 00000000 00000000");
    assert_eq!(bench.write(0, 32), "03h/31h/00h");
    assert_eq!(bench.out(&[0x04, 0x11, 0, 0, 0, 0], &quick), "");
    bench.clock.sleep(Duration::from_secs(39));
    bench.refusal(&TestUnitReady);
    bench.clock.sleep(Duration::from_secs(1));
    assert_eq!(bench.out(&[0; 6], &[]), "");
    assert_eq!(bench.write(0, 32), "");
}

#[test]
fn a_reset_in_mid_burn_keeps_what_was_sent_before() {
    let mut bench = with(DVD_PLUS_R, "kind = \"reset\"\nat = 40");
    assert_eq!(bench.write(0, 32), "");
    let command = Write10 { start: Lba(32), count: 16, fua: false };
    assert!(is_reset(&bench.send(&command, Data::Out(&truth(32, 16))).unwrap_err()));
    assert_eq!(bench.write(32, 16), "06h/29h/00h");
    assert_eq!(bench.track_information(1), "0101 078103 0 32 2295072 2295104");
    assert_eq!(bench.write(32, 16), "");
}

#[test]
fn a_drive_can_vanish_while_it_writes() {
    let mut bench = with(DVD_PLUS_RW, "kind = \"gone\"\nat = 40");
    assert_eq!(bench.write(0, 32), "");
    let command = Write10 { start: Lba(32), count: 16, fua: false };
    assert!(matches!(bench.send(&command, Data::Out(&truth(32, 16))), Err(TransportError::Gone)));
    assert!(matches!(bench.send(&TestUnitReady, Data::None), Err(TransportError::Gone)));
}

#[test]
fn a_write_that_is_refused_meets_no_fault() {
    let mut bench = with(DVD_PLUS_R, "kind = \"gone\"\nat = 40");
    assert_eq!(bench.write(32, 16), "05h/21h/02h");
    assert_eq!(bench.write(0, 32), "");
}

#[test]
fn a_buffer_can_tell_untruths() {
    let mut bench = bench(&format!("{DVD_PLUS_R}[claims]\nbuffer = 4096\nbuffer_free = 1_000_000"));
    assert_eq!(bench.hex(&[0x5C, 0, 0, 0, 0, 0, 0, 0, 12, 0]), "000A0000".to_owned() + "00001000" + "000F4240");
}

#[test]
fn nothing_may_be_recorded_at_all_although_all_went_well() {
    let mut bench = with(DVD_PLUS_R, "kind = \"unrecorded\"");
    assert_eq!(bench.write(0, 32), "");
    assert_eq!(bench.write(32, 32), "");
    bench.synchronize();
    assert_eq!(bench.disc_information(), "000101010100 00000000 00230540");
    let mut bench = with(BD_RE, "kind = \"unrecorded\"");
    assert_eq!(bench.write(0, 32), "");
    assert_eq!(bench.read(0, 32).unwrap(), vec![0; 32 * SECTOR_BYTES]);
}

#[test]
fn a_full_buffer_can_refuse_what_it_has_no_room_for() {
    let mut bench = bench(&format!("{BD_RE}speed = \"6x\"\nspin_up = 0\nfull_buffer = \"refuses\""));
    // 1.5 MiB of buffer take 768 sectors.
    assert_eq!(bench.write(0, 512), "");
    assert_eq!(bench.write(512, 256), "");
    assert_eq!(bench.write(768, 256), "02h/04h/08h");
    assert_eq!(bench.clock.now(), Duration::ZERO, "nobody was made to wait");
    bench.clock.sleep(Duration::from_millis(200));
    assert_eq!(bench.write(768, 256), "");
    bench.reads_the_truth(0, 512);
    bench.reads_the_truth(512, 512);
}

#[test]
fn progress_may_not_be_told() {
    let mut bench = bench("medium = \"bd-re\"\nspeed = \"6x\"\nprogress = \"absent\"");
    bench.out(&[0x04, 0x11, 0, 0, 0, 0], &[0, 2, 0, 8, 0x00, 0xB4, 0x74, 0x00, 0xC0, 0, 0x30, 0]);
    bench.clock.sleep(Duration::from_secs(20));
    let sense = bench.sense(&TestUnitReady);
    assert_eq!((sense.to_string().as_str(), sense.progress()), ("02h/04h/04h", None));
}
