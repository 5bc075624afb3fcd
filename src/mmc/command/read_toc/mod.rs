//! This module knows READ TOC/PMA/ATIP: the tables in the lead-in of a CD.

mod atip;
mod full;
mod sessions;
mod toc;

pub use atip::Atip;
pub use full::{FullToc, FullTocEntry};
pub use sessions::SessionInformation;
pub use toc::{LEAD_OUT, Toc, TocEntry};

use super::{Answer, Command, length};
use crate::bytes::{bit, bits};
use crate::scsi::Cdb;

/// READ TOC/PMA/ATIP (43h), MMC-5 6.26. Drives emulate formats 0 and 1 for DVD and BD.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadToc {
    pub addressing: TocAddressing,
    pub format: TocFormat,
    /// The first track wanted (format 0), or session (formats 2 and up).
    pub number: u8,
    /// Bytes.
    pub allocation: u16,
}

/// How addresses are written in formats 0 and 1; the others have times always.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TocAddressing {
    Lba,
    Msf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TocFormat {
    /// The answer is [`Toc`].
    Toc,
    /// The answer is [`SessionInformation`].
    Sessions,
    /// The answer is [`FullToc`].
    Full,
    /// The answer is [`FullToc`].
    Pma,
    /// The answer is [`Atip`].
    Atip,
    CdText,
    Reserved(u8),
}

impl Command for ReadToc {
    const OPCODE: u8 = 0x43;

    fn cdb(&self) -> Cdb {
        let addressing = match self.addressing {
            TocAddressing::Lba => 0,
            TocAddressing::Msf => 2,
        };
        let format = match self.format {
            TocFormat::Toc => 0,
            TocFormat::Sessions => 1,
            TocFormat::Full => 2,
            TocFormat::Pma => 3,
            TocFormat::Atip => 4,
            TocFormat::CdText => 5,
            TocFormat::Reserved(number) => bits(number, 3, 0),
        };
        let [a0, a1] = self.allocation.to_be_bytes();
        Cdb::new([Self::OPCODE, addressing, format, 0, 0, 0, self.number, a0, a1, 0])
    }

    /// The oldest hosts have the format in the upper bits of the last byte instead.
    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        let &[Self::OPCODE, addressing, format, _, _, _, number, a0, a1, control] = cdb.as_bytes() else {
            return None;
        };
        let addressing = if bit(addressing, 1) { TocAddressing::Msf } else { TocAddressing::Lba };
        let format = match (bits(format, 3, 0), bits(control, 7, 6)) {
            (0, 0) => TocFormat::Toc,
            (0, 1) | (1, _) => TocFormat::Sessions,
            (0, 2) | (2, _) => TocFormat::Full,
            (0 | 3, _) => TocFormat::Pma,
            (4, _) => TocFormat::Atip,
            (5, _) => TocFormat::CdText,
            (other, _) => TocFormat::Reserved(other),
        };
        Some(Self { addressing, format, number, allocation: u16::from_be_bytes([a0, a1]) })
    }
}

#[cfg(test)]
mod tests {
    use super::super::both_ways::command_survives;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_table_is_asked_for_in_sectors() {
        let toc = ReadToc { addressing: TocAddressing::Lba, format: TocFormat::Toc, number: 1, allocation: 804 };
        assert_eq!(toc.cdb().as_bytes(), [0x43, 0, 0, 0, 0, 0, 1, 0x03, 0x24, 0]);
        let atip = Cdb::new([0x43, 2, 4, 0, 0, 0, 0, 0, 28, 0]);
        let asked = ReadToc { addressing: TocAddressing::Msf, format: TocFormat::Atip, number: 0, allocation: 28 };
        assert_eq!(ReadToc::from_cdb(&atip), Some(asked));
    }

    #[test]
    fn an_old_host_has_the_format_in_the_last_byte() {
        let old = Cdb::new([0x43, 0, 0, 0, 0, 0, 0, 0, 12, 0x40]);
        assert_eq!(ReadToc::from_cdb(&old).map(|toc| toc.format), Some(TocFormat::Sessions));
    }

    #[test]
    fn it_survives_the_wire() {
        let addressing = prop_oneof![Just(TocAddressing::Lba), Just(TocAddressing::Msf)];
        let format = prop_oneof![
            Just(TocFormat::Toc),
            Just(TocFormat::Sessions),
            Just(TocFormat::Full),
            Just(TocFormat::Pma),
            Just(TocFormat::Atip),
            Just(TocFormat::CdText),
            (6..16_u8).prop_map(TocFormat::Reserved)
        ];
        command_survives(
            (addressing, format, any::<u8>(), any::<u16>()).prop_map(|(addressing, format, number, allocation)| {
                ReadToc { addressing, format, number, allocation }
            }),
        );
    }
}
