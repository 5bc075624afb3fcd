//! This module knows a directory record: ECMA-119, 9.1, and as the High Sierra draft had it.

use super::date::Date;
use super::descriptor::{BothEndian, both_u16, both_u32};
use crate::bytes::{Cursor, Truncated};
use crate::filesystem::timestamp::Timestamp;

/// Which of the two layouts a volume has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Iso9660,
    /// Its dates have no zone, and the flags stand where the zone would.
    HighSierra,
}

/// Before the identifier.
pub const FIXED_BYTES: usize = 33;
/// With an identifier of one byte.
pub const SHORTEST: usize = 34;
/// Records lie within a logical sector: ECMA-119, 6.8.1.1.
pub const LOGICAL_SECTOR: usize = 2048;

/// One record; a file has one for each of its extents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record<'a> {
    /// Logical blocks of extended attributes before the content.
    pub attribute_blocks: u8,
    /// In logical blocks; of the extended attributes, where there are some.
    pub extent: BothEndian<u32>,
    /// Of the content, in bytes.
    pub length: BothEndian<u32>,
    date: [u8; 7],
    pub flags: Flags,
    /// Of an interleaved file, in logical blocks.
    pub unit: u8,
    pub gap: u8,
    pub sequence: BothEndian<u16>,
    pub identifier: &'a [u8],
    /// Behind an identifier of an even length; 0 where there is none.
    pub padding: u8,
    pub system_use: &'a [u8],
}

/// ECMA-119, 9.1.6.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flags(pub u8);

impl Flags {
    pub fn is_directory(self) -> bool {
        self.0 & 0x02 != 0
    }

    /// Of the same name as another, and belonging to it: the resource fork of a file from a Macintosh.
    pub fn is_associated(self) -> bool {
        self.0 & 0x04 != 0
    }

    /// There are more extents of the same file.
    pub fn has_more(self) -> bool {
        self.0 & 0x80 != 0
    }

    pub fn reserved(self) -> u8 {
        self.0 & 0x60
    }
}

impl<'a> Record<'a> {
    /// `bytes` is the record and nothing more.
    #[inline]
    pub fn parse(bytes: &'a [u8], format: Format) -> Result<Self, Truncated> {
        let mut b = Cursor::new(bytes, "directory record");
        b.skip(1)?;
        let attribute_blocks = b.u8()?;
        let (extent, length) = (both_u32(&mut b)?, both_u32(&mut b)?);
        let [year, month, day, hour, minute, second, zone, flags] = b.array()?;
        let (flags, zone) = match format {
            Format::Iso9660 => (flags, zone),
            Format::HighSierra => (zone, 0),
        };
        let (unit, gap) = (b.u8()?, b.u8()?);
        let sequence = both_u16(&mut b)?;
        let name_length = usize::from(b.u8()?);
        let identifier = b.take(name_length)?;
        let padding = if name_length.is_multiple_of(2) { b.u8().unwrap_or(0) } else { 0 };
        Ok(Self {
            attribute_blocks,
            extent,
            length,
            date: [year, month, day, hour, minute, second, zone],
            flags: Flags(flags),
            unit,
            gap,
            sequence,
            identifier,
            padding,
            system_use: b.rest(),
        })
    }

    /// Its System Use area begins here, counted from the start of the record.
    pub fn system_use_offset(&self) -> usize {
        FIXED_BYTES.saturating_add(self.identifier.len() | 1)
    }

    /// Of the directory that it stands in.
    pub fn is_own(&self) -> bool {
        self.identifier == [0]
    }

    /// Of that one's parent.
    pub fn is_parent(&self) -> bool {
        self.identifier == [1]
    }

    /// Whether every number that is recorded twice is the same twice.
    pub fn agrees(&self) -> bool {
        self.extent.agrees() && self.length.agrees() && self.sequence.agrees()
    }

    /// ECMA-119, 9.1.5.
    pub(super) fn date(&self) -> Date {
        Date::short(self.date)
    }

    #[inline]
    pub fn modified(&self) -> Option<Timestamp> {
        self.date().moment()
    }
}

/// A record as it was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found<'a> {
    Whole {
        offset: usize,
        bytes: &'a [u8],
    },
    /// Its length is wrong, and was read off where the next one begins.
    Mended {
        offset: usize,
        bytes: &'a [u8],
    },
    /// Something that is no record.
    Broken {
        offset: usize,
    },
}

/// The records of one logical sector. Behind one that is broken, the next that can be one is searched for.
pub struct Records<'a> {
    sector: &'a [u8],
    at: usize,
}

impl<'a> Records<'a> {
    pub fn new(sector: &'a [u8]) -> Self {
        Self { sector, at: 0 }
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Found<'a>;

    #[inline]
    fn next(&mut self) -> Option<Found<'a>> {
        let rest = self.sector.get(self.at..)?;
        let length = usize::from(*rest.first()?);
        let offset = self.at;
        if length == 0 && rest.iter().all(|&byte| byte == 0) {
            return None;
        }
        let bytes = rest.get(..length).filter(|bytes| is_whole(bytes));
        if let Some(bytes) = bytes {
            self.at = self.at.saturating_add(length);
            return Some(Found::Whole { offset, bytes });
        }
        // Records have an even length.
        let next = (SHORTEST..rest.len()).step_by(2).find(|&next| rest.get(next..).is_some_and(may_begin_a_record));
        let end = next.unwrap_or(rest.len());
        self.at = self.at.saturating_add(end);
        let mended = rest.get(..end).filter(|bytes| bytes.len() <= 255 && next.is_some() && is_plausible(bytes));
        Some(match mended {
            Some(bytes) => Found::Mended { offset, bytes },
            None => Found::Broken { offset },
        })
    }
}

/// Whether the identifier fits in, so that the rest can be told from it.
fn is_whole(bytes: &[u8]) -> bool {
    let name = bytes.get(FIXED_BYTES.saturating_sub(1)).copied().unwrap_or(0);
    bytes.len() >= FIXED_BYTES.saturating_add(name.into()).max(SHORTEST)
}

fn may_begin_a_record(rest: &[u8]) -> bool {
    let length = usize::from(rest.first().copied().unwrap_or(0));
    rest.get(..length).is_some_and(|bytes| is_whole(bytes) && is_plausible(bytes))
}

/// Every number twice, and one of them a sequence number: that does not come about by chance.
fn is_plausible(bytes: &[u8]) -> bool {
    Record::parse(bytes, Format::Iso9660)
        .is_ok_and(|record| record.agrees() && record.sequence.little != 0 && !record.identifier.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// By hand, from ECMA-119: FILE.TXT;1 of 0x1234 bytes at block 0x20, of 1996-12-31 23:59:58, an hour east.
    const FILE: [u8; 44] = *b"\x2C\0\x20\0\0\0\0\0\0\x20\x34\x12\0\0\0\0\x12\x34\
        \x60\x0C\x1F\x17\x3B\x3A\x04\0\0\0\x01\0\0\x01\x0AFILE.TXT;1\0";

    #[test]
    fn a_record_is_taken_apart() {
        let record = Record::parse(&FILE, Format::Iso9660).unwrap();
        assert_eq!((record.extent.value(), record.length.value()), (0x20, 0x1234));
        assert_eq!((record.identifier, record.system_use), (b"FILE.TXT;1".as_slice(), b"".as_slice()));
        assert_eq!(record.modified().map(|at| at.to_string()).as_deref(), Some("1996-12-31T22:59:58Z"));
        assert!(record.agrees() && !record.flags.is_directory());
    }

    #[test]
    fn high_sierra_has_the_flags_where_the_zone_is() {
        let mut bytes = FILE;
        bytes[24] = 0x02;
        let record = Record::parse(&bytes, Format::HighSierra).unwrap();
        assert!(record.flags.is_directory());
        assert_eq!(record.modified().map(|at| at.to_string()).as_deref(), Some("1996-12-31T23:59:58Z"));
    }

    #[test]
    fn a_length_of_zero_hides_no_record() {
        let mut sector = [FILE, FILE, FILE].concat();
        sector.resize(LOGICAL_SECTOR, 0);
        sector[44] = 0;
        let found: Vec<Found<'_>> = Records::new(&sector).collect();
        let bytes = &sector[44..88];
        assert!(
            matches!(found[0], Found::Whole { offset: 0, .. }) && matches!(found[2], Found::Whole { offset: 88, .. })
        );
        assert_eq!((found[1], found.len()), (Found::Mended { offset: 44, bytes }, 3));
    }

    #[test]
    fn what_is_no_record_is_passed_over() {
        let mut sector = vec![0x55; 60];
        sector.extend(FILE);
        let found: Vec<Found<'_>> = Records::new(&sector).collect();
        assert_eq!(found, [Found::Broken { offset: 0 }, Found::Whole { offset: 60, bytes: &FILE }]);
    }

    proptest! {
        #[test]
        fn any_bytes_come_to_an_end(bytes in proptest::collection::vec(any::<u8>(), 0..2048)) {
            let mut last = None;
            for found in Records::new(&bytes) {
                let (Found::Whole { offset, .. } | Found::Mended { offset, .. } | Found::Broken { offset }) = found;
                prop_assert!(last.is_none_or(|last| offset > last));
                last = Some(offset);
                if let Found::Whole { bytes, .. } | Found::Mended { bytes, .. } = found {
                    prop_assert!(Record::parse(bytes, Format::Iso9660).is_ok());
                }
            }
        }
    }
}
