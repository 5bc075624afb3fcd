//! This module knows what the standards call each command, for people who read traces.

use crate::scsi::Cdb;

/// The name of an operation code, as MMC-5 and SPC-3 have it; some are of older editions.
pub const fn name(opcode: u8) -> Option<&'static str> {
    Some(match opcode {
        0x00 => "TEST UNIT READY",
        0x01 => "REZERO UNIT",
        0x03 => "REQUEST SENSE",
        0x04 => "FORMAT UNIT",
        0x08 => "READ (6)",
        0x0A => "WRITE (6)",
        0x0B => "SEEK (6)",
        0x12 => "INQUIRY",
        0x15 => "MODE SELECT (6)",
        0x16 => "RESERVE (6)",
        0x17 => "RELEASE (6)",
        0x1A => "MODE SENSE (6)",
        0x1B => "START STOP UNIT",
        0x1C => "RECEIVE DIAGNOSTIC RESULTS",
        0x1D => "SEND DIAGNOSTIC",
        0x1E => "PREVENT ALLOW MEDIUM REMOVAL",
        0x23 => "READ FORMAT CAPACITIES",
        0x25 => "READ CAPACITY",
        0x28 => "READ (10)",
        0x2A => "WRITE (10)",
        0x2B => "SEEK (10)",
        0x2C => "ERASE (10)",
        0x2E => "WRITE AND VERIFY (10)",
        0x2F => "VERIFY (10)",
        0x34 => "PRE-FETCH (10)",
        0x35 => "SYNCHRONIZE CACHE",
        0x37 => "READ DEFECT DATA (10)",
        0x3B => "WRITE BUFFER",
        0x3C => "READ BUFFER",
        0x3E => "READ LONG (10)",
        0x42 => "READ SUB-CHANNEL",
        0x43 => "READ TOC/PMA/ATIP",
        0x44 => "READ HEADER",
        0x45 => "PLAY AUDIO (10)",
        0x46 => "GET CONFIGURATION",
        0x47 => "PLAY AUDIO MSF",
        0x48 => "PLAY AUDIO TRACK INDEX",
        0x4A => "GET EVENT STATUS NOTIFICATION",
        0x4B => "PAUSE/RESUME",
        0x4C => "LOG SELECT",
        0x4D => "LOG SENSE",
        0x4E => "STOP PLAY/SCAN",
        0x51 => "READ DISC INFORMATION",
        0x52 => "READ TRACK INFORMATION",
        0x53 => "RESERVE TRACK",
        0x54 => "SEND OPC INFORMATION",
        0x55 => "MODE SELECT (10)",
        0x56 => "RESERVE (10)",
        0x57 => "RELEASE (10)",
        0x58 => "REPAIR TRACK",
        0x5A => "MODE SENSE (10)",
        0x5B => "CLOSE TRACK SESSION",
        0x5C => "READ BUFFER CAPACITY",
        0x5D => "SEND CUE SHEET",
        0x5E => "PERSISTENT RESERVE IN",
        0x5F => "PERSISTENT RESERVE OUT",
        0x85 => "ATA PASS-THROUGH (16)",
        0x88 => "READ (16)",
        0x8A => "WRITE (16)",
        0x8F => "VERIFY (16)",
        0x9E => "SERVICE ACTION IN (16)",
        0xA0 => "REPORT LUNS",
        // ATA PASS-THROUGH (12) elsewhere; an MMC drive blanks.
        0xA1 => "BLANK",
        0xA2 => "SECURITY PROTOCOL IN",
        0xA3 => "SEND KEY",
        0xA4 => "REPORT KEY",
        0xA5 => "PLAY AUDIO (12)",
        0xA6 => "LOAD/UNLOAD MEDIUM",
        0xA7 => "SET READ AHEAD",
        0xA8 => "READ (12)",
        0xAA => "WRITE (12)",
        0xAB => "READ MEDIA SERIAL NUMBER",
        0xAC => "GET PERFORMANCE",
        0xAD => "READ DISC STRUCTURE",
        0xAF => "VERIFY (12)",
        0xB5 => "SECURITY PROTOCOL OUT",
        0xB6 => "SET STREAMING",
        0xB9 => "READ CD MSF",
        0xBA => "SCAN",
        0xBB => "SET CD SPEED",
        0xBC => "PLAY CD",
        0xBD => "MECHANISM STATUS",
        0xBE => "READ CD",
        0xBF => "SEND DISC STRUCTURE",
        _ => return None,
    })
}

/// The name of a command, or what is known without one: `command d8h`.
pub fn describe(cdb: &Cdb) -> String {
    name(cdb.opcode()).map_or_else(|| format!("command {:02x}h", cdb.opcode()), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mmc::command::{Command, GetConfiguration, Read10, ReadCd, ReadDiscStructure, SetStreaming};

    #[test]
    fn commands_have_the_names_of_the_standard() {
        assert_eq!(name(Read10::OPCODE), Some("READ (10)"));
        assert_eq!(name(GetConfiguration::OPCODE), Some("GET CONFIGURATION"));
        assert_eq!(name(ReadDiscStructure::OPCODE), Some("READ DISC STRUCTURE"));
        assert_eq!(name(ReadCd::OPCODE), Some("READ CD"));
        assert_eq!(name(SetStreaming::OPCODE), Some("SET STREAMING"));
        assert_eq!(name(0x5D), Some("SEND CUE SHEET"));
    }

    #[test]
    fn a_command_of_a_vendor_keeps_its_number() {
        assert_eq!(describe(&Cdb::new([0xD8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])), "command d8h");
        assert_eq!(describe(&Cdb::new([0; 6])), "TEST UNIT READY");
    }
}
