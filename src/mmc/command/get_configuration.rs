//! This module knows GET CONFIGURATION: the current profile, and what the drive can do.

use super::{
    Answer, Command,
    length::{after_u32_length, u32_counted},
};
use crate::bytes::{Composer, Cursor, Truncated, bits};
use crate::mmc::Profile;
use crate::mmc::feature::{Feature, FeatureData};
use crate::scsi::Cdb;

/// GET CONFIGURATION (46h), MMC-5 6.6.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GetConfiguration {
    pub which: Which,
    /// The first feature wanted, by its code.
    pub from: u16,
    /// Bytes.
    pub allocation: u16,
}

/// Which features are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// All, current or not.
    All,
    /// Those that are current.
    Current,
    /// The first one only.
    One,
    Reserved,
}

impl Command for GetConfiguration {
    const OPCODE: u8 = 0x46;

    fn cdb(&self) -> Cdb {
        let which = match self.which {
            Which::All => 0,
            Which::Current => 1,
            Which::One => 2,
            Which::Reserved => 3,
        };
        let ([f0, f1], [a0, a1]) = (self.from.to_be_bytes(), self.allocation.to_be_bytes());
        Cdb::new([Self::OPCODE, which, f0, f1, 0, 0, 0, a0, a1, 0])
    }

    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        let &[Self::OPCODE, which, f0, f1, _, _, _, a0, a1, _] = cdb.as_bytes() else { return None };
        let which = match bits(which, 1, 0) {
            0 => Which::All,
            1 => Which::Current,
            2 => Which::One,
            _ => Which::Reserved,
        };
        Some(Self { which, from: u16::from_be_bytes([f0, f1]), allocation: u16::from_be_bytes([a0, a1]) })
    }
}

/// The answer to GET CONFIGURATION, MMC-5 6.6.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Configuration {
    pub profile: Profile,
    /// In ascending order of their codes. The last of an answer that was cut may lack data.
    pub features: Vec<Feature>,
}

impl Configuration {
    pub fn feature(&self, code: u16) -> Option<&Feature> {
        self.features.iter().find(|feature| feature.code == code)
    }

    /// The meaning of a feature, current or not.
    pub fn read<D: FeatureData>(&self) -> Option<D> {
        self.feature(D::CODE)?.read()
    }

    /// The bytes that the whole answer has, as its head tells; more than came where the allocation was too small.
    pub fn told_bytes(answer: &[u8]) -> Option<u64> {
        Cursor::new(answer, "GET CONFIGURATION").be_u32().ok().map(|length| u64::from(length) + 4)
    }
}

impl Answer for Configuration {
    fn parse(bytes: &[u8]) -> Result<Self, Truncated> {
        let mut b = u32_counted(bytes, "GET CONFIGURATION")?;
        b.skip(2)?;
        let profile = Profile::from_number(b.be_u16()?);
        let mut features = Vec::new();
        while let Ok(feature) = Feature::parse(&mut b) {
            features.push(feature);
        }
        Ok(Self { profile, features })
    }

    fn emit(&self) -> Vec<u8> {
        let mut out = Composer::new();
        out.be_u16(0).be_u16(self.profile.number());
        for feature in &self.features {
            feature.emit(&mut out);
        }
        after_u32_length(&out.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::super::both_ways::{answer_survives, command_survives};
    use super::*;
    use crate::mmc::feature::{RandomReadable, code};
    use proptest::prelude::*;

    const GOLDEN: [u8; 28] = [
        0, 0, 0, 24, 0, 0, 0, 0x10, // DVD-ROM
        0x00, 0x03, 0x0B, 0x04, 0x39, 0, 0, 0, // version 2, persistent, current
        0x00, 0x10, 0x01, 0x08, 0, 0, 8, 0, 0, 16, 1, 0,
    ];

    #[test]
    fn a_drive_with_a_dvd_reads_blocks_of_sixteen() {
        let configuration = Configuration::parse(&GOLDEN).unwrap();
        assert_eq!(configuration.profile, Profile::DvdRom);
        let tray = configuration.feature(code::REMOVABLE_MEDIUM).unwrap();
        assert_eq!((tray.version, tray.persistent, tray.current), (2, true, true));
        assert_eq!(configuration.read::<RandomReadable>().map(|r| r.blocking), Some(16));
        assert_eq!(configuration.feature(code::AACS), None);
        assert_eq!(configuration.emit(), GOLDEN);
    }

    #[test]
    fn a_cut_answer_tells_how_long_it_would_be() {
        assert_eq!(Configuration::told_bytes(&GOLDEN[..8]), Some(28));
        let cut = Configuration::parse(&GOLDEN[..24]).unwrap();
        assert_eq!((cut.features.len(), cut.read::<RandomReadable>()), (2, None));
        assert!(Configuration::parse(&GOLDEN[..7]).is_err());
    }

    #[test]
    fn it_survives_the_wire() {
        let all = GetConfiguration { which: Which::All, from: 0, allocation: 8 };
        assert_eq!(all.cdb().as_bytes(), [0x46, 0, 0, 0, 0, 0, 0, 0, 8, 0]);
        let which = prop_oneof![Just(Which::All), Just(Which::Current), Just(Which::One), Just(Which::Reserved)];
        command_survives((which, any::<u16>(), any::<u16>()).prop_map(|(which, from, allocation)| GetConfiguration {
            which,
            from,
            allocation,
        }));
        let data = proptest::collection::vec(any::<u8>(), 0..=255);
        let feature = (any::<u16>(), 0..16_u8, any::<bool>(), any::<bool>(), data).prop_map(
            |(code, version, persistent, current, data)| Feature { code, version, persistent, current, data },
        );
        let features = proptest::collection::vec(feature, 0..12);
        answer_survives(
            (any::<u16>(), features)
                .prop_map(|(profile, features)| Configuration { profile: Profile::from_number(profile), features }),
        );
    }
}
