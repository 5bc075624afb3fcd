//! This module knows BD format 00h: the disc information, repeated for layers and writing strategies.

use super::{Answer, answer, data};
use crate::bytes::{Composer, Cursor, Truncated, bits};
use crate::mmc::text::name;

/// BD format 00h, MMC-5 6.23: units until one is no unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BdDiscInformation {
    pub units: Vec<BdUnit>,
}

/// One unit: 64 bytes on BD-ROM, 112 on BD-R and BD-RE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BdUnit {
    pub format: u8,
    /// 0 to 7: the layer that it is about.
    pub layer: u8,
    pub sequence: u8,
    /// Bytes of the unit in use.
    pub used: u8,
    /// `BDO` pressed, `BDU` pressed UHD, `BDR` recordable, `BDW` rewritable.
    pub identifier: [u8; 3],
    /// Size of the disc, class and version.
    pub class: u8,
    /// 0 to 15: of the disc.
    pub layers: u8,
    /// The last sector for user data: on recordable discs capacity, not content.
    pub last_user_psn: Option<u32>,
    /// An address unit is 8 sectors on BD-R and BD-RE.
    pub first_aun: Option<u32>,
    pub last_aun: Option<u32>,
    /// Recordable discs only.
    pub maker: Option<BdMaker>,
}

/// Who made a recordable disc: the last bytes of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BdMaker {
    pub maker: [u8; 6],
    pub media_type: [u8; 3],
    pub time_stamp: u16,
    pub revision: u8,
}

impl BdUnit {
    pub const PRESSED: [u8; 3] = *b"BDO";
    pub const PRESSED_UHD: [u8; 3] = *b"BDU";
    pub const RECORDABLE: [u8; 3] = *b"BDR";
    pub const REWRITABLE: [u8; 3] = *b"BDW";
    const MARK: [u8; 2] = *b"DI";
    const MAKER_OFFSET: usize = 100;

    /// It can be written, or could be once.
    pub fn is_recordable(&self) -> bool {
        [Self::RECORDABLE, Self::REWRITABLE].contains(&self.identifier)
    }

    /// Maker and type, as in `VERBAT-IMe`; what is no printable ASCII has become `?`.
    pub fn media_id(&self) -> Option<String> {
        let maker = self.maker?;
        Some(format!("{}-{}", name(&maker.maker), name(&maker.media_type)))
    }

    fn bytes(identifier: [u8; 3]) -> usize {
        if [Self::RECORDABLE, Self::REWRITABLE].contains(&identifier) { 112 } else { 64 }
    }

    /// Reads a unit, and the padding behind it.
    fn parse(b: &mut Cursor<'_>) -> Result<Option<Self>, Truncated> {
        let [m0, m1, format, layer, _, sequence, used, _, i0, i1, i2, class, layers] = b.clone().array()?;
        if [m0, m1] != Self::MARK {
            return Ok(None);
        }
        let identifier = [i0, i1, i2];
        let length = Self::bytes(identifier).min(b.rest().len());
        let mut b = b.sub(length)?;
        let number = |from: usize| {
            let mut b = b.clone();
            b.skip(from).and_then(|()| b.be_u32()).ok()
        };
        let (last_user_psn, first_aun, last_aun) = (number(20), number(24), number(28));
        let maker = b.skip(Self::MAKER_OFFSET).and_then(|()| BdMaker::parse(&mut b)).ok();
        Ok(Some(Self {
            format,
            layer: bits(layer, 2, 0),
            sequence,
            used,
            identifier,
            class,
            layers: bits(layers, 7, 4),
            last_user_psn,
            first_aun,
            last_aun,
            maker,
        }))
    }

    fn emit(&self, out: &mut Composer) {
        let start = out.len();
        out.bytes(&Self::MARK).u8(self.format).u8(bits(self.layer, 2, 0)).u8(0).u8(self.sequence).u8(self.used).u8(0);
        out.bytes(&self.identifier).u8(self.class).u8(bits(self.layers, 3, 0) << 4).zeros(7);
        for number in [self.last_user_psn, self.first_aun, self.last_aun] {
            out.be_u32(number.unwrap_or(0));
        }
        if let Some(maker) = self.maker.filter(|_| self.is_recordable()) {
            out.pad_to(start.saturating_add(Self::MAKER_OFFSET));
            out.bytes(&maker.maker).bytes(&maker.media_type).be_u16(maker.time_stamp).u8(maker.revision);
        }
        out.pad_to(start.saturating_add(Self::bytes(self.identifier)));
    }
}

impl BdMaker {
    fn parse(b: &mut Cursor<'_>) -> Result<Self, Truncated> {
        Ok(Self { maker: b.array()?, media_type: b.array()?, time_stamp: b.be_u16()?, revision: b.u8()? })
    }
}

impl Answer for BdDiscInformation {
    fn parse(bytes: &[u8]) -> Result<Self, Truncated> {
        let mut b = data(bytes, "BD disc information")?;
        let mut units = Vec::new();
        while let Ok(Some(unit)) = BdUnit::parse(&mut b) {
            units.push(unit);
        }
        Ok(Self { units })
    }

    fn emit(&self) -> Vec<u8> {
        let mut out = Composer::new();
        for unit in &self.units {
            unit.emit(&mut out);
        }
        answer(&out.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::both_ways::answer_survives;
    use super::*;
    use proptest::prelude::*;

    /// A single-layer BD-R.
    fn golden() -> Vec<u8> {
        let mut bytes = vec![0, 114, 0, 0];
        bytes.extend(*b"DI\x01\x00\x08\x00\x61\x00BDR\x01");
        bytes.extend([0x10, 0, 0, 0, 0, 0, 0, 0, 0x00, 0xCA, 0x73, 0xFE]);
        bytes.extend([0, 2, 0, 0, 0x00, 0x19, 0x4E, 0x7E]);
        bytes.resize(4 + 100, 0);
        bytes.extend(*b"VERBATIMe\x12\x34\x00");
        bytes
    }

    #[test]
    fn a_recordable_disc_names_its_maker_and_its_units() {
        let information = BdDiscInformation::parse(&golden()).unwrap();
        assert_eq!(information.units.len(), 1);
        let unit = &information.units[0];
        assert!(unit.is_recordable());
        assert_eq!((unit.layers, unit.used), (1, 97));
        assert_eq!((unit.first_aun, unit.last_aun), (Some(131_072), Some(1_658_494)));
        assert_eq!(unit.media_id().as_deref(), Some("VERBAT-IMe"));
    }

    #[test]
    fn a_pressed_disc_has_units_of_64_bytes_and_no_maker() {
        let unit = |layer: u8| {
            let mut bytes = b"DI\x01".to_vec();
            bytes.extend([layer, 0, layer, 0x20, 0]);
            bytes.extend(*b"BDO\x11\x20");
            bytes.resize(64, 0);
            bytes
        };
        let mut bytes = vec![0, 130, 0, 0];
        bytes.extend([unit(0), unit(1)].concat());
        let information = BdDiscInformation::parse(&bytes).unwrap();
        let layers: Vec<_> = information.units.iter().map(|unit| (unit.layer, unit.layers)).collect();
        assert_eq!(layers, [(0, 2), (1, 2)]);
        assert_eq!(information.units[0].media_id(), None);
        assert_eq!(information.emit(), bytes);
    }

    #[test]
    fn the_padding_holds_no_units() {
        let mut bytes = golden();
        bytes.resize(4100, 0);
        bytes[..2].copy_from_slice(&[0x10, 2]);
        assert_eq!(BdDiscInformation::parse(&bytes).unwrap().units.len(), 1);
    }

    #[test]
    fn a_unit_that_was_cut_has_no_maker() {
        let cut = BdDiscInformation::parse(&golden()[..34]).unwrap();
        assert_eq!((cut.units[0].first_aun, cut.units[0].last_aun), (Some(131_072), None));
        assert_eq!(cut.units[0].maker, None);
        assert_eq!(BdDiscInformation::parse(&golden()[..16]).unwrap().units, []);
        assert!(BdDiscInformation::parse(&golden()[..3]).is_err());
    }

    fn any_unit() -> impl Strategy<Value = BdUnit> {
        let identifier = prop_oneof![Just(BdUnit::RECORDABLE), Just(BdUnit::REWRITABLE), Just(BdUnit::PRESSED)];
        let maker = any::<([u8; 6], [u8; 3], u16, u8)>()
            .prop_map(|(maker, media_type, time_stamp, revision)| BdMaker { maker, media_type, time_stamp, revision });
        (any::<[u8; 4]>(), 0..8_u8, 0..16_u8, identifier, any::<[u32; 3]>(), maker).prop_map(
            |(bytes, layer, layers, identifier, numbers, maker)| BdUnit {
                format: bytes[0],
                layer,
                sequence: bytes[1],
                used: bytes[2],
                identifier,
                class: bytes[3],
                layers,
                last_user_psn: Some(numbers[0]),
                first_aun: Some(numbers[1]),
                last_aun: Some(numbers[2]),
                maker: Some(maker).filter(|_| identifier != BdUnit::PRESSED),
            },
        )
    }

    #[test]
    fn it_survives_the_wire() {
        let units = proptest::collection::vec(any_unit(), 0..8);
        answer_survives(units.prop_map(|units| BdDiscInformation { units }));
    }
}
