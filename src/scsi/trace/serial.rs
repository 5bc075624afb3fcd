//! This module knows where answers hold serial numbers, which tell one person's drive from another's.
//!
//! A trace is sent to strangers, and the mask must come before the text is written, so the few offsets stand here and not
//! where answers are parsed.

use super::super::Cdb;
use crate::bytes::{Composer, Cursor, Truncated};

/// The same answer with each byte of a serial number replaced by `X`; spaces and zeros stay.
pub(in super::super) fn mask(cdb: &Cdb, answer: &[u8]) -> Vec<u8> {
    let mut out = Composer::new();
    // An answer may be cut anywhere: what came is masked, and what was not understood does not get out.
    let understood = match (cdb.opcode(), cdb.as_bytes()) {
        (INQUIRY, [_, evpd, page, ..]) if evpd & 1 == 1 => match *page {
            UNIT_SERIAL => after_header(answer, 4, &mut out),
            DEVICE_IDENTIFICATION => designators(answer, &mut out),
            _ => whole(answer, &mut out),
        },
        (INQUIRY, _) => standard_inquiry(answer, &mut out),
        (GET_CONFIGURATION, _) => features(answer, &mut out),
        (READ_MEDIA_SERIAL, _) => after_header(answer, 4, &mut out),
        _ => whole(answer, &mut out),
    };
    if understood.is_err() {
        let done = out.len();
        hide(answer.get(done..).unwrap_or_default(), &mut out);
    }
    out.finish()
}

const INQUIRY: u8 = 0x12;
const UNIT_SERIAL: u8 = 0x80;
const DEVICE_IDENTIFICATION: u8 = 0x83;
const GET_CONFIGURATION: u8 = 0x46;
const READ_MEDIA_SERIAL: u8 = 0xAB;
const FEATURE_DRIVE_SERIAL: u16 = 0x0108;
const FEATURE_MEDIA_SERIAL: u16 = 0x0109;

fn whole(answer: &[u8], out: &mut Composer) -> Result<(), Truncated> {
    keep(answer, out);
    Ok(())
}

fn keep(bytes: &[u8], out: &mut Composer) {
    out.bytes(bytes);
}

fn hide(bytes: &[u8], out: &mut Composer) {
    for &byte in bytes {
        out.u8(if byte == 0 || byte == b' ' { byte } else { b'X' });
    }
}

fn after_header(answer: &[u8], header: usize, out: &mut Composer) -> Result<(), Truncated> {
    let mut b = Cursor::new(answer, "serial number");
    keep(b.take(header.min(answer.len()))?, out);
    hide(b.rest(), out);
    Ok(())
}

/// SPC-4 6.4.2: bytes 36 to 55 and those from 96 on are the vendor's own, and hold serial numbers on many drives.
fn standard_inquiry(answer: &[u8], out: &mut Composer) -> Result<(), Truncated> {
    let mut b = Cursor::new(answer, "INQUIRY");
    let upto = |b: &Cursor<'_>, end: usize| end.saturating_sub(b.position()).min(b.rest().len());
    keep(b.take(upto(&b, 36))?, out);
    hide(b.take(upto(&b, 56))?, out);
    keep(b.take(upto(&b, 96))?, out);
    hide(b.rest(), out);
    Ok(())
}

/// SPC-4 7.8.6: descriptors with a header of four bytes, the last of which is the length.
fn designators(answer: &[u8], out: &mut Composer) -> Result<(), Truncated> {
    let mut b = Cursor::new(answer, "device identification");
    keep(b.take(4)?, out);
    while !b.is_empty() {
        let header: [u8; 4] = b.array()?;
        keep(&header, out);
        let [.., length] = header;
        hide(b.take(usize::from(length))?, out);
    }
    Ok(())
}

/// MMC-6 5.2.1: a header of eight bytes, then features: code, version, length, data.
fn features(answer: &[u8], out: &mut Composer) -> Result<(), Truncated> {
    let mut b = Cursor::new(answer, "GET CONFIGURATION");
    keep(b.take(answer.len().min(8))?, out);
    while !b.is_empty() {
        let code = b.be_u16()?;
        let flags = b.u8()?;
        let length = b.u8()?;
        out.be_u16(code).u8(flags).u8(length);
        let cut = usize::from(length).min(b.rest().len());
        let data = b.take(cut)?;
        match code {
            FEATURE_DRIVE_SERIAL | FEATURE_MEDIA_SERIAL => hide(data, out),
            _ => keep(data, out),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(cdb: [u8; 6], answer: &[u8]) -> String {
        mask(&Cdb::new(cdb), answer).escape_ascii().to_string()
    }

    #[test]
    fn the_vendors_bytes_of_an_inquiry_are_masked() {
        let mut answer = b"\x05\x80\x05\x32\x5b\0\0\0HL-DT-STBD-RE BU40N     1.03".to_vec();
        answer.extend(b"KLEJ7AB 1234\0\0\0\0\0\0\0\0");
        answer.extend([0, 0, 0x03, 0x1C]);
        answer.resize(96, 0);
        answer.extend(b"S3R1AL");
        let told = masked([0x12, 0, 0, 0, 102, 0], &answer);
        assert!(told.contains("HL-DT-STBD-RE BU40N     1.03XXXXXXX XXXX"), "{told}");
        assert!(told.contains(r"\x03\x1c") && told.ends_with("XXXXXX"), "{told}");
        assert_eq!(masked([0x12, 0, 0, 0, 8, 0], &answer[..8]).len(), r"\x05\x80\x052[\x00\x00\x00".len());
    }

    #[test]
    fn the_serial_page_is_masked_and_other_pages_are_not() {
        assert_eq!(masked([0x12, 1, 0x80, 0, 64, 0], b"\x05\x80\0\x04AB 1"), r"\x05\x80\x00\x04XX X");
        assert_eq!(masked([0x12, 1, 0x00, 0, 64, 0], b"\x05\0\0\x02AB"), r"\x05\x00\x00\x02AB");
        assert_eq!(
            masked([0x12, 1, 0x83, 0, 64, 0], b"\x05\x83\0\x06\x02\x01\0\x02AB\x01\x03\0\x08C"),
            r"\x05\x83\x00\x06\x02\x01\x00\x02XX\x01\x03\x00\x08X"
        );
    }

    #[test]
    fn the_serial_feature_is_masked_and_its_neighbours_are_not() {
        let mut answer = b"\0\0\0\x1C\0\0\0\x08\x01\x07\x03\x04AAAA\x01\x08\x03\x04SER1\x01\x0A\0\x02BB".to_vec();
        let config = |answer: &[u8]| {
            let cdb = Cdb::new([0x46, 0, 0, 0, 0, 0, 0, 1, 0, 0]);
            mask(&cdb, answer).escape_ascii().to_string()
        };
        let told = config(&answer);
        assert!(
            told.contains("AAAA") && told.contains("XXXX") && told.contains("BB") && !told.contains("SER"),
            "{told}"
        );
        answer.truncate(22);
        assert!(config(&answer).ends_with("XX"));
        answer.truncate(18);
        assert_eq!(mask(&Cdb::new([0x46, 0, 0, 0, 0, 0, 0, 1, 0, 0]), &answer).len(), 18);
    }

    proptest::proptest! {
        #[test]
        fn a_mask_is_as_long_as_the_answer_and_masking_twice_is_once(
            opcode in proptest::sample::select(vec![0x12_u8, 0x46, 0xAB, 0x5A]), evpd in 0..2_u8, page in 0x7F..0x85_u8,
            answer in proptest::collection::vec(proptest::num::u8::ANY, 0..200),
        ) {
            let cdb = Cdb::new([opcode, evpd, page, 0, 0, 0]);
            let once = mask(&cdb, &answer);
            proptest::prop_assert_eq!(once.len(), answer.len());
            proptest::prop_assert_eq!(mask(&cdb, &once), once);
        }
    }
}
