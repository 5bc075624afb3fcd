//! This module knows how amounts are written for people: decimal units, as drives and media are sold.

use std::time::Duration;

pub use crate::event::grouped;

/// A unit of bytes and how many it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Unit(&'static str, u64);

const UNITS: [Unit; 4] =
    [Unit("TB", 1_000_000_000_000), Unit("GB", 1_000_000_000), Unit("MB", 1_000_000), Unit("kB", 1_000)];

fn unit_for(bytes: u64) -> Unit {
    UNITS.into_iter().find(|u| bytes >= u.1).unwrap_or(Unit("bytes", 1))
}

/// `bytes` in `unit`, with a decimal where the whole has fewer than two digits before the point.
fn in_unit(bytes: u64, unit: Unit, of: u64) -> String {
    let Unit(_, size) = unit;
    if size > 1 && of / size < 10 {
        let tenths = bytes / (size / 10);
        format!("{}.{}", tenths / 10, tenths % 10)
    } else {
        (bytes / size).to_string()
    }
}

/// `650 MB`, `4.7 GB`, `12 bytes`.
pub fn bytes(amount: u64) -> String {
    let unit = unit_for(amount);
    format!("{} {}", in_unit(amount, unit, amount), unit.0)
}

/// `650,000,000 bytes (650 MB)`.
pub fn exactly(amount: u64) -> String {
    let exact = counted(amount, "byte");
    if amount < 1000 { exact } else { format!("{exact} ({})", bytes(amount)) }
}

/// `402/650 MB`; always as wide as when it is done.
pub fn bytes_of(done: u64, total: u64) -> String {
    let unit = unit_for(total);
    let total_text = in_unit(total, unit, total);
    format!("{:>width$}/{total_text} {}", in_unit(done, unit, total), unit.0, width = total_text.len())
}

/// `1 sector`, `12 sectors`.
pub fn counted(number: u64, thing: &str) -> String {
    format!("{} {thing}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// `303 kB/s`, `5.9 MB/s`, ` 26 MB/s`: eight columns.
pub fn rate(bytes_per_second: f64) -> String {
    let mb = bytes_per_second / 1e6;
    if mb < 0.9995 {
        return format!("{:>3.0} kB/s", mb * 1e3);
    }
    if mb < 9.95 { format!("{mb:>3.1} MB/s") } else { format!("{mb:>3.0} MB/s") }
}

/// ` 5.8x`, `38.4x`, ` 120x`: five columns.
pub fn times(multiple: f64) -> String {
    if multiple < 99.95 { format!("{multiple:>4.1}x") } else { format!("{multiple:>4.0}x") }
}

/// A time that is still to pass, coarser the longer it is: `0:42`, `9:35`, `12 min`, `1 h 05`.
pub fn left(duration: Duration) -> String {
    let seconds = duration.as_secs() + u64::from(duration.subsec_millis() >= 500);
    match seconds {
        0..60 => format!("0:{seconds:02}"),
        60..600 => {
            let seconds = seconds / 5 * 5;
            format!("{}:{:02}", seconds / 60, seconds % 60)
        }
        600..3600 => format!("{} min", seconds / 60),
        _ => format!("{} h {:02}", seconds / 3600, seconds % 3600 / 60),
    }
}

/// A time that has passed: `7.3 s`, `3 min 05 s`, `1 h 02 min`.
pub fn took(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..60 => format!("{:.1} s", duration.as_secs_f64()),
        60..3600 => format!("{} min {:02} s", seconds / 60, seconds % 60),
        _ => format!("{} h {:02} min", seconds / 3600, seconds % 3600 / 60),
    }
}

/// A share of one in whole percent, rounded down: 100 only when nothing is missing.
pub fn percent(done: u64, of: u64) -> u64 {
    match of {
        0 => 0,
        _ => u64::try_from(u128::from(done) * 100 / u128::from(of)).unwrap_or(100).min(100),
    }
}

/// `99.8 %`, rounded down, so that 100 means all.
pub fn share(ratio: f64) -> String {
    format!("{:.1} %", (ratio * 1000.0).floor() / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_decimal() {
        let written = [0, 999, 1_000, 12_345, 9_999_999, 650_000_000, 4_700_372_992, 50_050_629_632].map(bytes);
        assert_eq!(written, ["0 bytes", "999 bytes", "1.0 kB", "12 kB", "9.9 MB", "650 MB", "4.7 GB", "50 GB"]);
    }

    #[test]
    fn what_is_done_is_as_wide_as_the_whole() {
        assert_eq!(bytes_of(2_000_000, 650_000_000), "  2/650 MB");
        assert_eq!(bytes_of(1_700_000_000, 4_200_000_000), "1.7/4.2 GB");
        assert_eq!(bytes_of(0, 0), "0/0 bytes");
    }

    #[test]
    fn thousands_are_grouped() {
        assert_eq!([0, 999, 1_000, 1_204_224].map(grouped), ["0", "999", "1,000", "1,204,224"]);
        assert_eq!(counted(1, "sector"), "1 sector");
        assert_eq!(counted(4_000, "sector"), "4,000 sectors");
    }

    #[test]
    fn speeds_keep_their_width() {
        assert_eq!(
            [0.0, 303e3, 5.94e6, 9.96e6, 26e6, 120e6].map(rate),
            ["  0 kB/s", "303 kB/s", "5.9 MB/s", " 10 MB/s", " 26 MB/s", "120 MB/s"]
        );
        assert_eq!([5.84, 38.4, 99.96].map(times), [" 5.8x", "38.4x", " 100x"]);
    }

    #[test]
    fn the_time_left_is_coarser_the_longer_it_is() {
        let written = [0, 42, 63, 577, 750, 3_900].map(|s| left(Duration::from_secs(s)));
        assert_eq!(written, ["0:00", "0:42", "1:00", "9:35", "12 min", "1 h 05"]);
        assert_eq!(left(Duration::from_millis(59_600)), "1:00");
    }

    #[test]
    fn the_time_taken_is_exact_enough() {
        let written = [7_340, 185_000, 3_725_000].map(|ms| took(Duration::from_millis(ms)));
        assert_eq!(written, ["7.3 s", "3 min 05 s", "1 h 02 min"]);
    }

    #[test]
    fn all_but_one_is_not_all() {
        assert_eq!(percent(999, 1_000), 99);
        assert_eq!(percent(1_000, 1_000), 100);
        assert_eq!(percent(0, 0), 0);
        assert_eq!(share(0.9999), "99.9 %");
        assert_eq!(share(1.0), "100.0 %");
    }
}
