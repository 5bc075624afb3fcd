//! This module knows how a table is held against a drive, whoever carries the commands.

use std::time::Duration;

use discwright::scsi::{Cdb, Completion, Data, Transport};

use super::row::{Answer, Field, Row};
use super::table::DiscTable;

const PATIENCE: Duration = Duration::from_secs(60);

/// What the drive answers otherwise than the table says, a line each.
pub fn differences(disc: &DiscTable, drive: &mut dyn Transport) -> Vec<String> {
    disc.rows.iter().filter_map(|row| difference(row, drive).map(|what| format!("{}: {what}", row.place))).collect()
}

fn difference(row: &Row, drive: &mut dyn Transport) -> Option<String> {
    let mut buffer = vec![0; room(&row.cdb)];
    let data = match (row.sent.is_empty(), buffer.is_empty()) {
        (false, _) => Data::Out(&row.sent),
        (true, true) => Data::None,
        (true, false) => Data::In(&mut buffer),
    };
    let completion = match drive.execute(&Cdb::from_slice(&row.cdb).unwrap(), data, PATIENCE) {
        Ok(completion) => completion,
        Err(error) => return Some(format!("no answer: {error:?}")),
    };
    let told = told(&completion);
    match &row.answer {
        Answer::Sense([key, asc, ascq]) => {
            let wanted = format!("{key:02x}h/{asc:02x}h/{ascq:02x}h");
            (told != wanted).then(|| format!("{told}, not {wanted}"))
        }
        Answer::Good(_) if told != "good" => Some(format!("{told}, not good")),
        Answer::Good(fields) => {
            let bytes = &buffer[..completion.transferred.min(buffer.len())];
            let wrong: Vec<String> = fields.iter().filter_map(|field| wrong(field, bytes)).collect();
            (!wrong.is_empty()).then(|| wrong.join("; "))
        }
    }
}

fn told(completion: &Completion) -> String {
    match completion.decoded_sense() {
        None => "good".to_owned(),
        Some(sense) => sense.to_string(),
    }
}

/// Bytes that a host has ready for the answer to this command; 0 where there is none.
fn room(cdb: &[u8]) -> usize {
    const ANSWERED: [u8; 18] =
        [0x03, 0x12, 0x1A, 0x23, 0x25, 0x43, 0x46, 0x4A, 0x51, 0x52, 0x5A, 0x5C, 0xA4, 0xAC, 0xAD, 0xBD, 0xBE, 0x3C];
    match cdb[0] {
        0x28 => usize::from(u16::from_be_bytes([cdb[7], cdb[8]])) * 2048,
        opcode if ANSWERED.contains(&opcode) => 8192,
        _ => 0,
    }
}

fn wrong(field: &Field, bytes: &[u8]) -> Option<String> {
    let shown = |bytes: &[u8]| bytes.iter().take(64).map(|byte| format!("{byte:02X}")).collect::<String>();
    match field {
        Field::Bytes { at, value } => {
            let is = bytes.get(*at..at + value.len()).unwrap_or_default();
            (is != value).then(|| format!("byte {at} is {}, not {}", shown(is), shown(value)))
        }
        Field::Bits { at, mask, value } => {
            let is = bytes.get(*at)?;
            (is & mask != *value).then(|| format!("byte {at} is {is:02X}, not {value:02X} in {mask:02X}"))
        }
        // A kernel tells of what it carried, and of nothing says that all of it came: zeros.
        Field::Length(0) if bytes.iter().all(|byte| *byte == 0) => None,
        Field::Length(length) => {
            (bytes.len() != *length).then(|| format!("{} bytes, not {length}: {}", bytes.len(), shown(bytes)))
        }
        Field::Features(codes) => {
            let told = features(bytes);
            (told != *codes).then(|| format!("features {told:X?}, not {codes:X?}"))
        }
    }
}

fn features(mut bytes: &[u8]) -> Vec<u16> {
    let mut codes = Vec::new();
    bytes = bytes.get(8..).unwrap_or_default();
    while let [high, low, _, length, rest @ ..] = bytes {
        codes.push(u16::from_be_bytes([*high, *low]));
        bytes = rest.get(usize::from(*length)..).unwrap_or_default();
    }
    codes
}
