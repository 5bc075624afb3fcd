//! This module knows what the words after options mean.

use std::str::FromStr;
use std::time::Duration;

use crate::checksum::Algorithm;
use crate::drive::Speed;
use crate::filesystem::TreeKind;

/// The digests to compute: names with commas between, or `none`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Algorithms(pub Vec<Algorithm>);

/// Why a word after an option cannot be used; the text says what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    #[error("no digest is called {0:?}: write sha256, sha1, md5, crc32, sha512 with commas between, or none")]
    Algorithm(String),
    #[error("no speed: write a multiple (8x), kB/s (10800), or best")]
    Speed,
    #[error("no time in seconds: write a number above 0, as in 5 or 2.5")]
    Seconds,
}

impl FromStr for Algorithms {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        if text == "none" {
            return Ok(Self(Vec::new()));
        }
        let mut algorithms = Vec::new();
        for name in text.split(',').map(str::trim) {
            let algorithm = name.to_ascii_lowercase().parse().map_err(|_| ValueError::Algorithm(name.to_owned()))?;
            if !algorithms.contains(&algorithm) {
                algorithms.push(algorithm);
            }
        }
        Ok(Self(algorithms))
    }
}

/// A speed that was asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SpeedWish {
    Best,
    Times(f64),
    KbS(u32),
}

impl FromStr for SpeedWish {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        if text == "best" {
            return Ok(Self::Best);
        }
        if let Some(multiple) = text.strip_suffix(['x', 'X', '×']) {
            let multiple: f64 = multiple.parse().map_err(|_| ValueError::Speed)?;
            return (multiple > 0.0 && multiple <= 100.0).then_some(Self::Times(multiple)).ok_or(ValueError::Speed);
        }
        text.parse().ok().filter(|kb_s| *kb_s > 0).map(Self::KbS).ok_or(ValueError::Speed)
    }
}

impl From<SpeedWish> for Speed {
    fn from(wish: SpeedWish) -> Self {
        match wish {
            SpeedWish::Best => Speed::Best,
            SpeedWish::Times(times) => Speed::Times(times),
            SpeedWish::KbS(kb_s) => Speed::KbS(kb_s),
        }
    }
}

/// A tree of names; one disc can have several over the same files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum TreeWish {
    Iso,
    Rr,
    Joliet,
    Udf,
}

impl TreeWish {
    pub fn kind(self) -> TreeKind {
        match self {
            Self::Iso => TreeKind::Iso9660,
            Self::Rr => TreeKind::RockRidge,
            Self::Joliet => TreeKind::Joliet,
            Self::Udf => TreeKind::Udf,
        }
    }
}

/// A time in seconds, above zero.
pub fn seconds(text: &str) -> Result<Duration, ValueError> {
    let number: f64 = text.strip_suffix('s').unwrap_or(text).parse().map_err(|_| ValueError::Seconds)?;
    Duration::try_from_secs_f64(number).ok().filter(|d| !d.is_zero()).ok_or(ValueError::Seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_a_list_or_none() {
        assert_eq!("sha256,MD5,md5".parse(), Ok(Algorithms(vec![Algorithm::Sha256, Algorithm::Md5])));
        assert_eq!("none".parse(), Ok(Algorithms(vec![])));
        for wrong in ["", "sha257", "md5,", "none,md5"] {
            assert!(wrong.parse::<Algorithms>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_speed_is_a_multiple_or_kb_s() {
        assert_eq!("8x".parse(), Ok(SpeedWish::Times(8.0)));
        assert_eq!("2.4x".parse(), Ok(SpeedWish::Times(2.4)));
        assert_eq!("10800".parse(), Ok(SpeedWish::KbS(10_800)));
        assert_eq!("best".parse(), Ok(SpeedWish::Best));
        for wrong in ["", "x", "0x", "-4x", "NaNx", "0", "fast", "8 x", "infx"] {
            assert!(wrong.parse::<SpeedWish>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_time_is_above_zero() {
        assert_eq!(seconds("2.5"), Ok(Duration::from_millis(2500)));
        assert_eq!(seconds("7s"), Ok(Duration::from_secs(7)));
        for wrong in ["", "0", "-1", "1e300", "NaN", "m"] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
    }
}
