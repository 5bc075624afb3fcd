//! This module knows moments, as every filesystem here keeps them in its own way.

/// A moment, without the zone it was recorded in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    /// Since 1970-01-01T00:00:00Z; before it, negative.
    pub seconds: i64,
    pub nanoseconds: u32,
}

/// A moment as people write it. Fields out of their range make no [`Timestamp`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calendar {
    pub year: i32,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    pub hour: u8,
    pub minute: u8,
    /// 60 is a leap second, and counted as 59.
    pub second: u8,
    pub nanosecond: u32,
    /// East of Greenwich.
    pub offset_minutes: i32,
}

const DAY_SECONDS: i64 = 86_400;

impl Calendar {
    /// Whether there is such a day and time of day.
    #[inline]
    pub fn is_possible(&self) -> bool {
        (1..=12).contains(&self.month)
            && self.day >= 1
            && (self.day <= 28 || self.day <= days_in_month(self.year, self.month))
            && self.hour < 24
            && self.minute < 60
            && self.second <= 60
            && self.nanosecond < 1_000_000_000
    }

    /// `None` where there is no such day or time of day.
    #[inline]
    pub fn timestamp(&self) -> Option<Timestamp> {
        if !self.is_possible() {
            return None;
        }
        let second = i64::from(self.second.min(59));
        let in_day = i64::from(self.hour) * 3600 + i64::from(self.minute) * 60 + second;
        let days = days_since_1970(self.year, self.month, self.day);
        let seconds = days * DAY_SECONDS + in_day - i64::from(self.offset_minutes) * 60;
        Some(Timestamp { seconds, nanoseconds: self.nanosecond })
    }
}

impl Timestamp {
    /// The moment in UTC.
    pub fn calendar(&self) -> Calendar {
        let days = self.seconds.div_euclid(DAY_SECONDS);
        let in_day = self.seconds.rem_euclid(DAY_SECONDS);
        let (year, month, day) = date_of(days);
        let part = |value: i64| u8::try_from(value).unwrap_or(0);
        Calendar {
            year,
            month,
            day,
            hour: part(in_day / 3600),
            minute: part(in_day / 60 % 60),
            second: part(in_day % 60),
            nanosecond: self.nanoseconds,
            offset_minutes: 0,
        }
    }
}

/// RFC 3339, in UTC and whole seconds.
impl std::fmt::Display for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let c = self.calendar();
        write!(f, "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", c.year, c.month, c.day, c.hour, c.minute, c.second)
    }
}

fn is_leap_year(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in_month(year: i32, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap_year(year) => 29,
        2 => 28,
        _ => 31,
    }
}

/// By the proleptic Gregorian calendar, counting years from March so that the leap day is the last.
#[inline]
fn days_since_1970(year: i32, month: u8, day: u8) -> i64 {
    let month = i64::from(month);
    let year = i64::from(year) - i64::from(month <= 2);
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn date_of(days: i64) -> (i32, u8, u8) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (i32::try_from(year).unwrap_or(i32::MAX), u8::try_from(month).unwrap_or(1), u8::try_from(day).unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(year: i32, month: u8, day: u8, hour: u8, offset_minutes: i32) -> Calendar {
        Calendar { year, month, day, hour, minute: 0, second: 0, nanosecond: 0, offset_minutes }
    }

    #[test]
    fn moments_that_everyone_knows() {
        let seconds = |c: Calendar| c.timestamp().map(|t| t.seconds);
        assert_eq!(seconds(at(1970, 1, 1, 0, 0)), Some(0));
        assert_eq!(seconds(at(1970, 1, 1, 1, 60)), Some(0));
        assert_eq!(seconds(at(2000, 2, 29, 12, 0)), Some(951_825_600));
        assert_eq!(seconds(at(1969, 12, 31, 23, 0)), Some(-3600));
        for impossible in [at(2001, 2, 29, 0, 0), at(2000, 0, 1, 0, 0), at(2000, 13, 1, 0, 0), at(2000, 1, 1, 24, 0)] {
            assert_eq!(seconds(impossible), None);
        }
        assert_eq!(Timestamp { seconds: 951_825_600, nanoseconds: 0 }.to_string(), "2000-02-29T12:00:00Z");
    }

    proptest! {
        #[test]
        fn a_moment_comes_back(seconds in -99_999_999_999_i64..99_999_999_999) {
            let moment = Timestamp { seconds, nanoseconds: 5 };
            prop_assert_eq!(moment.calendar().timestamp(), Some(moment));
        }
    }
}
