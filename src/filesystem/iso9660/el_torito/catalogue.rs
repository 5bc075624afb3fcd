//! This module knows the records of a boot catalogue: El Torito, version 1.0, clause 2.

use super::Platform;
use crate::bytes::{Cursor, Truncated, bit, bits};

/// Bytes of every record.
pub(super) const RECORD: usize = 32;
const HEADER_MORE_FOLLOW: u8 = 0x90;
const HEADER_LAST: u8 = 0x91;
const EXTENSION: u8 = 0x44;
const BOOTABLE: u8 = 0x88;
const NOT_BOOTABLE: u8 = 0x00;

/// A catalogue, as far as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Catalogue {
    pub validation: Option<Validation>,
    pub entries: Vec<Entry>,
    /// What is wrong, and in which record.
    pub problems: Vec<(usize, Problem)>,
    /// Platforms of the sections, those without entries included.
    sections: Vec<Platform>,
    /// Bytes up to the end of the last record that belongs to it.
    pub length: usize,
    /// There is more of it than was given.
    pub goes_on: bool,
}

/// The first record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Validation {
    pub header: u8,
    pub platform: u8,
    pub key: [u8; 2],
    /// Of its sixteen words, modulo 2^16; zero in a sound one.
    pub sum: u16,
}

/// An initial entry, or one of a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    /// In the catalogue, in bytes.
    pub offset: usize,
    pub platform: Platform,
    pub indicator: u8,
    pub media: u8,
    /// Of the partition, where a hard disk is emulated.
    pub system: u8,
    pub reserved: u8,
    /// Of 512 bytes, to be loaded.
    pub sectors: u16,
    /// Of 2048 bytes.
    pub block: u32,
}

/// What is wrong with the order of records. `Display` is a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Problem {
    #[error("a section has {expected} entries by its header, and {found} follow")]
    Entries { expected: u16, found: u16 },
    #[error("an entry stands outside of all sections")]
    NoSection,
    #[error("a record begins with {0:02X}h, which no record does")]
    Unknown(u8),
    #[error("an entry announces an extension, and none follows")]
    NoExtension,
    #[error("an extension follows that no entry announced")]
    Extension,
    #[error("after the last section header, the catalogue should end, and another header follows")]
    AfterLast,
    #[error("the catalogue ends, and its last section header says that more follow")]
    Unfinished,
}

impl Entry {
    fn parse(record: &[u8], offset: usize, platform: Platform) -> Result<Self, Truncated> {
        let mut b = Cursor::new(record, "boot entry");
        let (indicator, media) = (b.u8()?, b.u8()?);
        b.skip(2)?;
        let (system, reserved) = (b.u8()?, b.u8()?);
        let (sectors, block) = (b.le_u16()?, b.le_u32()?);
        Ok(Self { offset, platform, indicator, media, system, reserved, sectors, block })
    }

    pub fn is_bootable(&self) -> bool {
        self.indicator == BOOTABLE
    }

    /// What is emulated: the lower half of the byte.
    pub fn emulation(&self) -> u8 {
        bits(self.media, 3, 0)
    }
}

impl Validation {
    fn parse(record: &[u8]) -> Result<Self, Truncated> {
        let mut b = Cursor::new(record, "validation entry");
        let (header, platform) = (b.u8()?, b.u8()?);
        b.skip(28)?;
        let key = b.array()?;
        let (words, _) = record.as_chunks::<2>();
        let sum = words.iter().map(|&word| u16::from_le_bytes(word)).fold(0, u16::wrapping_add);
        Ok(Self { header, platform, key, sum })
    }
}

impl Catalogue {
    /// From the first bytes of one. Records up to the last that is there in full are taken.
    pub fn parse(bytes: &[u8]) -> Self {
        let (records, _) = bytes.as_chunks::<RECORD>();
        let mut records = records.iter().enumerate();
        let validation = records.next().and_then(|(_, record)| Validation::parse(record).ok());
        let platform = Platform::from(validation.map_or(0, |validation| validation.platform));
        let initial = records.next().and_then(|(index, record)| Entry::parse(record, index * RECORD, platform).ok());
        let mut walk = Walk {
            catalogue: Self {
                validation,
                entries: initial.into_iter().collect(),
                problems: Vec::new(),
                sections: Vec::new(),
                length: bytes.len().min(2 * RECORD),
                goes_on: false,
            },
            section: None,
            is_last: false,
            platform,
            extension: None,
        };
        let mut is_ended = initial.is_none();
        for (index, record) in records {
            is_ended = walk.record(record, index * RECORD);
            if is_ended {
                break;
            }
            walk.catalogue.length = (index + 1) * RECORD;
        }
        walk.catalogue.goes_on = !is_ended && walk.expects_more();
        if !walk.catalogue.goes_on {
            walk.finish();
        }
        walk.catalogue
    }

    /// Whether anything speaks for its being a catalogue.
    pub fn is_one(&self) -> bool {
        self.validation.is_some_and(|first| first.header == 1 && first.key == [0x55, 0xAA])
    }

    /// Each once, in order.
    pub fn platforms(&self) -> Vec<Platform> {
        let mut all = Vec::new();
        let first = self.validation.map(|validation| Platform::from(validation.platform));
        for platform in first.into_iter().chain(self.sections.iter().copied()) {
            if !all.contains(&platform) {
                all.push(platform);
            }
        }
        all
    }
}

/// A catalogue as it is read, behind its first two records.
struct Walk {
    catalogue: Catalogue,
    section: Option<Section>,
    /// The last header says that no other follows.
    is_last: bool,
    platform: Platform,
    /// An extension must follow, of the entry at that offset.
    extension: Option<usize>,
}

struct Section {
    offset: usize,
    expected: u16,
    found: u16,
}

impl Walk {
    /// Whether the catalogue ends before this record.
    fn record(&mut self, record: &[u8; RECORD], offset: usize) -> bool {
        let [kind, flags, low, high, ..] = *record;
        let is_inside = self.section.as_ref().is_some_and(|section| section.found < section.expected);
        if kind != EXTENSION
            && let Some(offset) = self.extension.take()
        {
            self.catalogue.problems.push((offset, Problem::NoExtension));
        }
        match kind {
            HEADER_MORE_FOLLOW | HEADER_LAST => {
                self.close_section();
                if self.is_last {
                    self.catalogue.problems.push((offset, Problem::AfterLast));
                }
                self.is_last = kind == HEADER_LAST;
                self.platform = Platform::from(flags);
                self.catalogue.sections.push(self.platform);
                self.section = Some(Section { offset, expected: u16::from_le_bytes([low, high]), found: 0 });
            }
            EXTENSION => {
                if self.extension.is_none() {
                    self.catalogue.problems.push((offset, Problem::Extension));
                }
                self.extension = bit(flags, 5).then_some(offset);
            }
            NOT_BOOTABLE if !is_inside || record.iter().all(|&byte| byte == 0) => return true,
            BOOTABLE | NOT_BOOTABLE => self.entry(record, offset, is_inside),
            _ => {
                if is_inside || !self.is_last {
                    self.catalogue.problems.push((offset, Problem::Unknown(kind)));
                }
                return true;
            }
        }
        false
    }

    fn entry(&mut self, record: &[u8], offset: usize, is_inside: bool) {
        if is_inside {
            if let Some(section) = &mut self.section {
                section.found += 1;
            }
        } else {
            self.catalogue.problems.push((offset, Problem::NoSection));
        }
        let Ok(entry) = Entry::parse(record, offset, self.platform) else { return };
        self.extension = bit(entry.media, 5).then_some(offset);
        self.catalogue.entries.push(entry);
    }

    fn close_section(&mut self) {
        if let Some(Section { offset, expected, found }) = self.section.take()
            && found < expected
        {
            self.catalogue.problems.push((offset, Problem::Entries { expected, found }));
        }
    }

    fn expects_more(&self) -> bool {
        let is_inside = self.section.as_ref().is_some_and(|section| section.found < section.expected);
        let header_follows = !self.catalogue.sections.is_empty() && !self.is_last;
        is_inside || header_follows || self.extension.is_some()
    }

    fn finish(&mut self) {
        let last = self.section.as_ref().map(|section| section.offset);
        self.close_section();
        if let Some(offset) = self.extension {
            self.catalogue.problems.push((offset, Problem::NoExtension));
        }
        if let Some(offset) = last.filter(|_| !self.is_last) {
            self.catalogue.problems.push((offset, Problem::Unfinished));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// As xorriso writes it for a BIOS and an EFI image; the sum of the words is 0.
    pub fn validation() -> [u8; RECORD] {
        let mut record = [0; RECORD];
        record[0] = 1;
        record[28..].copy_from_slice(b"\xAA\x55\x55\xAA");
        record
    }

    fn record(first: &[u8]) -> [u8; RECORD] {
        let mut record = [0; RECORD];
        record[..first.len()].copy_from_slice(first);
        record
    }

    fn bios() -> [u8; RECORD] {
        record(b"\x88\0\0\0\0\0\x04\0\x21\0\0\0")
    }

    fn efi() -> [u8; RECORD] {
        record(b"\x88\0\0\0\0\0\x40\x0B\x22\0\0\0")
    }

    fn parsed(records: &[[u8; RECORD]]) -> Catalogue {
        let mut bytes = records.concat();
        bytes.resize(2048, 0);
        Catalogue::parse(&bytes)
    }

    #[test]
    fn initial_entry_and_sections_are_found() {
        let header = record(b"\x91\xEF\x01\0");
        let found = parsed(&[validation(), bios(), header, efi()]);
        assert_eq!(found.problems, []);
        assert_eq!((found.length, found.goes_on), (128, false));
        let places: Vec<_> = found.entries.iter().map(|entry| (entry.platform, entry.block, entry.sectors)).collect();
        assert_eq!(places, [(Platform::X86, 0x21, 4), (Platform::Efi, 0x22, 2880)]);
        assert_eq!(found.platforms(), [Platform::X86, Platform::Efi]);
        let validation = found.validation.unwrap();
        assert_eq!((validation.header, validation.key, validation.sum), (1, [0x55, 0xAA], 0));
    }

    #[test]
    fn an_entry_may_have_extensions() {
        let entry = record(b"\x88\x20\0\0\0\0\x04\0\x21\0\0\0");
        let (more, last) = (record(b"\x44\x20"), record(b"\x44\0"));
        let found = parsed(&[validation(), bios(), record(b"\x91\0\x02\0"), entry, more, last, bios()]);
        assert_eq!((found.problems.len(), found.entries.len()), (0, 3));
        let found = parsed(&[validation(), bios(), record(b"\x91\0\x02\0"), entry, bios()]);
        assert_eq!((found.problems.as_slice(), found.entries.len()), ([(96, Problem::NoExtension)].as_slice(), 3));
    }

    #[test]
    fn each_disorder_is_told() {
        let problems = |records: &[[u8; RECORD]]| {
            let first = [validation(), bios()];
            parsed(&[first.as_slice(), records].concat()).problems
        };
        let entries = Problem::Entries { expected: 2, found: 1 };
        assert_eq!(problems(&[]), []);
        assert_eq!(problems(&[record(b"\x91\0\x02\0"), efi()]), [(64, entries)]);
        assert_eq!(problems(&[efi()]), [(64, Problem::NoSection)]);
        assert_eq!(problems(&[record(b"\x17\0")]), [(64, Problem::Unknown(0x17))]);
        assert_eq!(
            problems(&[record(b"\x91\0\x01\0"), efi(), record(b"\x91\0\x01\0"), efi()])[0].1,
            Problem::AfterLast
        );
        assert_eq!(problems(&[record(b"\x90\0\x01\0"), efi()]), [(64, Problem::Unfinished)]);
        assert_eq!(problems(&[record(b"\x91\0\x01\0"), efi(), record(b"\x44\0")]), [(128, Problem::Extension)]);
        // What stands behind the last section is nobody's business.
        assert_eq!(problems(&[record(b"\x91\0\x01\0"), efi(), record(b"\x17\0")]), []);
    }

    #[test]
    fn a_long_catalogue_goes_on() {
        let first = [validation(), bios(), record(b"\x91\0\x50\0")];
        let long = [first.as_slice(), &[efi(); 80]].concat().concat();
        let start = Catalogue::parse(&long[..2048]);
        assert!(start.goes_on && start.problems.is_empty());
        let whole = Catalogue::parse(&long);
        assert_eq!((whole.goes_on, whole.problems.len(), whole.entries.len()), (false, 0, 81));
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_catalogue_or_none(bytes in proptest::collection::vec(any::<u8>(), 0..700)) {
            Catalogue::parse(&bytes);
        }

        #[test]
        fn any_order_of_records_is_read(kinds in proptest::collection::vec(0..5_usize, 0..20), flags: u8) {
            let kind = |kind: usize| record(&[[0x88, 0x90, 0x91, 0x44, 0][kind], flags, 2, 0]);
            let bytes: Vec<u8> = kinds.into_iter().flat_map(kind).collect();
            Catalogue::parse(&bytes);
        }
    }
}
