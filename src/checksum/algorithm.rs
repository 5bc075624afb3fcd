//! This module knows which digests there are, what they are called, and what each costs.

use std::fmt;
use std::str::FromStr;

/// A way to compute a digest; in order of strength.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// As in zlib and SFV files. It proves a copy against accident only.
    Crc32,
    Md5,
    Sha1,
    Sha256,
    Sha512,
}

impl Algorithm {
    pub const ALL: [Self; 5] = [Self::Crc32, Self::Md5, Self::Sha1, Self::Sha256, Self::Sha512];

    /// Those of a rip that was told nothing else, the strongest first.
    pub const DEFAULT: [Self; 4] = [Self::Sha256, Self::Sha1, Self::Md5, Self::Crc32];

    /// In lower case, as on the command line, in file endings and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Crc32 => "crc32",
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
        }
    }

    /// Bytes of a digest.
    pub fn digest_bytes(self) -> usize {
        match self {
            Self::Crc32 => 4,
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }

    /// Picoseconds a byte, measured on a processor with SHA instructions; only the ratios matter.
    fn cost_ps(self) -> u32 {
        match self {
            Self::Crc32 => 40,
            Self::Md5 => 1450,
            Self::Sha1 => 710,
            Self::Sha256 => 600,
            Self::Sha512 => 1300,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Why a text names no algorithm.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name:?} is not a digest this program computes: it knows crc32, md5, sha1, sha256 and sha512")]
pub struct UnknownAlgorithm {
    name: String,
}

/// Case and hyphens do not matter: `SHA-256` and `sha256` are the same.
impl FromStr for Algorithm {
    type Err = UnknownAlgorithm;

    fn from_str(text: &str) -> Result<Self, UnknownAlgorithm> {
        let plain: String = text.chars().filter(|c| *c != '-').map(|c| c.to_ascii_lowercase()).collect();
        Self::ALL.into_iter().find(|a| a.name() == plain).ok_or_else(|| UnknownAlgorithm { name: text.to_owned() })
    }
}

/// Divides `algorithms` over at most `threads` threads, so that the slowest of them has as little to do as possible:
/// the dearest goes first, each to whoever has least. Groups are never empty; what is asked for twice is computed once.
pub fn share_out(algorithms: &[Algorithm], threads: usize) -> Vec<Vec<Algorithm>> {
    let mut dearest_first = algorithms.to_vec();
    dearest_first.sort_by_key(|a| (std::cmp::Reverse(a.cost_ps()), *a));
    dearest_first.dedup();
    let count = threads.clamp(1, dearest_first.len().max(1));
    let mut groups: Vec<(u32, Vec<Algorithm>)> = vec![(0, Vec::new()); count];
    for algorithm in dearest_first {
        if let Some((cost, group)) = groups.iter_mut().min_by_key(|(cost, _)| *cost) {
            *cost = cost.saturating_add(algorithm.cost_ps());
            group.push(algorithm);
        }
    }
    groups.into_iter().map(|(_, group)| group).filter(|group| !group.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::Algorithm::{Crc32, Md5, Sha1, Sha256, Sha512};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_go_both_ways_and_case_is_forgiven() {
        for algorithm in Algorithm::ALL {
            assert_eq!(algorithm.to_string().parse(), Ok(algorithm));
        }
        assert_eq!("SHA-512".parse(), Ok(Sha512));
        assert!("sha3".parse::<Algorithm>().is_err());
        assert!("".parse::<Algorithm>().is_err());
    }

    #[test]
    fn two_threads_share_the_usual_four_evenly() {
        assert_eq!(share_out(&Algorithm::DEFAULT, 2), [vec![Md5], vec![Sha1, Sha256, Crc32]]);
    }

    #[test]
    fn one_thread_does_all_and_no_thread_is_still_one() {
        assert_eq!(share_out(&Algorithm::DEFAULT, 1), [vec![Md5, Sha1, Sha256, Crc32]]);
        assert_eq!(share_out(&[Sha1, Sha1], 0), [vec![Sha1]]);
        assert_eq!(share_out(&[], 4), Vec::<Vec<Algorithm>>::new());
    }

    proptest! {
        #[test]
        fn sharing_out_loses_nothing(mask in 0..32_usize, threads in 0..9_usize) {
            let asked: Vec<_> = Algorithm::ALL.into_iter().enumerate().filter(|(i, _)| mask >> i & 1 == 1).map(|(_, a)| a).collect();
            let groups = share_out(&asked, threads);
            prop_assert!(groups.len() <= threads.max(1) && groups.iter().all(|g| !g.is_empty()));
            let mut all = groups.concat();
            all.sort();
            prop_assert_eq!(all, asked);
        }
    }
}
