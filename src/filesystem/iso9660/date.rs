//! This module knows the two ways in which ISO 9660 writes a moment.

use crate::bytes::{Cursor, Truncated};
use crate::filesystem::timestamp::{Calendar, Timestamp};

/// A recorded moment, as far as it is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::filesystem) struct Date {
    /// `None` where it was left out, or is no moment. Of most dates nobody asks for more than whether they are sound.
    calendar: Option<Calendar>,
    /// Whether it is a possible one, or was left out as the standard wants it.
    pub is_sound: bool,
}

/// Quarters of an hour; east of Greenwich is positive.
const ZONES: std::ops::RangeInclusive<i8> = -48..=52;
const LEFT_OUT: Date = Date { calendar: None, is_sound: true };
const IMPOSSIBLE: Date = Date { calendar: None, is_sound: false };

impl Date {
    /// ECMA-119, 9.1.5: seven bytes, of directory records and Rock Ridge; all zero where it was left out.
    #[inline]
    pub fn short(bytes: [u8; 7]) -> Self {
        let [years, month, day, hour, minute, second, zone] = bytes;
        if bytes == [0; 7] {
            return LEFT_OUT;
        }
        let year = 1900 + i32::from(years);
        Self::new(Calendar { year, month, day, hour, minute, second, nanosecond: 0, offset_minutes: 0 }, zone)
    }

    /// ECMA-119, 8.4.26.1: sixteen digits and a zone, of descriptors; only digits zero where it was left out.
    pub fn long(bytes: [u8; 17]) -> Self {
        if bytes == *b"0000000000000000\0" {
            return LEFT_OUT;
        }
        Self::digits(bytes).ok().flatten().unwrap_or(IMPOSSIBLE)
    }

    fn digits(bytes: [u8; 17]) -> Result<Option<Self>, Truncated> {
        let mut b = Cursor::new(&bytes, "date");
        let mut number = |digits| {
            let digits = b.take(digits)?;
            let value = digits
                .iter()
                .try_fold(0_u16, |value, digit| digit.is_ascii_digit().then(|| value * 10 + u16::from(digit - b'0')));
            Ok(value)
        };
        let year = number(4)?;
        let [month, day, hour, minute, second, hundredths] =
            [number(2)?, number(2)?, number(2)?, number(2)?, number(2)?, number(2)?]
                .map(|value| value.and_then(|value| u8::try_from(value).ok()));
        let (Some(year), Some(month), Some(day), Some(hour), Some(minute), Some(second)) =
            (year, month, day, hour, minute, second)
        else {
            return Ok(None);
        };
        let nanosecond = u32::from(hundredths.unwrap_or(0)) * 10_000_000;
        let calendar = Calendar { year: year.into(), month, day, hour, minute, second, nanosecond, offset_minutes: 0 };
        let date = Self::new(calendar, b.u8()?);
        Ok(Some(Self { is_sound: date.is_sound && hundredths.is_some(), ..date }))
    }

    /// A zone that there is not is taken for that of Greenwich.
    #[inline]
    fn new(calendar: Calendar, zone: u8) -> Self {
        let zone = i8::from_le_bytes([zone]);
        let is_zone = ZONES.contains(&zone);
        let offset_minutes = if is_zone { i32::from(zone) * 15 } else { 0 };
        let calendar = Some(Calendar { offset_minutes, ..calendar }).filter(Calendar::is_possible);
        Self { calendar, is_sound: is_zone && calendar.is_some() }
    }

    /// `None` where it was left out, or is no moment.
    #[inline]
    pub fn moment(&self) -> Option<Timestamp> {
        self.calendar?.timestamp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seconds(date: Date) -> Option<i64> {
        date.moment().map(|moment| moment.seconds)
    }

    #[test]
    fn both_forms_name_the_same_moment() {
        let short = Date::short([101, 2, 3, 4, 5, 6, 4]);
        let long = Date::long(*b"2001020304050600\x04");
        assert_eq!(short, long);
        assert_eq!((seconds(short), short.is_sound), (Some(981_173_106 - 3600), true));
        assert_eq!(seconds(Date::short([101, 2, 3, 4, 5, 6, 0xFC])), Some(981_173_106 + 3600));
        assert_eq!(Date::long(*b"2001020304050678\0").moment().map(|moment| moment.nanoseconds), Some(780_000_000));
    }

    #[test]
    fn a_date_may_be_left_out() {
        assert_eq!(Date::short([0; 7]), LEFT_OUT);
        assert_eq!(Date::long(*b"0000000000000000\0"), LEFT_OUT);
        assert_eq!(Date::long([0; 17]), IMPOSSIBLE);
    }

    #[test]
    fn what_is_no_date_is_told_and_no_more() {
        assert_eq!(Date::short([0xA5; 7]), IMPOSSIBLE);
        assert_eq!(
            Date::long(*b"20010203040506\0\0\0"),
            Date { is_sound: false, ..Date::long(*b"2001020304050600\0") }
        );
        let nowhere = Date::short([101, 2, 3, 4, 5, 6, 50]);
        assert_eq!((seconds(nowhere), nowhere.is_sound), (Some(981_173_106 + 50 * -900), true));
        let nowhere = Date::short([101, 2, 3, 4, 5, 6, 100]);
        assert_eq!((seconds(nowhere), nowhere.is_sound), (Some(981_173_106), false));
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_date_or_none(short: [u8; 7], long: [u8; 17]) {
            Date::short(short);
            Date::long(long);
        }
    }
}
