//! This module knows the time stamps of Rock Ridge: TF, IEEE P1282 (RRIP 1.12), 4.1.6.

use crate::bytes::Cursor;
use crate::filesystem::iso9660::date::Date;
use crate::filesystem::timestamp::Timestamp;

const MODIFIED: u8 = 0x02;
const LONG: u8 = 0x80;
/// One bit for each kind of stamp: creation, modification, access, attributes, backup, expiration, effective.
const KINDS: u8 = 7;

/// What of the stamps is used, and what is wrong with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamps {
    pub modified: Option<Timestamp>,
    pub problem: Option<Problem>,
}

/// `Display` is a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Problem {
    #[error("the entry of time stamps has no byte for its flags")]
    Short,
    #[error("the entry of time stamps has {length} bytes, and {expected} for the stamps that it announces")]
    Length { length: usize, expected: usize },
    #[error("stamp {0} of the entry of time stamps is no date")]
    Date(u8),
}

impl Stamps {
    pub fn parse(payload: &[u8]) -> Self {
        let mut b = Cursor::new(payload, "time stamps");
        let Ok(flags) = b.u8() else { return Self { modified: None, problem: Some(Problem::Short) } };
        let is_long = flags & LONG != 0;
        let each = if is_long { 17 } else { 7 };
        let count = (flags & !LONG).count_ones() as usize;
        let (length, expected) = (payload.len() + 4, 5 + count * each);
        let mut problem = (length != expected).then_some(Problem::Length { length, expected });
        let mut modified = None;
        let mut number = 0;
        for kind in (0..KINDS).map(|bit| 1 << bit).filter(|kind| flags & kind != 0) {
            let date = if is_long { b.array().map(Date::long) } else { b.array().map(Date::short) };
            let Ok(date) = date else { break };
            number += 1;
            if !date.is_sound {
                problem.get_or_insert(Problem::Date(number));
            }
            if kind == MODIFIED {
                modified = date.moment();
            }
        }
        Self { modified, problem }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DAY: [u8; 7] = [101, 2, 3, 4, 5, 6, 0];

    fn seconds(stamps: Stamps) -> Option<i64> {
        stamps.modified.map(|moment| moment.seconds)
    }

    #[test]
    fn the_stamp_of_modification_is_found_by_its_flag() {
        let of = |flags: u8, stamps: &[&[u8]]| Stamps::parse(&[&[flags], stamps.concat().as_slice()].concat());
        let other = [90, 1, 1, 0, 0, 0, 0];
        assert_eq!(seconds(of(0x0E, &[&DAY, &other, &other])), Some(981_173_106));
        assert_eq!(seconds(of(0x03, &[&other, &DAY])), Some(981_173_106));
        assert_eq!(seconds(of(0x01, &[&other])), None);
        assert_eq!(seconds(of(0x82, &[b"2001020304050600\0"])), Some(981_173_106));
        assert_eq!(of(0x03, &[&other, &DAY]).problem, None);
    }

    #[test]
    fn a_stamp_that_is_missing_or_none_is_told() {
        assert_eq!(Stamps::parse(b"").problem, Some(Problem::Short));
        let short = Stamps::parse(&[&[0x0E], DAY.as_slice(), &DAY, &DAY[..6]].concat());
        assert_eq!(short.problem, Some(Problem::Length { length: 25, expected: 26 }));
        assert_eq!(seconds(short), Some(981_173_106));
        let none = Stamps::parse(&[&[0x03], DAY.as_slice(), &[101, 13, 1, 0, 0, 0, 0]].concat());
        assert_eq!((none.problem, none.modified), (Some(Problem::Date(2)), None));
    }

    proptest! {
        #[test]
        fn any_bytes_are_stamps_or_none(payload: Vec<u8>) {
            Stamps::parse(&payload);
        }
    }
}
