//! This module knows how the drive must behave when it is written to: medium by medium, state by state.

mod bd_r;
mod bd_re;
mod cd;
mod cd_invariants;
mod cd_kept;
mod cd_rw;
mod cd_session_at_once;
mod cd_sessions;
mod cd_test_write;
mod cd_track_at_once;
mod dvd_minus_r;
mod dvd_plus_r;
mod dvd_plus_rw;
mod dvd_r_dl;
mod dvd_ram;
mod dvd_rw_overwrite;
mod dvd_rw_sequential;
mod faults;
mod faults_on_every_medium;
mod invariants;
mod kept;

use super::*;
use crate::mmc::command::*;

/// Bytes 2 to 5 of page 05h: increments, and another session may follow.
const KEEP_OPEN: [u8; 4] = [0x60, 0xE5, 0x08, 0x10];
/// Increments, and the disc is closed with its session.
const CLOSE_DISC: [u8; 4] = [0x60, 0x25, 0x08, 0x10];
/// The disc at once.
const AT_ONCE: [u8; 4] = [0x42, 0x05, 0x08, 0x00];

impl Bench {
    /// MODE SELECT of page 05h, as libburn sends it.
    fn write_parameters(&mut self, bytes: [u8; 4]) -> String {
        let mut list = vec![0; 8];
        list.extend([0x05, 0x32]);
        list.extend(bytes);
        list.resize(8 + 52, 0);
        self.out(&[0x55, 0x10, 0, 0, 0, 0, 0, 0, 60, 0], &list)
    }

    /// The features that hold with this disc.
    fn configuration(&mut self) -> Configuration {
        self.ask(&GetConfiguration { which: Which::Current, from: 0, allocation: 4096 })
    }

    /// Sends a CDB as it stands, with what goes out; key, code and qualifier of a refusal, or nothing.
    fn out(&mut self, cdb: &[u8], bytes: &[u8]) -> String {
        let cdb = Cdb::from_slice(cdb).unwrap();
        let data = if bytes.is_empty() { Data::None } else { Data::Out(bytes) };
        let completion = self.drive.execute(&cdb, data, PATIENCE).unwrap();
        completion.decoded_sense().map(|sense| sense.to_string()).unwrap_or_default()
    }

    /// The answer to a CDB as it stands, in hexadecimal; or the refusal.
    fn hex(&mut self, cdb: &[u8]) -> String {
        let mut buffer = vec![0xEE; 8192];
        let completion = self.drive.execute(&Cdb::from_slice(cdb).unwrap(), Data::In(&mut buffer), PATIENCE).unwrap();
        match completion.decoded_sense() {
            Some(sense) => sense.to_string(),
            None => buffer[..completion.transferred].iter().map(|byte| format!("{byte:02X}")).collect(),
        }
    }

    /// READ DISC INFORMATION, bytes 2 to 7 and 16 to 23.
    fn disc_information(&mut self) -> String {
        let all = self.hex(&[0x51, 0, 0, 0, 0, 0, 0, 0, 34, 0]);
        assert!(all.starts_with("0020") && all.len() == 68, "{all}");
        format!("{} {} {}", &all[4..16], &all[32..40], &all[40..48])
    }

    /// READ TRACK INFORMATION of a track by its number: bytes 2, 3, 5, 6 and 7, then start, next writable, free, size.
    fn track_information(&mut self, number: u8) -> String {
        let all = self.hex(&[0x52, 1, 0, 0, 0, number, 0, 0, 36, 0]);
        if all.len() < 72 {
            return all;
        }
        let number = |byte: usize| u32::from_str_radix(&all[byte * 2..byte * 2 + 8], 16).unwrap();
        let (start, next, free, size) = (number(8), number(12), number(16), number(24));
        format!("{}{} {} {start} {next} {free} {size}", &all[4..8], "", &all[10..16])
    }

    /// Writes sectors that are as a synthetic disc has them.
    fn write(&mut self, start: u32, count: u16) -> String {
        let [s0, s1, s2, s3] = start.to_be_bytes();
        let [c0, c1] = count.to_be_bytes();
        self.out(&[0x2A, 0, s0, s1, s2, s3, 0, c0, c1, 0], &truth(start, count))
    }

    /// Is busy once, and then is not.
    fn was_busy_with(&mut self, sense: &str) {
        assert_eq!(self.refusal(&TestUnitReady), sense);
        assert_eq!(self.out(&[0; 6], &[]), "");
    }

    fn synchronize(&mut self) {
        assert_eq!(self.out(&[0x35, 2, 0, 0, 0, 0, 0, 0, 0, 0], &[]), "");
        self.was_busy_with("02h/04h/07h");
    }

    fn close(&mut self, function: u8, track: u8) -> String {
        let said = self.out(&[0x5B, 1, function, 0, 0, track, 0, 0, 0, 0], &[]);
        if said.is_empty() {
            self.was_busy_with("02h/04h/07h");
        }
        said
    }

    fn capacity(&mut self) -> u32 {
        self.ask::<Capacity>(&ReadCapacity).last.0
    }
}
