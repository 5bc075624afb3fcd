//! This module knows what tells one disc from another.

use std::fmt;
use std::str::FromStr;

use super::Drive;
use crate::mmc::Profile;

/// What was seen of a disc that another disc would hardly have. A field that could not be had is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct DiscFingerprint {
    pub(super) profile: Option<u16>,
    pub(super) sectors: Option<u32>,
    /// Of the table of contents, as it came.
    pub(super) toc: Option<u64>,
    /// Of the disc's own description, as it came.
    pub(super) structure: Option<u64>,
    /// Of sector 16, where filesystems keep their names and dates.
    pub(super) descriptor: Option<u64>,
}

impl DiscFingerprint {
    /// Whether both are of one disc, as far as can be told: something is the same, and nothing is different.
    pub fn is_same_disc(&self, other: &Self) -> bool {
        let verdicts = [
            compare(self.profile.map(u64::from), other.profile.map(u64::from)),
            compare(self.sectors.map(u64::from), other.sectors.map(u64::from)),
            compare(self.toc, other.toc),
            compare(self.structure, other.structure),
            compare(self.descriptor, other.descriptor),
        ];
        verdicts.contains(&Some(true)) && !verdicts.contains(&Some(false))
    }

    pub(super) fn of_profile(profile: Option<Profile>) -> Self {
        Self { profile: profile.map(Profile::number), ..Self::default() }
    }
}

fn compare(one: Option<u64>, other: Option<u64>) -> Option<bool> {
    Some(one? == other?)
}

/// FNV-1a, 64 bits: the same on every machine and in every version.
pub(super) fn digest(bytes: &[u8]) -> u64 {
    const OFFSET: u64 = 0xCBF2_9CE4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01B3;
    bytes.iter().fold(OFFSET, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME))
}

/// `profile=0010 sectors=2298496 toc=... structure=... descriptor=...`, in hexadecimal but for the sectors.
impl fmt::Display for DiscFingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = [
            self.profile.map(|n| format!("profile={n:04x}")),
            self.sectors.map(|n| format!("sectors={n}")),
            self.toc.map(|n| format!("toc={n:016x}")),
            self.structure.map(|n| format!("structure={n:016x}")),
            self.descriptor.map(|n| format!("descriptor={n:016x}")),
        ];
        f.write_str(&fields.into_iter().flatten().collect::<Vec<_>>().join(" "))
    }
}

/// A text that is no fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a disc's fingerprint")]
pub struct NotAFingerprint(String);

impl FromStr for DiscFingerprint {
    type Err = NotAFingerprint;

    fn from_str(text: &str) -> Result<Self, NotAFingerprint> {
        let mut found = Self::default();
        for field in text.split_whitespace() {
            let (name, value) = field.split_once('=').ok_or_else(|| NotAFingerprint(text.to_owned()))?;
            let hexadecimal = || u64::from_str_radix(value, 16).ok();
            let known = match name {
                "profile" => u16::from_str_radix(value, 16).ok().map(|n| found.profile = Some(n)),
                "sectors" => value.parse().ok().map(|n| found.sectors = Some(n)),
                "toc" => hexadecimal().map(|n| found.toc = Some(n)),
                "structure" => hexadecimal().map(|n| found.structure = Some(n)),
                "descriptor" => hexadecimal().map(|n| found.descriptor = Some(n)),
                _ => None,
            };
            known.ok_or_else(|| NotAFingerprint(text.to_owned()))?;
        }
        Ok(found)
    }
}

impl Drive {
    /// Of the disc that was examined; empty before.
    pub fn recognise(&self) -> DiscFingerprint {
        self.examined.as_ref().map(|e| e.fingerprint).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn disc() -> DiscFingerprint {
        DiscFingerprint {
            profile: Some(0x10),
            sectors: Some(2_298_496),
            toc: Some(1),
            structure: Some(2),
            descriptor: Some(digest(b"CD001")),
        }
    }

    #[test]
    fn a_field_that_is_missing_tells_no_discs_apart() {
        let blurred = DiscFingerprint { structure: None, descriptor: None, ..disc() };
        assert!(disc().is_same_disc(&blurred));
        assert!(!DiscFingerprint::default().is_same_disc(&disc()));
    }

    #[test]
    fn any_field_that_differs_tells_discs_apart() {
        let others = [
            DiscFingerprint { profile: Some(0x11), ..disc() },
            DiscFingerprint { sectors: Some(1), ..disc() },
            DiscFingerprint { toc: Some(9), ..disc() },
            DiscFingerprint { structure: Some(9), ..disc() },
            DiscFingerprint { descriptor: Some(9), ..disc() },
        ];
        assert!(others.iter().all(|other| !disc().is_same_disc(other)));
    }

    #[test]
    fn the_digest_is_fnv_1a() {
        assert_eq!(digest(b""), 0xCBF2_9CE4_8422_2325);
        assert_eq!(digest(b"a"), 0xAF63_DC4C_8601_EC8C);
    }

    #[test]
    fn other_texts_are_no_fingerprints() {
        for text in ["profile", "profile=xyz", "colour=12"] {
            assert!(text.parse::<DiscFingerprint>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_fingerprint_survives_its_text(
            profile: Option<u16>, sectors: Option<u32>, toc: Option<u64>, structure: Option<u64>, descriptor: Option<u64>
        ) {
            let sent = DiscFingerprint { profile, sectors, toc, structure, descriptor };
            prop_assert_eq!(sent.to_string().parse(), Ok(sent));
        }
    }
}
