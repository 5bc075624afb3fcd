//! This module knows DVD format 01h: whether sectors are scrambled, and where the disc may be played.

use super::{Answer, answer, data};
use crate::bytes::Truncated;

/// DVD format 01h, MMC-5 6.23.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copyright {
    pub system: CopyrightSystem,
    /// A bit a region, set where playing is forbidden; bit 0 is region 1.
    pub forbidden_regions: Option<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CopyrightSystem {
    None,
    /// Or CPPM.
    Css,
    Cprm,
    /// Of HD DVD.
    Aacs,
    Other(u8),
}

impl CopyrightSystem {
    fn from_number(number: u8) -> Self {
        match number {
            0 => CopyrightSystem::None,
            1 => CopyrightSystem::Css,
            2 => CopyrightSystem::Cprm,
            3 => CopyrightSystem::Aacs,
            other => CopyrightSystem::Other(other),
        }
    }

    pub fn number(self) -> u8 {
        match self {
            CopyrightSystem::None => 0,
            CopyrightSystem::Css => 1,
            CopyrightSystem::Cprm => 2,
            CopyrightSystem::Aacs => 3,
            CopyrightSystem::Other(number) => number,
        }
    }
}

impl Answer for Copyright {
    fn parse(bytes: &[u8]) -> Result<Self, Truncated> {
        let mut b = data(bytes, "DVD copyright")?;
        Ok(Self { system: CopyrightSystem::from_number(b.u8()?), forbidden_regions: b.u8().ok() })
    }

    fn emit(&self) -> Vec<u8> {
        answer(&[self.system.number(), self.forbidden_regions.unwrap_or(0), 0, 0])
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::both_ways::answer_survives;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_css_disc_for_region_2_forbids_the_others() {
        let golden = [0, 6, 0, 0, 1, 0xFD, 0, 0];
        let copyright = Copyright { system: CopyrightSystem::Css, forbidden_regions: Some(0xFD) };
        assert_eq!(Copyright::parse(&golden), Ok(copyright));
        assert_eq!(copyright.emit(), golden);
        assert_eq!(Copyright::parse(&golden[..5]).unwrap().forbidden_regions, None);
        assert!(Copyright::parse(&golden[..4]).is_err());
    }

    #[test]
    fn it_survives_the_wire() {
        answer_survives(any::<(u8, u8)>().prop_map(|(system, regions)| Copyright {
            system: CopyrightSystem::from_number(system),
            forbidden_regions: Some(regions),
        }));
    }
}
