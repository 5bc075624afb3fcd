//! This module knows which commands send data to the drive: a CDB says so only to who knows the command.

use crate::scsi::Cdb;

/// Where the data of a command go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataDirection {
    ToDrive,
    /// Also of a command that has no data, or that nobody here knows.
    FromDrive,
}

/// The direction of a command's data, as MMC-6 and SPC-4 have it.
pub fn data_direction(cdb: &Cdb) -> DataDirection {
    match cdb.opcode() {
        // FORMAT UNIT, WRITE (6), MODE SELECT (6), SEND DIAGNOSTIC
        0x04 | 0x0A | 0x15 | 0x1D => DataDirection::ToDrive,
        // WRITE (10), WRITE AND VERIFY (10), WRITE BUFFER, LOG SELECT
        0x2A | 0x2E | 0x3B | 0x4C => DataDirection::ToDrive,
        // SEND OPC INFORMATION, MODE SELECT (10), SEND CUE SHEET, PERSISTENT RESERVE OUT
        0x54 | 0x55 | 0x5D | 0x5F => DataDirection::ToDrive,
        // WRITE (16), SEND KEY, WRITE (12), SECURITY PROTOCOL OUT, SET STREAMING, SEND DISC STRUCTURE
        0x8A | 0xA3 | 0xAA | 0xB5 | 0xB6 | 0xBF => DataDirection::ToDrive,
        _ => DataDirection::FromDrive,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mmc::command::{Command, ModeSelect10, ModeSense10, Read10, ReportKey, SetStreaming};

    #[test]
    fn what_is_selected_sent_or_set_goes_to_the_drive() {
        let of = |opcode| data_direction(&Cdb::new([opcode, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
        for opcode in [ModeSelect10::OPCODE, SetStreaming::OPCODE, 0x2A, 0x04, 0x5D, 0xBF] {
            assert_eq!(of(opcode), DataDirection::ToDrive, "{opcode:02x}h");
        }
        for opcode in [ModeSense10::OPCODE, Read10::OPCODE, ReportKey::OPCODE, 0x42, 0xD8] {
            assert_eq!(of(opcode), DataDirection::FromDrive, "{opcode:02x}h");
        }
    }
}
