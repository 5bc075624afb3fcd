//! This module knows format 20h: where the first layer of a recordable disc with two ends.

use super::{Answer, answer, data};
use crate::bytes::{Composer, Truncated, bit};
use crate::sector::SectorCount;

/// Format 20h, MMC-5 6.23; a host sends the same to settle it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LayerBoundary {
    /// It cannot be changed any more.
    pub settled: bool,
    /// Sectors of user data on layer 0.
    pub layer_0: SectorCount,
}

impl Answer for LayerBoundary {
    fn parse(bytes: &[u8]) -> Result<Self, Truncated> {
        let mut b = data(bytes, "layer boundary")?;
        let [flags, _, _, _] = b.array()?;
        Ok(Self { settled: bit(flags, 7), layer_0: SectorCount(b.be_u32()?) })
    }

    fn emit(&self) -> Vec<u8> {
        let mut out = Composer::new();
        out.u8(u8::from(self.settled) << 7).zeros(3).be_u32(self.layer_0.0);
        answer(&out.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::both_ways::answer_survives;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_new_dvd_plus_r_dl_has_half_of_it_on_layer_0() {
        let golden = [0, 10, 0, 0, 0, 0, 0, 0, 0x00, 0x1F, 0xD8, 0x00];
        let boundary = LayerBoundary::parse(&golden).unwrap();
        assert_eq!(boundary, LayerBoundary { settled: false, layer_0: SectorCount(2_086_912) });
        assert_eq!(boundary.emit(), golden);
        assert!(LayerBoundary::parse(&golden[..11]).is_err());
    }

    #[test]
    fn it_survives_the_wire() {
        answer_survives(
            any::<(bool, u32)>()
                .prop_map(|(settled, sectors)| LayerBoundary { settled, layer_0: SectorCount(sectors) }),
        );
    }
}
