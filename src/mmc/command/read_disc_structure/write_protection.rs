//! This module knows format C0h: what keeps a disc from being written.

use super::{Answer, answer, data};
use crate::bytes::{Composer, Truncated, bit};

/// Format C0h, MMC-5 6.23.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WriteProtectionStatus {
    /// The drive was told so, until the disc is taken out.
    pub software: bool,
    /// A mark on the disc, which stays.
    pub persistent: bool,
    /// The tab of its cartridge.
    pub cartridge: bool,
    /// Something of this kind of disc.
    pub media_specific: bool,
}

impl Answer for WriteProtectionStatus {
    fn parse(bytes: &[u8]) -> Result<Self, Truncated> {
        let [flags, ..] = data(bytes, "write protection")?.array::<4>()?;
        Ok(Self {
            software: bit(flags, 0),
            persistent: bit(flags, 1),
            cartridge: bit(flags, 2),
            media_specific: bit(flags, 3),
        })
    }

    fn emit(&self) -> Vec<u8> {
        let flags = [self.software, self.persistent, self.cartridge, self.media_specific];
        let flags = (0_u8..).zip(flags).fold(0, |all, (place, flag)| all | u8::from(flag) << place);
        let mut out = Composer::new();
        out.u8(flags).zeros(3);
        answer(&out.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::both_ways::answer_survives;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_tab_and_a_mark_have_their_bits() {
        let golden = [0, 6, 0, 0, 0x06, 0, 0, 0];
        let told = WriteProtectionStatus { persistent: true, cartridge: true, ..WriteProtectionStatus::default() };
        assert_eq!(WriteProtectionStatus::parse(&golden), Ok(told));
        assert_eq!(told.emit(), golden);
        assert!(WriteProtectionStatus::parse(&golden[..7]).is_err());
    }

    #[test]
    fn it_survives_the_wire() {
        answer_survives(any::<[bool; 4]>().prop_map(|[software, persistent, cartridge, media_specific]| {
            WriteProtectionStatus { software, persistent, cartridge, media_specific }
        }));
    }
}
