//! This module knows when reading a disc is hopeless.

use std::str::FromStr;
use std::time::Duration;

use crate::sector::SectorCount;

/// When reading is hopeless.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum GiveUp {
    /// So many sectors are bad.
    Sectors(SectorCount),
    /// This share of the disc is bad, 0 to 1.
    Share(f64),
    /// Errors have cost so much time.
    Time(Duration),
}

/// Why a text says no such moment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no moment to give up: write sectors (200), a share of the disc (1%), or a time (30m, 90s, 2h)")]
pub struct NotAMoment {
    text: String,
}

impl FromStr for GiveUp {
    type Err = NotAMoment;

    fn from_str(text: &str) -> Result<Self, NotAMoment> {
        let parsed = || {
            if let Some(percent) = text.strip_suffix('%') {
                let percent: f64 = percent.trim().parse().ok()?;
                return (percent > 0.0 && percent <= 100.0).then(|| GiveUp::Share(percent / 100.0));
            }
            for (unit, seconds) in [('s', 1), ('m', 60), ('h', 3600)] {
                if let Some(number) = text.strip_suffix(unit) {
                    let number: u64 = number.trim().parse().ok().filter(|&n| n > 0)?;
                    return number.checked_mul(seconds).map(|s| GiveUp::Time(Duration::from_secs(s)));
                }
            }
            text.parse().ok().filter(|&n| n > 0).map(|n| GiveUp::Sectors(SectorCount(n)))
        };
        parsed().ok_or_else(|| NotAMoment { text: text.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_sectors_a_share_or_a_time() {
        assert_eq!("200".parse(), Ok(GiveUp::Sectors(SectorCount(200))));
        assert_eq!("1%".parse(), Ok(GiveUp::Share(0.01)));
        assert_eq!("30m".parse(), Ok(GiveUp::Time(Duration::from_secs(1800))));
        for wrong in ["", "0", "%", "101%", "-1", "m", "0s", "99999999999999999999h", "NaN%"] {
            assert!(wrong.parse::<GiveUp>().is_err(), "{wrong}");
        }
    }
}
